"""Published weights as arms: they answer as the weights do where they come from."""

import json
import shutil

from tests import tiny

LISTS = "results/samples/{model}/{arm}/associations.demo_a.complex.distinct.jsonl"


def answers(workdir, model, arm):
    file = workdir / LISTS.format(model=model, arm=arm)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {row["cue"]: row["text"] for row in rows}


def test_published_weights_answer_like_the_arm_or_model_they_are(tmp_path, tiny_model, snakemake):
    other = tiny.build_model(seed=7)
    other.save_pretrained(tmp_path / "other")
    tiny.build_tokenizer().save_pretrained(tmp_path / "other")
    workdir = tmp_path / "run"
    workdir.mkdir()
    one = {"models": ["tiny", "other"], "cultures": ["demo_a"], "methods": ["sft"]}
    label = {"label": "Other", "source": str(tmp_path / "other"), "precision": "fp32"}
    changes = {"models": {"other": {**label, "train": False}}, "evaluation": {"resamples": 200}}
    config = tiny.write_config(tmp_path / "a.yaml", tiny.overlay(tiny_model, run=one, **changes))
    trained = "results/models/tiny/demo_a/sft/seed0/adapter"
    snakemake(workdir, config, trained, LISTS.format(model="tiny", arm="demo_a-sft-seed0"))

    shutil.copytree(workdir / trained, tmp_path / "adapter")
    sources = {"adapter": tmp_path / "adapter", "full": tmp_path / "other"}
    methods = {
        name: {
            "kind": "published",
            "label": name,
            "sources": {"demo_a": {"tiny": str(folder)}},
        }
        for name, folder in sources.items()
    }
    run = {**one, "methods": ["sft", "adapter", "full"], "seeds": [0]}
    both = tiny.overlay(tiny_model, run=run, **changes)
    both["methods"] |= methods
    config = tiny.write_config(tmp_path / "b.yaml", both)
    arms = ("vanilla", "demo_a-sft-seed0", "demo_a-adapter-seed0", "demo_a-full-seed0")
    lists = [LISTS.format(model="tiny", arm=arm) for arm in arms]
    snakemake(workdir, config, *lists, LISTS.format(model="other", arm="vanilla"))
    vanilla, own, adapter, full = (answers(workdir, "tiny", arm) for arm in arms)
    assert adapter == own != vanilla
    assert full == answers(workdir, "other", "vanilla") != vanilla

    planned = snakemake(workdir, config, "-n", "results/tables/table1.csv").stdout
    for arm in arms:
        assert f"results/scores/tiny/{arm}/precision.demo_a" in planned
    assert "train_" not in planned and "rule fetch_published" not in planned  # both are done
