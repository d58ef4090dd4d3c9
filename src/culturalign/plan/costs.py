"""The throughput model: the work of a job, and the time that an A100 takes for it.

A forward pass costs 2 FLOPs per parameter and token, a backward pass 2 for the gradients of the
activations and 2 for those of the weights, which LoRA leaves out; activations that are recomputed
cost another forward pass (Kaplan et al. 2020, section 2.1). Generation is bound by the memory: a
step reads every weight once, for any number of answers in the batch.

:mod:`culturalign.plan.speeds` has the speeds of a GPU. Where benchmarks/ has finished jobs of the
same rule and model, their mean replaces the estimate (:func:`measured`).
"""

import re
from pathlib import Path

from culturalign.config.clca import PromptOnly
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.published import Published
from culturalign.config.ranking import HELD_OUT_QUESTIONS
from culturalign.config.root import Config
from culturalign.config.sft import ClcaSft, Sft
from culturalign.plan import roleplay_costs
from culturalign.plan.planned_jobs import Job
from culturalign.plan.sft_plan import WORD, amount, plan_sft
from culturalign.plan.speeds import ASSUMED, Speeds

HF_STEP = 0.03
"""Least seconds per token that transformers takes with any model; ours."""
OPTIONS = 5
"""Mean number of options of the survey's 221 questions."""
LONGEST_HOURS = 48
"""Longest time asked for a job that the plan puts below it. Partitions of many sites end here."""


def parameters(model: Model) -> float | None:
    """Parameters of a model, read from its name (8B, 135M); None if it does not say."""
    found = re.findall(r"(\d+(?:\.\d+)?)([BM])(?![a-z])", model.source)
    return float(found[-1][0]) * {"B": 1e9, "M": 1e6}[found[-1][1]] if found else None


def cues(config: Config, culture: str, counted: dict[str, int]) -> int:
    """Cues of a culture: counted if its data have been made, else those of the full file."""
    return counted.get(culture, amount(config.cultures[culture].language).cues)


def seconds(
    job: Job,
    config: Config,
    counted: dict[str, int],
    speeds: Speeds = ASSUMED,
    questions: int = roleplay_costs.QUESTIONS,
) -> float | None:
    """Wall time of a GPU job; 0 for jobs without a GPU, None if the model's size is unknown.

    Args:
        job: The job.
        config: The configuration.
        counted: Cues of the cultures whose data have been made.
        speeds: Of a GPU.
        questions: Of the survey.
    """
    if not job.gpus:
        return 0.0
    name = roleplay_costs.model_of(job.rule, job.wildcards, config.clca)
    if name is None or (size := parameters(config.models[name])) is None:
        return None
    model = config.models[name]
    if job.trains:
        return speeds.loading + _training(job, config, counted, size, speeds)
    if job.rule == "load_in_vllm":
        return speeds.loading
    return speeds.loading + _answering(job, config, counted, size, model, speeds, questions)


def _training(
    job: Job, config: Config, counted: dict[str, int], size: float, speeds: Speeds
) -> float:
    culture, method = job.wildcards["culture"], config.methods[job.wildcards["method"]]
    total = config.data.split.train * cues(config, culture, counted)
    prompt = _prompt(config, culture)
    if isinstance(method, ClcaSft) and config.clca:
        learned = roleplay_costs.learned(method, config.clca)
        return 4 * size * learned / (speeds.training * job.gpus)
    if isinstance(method, Sft):
        plan = plan_sft(config, culture, method, cues(config, culture, counted))
        return 4 * size * plan.tokens / (speeds.training * job.gpus)
    assert isinstance(method, Ppo)  # prompt-only methods have no job that trains
    return _ppo(method, config, total, prompt, size, job.gpus, speeds)


def _ppo(
    method: Ppo, config: Config, total: float, prompt: int, size: float, gpus: int, speeds: Speeds
) -> float:
    """Responses of half the longest length, scored by three models, trained on by two."""
    each = config.ranking.per_cue if config.ranking and method.task == "ranking" else 1
    responses = min(total * each, method.max_samples)
    if method.updates:
        responses = method.updates * method.rollout_batch
    length = method.generation_max_length / 2
    full = method.engine == "openrlhf"
    learning = (6 if full else 4) + 2 * method.gradient_checkpointing
    flops = responses * (prompt + length) * size * (3 * 2 + 2 * learning * method.epochs)
    batch = method.rollout_batch if full else method.micro_rollout_batch
    vllm = full or method.rollouts == "vllm"
    return flops / (speeds.reading * gpus) + _generation(
        responses, length, batch, size, vllm, gpus, speeds
    )


