"""Scores: from raw answers to precision, cue by cue. No GPU.

Inputs: samples, associations, responses.
Outputs: results/scores/{model}/{arm}/ and results/scores/references/.
"""


rule parse_associations:
    """Take the lists out of an arm's answers and normalize them like human responses."""
    input:
        samples=paths.LIST_SAMPLES,
        code=code("parse_associations"),
    output:
        lists=paths.LISTS,
    log:
        "logs/parse_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    conda:
        "../../envs/base.yaml"
    params:
        rules=normalizer_rules,
        forms=list_forms,
    script:
        "../scripts/parse_associations.py"


rule score_precision:
    """Score an arm's lists against all humans and against half of them."""
    input:
        lists=paths.LISTS,
        associations=paths.ASSOCIATIONS,
        responses=wild(GRID.evaluations.responses, "culture"),
        code=code("score_precision"),
    output:
        precision=paths.PRECISION,
    log:
        "logs/score_precision/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    conda:
        "../../envs/base.yaml"
    params:
        ks=CFG.evaluation.precision_at,
        split_halves=CFG.data.split_halves,
        seed=CFG.data.seed,
    script:
        "../scripts/score_precision.py"


rule score_references:
    """Score one half of the humans, and the corpus's most frequent responses."""
    input:
        associations=paths.ASSOCIATIONS,
        responses=wild(GRID.evaluations.responses, "culture"),
        splits=paths.SPLITS,
        code=code("score_references"),
    output:
        references=paths.PRECISION_REFERENCES,
    log:
        "logs/score_references/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        ks=CFG.evaluation.precision_at,
        split_halves=CFG.data.split_halves,
        seed=CFG.data.seed,
    script:
        "../scripts/score_references.py"


rule score_rankings:
    """Score an arm's rankings against all humans and against half of them."""
    input:
        samples=paths.RANKING_SAMPLES,
        responses=wild(GRID.evaluations.responses, "culture"),
        code=code("score_rankings"),
    output:
        rankings=paths.RANKINGS,
    log:
        "logs/score_rankings/{model}/{arm}/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        reward=lambda wildcards: CFG.ranking.reward.model_dump(),
        rules=normalizer_rules,
        split_halves=CFG.data.split_halves,
        seed=CFG.data.seed,
    script:
        "../scripts/score_rankings.py"


rule score_ranking_references:
    """Rank the candidates by half of the humans, by corpus frequency, and at random."""
    input:
        examples=paths.RANKING_TEST,
        associations=paths.ASSOCIATIONS,
        responses=wild(GRID.evaluations.responses, "culture"),
        splits=paths.SPLITS,
        code=code("score_ranking_references"),
    output:
        references=paths.RANKING_REFERENCES,
    log:
        "logs/score_ranking_references/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        split_halves=CFG.data.split_halves,
        seed=CFG.data.seed,
    script:
        "../scripts/score_ranking_references.py"


rule score_mcq:
    """Which of the four sets of words an arm chose, cue by cue."""
    input:
        samples=paths.MCQ_SAMPLES,
        code=code("score_mcq"),
    output:
        choices=paths.MCQ_CHOICES,
    log:
        "logs/score_mcq/{model}/{arm}/{culture}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_mcq.py"


rule score_attributes:
    """Medians of psycholinguistic attributes of an arm's lists (paper, section 4.2)."""
    input:
        lists=paths.LISTS,
        norms=wild(GRID.attributes.norms, "culture"),
        code=code("score_attributes"),
    output:
        scores=paths.ATTRIBUTES,
    log:
        "logs/score_attributes/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    conda:
        "../../envs/base.yaml"
    params:
        options=lookup_options,
        lemmatizer=lemmatizer,
        language=wild(GRID.attributes.language_of, "culture"),
        rules=normalizer_rules,
    script:
        "../scripts/score_attributes.py"


rule score_human_attributes:
    """Medians of psycholinguistic attributes of the human associations, in three readings."""
    input:
        responses=wild(GRID.evaluations.responses, "culture"),
        associations=paths.ASSOCIATIONS,
        splits=paths.SPLITS,
        norms=wild(GRID.attributes.norms, "culture"),
        code=code("score_human_attributes"),
    output:
        scores=paths.HUMAN_ATTRIBUTES,
        halves=paths.HALF_ATTRIBUTES,
    log:
        "logs/score_human_attributes/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        options=lookup_options,
        lemmatizer=lemmatizer,
        language=wild(GRID.attributes.language_of, "culture"),
        rules=normalizer_rules,
        seed=CFG.data.seed,
        repeats=CFG.data.split_halves,
    script:
        "../scripts/score_human_attributes.py"


rule score_survey:
    """An arm's distributions over the options, and their distances to every country."""
    input:
        samples=paths.SURVEY_SAMPLES,
        human=paths.HUMAN_SHARES,
        questionnaire=paths.QUESTIONNAIRE,
        code=code("score_survey"),
    output:
        answers=paths.MODEL_ANSWERS,
        divergence=paths.DIVERGENCE,
    log:
        "logs/score_survey/{model}/{arm}/{language}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_survey.py"


rule score_survey_references:
    """Distances of zero-knowledge answers, and of samples of people, to every country."""
    input:
        human=paths.HUMAN_SHARES,
        answers=paths.SURVEY_ANSWERS,
        questionnaire=paths.QUESTIONNAIRE,
        code=code("score_survey_references"),
    output:
        references=paths.SURVEY_REFERENCES,
    log:
        "logs/score_survey_references/{language}.log",
    conda:
        "../../envs/base.yaml"
    params:
        poles=GRID.survey.pole_countries(),
        survey=lambda wildcards: CFG.survey.model_dump(include={"weighted", "repeats", "seed"}),
    script:
        "../scripts/score_survey_references.py"
