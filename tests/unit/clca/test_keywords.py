import pytest

from culturalign.clca.keywords import after, plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("VERDICT: good", "good"),
        ("verdict：good", "good"),
        ("**VERDICT**: good", "good"),
        ("**VERDICT:** good", "good"),
        ("Here it is.\n- VERDICT : good \nREASON: bad", "good"),
        ("VERDICT:", ""),
    ],
)
def test_what_follows_a_keyword_is_read_in_every_dress(text, said):
    assert (after("VERDICT", text) or "") == said


@pytest.mark.parametrize("text", ["", "The verdict is: good", "VERDICTS: good"])
def test_without_the_keyword_at_the_beginning_of_a_line_there_is_nothing(text):
    assert after("VERDICT", text) is None


def test_asterisks_and_space_around_a_line_are_dress():
    assert plain(" **To be polite.** ") == "To be polite."
