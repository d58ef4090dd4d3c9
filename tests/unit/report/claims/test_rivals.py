"""What a claim has to beat: swapped adapters, the uniform answer; what the tables lack."""

import polars as pl
import pytest

from culturalign.report.claims import claims_table
from culturalign.report.claims.shift_claims import BETTER, FIGURES, WORSE
from culturalign.report.claims.verdicts import (
    CONTRADICTED,
    SUPPORTED,
    UNATTRIBUTED,
    UNTESTABLE,
)
from tests.unit.report.claims.small_world import CONTROL, outcomes, world

ARMS = {"vanilla": "Vanilla", "sft": "SFT", CONTROL: "SFT, shuffled cues", "sft@us": "SFT, US"}


def topics(places, **changes):
    """Figures 12 and 13: what each arm changes in some topics, give or take 0.01; SFT minus
    uniform and by place; methods with an @ are written with a 0."""
    uniform, by_place = (changes.pop(name, -0.1) for name in ("uniform", "by_place"))
    changes = {name.replace("0", "@"): change for name, change in changes.items()}
    changes = {"sft": -0.2, CONTROL: 0.0} | changes
    rows = [
        {"M Class": "Qwen", "method": method, "state": ARMS[method], "topic": topic}
        | {"figure": figure} | ends("difference", change) | ends("minus_uniform", uniform)
        | ends("minus_by_place", by_place)
        for figure, topic in places
        for method, change in changes.items()
    ]  # fmt: skip
    table = pl.DataFrame(rows)
    return {figure: table.filter(figure=figure).drop("figure") for figure in FIGURES}


def ends(name, value):
    return {name: value, f"{name}_low": value - 0.01, f"{name}_high": value + 0.01}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, SUPPORTED),
        ({"sft0us": -0.1}, SUPPORTED),
        ({"sft0us": -0.2}, UNATTRIBUTED),
        ({"uniform": 0.0}, UNATTRIBUTED),
        ({"by_place": 0.0}, UNATTRIBUTED),
        ({"sft": 0.2}, CONTRADICTED),
    ],
    ids=["all beaten", "the swap too", "the swap does as well", "uniform does as well",
         "by place does as well", "worse"],
)  # fmt: skip
def test_a_claim_about_topics_has_to_beat_the_swap_and_answers_without_a_model(changes, status):
    found = outcomes(world(topics(BETTER, **changes)), ["topics_better"])
    assert found["topics_better", "Qwen"].status == status


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"sft": 0.2}, SUPPORTED), ({"sft": 0.2, "sft0us": 0.2}, UNATTRIBUTED)],
)
def test_harm_by_associations_is_more_than_harm_by_any(changes, status):
    found = outcomes(world(topics(WORSE, **changes)), ["topics_worse"])
    assert found["topics_worse", "Qwen"].status == status


def english(uniform=(0.1, 0.3), by_place=(0.1, 0.3), **gains):
    """Differences of SFT, in JS and EMD, per place and rival, give or take 0.01; gain over uniform,
    and over the average by place, in the US and in ZH."""
    rows = [
        {"M Type": "SFT", "M Class": "Qwen", "minus M Class": "Qwen", "Nation": place,
         "minus_method": minus, "minus M Type": ARMS.get(minus, minus), "scoring": "plain",
         "method": "sft"} | ends("js", value) | ends("emd", value)
        for place, pairs in gains.items()
        for minus, value in pairs.items()
    ]  # fmt: skip
    own = [
        {"M Type": "SFT", "M Class": "Qwen", "Nation": place, "scoring": "plain", "mass": 0.9,
         "method": "sft"} | ends("js_gain", gain) | ends("emd_gain", gain)
        | ends("js_gain_place", placed) | ends("emd_gain_place", placed)
        for place, gain, placed in zip(("US", "ZH"), uniform, by_place, strict=True)
    ]  # fmt: skip
    return {"table7_contrasts": pl.DataFrame(rows), "table7": pl.DataFrame(own)}


SMALL, LARGE = {"vanilla": -0.1, CONTROL: -0.1}, {"vanilla": -0.3, CONTROL: -0.3}


@pytest.mark.parametrize(
    ("us", "zh", "status"),
    [
        ({}, {}, SUPPORTED),
        ({"sft@cn": -0.1}, {"sft@us": -0.3}, SUPPORTED),
        ({"sft@cn": -0.3}, {"sft@us": -0.3}, UNATTRIBUTED),
        ({"sft@cn": -0.1}, {}, UNATTRIBUTED),
        ({"sft@de": -0.3}, {"sft@de": -0.3}, UNATTRIBUTED),
    ],
    ids=["no swap", "less over the swap too", "as much over the swap", "one swap only",
         "as much over a third culture"],
)  # fmt: skip
def test_less_in_english_has_to_be_less_over_the_swap_too(us, zh, status):
    run = world(english(US=SMALL | us, ZH=LARGE | zh), models=["Qwen"])
    assert outcomes(run, ["smaller_in_english"])["smaller_in_english", "Qwen"].status == status


