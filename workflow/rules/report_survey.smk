"""Tables and figures of the survey stage, from scores only.

Outputs: tables 7, 8 and 14, tension_{culture}, survey_questions, survey_ledger; figures 2, 3 and 10 to 13. As in
the paper, tables 8 and 14 and figures 3, 12 and 13 show the second pole's culture (Mandarin),
figure 11 the first's (English). Tables 8 and 14 and the figures show the plain order of the options;
{order} "_debiased" is the same with answers averaged over the orders.
"""


rule tabulate_values:
    """Distances between models' and people's answers (paper, table 7) with intervals."""
    input:
        divergence=GRID.survey.of_all(paths.DIVERGENCE),
        references=GRID.survey.references(),
        records=GRID.survey.of_all(paths.SURVEY_PROVENANCE),
        code=code("tabulate_values"),
    output:
        *paths.tables("table7", "table7_contrasts"),
    log:
        "logs/tabulate_values.log",
    conda:
        "../../envs/base.yaml"
    params:
        asked=GRID.survey.asked_of_all(),
        countries=GRID.survey.survey_cultures(),
        nations=GRID.survey.country_labels(),
        labels=LABELS,
        controls=CONTROLS,
        baselines=GRID.survey.baselines(),
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_values.py"


rule tabulate_examples:
    """Answers before and after training: the paper's questions and the largest shifts (table 8)."""
    input:
        answers=of_second_pole(paths.MODEL_ANSWERS),
        divergence=of_second_pole(paths.DIVERGENCE),
        human=paths.HUMAN_SHARES,
        questionnaire=lambda wildcards: GRID.survey.questionnaire(CFG.survey.poles[1]),
        translation=lambda wildcards: GRID.survey.translation_questionnaire(),
        code=code("tabulate_examples"),
    output:
        *paths.tables("table8{order}"),
    log:
        "logs/tabulate_examples{order}.log",
    conda:
        "../../envs/base.yaml"
    params:
        most=lambda wildcards: CFG.survey.largest_shifts,
        asked=lambda wildcards: CFG.survey.poles[1],
        country=lambda wildcards: GRID.survey.pole_countries()[1],
        nations=GRID.survey.country_labels(),
        labels=LABELS,
        controls=CONTROLS,
        scoring=scoring,
        least_mass=CFG.evaluation.least_mass,
    script:
        "../scripts/tabulate_examples.py"


rule tabulate_religion:
    """Answers to questions of belief before and after training (paper, table 14)."""
    input:
        answers=of_second_pole(paths.MODEL_ANSWERS),
        divergence=of_second_pole(paths.DIVERGENCE),
        human=paths.HUMAN_SHARES,
        questionnaire=lambda wildcards: GRID.survey.questionnaire(CFG.survey.poles[1]),
        code=code("tabulate_religion"),
    output:
        *paths.tables("table14{order}"),
    log:
        "logs/tabulate_religion{order}.log",
    conda:
        "../../envs/base.yaml"
    params:
        asked=lambda wildcards: CFG.survey.poles[1],
        country=lambda wildcards: GRID.survey.pole_countries()[1],
        labels=LABELS,
        controls=CONTROLS,
        scoring=scoring,
        least_mass=CFG.evaluation.least_mass,
    script:
        "../scripts/tabulate_religion.py"


rule tabulate_tension:
    """Where answers to the tension set lean, and whether training moved them as people differ."""
    input:
        divergence=of_culture(paths.DIVERGENCE),
        answers=of_culture(paths.MODEL_ANSWERS),
        references=wild(GRID.survey.references_of, "culture"),
        human=paths.HUMAN_SHARES,
        tension=paths.TENSION_SET,
        code=code("tabulate_tension"),
    output:
        *paths.tables("tension_{culture}"),
    log:
        "logs/tabulate_tension/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        poles=GRID.survey.pole_countries(),
        targets=GRID.survey.survey_cultures(),
        nations=GRID.survey.country_labels(),
        labels=LABELS,
        controls=CONTROLS,
        form=lambda wildcards: CFG.survey.hybrid,
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_tension.py"


