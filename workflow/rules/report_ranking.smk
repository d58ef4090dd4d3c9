"""Tables of the ranking task and of the multiple-choice questions, from scores only.

Outputs: tables 3 and 4 (or ranking_{culture}) with what stands beside them; table 9.
"""


rule tabulate_rankings:
    """Tables of a culture's ranking scores (paper, tables 3 and 4) with intervals."""
    input:
        rankings=lambda wildcards: GRID.evaluations.of_arms(
            "ranking", paths.RANKINGS, ranking_culture(wildcards)
        ),
        references=lambda wildcards: paths.RANKING_REFERENCES.format(
            culture=ranking_culture(wildcards)
        ),
        domains=lambda wildcards: GRID.products.domains(ranking_culture(wildcards)),
        code=code("tabulate_rankings"),
    output:
        *paths.tables("{ranking}", "{ranking}_contrasts", "{ranking}_ceiling"),
    log:
        "logs/tabulate_rankings/{ranking}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
        controls=CONTROLS,
        evaluation=EVALUATION,
        split=lambda wildcards: CFG.ranking.split,
    script:
        "../scripts/tabulate_rankings.py"


rule tabulate_mcq:
    """Example of the multiple-choice categories (paper, table 9), and each arm's accuracy."""
    input:
        questions=expand(paths.MCQ_QUESTIONS, culture=GRID.evaluations.mcq_cultures()),
        choices=GRID.evaluations.mcq(paths.MCQ_CHOICES),
        associations=expand(paths.ASSOCIATIONS, culture=GRID.evaluations.mcq_cultures()),
        domains=GRID.products.domains(*GRID.evaluations.mcq_cultures()),
        code=code("tabulate_mcq"),
    output:
        *paths.tables("table9", "table9_accuracy"),
    log:
        "logs/tabulate_mcq.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures=GRID.evaluations.mcq_cultures(),
        labels=LABELS,
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_mcq.py"
