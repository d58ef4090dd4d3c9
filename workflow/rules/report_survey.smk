"""Tables and figures of the survey stage, from scores alone.

Outputs: tables 7, 8 and 14, tension_{culture}, survey_questions, survey_ledger; figures 2, 3 and 10 to 13. As in
the paper, tables 8 and 14 and figures 3, 12 and 13 show the second pole's culture (Mandarin),
figure 11 the first's (English). Tables 8 and 14 and the figures show the plain order of the options;
{order} "_debiased" is the same with answers averaged over the orders.
"""


rule tabulate_values:
    """Distances between models' and people's answers (paper, table 7) with intervals."""
    input:
        divergence=[file for culture in surveyed() for file in survey_scores("divergence", culture)],
        records=[file for culture in surveyed() for file in survey_records(culture)],
        code=code("tabulate_values"),
    output:
        multiext("results/tables/table7", ".csv", ".md", ".tex"),
        multiext("results/tables/table7_contrasts", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_values.log",
    conda:
        "../../envs/base.yaml"
    params:
        countries=held_against(),
        nations=nations(),
        labels=labels(),
        controls=CONTROLS,
        baselines=baselines(),
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_values.py"


rule tabulate_examples:
    """Answers before and after training: the paper's questions and the largest shifts (table 8)."""
    input:
        answers=lambda wildcards: survey_scores("answers", CFG.survey.poles[1]),
        human="results/data/survey/human.parquet",
        questionnaire=lambda wildcards: pole_questionnaire(1),
        gloss=lambda wildcards: gloss(),
        code=code("tabulate_examples"),
    output:
        multiext("results/tables/table8{order}", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_examples{order}.log",
    conda:
        "../../envs/base.yaml"
    params:
        most=lambda wildcards: CFG.survey.largest_shifts,
        nations=nations(),
        labels=labels(),
        controls=CONTROLS,
        scoring=scoring,
    script:
        "../scripts/tabulate_examples.py"


rule tabulate_religion:
    """Answers to questions of belief before and after training (paper, table 14)."""
    input:
        answers=lambda wildcards: survey_scores("answers", CFG.survey.poles[1]),
        human="results/data/survey/human.parquet",
        questionnaire=lambda wildcards: pole_questionnaire(1),
        code=code("tabulate_religion"),
    output:
        multiext("results/tables/table14{order}", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_religion{order}.log",
    conda:
        "../../envs/base.yaml"
    params:
        country=lambda wildcards: pole_countries()[1],
        labels=labels(),
        controls=CONTROLS,
        scoring=scoring,
    script:
        "../scripts/tabulate_religion.py"


rule tabulate_tension:
    """Where answers to the tension set lean, and whether training moved them as people differ."""
    input:
        divergence=lambda wildcards: survey_scores("divergence", wildcards.culture),
        answers=lambda wildcards: survey_scores("answers", wildcards.culture),
        human="results/data/survey/human.parquet",
        tension="results/data/survey/tension.parquet",
        code=code("tabulate_tension"),
    output:
        multiext("results/tables/tension_{culture}", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_tension/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        poles=pole_countries(),
        targets=surveyed(),
        nations=nations(),
        labels=labels(),
        js=lambda wildcards: CFG.survey.tension_js,
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_tension.py"


rule tabulate_questions:
    """Every question: who answered, what was dropped, how far the poles and chance are apart."""
    input:
        ledger="results/data/survey/ledger.parquet",
        human="results/data/survey/human.parquet",
        poles="results/data/survey/poles.parquet",
        floor="results/data/survey/floor.parquet",
        tension="results/data/survey/tension.parquet",
        unworded="results/data/survey/unworded.json",
        questionnaires=expand(
            "results/data/survey/questionnaire.{language}.parquet", language=survey_languages()
        ),
        code=code("tabulate_questions"),
    output:
        multiext("results/tables/survey_questions", ".csv", ".md", ".tex"),
        multiext("results/tables/survey_ledger", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_questions.log",
    conda:
        "../../envs/base.yaml"
    params:
        languages=survey_languages(),
        nations=nations(),
        poles=pole_countries(),
    script:
        "../scripts/tabulate_questions.py"


rule draw_thresholds:
    """Share of questions below a distance (paper, figures 2 and 10), in both measures."""
    input:
        divergence=[file for culture in surveyed() for file in survey_scores("divergence", culture)],
        code=code("draw_thresholds"),
    output:
        report(
            multiext("results/figures/{figure}{order}", ".svg"),
            category="Figures",
            caption="../report/thresholds.rst",
        ),
        multiext("results/figures/{figure}{order}", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_thresholds/{figure}{order}.log",
    wildcard_constraints:
        figure="fig2|fig10",
    conda:
        "../../envs/base.yaml"
    params:
        countries=held_against(),
        nations=nations(),
        labels=labels(),
        left_out=lambda wildcards: CONTROLS if wildcards.figure == "fig2" else [],
        scoring=scoring,
    script:
        "../scripts/draw_thresholds.py"


rule draw_leanings:
    """Distance of answers to both poles on the tension set (paper, figures 3 and 11)."""
    input:
        divergence=lambda wildcards: survey_scores("divergence", leaning_culture(wildcards.figure)),
        tension="results/data/survey/tension.parquet",
        code=code("draw_leanings"),
    output:
        report(
            multiext("results/figures/{figure}{order}", ".svg"),
            category="Figures",
            caption="../report/leanings.rst",
        ),
        multiext("results/figures/{figure}{order}", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_leanings/{figure}{order}.log",
    wildcard_constraints:
        figure="fig3|fig11",
    conda:
        "../../envs/base.yaml"
    params:
        poles=pole_countries(),
        nations=nations(),
        labels=labels(),
        js=lambda wildcards: CFG.survey.tension_js,
        scoring=scoring,
    script:
        "../scripts/draw_leanings.py"


rule draw_topics:
    """Distance to people's answers, topic by topic (paper, figures 12 and 13)."""
    input:
        divergence=lambda wildcards: survey_scores("divergence", CFG.survey.poles[1]),
        code=code("draw_topics"),
    output:
        report(
            multiext("results/figures/{figure}{order}", ".svg"),
            category="Figures",
            caption="../report/topics.rst",
        ),
        multiext("results/figures/{figure}{order}", ".pdf", ".png", ".csv"),
    log:
        "logs/draw_topics/{figure}{order}.log",
    wildcard_constraints:
        figure="fig12|fig13",
    conda:
        "../../envs/base.yaml"
    params:
        measure=lambda wildcards: {"fig12": "js", "fig13": "emd"}[wildcards.figure],
        country=lambda wildcards: pole_countries()[1],
        labels=labels(),
        confidence=CFG.evaluation.confidence,
        scoring=scoring,
    script:
        "../scripts/draw_topics.py"
