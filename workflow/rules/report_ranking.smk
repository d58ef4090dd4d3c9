"""Tables of the ranking task and of the multiple-choice questions, from scores alone.

Outputs: tables 3 and 4 (or ranking_{culture}) with what stands beside them; table 9.
"""


rule tabulate_rankings:
    """Tables of a culture's ranking scores (paper, tables 3 and 4) with intervals."""
    input:
        rankings=lambda wildcards: ranking_files("scores", RANKINGS[wildcards.ranking], "parquet"),
        references=lambda wildcards: (
            f"results/scores/references/rankings.{RANKINGS[wildcards.ranking]}.parquet"
        ),
        code=code("tabulate_rankings"),
    output:
        multiext("results/tables/{ranking}", ".csv", ".md", ".tex"),
        multiext("results/tables/{ranking}_contrasts", ".csv", ".md", ".tex"),
        multiext("results/tables/{ranking}_ceiling", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_rankings/{ranking}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
        controls=CONTROLS,
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_rankings.py"


rule tabulate_mcq:
    """Example of the multiple-choice categories (paper, table 9), and each arm's accuracy."""
    input:
        questions=expand("results/data/{culture}/mcq.jsonl", culture=quizzed()),
        choices=mcq_files("scores", "parquet"),
        code=code("tabulate_mcq"),
    output:
        multiext("results/tables/table9", ".csv", ".md", ".tex"),
        multiext("results/tables/table9_accuracy", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_mcq.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures=quizzed(),
        labels=labels(),
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_mcq.py"
