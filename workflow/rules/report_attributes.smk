"""Tables and figures of the psycholinguistic attributes, from scores alone.

Outputs: tables 5, 6, 12 and 13 (or attributes_{culture}_{prompt}), humans_{culture}, norms; figures
4 to 9.
"""


rule tabulate_attributes:
    """Attributes of arms and humans (paper, tables 5, 6, 12, 13), tests and differences."""
    input:
        arms=lambda wildcards: attribute_scores(*ATTRIBUTE_TABLES[wildcards.attributes]),
        humans=lambda wildcards: human_attributes(ATTRIBUTE_TABLES[wildcards.attributes][0]),
        record=lambda wildcards: norm_record(ATTRIBUTE_TABLES[wildcards.attributes][0]),
        code=code("tabulate_attributes"),
    output:
        multiext("results/tables/{attributes}", ".csv", ".md", ".tex"),
        multiext("results/tables/{attributes}_tests", ".csv", ".md", ".tex"),
        multiext("results/tables/{attributes}_contrasts", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_attributes/{attributes}.log",
    benchmark:
        "benchmarks/tabulate_attributes/{attributes}.tsv"
    conda:
        "../../envs/base.yaml"
    params:
        culture=lambda wildcards: ATTRIBUTE_TABLES[wildcards.attributes][0],
        raw=lambda wildcards: wildcards.attributes in RAW_TABLES,
        norms=lambda wildcards: CFG.norms.model_dump(include={"level", "margin"}),
        labels=labels(),
        controls=CONTROLS,
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_attributes.py"


rule tabulate_human_attributes:
    """The human row under three definitions, on the test cues and on all cues."""
    input:
        humans="results/scores/references/attributes.{culture}.parquet",
        record=lambda wildcards: norm_record(wildcards.culture),
        code=code("tabulate_human_attributes"),
    output:
        multiext("results/tables/humans_{culture}", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_human_attributes/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        first=lambda wildcards: CFG.norms.first,
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_human_attributes.py"


rule tabulate_norms:
    """What was read from the norm files, what was dropped, and which files are missing."""
    input:
        records=expand("results/data/norms/{language}.json", language=norm_languages()),
        code=code("tabulate_norms"),
    output:
        multiext("results/tables/norms", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_norms.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/tabulate_norms.py"


rule draw_attributes:
    """Cue-level medians of an attribute: humans and arms (paper, figures 4 to 9)."""
    input:
        arms=lambda wildcards: [
            file
            for culture in attribute_cultures()
            for file in attribute_scores(culture, ATTRIBUTE_FIGURES[wildcards.figure][1])
        ],
        humans=[human_attributes(culture) for culture in attribute_cultures()],
        records=[norm_record(culture) for culture in attribute_cultures()],
        code=code("draw_attributes"),
    output:
        report(
            multiext("results/figures/{figure}", ".svg"),
            category="Figures",
            caption="../report/attributes.rst",
        ),
        multiext("results/figures/{figure}", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_attributes/{figure}.log",
    wildcard_constraints:
        figure=one_of(ATTRIBUTE_FIGURES),
    conda:
        "../../envs/base.yaml"
    params:
        attribute=lambda wildcards: ATTRIBUTE_FIGURES[wildcards.figure][0],
        cultures=attribute_cultures(),
        arms=lambda wildcards: [
            attribute_scores(culture, ATTRIBUTE_FIGURES[wildcards.figure][1])
            for culture in attribute_cultures()
        ],
        labels=labels(),
    script:
        "../scripts/draw_attributes.py"
