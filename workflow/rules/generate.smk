"""Samples: what models answer. Raw answers are kept, so that scoring never needs a GPU.

Inputs: test cues, a prompt, a base model and, for trained arms, an adapter.
Outputs: results/samples/{model}/{arm}/.
"""


rule generate_associations:
    """Let an arm list associations of the test cues."""
    input:
        **ARM_MODEL,
        splits=paths.SPLITS,
        associations=wild(GRID.evaluations.asked_of, "culture", "prompt"),
        prompt=list_prompt,
        code=code("generate_associations"),
    output:
        samples=paths.LIST_SAMPLES,
        provenance=paths.LIST_PROVENANCE,
    log:
        "logs/generate_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    benchmark:
        "benchmarks/generate_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.tsv"
    conda:
        answering_environment
    threads: torch_threads()
    resources:
        **ANSWERING,
        runtime=planned_minutes("generate_associations"),
    params:
        model=wild(GRID.settings.answering_settings, "model"),
        decoding=lambda wildcards: CFG.decodings[wildcards.decoding].model_dump(),
        language=wild(GRID.evaluations.prompt_settings, "culture", "arm", "prompt"),
        bounds=CFG.evaluation.model_dump(
            include={"lower", "upper", "bounds", "precision_at", "seed"}
        ),
        shots=lambda wildcards: EVALUATION["shots"].get(wildcards.prompt),
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/generate_associations.py"


rule generate_rankings:
    """Let an arm rank candidates for the test cues (paper, section 4.1, appendix D)."""
    input:
        **ARM_MODEL,
        examples=paths.RANKING_TEST,
        code=code("generate_rankings"),
    output:
        samples=paths.RANKING_SAMPLES,
        provenance=paths.RANKING_PROVENANCE,
    log:
        "logs/generate_rankings/{model}/{arm}/{culture}.log",
    benchmark:
        "benchmarks/generate_rankings/{model}/{arm}/{culture}.tsv"
    conda:
        answering_environment
    threads: torch_threads()
    resources:
        **ANSWERING,
        runtime=planned_minutes("generate_rankings"),
    params:
        model=wild(GRID.settings.answering_settings, "model"),
        decoding=lambda wildcards: CFG.decodings[CFG.ranking.decoding].model_dump(),
        system=arm_system,
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/generate_rankings.py"


rule choose_mcq_labels:
    """Choose the labels of multiple-choice options: single tokens for every model of the run."""
    input:
        **EVERY_MODEL,
        prompts=[GRID.locations.located(path) for path in GRID.evaluations.mcq_prompts()],
        code=code("choose_mcq_labels"),
    output:
        labels=paths.MCQ_LABELS,
    log:
        "logs/choose_mcq_labels.log",
    conda:
        "../../envs/train.yaml"
    params:
        models=GRID.settings.rendering_settings(),
        systems=[GRID.evaluations.language(c).system for c in GRID.evaluations.mcq_cultures()],
    script:
        "../scripts/choose_mcq_labels.py"


rule answer_mcq:
    """Let an arm answer multiple-choice questions: log-probabilities of the option labels."""
    input:
        **ARM_MODEL,
        questions=paths.MCQ_QUESTIONS,
        labels=paths.MCQ_LABELS,
        prompt=prompt_file("mcq_prompt"),
        code=code("answer_mcq"),
    output:
        samples=paths.MCQ_SAMPLES,
        provenance=paths.MCQ_PROVENANCE,
    log:
        "logs/answer_mcq/{model}/{arm}/{culture}.log",
    benchmark:
        "benchmarks/answer_mcq/{model}/{arm}/{culture}.tsv"
    conda:
        answering_environment
    threads: torch_threads()
    resources:
        **ANSWERING,
        runtime=planned_minutes("answer_mcq"),
    params:
        model=wild(GRID.settings.answering_settings, "model"),
        language=wild(GRID.evaluations.prompt_settings, "culture", "arm"),
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/answer_mcq.py"


rule choose_labels:
    """Choose the labels of the options: single tokens for every model of the run."""
    input:
        **EVERY_MODEL,
        questionnaires=GRID.survey.questionnaires(),
        prompts=[survey_prompt(name) for name in GRID.survey.languages()],
        code=code("choose_labels"),
    output:
        labels=paths.SURVEY_LABELS,
    log:
        "logs/choose_labels.log",
    conda:
        "../../envs/train.yaml"
    params:
        models=GRID.settings.rendering_settings(),
        systems=[CFG.languages[name].system for name in GRID.survey.languages()],
        asking=CFG.survey.asking.model_dump(include={"chat", "labels"}) if CFG.survey else None,
    script:
        "../scripts/choose_labels.py"


rule answer_survey:
    """Let an arm answer the survey: log-probabilities of the option labels (section 5.1)."""
    input:
        **ARM_MODEL,
        questionnaire=paths.QUESTIONNAIRE,
        labels=paths.SURVEY_LABELS,
        prompt=wild(survey_prompt, "language"),
        code=code("answer_survey"),
    output:
        samples=paths.SURVEY_SAMPLES,
        provenance=paths.SURVEY_PROVENANCE,
    log:
        "logs/answer_survey/{model}/{arm}/{language}.log",
    benchmark:
        "benchmarks/answer_survey/{model}/{arm}/{language}.tsv"
    conda:
        answering_environment
    threads: torch_threads()
    resources:
        **ANSWERING,
        runtime=planned_minutes("answer_survey"),
    params:
        model=wild(GRID.settings.answering_settings, "model"),
        system=arm_system,
        survey=lambda wildcards: CFG.survey.model_dump(include={"orders", "asking", "batch_tokens"}),
    script:
        "../scripts/answer_survey.py"
