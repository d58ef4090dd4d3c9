"""Scores to draw, few enough to check by eye."""

import polars as pl

from culturalign.report.survey import topic_figure
from tests.unit.report.labels import LABELS

NATIONS = {"USA": "US", "CHN": "中国"}
PAIR = ("USA", "CHN")
TENSION = pl.DataFrame({"question": ["Q1", "Q2", "Q3"]})
VANILLA, SFT = ("qwen", None, "vanilla", None), ("qwen", "cn", "sft", 0)


def topics(table, references, measure, country, labels, scoring="plain"):
    """Figure 12 or 13, and its numbers."""
    rows = topic_figure.topic_rows(table, references, measure, country, labels, scoring=scoring)
    return topic_figure.draw(rows, measure, scoring, NATIONS[country]), rows


def scores(arm, **distances):
    """Question -> distances to the USA and to China, the divergence and EMD alike."""
    model, culture, method, seed = arm
    rows = [
        (question, "Trust" if question == "Q1" else "Religion", country, value)
        for question, pair in distances.items()
        for country, value in zip(PAIR, pair, strict=True)
    ]
    frame = pl.DataFrame(rows, schema=["question", "topic", "country", "emd"], orient="row")
    arm = {"model": model, "culture": culture, "method": method, "scoring": "plain"}
    return frame.with_columns(
        *(pl.lit(value, dtype=pl.String).alias(name) for name, value in arm.items()),
        seed=pl.lit(seed, dtype=pl.Int64), js=pl.col("emd").sqrt(), js_divergence=pl.col("emd"),
    )  # fmt: skip


def known():
    """Zero-knowledge answers to the same questions."""
    methods = (
        "uniform",
        "first",
        "by_place",
        "people_USA",
        "people_CHN",
        "sample_USA",
        "sample_CHN",
    )
    uniform = scores(("-", None, "uniform", None), Q1=(0.2, 0.4), Q2=(0.3, 0.3), Q3=(0.2, 0.25))
    return pl.concat([uniform.with_columns(method=pl.lit(method)) for method in methods])


def both():
    vanilla = scores(VANILLA, Q1=(0.1, 0.5), Q2=(0.2, 0.4), Q3=(0.3, 0.3))
    return pl.concat([vanilla, scores(SFT, Q1=(0.4, 0.1), Q2=(0.5, 0.2), Q3=(0.1, 0.3))])


def four():
    llama = both().with_columns(model=pl.lit("llama"))
    ppo = both().filter(method="sft").with_columns(method=pl.lit("ppo"))
    return pl.concat([both(), llama, ppo])


TREATMENTS = {
    "sft": "SFT", "sft-shuffled": "SFT, shuffled cues", "ppo": "PPO", "clca": "CLCA",
    "sft-clca": "SFT+CLCA", "country-prompt": "Country prompt", "persona-prompt": "Persona prompt",
}  # fmt: skip
EIGHT_LABELS = LABELS | {"methods": TREATMENTS, "models": {"qwen": "SmolLM2"}}


def eight():
    """Vanilla and seven other arms of one model, all with the same answers."""
    sft = both().filter(method="sft")
    arms = [sft.with_columns(method=pl.lit(method)) for method in TREATMENTS]
    return pl.concat([both().filter(method="vanilla"), *arms])


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]
