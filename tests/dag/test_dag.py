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
    assert counts["train_ppo"] == 2
    # prompts x cultures x (vanilla + methods + SFT of the other culture)
    assert counts["generate_associations"] == 2 * 2 * (1 + 3 + 1)
    assert counts["unpack_model"] == 1


def test_training_comes_before_answers_that_are_ready_at_the_same_time(snakemake, tmp_path):
    printed = snakemake(tmp_path, None, "-n", "--quiet", "reason").stdout
    jobs = [job.partition(":") for job in printed.split("\nrule ")[1:]]
    assert {rule for rule, _, job in jobs if "priority: 1\n" in job} == {"train_sft", "train_ppo"}


def test_seeds_multiply_trained_arms_but_not_the_vanilla_model(snakemake, tmp_path):
    config = tiny.write_config(tmp_path / "c.yaml", {"run": {"seeds": [0, 1, 2]}})
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["train_sft"] == 2 * 2 * 3
    assert counts["generate_associations"] == 2 * 2 * (1 + (3 + 1) * 3)


@pytest.mark.parametrize(
    ("ppo", "needed"),
    [
        ({}, {"make_rankings": 1}),
        ({"start": "sft"}, {"make_rankings": 1, "train_sft": 1, "make_sft_examples": 1}),
        ({"task": "association"}, {"make_sft_examples": 1}),
    ],
)
def test_ppo_gets_the_data_of_its_task_and_the_adapter_it_starts_from(
    snakemake, tmp_path, ppo, needed
):
    config = tiny.write_config(tmp_path / "c.yaml", {"methods": {"ppo": ppo}})
    target = "results/models/smollm2/demo_a/ppo/seed0/training.parquet"
    counts = dry_run(snakemake, tmp_path, config, target)
    optional = ("make_rankings", "train_sft", "make_sft_examples")
    assert {rule: counts[rule] for rule in optional if rule in counts} == needed
    assert counts["train_ppo"] == 1


def test_native_ppo_has_the_environment_of_what_writes_its_responses(snakemake, tmp_path):
    copy = tiny.copy_of_repository(tmp_path / "copy")
    asked = """
from snakemake.iocontainers import Wildcards
for name in GRID.arms.native_methods:
    chosen = Wildcards(fromdict={"method": name})
    print(name, workflow.get_rule("train_ppo").expand_conda_env(chosen).file)
"""
    with (copy / "Snakefile").open("a", encoding="utf-8") as file:
        file.write(asked)
    methods = {"plain": {"kind": "ppo"}, "fast": {"kind": "ppo", "rollouts": "vllm"}}
    config = tiny.write_config(tmp_path / "c.yaml", {"methods": methods})
    arguments = ("-n", "--snakefile", str(copy / "Snakefile"))
    printed = snakemake(tmp_path, config, *arguments).stdout
    found = dict(re.findall(r"^(plain|fast) .*?(\w+)\.yaml", printed, re.MULTILINE))
    assert found == {"plain": "train", "fast": "vllm"}


def test_the_curves_of_sft_and_of_ppo_are_apart(snakemake, tmp_path):
    assert "train_ppo" not in dry_run(snakemake, tmp_path, None, "training")
    assert "train_sft" not in dry_run(snakemake, tmp_path, None, "ppo")


TARGETS = ["table1", "table2", "table3", "table4", "table7", "table8", "table9", "table10"]
TARGETS += ["table11", "table14", "tables", "figures", "training", "ppo"]
TARGETS += ["table5", "table6", "table12", "table13", "humans_demo_a", "norms"]
TARGETS += [f"fig{number}" for number in range(4, 10)]
TARGETS += ["fig1", "fig2", "fig3", "fig10", "fig11", "fig12", "fig13"]


def test_every_named_target_of_the_default_can_be_built(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path, None, *TARGETS)
    assert {target: counts[target] for target in TARGETS} == dict.fromkeys(TARGETS, 1)


def test_figure_1_needs_no_model(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path, None, "fig1")
    assert not {"train_sft", "generate_associations", "unpack_model"} & set(counts)


def test_every_arm_answers_the_survey_in_the_language_of_its_culture(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path)
    assert counts["answer_survey"] == 1 + 2 * 3  # vanilla in one language, cultures x methods
    assert counts["prepare_survey"] == counts["choose_labels"] == 1
    counts = dry_run(snakemake, tmp_path, tiny.write_config(tmp_path / "c.yaml", tiny.bilingual()))
    assert counts["answer_survey"] == 2 * (1 + 3)  # languages x (vanilla + methods)


