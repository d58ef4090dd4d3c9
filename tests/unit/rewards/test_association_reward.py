import subprocess
import sys
from pathlib import Path

import pytest

from culturalign import rewards
from culturalign.rewards.association_reward import association_reward


@pytest.mark.parametrize(("words", "value"), [
    (["fur", "dog"], 1), (["fur", "moon"], 0.5), (["moon"], 0), ([], -1),
    (["fur"] + ["x"] * 3, 0.25),
])  # fmt: skip
def test_the_reward_is_the_share_of_words_that_people_gave(words, value):
    assert association_reward(words, {"fur", "dog", "paw"}, fewest=1) == value


def test_one_safe_word_earns_less_than_the_list_that_was_asked_for():
    human = {"fur", "dog", "paw", "tail"}
    assert association_reward(["fur"], human, fewest=4) == 0.25
    assert association_reward(["fur", "dog", "paw", "moon"], human, fewest=4) == 0.75
    assert association_reward([], human, fewest=4) == -1


def test_rewards_load_neither_torch_nor_polars():
    rooms = sorted(Path(rewards.__path__[0]).glob("*.py"))
    names = ", ".join(f"culturalign.rewards.{path.stem}" for path in rooms)
    code = f"import sys, {names}; print({{'torch', 'polars'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
