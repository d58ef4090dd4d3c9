"""Models: fetch them, unpack them, train adapters.

Inputs: training and validation examples of a method, or prompts and what rewards need.
Outputs: results/models/{model}/{culture}/{method}/seed{seed}/ with the adapter (safetensors),
its provenance and the training log. Checkpoints live in scratch/, outside the outputs, because
Snakemake deletes the outputs of an interrupted job.
"""


rule fetch_model:
    """Fetch a model from the hub, or find its folder; try its chat template before any training."""
    input:
        code=code("fetch_model"),
    output:
        access=paths.ACCESS,
    log:
        "logs/fetch_model/{model}.log",
    localrule: True
    conda:
        "../../envs/train.yaml"
    params:
        model=wild(GRID.settings.training_settings, "model"),
    script:
        "../scripts/fetch_model.py"


rule unpack_model:
    """Turn GGUF weights into an ordinary safetensors model."""
    input:
        code=code("unpack_model"),
    output:
        folder=directory(paths.BASE),
    log:
        "logs/unpack_model/{model}.log",
    conda:
        "../../envs/train.yaml"
    threads: torch_threads()
    resources:
        **WITHOUT_GPU,
    params:
        source=lambda wildcards: CFG.models[wildcards.model].source,
    script:
        "../scripts/unpack_model.py"


rule train_sft:
    """Fine-tune a LoRA adapter on a culture's associations (paper, section 3.4, table 10)."""
    input:
        **TRAINED_MODEL,
        train=paths.TRAIN_EXAMPLES,
        validation=paths.VALIDATION_EXAMPLES,
        start=wild(GRID.weights.continued_adapter, *TRAINED),
        code=code("train_sft"),
    output:
        adapter=directory(paths.ADAPTER),
        log=paths.TRAINING_LOG,
    log:
        "logs/train_sft/{model}/{culture}/{method}/seed{seed}.log",
    benchmark:
        "benchmarks/train_sft/{model}/{culture}/{method}/seed{seed}.tsv"
    wildcard_constraints:
        method=one_of(GRID.arms.sft_methods),
    priority: 1  # most other jobs wait for it
    conda:
        "../../envs/train.yaml"
    threads: torch_threads()
    resources:
        **TRAINING,
        runtime=planned_minutes("train_sft"),
    params:
        model=wild(GRID.settings.training_settings, "model"),
        sft=wild(GRID.settings.method_settings, "method"),
        separator=lambda wildcards: language(wildcards).separator,
        scratch="scratch/train_sft/{model}/{culture}/{method}/seed{seed}",
    script:
        "../scripts/train_sft.py"


rule train_ppo:
    """Train a LoRA adapter with PPO on one base model (paper, section 3.4, table 11)."""
    input:
        **TRAINED_MODEL,
        train=wild(GRID.trainings.ppo_examples, "culture", "method"),
        associations=wild(GRID.trainings.ppo_associations, "culture", "method"),
        start=wild(GRID.weights.start_adapter, *TRAINED),
        code=code("train_ppo"),
    output:
        adapter=directory(paths.ADAPTER),
        log=paths.TRAINING_LOG,
    log:
        "logs/train_ppo/{model}/{culture}/{method}/seed{seed}.log",
    benchmark:
        "benchmarks/train_ppo/{model}/{culture}/{method}/seed{seed}.tsv"
    wildcard_constraints:
        method=one_of(GRID.arms.native_methods),
    priority: 1  # most other jobs wait for it
    conda:
        rollout_environment
    threads: torch_threads()
    resources:
        **TRAINING,
        runtime=planned_minutes("train_ppo"),
    params:
        model=wild(GRID.settings.training_settings, "model"),
        ppo=wild(GRID.settings.method_settings, "method"),
        task=wild(GRID.trainings.ppo_task, "culture", "method"),
        scratch="scratch/train_ppo/{model}/{culture}/{method}/seed{seed}",
    script:
        "../scripts/train_ppo.py"


rule merge_adapter:
    """Add an SFT adapter to its base: full weights for a method that starts from them."""
    input:
        **TRAINED_MODEL,
        adapter=paths.ADAPTER,
        code=code("merge_adapter"),
    output:
        folder=directory(paths.MERGED),
    log:
        "logs/merge_adapter/{model}/{culture}/{method}/seed{seed}.log",
    wildcard_constraints:
        method=one_of(GRID.arms.sft_methods),
    conda:
        "../../envs/train.yaml"
    threads: torch_threads()
    resources:
        **WITHOUT_GPU,
    params:
        model=wild(GRID.settings.training_settings, "model"),
    script:
        "../scripts/merge_adapter.py"


rule fetch_published:
    """Fetch an adapter or a full model that others trained, where there is a network."""
    input:
        **TRAINED_MODEL,
        code=code("fetch_published"),
    output:
        folder=directory(paths.PUBLISHED),
    log:
        "logs/fetch_published/{model}/{culture}/{method}/seed{seed}.log",
    wildcard_constraints:
        method=one_of(GRID.arms.published_methods),
    localrule: True
    conda:
        "../../envs/train.yaml"
    params:
        model=wild(GRID.settings.training_settings, "model"),
        weights=wild(GRID.settings.published_weights, "method", "culture", "model"),
    script:
        "../scripts/fetch_published.py"


rule train_ppo_openrlhf:
    """Train all weights with PPO, on GPUs (paper, section 3.4, table 11; docs/openrlhf.md)."""
    input:
        train=wild(GRID.trainings.ppo_examples, "culture", "method"),
        associations=wild(GRID.trainings.ppo_associations, "culture", "method"),
        start=wild(GRID.weights.start_weights, *TRAINED),
        reward=GRID.locations.code(REWARD_FUNC),  # loaded by its path
        access=wild(GRID.weights.access, "model"),
        code=code("train_ppo_openrlhf"),
    output:
        weights=directory(paths.WEIGHTS),
        log=paths.TRAINING_LOG,
    log:
        "logs/train_ppo_openrlhf/{model}/{culture}/{method}/seed{seed}.log",
    benchmark:
        "benchmarks/train_ppo_openrlhf/{model}/{culture}/{method}/seed{seed}.tsv"
    wildcard_constraints:
        method=one_of(GRID.arms.full_methods),
    priority: 1
    conda:
        "../../envs/ppo.yaml"
    threads: torch_threads()
    resources:
        **TRAINING,
        runtime=planned_minutes("train_ppo_openrlhf"),
    params:
        model=wild(GRID.settings.training_settings, "model"),
        ppo=wild(GRID.settings.method_settings, "method"),
        task=wild(GRID.trainings.ppo_task, "culture", "method"),
        scratch="scratch/train_ppo_openrlhf/{model}/{culture}/{method}/seed{seed}",
    script:
        "../scripts/train_ppo_openrlhf.py"