def _answering(
    job: Job,
    config: Config,
    counted: dict[str, int],
    size: float,
    model: Model,
    speeds: Speeds,
    questions: int,
) -> float:
    vllm, rate = model.engine == "vllm", speeds.reading * job.gpus
    if config.clca and (asked := roleplay_costs.answers(job, config.clca)):
        batch = config.clca.roleplay.together
        read = 2 * size * asked.number * (asked.prompt + asked.length) / rate
        return read + _generation(asked.number, asked.length, batch, size, vllm, job.gpus, speeds)
    if job.rule == "answer_survey" and config.survey:
        name = job.wildcards["language"]
        orders = config.survey.orders
        prompts = questions * (OPTIONS if orders == "cyclic" else orders)
        return 2 * size * prompts * 1.5 * amount(name).prompt / rate
    culture = job.wildcards["culture"]
    total = config.data.split.test * cues(config, culture, counted)
    prompt = _prompt(config, culture)
    if job.rule == "answer_mcq":  # about one question per cue; the order of magnitude suffices
        return 2 * size * total * prompt / rate
    if job.rule == "answer_personas" and config.clca and config.clca.personas:
        # About as long as a prompt for lists: 167 tokens in English, 329 in Mandarin, on average.
        total = roleplay_costs.personas(config.clca, questions)
        longest = config.clca.personas.max_new_tokens
        length = float(longest)
    elif job.rule == "generate_rankings" and config.ranking:
        longest = config.decodings[config.ranking.decoding].max_new_tokens
        total *= config.ranking.held_out_per_cue
        if config.ranking.split == "question":
            known = config.data.split.train * cues(config, culture, counted)
            total = known * config.ranking.per_cue * HELD_OUT_QUESTIONS
        length = longest / 2
    else:
        decoding = config.decodings[job.wildcards["decoding"]]
        longest = decoding.max_new_tokens
        length = min(longest, (decoding.max_items or 60) * WORD)
    fitting = config.evaluation.batch_tokens / (prompt + longest)
    batch = model.max_sequences if vllm else max(1, int(fitting))
    read = 2 * size * total * (prompt + length) / rate
    return read + _generation(total, length, batch, size, vllm, job.gpus, speeds)


def _prompt(config: Config, culture: str) -> int:
    return amount(config.cultures[culture].language).prompt


def _generation(
    answers: float, length: float, batch: int, size: float, vllm: bool, gpus: int, speeds: Speeds
) -> float:
    """Seconds to generate answers token by token, in batches."""
    step = 2 * size / (speeds.memory * gpus)
    return answers / batch * length * (step if vllm else max(step, HF_STEP))


def disk(job: Job, config: Config) -> float | None:
    """Bytes that a job leaves under results/; 0 if few, None if not known."""
    if job.rule not in {"train_sft", "train_ppo", "train_ppo_openrlhf", "merge_adapter"}:
        return 0.0
    if (size := parameters(config.models[job.wildcards["model"]])) is None:
        return None
    method = config.methods[job.wildcards["method"]]
    if job.rule in {"train_ppo_openrlhf", "merge_adapter"}:
        return 2 * size
    assert not isinstance(method, PromptOnly | Published)  # no job trains those
    # At most: LoRA in every linear layer of an 8B Llama, fp32: 168 M parameters at rank 64.
    return 4 * method.lora.rank * size * 168e6 / 64 / 8e9


def scratch(job: Job, config: Config) -> float | None:
    """Bytes of the checkpoints of a running job: two at a time."""
    left = disk(job, config)
    if job.rule == "train_ppo_openrlhf":
        # 14 bytes for each parameter of policy and critic, docs/openrlhf.md
        return None if left is None else 2 * 2 * 7 * left
    if job.rule in {"train_sft", "train_ppo"}:
        return None if left is None else 2 * 3 * left  # weights and Adam's two moments
    return 0.0


def measured(job: Job, folder: Path) -> float | None:
    """Mean seconds of finished jobs of the same rule and model, from Snakemake's benchmarks."""
    model = job.wildcards.get("model", "")
    rows = [path.read_text().splitlines() for path in folder.glob(f"{job.rule}/{model}/**/*.tsv")]
    found = [float(row[1].split("\t")[0]) for row in rows if len(row) > 1]
    return sum(found) / len(found) if found else None