@pytest.mark.parametrize(
    ("uniform", "status"),
    [((0.1, 0.3), SUPPORTED), ((0.0, 0.0), UNATTRIBUTED), ((-0.3, -0.1), UNATTRIBUTED)],
    ids=["people are known", "flat in both", "peaked in both, and worse in English"],
)
def test_less_in_english_is_not_earned_by_flat_answers_nor_by_peaked_ones(uniform, status):
    for gains in ({"uniform": uniform}, {"by_place": uniform}):
        run = world(english(**gains, US=SMALL, ZH=LARGE), models=["Qwen"])
        assert outcomes(run, ["smaller_in_english"])["smaller_in_english", "Qwen"].status == status


@pytest.mark.parametrize("rival", ["first", "majority", "uniform"])
def test_role_play_has_to_beat_what_does_not_regard_who_is_asked(results, rival):
    table = results["personas_contrasts"]
    assert outcomes(world(results), ["clca_english"])["clca_english", "Llama"].status == SUPPORTED
    even = pl.when(minus=rival).then(0.01).otherwise("high")
    tables = results | {"personas_contrasts": table.with_columns(high=even)}
    found = outcomes(world(tables), ["clca_english"])["clca_english", "Llama"]
    assert found.status == UNATTRIBUTED


NAMES = {
    "english_above_mandarin": "Llama",
    "llama_associations": "Llama",
    "qwen_above_llama": "Qwen",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_list_without_a_model_takes_the_credit_for_a_lead(results, name):
    """Of one culture's cues over the other's, or of a model over one that writes worse lists."""
    key = name, NAMES[name]
    assert outcomes(world(results), [name])[key].status == SUPPORTED
    ends = ("mean", "low", "high")
    listed = pl.col("M Class") == "-"
    easy = [pl.when(listed).then(pl.lit(0.75)).otherwise(x).alias(x) for x in ends]
    table = "table2" if name == "qwen_above_llama" else "table1"
    tables = results | {table: results[table].with_columns(easy)}
    assert outcomes(world(tables), [name])[key].status == UNATTRIBUTED


def test_what_the_tables_lack_to_attribute_a_claim_is_said(results):
    """Not a traceback: nearer to people than whom is in a table that was not built."""
    lacking = {name: table for name, table in results.items() if name != "table5_contrasts"}
    found = outcomes(world(lacking), ["valence_english"])["valence_english", "Llama"]
    assert (found.status, found.parts, found.p) == (UNTESTABLE, {}, None)
    assert found.why == "table5_contrasts is not built"
    worse = results["table5_tests"].with_columns(difference=3.0, difference_low=2.0,
                                                 difference_high=4.0)  # fmt: skip
    found = outcomes(world(lacking | {"table5_tests": worse}), ["valence_english"])
    claim = found["valence_english", "Llama"]
    assert claim.status == CONTRADICTED  # whatever it had to beat
    assert claim.rivals[""].text == "not shown, table5_contrasts is not built"


def test_answers_with_little_on_the_labels_are_remarked_on(results, written):
    """A model that hardly answers has shares that mean little, however near they are."""
    table = results["table7"]
    weak = pl.when(pl.col("M Type") == "SFT", pl.col("Nation") == "ZH").then(0.004)
    tables = results | {"table7": table.with_columns(mass=weak.otherwise("mass"))}
    found = outcomes(world(tables), ["sft_values_mandarin", "topics_better", "sft_mandarin"])
    claim = found["sft_values_mandarin", "Qwen"]
    assert claim.labels == {"SFT": 0.004, "Vanilla": 0.9}  # of the plain order
    _, shown, rows = written(claims_table.write_claims, found.values(), world(tables))
    (row,) = [r for r in shown if r[1] == claim.claim.statement and r[2] == "Qwen"]
    assert row[6] == "supported (one training run; SFT hardly answers with the labels)"
    assert row[5].endswith("; probability of the labels: SFT 0.004, Vanilla 0.900")
    labels = dict(rows.select("id", "labels").unique().iter_rows())
    assert labels == {"sft_values_mandarin": 0.004, "topics_better": None, "sft_mandarin": None}
    before = outcomes(world(results), ["sft_values_mandarin"])["sft_values_mandarin", "Qwen"]
    assert claims_table._said(before, world(results)) == "supported (one training run)"
