"""A culture of 20 cues for the tables: Llama's SFT is as human, Qwen's SFT knows no word."""

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.data.norms.ratings import Norm
from culturalign.report.attributes import attribute_tables, profile
from culturalign.report.attributes.likeness import Noise

EVALUATION = Evaluation(resamples=300)
LABELS = {"models": {"l": "Llama", "q": "Qwen"}, "methods": {"ppo": "PPO", "sft": "SFT"},
          "cultures": {"cn": "ZH"}}  # fmt: skip
RECORD = [
    Norm("valence", "v.csv", "V", (-3, 3), False),
    Norm("arousal", "v.csv", "A", (0, 4), True),
    Norm("concreteness", "c.xlsx", "C", (5, 1), False),
]
OPTIONS = Norms(files={})
# margins of 0.2 and 0.1: 0.2 of these
HALF = 0.9 / 1.1  # of a reliability of 0.9
NOISE = {"valence": Noise(0.2 / 0.2, HALF, 20), "concreteness": Noise(0.1 / 0.2, HALF, 20)}


def scores():
    """20 cues; Llama's SFT is as human, vanilla is far, Qwen's SFT knows no word."""
    rows = []
    for model, method, shift in (("-", "human", 0.0), ("l", "vanilla", -1.0), ("l", "sft", 0.01),
                                 ("q", "sft", None)):  # fmt: skip
        for i in range(20):
            known = 0 if shift is None else 8
            moved = None if shift is None else i / 40 + shift * (-1) ** (shift > 0 and i)
            seed = None if method in ("human", "vanilla") else 0
            for attribute, base, concrete in (("valence", 5.0, None), ("concreteness", 3.0, 6)):
                median = None if moved is None else base + moved
                count = None if concrete is None else min(known, concrete)
                rows.append(
                    ("cn", model, method, seed, f"c{i}", attribute, median, 10, known, count)
                )
    names = ["culture", "model", "method", "seed", "cue", "attribute", "median", "words", "known",
             "concrete"]  # fmt: skip
    types = {"seed": pl.Int64, "concrete": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides=types)


def rows(noise=NOISE):
    """Every measure, as the tables take it."""
    values = profile.measures(scores())
    return attribute_tables.profile_rows(values, RECORD, LABELS, "cn", EVALUATION, OPTIONS, noise)
