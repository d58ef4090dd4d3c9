"""Persona read-out: answers in the place of single respondents, and the tables of CLCA.

Inputs: the survey file with its demographics, a base model and, for trained arms, an adapter.
Outputs: results/data/{culture}/personas.jsonl, samples, scores, tables.
"""


rule draw_personas:
    """Draw respondents of a culture's country, word their demographics, pair their answers."""
    input:
        survey=lambda wildcards: data_file(CFG.survey.file),
        answers="results/data/survey/answers.parquet",
        questionnaire=culture_questionnaire,
        texts=lambda wildcards: located(language(wildcards).personas),
        card=lambda wildcards: stage_settings(wildcards)["card"],
        code=code("draw_personas"),
    output:
        personas="results/data/{culture}/personas.jsonl",
    log:
        "logs/draw_personas/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        country=lambda wildcards: CFG.cultures[wildcards.culture].country,
        language=lambda wildcards: CFG.cultures[wildcards.culture].language,
        personas=lambda wildcards: CFG.clca.personas.model_dump(),
    script:
        "../scripts/draw_personas.py"


rule answer_personas:
    """Let an arm answer in the place of respondents, greedily, with the number of an option."""
    input:
        personas="results/data/{culture}/personas.jsonl",
        questionnaire=culture_questionnaire,
        prompt=lambda wildcards: survey_prompt(CFG.cultures[wildcards.culture].language),
        base=base_folder,
        adapter=adapter_of,
        access=permission,
        code=code("answer_personas"),
    output:
        samples="results/samples/{model}/{arm}/personas.{culture}.jsonl",
        provenance="results/samples/{model}/{arm}/personas.{culture}.json",
    log:
        "logs/answer_personas/{model}/{arm}/{culture}.log",
    benchmark:
        "benchmarks/answer_personas/{model}/{arm}/{culture}.tsv"
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
        system=persona_system,
        as_persona=lambda wildcards: as_persona(parse_arm(wildcards.arm).method),
        max_new_tokens=lambda wildcards: CFG.clca.personas.max_new_tokens,
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/answer_personas.py"


rule score_personas:
    """Accuracy, validity and distances of an arm's persona answers, question by question."""
    input:
        samples="results/samples/{model}/{arm}/personas.{culture}.jsonl",
        questionnaire=culture_questionnaire,
        code=code("score_personas"),
    output:
        personas="results/scores/{model}/{arm}/personas.{culture}.parquet",
    log:
        "logs/score_personas/{model}/{arm}/{culture}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_personas.py"


rule score_constant_answers:
    """Scores of one answer for all: the first option, and the commonest answer of people."""
    input:
        personas="results/data/{culture}/personas.jsonl",
        questionnaire=culture_questionnaire,
        code=code("score_constant_answers"),
    output:
        personas="results/scores/references/personas.{culture}.parquet",
    log:
        "logs/score_constant_answers/{culture}.log",
    conda:
        "../../envs/base.yaml"
    script:
        "../scripts/score_constant_answers.py"


rule tabulate_personas:
    """Arms of the persona read-out beside constant answers, and the paired differences of both."""
    input:
        personas=persona_files(),
        references=expand(
            "results/scores/references/personas.{culture}.parquet",
            culture=impersonated(),
        ),
        code=code("tabulate_personas"),
    output:
        multiext("results/tables/personas", ".csv", ".md", ".tex"),
        multiext("results/tables/personas_contrasts", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_personas.log",
    conda:
        "../../envs/base.yaml"
    params:
        labels=labels(),
        asked=asked_as(),
        evaluation=CFG.evaluation.model_dump(),
    script:
        "../scripts/tabulate_personas.py"


rule tabulate_dialogues:
    """How role-played dialogues ended, which were kept, and why others were dropped."""
    input:
        parts=expand(
            "results/data/{culture}/roleplay/{part}.jsonl",
            culture=roleplayed(),
            part=["dialogues", "verdicts", "dropped"],
        ),
        intents=found_intents(),
        questionnaires=guarded,
        code=code("tabulate_dialogues"),
    output:
        multiext("results/tables/dialogues", ".csv", ".md", ".tex"),
    log:
        "logs/tabulate_dialogues.log",
    conda:
        "../../envs/base.yaml"
    params:
        cultures={name: CFG.cultures[name].label for name in roleplayed()},
    script:
        "../scripts/tabulate_dialogues.py"
