"""CLCA: role-played dialogues, verdicts, intents, and the examples made of them.

Inputs: culture cards, scenarios, prompts; a model that plays, one that judges.
Outputs: results/data/{culture}/roleplay/; examples of methods of kind clca.
"""


rule check_scenarios:
    """Check a culture's card, scenarios and prompts; none may repeat an evaluated question."""
    input:
        texts=wild(GRID.clca.texts, "culture"),
        questionnaires=GRID.survey.questionnaires(),
        code=code("check_scenarios"),
    output:
        checked=paths.CHECKED_SCENARIOS,
    log:
        "logs/check_scenarios/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        materials=wild(GRID.clca.materials, "culture"),
    script:
        "../scripts/check_scenarios.py"


rule simulate_dialogues:
    """Let two role-conditioned agents talk, scenario by scenario; continues where it stopped."""
    input:
        **speaker_inputs("roleplay"),
        texts=wild(GRID.clca.texts, "culture"),
        checked=paths.CHECKED_SCENARIOS,
        code=code("simulate_dialogues"),
    output:
        dialogues=paths.DIALOGUES,
        provenance=paths.DIALOGUE_PROVENANCE,
    log:
        "logs/simulate_dialogues/{culture}.log",
    benchmark:
        "benchmarks/simulate_dialogues/{culture}.tsv"
    conda:
        speaker_environment("roleplay")
    threads: torch_threads()
    resources:
        **speaker_resources("roleplay"),
        runtime=planned_minutes("simulate_dialogues"),
    params:
        materials=wild(GRID.clca.materials, "culture"),
        model=lambda wildcards: GRID.settings.answering_settings(speaker("roleplay")),
        roleplay=clca_settings("roleplay"),
        batch_tokens=CFG.evaluation.batch_tokens,
        scratch="scratch/simulate_dialogues/{culture}",
    script:
        "../scripts/simulate_dialogues.py"


rule judge_dialogues:
    """Judge dialogues: quality, cultural fit, and a critic; continues where it stopped."""
    input:
        **speaker_inputs("judge"),
        dialogues=paths.DIALOGUES,
        texts=wild(GRID.clca.texts, "culture"),
        code=code("judge_dialogues"),
    output:
        verdicts=paths.VERDICTS,
        provenance=paths.VERDICT_PROVENANCE,
    log:
        "logs/judge_dialogues/{culture}.log",
    benchmark:
        "benchmarks/judge_dialogues/{culture}.tsv"
    conda:
        speaker_environment("judge")
    threads: torch_threads()
    resources:
        **speaker_resources("judge"),
        runtime=planned_minutes("judge_dialogues"),
    params:
        materials=materials,
        model=lambda wildcards: GRID.settings.answering_settings(speaker("judge")),
        judge=clca_settings("judge"),
        together=lambda wildcards: CFG.clca.roleplay.together,
        batch_tokens=CFG.evaluation.batch_tokens,
        scratch="scratch/judge_dialogues/{culture}",
    script:
        "../scripts/judge_dialogues.py"


rule filter_dialogues:
    """Keep the dialogues that pass the configured rules; note why the others do not."""
    input:
        dialogues=paths.DIALOGUES,
        verdicts=paths.VERDICTS,
        questionnaires=GRID.survey.questionnaires(),
        code=code("filter_dialogues"),
    output:
        kept=paths.KEPT_DIALOGUES,
        dropped=paths.DROPPED_DIALOGUES,
        ledger=paths.DIALOGUE_LEDGER,
    log:
        "logs/filter_dialogues/{culture}.log",
    conda:
        "../../envs/base.yaml"
    params:
        filter=clca_settings("filter"),
    script:
        "../scripts/filter_dialogues.py"


rule find_intents:
    """Ask for the intent behind every turn of the kept dialogues; continues where it stopped."""
    input:
        **speaker_inputs("roleplay"),
        dialogues=paths.KEPT_DIALOGUES,
        texts=wild(GRID.clca.texts, "culture"),
        code=code("find_intents"),
    output:
        intents=paths.INTENTS,
        provenance=paths.INTENT_PROVENANCE,
    log:
        "logs/find_intents/{culture}.log",
    benchmark:
        "benchmarks/find_intents/{culture}.tsv"
    conda:
        speaker_environment("roleplay")
    threads: torch_threads()
    resources:
        **speaker_resources("roleplay"),
        runtime=planned_minutes("find_intents"),
    params:
        materials=materials,
        model=lambda wildcards: GRID.settings.answering_settings(speaker("roleplay")),
        intents=clca_settings("intents"),
        together=lambda wildcards: CFG.clca.roleplay.together,
        batch_tokens=CFG.evaluation.batch_tokens,
        scratch="scratch/find_intents/{culture}",
    script:
        "../scripts/find_intents.py"


rule make_clca_examples:
    """Training and validation examples: both sides of the dialogues, and intents."""
    input:
        dialogues=paths.KEPT_DIALOGUES,
        intents=wild(GRID.clca.learned_intents, "culture", "method"),
        train=joined_examples(paths.TRAIN_EXAMPLES),
        validation=joined_examples(paths.VALIDATION_EXAMPLES),
        texts=wild(GRID.clca.texts, "culture"),
        questionnaires=GRID.survey.questionnaires(),
        code=code("make_clca_examples"),
    output:
        train=paths.TRAIN_EXAMPLES,
        validation=paths.VALIDATION_EXAMPLES,
    log:
        "logs/make_clca_examples/{culture}/{method}.log",
    wildcard_constraints:
        method=one_of(GRID.arms.clca_methods),
    conda:
        "../../envs/base.yaml"
    params:
        materials=materials,
        options=lambda wildcards: {
            "sides": CFG.methods[wildcards.method].sides,
            "validation": CFG.clca.validation,
            "seed": CFG.clca.seed,
        },
    script:
        "../scripts/make_clca_examples.py"
