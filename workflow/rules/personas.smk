"""Persona read-out: answers given as individual respondents, and the tables of CLCA.

Inputs: the survey file with its demographics, a base model and, for trained arms, an adapter.
Outputs: results/data/{culture}/personas.jsonl, samples, scores, tables.
"""


rule draw_personas:
    """Draw respondents of a culture's country, word their demographics, pair their answers."""
    input:
        survey=lambda wildcards: data_file(CFG.survey.file),
        answers=paths.SURVEY_ANSWERS,
        questionnaire=wild(GRID.survey.questionnaire, "culture"),
        texts=prompt_file("personas"),
        card=lambda wildcards: GRID.clca.materials(wildcards.culture)["card"],
        code=code("draw_personas"),
    output:
        personas=paths.PERSONAS,
    log:
        "logs/draw_personas/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        country=lambda wildcards: CFG.cultures[wildcards.culture].country,
        language=lambda wildcards: CFG.cultures[wildcards.culture].language,
        personas=clca_settings("personas"),
    script:
        "../scripts/draw_personas.py"


rule answer_personas:
    """Let an arm answer as respondents, greedily, with the number of an option."""
    input:
        **ARM_MODEL,
        personas=paths.PERSONAS,
        questionnaire=wild(GRID.survey.questionnaire, "culture"),
        prompt=prompt_file("survey_prompt"),
        code=code("answer_personas"),
    output:
        samples=paths.PERSONA_SAMPLES,
        provenance=paths.PERSONA_PROVENANCE,
    log:
        "logs/answer_personas/{model}/{arm}/{culture}.log",
    benchmark:
        "benchmarks/answer_personas/{model}/{arm}/{culture}.tsv"
    conda:
        answering_environment
    threads: torch_threads()
    resources:
        **ANSWERING,
        runtime=planned_minutes("answer_personas"),
    params:
        model=wild(GRID.settings.answering_settings, "model"),
        system=wild(GRID.clca.persona_system, "culture", "arm"),
        as_persona=wild(GRID.clca.as_persona, "arm"),
        max_new_tokens=lambda wildcards: CFG.clca.personas.max_new_tokens,
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/answer_personas.py"


rule score_personas:
    """Accuracy, validity and distances of an arm's persona answers, question by question."""
    input:
        samples=paths.PERSONA_SAMPLES,
        questionnaire=wild(GRID.survey.questionnaire, "culture"),
        code=code("score_personas"),
    output:
        personas=paths.PERSONA_SCORES,
    log:
        "logs/score_personas/{model}/{arm}/{culture}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_personas.py"


rule score_constant_answers:
    """Scores of one answer for all: the first option, and the commonest answer of people."""
    input:
        personas=paths.PERSONAS,
        questionnaire=wild(GRID.survey.questionnaire, "culture"),
        code=code("score_constant_answers"),
    output:
        personas=paths.CONSTANT_ANSWERS,
    log:
        "logs/score_constant_answers/{culture}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_constant_answers.py"


rule tabulate_personas:
    """Arms of the persona read-out beside constant answers, and the paired differences of both."""
    input:
        personas=GRID.clca.persona_scores(),
        references=expand(
            paths.CONSTANT_ANSWERS,
            culture=GRID.clca.persona_cultures(),
        ),
        code=code("tabulate_personas"),
    output:
        *paths.tables("personas", "personas_contrasts"),
    log:
        "logs/tabulate_personas.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=LABELS,
        asked=GRID.clca.asked_as(),
        evaluation=EVALUATION,
    script:
        "../scripts/tabulate_personas.py"


rule tabulate_dialogues:
    """How role-played dialogues ended, which were kept, and why others were dropped."""
    input:
        parts=[
            template.format(culture=culture)
            for culture in GRID.clca.cultures()
            for template in (paths.DIALOGUES, paths.VERDICTS, paths.DROPPED_DIALOGUES)
        ],
        intents=GRID.clca.all_intents(),
        questionnaires=GRID.survey.questionnaires(),
        code=code("tabulate_dialogues"),
    output:
        *paths.tables("dialogues"),
    log:
        "logs/tabulate_dialogues.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures={name: CFG.cultures[name].label for name in GRID.clca.cultures()},
    script:
        "../scripts/tabulate_dialogues.py"
