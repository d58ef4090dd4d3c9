"""ALIGN: fine-tune language models on human word associations, and measure what it does.

resources -> data -> models -> samples -> scores -> tables, figures -> report
"""

import sys

from snakemake.utils import min_version

min_version("9.27")

sys.path.insert(0, f"{workflow.basedir}/src")  # also reaches the entries in workflow/scripts


configfile: f"{workflow.basedir}/config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/generate.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/report.smk"


localrules:
    all,
    tables,
    figures,
    table1,
    table2,
    table10,
    table11,
    fig1,


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


rule table1:
    """Table 1: generation scores, English."""
    input:
        "results/tables/table1.csv",


rule table2:
    """Table 2: generation scores, Mandarin."""
    input:
        "results/tables/table2.csv",


rule table10:
    """Table 10: hyper-parameters of SFT."""
    input:
        "results/tables/table10.csv",


rule table11:
    """Table 11: hyper-parameters of PPO."""
    input:
        "results/tables/table11.csv",


rule fig1:
    """Figure 1: top associations of chosen cues, culture by culture."""
    input:
        "results/figures/fig1.pdf",
