import polars as pl
import pytest

from culturalign.clca.clca_examples import check_examples, example
from culturalign.clca.decontamination import Guard, quoting, without_quotes
from culturalign.errors import UserError

WORDED = pl.DataFrame(
    {
        "question": ["Q1", "Q2", "Q3"],
        "wording": [
            "Would you say that most people in your town can be trusted these days?",
            "Is heaven real?",
            "总的来说，您觉得自己现在的生活过得幸福不幸福？",
        ],
    }
)
GUARD = Guard([WORDED])


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("So, WOULD you say that most people -- in your town -- lie?", "Q1"),
        ("most people in your town can be kind", None),  # seven in a row
        ("Is heaven real?", None),  # three words are common speech
        ("您觉得自己现在的生活过得幸福吗", "Q3"),
        ("您觉得现在的生活幸福吗", None),
        ("", None),
    ],
)
def test_long_runs_of_the_same_words_are_found(text, question):
    assert GUARD.repeated(text) == question


def test_a_dialogue_that_quotes_a_question_is_named():
    talks = [{"id": "a", "turns": [{"text": "Hello."}]},
             {"id": "b", "turns": [{"text": WORDED["wording"][0]}]}]  # fmt: skip
    assert quoting(talks, GUARD) == {"b": "Q1"}


@pytest.mark.parametrize("place", ["prompt", "completion"])
def test_training_on_a_question_that_is_evaluated_is_refused(place):
    texts = {"prompt": "Tea?", "completion": "Yes."} | {place: WORDED["wording"][2]}
    first = example([{"role": "user", "content": "Hi"}], "Hello")
    second = example([{"role": "user", "content": texts["prompt"]}], texts["completion"])
    rows = [first, second]
    with pytest.raises(UserError, match=r"train.jsonl: example 2 repeats the wording of Q3"):
        check_examples(rows, GUARD, "train.jsonl")
    check_examples(rows[:1], GUARD, "train.jsonl")


def test_an_intent_that_quotes_a_question_is_left_out_and_named():
    said = [
        "To be kind.",
        None,
        "To ask whether most people in your town can be trusted these days",
    ]
    rows = without_quotes([{"turn": i, "intent": text} for i, text in enumerate(said)], GUARD)
    assert [(row["intent"], row["repeats"]) for row in rows] == [
        ("To be kind.", None),
        (None, None),
        (None, "Q1"),
    ]
