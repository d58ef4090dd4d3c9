"""ALIGN: word-association learning for cultural alignment of language models.

Pure, typed functions behind the Snakemake workflow. Nothing here imports Snakemake, and
torch is imported only by the modules that hold tensors.
"""
