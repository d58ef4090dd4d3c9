"""Published norms and the human side of tables 5 and 6 on real files."""

import os
from pathlib import Path

import polars as pl
import pytest
import yaml

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.data import associations, swow
from culturalign.data.norms import ratings
from culturalign.report.attributes import attribute_tables, human_table, likeness, profile
from culturalign.scores import human_attributes, norm_lookup
from tests import tiny

DATA = Path(os.environ.get("CULTURALIGN_REAL_DATA", tiny.ROOT / "../shared/data/real")).resolve()
pytestmark = pytest.mark.skipif(
    not (DATA / "Ratings_Warriner_et_al.csv").exists(),
    reason="no norm files; set CULTURALIGN_REAL_DATA to their folder (docs/data.md)",
)
US = {"country": ["United States"], "native_language": ["United States"]}
SETTINGS = Norms(
    **yaml.safe_load((tiny.ROOT / "config/real.yaml").read_text(encoding="utf-8"))["norms"]
)


def prepared(language):
    found = []
    for norm in SETTINGS.files[language]:
        path = DATA / Path(norm.file).name
        found.append((norm, path if path.exists() else None))
    mandarin = language == "zh"
    return ratings.prepare_norms(found, simplify_chinese=mandarin, merge_erhua=mandarin)


def test_the_english_norms_are_read_whole():
    table, found = prepared("en")
    kept = {norm.attribute: norm.account.kept for norm in found}
    # Warriner rates ten words twice, with and without a capital
    assert kept == {"valence": 13_905, "arousal": 13_905, "concreteness": 39_954}
    assert found[0].account.dropped["repeated word"] == 10
    assert table.filter(word="null")["concreteness"].null_count() == 0  # it is a word


def test_mandarin_norms_that_are_absent_are_named():
    table, found = prepared("zh")
    if ratings.available(table):
        pytest.skip("the Mandarin norms are there")
    assert [norm.missing for norm in found] == [True] * 3


def test_the_human_row_on_the_us_cues_under_three_definitions():
    """Values worked out independently (top 10: 90.1, 78/20/2; R1: 88.0; all: 84.7, 68/27/5)."""
    responses = swow.prepare_culture(DATA / "SWOW-EN.complete.csv", US, culture="us").responses
    counted = associations.count_associations(responses, seed=0)
    splits = counted.select("cue").unique().with_columns(split=pl.lit("test"))
    scores = human_attributes.score_humans(
        responses, counted, splits, prepared("en")[0],
        lemmatize=norm_lookup.lemmatizer_of("simplemma", "en"), first=10, concrete_from=3.0, seed=0,
    )  # fmt: skip
    rows = human_table.human_rows(scores, Evaluation(resamples=1000)).filter(cues="all")
    found = {(r["reading"], r["measure"]): r for r in rows.iter_rows(named=True)}
    for reading, shares in {
        human_attributes.DEFAULT: {
            "emotional": 0.901,
            "concrete": 0.78,
            "abstract": 0.20,
            "unknown": 0.02,
        },
        "first responses": {"emotional": 0.880},
        "all": {"emotional": 0.847, "concrete": 0.68, "abstract": 0.27, "unknown": 0.05},
    }.items():
        for measure, value in shares.items():
            assert found[reading, measure]["mean"] == pytest.approx(value, abs=0.006), measure
    assert found[human_attributes.DEFAULT, "valence"]["n_cues"] == 187
    for name in ("valence", "arousal", "concreteness"):
        row = found[human_attributes.DEFAULT, name]
        print(f"\n{name}: {row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]")


def test_human_lists_of_other_cues_and_one_for_all_are_not_human_level_but_half_the_people_are():
    """On the means alone, lists of other US cues are equivalent to those of people."""
    responses = swow.prepare_culture(DATA / "SWOW-EN.complete.csv", US, culture="us").responses
    counted = associations.count_associations(responses, seed=0)
    splits = counted.select("cue").unique().with_columns(split=pl.lit("test"))
    norms, options = prepared("en")[0], Norms(files={})
    given = {"lemmatize": None, "first": 10, "concrete_from": 3.0, "seed": 0}
    halves = human_attributes.score_halves(responses, splits, norms, repeats=10, **given)
    everyone = human_attributes.score_humans(responses, counted, splits, norms, **given)
    everyone = everyone.filter(reading=human_attributes.DEFAULT).drop("reading")
    people = attribute_tables.as_reference(everyone.drop("split"))
    one = halves.filter(repeat=0).select("cue", "attribute", half="first")
    half = everyone.drop("split").join(one, on=["cue", "attribute"])
    half = attribute_tables.as_reference(half.with_columns(median="half").drop("half"), "half")
    noise, found = likeness.noise(halves), {"half": [], "shuffled": [], "constant": []}
    both = pl.concat([everyone, everyone.with_columns(split=pl.lit("train"))])
    equal = []
    for seed in range(20):
        parts = attribute_tables.zero_knowledge(everyone.drop("split"), both, seed)
        values = profile.measures(pl.concat([people, half, *parts], how="diagonal"))
        rows = profile.against_humans(values, Evaluation(), options, noise)
        for row in rows.iter_rows(named=True):
            found[row["method"]].append(row["human_level"])
            equal += [row["equivalent"]] * (row["method"] == "shuffled")
        if seed == 0:
            print(rows.select("method", "measure", "difference", "margin", "r", "ratio_low"))
    assert all(found["half"])
    assert sum(found["shuffled"]) + sum(found["constant"]) == 0
    assert sum(equal) > 0
