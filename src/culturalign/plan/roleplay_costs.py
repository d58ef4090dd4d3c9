"""The throughput model of CLCA's jobs: number and length of the answers of a role-play."""

from collections.abc import Mapping
from typing import NamedTuple

from culturalign.config.clca import Clca
from culturalign.config.sft import ClcaSft
from culturalign.plan.planned_jobs import Job

SCENARIOS = 32
"""Scenarios per country, if not limited: those of resources/clca."""
PROMPT = 700
"""Tokens of a role, its scenario and half a dialogue; ours."""
LENGTH = 60
"""Tokens of a turn, an intent or a verdict; ours."""
QUESTIONS = 221
"""Questions of the official survey (paper, section 5.1)."""
JUDGED = 3
"""Questions about a dialogue: quality, fit, critic."""
PLAYED = {"simulate_dialogues", "find_intents"}
"""Rules that ask the model of the role-play."""


class Answers(NamedTuple):
    """A number of answers, and the tokens of each prompt and each answer."""

    number: float
    prompt: int
    length: int


def model_of(rule: str, wildcards: Mapping[str, str], clca: Clca | None) -> str | None:
    """Key of the model that a job of a rule asks or trains; None if a server answers."""
    if clca and rule in PLAYED:
        return clca.roleplay.model
    if clca and rule == "judge_dialogues":
        return clca.judge.model
    return wildcards["model"]


def answers(job: Job, clca: Clca) -> Answers | None:
    """The answers that a job of CLCA generates; None for other rules."""
    if job.rule in {"simulate_dialogues", "find_intents"}:
        return Answers(_dialogues(clca) * clca.roleplay.turns, PROMPT, LENGTH)
    if job.rule == "judge_dialogues":
        return Answers(_dialogues(clca) * JUDGED, PROMPT, LENGTH)
    return None


def personas(clca: Clca, questions: int = QUESTIONS) -> int:
    """Answers of one arm as a culture's respondents, of a survey with so many questions."""
    assert clca.personas
    return clca.personas.respondents * (clca.personas.questions or questions)


def learned(method: ClcaSft, clca: Clca) -> float:
    """Tokens read in training: every turn with all before it, and again with its intent."""
    turns = _dialogues(clca) * clca.roleplay.turns
    return turns * (1 + method.intents) * (PROMPT + LENGTH) * method.epochs


def _dialogues(clca: Clca) -> int:
    return (clca.roleplay.scenarios or SCENARIOS) * clca.roleplay.per_scenario
