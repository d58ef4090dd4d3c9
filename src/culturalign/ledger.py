"""Accounts of what was read, kept and dropped; nothing disappears uncounted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """What became of one kind of thing.

    Attributes:
        unit: What is counted, e.g. ``trials`` or ``responses``.
        read: How many there were.
        kept: How many went on.
        dropped: Reason -> count, in the order in which the reasons were applied.
    """

    unit: str
    read: int
    kept: int
    dropped: Mapping[str, int]

    def __post_init__(self) -> None:
        gone = sum(self.dropped.values())
        if self.read != self.kept + gone:
            raise AssertionError(
                f"{self.unit}: {self.read} read, but {self.kept} kept + {gone} dropped"
            )


def write_ledger(accounts: Sequence[Account], path: Path) -> None:
    """Write accounts as a JSON list."""
    text = json.dumps([asdict(account) for account in accounts], indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_ledger(path: Path) -> list[Account]:
    """Read accounts; each is checked again."""
    return [Account(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]


def rows(accounts: Sequence[Account]) -> list[tuple[str, str, int]]:
    """Accounts as ``unit, what, count``: read, each reason for dropping, kept."""
    table: list[tuple[str, str, int]] = []
    for account in accounts:
        table.append((account.unit, "read", account.read))
        table += [(account.unit, f"dropped: {why}", n) for why, n in account.dropped.items()]
        table.append((account.unit, "kept", account.kept))
    return table
