"""Counts of a culture from a published strength table, in place of trials.

The table has no participants: none can be left out, and no half of them compared with the other.
"""

from pathlib import Path

import numpy as np
import polars as pl

from culturalign.data.prepared import Prepared
from culturalign.data.responses import (
    REASONS,
    RESPONSE,
    SPLIT,
    count_kinds,
    encode,
    judge,
    no_cue,
    take_apart,
)
from culturalign.data.strength_rows import read_rows
from culturalign.data.swow import OFFICIAL_FILE, Reading
from culturalign.data.swow_losses import FEW, odd_responses, refuse_lost
from culturalign.data.swow_release import UNKNOWN
from culturalign.data.swow_script import check_script
from culturalign.errors import UserError
from culturalign.files.data_file import Release, oddities, releases
from culturalign.files.ledger import Account, sample_rows
from culturalign.files.scripts import check_decoding


def prepare_strengths(
    path: Path, *, culture: str, reading: Reading = OFFICIAL_FILE, **rules: bool
) -> Prepared:
    """Read and clean the counts of one culture, as responses are cleaned.

    What was given twice in a trial cannot be seen, unless in one cell.

    Args:
        path: A strength table.
        culture: Its key in the configuration; named in errors.
        reading: How the file is to be read.
        rules: As for :func:`culturalign.data.normalize.normalize`.

    Raises:
        UserError: If the file cannot be used, its numbers disagree, too much is dropped, or no
            response is left.
    """
    rows, counted, encoding, complete = read_rows(path, reading.columns)
    check_decoding(rows["cue"].drop_nulls().unique(), path, "cues")
    check_decoding(rows["response"].drop_nulls().unique(), path, "responses", least=FEW)
    check_script(rows["cue"].unique(), path, reading.scripts, "cues")
    counts, accounts, dropped = _clean(rows, reading, rules)
    if counts.is_empty():
        raise UserError(
            f"{path}: culture {culture!r} has no response on {len(rows)} rows; correct "
            f"cultures.{culture}.swow"
        )
    refuse_lost(accounts, dropped, path, most=reading.most_dropped)
    check_script(counts["response"].unique(), path, reading.scripts, "responses")
    pairs = counts.group_by("cue", "response").agg(pl.col("count").sum())
    name = f"{reading.release} {counted} strengths"
    sizes = {"rows": len(rows), "cues": rows["cue"].n_unique()}
    odd = [*oddities(name, sizes), *odd_responses(pairs, reading.missing)]
    odd += [] if complete else ["the last line has no line break: perhaps cut short"]
    unknown = [] if name in releases(reading.release) else [UNKNOWN]
    release = Release(name, "; ".join(["no participants", *unknown]), sizes, odd)
    return Prepared(counts, accounts, dropped, release, encoding)


def _clean(
    rows: pl.DataFrame, reading: Reading, rules: dict[str, bool]
) -> tuple[pl.DataFrame, list[Account], pl.DataFrame]:
    """Counts of normalized words, the accounts, and a sample of what was dropped."""
    text = rows.with_columns(pl.col("cue", "response").fill_null(""))
    codes, entries = encode(text["cue"])
    cues = take_apart(entries, rules, reading.tokens, whole=True)
    lacking = no_cue(cues)[codes]
    kept = np.flatnonzero(~lacking)
    pairs = Account(
        "pairs",
        read=len(rows),
        kept=len(kept),
        dropped={"no cue": int(lacking.sum())},
        noted={f"cue with {k}": n for k, n in count_kinds(cues.kinds[codes[kept]]).items()},
    )
    sample = text.select(
        "row", pl.lit(None, pl.String).alias("participant"), "cue", text="response"
    )
    dropped = sample_rows(sample.filter(pl.Series(lacking)), "pairs", "no cue")
    cue = cues.normal[codes[kept]]
    counts, responses, more = _count(text[kept], sample[kept], cues.words, cue, reading, rules)
    return counts, [pairs, responses], pl.concat([dropped, *more])


def _count(
    rows: pl.DataFrame,
    sample: pl.DataFrame,
    cues: pl.Series,
    cue: np.ndarray,
    reading: Reading,
    rules: dict[str, bool],
) -> tuple[pl.DataFrame, Account, list[pl.DataFrame]]:
    """The counts of rows, the number of whose normalized cue is given."""
    codes, entries = encode(rows["response"])
    apart = take_apart(entries, rules, reading.tokens)
    pieces, cell, piece, word, verdict = judge(apart, codes, cues, cue, cells=1)
    times = rows["count"].to_numpy()[cell]
    kept = verdict == RESPONSE
    reasons = {why: n for n, why in enumerate(REASONS, 1)}
    account = Account(
        "responses",
        read=int(rows["count"].sum()),
        kept=int(times[kept].sum()),
        dropped={why: int(times[verdict == n].sum()) for why, n in reasons.items()},
        added={SPLIT: int(times.sum() - rows["count"].sum())},
        noted=count_kinds(pieces.kinds[piece[kept]], times[kept]),
    )
    samples = [
        sample_rows(sample[cell[verdict == n]], "responses", why) for why, n in reasons.items()
    ]
    words = {"cue": cues.gather(cue[cell[kept]]), "response": pieces.words.gather(word[kept])}
    return pl.DataFrame(words | {"count": times[kept]}), account, samples
