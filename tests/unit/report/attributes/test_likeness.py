"""Human level needs equal means and the right cues: simulated people, lists that know nothing."""

import numpy as np
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.report.attributes.attribute_tables import read_scores, zero_knowledge
from culturalign.report.attributes.likeness import Noise, noise, tracking
from culturalign.report.attributes.profile import against_humans

RUNS, CUES = 100, 40


def halves(*rows):
    names = ["cue", "attribute", "repeat", "first", "second"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_noise_is_the_spread_of_halves_and_the_reliability_of_the_whole():
    cues = [("a", 1.0, 1.0), ("b", 2.0, 3.0), ("c", 3.0, 2.0)]  # r = 0.5, so 2/3 for the whole
    table = halves(
        *[(cue, "valence", 0, x, y) for cue, x, y in cues], ("d", "valence", 0, None, 1.0)
    )
    found = noise(table)["valence"]
    assert found.reliability == pytest.approx(2 / 3)
    assert found.spread == pytest.approx(1.0)  # of 0, 1 and 1
    alike = noise(halves(*[(c, "valence", 0, 2.0, 2.0) for c in "abc"]))["valence"]
    assert alike.reliability is None


def test_the_ratio_is_one_where_only_peoples_noise_is_left():
    pairs = [1.0, 2.0, 3.0, 5.0, 4.0], [1.0, 2.0, 3.0, 4.0, 5.0]
    found = tracking(*pairs, Noise(1.0, 0.81 / 1.19, 5), 0.95)
    assert found.r == pytest.approx(0.9) and found.ratio == pytest.approx(1.0)
    assert found.concordance == pytest.approx(0.9)  # equal means and variances
    assert tracking(*pairs, Noise(1.0, None), 0.95).ratio is None


def simulated(rng):
    """Medians of people with noise; of arms that answer like them, and that know nothing."""
    true, error = rng.normal(5, 1, CUES), 0.4
    people, like = (true + rng.normal(0, error, CUES) for _ in range(2))
    arms = {"human": people, "like": like, "shuffled": np.roll(rng.permutation(people), 1)}
    arms["constant"] = np.full(CUES, people.mean())
    arms["shifted"] = like + 1
    rows = [
        ("-" if name == "human" else "m", name, None, f"c{i}", "valence", value)
        for name, values in arms.items()
        for i, value in enumerate(values)
    ]
    names = {"model": pl.String, "method": pl.String, "seed": pl.Int64, "cue": pl.String,
             "measure": pl.String, "value": pl.Float64}  # fmt: skip
    split = [
        (f"c{i}", "valence", repeat, *(x + rng.normal(0, error * 2**0.5, 2)))
        for repeat in range(4)
        for i, x in enumerate(true)
    ]
    return pl.DataFrame(rows, schema=names, orient="row"), noise(halves(*split))


def test_only_an_arm_that_answers_like_people_reaches_human_level():
    rng, evaluation, options = np.random.default_rng(0), Evaluation(), Norms(files={})
    reached, equal = dict.fromkeys(("like", "shuffled", "constant", "shifted"), 0), 0
    for _ in range(RUNS):
        rows = against_humans(*_arguments(rng, evaluation, options))
        for row in rows.iter_rows(named=True):
            reached[row["method"]] += row["human_level"]
            equal += row["method"] in ("shuffled", "constant") and row["equivalent"]
    assert reached["like"] >= 0.9 * RUNS
    assert reached["shuffled"] + reached["constant"] + reached["shifted"] <= 0.05 * RUNS
    assert equal >= 0.1 * RUNS  # means alone would let them pass


def test_an_arm_just_at_the_threshold_is_rarely_called_human_level():
    """Equal means, and exactly the ratio that has to be passed: at most 7 percent of 200 worlds."""
    rng, options, passed = np.random.default_rng(4), Norms(files={}, margin=0.99), 0
    for _ in range(200):
        values, of_people = simulated(rng)
        human = values.filter(method="human").sort("cue")["value"].to_numpy()
        part = options.human_level
        own = 5 + part * (human - 5) + (1 - part**2) ** 0.5 * rng.normal(0, human.std(), CUES)
        arm = values.filter(method="like").sort("cue").with_columns(value=pl.Series(own))
        known = {"valence": of_people["valence"]._replace(half=1 - 1e-9)}  # nothing is noise
        both = pl.concat([values.filter(method="human"), arm])
        passed += against_humans(both, Evaluation(), options, known)["human_level"][0]
    assert passed <= 0.07 * 200


def _arguments(rng, evaluation, options):
    values, of_people = simulated(rng)
    return values, evaluation, options, of_people


def test_references_are_lists_of_other_cues_and_one_list_for_all(tmp_path):
    rows = [(f"c{i}", "valence", float(i), 10, 9, None, "most frequent",
             "train" if i == 9 else "test") for i in range(10)]  # fmt: skip
    names = ["cue", "attribute", "median", "words", "known", "concrete", "reading", "split"]
    pl.DataFrame(
        rows, schema=names, orient="row", schema_overrides={"concrete": pl.Int64}
    ).write_parquet(tmp_path / "humans.parquet")
    read = read_scores([], str(tmp_path / "humans.parquet"), seed=0)
    values = {
        method: dict(zip(block["cue"], block["median"], strict=True))
        for (method,), block in read.group_by("method")
    }
    assert sorted(values["shuffled"].values()) == sorted(values["human"].values())
    assert all(values["shuffled"][cue] != values["human"][cue] for cue in values["human"])
    assert set(values["constant"].values()) == {9.0} and len(values["constant"]) == 9
    assert (
        zero_knowledge(pl.DataFrame({"cue": []}), pl.DataFrame({"cue": [], "split": []}), 0) == []
    )
