"""Dry runs of CLCA beside ALIGN."""

import re

from tests import tiny
from tests.dag.test_dag import dry_run

CLCA = tiny.ROOT / "config/clca.yaml"
ARMS = 1 + 7
"""Vanilla and the methods of config/clca.yaml."""


def test_role_play_is_done_once_a_culture_whatever_learns_from_it(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path, CLCA)
    once = ("check_scenarios", "simulate_dialogues", "judge_dialogues", "filter_dialogues")
    assert all(counts[rule] == 2 for rule in (*once, "find_intents", "draw_personas"))
    assert counts["make_clca_examples"] == 2 * 2
    assert counts["train_sft"] == 2 * 4 and counts["train_ppo"] == 2
    assert counts["tabulate_dialogues"] == counts["tabulate_personas"] == 1


def test_every_arm_answers_everything_and_in_the_place_of_respondents(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path, CLCA)
    assert counts["answer_survey"] == 2 * ARMS - 1  # vanilla answers once in a language
    for rule in ("answer_personas", "score_personas"):
        assert counts[rule] == 2 * ARMS
    assert counts["generate_rankings"] == 2 * (ARMS + 1)  # and SFT of the other culture


def test_a_run_without_clca_has_none_of_its_jobs(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path)
    assert not [rule for rule in counts if re.search("dialogue|persona|scenario|clca", rule)]


def test_prompts_alone_need_no_training_and_count_once_whatever_the_seeds(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("run: {methods: [country-prompt], seeds: [0, 1]}\n", encoding="utf-8")
    counts = snakemake(tmp_path, CLCA, "-n", more=[config]).stdout
    assert "train_sft" not in counts and "simulate_dialogues" not in counts
    assert "demo_a-country-prompt-seed0" in counts
    assert "demo_a-country-prompt-seed1" not in counts


def test_what_has_an_adapter_is_released(snakemake, tmp_path):
    counts = dry_run(snakemake, tmp_path, CLCA, "release")
    assert counts["pack_adapter"] == 2 * (ARMS - 3)  # vanilla and two prompts have none


def test_sequential_training_continues_the_adapter_and_mixed_joins_the_examples(
    snakemake, tmp_path
):
    target = "results/models/smollm2/demo_a/sft-clca/seed0/training.parquet"
    printed = snakemake(tmp_path, CLCA, "-n", target).stdout
    job = printed[printed.index("rule train_sft:", printed.rindex("rule make_clca_examples:")) :]
    assert "demo_a/sft/seed0/adapter" in printed
    assert "demo_a/sft-clca/train.jsonl" in job
    config = tmp_path / "c.yaml"
    config.write_text("methods: {sft-clca: {order: mixed}}\n", encoding="utf-8")
    mixed = snakemake(tmp_path, CLCA, "-n", target, more=[config]).stdout
    assert "demo_a/sft/seed0/adapter" not in mixed
    assert "results/data/demo_a/sft/train.jsonl" in mixed


def test_a_method_that_learns_no_intents_asks_for_none(snakemake, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text("methods: {clca: {intents: false}}\n", encoding="utf-8")
    target = "results/models/smollm2/demo_a/clca/seed0/training.parquet"
    assert "rule find_intents" not in snakemake(tmp_path, CLCA, "-n", target, more=[config]).stdout
    assert "rule find_intents" in snakemake(tmp_path, CLCA, "-n", target).stdout
