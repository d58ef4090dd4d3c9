"""Which norms a file holds, by what was read of it."""

from collections.abc import Sequence

import polars as pl

from culturalign.attributes.norms import Norm
from culturalign.releases import Release, identify_norms


def norm_release(file: str, ratings: pl.DataFrame, found: Sequence[Norm]) -> Release:
    """What a norm file is.

    Args:
        file: As configured; it must have been read.
        ratings: From :func:`culturalign.attributes.norms.prepare_norms`, of this and other files.
        found: From there.
    """
    accounts = {norm.attribute: norm.account for norm in found if norm.file == file}
    columns = {norm.attribute: norm.column for norm in found if norm.file == file}
    rated = ratings.filter(pl.any_horizontal(pl.col(*columns).is_not_null()))
    rows = max(account.read for account in accounts.values() if account)
    return identify_norms(columns, rated["word"], rows)
