"""Dry runs: which jobs, which targets, which errors, what re-runs."""

import re
from pathlib import Path

import pytest
import yaml

from tests import tiny

ROOT = tiny.ROOT


def job_counts(text: str) -> dict[str, int]:
    """The 'Job stats' table as {rule: jobs}; empty if nothing is to be done."""
    return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", text, re.MULTILINE)}


def dry_run(
    snakemake, workdir: Path, config: Path | None = None, *arguments: str
) -> dict[str, int]:
    return job_counts(snakemake(workdir, config, "-n", *arguments).stdout)


def test_the_default_trains_each_method_once_a_culture(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path)
    assert counts["train_sft"] == 2 * 2  # cultures x methods
    assert counts["generate_associations"] == 2 * (1 + 2)  # cultures x (vanilla + methods)
    assert counts["unpack_model"] == 1


def test_seeds_multiply_trained_arms_but_not_the_vanilla_model(snakemake, tmp_path):
    config = tiny.write_config(tmp_path / "c.yaml", {"run": {"seeds": [0, 1, 2]}})
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["train_sft"] == 2 * 2 * 3
    assert counts["generate_associations"] == 2 * (1 + 2 * 3)


TARGETS = ["table1", "table2", "table7", "table8", "table10", "table14", "tables", "figures"]
TARGETS += ["fig1", "fig2", "fig3", "fig10", "fig11", "fig12", "fig13"]


@pytest.mark.parametrize("target", TARGETS)
def test_every_named_target_of_the_default_can_be_built(snakemake, tmp_path, target):
    assert dry_run(snakemake, tmp_path, None, target)["total"] >= 2


def test_figure_1_needs_no_model(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path, None, "fig1")
    assert not {"train_sft", "generate_associations", "unpack_model"} & set(counts)


def test_every_arm_answers_the_survey_in_the_language_of_its_culture(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path)
    assert counts["answer_survey"] == 2 * (1 + 2)  # languages x (vanilla + methods)
    assert counts["prepare_survey"] == counts["choose_labels"] == 1


