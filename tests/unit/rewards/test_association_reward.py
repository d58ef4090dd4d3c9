import pytest

from culturalign.rewards.association_reward import association_reward


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
    assert association_reward(words, {"fur", "dog", "paw"}, fewest=1) == value


def test_one_safe_word_earns_less_than_the_list_that_was_asked_for():
    human = {"fur", "dog", "paw", "tail"}
    assert association_reward(["fur"], human, fewest=4) == 0.25
    assert association_reward(["fur", "dog", "paw", "moon"], human, fewest=4) == 0.75
    assert association_reward([], human, fewest=4) == -1
