"""Samples: what models answer. Raw answers are kept, so that scoring never needs a GPU.

Inputs: test cues, a prompt, a base model and, for trained arms, an adapter.
Outputs: results/samples/{model}/{arm}/.
"""


rule generate_associations:
    """Let an arm list associations of the test cues."""
    input:
        splits="results/data/{culture}/splits.parquet",
        prompt=prompt_file,
        base=base_folder,
        adapter=adapter_of,
        access=permission,
        code=code("generate_associations"),
    output:
        samples="results/samples/{model}/{arm}/associations.{culture}.{prompt}.{decoding}.jsonl",
        provenance="results/samples/{model}/{arm}/associations.{culture}.{prompt}.{decoding}.json",
    log:
        "logs/generate_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    benchmark:
        "benchmarks/generate_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.tsv"
    conda:
        answering_environment
    threads: threads_of_torch()
    resources:
        gpu=answering_gpus,
        cpus_per_task=answering_cores,
        mem_mb=answering_memory,
        runtime=8 * HOUR,
    params:
        model=model_settings,
        decoding=lambda wildcards: CFG.decodings[wildcards.decoding].model_dump(),
        language=arm_language_settings,
        bounds=[CFG.evaluation.lower, CFG.evaluation.upper],
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/generate_associations.py"


rule generate_rankings:
    """Let an arm rank candidates for the test cues (paper, section 4.1, appendix D)."""
    input:
        examples="results/data/{culture}/ranking/test.jsonl",
        base=base_folder,
        adapter=adapter_of,
        access=permission,
        code=code("generate_rankings"),
    output:
        samples="results/samples/{model}/{arm}/rankings.{culture}.jsonl",
        provenance="results/samples/{model}/{arm}/rankings.{culture}.json",
    log:
        "logs/generate_rankings/{model}/{arm}/{culture}.log",
    benchmark:
        "benchmarks/generate_rankings/{model}/{arm}/{culture}.tsv"
    conda:
        answering_environment
    threads: threads_of_torch()
    resources:
        gpu=answering_gpus,
        cpus_per_task=answering_cores,
        mem_mb=answering_memory,
        runtime=12 * HOUR,
    params:
        model=model_settings,
        decoding=lambda wildcards: CFG.decodings[CFG.ranking.decoding].model_dump(),
        system=lambda wildcards: spoken(wildcards, language(wildcards).system),
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/generate_rankings.py"


rule choose_mcq_labels:
    """Choose the labels of multiple-choice options: single tokens for every model of the run."""
    input:
        prompts=[located(language_of(culture).mcq_prompt) for culture in quizzed()],
        bases=packaged_bases(),
        access=permissions(RUN.models),
        code=code("choose_mcq_labels"),
    output:
        labels="results/data/mcq_labels.json",
    log:
        "logs/choose_mcq_labels.log",
    conda:
        "../../envs/train.yaml"
    params:
        models={model: CFG.models[model].model_dump(exclude={"label"}) for model in RUN.models},
        systems=[language_of(culture).system for culture in quizzed()],
    script:
        "../scripts/choose_mcq_labels.py"


rule answer_mcq:
    """Let an arm answer multiple-choice questions: log-probabilities of the option labels."""
    input:
        questions="results/data/{culture}/mcq.jsonl",
        labels="results/data/mcq_labels.json",
        prompt=lambda wildcards: located(language(wildcards).mcq_prompt),
        base=base_folder,
        adapter=adapter_of,
        access=permission,
        code=code("answer_mcq"),
    output:
        samples="results/samples/{model}/{arm}/mcq.{culture}.parquet",
        provenance="results/samples/{model}/{arm}/mcq.{culture}.json",
    log:
        "logs/answer_mcq/{model}/{arm}/{culture}.log",
    benchmark:
        "benchmarks/answer_mcq/{model}/{arm}/{culture}.tsv"
    conda:
        answering_environment
    threads: threads_of_torch()
    resources:
        gpu=answering_gpus,
        cpus_per_task=answering_cores,
        mem_mb=answering_memory,
        runtime=4 * HOUR,
    params:
        model=model_settings,
        language=arm_language_settings,
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/answer_mcq.py"


rule choose_labels:
    """Choose the labels of the options: single tokens for every model of the run."""
    input:
        questionnaires=expand(
            "results/data/survey/questionnaire.{language}.parquet", language=survey_languages()
        ),
        prompts=[survey_prompt(name) for name in survey_languages()],
        bases=packaged_bases(),
        access=permissions(RUN.models),
        code=code("choose_labels"),
    output:
        labels="results/data/survey/labels.json",
    log:
        "logs/choose_labels.log",
    conda:
        "../../envs/train.yaml"
    params:
        models={
            model: CFG.models[model].model_dump(exclude={"label", "baseline"})
            for model in RUN.models
        },
        systems=[CFG.languages[name].system for name in survey_languages()],
    script:
        "../scripts/choose_labels.py"


rule answer_survey:
    """Let an arm answer the survey: log-probabilities of the option labels (section 5.1)."""
    input:
        questionnaire="results/data/survey/questionnaire.{language}.parquet",
        labels="results/data/survey/labels.json",
        prompt=lambda wildcards: survey_prompt(wildcards.language),
        base=base_folder,
        adapter=adapter_of,
        access=permission,
        code=code("answer_survey"),
    output:
        samples="results/samples/{model}/{arm}/survey.{language}.parquet",
        provenance="results/samples/{model}/{arm}/survey.{language}.json",
    log:
        "logs/answer_survey/{model}/{arm}/{language}.log",
    benchmark:
        "benchmarks/answer_survey/{model}/{arm}/{language}.tsv"
    conda:
        answering_environment
    threads: threads_of_torch()
    resources:
        gpu=answering_gpus,
        cpus_per_task=answering_cores,
        mem_mb=answering_memory,
        runtime=4 * HOUR,
    params:
        model=model_settings,
        system=lambda wildcards: spoken(wildcards, CFG.languages[wildcards.language].system),
        survey=lambda wildcards: CFG.survey.model_dump(include={"orders", "batch_tokens"}),
    script:
        "../scripts/answer_survey.py"
