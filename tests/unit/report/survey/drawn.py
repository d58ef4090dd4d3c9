"""Scores to draw, few enough to check by eye."""

import polars as pl

LABELS = {
    "models": {"qwen": "Qwen", "llama": "Llama"},
    "methods": {"sft": "SFT", "ppo": "PPO"},
    "cultures": {"us": "US", "cn": "ZH"},
}
NATIONS = {"USA": "US", "CHN": "中国"}
PAIR = ("USA", "CHN")
TENSION = pl.DataFrame({"question": ["Q1", "Q2", "Q3"]})
VANILLA, SFT = ("qwen", None, "vanilla", None), ("qwen", "cn", "sft", 0)


def scores(arm, **distances):
    """Question -> distances to the USA and to China, the divergence and EMD alike."""
    model, culture, method, seed = arm
    rows = [
        (question, "Trust" if question == "Q1" else "Religion", country, value)
        for question, pair in distances.items()
        for country, value in zip(PAIR, pair, strict=True)
    ]
    frame = pl.DataFrame(rows, schema=["question", "topic", "country", "emd"], orient="row")
    return frame.with_columns(
        model=pl.lit(model),
        culture=pl.lit(culture, dtype=pl.String),
        method=pl.lit(method),
        seed=pl.lit(seed, dtype=pl.Int64),
        scoring=pl.lit("plain"),
        js=pl.col("emd").sqrt(),
        js_divergence=pl.col("emd"),
    )


def both():
    return pl.concat(
        [
            scores(VANILLA, Q1=(0.1, 0.5), Q2=(0.2, 0.4), Q3=(0.3, 0.3)),
            scores(SFT, Q1=(0.4, 0.1), Q2=(0.5, 0.2), Q3=(0.1, 0.3)),
        ]
    )


def four():
    llama = both().with_columns(model=pl.lit("llama"))
    ppo = both().filter(method="sft").with_columns(method=pl.lit("ppo"))
    return pl.concat([both(), llama, ppo])


TREATMENTS = {
    "sft": "SFT",
    "sft-shuffled": "SFT, shuffled cues",
    "ppo": "PPO",
    "clca": "CLCA",
    "sft-clca": "SFT+CLCA",
    "country-prompt": "Country prompt",
    "persona-prompt": "Persona prompt",
}
EIGHT_LABELS = LABELS | {"methods": TREATMENTS, "models": {"qwen": "SmolLM2"}}


def eight():
    """Vanilla and seven other arms of one model, all with the same answers."""
    sft = both().filter(method="sft")
    return pl.concat(
        [both().filter(method="vanilla")]
        + [sft.with_columns(method=pl.lit(method)) for method in TREATMENTS]
    )


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]
