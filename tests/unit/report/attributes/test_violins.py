"""Figures 4 to 9: what is drawn, and that nothing is drawn where there is nothing."""

import polars as pl
import pytest

from culturalign.data.norms.ratings import Norm
from culturalign.report.attributes import violins
from culturalign.report.figures import COLUMN

pytestmark = pytest.mark.usefixtures("closed_figures")
MODELS = {"l": "Llama", "q": "Qwen"}
METHODS = {"vanilla": "Vanilla", "ppo": "PPO", "sft": "SFT"}
LABELS = {"models": MODELS, "methods": {"ppo": "PPO", "sft": "SFT"},
          "cultures": {"us": "US", "cn": "中文"}}  # fmt: skip
ARMS = [("-", "human"), *((m, k) for m in MODELS for k in METHODS)]
FOUND, MISSING = (Norm("valence", "v.csv", "V", (1, 9), gone) for gone in (False, True))


def scores(cues=30):
    rows = [
        (model, method, 0, f"c{i}", "valence", 3 + place / 5 + (i % 10) / 3, 10, 8, None)
        for place, (model, method) in enumerate(ARMS)
        for i in range(cues)
    ]
    names = ["model", "method", "seed", "cue", "attribute", "median", "words", "known", "concrete"]
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides={"concrete": pl.Int64})


def panels():
    return [
        violins.panel_of(scores(), "valence", [FOUND], LABELS, "us"),
        violins.panel_of(scores().head(0), "valence", [MISSING], LABELS, "cn"),
    ]


def test_seven_groups_fit_a_column_humans_first_on_the_common_span():
    figure, numbers = violins.draw(panels(), "valence", LABELS)
    assert figure.get_figwidth() == COLUMN
    labels = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert labels == ["Human", "Llama, Vanilla", "Llama, PPO", "Llama, SFT", "Qwen, Vanilla",
                      "Qwen, PPO", "Qwen, SFT"]  # fmt: skip
    assert numbers.columns == violins.NUMBERS
    assert len(numbers) == 7 * 30 and set(numbers["culture"]) == {"US"}
    # a panel without norms says so
    texts = [[t.get_text() for t in axis.texts] for axis in figure.axes]
    assert "n=30" in texts[0]
    assert texts[1] == ["norms not\navailable"]
    assert figure.axes[0].get_xlim() == pytest.approx((0.9, 9.1))
    assert (
        figure.get_supxlabel()
        == "median valence of a cue's associations\n(1 = unpleasant, 9 = pleasant)"
    )


def test_an_arm_without_any_known_word_keeps_its_row():
    empty = pl.when(pl.col("method") == "ppo").then(None).otherwise(pl.col("median"))
    panel = violins.panel_of(scores().with_columns(median=empty), "valence", [FOUND], LABELS, "us")
    figure, numbers = violins.draw([panel], "valence", LABELS)
    assert [t.get_text() for t in figure.axes[0].texts].count("n=0") == 2
    assert "Qwen, PPO" in [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert len(numbers) == 5 * 30
    # one cue and equal medians can be drawn
    one = violins.panel_of(scores(cues=1), "valence", [FOUND], LABELS, "us")
    assert len(violins.draw([one], "valence", LABELS)[1]) == 7
