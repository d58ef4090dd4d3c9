"""The clean responses of a culture, with the files that a job writes beside them."""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_data import DROPPED_RESPONSES
from culturalign.data.normalize import VERSION
from culturalign.files.data_file import DataFile, Release
from culturalign.files.ledger import Account, write_ledger


class Prepared(NamedTuple):
    """The responses of a culture, and what became of everything else.

    Attributes:
        responses: A row a response, as in :class:`culturalign.data.responses.Cleaned`; of a
            strength table ``cue, response, count``, normalized, where a pair may occur several
            times.
        accounts: Accounts of trials (or pairs) and of responses.
        dropped: A sample of what was dropped: :data:`culturalign.files.ledger.SAMPLE_SCHEMA`.
        release: Release of the file.
        encoding: Encoding of the file.
    """

    responses: pl.DataFrame
    accounts: list[Account]
    dropped: pl.DataFrame
    release: Release
    encoding: str

    def write_record(self, path: Path, ledger: Path, dropped: Path, source: Path) -> str:
        """Write the accounts, the sample, and what the user's file is; return the latter."""
        write_ledger(self.accounts, ledger)
        write_artifact(self.dropped, dropped, DROPPED_RESPONSES)
        record = DataFile.of(path, self.release, VERSION, self.encoding)
        record.write(source)
        return record.summary(path)
