"""CLCA: role-played dialogues, verdicts, intents, and the examples made of them.

Inputs: culture cards, scenarios, prompts; a model that plays, one that judges.
Outputs: results/data/{culture}/roleplay/; examples of methods of kind clca.
"""


rule check_scenarios:
    """Check a culture's card, scenarios and prompts; none may repeat an evaluated question."""
    input:
        texts=stage_texts,
        questionnaires=guarded,
        code=code("check_scenarios"),
    output:
        checked="results/data/{culture}/roleplay/scenarios.json",
    log:
        "logs/check_scenarios/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        stage=stage_settings,
    script:
        "../scripts/check_scenarios.py"


rule simulate_dialogues:
    """Let two role-conditioned agents talk, scenario by scenario; continues where it stopped."""
    input:
        texts=stage_texts,
        checked="results/data/{culture}/roleplay/scenarios.json",
        base=lambda wildcards: base_of(CFG.clca.roleplay.model),
        access=lambda wildcards: permission_of(CFG.clca.roleplay.model),
        code=code("simulate_dialogues"),
    output:
        dialogues="results/data/{culture}/roleplay/dialogues.jsonl",
        provenance="results/data/{culture}/roleplay/dialogues.json",
    log:
        "logs/simulate_dialogues/{culture}.log",
    benchmark:
        "benchmarks/simulate_dialogues/{culture}.tsv"
    conda:
        lambda wildcards: environment_of(CFG.clca.roleplay.model)
    threads: threads_of_torch()
    resources:
        gpu=lambda wildcards: gpus_of(CFG.clca.roleplay.model),
        cpus_per_task=lambda wildcards: cores_of(CFG.clca.roleplay.model),
        mem_mb=lambda wildcards, attempt: memory_of(CFG.clca.roleplay.model, attempt),
        runtime=24 * HOUR,
    params:
        stage=stage_settings,
        model=lambda wildcards: settings_of(CFG.clca.roleplay.model),
        roleplay=lambda wildcards: CFG.clca.roleplay.model_dump(),
        batch_tokens=CFG.evaluation.batch_tokens,
        scratch="scratch/simulate_dialogues/{culture}",
    script:
        "../scripts/simulate_dialogues.py"


rule judge_dialogues:
    """Judge dialogues: quality, cultural fit, and a critic; continues where it stopped."""
    input:
        dialogues="results/data/{culture}/roleplay/dialogues.jsonl",
        texts=stage_texts,
        base=lambda wildcards: base_of(CFG.clca.judge.model),
        access=lambda wildcards: permission_of(CFG.clca.judge.model),
        code=code("judge_dialogues"),
    output:
        verdicts="results/data/{culture}/roleplay/verdicts.jsonl",
        provenance="results/data/{culture}/roleplay/verdicts.json",
    log:
        "logs/judge_dialogues/{culture}.log",
    benchmark:
        "benchmarks/judge_dialogues/{culture}.tsv"
    conda:
        lambda wildcards: environment_of(CFG.clca.judge.model)
    threads: threads_of_torch()
    resources:
        gpu=lambda wildcards: gpus_of(CFG.clca.judge.model),
        cpus_per_task=lambda wildcards: cores_of(CFG.clca.judge.model),
        mem_mb=lambda wildcards, attempt: memory_of(CFG.clca.judge.model, attempt),
        runtime=24 * HOUR,
    params:
        stage=asking_settings,
        model=lambda wildcards: settings_of(CFG.clca.judge.model),
        judge=lambda wildcards: CFG.clca.judge.model_dump(),
        together=lambda wildcards: CFG.clca.roleplay.together,
        batch_tokens=CFG.evaluation.batch_tokens,
        scratch="scratch/judge_dialogues/{culture}",
    script:
        "../scripts/judge_dialogues.py"


rule filter_dialogues:
    """Keep the dialogues that pass the configured rules; note why the others do not."""
    input:
        dialogues="results/data/{culture}/roleplay/dialogues.jsonl",
        verdicts="results/data/{culture}/roleplay/verdicts.jsonl",
        questionnaires=guarded,
        code=code("filter_dialogues"),
    output:
        kept="results/data/{culture}/roleplay/kept.jsonl",
        dropped="results/data/{culture}/roleplay/dropped.jsonl",
        ledger="results/data/{culture}/roleplay/ledger.json",
    log:
        "logs/filter_dialogues/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        filter=lambda wildcards: CFG.clca.filter.model_dump(),
    script:
        "../scripts/filter_dialogues.py"


