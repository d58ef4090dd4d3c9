import polars as pl
import pytest

from culturalign.data.swow_release import UNKNOWN, FileSizes, add_up, count_sizes, identify_swow


def trials(cues, per_cue, third="dog"):
    rows = [(cue, f"p{n}", third) for cue in cues for n in range(per_cue)]
    return pl.DataFrame(rows, schema=["cue", "participant", "R3"], orient="row")


def identify(*tables, name="SWOW-EN", **options):
    return identify_swow(add_up([count_sizes(table) for table in tables]), name, **options)


@pytest.mark.parametrize(("cues", "per_cue", "third", "name", "detail"), [
    (["cat", "dog"], 100, "No more responses", "SWOW-EN R100", "2019 or later"),
    (["cat", "dog"], 100, "#Missing", "SWOW-EN R100", "2018"),
    (["cat", "dog"], 47, "#Unknown", "SWOW-EN complete", "2018"),
    (["cat", "dog"], 3, "x", "SWOW-EN complete", "no missing tokens"),
    (["猫", "狗"], 55, "没有了", "SWOW-ZH R55", ""),
    (["猫", "狗"], 49, "没有了", "SWOW-ZH raw", ""),
    (["mar", "sol"], 70, "No más respuestas", "SWOW-RP R70", ""),
    (["mar", "sol"], 20, "No más respuestas", "SWOW-RP complete", ""),
    (["ei", "tal"], 20, "x", "SWOW-DE complete", ""),
    (["ei", "dal"], 20, "x", "SWOW-NL complete", ""),
    (["mer", "sel"], 20, "x", "SWOW-FR trials", UNKNOWN),
    (["mer", "sel"], 60, "x", "SWOW-FR R60", UNKNOWN),
])  # fmt: skip
def test_releases_are_identified_by_content(cues, per_cue, third, name, detail):
    found = identify(trials(cues, per_cue, third), name=name.split()[0])
    assert (found.name, found.detail) == (name, detail)
    assert found.sizes == {"rows": 2 * per_cue, "cues": 2, "participants": per_cue}


@pytest.mark.parametrize(("counts", "name"), [
    ([55, 55, 55, 54, 51], "R55"),  # empty trials removed
    ([55, 55, 54, 54, 51], "raw"), ([55, 55, 55, 54, 56], "raw"), ([49, 49, 49, 48, 48], "raw"),
])  # fmt: skip
def test_a_balanced_release_without_its_empty_trials_is_still_that_release(counts, name):
    parts = [trials([f"词{n}"], count) for n, count in enumerate(counts)]
    assert identify(*parts, name="SWOW-ZH").name == f"SWOW-ZH {name}"


def test_parts_of_a_file_make_the_census_of_the_whole_and_a_cut_end_is_odd():
    first, second = trials(["cat"], 60), trials(["cat", "dog"], 40)
    assert identify(first, second) == identify(pl.concat([first, second]))
    assert "perhaps cut short" in identify(first, complete=False).odd[-1]


@pytest.mark.parametrize(("name", "rows", "cues", "odd"), [
    ("SWOW-RP", 1_250_000, 13_500, []),
    ("SWOW-RP", 600, 30, ["600 rows, the official file has over 1,200,000: not all of it",
                          "30 cues, the official file has over 13,000: not all of it"]),
    ("SWOW-RP", 6_000, 13_500, ["6,000 rows, the official file has over 1,200,000: not all of it"]),
    ("SWOW-DE", 600_000, 5_800, []),
    ("SWOW-DE", 600, 30, ["30 cues, the official file has 5,877: a subset, or cut short"]),
    ("SWOW-NL", 600, 30, ["30 cues, the official file has over 12,000: not all of it"]),
    ("SWOW-FR", 600, 30, []),
])  # fmt: skip
def test_the_size_of_every_language_is_checked_where_it_is_known(name, rows, cues, odd):
    counts = pl.DataFrame(
        {"cue": [str(n) for n in range(cues)], "count": [n % 90 for n in range(cues)]}
    )
    found = identify_swow(FileSizes(rows, counts, pl.Series(["p"]), frozenset()), name)
    assert found.odd == odd


def test_a_number_of_trials_a_cue_that_no_official_file_has_is_odd():
    found = identify(trials(["mar", "sol"], 60), name="SWOW-RP")
    assert (found.name, found.odd[-1]) == (
        "SWOW-RP R60", "60 trials a cue, as in none of SWOW-RP complete, SWOW-RP R70: a selection?"
    )  # fmt: skip
