"""The whole workflow with a random tiny model: the same code as the paper's run, in seconds."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import polars as pl
import pytest

from tests import tiny
from tests.conftest import snakemake_command
from tests.reference import differences

TABLES = ["table1", "table1_contrasts", "table1_lists", "table2", "planted_demo_a", "ledger"]
TABLES += ["table3", "table3_contrasts", "table3_ceiling", "table4", "table9", "table9_accuracy"]
TABLES += ["sources"]


def read_tables(workdir: Path) -> dict[str, str]:
    return {name: (workdir / f"results/tables/{name}.csv").read_text() for name in TABLES}


@pytest.fixture(scope="module")
def world(tmp_path_factory, tiny_model, snakemake) -> tuple[Path, Path]:
    """A finished run: working directory and configuration."""
    workdir = tmp_path_factory.mktemp("run")
    settings = tiny.overlay(tiny_model, **tiny.bilingual())
    config = tiny.write_config(workdir / "tiny.yaml", settings)
    snakemake(workdir, config, "all")
    return workdir, config


def job_counts(text: str) -> dict[str, int]:
    return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", text, re.MULTILINE)}


def test_every_table_and_figure_is_made(world):
    workdir, _ = world
    more = ["table1_ceiling", "table1_decoding", "table10", "planted_demo_zh", "norms"]
    more += ["table5", "table6_tests", "table12_contrasts", "table13", "humans_demo_a"]
    for name in [*TABLES, *more]:
        for ending in ("csv", "md", "tex"):
            assert (workdir / f"results/tables/{name}.{ending}").stat().st_size > 0
    attributes = (f"fig{number}" for number in range(4, 10))
    for name in ("precision", "training", "ppo", "fig1", *attributes):
        for ending in ("pdf", "svg", "png", "csv"):
            assert (workdir / f"results/figures/{name}.{ending}").stat().st_size > 0


def test_tables_that_need_no_model_are_those_of_the_reference(tmp_path, tiny_model, snakemake):
    config = tiny.write_config(tmp_path / "tiny.yaml", tiny.overlay(tiny_model))
    names = ("ledger", "norms", "humans_demo_a", "survey_questions")
    snakemake(tmp_path, config, *(f"results/tables/{name}.csv" for name in names))
    tables = tmp_path / "results/tables"
    assert differences(tables / "ledger.csv", 0) == differences(tables / "norms.csv", 0) == []
    human = {"reading", "cues", "measure", "mean", "n_cues"}  # intervals have other resamples
    assert differences(tables / "humans_demo_a.csv", 1e-9, human) == []
    asked = {"question", "options", "valid_USA", "valid_CHN", "js", "emd", "topic"}
    assert differences(tables / "survey_questions.csv", 1e-9, asked) == []


def test_a_second_run_does_nothing(world, snakemake):
    assert "Nothing to be done" in snakemake(*world, "all").stdout


def test_the_report_stands_alone_and_names_what_it_shows(world):
    page = (world[0] / "results/report/index.html").read_text(encoding="utf-8")
    assert "<svg" in page and "Synthetic data" in page
    assert not re.search(r"<(link|img)\b|<script[^>]*\bsrc", page)
    assert str(Path.home()) not in page and str(world[0]) not in page


def test_no_result_names_a_folder_of_this_machine(world):
    workdir, _ = world
    for path in (workdir / "results").rglob("*.json*"):
        if "/base/" not in str(path):
            assert str(workdir) not in path.read_text(encoding="utf-8"), path


def test_a_finished_training_leaves_no_checkpoint(world):
    assert list((world[0] / "results/models").rglob("adapter_model.safetensors"))
    assert not list((world[0] / "scratch").rglob("checkpoint-*"))


def test_the_run_tells_what_its_data_files_are(world):
    workdir, _ = world
    for job in ("prepare_responses/demo_a", "prepare_survey", "prepare_norms/en"):
        told = (workdir / f"logs/{job}.log").read_text()
        assert "results/demo/" in told and "SHA-256" in told


def test_the_ledger_balances_and_the_filter_had_work(world):
    for culture in ("demo_a", "demo_zh"):
        accounts = json.loads((world[0] / f"results/data/{culture}/ledger.json").read_text())
        for account in accounts:
            gone, more = sum(account["dropped"].values()), sum(account["added"].values())
            assert account["read"] + more == account["kept"] + gone
    trials = json.loads((world[0] / "results/data/demo_a/ledger.json").read_text())[0]
    assert trials["dropped"]["other country"] > 0
    assert trials["dropped"]["other native language"] > 0
    assert trials["dropped"]["repeated trial"] > 0


def test_humans_have_attributes_on_every_test_cue_and_norms_are_accounted_for(world):
    tables = world[0] / "results/tables"
    table5 = pl.read_csv(tables / "table5.csv", infer_schema_length=None)
    human = table5.filter(method="human", measure="valence").row(0, named=True)
    splits = pl.read_parquet(world[0] / "results/data/demo_a/splits.parquet")
    assert human["n_cues"] == len(splits.filter(split="test"))
    assert human["low"] < human["mean"] < human["high"]
    zero = {"constant", "shuffled", "frequent", "backward"}  # lists without a model
    assert set(table5["method"]) - zero == {"human", "vanilla", "sft", "sft-shuffled", "ppo"}
    norms = pl.read_csv(tables / "norms.csv", infer_schema_length=None)
    dropped = ["no word", "no number", "outside the scale", "repeated word"]
    total = norms.select(pl.sum_horizontal("kept", *dropped)).to_series()
    assert norms["read"].to_list() == total.to_list() and len(norms) == 6


def test_no_cue_is_in_two_splits_and_targets_are_the_most_frequent(world):
    data = world[0] / "results/data/demo_a"
    splits = dict(pl.read_parquet(data / "splits.parquet").iter_rows())
    ranked = pl.read_parquet(data / "associations.parquet").sort("cue", "rank")
    train = [json.loads(line) for line in (data / "sft/train.jsonl").open(encoding="utf-8")]
    assert {splits[entry["cue"]] for entry in train} == {"train"}
    for entry in train[:5]:
        human = ranked.filter(pl.col("cue") == entry["cue"])["response"].to_list()
        assert entry["words"] == human[: entry["n_words"]]
        assert entry["lower"] <= entry["n_words"] <= entry["upper"]


def test_the_control_has_the_same_lists_under_other_cues(world):
    data = world[0] / "results/data/demo_a"
    rows = [json.loads(line) for line in (data / "sft-shuffled/train.jsonl").open(encoding="utf-8")]
    assert all(row["cue"] != row["list_of"] for row in rows)
    assert {row["cue"] for row in rows} == {row["list_of"] for row in rows}


def test_equal_seeds_give_identical_tables_and_another_seed_another_adapter(
    world, tmp_path, tiny_model, snakemake
):
    workdir, _ = world
    run = {"cultures": ["demo_a"], "methods": ["sft"], "seeds": [0, 7]}
    settings = tiny.overlay(tiny_model, run=run)
    config = tiny.write_config(tmp_path / "tiny.yaml", settings)
    snakemake(tmp_path, config, "results/tables/table1.csv")
    arm = "results/scores/tiny/demo_a-sft-seed0/precision.demo_a.complex.distinct.parquet"
    assert pl.read_parquet(tmp_path / arm).equals(pl.read_parquet(workdir / arm))
    folder = "results/models/tiny/demo_a/sft"
    weights = "adapter/adapter_model.safetensors"
    same = [(root / folder / "seed0" / weights).read_bytes() for root in (tmp_path, workdir)]
    assert same[0] == same[1]
    assert (tmp_path / folder / "seed7" / weights).read_bytes() != same[0]
    table = pl.read_csv(tmp_path / "results/tables/table1.csv")
    assert set(table.filter(pl.col("method") == "sft")["n_seeds"]) == {2}
    assert table.filter(pl.col("method") == "sft")["seed_sd"].null_count() == 0


@pytest.mark.parametrize(
    ("method", "rule", "resumed"),
    [("sft", "train_sft", "resumed_from_step"), ("ppo", "train_ppo", "resumed_from_update")],
)
def test_a_killed_training_continues_and_ends_like_an_uninterrupted_one(
    method, rule, resumed, world, tmp_path, tiny_model, snakemake
):
    workdir, _ = world
    config = tiny.write_config(tmp_path / "tiny.yaml", tiny.overlay(tiny_model))
    target = f"results/models/tiny/demo_a/{method}/seed0/training.parquet"
    command = snakemake_command(tmp_path, config, target)
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    scratch = tmp_path / f"scratch/{rule}/tiny/demo_a/{method}/seed0"
    while not list(scratch.glob("checkpoint-*/complete.json")):
        assert process.poll() is None, "training ended before it could be killed"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / target).exists()
    snakemake(tmp_path, config, "--unlock")
    snakemake(tmp_path, config, target)
    provenance = Path(target).parent / "adapter/provenance.json"
    assert json.loads((tmp_path / provenance).read_text())["run"][resumed] > 0
    assert pl.read_parquet(tmp_path / target).equals(pl.read_parquet(workdir / target))


# Official headers of Rioplatense Spanish and Dutch, the former with its missing tokens.
TRIALS = {
    "es": (
        "participantID,age,nativeLanguage,country,cue,R1,R2,R3",
        "{n},30,Uruguay Rioplatense,Uruguay,señal{cue},árbol{a},No más respuestas,mar{b}",
    ),
    "nl": ("ctr;recodedPP_ID;cue;asso1;asso2;asso3", "{n};{n};reëel{cue};huis{a};boom{b};NA"),
}
PROMPTS = {
    "es": "Nombra de [LOWER BOUND SIZE] a [UPPER BOUND SIZE] palabras para: {cue}",
    "nl": "Noem [LOWER BOUND SIZE] tot [UPPER BOUND SIZE] woorden bij: {cue}",
}


def test_cultures_in_spanish_and_dutch_are_config_only(tmp_path, tiny_model, snakemake):
    for language, (header, row) in TRIALS.items():
        rows = [row.format(n=n, cue=n % 30, a=n % 7, b=n % 5) for n in range(300)]
        text = "\n".join([header, *rows, ""])
        (tmp_path / f"{language}.csv").write_text(text, encoding="utf-8")
        (tmp_path / f"{language}.txt").write_text(PROMPTS[language], encoding="utf-8")
    settings = tiny.overlay(
        tiny_model,
        run={"cultures": [*TRIALS], "methods": ["sft", "sft-shuffled"]},
        languages={
            name: {"system": "S", "prompts": {"complex": f"{name}.txt"}, "separator": ", "}
            for name in TRIALS
        },
        cultures={
            name: {"label": name.upper(), "language": name, "swow": f"{name}.csv"}
            for name in TRIALS
        },
    )
    config = tiny.write_config(tmp_path / "own.yaml", settings)
    snakemake(tmp_path, config, "generation_es", "generation_nl")
    for name in TRIALS:
        table = (tmp_path / f"results/tables/generation_{name}.md").read_text(encoding="utf-8")
        assert "SFT, shuffled cues" in table and name.upper() in table
        ledger = json.loads((tmp_path / f"results/data/{name}/ledger.json").read_text())
        assert ledger[1]["dropped"]["missing token"] == 300
        targets = (tmp_path / f"results/data/{name}/sft/train.jsonl").read_text(encoding="utf-8")
        assert "respuestas" not in targets
    assert "árbol" in (tmp_path / "results/data/es/sft/train.jsonl").read_text(encoding="utf-8")
    source = json.loads((tmp_path / "results/data/es/source.json").read_text(encoding="utf-8"))
    assert source["release"] == "SWOW-RP complete"
    assert all(" the official file has over " in odd for odd in source["odd"])


BAD_INPUT = {
    "missing column": ("id,participantID,cue,R1,R2\n1,1,dog,cat,bone\n", "no column 'R3'"),
    "empty file": ("", "the file is empty"),
    "wrong encoding": (
        b"id,participantID,cue,R1,R2,R3\n1,1,caf\x81\x20,a,b,c\n",
        "line 2 is not UTF-8",
    ),
    "nobody left": (
        "participantID,country,nativeLanguage,cue,R1,R2,R3\n1,Chile,Chile,dog,a,b,c\n",
        "has no response after the filter",
    ),
    "too few cues": (
        "participantID,country,nativeLanguage,cue,R1,R2,R3\n1,Country A,English,dog,a,b,c\n",
        "leave the split",
    ),
}


@pytest.mark.parametrize("fault", BAD_INPUT)
def test_bad_input_ends_in_one_sentence_and_writes_nothing(fault, tmp_path, tiny_model, snakemake):
    content, sentence = BAD_INPUT[fault]
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "bad.csv").write_bytes(data)
    settings = tiny.overlay(
        tiny_model, run={"cultures": ["demo_a"]}, cultures={"demo_a": {"swow": "bad.csv"}}
    )
    config = tiny.write_config(tmp_path / "bad.yaml", settings)
    target = "results/data/demo_a/splits.parquet"
    printed = snakemake(tmp_path, config, target, ok=False).stdout
    message = next(line for line in printed.splitlines() if line.startswith("Error: "))
    assert sentence in message
    assert "Traceback" not in printed
    left = [path for path in (tmp_path / "results").rglob("*") if path.name.startswith(".partial")]
    assert not left and not (tmp_path / target).exists()


def test_a_model_folder_without_weights_is_refused_in_a_sentence(tmp_path, tiny_model, snakemake):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_bytes((tiny_model / "config.json").read_bytes())
    config = tiny.write_config(tmp_path / "c.yaml", tiny.overlay(folder))
    target = "results/samples/tiny/vanilla/associations.demo_a.complex.distinct.jsonl"
    printed = snakemake(tmp_path, config, target, ok=False).stdout
    assert "no weights (*.safetensors)" in printed
    assert "Traceback" not in printed


def rerun(snakemake, root: Path, workdir: Path, config: Path) -> dict[str, int]:
    command = snakemake_command(workdir, config, "-n", "all")
    command[command.index("--snakefile") + 1] = str(root / "Snakefile")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return job_counts(done.stdout + done.stderr)


def test_an_edit_reruns_what_depends_on_it_and_a_touch_nothing(tmp_path, tiny_model, snakemake):
    root = tiny.copy_of_repository(tmp_path / "repository")
    workdir = tmp_path / "work"
    workdir.mkdir()
    one_arm = {"cultures": ["demo_a"], "methods": ["sft"]}
    settings = tiny.overlay(tiny_model, run=one_arm, ranking=None, survey=None, norms=None)
    config = tiny.write_config(tmp_path / "tiny.yaml", settings)
    command = snakemake_command(workdir, config, "all")
    command[command.index("--snakefile") + 1] = str(root / "Snakefile")
    subprocess.run(command, check=True, capture_output=True)

    for path in [*root.rglob("*.py"), *root.rglob("*.smk"), *root.rglob("*.yaml")]:
        path.touch()
    assert rerun(snakemake, root, workdir, config) == {}

    figure = root / "workflow/scripts/draw_fig1.py"
    original = figure.read_text(encoding="utf-8")
    figure.write_text(original + "\n# another color\n", encoding="utf-8")
    assert set(rerun(snakemake, root, workdir, config)) == {
        "draw_fig1", "write_report", "all", "total",
    }  # fmt: skip
    figure.write_text(original, encoding="utf-8")

    metric = root / "src/culturalign/scores/precision.py"
    metric.write_text(metric.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    jobs = set(rerun(snakemake, root, workdir, config))
    assert {"score_precision", "score_references", "tabulate_generation"} <= jobs
    assert not jobs & {"train_sft", "generate_associations", "prepare_responses", "unpack_model"}


def test_the_report_of_snakemake_can_be_written(world):
    workdir, config = world
    command = snakemake_command(workdir, config, "--report", str(workdir / "snakemake.html"))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (workdir / "snakemake.html").stat().st_size > 0
