import pytest

from culturalign.free_form import association_reward


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["fur", "dog"], 1),
        (["fur", "moon"], 0.5),
        (["moon"], 0),
        ([], -1),
        (["fur"] + ["x"] * 3, 0.25),
    ],
)
def test_the_reward_is_the_share_of_words_that_people_gave(words, value):
    assert association_reward(words, {"fur", "dog", "paw"}) == value
