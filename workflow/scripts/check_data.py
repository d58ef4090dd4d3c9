"""Entry of rule ``check_data``: look into every licensed file that the configuration needs."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.data import check_files
from culturalign.errors import UserError
from culturalign.files.required import Expected

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        places = snakemake.params.places
        files = [
            Expected(**{**entry, "needs": tuple(entry["needs"])})
            for entry in snakemake.params.files
        ]
        findings = [check_files.examine(file, Path(places[file.path])) for file in files]
        print(check_files.report_text(findings), file=sys.stderr)
        with jobs.whole(snakemake.params.record) as (path,):
            record = {
                finding.expected.key: {"state": finding.state, **finding.facts}
                for finding in findings
            }
            path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", "utf-8")
        if wrong := [finding for finding in findings if finding.state not in ("found", "absent")]:
            raise UserError(
                f"{len(wrong)} of {len(files)} files are missing, faulty or odd, as said above; "
                "a run goes on with odd ones, and without those called absent (docs/data.md)"
            )
