"""Adapter settings in peft's terms."""

from pathlib import Path

from peft import LoraConfig

from culturalign import provenance
from culturalign.config.adapters import VLLM_RANKS, Lora
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import loading


def lora_config(lora: Lora, layers: int) -> LoraConfig:
    """Adapter settings for a model.

    Args:
        lora: Our settings.
        layers: Number of layers of the model.

    Raises:
        UserError: If more layers are to be adapted than there are.
    """
    adapted = lora.last_layers or layers
    if adapted > layers:
        raise UserError(f"lora.last_layers is {adapted}, but the model has {layers} layers")
    left_out = "|".join(map(str, range(layers - adapted)))
    return LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,  # type: ignore[arg-type] # a fraction is fine: it is divided by r
        lora_dropout=lora.dropout,
        target_modules=lora.target,
        exclude_modules=rf".*\.layers\.({left_out})\..*" if left_out else None,
        task_type="CAUSAL_LM",
    )


def vllm_rank(rank: int) -> int:
    """The smallest ``max_lora_rank`` of vLLM that admits adapters of a rank.

    Raises:
        UserError: If there is none.
    """
    if rank > VLLM_RANKS[-1]:
        raise UserError(
            f"the adapter has rank {rank}, but vLLM applies ranks up to {VLLM_RANKS[-1]}; "
            "use hf, or train a smaller one"
        )
    return next(size for size in VLLM_RANKS if size >= rank)


def merge(options: Model, base: Path | None, adapter: Path, folder: Path) -> None:
    """Add an adapter's update to the weights of its base and save them with the tokenizer.

    The sum is computed in fp32 and rounded once, to the type in which the base is used; the base
    needs memory in fp32 (32 GB for 8 B parameters).

    Args:
        options: The base model.
        base: Its unpacked folder, if it came in a package.
        adapter: Folder of the adapter.
        folder: The merged model; its ``digest.json`` holds the SHA-256 of the weights.
    """
    model = loading.load_model(options.model_copy(update={"precision": "fp32"}), base, adapter)
    merged = model.merge_and_unload(safe_merge=True)
    merged.to(loading.choose_dtype(options.precision)).save_pretrained(folder)
    loading.load_tokenizer(options, base).save_pretrained(folder)
    loading.write_digest(folder, source=options.source)
    provenance.write_record(
        folder / "provenance.json",
        model=options.model_dump(),
        adapter_digest=loading.weights_digest(adapter),
        dtype=str(merged.dtype),
    )
