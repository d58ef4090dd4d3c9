"""Samples: what models answer. Raw text is kept, so that scoring never needs a GPU.

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
        code=code("generate_associations"),
    output:
        samples="results/samples/{model}/{arm}/associations.{culture}.{prompt}.{decoding}.jsonl",
        provenance="results/samples/{model}/{arm}/associations.{culture}.{prompt}.{decoding}.json",
    log:
        "logs/generate_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.log",
    benchmark:
        "benchmarks/generate_associations/{model}/{arm}/{culture}.{prompt}.{decoding}.tsv"
    conda:
        "../../envs/train.yaml"
    threads: all_cores()
    params:
        model=model_settings,
        decoding=lambda wildcards: CFG.decodings[wildcards.decoding].model_dump(),
        language=language_settings,
        bounds=[CFG.evaluation.lower, CFG.evaluation.upper],
        batch_tokens=CFG.evaluation.batch_tokens,
    script:
        "../scripts/generate_associations.py"
