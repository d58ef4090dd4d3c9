import polars as pl
import pytest

from culturalign.data.authors_counts import COUNTS, compare, count_pairs


def test_pairs_are_different_and_spread_over_cues_as_in_the_notebooks():
    rows = [("cat", "dog"), ("cat", "dog"), ("cat", "milk"), ("cat", "fur"), ("sun", "moon")]
    counts = count_pairs(4, pl.DataFrame(rows, schema=["cue", "response"], orient="row"))
    # 3 and 1 different responses; the standard deviation of these two is the square root of 2
    expected = {
        "trials kept": 4,
        "cues": 2,
        "pairs": 4,
        "responses a cue": 2.0,
        "standard deviation": 2**0.5,
    }
    assert counts == pytest.approx(expected)


def test_their_means_are_those_of_their_counts():
    for counts in COUNTS.values():
        if "pairs" in counts:
            assert counts["pairs"] / counts["cues"] == pytest.approx(
                counts["responses a cue"], abs=0.005
            )


def test_only_the_release_and_filter_that_they_used_is_compared():
    found = {
        "cues": 10_020,
        "pairs": 800_000,
        "responses a cue": 79.84,
        "standard deviation": 12.5,
        "trials kept": 5,
    }
    assert compare("SWOW-ZH R55", {"country": []}, found) == (
        "10,020 cues (the paper's authors: 10,024), 800,000 pairs (the paper's authors: 809,620), "
        "79.84 responses a cue (the paper's authors: 80.77), "
        "12.50 standard deviation (the paper's authors: 12.99)"
    )
    both = {"country": ["United States"], "native_language": ["United States"]}
    assert compare("SWOW-EN R100", both, found) == "5 trials kept (the paper's authors: 604,342)"
    assert compare("SWOW-EN R123 strengths", {"country": []}, found).startswith(
        "10,020 cues (the paper's authors: 12,272), 800,000 pairs (the paper's authors: 1,384"
    )
    assert compare("SWOW-EN complete", both, found) is None
    assert compare("SWOW-EN R100", {"country": ["Canada"]}, found) is None
