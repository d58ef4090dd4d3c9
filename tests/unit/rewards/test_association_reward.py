import subprocess
import sys
from pathlib import Path

import pytest

from culturalign import rewards
from culturalign.rewards.association_reward import association_reward


@pytest.mark.parametrize(("words", "fewest", "value"), [
    (["fur", "dog"], 1, 1), (["fur", "moon"], 1, 0.5), (["moon"], 1, 0),
    (["fur"] + ["x"] * 3, 1, 0.25), ([], 4, -1),
    (["fur"], 4, 0.25),  # one safe word earns less than the list that was asked for
    (["fur", "dog", "paw", "moon"], 4, 0.75),
])  # fmt: skip
def test_the_reward_is_the_share_of_words_that_people_gave(words, fewest, value):
    assert association_reward(words, {"fur", "dog", "paw", "tail"}, fewest=fewest) == value


def test_rewards_load_neither_torch_nor_polars():
    rooms = sorted(Path(rewards.__path__[0]).glob("*.py"))
    names = ", ".join(f"culturalign.rewards.{path.stem}" for path in rooms)
    code = f"import sys, {names}; print({{'torch', 'polars'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
