import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.value_contrasts import _mirrored, contrast_rows, write_contrasts

EVALUATION = Evaluation(resamples=200)
LABELS = {"models": {"m": "Small", "b": "Big"}, "cultures": {"us": "US"},
          "scorings": {"plain": "plain"},
          "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled", "ppo": "PPO"}}  # fmt: skip


ENGINES = pl.DataFrame(
    [("m", None, "vanilla", "hf"), ("m", "us", "sft", "hf"), ("b", None, "vanilla", "vllm")],
    schema=dict.fromkeys(("model", "culture", "method", "engine"), pl.String), orient="row",
)  # fmt: skip


def scores(**by_method: list[float]) -> pl.DataFrame:
    """Method -> JS distance of Q260, Q261, ..., in no battery; EMD is half; one seed, the USA."""
    rows = [
        ("m", None if method == "vanilla" else "us", method, 0, f"Q{n}", "USA", "plain", js, js / 2)
        for method, values in by_method.items()
        for n, js in enumerate(values, 260)
    ]
    names = ["model", "culture", "method", "seed", "question", "country", "scoring", "js", "emd"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(mass=0.9)


ALL = scores(vanilla=[0.5, 0.7], sft=[0.3, 0.3], **{"sft-shuffled": [0.2, 0.4]})


def rows_of(table, nations=None):
    return contrast_rows(table, EVALUATION, LABELS, nations or {"USA": "US"}, ["sft-shuffled"])


def test_differences_are_paired_by_question():
    rows = rows_of(ALL)
    found = {(r["method"], r["minus_method"]): (r["js"], r["emd"], r["n"]) for r in rows.to_dicts()}
    assert found == {
        ("sft", "vanilla"): (pytest.approx(-0.3), pytest.approx(-0.15), 2),
        ("sft", "sft-shuffled"): (pytest.approx(0), pytest.approx(0), 2),
        ("sft-shuffled", "vanilla"): (pytest.approx(-0.3), pytest.approx(-0.15), 2),
    }
    assert rows["js_low"].null_count() == 3  # two questions


def test_trained_arms_are_compared_with_each_other_and_with_other_models():
    """Questions differ by 0.8, arms by 0.09 to 0.11 in each: unpaired intervals would overlap."""
    hard = [0.0, 0.2, 0.4, 0.6, 0.8]
    shift = [0.09, 0.095, 0.1, 0.105, 0.11]
    moved = [[x + k * d for x, d in zip(hard, shift, strict=True)] for k in (1, 2)]
    big = scores(vanilla=hard).with_columns(model=pl.lit("b"))
    rows = rows_of(pl.concat([scores(ppo=moved[0], sft=moved[1]), big]))
    found = {
        (r["model"], r["method"], r["minus_model"], r["minus_method"]): (r["js_low"], r["js_high"])
        for r in rows.to_dicts()
    }
    # deviation 0.0079057, t(0.975, 4) = 2.7764
    half = 2.7764 * 0.0079057 / 5**0.5
    assert found == {
        ("m", "ppo", "m", "sft"): pytest.approx((-0.1 - half, -0.1 + half), abs=1e-5),
        ("m", "sft", "b", "vanilla"): pytest.approx((0.2 - 2 * half, 0.2 + 2 * half), abs=1e-5),
        ("m", "ppo", "b", "vanilla"): pytest.approx((0.1 - half, 0.1 + half), abs=1e-5),
    }


def test_shares_below_a_distance_are_paired_too():
    rows = rows_of(scores(vanilla=[0.5, 0.25, 0.45, 0.6], sft=[0.1, 0.25, 0.45, 0.25]))
    row = rows.row(0, named=True)
    assert [row[f"js_below_{x}"] for x in (0.2, 0.3, 0.4, 0.5)] == [0.25, 0.5, 0.5, 0.5]


def test_each_arm_has_the_mass_of_its_labels_on_its_side():
    sft = rows_of(ALL.with_columns(mass=pl.when(method="sft").then(0.25).otherwise("mass")))
    sft = sft.filter(method="sft", minus_method="vanilla", scoring="plain")
    assert set(sft.select("mass", "low_mass", "minus_mass", "low_minus_mass").rows()) == {
        (0.25, True, 0.9, False)
    }
    turned = _mirrored(sft)
    assert set(turned.select("mass", "low_mass", "minus_mass", "low_minus_mass").rows()) == {
        (0.9, False, 0.25, True)
    }


def test_the_table_is_written_with_labels_and_the_csv_in_both_directions(written):
    big = scores(vanilla=[0.4, 0.6]).with_columns(model=pl.lit("b"))
    rows = rows_of(pl.concat([ALL, big])).with_columns(js_low=-0.5, js_high=-0.1)
    _, shown, table = written(write_contrasts, rows, LABELS, {"USA": "US"}, ENGINES)
    text = str(shown)
    assert "SFT − SFT, shuffled" in text and "Big" not in text and len(shown) == 3
    assert len(table) == 2 * 6
    names = ("M Type", "minus M Type", "minus M Class")

    def row(*values):
        where = dict(zip(names, values, strict=True))
        return table.filter(**{"M Class": "Small", "Nation": "US"}, **where).row(0, named=True)

    turned, there = row("Vanilla", "SFT", "Small"), row("SFT", "Vanilla", "Small")
    across = row("SFT", "Vanilla", "Big")
    assert (across["engine"], across["minus_engine"]) == ("hf", "vllm")
    assert turned["js"] == -there["js"] == pytest.approx(0.3)
    assert (turned["js_low"], turned["js_high"]) == (-there["js_high"], -there["js_low"])
