import pytest

from culturalign.clca import clca_examples
from culturalign.clca.clca_examples import dialogue_examples, held_out
from culturalign.errors import UserError
from tests.unit.clca.scripted import TALK, materials


def test_both_sides_are_learned_each_with_what_it_knew():
    rows = list(dialogue_examples(TALK, materials(), "both"))
    assert [row["completion"] for row in rows] == ["SPEAK: Tea?", "ACT: nods"]
    assert all(row["words"] == [row["completion"]] for row in rows)
    ann, ben = (row["messages"][0]["content"] for row in rows)
    assert "secret-Ann" in ann and "secret-Ben" not in ann
    assert "secret-Ben" in ben and "secret-Ann" not in ben
    assert rows[1]["messages"][-1] == {"role": "user", "content": "SPEAK: Tea?"}
    assert list(dialogue_examples(TALK, materials(), "first")) == rows[:1]


def test_intents_are_the_second_task():
    intents = [
        {"id": "us-tea.0", "turn": 0, "intent": None},
        {"id": "us-tea.0", "turn": 1, "intent": "To accept."},
        {"id": "us-tea.1", "turn": 0, "intent": "To refuse."},
    ]
    (row,) = clca_examples.intent_examples(TALK, intents, materials())
    found = row["task"], row["turn"], row["completion"]
    assert found == ("intent", 1, "INTENT: To accept.")


@pytest.mark.parametrize(
    ("n", "share", "size"),
    [(10, 0.1, 1), (10, 0.25, 2), (2, 0.1, 1), (2, 0.9, 1), (4, 0.99, 3), (1, 0.9, 0), (0, 0.5, 0)],
)
def test_whole_scenarios_are_held_out(n, share, size):
    names = [f"us-{i}" for i in range(n)]
    found = held_out(names * 2, share, seed=0)
    assert len(found) == size and found <= set(names)
    assert found == held_out(names[::-1], share, seed=0)


def test_training_and_validation_have_examples_or_the_error_names_a_remedy():
    bank = materials("us-tea", "us-two")
    options = {"sides": "both", "validation": 0.1, "seed": 0}
    talks = [TALK, {**TALK, "id": "us-tea.1"}]
    with pytest.raises(UserError, match=r"1 scenario\(s\) only.*loosen clca\.filter"):
        clca_examples.all_examples(talks, [], bank, **options)
    other = {**TALK, "id": "us-two.0", "scenario": "us-two"}
    assert all(clca_examples.all_examples([*talks, other], [], bank, **options))
