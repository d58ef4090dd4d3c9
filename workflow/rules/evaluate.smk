"""Scores: from raw answers to precision, cue by cue. No GPU.

Inputs: samples, associations, responses.
Outputs: results/scores/{model}/{arm}/ and results/scores/references/.
"""


rule parse_associations:
    """Take the lists out of an arm's answers and normalize them like human responses."""
    input:
        samples="results/samples/{model}/{arm}/associations.{culture}.{prompt}.{decoding}.jsonl",
        code=code("parse_associations"),
    output:
        lists="results/scores/{model}/{arm}/lists.{culture}.{prompt}.{decoding}.jsonl",
    log:
        "logs/parse_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    conda:
        "../../envs/base.yaml"
    params:
        rules=lambda wildcards: language(wildcards).rules(),
    script:
        "../scripts/parse_associations.py"


rule score_precision:
    """Score an arm's lists against all humans and against half of them."""
    input:
        lists="results/scores/{model}/{arm}/lists.{culture}.{prompt}.{decoding}.jsonl",
        associations="results/data/{culture}/associations.parquet",
        responses="results/data/{culture}/responses.parquet",
        code=code("score_precision"),
    output:
        precision="results/scores/{model}/{arm}/precision.{culture}.{prompt}.{decoding}.parquet",
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
        associations="results/data/{culture}/associations.parquet",
        responses="results/data/{culture}/responses.parquet",
        splits="results/data/{culture}/splits.parquet",
        code=code("score_references"),
    output:
        references="results/scores/references/{culture}.parquet",
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
        samples="results/samples/{model}/{arm}/rankings.{culture}.jsonl",
        responses="results/data/{culture}/responses.parquet",
        code=code("score_rankings"),
    output:
        rankings="results/scores/{model}/{arm}/rankings.{culture}.parquet",
    log:
        "logs/score_rankings/{model}/{arm}/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        reward=lambda wildcards: CFG.ranking.reward.model_dump(),
        rules=lambda wildcards: language(wildcards).rules(),
        split_halves=CFG.data.split_halves,
        seed=CFG.data.seed,
    script:
        "../scripts/score_rankings.py"


rule score_ranking_references:
    """Rank the candidates by half of the humans, by corpus frequency, and at random."""
    input:
        examples="results/data/{culture}/ranking/test.jsonl",
        associations="results/data/{culture}/associations.parquet",
        responses="results/data/{culture}/responses.parquet",
        splits="results/data/{culture}/splits.parquet",
        code=code("score_ranking_references"),
    output:
        references="results/scores/references/rankings.{culture}.parquet",
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
        samples="results/samples/{model}/{arm}/mcq.{culture}.parquet",
        code=code("score_mcq"),
    output:
        choices="results/scores/{model}/{arm}/mcq.{culture}.parquet",
    log:
        "logs/score_mcq/{model}/{arm}/{culture}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_mcq.py"


rule score_attributes:
    """Medians of psycholinguistic attributes of an arm's lists (paper, section 4.2)."""
    input:
        lists="results/scores/{model}/{arm}/lists.{culture}.{prompt}.{decoding}.jsonl",
        norms=lambda wildcards: norm_table(wildcards.culture),
        code=code("score_attributes"),
    output:
        scores="results/scores/{model}/{arm}/attributes.{culture}.{prompt}.{decoding}.parquet",
    log:
        "logs/score_attributes/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    conda:
        "../../envs/base.yaml"
    params:
        options=look_up_options,
        lemmatizer=lemmatizer,
        language=lambda wildcards: CFG.cultures[wildcards.culture].language,
        rules=lambda wildcards: language(wildcards).rules(),
    script:
        "../scripts/score_attributes.py"


rule score_human_attributes:
    """Medians of psycholinguistic attributes of the human associations, in three readings."""
    input:
        responses="results/data/{culture}/responses.parquet",
        associations="results/data/{culture}/associations.parquet",
        splits="results/data/{culture}/splits.parquet",
        norms=lambda wildcards: norm_table(wildcards.culture),
        code=code("score_human_attributes"),
    output:
        scores="results/scores/references/attributes.{culture}.parquet",
    log:
        "logs/score_human_attributes/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        options=look_up_options,
        lemmatizer=lemmatizer,
        language=lambda wildcards: CFG.cultures[wildcards.culture].language,
        rules=lambda wildcards: language(wildcards).rules(),
        seed=CFG.data.seed,
    script:
        "../scripts/score_human_attributes.py"


rule score_survey:
    """An arm's distributions over the options, and their distances to every country."""
    input:
        samples="results/samples/{model}/{arm}/survey.{language}.parquet",
        human="results/data/survey/human.parquet",
        questionnaire="results/data/survey/questionnaire.{language}.parquet",
        code=code("score_survey"),
    output:
        answers="results/scores/{model}/{arm}/answers.{language}.parquet",
        divergence="results/scores/{model}/{arm}/divergence.{language}.parquet",
    log:
        "logs/score_survey/{model}/{arm}/{language}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_survey.py"
