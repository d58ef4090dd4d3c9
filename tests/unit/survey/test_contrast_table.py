from functools import partial

import polars as pl
import pytest

from culturalign.intervals import bootstrap_mean
from culturalign.survey.contrast_table import contrast_rows, write_contrasts

INTERVAL = partial(bootstrap_mean, resamples=200, confidence=0.95, seed=0)
LABELS = {
    "models": {"m": "Small"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled"},
    "cultures": {"us": "US"},
}


def scores(**by_method: list[float]) -> pl.DataFrame:
    """Method -> JS distance of Q1, Q2; EMD is half of it; one seed, the USA, plain."""
    rows = [
        ("m", None if method == "vanilla" else "us", method, 0, f"Q{n}", "USA", "plain", js, js / 2)
        for method, values in by_method.items()
        for n, js in enumerate(values, 1)
    ]
    names = ["model", "culture", "method", "seed", "question", "country", "scoring", "js", "emd"]
    return pl.DataFrame(rows, schema=names, orient="row")


ALL = scores(vanilla=[0.5, 0.7], sft=[0.3, 0.3], **{"sft-shuffled": [0.2, 0.4]})


def test_differences_are_paired_by_question():
    rows = contrast_rows(ALL, INTERVAL, {"USA": "US"}, ["sft-shuffled"])
    found = {(r["method"], r["minus"]): (r["js"], r["emd"], r["n"]) for r in rows.to_dicts()}
    assert found == {
        ("sft", "vanilla"): (pytest.approx(-0.3), pytest.approx(-0.15), 2),
        ("sft", "sft-shuffled"): (pytest.approx(0), pytest.approx(0), 2),
        ("sft-shuffled", "vanilla"): (pytest.approx(-0.3), pytest.approx(-0.15), 2),
    }
    control = rows.filter(minus="sft-shuffled").row(0, named=True)
    assert (control["js_low"], control["js_high"]) == pytest.approx((-0.1, 0.1))


def test_the_table_is_written_with_labels(tmp_path):
    rows = contrast_rows(ALL, INTERVAL, {"USA": "US"}, ["sft-shuffled"])
    write_contrasts(str(tmp_path / "table7_contrasts"), rows, LABELS, {"USA": "US"})
    text = (tmp_path / "table7_contrasts.md").read_text(encoding="utf-8")
    assert "SFT − SFT, shuffled" in text
    assert len(pl.read_csv(tmp_path / "table7_contrasts.csv")) == 3
