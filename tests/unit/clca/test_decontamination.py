import polars as pl
import pytest

from culturalign.clca.clca_examples import example, read_rows, write_checked
from culturalign.clca.decontamination import Guard, quoting, read_guard, without_quotes
from culturalign.data.demo.demo_survey import read_survey
from culturalign.errors import UserError
from tests.unit.clca.scripted import CLCA, shipped

WORDED = pl.DataFrame(
    [("Q1", "Would you say that most people in your town can be trusted these days?"),
     ("Q2", "Is heaven real?"), ("Q3", "总的来说，您觉得自己现在的生活过得幸福不幸福？")],
    schema=["question", "wording"], orient="row",
)  # fmt: skip
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
def test_long_runs_of_the_same_words_are_found(text, question, tmp_path):
    assert GUARD.repeated(text) == question
    WORDED.write_parquet(tmp_path / "questionnaire.parquet")
    assert read_guard([str(tmp_path / "questionnaire.parquet")]).repeated(text) == question
    assert read_guard([]).repeated(text) is None


@pytest.mark.parametrize("place", ["prompt", "completion"])
def test_training_on_a_question_that_is_evaluated_is_refused(place, tmp_path):
    texts = {"prompt": "Tea?", "completion": "Yes."} | {place: WORDED["wording"][2]}
    first = example([{"role": "user", "content": "Hi"}], "Hello")
    second = example([{"role": "user", "content": texts["prompt"]}], texts["completion"])
    path = tmp_path / ".partial-train.jsonl"
    with pytest.raises(UserError, match=r"^train.jsonl: example 2 repeats the wording of Q3"):
        write_checked([first, second], GUARD, path)
    assert not path.exists()
    write_checked([first], GUARD, path)
    assert read_rows([str(path), str(path)]) == [first, first]


def test_a_dialogue_that_quotes_is_named_and_so_is_an_intent_which_is_left_out():
    talks = [{"id": "a", "turns": [{"text": "Hello."}]},
             {"id": "b", "turns": [{"text": WORDED["wording"][0]}]}]  # fmt: skip
    assert quoting(talks, GUARD) == {"b": "Q1"}
    quote = "To ask whether most people in your town can be trusted these days"
    intents = [{"turn": i, "intent": text} for i, text in enumerate(["To be kind.", None, quote])]
    found = [(row["intent"], row["repeats"]) for row in without_quotes(intents, GUARD)]
    assert found == [("To be kind.", None), (None, None), (None, "Q1")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("country", ["USA", "CHN"])
def test_no_shipped_text_repeats_the_demo_survey(country, language):
    questions = read_survey(CLCA.parent / "demo/survey")
    worded = [(q.name, q.wording[language]) for q in questions if language in q.wording]
    table = pl.DataFrame(worded, schema=["question", "wording"], orient="row")
    found = shipped(country, language)
    Guard([table]).refuse(found.texts(), "reword it")
    repeated = {
        f"scenario '{next(iter(found.scenarios))}'": next(found.texts())[1],
        "the culture card": found.card.described(language)[3],
        "the prompt 'quality'": found.prompts.templates["quality"].splitlines()[0],
    }
    for where, text in repeated.items():
        guard = Guard([pl.DataFrame({"question": ["Q7"], "wording": [text]})])
        with pytest.raises(UserError, match=f"^{where} repeats the wording of Q7.*: reword it"):
            guard.refuse(found.texts(), "reword it")
