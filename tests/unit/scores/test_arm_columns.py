import polars as pl
import pytest

from culturalign.scores.arm_columns import with_arm


@pytest.mark.parametrize(("arm", "asked", "expected"), [
    ("vanilla", {}, {"model": "m", "culture": None, "method": "vanilla", "seed": None}),
    ("us-sft-a-seed3", {}, {"model": "m", "culture": "us", "method": "sft-a", "seed": 3}),
    (
        "us-sft-seed3",
        {"culture": "cn", "prompt": "simple"},  # an arm of one culture, asked about another
        {"culture": "cn", "model": "m", "method": "sft@us", "seed": 3, "prompt": "simple"},
    ),
    ("us-sft-seed3", {"culture": "us"},
     {"culture": "us", "model": "m", "method": "sft", "seed": 3}),
])  # fmt: skip
def test_the_columns_of_an_arm_precede_its_scores(arm, asked, expected):
    found = with_arm(pl.DataFrame({"js": [0.5]}), model="m", arm=arm, **asked)
    assert found.row(0, named=True) == expected | {"js": 0.5}
    assert found.columns == [*expected, "js"]
    assert (found.schema["culture"], found.schema["seed"]) == (pl.String, pl.Int64)
