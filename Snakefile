"""ALIGN: fine-tune language models on human word associations, and measure what it does.

resources -> data -> models -> samples -> scores -> tables, figures -> report
"""

import sys

from snakemake.utils import min_version

min_version("9.27")

sys.path.insert(0, f"{workflow.basedir}/src")  # also reaches the entries in workflow/scripts


configfile: f"{workflow.basedir}/config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/common_models.smk"
include: "workflow/rules/common_resources.smk"
include: "workflow/rules/common_scores.smk"
include: "workflow/rules/common_attributes.smk"
include: "workflow/rules/common_survey.smk"
include: "workflow/rules/common_clca.smk"
include: "workflow/rules/common_targets.smk"
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


localrules:
    all,
    tables,
    figures,
    release,


rule all:
    """Everything: tables, figures, report."""
    default_target: True
    input:
        "results/report/index.html",


rule tables:
    """Every table of the configured run."""
    input:
        table_files(),


rule figures:
    """Every figure of the configured run."""
    input:
        figure_files(),


rule release:
    """Every adapter of the run, packed with a model card."""
    input:
        releases(),


for name, files in named_targets().items():

    rule:
        """A table or figure, with all it needs."""
        name:
            name
        input:
            files,
        localrule: True
