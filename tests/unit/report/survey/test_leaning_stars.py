"""What an arm that leans to its target has to beat."""

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.leaning_stars import own, star, swaps

EVALUATION = Evaluation(resamples=5000)
SFT = ("plain", "m", "cn", "sft")
VANILLA, UNIFORM = ("plain", "m", None, "vanilla"), ("plain", "-", None, "uniform")
CONTROL, SWAP = ("plain", "m", "cn", "control"), ("plain", "m", "us", "sft@us")


def leaned(*runs, of=12):
    """So many of twelve questions, each its own battery, are nearer to China in each run."""
    sides = [side for china in runs for side in ["CHN"] * china + ["USA"] * (of - china)]
    seeds = [None] * of if len(runs) == 1 else [i for i in range(len(runs)) for _ in range(of)]
    questions = [f"Q{260 + i}" for i in range(of)] * len(runs)
    return pl.DataFrame({"question": questions, "nearer": sides, "seed": seeds},
                        schema_overrides={"seed": pl.Int64})  # fmt: skip


def judged(leanings, key=SFT, controls=("control",)):
    found = star(leanings, key, "CHN", controls, EVALUATION)
    return tuple(found.get(name) for name in ("beats", "fails", "star"))


def test_an_arm_has_to_lean_more_than_vanilla_uniform_the_control_and_its_swap():
    arms = {SFT: leaned(12), VANILLA: leaned(2), UNIFORM: leaned(4)}
    # of twelve batteries that all change, p is 2 / 4096; of the ten or eight that change 2 / 2^n
    assert judged(arms) == ("vanilla, uniform", "", True)
    arms |= {CONTROL: leaned(3), SWAP: leaned(1)}
    assert judged(arms) == ("vanilla, uniform, control, sft@us", "", True)
    # four changes in one direction: p is 2 / 2^4 = 0.125
    for rival in (VANILLA, UNIFORM, CONTROL, SWAP):
        beats, fails, won = judged(arms | {rival: leaned(8)})
        assert fails == rival[3] and rival[3] not in beats and not won


def test_runs_have_to_agree():
    """Ten, eight and two of twelve questions: more in the mean, but not whichever run it is."""
    arms = {VANILLA: leaned(0), UNIFORM: leaned(0)}
    assert judged(arms | {SFT: leaned(10, 9, 11)}) == ("vanilla, uniform", "", True)
    assert judged(arms | {SFT: leaned(12, 8, 1)}) == ("", "vanilla, uniform", False)
    assert judged(arms | {SFT: leaned(12)})[2]


def test_less_is_not_more_and_what_is_missing_is_not_beaten():
    arms = {SFT: leaned(0), VANILLA: leaned(12), UNIFORM: leaned(0)}
    assert judged(arms) == ("", "vanilla, uniform", False)
    assert judged({SFT: leaned(12), VANILLA: leaned(0)}) == ("vanilla", "uniform", False)


def test_controls_have_no_control_and_arms_of_other_cultures_no_star():
    arms = {SFT: leaned(12), VANILLA: leaned(0), UNIFORM: leaned(0),
            CONTROL: leaned(12), SWAP: leaned(12)}  # fmt: skip
    assert judged(arms, CONTROL) == ("vanilla, uniform", "", True)
    assert judged(arms, SWAP) == (None, None, None)
    assert judged(arms) == ("vanilla, uniform", "control, sft@us", False)


def test_swaps_are_of_the_same_method_model_and_scoring():
    others = [("plain", "m", "us", "sft-clca@us"), ("plain", "big", "us", "sft@us"),
              ("debiased", "m", "us", "sft@us"), SFT, VANILLA]  # fmt: skip
    assert swaps([SWAP, *others], SFT) == [SWAP]


def test_own_minus_other_is_over_the_mean_of_all_other_cultures():
    russia = ("plain", "m", "ru", "sft@ru")
    found = own({SFT: leaned(9), SWAP: leaned(3), russia: leaned(6)}, SFT, "CHN", 0.95)
    assert found["own"] == pytest.approx((9 - 4.5) / 12)
    # differences 0, .5, 1, 0, three times each: variance .1875, t of 11 is 2.201
    assert found["own_high"] - found["own"] == pytest.approx(2.201 * (0.1875 / 12) ** 0.5, abs=1e-4)
    assert own({SFT: leaned(9)}, SFT, "CHN", 0.95) == {}
