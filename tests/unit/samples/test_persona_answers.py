import pytest

from culturalign.samples.persona_answers import parse_answer


@pytest.mark.parametrize(
    ("text", "code"),
    [("2", 0), (" 1. Yes", 5), ("Option 3", 7), ("4", None), ("0", None), ("-", None), ("", None),
     ("1000", None), ("12", None), ("３", 7)],
)  # fmt: skip
def test_an_answer_is_the_number_of_an_option(text, code):
    assert parse_answer(text, [5, 0, 7]) == code