rule find_intents:
    """Ask for the intent behind every turn of the kept dialogues; continues where it stopped."""
    input:
        dialogues="results/data/{culture}/roleplay/kept.jsonl",
        texts=stage_texts,
        base=lambda wildcards: base_of(CFG.clca.roleplay.model),
        access=lambda wildcards: permission_of(CFG.clca.roleplay.model),
        code=code("find_intents"),
    output:
        intents="results/data/{culture}/roleplay/intents.jsonl",
        provenance="results/data/{culture}/roleplay/intents.json",
    log:
        "logs/find_intents/{culture}.log",
    benchmark:
        "benchmarks/find_intents/{culture}.tsv"
    conda:
        lambda wildcards: environment_of(CFG.clca.roleplay.model)
    threads: threads_of_torch()
    resources:
        gpu=lambda wildcards: gpus_of(CFG.clca.roleplay.model),
        cpus_per_task=lambda wildcards: cores_of(CFG.clca.roleplay.model),
        mem_mb=lambda wildcards, attempt: memory_of(CFG.clca.roleplay.model, attempt),
        runtime=24 * HOUR,
    params:
        stage=asking_settings,
        model=lambda wildcards: settings_of(CFG.clca.roleplay.model),
        intents=lambda wildcards: CFG.clca.intents.model_dump(),
        together=lambda wildcards: CFG.clca.roleplay.together,
        batch_tokens=CFG.evaluation.batch_tokens,
        scratch="scratch/find_intents/{culture}",
    script:
        "../scripts/find_intents.py"


rule make_clca_examples:
    """Training and validation examples: both sides of the dialogues, and intents."""
    input:
        dialogues="results/data/{culture}/roleplay/kept.jsonl",
        intents=learned_intents,
        train=lambda wildcards: joined_examples(wildcards, "train"),
        validation=lambda wildcards: joined_examples(wildcards, "validation"),
        texts=stage_texts,
        questionnaires=guarded,
        code=code("make_clca_examples"),
    output:
        train="results/data/{culture}/{method}/train.jsonl",
        validation="results/data/{culture}/{method}/validation.jsonl",
    log:
        "logs/make_clca_examples/{culture}/{method}.log",
    wildcard_constraints:
        method=one_of(CLCA_METHODS),
    conda:
        "../../envs/base.yaml"
    params:
        stage=asking_settings,
        options=lambda wildcards: {
            "sides": CFG.methods[wildcards.method].sides,
            "validation": CFG.clca.validation,
            "seed": CFG.clca.seed,
        },
    script:
        "../scripts/make_clca_examples.py"


rule adapt_scenarios:
    """Set another country's scenarios in a culture's own: a draft for people; built by name only."""
    input:
        sources=adapted_from,
        texts=stage_texts,
        base=lambda wildcards: base_of(CFG.clca.roleplay.model),
        access=lambda wildcards: permission_of(CFG.clca.roleplay.model),
        code=code("adapt_scenarios"),
    output:
        adapted="results/data/{culture}/roleplay/adapted.yaml",
    log:
        "logs/adapt_scenarios/{culture}.log",
    wildcard_constraints:
        culture=one_of(adaptable()),
    conda:
        lambda wildcards: environment_of(CFG.clca.roleplay.model)
    threads: threads_of_torch()
    resources:
        gpu=lambda wildcards: gpus_of(CFG.clca.roleplay.model),
        cpus_per_task=lambda wildcards: cores_of(CFG.clca.roleplay.model),
        mem_mb=lambda wildcards, attempt: memory_of(CFG.clca.roleplay.model, attempt),
        runtime=24 * HOUR,
    params:
        stage=asking_settings,
        model=lambda wildcards: settings_of(CFG.clca.roleplay.model),
        adapting=lambda wildcards: CFG.clca.adapting.model_dump(),
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/adapt_scenarios.py"
