"""Tables and figures of the psycholinguistic attributes, from scores only.

Outputs: tables 5, 6, 12 and 13 (or attributes_{culture}_{prompt}), humans_{culture}, norms; figures
4 to 9.
"""


rule tabulate_attributes:
    """Attributes of arms and humans (paper, tables 5, 6, 12, 13), tests and differences."""
    input:
        arms=lambda wildcards: GRID.attributes.scores(*ATTRIBUTE_TABLES[wildcards.attributes]),
        humans=lambda wildcards: paths.HUMAN_ATTRIBUTES.format(culture=attribute_culture(wildcards)),
        halves=lambda wildcards: paths.HALF_ATTRIBUTES.format(culture=attribute_culture(wildcards)),
        record=lambda wildcards: GRID.attributes.norm_record(attribute_culture(wildcards)),
        domains=lambda wildcards: GRID.products.domains(attribute_culture(wildcards)),
        code=code("tabulate_attributes"),
    output:
        *paths.tables("{attributes}", "{attributes}_tests", "{attributes}_contrasts"),
    log:
        "logs/tabulate_attributes/{attributes}.log",
    benchmark:
        "benchmarks/tabulate_attributes/{attributes}.tsv"
    conda:
        "../../envs/base.yaml"
    params:
        culture=attribute_culture,
        raw=wild(GRID.attributes.prints_raw_scales, "attributes"),
        seed=CFG.data.seed,
        norms=lambda wildcards: CFG.norms.model_dump(
            include={"level", "margin", "human_level", "shares"}
        ),
        labels=LABELS,
        controls=CONTROLS,
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_attributes.py"


rule tabulate_human_attributes:
    """The human row under three definitions, on the test cues and on all cues."""
    input:
        humans=paths.HUMAN_ATTRIBUTES,
        record=wild(GRID.attributes.norm_record, "culture"),
        domains=wild(GRID.products.domains, "culture"),
        code=code("tabulate_human_attributes"),
    output:
        *paths.tables("humans_{culture}"),
    log:
        "logs/tabulate_human_attributes/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        first=lambda wildcards: CFG.norms.first,
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_human_attributes.py"


rule tabulate_norms:
    """What was read from the norm files, what was dropped, and which files are missing."""
    input:
        records=expand(paths.NORM_RECORD, language=GRID.attributes.languages()),
        code=code("tabulate_norms"),
    output:
        *paths.tables("norms"),
    log:
        "logs/tabulate_norms.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/tabulate_norms.py"


rule draw_attributes:
    """Cue-level medians of an attribute: humans and arms (paper, figures 4 to 9)."""
    input:
        arms=lambda wildcards: sum(GRID.attributes.figure_scores(wildcards.figure), []),
        humans=GRID.attributes.human(),
        records=[GRID.attributes.norm_record(culture) for culture in GRID.attributes.cultures()],
        code=code("draw_attributes"),
    output:
        *figure("{figure}", "attributes"),
    log:
        "logs/draw_attributes/{figure}.log",
    wildcard_constraints:
        figure=one_of(GRID.attributes.figures()),
    conda:
        "../../envs/base.yaml"
    params:
        attribute=lambda wildcards: GRID.attributes.figures()[wildcards.figure][0],
        cultures=GRID.attributes.cultures(),
        arms=wild(GRID.attributes.figure_scores, "figure"),
        labels=LABELS,
    script:
        "../scripts/draw_attributes.py"
