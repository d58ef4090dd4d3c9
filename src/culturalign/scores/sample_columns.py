"""Columns of the samples that are scored; apart from the scoring, so that edits of it re-run no
answers.

``order`` 0 is the plain one; ``place``, from 0, is that of the option in it; ``logprob`` is that of
the option's label as the next token, in nats.
"""

import polars as pl

SURVEY_SAMPLES = {"question": pl.String, "order": pl.Int64, "place": pl.Int64, "code": pl.Int64,
                  "label": pl.String, "logprob": pl.Float64}  # fmt: skip
MCQ_SAMPLES = {"cue": pl.String, "order": pl.Int64, "place": pl.Int64, "category": pl.String,
               "label": pl.String, "logprob": pl.Float64}  # fmt: skip