rule tabulate_questions:
    """Every question: who answered, what was dropped, how far the poles and chance are apart."""
    input:
        ledger=paths.SURVEY_LEDGER,
        human=paths.HUMAN_SHARES,
        poles=paths.POLES,
        floor=paths.NOISE_FLOOR,
        tension=paths.TENSION_SET,
        unworded=paths.UNWORDED,
        questionnaires=GRID.survey.questionnaires(),
        code=code("tabulate_questions"),
    output:
        *paths.tables("survey_questions", "survey_ledger"),
    log:
        "logs/tabulate_questions.log",
    conda:
        "../../envs/base.yaml"
    params:
        languages=GRID.survey.languages(),
        nations=GRID.survey.country_labels(),
        poles=GRID.survey.pole_countries(),
    script:
        "../scripts/tabulate_questions.py"


rule draw_thresholds:
    """Share of questions below a distance (paper, figures 2 and 10), in both measures."""
    input:
        divergence=GRID.survey.of_all(paths.DIVERGENCE),
        references=GRID.survey.references(),
        code=code("draw_thresholds"),
    output:
        *figure("{figure}{order}", "thresholds"),
    log:
        "logs/draw_thresholds/{figure}{order}.log",
    wildcard_constraints:
        figure="fig2|fig10",
    conda:
        "../../envs/base.yaml"
    params:
        asked=GRID.survey.asked_of_all(),
        countries=GRID.survey.survey_cultures(),
        nations=GRID.survey.country_labels(),
        labels=LABELS,
        left_out=lambda wildcards: CONTROLS if wildcards.figure == "fig2" else [],
        scoring=scoring,
    script:
        "../scripts/draw_thresholds.py"


rule draw_leanings:
    """Distance of answers to both poles on the tension set (paper, figures 3 and 11)."""
    input:
        divergence=lambda wildcards: GRID.survey.of_culture(
            paths.DIVERGENCE, GRID.survey.leaning_culture(wildcards.figure)
        ),
        references=lambda wildcards: GRID.survey.references_of(
            GRID.survey.leaning_culture(wildcards.figure)
        ),
        tension=paths.TENSION_SET,
        code=code("draw_leanings"),
    output:
        *figure("{figure}{order}", "leanings"),
    log:
        "logs/draw_leanings/{figure}{order}.log",
    wildcard_constraints:
        figure="fig3|fig11",
    conda:
        "../../envs/base.yaml"
    params:
        asked=lambda wildcards: GRID.survey.leaning_culture(wildcards.figure),
        poles=GRID.survey.pole_countries(),
        nations=GRID.survey.country_labels(),
        labels=LABELS,
        form=lambda wildcards: CFG.survey.hybrid,
        scoring=scoring,
    script:
        "../scripts/draw_leanings.py"


rule draw_topics:
    """Distance to people's answers, topic by topic (paper, figures 12 and 13)."""
    input:
        divergence=of_second_pole(paths.DIVERGENCE),
        references=lambda wildcards: GRID.survey.references_of(CFG.survey.poles[1]),
        code=code("draw_topics"),
    output:
        *figure("{figure}{order}", "topics"),
    log:
        "logs/draw_topics/{figure}{order}.log",
    wildcard_constraints:
        figure="fig12|fig13",
    conda:
        "../../envs/base.yaml"
    params:
        measure=lambda wildcards: {"fig12": "js", "fig13": "emd"}[wildcards.figure],
        asked=lambda wildcards: CFG.survey.poles[1],
        country=lambda wildcards: GRID.survey.pole_countries()[1],
        nation=lambda wildcards: GRID.survey.country_labels()[GRID.survey.pole_countries()[1]],
        labels=LABELS,
        confidence=CFG.evaluation.confidence,
        scoring=scoring,
    script:
        "../scripts/draw_topics.py"
