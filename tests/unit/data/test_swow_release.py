import polars as pl
import pytest

from culturalign.data.swow_release import add_up, count_sizes, identify_swow


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
