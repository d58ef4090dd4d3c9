"""Tables, figures and the report, from scores alone.

Outputs: results/tables/, results/figures/, results/report/index.html.
"""


rule tabulate_generation:
    """Tables of a culture's generation scores (paper, tables 1 and 2) with intervals."""
    input:
        precision=precision_files,
        references=reference_file,
        lists=lambda wildcards: list_files(TABLES[wildcards.table]),
        code=code("tabulate_generation"),
    output:
        multiext("results/tables/{table}", ".csv", ".md", ".tex"),
        multiext("results/tables/{table}_contrasts", ".csv", ".md", ".tex"),
        multiext("results/tables/{table}_ceiling", ".csv", ".md", ".tex"),
        multiext("results/tables/{table}_lists", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_generation/{table}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
        controls=CONTROLS,
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_generation.py"


rule tabulate_decoding:
    """The effect of prompt and decoding on the scores of a culture's arms."""
    input:
        precision=all_precision_files,
        code=code("tabulate_decoding"),
    output:
        multiext("results/tables/{table}_decoding", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_decoding/{table}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_decoding.py"


rule tabulate_planted:
    """How much of a synthetic culture's planted effect the arms recovered."""
    input:
        lists=lambda wildcards: list_files(wildcards.culture),
        planted=lambda wildcards: CFG.cultures[wildcards.culture].planted,
        associations="results/data/{culture}/associations.parquet",
        splits="results/data/{culture}/splits.parquet",
        code=code("tabulate_planted"),
    output:
        multiext("results/tables/planted_{culture}", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_planted/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
        controls=CONTROLS,
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_planted.py"


rule tabulate_ledger:
    """What was read, kept and dropped, for every culture, and what the files are."""
    input:
        ledgers=expand("results/data/{culture}/ledger.json", culture=RUN.cultures),
        respondents=["results/data/survey/respondents.json"] if surveyed() else [],
        sources=expand(
            "results/data/{data}/source.json",
            data=[*RUN.cultures, *(["survey"] if surveyed() else [])],
        ),
        splits=expand("results/data/{culture}/splits.parquet", culture=RUN.cultures),
        code=code("tabulate_ledger"),
    output:
        multiext("results/tables/ledger", ".csv", ".md", ".tex"),
        multiext("results/tables/sources", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_ledger.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures=RUN.cultures,
    script:
        "../scripts/tabulate_ledger.py"


rule tabulate_hyperparameters:
    """Hyper-parameters of the configured methods (paper, tables 10 and 11)."""
    input:
        code=code("tabulate_hyperparameters"),
    output:
        multiext("results/tables/{number}", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_hyperparameters/{number}.log",
    wildcard_constraints:
        number="table10|table11",
    conda:
        "../../envs/base.yaml"
    params:
        kind=lambda wildcards: {"table10": "sft", "table11": "ppo"}[wildcards.number],
        methods=hyperparameters(),
    script:
        "../scripts/tabulate_hyperparameters.py"


rule tabulate_claims:
    """The paper's statements, each checked against the tables of this run."""
    input:
        tables=expand("results/tables/{name}.csv", name=checked_tables()),
        figures=[
            f"results/figures/{name}.csv" for name in ("fig12", "fig13") if name in figure_names()
        ],
        claims=repository("resources/paper/claims.yaml"),
        code=code("tabulate_claims"),
    output:
        multiext("results/tables/claims", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_claims.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures=standing_for(),
        models=[CFG.models[model].label for model in TRAINED_MODELS],
        control=next((CFG.methods[name].label for name in CONTROLS), None),
    script:
        "../scripts/tabulate_claims.py"


rule draw_precision:
    """Precision against K for every arm, with the human ceiling."""
    input:
        precision=[
            file
            for culture in RUN.cultures
            for file in scored("precision", culture, RUN.prompts[0], RUN.decodings[:1], "parquet")
        ],
        references=expand("results/scores/references/{culture}.parquet", culture=RUN.cultures),
        code=code("draw_precision"),
    output:
        report(
            multiext("results/figures/precision", ".svg"),
            category="Figures",
            caption="../report/precision.rst",
        ),
        multiext("results/figures/precision", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_precision.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/draw_precision.py"


rule draw_training:
    """Training and validation loss of every arm trained by SFT."""
    input:
        logs=training_logs(SFT_METHODS),
        code=code("draw_training"),
    output:
        report(
            multiext("results/figures/training", ".svg"),
            category="Figures",
            caption="../report/training.rst",
        ),
        multiext("results/figures/training", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_training.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
    script:
        "../scripts/draw_training.py"


rule draw_ppo:
    """What PPO did update by update: reward, KL, entropy, clipping, critic, responses."""
    input:
        logs=training_logs(PPO_METHODS),
        code=code("draw_ppo"),
    output:
        report(
            multiext("results/figures/ppo", ".svg"),
            category="Figures",
            caption="../report/ppo.rst",
        ),
        multiext("results/figures/ppo", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_ppo.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
    script:
        "../scripts/draw_ppo.py"


rule draw_fig1:
    """Top associations of chosen cues, culture by culture (paper, figure 1, part 1)."""
    input:
        associations=expand("results/data/{culture}/associations.parquet", culture=RUN.cultures),
        code=code("draw_fig1"),
    output:
        report(
            multiext("results/figures/fig1", ".svg"),
            category="Figures",
            caption="../report/fig1.rst",
        ),
        multiext("results/figures/fig1", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_fig1.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
        cultures={culture: CFG.cultures[culture].spotlight for culture in RUN.cultures},
    script:
        "../scripts/draw_fig1.py"


rule write_report:
    """One self-contained page: what ran, tables, figures, the paper's values, provenance."""
    input:
        tables=table_files(),
        figures=figure_files(),
        samples=[
            f"results/samples/{model}/{arm}/associations.{culture}.{RUN.prompts[0]}."
            f"{RUN.decodings[0]}.{suffix}"
            for culture in RUN.cultures
            for model, arm in evaluated("associations", culture)
            for suffix in ("json", "jsonl")
        ],
        survey=[file for culture in surveyed() for file in survey_records(culture)],
        unworded=["results/data/survey/unworded.json"] if surveyed() else [],
        rankings=[
            file
            for culture in RANKINGS.values()
            for suffix in ("json", "jsonl")
            for file in ranking_files("samples", culture, suffix)
        ],
        mcq=mcq_files("samples", "json"),
        paper=repository("resources/paper/generation.csv"),
        paper_rankings=repository("resources/paper/ranking.csv"),
        paper_attributes=repository("resources/paper/attributes.csv"),
        template=repository("workflow/report/index.html.j2"),
        captions=[repository(f"workflow/report/{caption_of(name)}.rst") for name in figure_names()],
        code=code("write_report"),
    output:
        page="results/report/index.html",
    log:
        "logs/write_report.log",
    conda:
        "../../envs/base.yaml"
    params:
        config=CFG.model_dump(),
        tables=list(TABLES.items()),
        rankings=RANKINGS,
        attributes=list(ATTRIBUTE_TABLES.items()),
        planted=planted_cultures(),
        figures=figure_names(),
        labels=labels(),
    script:
        "../scripts/write_report.py"
