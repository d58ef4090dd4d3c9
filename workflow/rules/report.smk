"""Tables, figures and the report, from scores only.

Outputs: results/tables/, results/figures/, results/report/index.html.
"""


rule tabulate_generation:
    """Tables of a culture's generation scores (paper, tables 1 and 2) with intervals."""
    input:
        precision=lambda wildcards: GRID.evaluations.lists(paths.PRECISION, TABLES[wildcards.table]),
        references=lambda wildcards: paths.PRECISION_REFERENCES.format(
            culture=TABLES[wildcards.table]
        ),
        lists=lambda wildcards: GRID.evaluations.lists(paths.LISTS, TABLES[wildcards.table]),
        domains=lambda wildcards: GRID.products.domains(TABLES[wildcards.table]),
        code=code("tabulate_generation"),
    output:
        *paths.tables("{table}", "{table}_contrasts", "{table}_ceiling", "{table}_lists"),
    log:
        "logs/tabulate_generation/{table}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
        controls=CONTROLS,
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_generation.py"


rule tabulate_decoding:
    """The effect of prompt and decoding on the scores of a culture's arms."""
    input:
        precision=lambda wildcards: GRID.evaluations.all_precision(TABLES[wildcards.table]),
        domains=lambda wildcards: GRID.products.domains(TABLES[wildcards.table]),
        code=code("tabulate_decoding"),
    output:
        *paths.tables("{table}_decoding"),
    log:
        "logs/tabulate_decoding/{table}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_decoding.py"


rule tabulate_planted:
    """How much of a synthetic culture's planted effect the arms recovered."""
    input:
        lists=lambda wildcards: GRID.evaluations.lists(paths.LISTS, wildcards.culture),
        planted=lambda wildcards: CFG.cultures[wildcards.culture].planted,
        associations=paths.ASSOCIATIONS,
        splits=paths.SPLITS,
        code=code("tabulate_planted"),
    output:
        *paths.tables("planted_{culture}"),
    log:
        "logs/tabulate_planted/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
        controls=CONTROLS,
        evaluation=EVALUATION,
        seed=CFG.data.seed,
    script:
        "../scripts/tabulate_planted.py"


rule tabulate_ledger:
    """What was read, kept and dropped, for every culture, and what the files are."""
    input:
        ledgers=expand(paths.RESPONSE_LEDGER, culture=RUN.cultures),
        respondents=[paths.SURVEY_RESPONDENTS] if GRID.survey.survey_cultures() else [],
        sources=[
            *expand(paths.SOURCE, culture=RUN.cultures),
            *([paths.SURVEY_SOURCE] if GRID.survey.survey_cultures() else []),
        ],
        splits=expand(paths.SPLITS, culture=RUN.cultures),
        code=code("tabulate_ledger"),
    output:
        *paths.tables("ledger", "sources"),
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
        *paths.tables("{number}"),
    log:
        "logs/tabulate_hyperparameters/{number}.log",
    wildcard_constraints:
        number="table10|table11",
    conda:
        "../../envs/base.yaml"
    params:
        kind=lambda wildcards: {"table10": "sft", "table11": "ppo"}[wildcards.number],
        methods=GRID.settings.hyperparameters(),
    script:
        "../scripts/tabulate_hyperparameters.py"


rule tabulate_claims:
    """The paper's statements, each checked against the tables of this run."""
    input:
        tables=[paths.table_csv(name) for name in GRID.products.tables_of_claims()],
        figures=[
            paths.FIGURE.format(name=name, format="csv")
            for name in ("fig12", "fig13")
            if name in GRID.products.figures()
        ],
        claims=repository("resources/paper/claims.yaml"),
        code=code("tabulate_claims"),
    output:
        *paths.tables("claims"),
    log:
        "logs/tabulate_claims.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures=GRID.products.paper_counterparts(),
        models=[CFG.models[model].label for model in GRID.arms.trained_models],
        controls={name: CFG.methods[name].label for name in CONTROLS},
        confidence=CFG.evaluation.confidence,
        seeds=len(RUN.seeds),
        least_mass=CFG.evaluation.least_mass,
        methods=LABELS["methods"],
    script:
        "../scripts/tabulate_claims.py"


rule tabulate_readings:
    """Every definition as written, as run, and sound, and what each does to this run's numbers."""
    input:
        divergence=GRID.survey.of_all(paths.DIVERGENCE),
        human=[paths.HUMAN_SHARES] if GRID.survey.survey_cultures() else [],
        precision=[f for c in RUN.cultures for f in GRID.evaluations.lists(paths.PRECISION, c)],
        lists=[f for c in RUN.cultures for f in GRID.evaluations.lists(paths.LISTS, c)],
        attributes=GRID.attributes.first_scores(),
        human_attributes=GRID.attributes.human(),
        norms=[GRID.attributes.norms(culture) for culture in GRID.attributes.cultures()],
        rankings=[
            f
            for c in RANKINGS.values()
            for f in GRID.evaluations.of_arms("ranking", paths.RANKING_SAMPLES, c)
        ],
        associations=expand(paths.ASSOCIATIONS, culture=RUN.cultures),
        splits=expand(paths.SPLITS, culture=RUN.cultures),
        definitions=repository("resources/paper/readings.yaml"),
        code=code("tabulate_readings"),
    output:
        *paths.tables("readings"),
    log:
        "logs/tabulate_readings.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures=GRID.attributes.look_up(),
        nations=GRID.survey.country_labels(),
        poles=GRID.survey.pole_countries(),
        countries=[GRID.survey.survey_cultures()[c] for c in GRID.survey.asked_of_all()],
        tension=CFG.survey.tension if CFG.survey else None,
        first=CFG.norms.first if CFG.norms else None,
        split=CFG.data.split.model_dump(),
        labels=LABELS,
    script:
        "../scripts/tabulate_readings.py"


