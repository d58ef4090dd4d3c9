"""Releases: each adapter with a model card, after a test that it loads in peft and in vLLM.

Inputs: an adapter, the tables with its results. Outputs: results/release/. Arms that were trained
in full are 16 GB of weights each and are not packed.
"""


rule pack_adapter:
    """Pack an adapter with its model card, and load it in plain peft."""
    input:
        **TRAINED_MODEL,
        adapter=paths.ADAPTER,
        tables=wild(GRID.products.release_tables, "culture"),
        template=repository("workflow/report/model_card.md.j2"),
        code=code("pack_adapter"),
    output:
        folder=directory(paths.RELEASE),
    log:
        "logs/pack_adapter/{model}-{culture}-{method}-seed{seed}.log",
    conda:
        "../../envs/train.yaml"
    threads: torch_threads()
    resources:
        **WITHOUT_GPU,
    params:
        model=wild(GRID.settings.training_settings, "model"),
        culture=lambda wildcards: CFG.cultures[wildcards.culture].label,
        language=lambda wildcards: CFG.cultures[wildcards.culture].language,
    script:
        "../scripts/pack_adapter.py"


rule load_in_vllm:
    """Load a released adapter in vLLM, if a model of the run answers with it."""
    input:
        **TRAINED_MODEL,
        folder=paths.RELEASE,
        code=code("load_in_vllm"),
    output:
        facts=paths.RELEASE_CHECK,
    log:
        "logs/load_in_vllm/{model}-{culture}-{method}-seed{seed}.log",
    conda:
        "../../envs/vllm.yaml"
    threads: torch_threads()
    resources:
        **ANSWERING,
        runtime=2 * HOUR,
    params:
        model=wild(GRID.settings.answering_settings, "model"),
    script:
        "../scripts/load_in_vllm.py"
