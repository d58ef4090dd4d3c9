"""Releases: each adapter with a model card, after a test that it loads in peft and in vLLM.

Inputs: an adapter, the tables with its results. Outputs: results/release/. Arms that were trained
in full are 16 GB of weights each and are not packed.
"""


rule pack_adapter:
    """Pack an adapter with its model card, and load it in plain peft."""
    input:
        adapter="results/models/{model}/{culture}/{method}/seed{seed}/adapter",
        tables=release_tables,
        base=base_folder,
        access=permission,
        code=code("pack_adapter"),
    output:
        folder=directory("results/release/{model}-{culture}-{method}-seed{seed}"),
    log:
        "logs/pack_adapter/{model}-{culture}-{method}-seed{seed}.log",
    conda:
        "../../envs/train.yaml"
    threads: threads_of_torch()
    resources:
        cpus_per_task=CORES_PER_GPU,
        mem_mb=merging_memory,
        runtime=2 * HOUR,
    params:
        model=trained_model_settings,
        culture=lambda wildcards: CFG.cultures[wildcards.culture].label,
        language=lambda wildcards: CFG.cultures[wildcards.culture].language,
    script:
        "../scripts/pack_adapter.py"


rule load_in_vllm:
    """Load a released adapter in vLLM, if a model of the run answers with it."""
    input:
        folder="results/release/{model}-{culture}-{method}-seed{seed}",
        base=base_folder,
        access=permission,
        code=code("load_in_vllm"),
    output:
        facts="results/release/{model}-{culture}-{method}-seed{seed}.vllm.json",
    log:
        "logs/load_in_vllm/{model}-{culture}-{method}-seed{seed}.log",
    conda:
        environment_with(vllm=True)
    threads: threads_of_torch()
    resources:
        gpu=answering_gpus,
        cpus_per_task=answering_cores,
        mem_mb=answering_memory,
        runtime=2 * HOUR,
    params:
        model=model_settings,
    script:
        "../scripts/load_in_vllm.py"