def test_a_run_of_one_pole_has_its_part_of_the_survey(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("run: {cultures: [demo_a]}\n", encoding="utf-8")
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["answer_survey"] == 1 + 3
    assert counts["tabulate_tension"] == 1
    assert counts["draw_leanings"] == 2  # plain and debiased
    assert "tabulate_examples" not in counts and "draw_topics" not in counts


def test_plain_tables_and_figures_have_debiased_companions(snakemake, tmp_path):
    """A target builds both; with one order there is nothing to average."""
    for target, rule in (("table8", "tabulate_examples"), ("fig3", "draw_leanings")):
        assert dry_run(snakemake, tmp_path, None, target)[rule] == 2
    pairs = {"tabulate_religion": 2, "draw_thresholds": 4, "draw_leanings": 4, "draw_topics": 4}
    counts = dry_run(snakemake, tmp_path)
    assert {rule: counts[rule] for rule in pairs} == pairs
    config = tmp_path / "c.yaml"
    config.write_text("survey: {orders: 1}\n", encoding="utf-8")
    counts = dry_run(snakemake, tmp_path, config)
    assert {rule: counts[rule] * 2 for rule in pairs} == pairs


def test_every_arm_ranks_the_words_of_its_culture_and_vanilla_answers_questions(
    snakemake, tmp_path
):
    counts = dry_run(snakemake, tmp_path)
    assert 2 * counts["generate_rankings"] == counts["generate_associations"]  # two prompts
    assert counts["make_rankings"] == counts["tabulate_rankings"] == 2
    assert counts["answer_mcq"] == 2  # cultures; ranking.mcq is vanilla
    config = tmp_path / "c.yaml"
    config.write_text("ranking: {mcq: all}\n", encoding="utf-8")
    swapped = 2  # they choose for their own culture alone
    choosing = dry_run(snakemake, tmp_path, config)["answer_mcq"]
    assert choosing == counts["generate_rankings"] - swapped


def test_a_run_without_the_ranking_task_has_none_of_its_jobs(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("{ranking: null, run: {methods: [sft]}}\n", encoding="utf-8")
    counts = dry_run(snakemake, tmp_path, config, "results/tables/claims.csv")
    assert not [rule for rule in counts if "ranking" in rule or "mcq" in rule]


def test_a_run_without_a_survey_has_none_of_its_jobs(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("survey: null\n", encoding="utf-8")
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["train_sft"] == 2 * 2
    assert not [rule for rule in counts if "survey" in rule or "tension" in rule]


def test_a_run_without_norms_has_none_of_their_jobs_nor_their_lists(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("norms: null\n", encoding="utf-8")
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["generate_associations"] == 2 * (1 + 3 + 1)  # the simple prompt is theirs alone
    assert not [rule for rule in counts if "norms" in rule or "attributes" in rule]


def test_missing_norms_leave_their_tables_but_not_their_work(snakemake, tmp_path):
    """Mandarin norms are not there: its tables say so, and no list is made for them."""
    overlay = {
        "norms": {
            "files": {
                "zh": [
                    {"file": "nowhere.csv", "word": "W",
                     "attributes": {"valence": {"column": "V", "span": [-3, 3]}}}
                ]
            }
        }
    }  # fmt: skip
    config = tiny.write_config(tmp_path / "c.yaml", tiny.bilingual() | overlay)
    counts = dry_run(snakemake, tmp_path, config)
    assert counts["score_attributes"] == 2 * (1 + 3)  # prompts x arms of one culture
    assert counts["tabulate_attributes"] == 2 * 2 and counts["draw_attributes"] == 6
    assert counts["generate_associations"] == 3 * (1 + 3)
    found = dry_run(snakemake, tmp_path, config, "table13")
    assert "train_sft" not in found and "generate_associations" not in found


def test_another_attribute_is_a_figure_and_a_row_of_the_same_tables(snakemake, tmp_path):
    column = {"column": "A.Mean.Sum", "span": [9, 1]}
    files = [{"file": "results/demo/Ratings_demo.csv", "word": "Word",
              "attributes": {"arousal": column}}]  # fmt: skip
    config = tmp_path / "c.yaml"
    config.write_text(yaml.safe_dump({"norms": {"files": {"en": files, "zh": files}}}))
    printed = snakemake(tmp_path, config, "--list").stdout
    assert "fig6" in printed and "fig9" in printed and "fig5" not in printed


def with_licensed_files(workdir: Path) -> Path:
    """A working directory that holds (empty) licensed files."""
    for name in (
        "swow/SWOW-EN.complete.csv",
        "swow/SWOW-EN.R100.csv",
        "swow/strength.SWOW-EN.R123.csv",
        "swow/SWOW-ZH_raw.csv",
        "swow/SWOW-ZH_R55.csv",
        "wvs/WVS_Cross-National_Wave_7_csv_v6_0.csv",
        "wvs/questionnaire.en.csv",
        "wvs/questionnaire.zh.csv",
    ):
        path = workdir / "resources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return workdir


def test_the_paper_as_run_is_two_models_three_data_sets_and_three_methods(snakemake, tmp_path):
    counts = dry_run(snakemake, with_licensed_files(tmp_path), ROOT / "config/paper.yaml")
    assert counts["prepare_strengths"] == 1  # tables 1 and 3; the others have participants
    assert counts["prepare_responses"] == counts["count_associations"] == 2
    assert counts["train_sft"] == counts["merge_adapter"] == 2 * 3
    assert counts["train_ppo_openrlhf"] == 2 * 3 * 2  # from the vanilla model, and from SFT
    assert "train_ppo" not in counts and "simulate_dialogues" not in counts
    assert "make_demo_world" not in counts and "unpack_model" not in counts
    # of tables 1 and 2; without norm files no lists for attributes
    assert counts["generate_associations"] == 2 * 3 * (1 + 3)
    assert counts["generate_rankings"] == 2 * 3 * (1 + 3) and counts["answer_mcq"] == 2 * 3


def test_the_paper_as_written_is_two_cultures_and_two_methods(snakemake, tmp_path):
    counts = job_counts(protocol_jobs(snakemake, with_licensed_files(tmp_path), "written", "all"))
    assert counts["train_sft"] == counts["train_ppo_openrlhf"] == 2 * 2
    assert "merge_adapter" not in counts


def test_the_sound_protocol_adds_controls_lora_ppo_and_role_play(snakemake, tmp_path):
    counts = job_counts(protocol_jobs(snakemake, with_licensed_files(tmp_path), "sound", "all"))
    assert counts["train_sft"] == 2 * 2 * 4  # two of them of kind clca
    assert counts["simulate_dialogues"] == counts["filter_dialogues"] == 2
    assert "make_demo_world" not in counts
    assert "unpack_model" not in counts  # nothing of the demo is inherited
    assert counts["train_ppo_openrlhf"] == 2 * 2 * 2 and counts["train_ppo"] == 2 * 2
    swapped = 6  # all but vanilla, the control, and two prompts
    assert counts["generate_associations"] == 2 * 2 * (1 + 9 + swapped)
    # The 70B baselines answer the survey in two languages, and nothing else.
    assert counts["answer_survey"] == 2 * 2 * (1 + 9 + swapped) + 2 * 2
    assert counts["generate_rankings"] == 2 * 2 * (1 + 9 + swapped)
    assert counts["answer_mcq"] == 2 * 2 * (1 + 9)


def jobs_of(snakemake, workdir: Path, target: str, *more: Path) -> str:
    """What a dry run prints about the jobs behind a target of the paper's configuration."""
    return snakemake(workdir, ROOT / "config/paper.yaml", "-n", target, more=more).stdout


def protocol_jobs(snakemake, workdir: Path, name: str, target: str) -> str:
    """The same under a protocol that overlays the paper's."""
    return jobs_of(snakemake, workdir, target, ROOT / f"config/{name}.yaml")


def test_an_arm_trained_in_full_answers_with_its_own_weights(snakemake, tmp_path):
    workdir = with_licensed_files(tmp_path)
    for answers in ("survey.en.parquet", "rankings.us.jsonl"):
        printed = jobs_of(snakemake, workdir, f"results/samples/llama/us-ppo-seed0/{answers}")
        assert "results/models/llama/us/ppo/seed0/weights" in printed
        assert "seed0/adapter" not in printed and "merge_adapter" not in printed
        assert re.search(r"resources: .*gpu=4", printed)
        assert "openrlhf/reward_func.py" in printed and "rewards/ranking_reward.py" in printed
    native = "results/samples/llama/us-ppo-native-seed0/survey.en.parquet"
    printed = protocol_jobs(snakemake, workdir, "sound", native)
    assert "ppo-native/seed0/adapter" in printed and "weights" not in printed


def test_full_training_that_starts_from_sft_starts_from_merged_weights(snakemake, tmp_path):
    config = tmp_path / "start.yaml"
    config.write_text("methods: {ppo: {start: sft}}\n", encoding="utf-8")
    workdir = with_licensed_files(tmp_path)
    target = "results/samples/llama/us-ppo-seed0/survey.en.parquet"
    counts = job_counts(jobs_of(snakemake, workdir, target, config))
    assert counts["merge_adapter"] == counts["train_sft"] == counts["train_ppo_openrlhf"] == 1


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


def test_a_missing_prompt_is_named_before_any_job(snakemake, tmp_path):
    prompts = {"languages": {"en": {"prompts": {"complex": "own.txt"}}}}
    config = tiny.write_config(tmp_path / "own.yaml", prompts)
    printed = snakemake(tmp_path, config, "-n", ok=False).stdout
    assert "languages.en.prompts.complex: no such file: own.txt; put it there" in printed
    assert "MissingInputException" not in printed and "Traceback" not in printed


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
        "errors", "persona_samples", "loaded_arm", "sft_job", "grid", "gguf_weights",
        "engine",  # in test_hf_engine and tests/vllm
        "prefix_cache",  # in test_option_scoring
        "token_scores", "experience", "learner", "ppo_checkpoint", "ppo_task",  # with PPO's others
        "halves", "label_scores", "text_files", "wvs_file", "country_comparison",  # with users
        "swow_columns", "swow_losses", "swow_script", "prepared",  # in test_swow_languages
        "option_numbering",  # in test_option_text
        "json_lists", "word_glosses",  # in test_answer_markup
        "strength_rows",  # in test_strengths
        "stored_tables",  # in test_every_form
        "validated_yaml",  # in test_yaml_file
        "columns", "option_samples", "survey_data", "survey_scores", "training_logs", "word_data",
        "word_norms", "word_scores",  # definitions, in test_artifact_page
        "association_claims", "data_claims", "value_claims", "shift_claims", "cases",
        "cells",  # in test_paper_claims
        "checking",  # in test_claims_table
        "headline_cases",  # in test_headlines
        "first_answer",  # in test_page
        "label_mass",  # in test_tension_table and test_value_tables
        "sft_plan",  # in test_costs
        "__main__",  # make plan, in tests/dag
        "prompts", "chat", "materials",  # of CLCA, in test_pipeline
    }  # fmt: skip
    package = ROOT / "src/culturalign"
    for folder in [path.parent for path in package.rglob("__init__.py")]:
        room = folder.relative_to(package)
        if room.as_posix() == "config":  # in test_config and its relatives
            continue
        modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
        tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests/unit" / room).glob("*")}
        assert modules - tests <= elsewhere, room


def test_configuration_files_name_what_they_overlay():
    for path in (ROOT / "config").glob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=")


def test_swapped_arms_are_asked_about_the_other_culture_without_a_new_training(snakemake, tmp_path):
    demo = tiny.write_config(tmp_path / "demo.yaml", tiny.bilingual())
    plain = dry_run(snakemake, tmp_path, demo)
    swapped = tiny.bilingual() | {"evaluation": {"swapped": True}}
    config = tiny.write_config(tmp_path / "c.yaml", swapped)
    counts = dry_run(snakemake, tmp_path, config)
    for rule in ("train_sft", "train_ppo", "answer_mcq", "unpack_model"):
        assert counts[rule] == plain[rule], rule
    # two methods that are no control, for the other culture: two prompts, one survey, one ranking
    assert counts["generate_associations"] == plain["generate_associations"] + 2 * 2 * 2
    assert counts["answer_survey"] == plain["answer_survey"] + 2 * 2
    assert counts["generate_rankings"] == plain["generate_rankings"] + 2 * 2


def test_a_local_model_without_a_system_role_is_refused_before_it_is_trained(snakemake, tmp_path):
    model = tiny.save_model_without_system_role(tmp_path / "model")
    config = tiny.write_config(tmp_path / "c.yaml", tiny.overlay(model))
    adapter = "results/models/tiny/demo_a/sft/seed0/adapter"
    assert dry_run(snakemake, tmp_path, config, adapter)["fetch_model"] == 1
    access = "results/models/tiny/access.json"
    refused = snakemake(tmp_path, config, access, ok=False).stdout
    assert "set system_in_user: true under this model" in refused
    settings = {"models": {"tiny": {"system_in_user": True}}}
    config = tiny.write_config(tmp_path / "c.yaml", tiny.overlay(model, **settings))
    snakemake(tmp_path, config, access)
    settings["models"]["tiny"] |= {"max_sequences": 8, "engine": "vllm"}  # change no training
    config = tiny.write_config(tmp_path / "c.yaml", tiny.overlay(model, **settings))
    assert "fetch_model" not in dry_run(snakemake, tmp_path, config, adapter)
