"""Merging an adapter into its base: full weights, as an ordinary model folder."""

from pathlib import Path

from culturalign import models, provenance
from culturalign.config.models import Model


def merge(options: Model, base: Path | None, adapter: Path, folder: Path) -> None:
    """Add an adapter's update to the weights of its base and save them with the tokenizer.

    The sum is formed in fp32 and rounded once, to the type the base is used in; memory holds the
    base in fp32 (32 GB for 8 B parameters).

    Args:
        options: The base model.
        base: Its unpacked folder, if it came in a package.
        adapter: Folder of the adapter.
        folder: Where the merged model goes; ``digest.json`` in it names its weights' SHA-256.
    """
    model = models.load_model(options.model_copy(update={"precision": "fp32"}), base, adapter)
    merged = model.merge_and_unload(safe_merge=True)
    merged.to(models.choose_dtype(options.precision)).save_pretrained(folder)
    models.load_tokenizer(options, base).save_pretrained(folder)
    models.write_digest(folder, source=options.source)
    provenance.write_record(
        folder / "provenance.json",
        model=options.model_dump(),
        adapter_digest=models.weights_digest(adapter),
        dtype=str(merged.dtype),
    )
