"""Entry of rule ``tabulate_readings``: definitions as written, as run, and sound, with numbers."""

from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.report.readings import all_readings, readings_table

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]):
        found = {name: [Path(f) for f in snakemake.input[name]] for name in all_readings.FILES}
        given = snakemake.params
        settings = {name: given[name] for name in all_readings.SETTINGS}
        numbers = all_readings.all_rows(found, given.cultures, settings)
        definitions = readings_table.read_definitions(Path(snakemake.input.definitions))
        readings_table.write_readings(jobs.stem(snakemake.output[0]), definitions, numbers)