rule draw_precision:
    """Precision against K for every arm, with the human ceiling."""
    input:
        precision=[
            file
            for culture in RUN.cultures
            for file in GRID.evaluations.lists(paths.PRECISION, culture)
        ],
        references=expand(paths.PRECISION_REFERENCES, culture=RUN.cultures),
        domains=GRID.products.domains(*RUN.cultures),
        code=code("draw_precision"),
    output:
        *figure("precision", "precision"),
    log:
        "logs/draw_precision.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
        evaluation=EVALUATION,
    script:
        "../scripts/draw_precision.py"


rule draw_training:
    """Training and validation loss of every arm trained by SFT."""
    input:
        logs=GRID.trainings.training_logs(GRID.arms.sft_methods),
        code=code("draw_training"),
    output:
        *figure("training", "training"),
    log:
        "logs/draw_training.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
    script:
        "../scripts/draw_training.py"


rule draw_ppo:
    """What PPO did update by update: reward, KL, entropy, clipping, critic, responses."""
    input:
        logs=GRID.trainings.training_logs(GRID.arms.ppo_methods),
        code=code("draw_ppo"),
    output:
        *figure("ppo", "ppo"),
    log:
        "logs/draw_ppo.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
    script:
        "../scripts/draw_ppo.py"


rule draw_fig1:
    """Top associations of chosen cues, and a question's answers, by culture (paper, figure 1)."""
    input:
        associations=expand(paths.ASSOCIATIONS, culture=RUN.cultures),
        human=[paths.HUMAN_SHARES] if GRID.survey.survey_cultures() else [],
        questionnaires=[GRID.survey.questionnaire(c) for c in GRID.survey.survey_cultures()],
        code=code("draw_fig1"),
    output:
        *figure("fig1", "fig1"),
    log:
        "logs/draw_fig1.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
        cultures={culture: CFG.cultures[culture].spotlight for culture in RUN.cultures},
        countries=GRID.survey.survey_cultures(),
        question=CFG.survey.spotlight if CFG.survey else None,
    script:
        "../scripts/draw_fig1.py"


rule write_report:
    """One self-contained page: what ran, tables, figures, the paper's values, provenance."""
    input:
        tables=paths.tables(*GRID.products.tables()),
        figures=paths.figures(*GRID.products.figures()),
        samples=GRID.evaluations.report_lists(),
        survey=GRID.survey.of_all(paths.SURVEY_PROVENANCE),
        unworded=[paths.UNWORDED] if GRID.survey.survey_cultures() else [],
        rankings=GRID.evaluations.report_rankings(GRID.products.ranking_tables().values()),
        mcq=GRID.evaluations.mcq(paths.MCQ_PROVENANCE),
        paper=[
            repository(f"resources/paper/{name}.csv")
            for name in ("attributes", "belief", "examples", "generation", "ranking", "survey")
        ],
        template=repository("workflow/report/index.html.j2"),
        look=[repository(f"workflow/report/page.{ending}") for ending in ("css", "js")],
        associations=expand(paths.ASSOCIATIONS, culture=RUN.cultures),
        planted=[CFG.cultures[culture].planted for culture in GRID.products.planted_cultures()],
        lists=[
            file
            for culture in RUN.cultures
            for file in GRID.evaluations.lists(paths.LISTS, culture)
        ],
        answers=GRID.survey.of_all(paths.SURVEY_SAMPLES),
        questionnaires=GRID.survey.questionnaires(),
        human=[paths.HUMAN_SHARES] if GRID.survey.survey_cultures() else [],
        captions=[
            repository(f"workflow/report/{GRID.products.caption(name)}.rst")
            for name in GRID.products.figures()
        ],
        code=code("write_report"),
    output:
        page=paths.REPORT,
    log:
        "logs/write_report.log",
    conda:
        "../../envs/base.yaml"
    params:
        config=CFG.model_dump(),
        tables=list(TABLES.items()),
        rankings=GRID.products.ranking_tables(),
        attributes=list(GRID.attributes.tables().items()),
        planted=GRID.products.planted_cultures(),
        figures=GRID.products.figures(),
        labels=LABELS,
        kinds={
            "associations": [m for m in GRID.arms.association_methods if m not in CONTROLS],
            "rankings": GRID.arms.ppo_methods,
            "controls": CONTROLS,
        },
    script:
        "../scripts/write_report.py"
