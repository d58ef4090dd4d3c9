"""Arms given by their distances alone."""

from functools import partial

import polars as pl


def scores(js, *, method="sft", model="small", seed=0, country="CHN", scoring="plain", emd=None):
    """One arm's questions Q260, Q261, ..., which are in no battery."""
    none = method == "vanilla" or model == "-"
    arm = {"model": model, "culture": None if none else "cn", "method": method,
           "country": country, "scoring": scoring}  # fmt: skip
    questions = [
        (f"Q{i}", *map(float, pair)) for i, pair in enumerate(zip(js, emd or js, strict=True), 260)
    ]
    return pl.DataFrame(questions, schema=["question", "js", "emd"], orient="row").with_columns(
        *(pl.lit(value, dtype=pl.String).alias(name) for name, value in arm.items()),
        seed=pl.lit(None if none else seed, dtype=pl.Int64),
    )


vanilla = partial(scores, method="vanilla")
uniform = partial(scores, method="uniform", model="-")
