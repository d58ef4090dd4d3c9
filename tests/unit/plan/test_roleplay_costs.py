"""What a role-play costs, on numbers worked out by hand."""

import pytest

from culturalign.plan import roleplay_costs
from culturalign.plan.roleplay_costs import Answers
from tests.unit.plan.test_costs import PAPER, configuration, job

CLCA = configuration(
    "sound", clca={"roleplay": {"scenarios": 5, "per_scenario": 2, "turns": 8}}
).clca
"""Ten dialogues of eight turns."""


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("simulate_dialogues", Answers(80, 700, 60)),
        ("find_intents", Answers(80, 700, 60)),
        ("judge_dialogues", Answers(30, 700, 60)),  # quality, fit and the critic
        ("train_sft", None),
    ],
)
def test_a_turn_an_intent_and_a_verdict_are_one_answer_each(rule, expected):
    assert roleplay_costs.answers(job(rule), CLCA) == expected


@pytest.mark.parametrize(("questions", "number"), [(3, 21), (None, 7 * 221)])
def test_a_persona_answers_every_question_of_the_survey_unless_limited(questions, number):
    limits = {"respondents": 7, "questions": questions}
    clca = configuration("sound", clca={"personas": limits}).clca
    assert roleplay_costs.personas(clca) == number
    assert roleplay_costs.personas(clca, 57) == 7 * (questions or 57)


def test_training_reads_every_turn_and_again_for_its_intent():
    for intents in (False, True):
        method = PAPER.methods["clca"].model_copy(update={"intents": intents, "epochs": 3})
        assert roleplay_costs.learned(method, CLCA) == (1 + intents) * 80 * 760 * 3


def test_the_model_is_that_of_the_stage_the_arm_or_none_if_a_server_answers():
    served = CLCA.model_copy(update={"judge": CLCA.judge.model_copy(update={"model": None})})
    assert roleplay_costs.model_of("answer_personas", {"model": "llama"}, CLCA) == "llama"
    assert roleplay_costs.model_of("find_intents", {"model": "llama"}, CLCA) == CLCA.roleplay.model
    assert roleplay_costs.model_of("judge_dialogues", {"model": "llama"}, served) is None
    assert roleplay_costs.model_of("train_sft", {"model": "llama"}, None) == "llama"
