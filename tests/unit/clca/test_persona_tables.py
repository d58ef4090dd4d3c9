import numpy as np
import polars as pl
import pytest

from culturalign.clca.persona_tables import arm_rows, pair_rows, write_arms, write_pairs
from culturalign.intervals import Interval

LABELS = {
    "models": {"m": "Model"},
    "methods": {"sft": "SFT", "clca": "CLCA"},
    "cultures": {"us": "US"},
}


def interval(values):
    return Interval(float(np.mean(values)), float(min(values)), float(max(values)), len(values))


def scores(method, seed, accuracy, js):
    n = len(accuracy)
    return pl.DataFrame(
        {
            "culture": ["us"] * n,
            "model": ["m"] * n,
            "method": [method] * n,
            "seed": [seed] * n,
            "question": [f"Q{i}" for i in range(n)],
            "n": [10] * n,
            "accuracy": accuracy,
            "accuracy_valid": accuracy,
            "validity": [1.0] * n,
            "same": [1.0] * n,
            "js": js,
            "kl": js,
            "emd": js,
        },
        schema_overrides={"seed": pl.Int64, "js": pl.Float64, "kl": pl.Float64, "emd": pl.Float64},
    )


ALL = pl.concat(
    [
        scores("vanilla", None, [0.2, 0.4], [0.5, None]),
        scores("sft", 0, [0.4, 0.6], [0.4, 0.3]),
        scores("sft", 1, [0.6, 0.6], [0.2, 0.3]),
        scores("clca", 0, [0.2, 0.4], [0.5, 0.5]),
    ]
)


def test_seeds_are_averaged_before_questions_and_missing_ones_counted():
    rows = {row["method"]: row for row in arm_rows(ALL, interval).iter_rows(named=True)}
    assert rows["sft"]["accuracy"] == pytest.approx((0.5 + 0.6) / 2)
    assert rows["sft"]["js_low"] == pytest.approx(0.3)
    assert (rows["vanilla"]["js"], rows["vanilla"]["js_n"]) == (0.5, 1)
    assert rows["vanilla"]["pairs"] == 20


def test_every_pair_is_compared_on_the_questions_both_have():
    rows = pair_rows(ALL, ["vanilla", "sft", "clca"], interval)
    found = {(r["method"], r["minus"], r["measure"]): r for r in rows.iter_rows(named=True)}
    assert len(found) == 3 * 4
    gain = found["sft", "vanilla", "accuracy"]
    assert gain["difference"] == pytest.approx(0.25) and gain["n"] == 2
    assert found["sft", "vanilla", "js"]["n"] == 1
    assert found["clca", "vanilla", "accuracy"]["p"] == 1
    # three pairs of one measure: the smallest p is multiplied by three, at most 1
    assert gain["p_holm"] == pytest.approx(min(1, 3 * gain["p"]))


def test_tables_are_written_with_how_each_arm_was_asked(tmp_path):
    asked = {"vanilla": "nobody", "sft": "respondent", "clca": "respondent"}
    write_arms(str(tmp_path / "a"), arm_rows(ALL, interval), LABELS, asked)
    lines = (tmp_path / "a.md").read_text(encoding="utf-8").splitlines()[2:]
    assert [line.split("|")[3].strip() for line in lines] == ["Vanilla", "SFT", "CLCA"]
    assert "nobody" in lines[0]


def test_constant_answers_stand_at_the_end_and_are_no_arm(tmp_path):
    asked = {"vanilla": "nobody", "sft": "respondent", "clca": "respondent"}
    constant = scores("majority", None, [0.9, 0.9], [0.1, 0.1]).with_columns(model=pl.lit("-"))
    both = pl.concat([ALL, constant])
    write_arms(str(tmp_path / "a"), arm_rows(both, interval), LABELS, asked)
    last = (tmp_path / "a.md").read_text(encoding="utf-8").splitlines()[-1]
    cells = [cell.strip() for cell in last.split("|")[1:6]]
    assert cells[:4] == ["US", "-", "Always people's commonest answer", "-"]
    assert cells[4].startswith("0.900")
    assert pair_rows(both, list(asked), interval).equals(pair_rows(ALL, list(asked), interval))


def test_a_pair_says_as_whom_both_sides_were_asked(tmp_path):
    asked = {"vanilla": "nobody", "sft": "respondent", "clca": "respondent"}
    pairs = pair_rows(ALL, list(asked), interval)
    write_pairs(str(tmp_path / "p"), pairs, LABELS, asked)
    lines = (tmp_path / "p.md").read_text(encoding="utf-8").splitlines()[2:]
    shown = {tuple(cell.strip() for cell in line.split("|")[3:5]) for line in lines}
    assert shown == {
        ("SFT − Vanilla", "respondent − nobody"),
        ("CLCA − Vanilla", "respondent − nobody"),
        ("CLCA − SFT", "respondent − respondent"),
    }
    first = (
        pl.read_csv(tmp_path / "p.csv").filter(method="clca", minus="vanilla").row(0, named=True)
    )
    assert (first["asked"], first["asked_minus"]) == ("respondent", "nobody")
