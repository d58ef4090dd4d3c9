"""Means over questions, tests against vanilla, and threshold curves."""

import json
import warnings
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.evaluate import Evaluation
from culturalign.report.figures import save
from culturalign.report.survey import comparison
from culturalign.report.survey.comparison import summarize_arms, threshold_curves
from culturalign.report.survey.leaning_figure import leanings
from culturalign.report.survey.threshold_figure import thresholds
from tests.unit.report.survey.distances import scores, vanilla
from tests.unit.report.survey.drawn import (
    EIGHT_LABELS,
    LABELS,
    NATIONS,
    PAIR,
    TENSION,
    eight,
    four,
    known,
    topics,
)

EVALUATION = Evaluation(resamples=2000)


def test_a_question_counts_once_with_its_mean_over_seeds_in_the_order_of_numbers():
    table = pl.concat([scores([0.2, 1.0] * 5, seed=0), scores([0.6, 0.0] * 5, seed=1)])
    found = comparison.question_scores(table, ["js"])
    assert found["value"].to_list() == pytest.approx([0.4, 0.5] * 5)
    assert found["question"].to_list() == [f"Q{i}" for i in range(260, 270)]
    with pytest.raises(ValueError, match=r"scored twice: .*Q260"):
        comparison.question_scores(pl.concat([scores([0.2]), scores([0.3])]))


def test_an_arm_is_summarized_over_questions_and_seeds():
    runs = [scores([0.0, 0.4], seed=0), scores([1.0, 0.6], seed=1)]
    table = pl.concat([*runs, vanilla([0.2, 0.2])])
    found = summarize_arms(table, EVALUATION, ["js"])
    assert found.select("method", "mean", "low", "n", "n_clusters", "n_seeds").rows() == [
        ("vanilla", pytest.approx(0.2), None, 2, 2, 1),
        ("sft", pytest.approx(0.5), None, 2, 2, 2),
    ]
    battery = table.with_columns(question=pl.col("question").replace({"Q260": "Q1", "Q261": "Q2"}))
    assert set(summarize_arms(battery, EVALUATION, ["js"])["n_clusters"]) == {1}


def test_measures_countries_and_scorings_have_rows_of_their_own_and_only_their_questions():
    table = pl.concat([
        scores([0.1], country=country, scoring=scoring, emd=[0.3])
        for country in ("CHN", "USA") for scoring in ("plain", "debiased")
    ])  # fmt: skip
    found = summarize_arms(table, EVALUATION)
    assert len(found) == 8
    assert set(found.filter(measure="emd")["mean"]) == {0.3}
    table = scores([0.1, 0.2, 0.3]).with_columns(emd_ordinal=pl.Series([None, 0.5, 0.7]))
    found = summarize_arms(table, EVALUATION, ["emd_ordinal"]).row(0, named=True)
    assert (found["mean"], found["n"]) == (pytest.approx(0.6), 2)


@given(st.lists(st.floats(0, 0.83), min_size=1, max_size=20))
def test_curves_count_questions_below_the_threshold_and_rise_from_none_to_all(values):
    grids = {"js": np.array([0.0, 0.2, 0.3, 0.9])}
    found = threshold_curves(scores([0.1, 0.2, 0.3, 0.8]), ["js"], grids)
    assert found["share"].to_list() == [0.0, 0.25, 0.5, 1.0]  # 0.2 is not below 0.2
    assert found["n"].to_list() == [4] * 4
    shares = threshold_curves(scores(values), ["js"])["share"].to_list()
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0, 1)


pytestmark = pytest.mark.usefixtures("closed_figures")
DRAWN = {
    "thresholds": lambda: thresholds(four(), known(), LABELS, NATIONS),
    "leanings": lambda: leanings(four(), known(), TENSION, PAIR, LABELS, NATIONS),
    "topics": lambda: topics(four(), known(), "js", "CHN", LABELS),
    "thresholds of eight": lambda: thresholds(eight(), known(), EIGHT_LABELS, NATIONS),
    "leanings of eight": lambda: leanings(eight(), known(), TENSION, PAIR, EIGHT_LABELS, NATIONS),
    "topics of eight": lambda: topics(eight(), known(), "js", "CHN", EIGHT_LABELS),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_is_saved_without_warnings_and_its_texts_lie_apart_inside_it(tmp_path, name):
    before = dict(plt.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph, or a layout that does not fit
        figure, rows = DRAWN[name]()
        figure.canvas.draw()
        texts = [text for panel in figure.axes for text in (panel.title, panel.xaxis.label)]
        texts += [*figure.legends[0].get_texts(), figure._suptitle]
        boxes = [text.get_window_extent() for text in texts if text.get_text()]
        legends = [legend.get_window_extent() for legend in figure.legends]
        save(figure, rows, str(tmp_path / name))
    assert dict(plt.rcParams) == before
    assert pl.read_csv(tmp_path / f"{name}.csv").height == rows.height
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    for box in [*boxes, *legends]:
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1
        assert box.y0 >= 0 and box.y1 <= figure.bbox.y1


def test_files_are_read_for_a_country_or_without_some_methods(tmp_path):
    rows = [("vanilla", None, "USA", 0.1), ("sft", "cn", "CHN", 0.2)]
    table = pl.DataFrame(rows, schema=["method", "culture", "country", "js"], orient="row")
    table.write_parquet(tmp_path / "a.parquet")
    files = [tmp_path / "a.parquet"] * 2
    countries = {"us": "USA", "cn": "CHN"}
    found = comparison.divergences(files, ["cn", "us"], countries)
    assert found["js"].to_list() == [0.2, 0.1]
    assert comparison.read_arms(files, "cn")["js"].to_list() == [0.1, 0.2] * 2
    assert comparison.read_arms(files, "cn", ["sft"])["method"].to_list() == ["vanilla"] * 2
    assert comparison.read_arms(files[:1], "us")["method"].to_list() == ["vanilla", "sft@cn"]


def test_engines_are_those_of_the_records(tmp_path):
    files = []
    for model, arm, language, engine in (
        ("small", "vanilla", "en", "hf"), ("small", "vanilla", "zh", "hf"),
        ("small", "us-sft-shuffled-seed1", "en", "hf"), ("big", "vanilla", "en", "vllm 0.32.0"),
    ):  # fmt: skip
        path = tmp_path / model / arm / f"survey.{language}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        lost = 2 if language == "zh" else 0
        facts = {"engine": engine, "dtype": "torch.bfloat16", "questions_with_lost_labels": lost}
        path.write_text(json.dumps(facts))
        files.append(path)
    assert comparison.engines(files).rows() == [
        ("small", None, "vanilla", "hf", "torch.bfloat16", 2),
        ("small", "us", "sft-shuffled", "hf", "torch.bfloat16", 0),
        ("small", "us", "sft-shuffled@us", "hf", "torch.bfloat16", 0),  # as a swapped arm's
        ("big", None, "vanilla", "vllm 0.32.0", "torch.bfloat16", 0),
    ]
