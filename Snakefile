"""ALIGN: fine-tune language models on human word associations, and measure what it does.

resources -> data -> models -> samples -> scores -> tables, figures -> report
"""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.27")

ROOT = Path(str(workflow.current_basedir))  # of this file, also where another workflow imports it
sys.path.insert(0, str(ROOT / "src"))  # also reaches the entries in workflow/scripts


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/clca.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/generate.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/report_ranking.smk"
include: "workflow/rules/report_survey.smk"
include: "workflow/rules/report_attributes.smk"
include: "workflow/rules/personas.smk"
include: "workflow/rules/release.smk"


onstart:
    # With a limit of jobs a second, Snakemake 9.27 looks through all waiting jobs once more each
    # second for every job that has ended: in the end, this takes a core. Any other limit stays.
    limit = workflow.scheduling_settings.max_jobs_per_timespan
    if limit and (limit.max_jobs, limit.timespan) == (100, 1):  # the default
        workflow.scheduler.job_rate_limiter = None


localrules:
    all,
    tables,
    figures,
    release,


rule all:
    """Everything: tables, figures, report."""
    default_target: True
    input:
        paths.REPORT,


rule tables:
    """Every table of the configured run."""
    input:
        paths.tables(*GRID.products.tables()),


rule figures:
    """Every figure of the configured run."""
    input:
        paths.figures(*GRID.products.figures()),


rule release:
    """Every adapter of the run, packed with a model card."""
    input:
        GRID.products.releases(),


for name, files in GRID.products.targets().items():

    rule:
        """A table or figure, with all it needs."""
        name:
            name
        input:
            files,
        localrule: True
