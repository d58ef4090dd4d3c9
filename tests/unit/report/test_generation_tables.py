"""Tables 1 and 2, and the tables next to them: rows, order, labels and numbers."""

from functools import partial
from itertools import pairwise

import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report import generation_tables as tables
from tests.unit.report.labels import LABELS, lists_file

EVALUATION = Evaluation(precision_at=[1, 2], lower=2, upper=2, resamples=200)
CONTROLS = ["sft-shuffled"]
SCORES = ["precision", "topk_overlap", "precision_half", "topk_overlap_half"]
SCHEMA = {"culture": pl.String, "model": pl.String, "method": pl.String, "seed": pl.Int64,
          "prompt": pl.String, "decoding": pl.String, "cue": pl.String, "k": pl.Int64,
          **dict.fromkeys(SCORES, pl.Float64), "parsable": pl.Boolean,
          "order_rho": pl.Float64}  # fmt: skip


def arm(model, method, value, *, seed=None, culture="us", prompt="complex", decoding="greedy"):
    """Two cues; precision is ``value`` at K=1 and half of it at K=2, equal for both cues.

    The other scores are 0.1, 0.2 and 0.3 below it, so that a column taken for another shows.
    """
    rows = [
        (
            culture,
            model,
            method,
            seed,
            prompt,
            decoding,
            cue,
            k,
            v,
            v - 0.1,
            v - 0.2,
            v - 0.3,
            True,
            v if cue == "dog" else None,
        )
        for cue in ("dog", "sun")
        for k, v in ((1, value), (2, value / 2))
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def references(culture="us"):
    """As scored: humans have no score against all humans; both have neither model nor seed."""
    human = arm("-", "human", 0.8, culture=culture).drop("precision", "topk_overlap")
    frequent = arm("-", "frequent", 0.3, culture=culture)
    both = pl.concat([human, frequent], how="diagonal")
    return both.drop("seed", "prompt", "decoding", "parsable", "order_rho")


VANILLA, SFT = arm("llama", "vanilla", 0.2), arm("llama", "sft", 0.6, seed=0)
ALL = pl.concat(
    [VANILLA, SFT, arm("llama", "sft-shuffled", 0.4, seed=0), references()], how="diagonal"
)
UNTRAINED = ALL.filter(pl.col("method").is_in(["vanilla", "human", "frequent"]))


def point(value):
    """The cell of two cues, which have no interval."""
    return f"{value:.3f}"


def test_scores_of_arms_and_references_are_read_into_one_table(tmp_path):
    SFT.write_parquet(tmp_path / "a.parquet")
    references().drop("model").write_parquet(tmp_path / "r.parquet")
    found = tables.read_scores([str(tmp_path / "a.parquet")], [str(tmp_path / "r.parquet")])
    counts = found.group_by("model", "method").len().sort("model", "method").rows()
    assert counts == [("-", "frequent", 4), ("-", "human", 4), ("llama", "sft", 4)]
    assert found.filter(method="human")["precision"].null_count() == 4
    assert found.filter(model="-")["seed"].null_count() == 8


def test_the_main_table_has_the_papers_columns_and_its_csv_every_number(written):
    both = pl.concat([SFT, VANILLA])
    header, rows, table = written(tables.write_main, both, LABELS, EVALUATION)
    assert header == ["M Type", "M Class", "SWOW", "P@1", "P@2"]
    # precision at K=2 is half of that at K=1; vanilla has no training data
    assert rows == [
        ["Vanilla", "Llama", "-", point(0.2), point(0.1)],
        ["SFT", "Llama", "US", point(0.6), point(0.3)],
    ]
    assert table.columns[:3] == ["M Type", "M Class", "SWOW"]
    assert table.select("M Type", "k", "mean", "n_cues").rows() == [
        ("Vanilla", 1, 0.2, 2), ("Vanilla", 2, 0.1, 2), ("SFT", 1, 0.6, 2), ("SFT", 2, 0.3, 2),
    ]  # fmt: skip


def test_the_main_table_has_a_row_for_each_list_of_zero_knowledge_and_none_for_half_of_the_humans(
    written,
):
    backward = arm("-", "backward", 0.5).drop("seed", "prompt", "decoding", "parsable")
    both = pl.concat([ALL, backward], how="diagonal")
    rows = written(tables.write_main, both, LABELS, EVALUATION)[1]
    assert rows[-2:] == [
        ["Most frequent responses", "-", "-", point(0.3), point(0.15)],
        ["Backward counting", "-", "-", point(0.5), point(0.25)],
    ]
    assert len(rows) == 5


def test_seeds_of_an_arm_are_one_row_with_their_spread(written):
    scores = pl.concat([arm("llama", "sft", 0.4, seed=0), arm("llama", "sft", 0.6, seed=1)])
    # seeds 0.4 and 0.6: mean 0.5, standard deviation sqrt(2 x 0.1^2) = 0.141; half of it at K=2
    cells = [point(0.5), point(0.25)]
    rows = written(tables.write_main, scores, LABELS, EVALUATION)[1]
    assert rows == [["SFT", "Llama", "US", *cells]]


def test_contrasts_are_sft_minus_vanilla_minus_control_and_minus_the_frequent_words(written):
    header, rows, _ = written(tables.write_contrasts, ALL, LABELS, CONTROLS, EVALUATION)
    assert header == ["M Class", "Difference", "P@1", "P@2", "cues"]
    # 0.6 - 0.2, 0.6 - 0.4, 0.6 - 0.3; half of it at K=2
    assert rows == [
        ["Llama", "SFT − Vanilla", point(0.4), point(0.2), "2"],
        ["Llama", "SFT − SFT, shuffled cues", point(0.2), point(0.1), "2"],
        ["Llama", "SFT − Most frequent responses", point(0.3), point(0.15), "2"],
        ["Llama", "SFT, shuffled cues − Vanilla", point(0.2), point(0.1), "2"],
    ]


def scored_cues(values):
    """Cue -> precision at K = 1 of an arm."""
    rows = [("us", "llama", "sft", 0, cue, 1, value) for cue, value in values.items()]
    names = ["culture", "model", "method", "seed", "cue", "k", "precision"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_cues_of_a_domain_count_as_one_and_other_cues_for_themselves(tmp_path, written):
    """Twins say nothing new: ten cues in five domains have the interval of five cues."""
    values = {"a": 0.2, "b": 0.6, "c": 0.4, "d": 0.4, "e": 1.0}
    twins = {f"{cue}{i}": value for cue, value in values.items() for i in (1, 2)}
    lines = [f"{cue[0]},{cue},{word}" for cue in twins for word in ("x", "y")]
    (tmp_path / "p.csv").write_text("domain,cue,response\n" + "\n".join(lines))
    ends, notes = [], []
    for name, each, domains in (("one", values, []), ("two", twins, [str(tmp_path / "p.csv")])):
        scored_cues(each).write_parquet(tmp_path / f"{name}.parquet")
        scores = tables.read_scores([str(tmp_path / f"{name}.parquet")], domains=domains)
        table = written(tables.write_main, scores, LABELS, EVALUATION)[2]
        ends.append(table.select("mean", "low", "high", "n_clusters").row(0))
        notes.append((tmp_path / "t.md").read_text(encoding="utf-8").splitlines()[-1])
        assert table["n_cues"].item() == len(each)
    assert ends[0] == pytest.approx(ends[1]) and ends[0][1] is not None
    assert notes == [
        "Intervals take cues for independent: the data put them in no groups.",
        "Intervals are over domains, since the cues of one share associates.",
    ]
    scored_cues(values | {"other": 0.1}).write_parquet(tmp_path / "three.parquet")
    found = tables.read_scores([str(tmp_path / "three.parquet")], domains=[str(tmp_path / "p.csv")])
    assert found.filter(cue="other")["cluster"].item() == "other"
    assert len(found) == 6


def test_differences_are_over_domains_too(written):
    cues = {f"{domain}{i}": 0.1 * i + 0.2 * (domain == "a") for domain in "abcdef" for i in (1, 2)}
    better, clusters = {cue: v + 0.1 * (cue[0] < "e") for cue, v in cues.items()}, pl.col("cue")
    scores = pl.concat([scored_cues(better), scored_cues(cues).with_columns(
        method=pl.lit("vanilla"), seed=pl.lit(None, pl.Int64))])  # fmt: skip
    scores = scores.with_columns(cluster=clusters.str.slice(0, 1))
    header, rows, table = written(tables.write_contrasts, scores, LABELS, CONTROLS, EVALUATION)
    assert header[-2:] == ["cues", "domains"] and rows[0][-2:] == ["12", "6"]
    # of six domains four gain 0.1: mean 0.0667, but "one for each value" leaves two clusters
    assert table["low"].item() is None and table["mean"].item() == pytest.approx(0.4 / 6)


def test_without_a_trained_method_the_contrasts_are_an_empty_table(written, tmp_path):
    found = written(tables.write_contrasts, UNTRAINED, LABELS, CONTROLS, EVALUATION)
    assert found[:2] == (["M Class", "Difference", "P@1", "P@2", "cues"], [])
    assert found[2].is_empty()
    assert (tmp_path / "t.tex").is_file()


def test_the_ceiling_shows_all_readings_and_humans_only_against_half(written):
    header, rows, _ = written(tables.write_ceiling, UNTRAINED, LABELS, EVALUATION)
    assert header == ["measure", "M Type", "M Class", "K=1", "K=2"]
    # at K=1 the four readings are v, v - 0.1, v - 0.2, v - 0.3
    assert {tuple(row[:3]): row[3] for row in rows} == {
        ("P@K, all humans", "Vanilla", "Llama"): point(0.2),
        ("P@K, all humans", "Most frequent responses", "-"): point(0.3),
        ("overlap@K, all humans", "Vanilla", "Llama"): point(0.1),
        ("overlap@K, all humans", "Most frequent responses", "-"): point(0.2),
        ("P@K, half of the humans", "Vanilla", "Llama"): point(0.0),
        ("P@K, half of the humans", "Half of the humans", "-"): point(0.6),
        ("P@K, half of the humans", "Most frequent responses", "-"): point(0.1),
        ("overlap@K, half of the humans", "Vanilla", "Llama"): point(-0.1),
        ("overlap@K, half of the humans", "Half of the humans", "-"): point(0.5),
        ("overlap@K, half of the humans", "Most frequent responses", "-"): point(0.0),
    }
    changes = sum(one[0] != other[0] for one, other in pairwise(rows))
    assert changes == 3  # rows of one reading follow each other


def test_the_table_of_lists_shows_quality_and_the_precision_of_parsable_ones(written, tmp_path):
    words = ["cat", "bone", "bark"]
    good = {"cue": "dog", "parsable": True, "truncated": False, "n_items": 4, "words": words}
    bad = {"cue": "sun", "parsable": False, "truncated": True, "n_items": 1, "words": ["cat"]}
    files = [
        lists_file(tmp_path, "llama", "us-sft-seed1", [good, bad]),
        lists_file(tmp_path, "llama", "us-sft-seed2", [good]),
        lists_file(tmp_path, "llama", "vanilla", [bad, bad | {"cue": "dog"}]),
    ]
    # the unparsable list of the trained arm must not enter its mean
    value = pl.when(pl.col("parsable")).then("precision").otherwise(0.0)
    trained = arm("llama", "sft", 0.6, seed=1).with_columns(parsable=pl.col("cue") == "dog")
    other_seed = arm("llama", "sft", 1.0, seed=2).filter(cue="dog")
    vanilla = VANILLA.with_columns(parsable=pl.lit(False))
    scores = pl.concat([trained.with_columns(precision=value), other_seed, vanilla])
    header, rows, _ = written(tables.write_lists, files, scores, LABELS, EVALUATION)
    assert header == ["M Type", "M Class", "seed", "cues", "unparsable", "short", "cut",
                      "length", "duplicates", "diversity", "order ρ", "cues with ρ", "parsable",
                      "P@1, parsable",
                      "P@2, parsable"]  # fmt: skip
    # seed 1: 1 of 2 unparsable, 1 of 2 below 2 words, 1 of 2 cut, 4 words in 2 lists,
    # 1 - 4/5 duplicates, 3 different of 4 words; vanilla: 2 words in 2 lists, both "cat"
    assert rows == [
        ["Vanilla", "Llama", "-", "2", "1.000", "1.000", "1.000", "1.0", "0.000", "0.500",
         point(0.1), "1", "0", "-", "-"],
        ["SFT", "Llama", "1", "2", "0.500", "0.500", "0.500", "2.0", "0.200", "0.750",
         point(0.3), "1", "1", "0.600", "0.300"],
        ["SFT", "Llama", "2", "1", "0.000", "0.000", "0.000", "3.0", "0.250", "1.000",
         point(0.5), "1", "1", "1.000", "0.500"],
    ]  # fmt: skip


def test_prompts_and_decodings_have_rows_of_their_own(written):
    vanilla = partial(arm, "llama", "vanilla")
    scores = [vanilla(0.2), vanilla(0.4, decoding="distinct"), vanilla(0.6, prompt="simple")]
    header, rows, _ = written(tables.write_decoding, pl.concat(scores), LABELS, EVALUATION)
    assert header == ["prompt", "decoding", "M Type", "M Class", "P@1", "P@2"]
    assert sorted(rows) == [
        ["complex", "distinct", "Vanilla", "Llama", point(0.4), point(0.2)],
        ["complex", "greedy", "Vanilla", "Llama", point(0.2), point(0.1)],
        ["simple", "greedy", "Vanilla", "Llama", point(0.6), point(0.3)],
    ]


def test_the_points_of_the_figure_are_against_all_humans_and_against_half_of_them():
    scores = pl.concat([ALL, arm("qwen", "vanilla", 0.5, culture="cn")], how="diagonal")
    found = tables.precision_lines(scores, LABELS, EVALUATION)
    whole, half = (found.filter(reference=x) for x in ("all humans", "half of the humans"))
    assert found["reference"].to_list() == [*whole["reference"], *half["reference"]]
    assert whole.filter(k=1).select("culture", "arm", "mean", "n_cues").rows() == [
        ("us", "Llama, Vanilla", 0.2, 2),
        ("us", "Llama, SFT", 0.6, 2),
        ("us", "Llama, SFT, shuffled cues", 0.4, 2),
        ("us", "Most frequent responses", 0.3, 2),
        ("cn", "Qwen, Vanilla", 0.5, 2),
    ]
    human = half.filter(arm="Half of the humans")
    assert human["k"].to_list() == [1, 2]
    assert human["mean"].to_list() == pytest.approx([0.6, 0.2])  # 0.8 - 0.2, 0.4 - 0.2
    assert half.filter(arm="Llama, SFT", k=1)["mean"].item() == pytest.approx(0.4)  # 0.6 - 0.2


def test_without_participants_the_ceiling_and_the_figure_have_no_half(written):
    halves = [pl.lit(None, pl.Float64).alias(name) for name in SCORES[2:]]
    header, rows, _ = written(
        tables.write_ceiling, UNTRAINED.with_columns(halves), LABELS, EVALUATION
    )
    assert header == ["measure", "M Type", "M Class", "K=1", "K=2"]
    shown = {tuple(row[:3]): row[3:] for row in rows}
    assert shown["P@K, all humans", "Vanilla", "Llama"][0] == point(0.2)
    none = ["no participants in a strength table"] * 2
    people = {key: cells for key, cells in shown.items() if "half" in key[0]}
    assert people == {
        ("P@K, half of the humans", "Half of the humans", "-"): none,
        ("overlap@K, half of the humans", "Half of the humans", "-"): none,
    }
    points = tables.precision_lines(UNTRAINED.with_columns(halves), LABELS, EVALUATION)
    assert points["reference"].unique().to_list() == ["all humans"]
