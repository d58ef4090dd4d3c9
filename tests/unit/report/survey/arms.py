"""Arms whose answers, scores and people are small enough to work out by hand."""

import polars as pl

from culturalign.scores.survey_baselines import score_references
from culturalign.scores.survey_distances import score_arm

LABELS = {"models": {"qwen": "Qwen", "big": "Qwen 72B"}, "methods": {"sft": "SFT"},
          "cultures": {"us": "US", "cn": "ZH"},
          "scorings": {"plain": "plain", "debiased": "4 orders"}}  # fmt: skip
NATIONS = {"USA": "US", "CHN": "China"}
# Shares of "yes": USA, China, vanilla, trained seed 0 and 1, the big model
YES = {
    "Q149": (0.8, 0.3, 0.8, 0.4, 0.2, 0.5),
    "Q165": (0.8, 0.2, 0.4, 0.3, 0.3, 0.5),
    "Q168": (0.6, 0.1, 0.7, 0.3, 0.1, 0.5),
    "Q9": (0.5, 0.5, 0.9, 0.1, 0.1, 0.5),
    "Q10": (0.7, 0.4, 0.5, 0.5, 0.5, 0.5),
}
ARMS = [
    ("qwen", None, "vanilla", None), ("qwen", "cn", "sft", 0), ("qwen", "cn", "sft", 1),
    ("big", None, "vanilla", None),
]  # fmt: skip
PAIR = ("USA", "CHN")


def options(column):
    """``question, code, share`` of a column of YES."""
    rows = [
        (question, code, share)
        for question, shares in YES.items()
        for code, share in ((1, shares[column]), (2, 1 - shares[column]))
    ]
    return pl.DataFrame(rows, schema=["question", "code", "share"], orient="row")


def human():
    parts = [options(i).with_columns(country=pl.lit(c)) for i, c in enumerate(PAIR)]
    return pl.concat(parts)


def questionnaire():
    wording = "Do you agree | with\n" + pl.col("question") + "?"
    option = pl.col("code").replace_strict({1: "Yes", 2: "No"})
    place = pl.col("code") - 1
    return options(0).select(
        "question", "code", topic=pl.lit("Religion"), wording=wording, option=option,
        ordinal=pl.lit(True), place=place,
    )  # fmt: skip


def columns_first(frame, arm):
    model, culture, method, seed = arm
    arm = {"model": model, "culture": culture, "method": method}
    names = [pl.lit(value, dtype=pl.String).alias(name) for name, value in arm.items()]
    return frame.with_columns(*names, seed=pl.lit(seed, dtype=pl.Int64))


def answers():
    parts = [
        columns_first(options(2 + i).rename({"share": "plain"}), arm) for i, arm in enumerate(ARMS)
    ]
    # a weaker answer of the same direction
    # and the mass of its labels
    low = pl.when(question="Q149", method="sft").then(0.25).otherwise(0.9)
    return pl.concat(parts).with_columns(debiased=(pl.col("plain") + 0.5) / 2, mass=low)


def scores():
    checks = pl.DataFrame({"question": list(YES)}).with_columns(
        mass_plain=0.9, mass_debiased=0.8, order_effect=0.1
    )
    names = ["model", "culture", "method", "seed"]
    parts = answers().partition_by(names, maintain_order=True, include_key=False)
    return pl.concat(
        columns_first(score_arm(part, checks, human(), questionnaire()), arm)
        for part, arm in zip(parts, ARMS, strict=True)
    )


def references():
    """Zero-knowledge answers, where a hundred people answered in each country."""
    people = human().with_columns(count=(pl.col("share") * 100).round().cast(pl.Int64))
    return score_references(people, questionnaire(), PAIR, repeats=50, seed=0)


ENGINES = pl.DataFrame(
    [("qwen", None, "vanilla"), ("qwen", "cn", "sft"), ("big", None, "vanilla")],
    schema=dict.fromkeys(("model", "culture", "method"), pl.String), orient="row",
).with_columns(engine=pl.lit("hf"), dtype=pl.lit("torch.bfloat16"), lost=pl.lit(0))  # fmt: skip