def test_a_run_of_one_pole_has_its_part_of_the_survey(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("run: {cultures: [demo_us]}\n", encoding="utf-8")
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["answer_survey"] == 1 + 2
    assert counts["tabulate_tension"] == counts["draw_leanings"] == 1
    assert "tabulate_examples" not in counts and "draw_topics" not in counts


def test_a_run_without_a_survey_has_none_of_its_jobs(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("survey: null\n", encoding="utf-8")
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["train_sft"] == 2 * 2
    assert not [rule for rule in counts if "survey" in rule or "tension" in rule]


def with_licensed_files(workdir: Path) -> Path:
    """A working directory that holds (empty) licensed files."""
    for name in (
        "swow/SWOW-EN.complete.csv",
        "swow/SWOW-ZH_raw.csv",
        "wvs/WVS_Cross-National_Wave_7_csv_v6_0.csv",
        "wvs/questionnaire.en.csv",
        "wvs/questionnaire.zh.csv",
    ):
        path = workdir / "resources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return workdir


def test_the_paper_is_two_models_two_cultures_and_a_control(snakemake, tmp_path):
    counts = dry_run(snakemake, with_licensed_files(tmp_path), ROOT / "config/paper.yaml")
    assert counts["train_sft"] == 2 * 2 * 2
    assert "make_demo_world" not in counts
    assert "unpack_model" not in counts  # nothing of the demo is inherited


def test_table_11_is_built_from_the_paper_configuration(snakemake, tmp_path):
    counts = dry_run(
        snakemake, with_licensed_files(tmp_path), ROOT / "config/paper.yaml", "table11"
    )
    assert counts == {"table11": 1, "tabulate_hyperparameters": 1, "total": 2}


def test_all_missing_files_are_named_at_once_without_a_traceback(snakemake, tmp_path):
    moved = {
        "cultures": {"us": {"swow": "nowhere/en.csv"}, "cn": {"swow": "nowhere/zh.csv"}},
        "survey": {"file": "nowhere/w.csv", "questionnaires": {"zh": "nowhere/q.csv"}},
    }
    config = tmp_path / "moved.yaml"
    config.write_text(yaml.safe_dump(moved), encoding="utf-8")
    paper = ROOT / "config/paper.yaml"
    printed = snakemake(tmp_path, paper, "-n", ok=False, more=[config]).stdout
    for path, key in (
        ("nowhere/en.csv", "cultures.us.swow"),
        ("nowhere/zh.csv", "cultures.cn.swow"),
        ("nowhere/w.csv", "survey.file"),
        ("nowhere/q.csv", "survey.questionnaires.zh"),
    ):
        assert f"  missing  {path} ({key})\n" in printed
    assert printed.count("Missing files, so that nothing was run:") == 1
    assert "docs/data.md" in printed
    assert "Traceback" not in printed


def test_files_of_the_repository_are_found_from_another_working_directory(snakemake, tmp_path):
    assert dry_run(snakemake, tmp_path)["total"] > 1
    printed = snakemake(tmp_path, None, "-n", "results/data/survey/labels.json").stdout
    assert "resources/prompts/en/survey.txt" in printed


def test_a_wrong_configuration_is_refused_with_all_its_faults(snakemake, tmp_path):
    wrong = {
        "run": {"models": ["smolm2"]},
        "data": {"split": {"train": 0.9}},
        "methods": {"sft": {"learnin_rate": 0.1, "global_batch": 9}},
    }
    config = tiny.write_config(tmp_path / "wrong.yaml", wrong)
    printed = snakemake(tmp_path, config, "-n", ok=False).stdout
    assert "4 to correct; nothing was run" in printed
    assert "wrong.yaml:2: data.split: train + validation + test must be 1, not 1.2" in printed
    assert "did you mean learning_rate?" in printed
    assert "global_batch (9) must be a multiple" in printed
    assert "did you mean smollm2?" in printed
    assert "Traceback" not in printed


def test_with_two_configuration_files_the_right_one_is_blamed(snakemake, tmp_path):
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text("run:\n  seeds: [0]\n", encoding="utf-8")
    second.write_text("run:\n  seeds: [0]\n  methods: [nothing]\n", encoding="utf-8")
    printed = snakemake(tmp_path, first, "-n", ok=False, more=[second]).stdout
    assert "second.yaml:3: run.methods: methods does not define 'nothing'" in printed


def test_every_rule_with_a_script_has_the_script_of_its_name_and_a_log():
    text = "\n".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    rules = re.findall(r'^rule (\w+):\n    """(.+?)"""(.*?)(?=^rule |\Z)', text, re.M | re.S)
    scripts = {path.stem for path in (ROOT / "workflow/scripts").glob("*.py")}
    assert {name for name, _, _ in rules} == scripts
    for name, _, body in rules:
        assert f'"../scripts/{name}.py"' in body
        assert f'code=code("{name}")' in body, name
        assert "log:" in body and "conda:" in body, name


def test_every_rule_is_described_on_the_page_of_stages():
    page = (ROOT / "docs/stages.md").read_text(encoding="utf-8")
    for path in (ROOT / "workflow/scripts").glob("*.py"):
        assert f"`{path.stem}`" in page, path.stem


def test_every_module_has_a_unit_test():
    elsewhere = {  # run by the smoke test, on real jobs
        "errors", "generation_job", "sft_job", "models", "checkpoints", "prefix", "encoding",
    }  # fmt: skip
    for part in ("", "survey"):
        modules = {path.stem for path in (ROOT / "src/culturalign" / part).glob("*.py")}
        tests = (ROOT / "tests/unit" / part).glob("test_*.py")
        tested = {path.stem.removeprefix("test_") for path in tests}
        assert modules - tested <= elsewhere | {"__init__"}


def test_configuration_files_name_what_they_overlay():
    for path in (ROOT / "config").glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=")
