"""Accounts of what was read, kept and dropped; nothing disappears uncounted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

SAMPLED = 20
"""Dropped rows shown for each reason."""


@dataclass(frozen=True)
class Account:
    """What became of one kind of thing.

    Attributes:
        unit: What is counted, e.g. ``trials`` or ``responses``.
        read: How many there were.
        kept: How many went on.
        dropped: Reason -> count, in the order in which the reasons were applied.
        added: How -> count, of what came up on the way, such as the parts of a cell.
        noted: What was changed or noticed in those kept -> count; one can be in several.
    """

    unit: str
    read: int
    kept: int
    dropped: Mapping[str, int]
    added: Mapping[str, int] = field(default_factory=dict)
    noted: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        gone, more = sum(self.dropped.values()), sum(self.added.values())
        if self.read + more != self.kept + gone:
            raise AssertionError(
                f"{self.unit}: {self.read} read{f' + {more} added' if more else ''}, but "
                f"{self.kept} kept + {gone} dropped"
            )


def write_ledger(accounts: Sequence[Account], path: Path) -> None:
    """Write accounts as a JSON list."""
    text = json.dumps([asdict(account) for account in accounts], indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_ledger(path: Path) -> list[Account]:
    """Read accounts; each is checked again."""
    return [Account(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]


def rows(accounts: Sequence[Account]) -> list[tuple[str, str, int]]:
    """Accounts as ``unit, what, count``: read, each reason for dropping, kept, each note."""
    table: list[tuple[str, str, int]] = []
    for account in accounts:
        table.append((account.unit, "read", account.read))
        table += [(account.unit, f"added: {how}", n) for how, n in account.added.items()]
        table += [(account.unit, f"dropped: {why}", n) for why, n in account.dropped.items()]
        table.append((account.unit, "kept", account.kept))
        table += [(account.unit, f"of these: {what}", n) for what, n in account.noted.items()]
    return table


SAMPLE_SCHEMA = {
    "unit": pl.String,
    "reason": pl.String,
    "row": pl.Int64,
    "participant": pl.String,
    "cue": pl.String,
    "text": pl.String,
}


def sample_rows(dropped: pl.DataFrame, unit: str, reason: str) -> pl.DataFrame:
    """Some of the dropped rows, evenly spread over the file.

    Args:
        dropped: ``row`` (in the file, from 1), ``participant``, ``cue``, ``text``; in order.
        unit: As in the account.
        reason: As in the account.

    Returns:
        At most :data:`SAMPLED` rows with the columns of :data:`SAMPLE_SCHEMA`.
    """
    chosen = np.linspace(0, len(dropped) - 1, min(len(dropped), SAMPLED)).astype(int)
    lead = [pl.lit(unit).alias("unit"), pl.lit(reason).alias("reason")]
    return dropped[chosen.tolist()].select(*lead, *list(SAMPLE_SCHEMA)[2:]).cast(SAMPLE_SCHEMA)


def no_sample() -> pl.DataFrame:
    """A sample of nothing."""
    return pl.DataFrame(schema=SAMPLE_SCHEMA)


def subsample(samples: pl.DataFrame) -> pl.DataFrame:
    """Samples of the parts of a file as one: at most :data:`SAMPLED` rows of each reason."""
    groups = samples.partition_by("unit", "reason", maintain_order=True)
    whole = [
        sample_rows(part, *part.select("unit", "reason").row(0)) for part in groups if len(part)
    ]
    return pl.concat([no_sample(), *whole])
