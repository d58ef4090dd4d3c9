"""Columns of the survey samples."""

import polars as pl

SAMPLES = {
    "question": pl.String,
    "order": pl.Int64,
    "place": pl.Int64,
    "code": pl.Int64,
    "label": pl.String,
    "logprob": pl.Float64,
}


"""Raw scores: ``order`` 0 is the plain one, ``place`` where the option stood in it, both from
0; ``logprob`` that of its label as the next token, in nats."""
