"""Releases: each adapter with a model card, after a test that it loads.

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
