"""Readings of a ranking's worth, worked out by hand."""

import pytest

from culturalign.data.normalize import normalize
from culturalign.files.jsonl import write_jsonl
from culturalign.report.readings.ranking_readings import ranking_rows

LABELS = {"models": {"m": "Small"}, "methods": {"sft": "SFT"}, "cultures": {"us": "US"}}


def found(tmp_path, counts, text):
    path = tmp_path / "m" / "us-sft-seed0" / "rankings.us.jsonl"
    path.parent.mkdir(parents=True)
    write_jsonl([{"cue": "dog", "candidates": sorted(counts), "text": text}], path)
    table = ranking_rows([path], LABELS, {"us": normalize}, {"us": {"dog": counts}})
    assert table["of"].unique().to_list() == ["Small, SFT, US"]
    return {r["id"]: [r["written"], r["run"], r["sound"]] for r in table.iter_rows(named=True)}


def test_missing_words_cost_all_nothing_or_their_mean_place(tmp_path):
    # places 1, 2 of the answer are right; the other two are padded with 5, so that nothing is wrong
    # but their tie: ranks 1, 2, 3.5, 3.5 against 1, 2, 3, 4
    tied = 4.5 / (5 * 4.5) ** 0.5
    counts = {"cat": 9, "bone": 5, "tail": 2, "walk": 1}
    values = found(tmp_path, counts, "1. cat\n2. bone")["missing"]
    # over both orders of the last two: the mean of rho 1 and rho .8
    assert values == pytest.approx([-1, tied, 0.9])


def test_without_equal_counts_nothing_is_said_of_them(tmp_path):
    values = found(tmp_path, {"cat": 3, "tail": 2, "bone": 1}, "1. cat\n2. bone\n3. tail")
    assert set(values) == {"missing"}


def test_equal_counts_share_a_rank_or_have_that_of_the_file(tmp_path):
    counts = {"cat": 3, "tail": 1, "bone": 1}  # tail stands before bone in the associations
    values = found(tmp_path, counts, "1. cat\n2. bone\n3. tail")["ties"]
    # ranks 1, 2, 3 against 1, 2.5, 2.5: rho .866, which is all that can be reached;
    # against the strict 1, 3, 2: rho .5
    assert values == pytest.approx([0.75**0.5, 0.5, 1.0])
