"""Loading base models, tokenizers and adapters. Weights are safetensors; no remote code runs."""

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    PreTrainedTokenizerBase,
)

from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.chat_template import choose_template
from culturalign.models.generation import generate_batch
from culturalign.models.gpus import require_gpus
from culturalign.models.prefix_cache import shared_prefix


def choose_dtype(precision: str) -> torch.dtype:
    """Type of the base weights; ``auto``: bf16 where the processor is faster in it, else fp32."""
    if precision == "auto":
        on_gpu = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
        return torch.bfloat16 if on_gpu or _fast_in_bf16() else torch.float32
    return {"bf16": torch.bfloat16, "fp32": torch.float32}[precision]


def _fast_in_bf16() -> bool:
    """Whether a CPU multiplies faster in bf16: Intel's AVX512-BF16 has half the rate of fp32."""
    known = torch.cpu.get_capabilities()
    slow = "Intel" in known.get("cpu_name", "") and not known.get("amx_bf16", False)
    return torch.ops.mkldnn._is_mkldnn_bf16_supported() and not slow


def load_tokenizer(options: Model, folder: Path | None = None) -> PreTrainedTokenizerBase:
    """Load a tokenizer that pads on the left, as generation and our batches need.

    Raises:
        UserError: If it cannot be loaded, its chat template is missing or unsuitable, or it lacks
            an end of a text.
    """
    tokenizer = _from_pretrained(AutoTokenizer, options, folder, padding_side="left")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    choose_template(tokenizer, options)
    _check_end(tokenizer, _from_pretrained(AutoConfig, options, folder), options)
    return tokenizer


def _check_end(tokenizer: PreTrainedTokenizerBase, config: Any, options: Model) -> None:
    """Refuse a tokenizer whose end of a text is none, or no token of the model."""
    end, known = tokenizer.eos_token_id, config.get_text_config().vocab_size
    if end is None or end >= known:
        raise UserError(
            f"{options.source}: the eos_token of its tokenizer ({tokenizer.eos_token}), which ends "
            f"the answers that SFT teaches, is none of the model's {known:,} tokens; correct it in "
            "tokenizer_config.json"
        )


def load_model(options: Model, folder: Path | None = None, adapter: Path | None = None) -> Any:
    """Load a base model, with an adapter if given, ready for inference.

    Attention is PyTorch's fused one where the architecture permits it: Gemma 2 and gpt-oss do not.

    Args:
        options: The model's configuration.
        folder: Local copy to read instead of ``options.source`` (unpacked GGUF weights).
        adapter: Folder of a trained adapter.

    Raises:
        UserError: If there are no weights to load, the architecture cannot be read in batches, the
            adapter is not one of this model, or the job's GPUs are not there.
    """
    require_gpus()
    model = _from_pretrained(
        AutoModelForCausalLM, options, folder, dtype=choose_dtype(options.precision),
        use_safetensors=True,
    )  # fmt: skip
    model.generation_config = _with_ends(model.generation_config, model.config)
    _check_batches(model, options)
    if adapter is not None:
        model = _with_adapter(model, adapter)
    return model.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def _check_batches(model: Any, options: Model) -> None:
    """Refuse an architecture that cannot read a prefix once, or continue prompts in a batch.

    Raises:
        UserError: As of Mamba and RecurrentGemma, which keep no keys and values of all tokens.
    """
    greedy = GenerationConfig(max_new_tokens=1, pad_token_id=0, disable_compile=True)
    try:
        with torch.inference_mode():
            shared_prefix(model, torch.tensor([[1]], device=model.device), 1)
            generate_batch(model, [(1,), (1, 2)], 0, greedy)
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        raise UserError(
            f"{options.source}: models of type {model.config.model_type} cannot answer prompts in "
            f"batches here ({' '.join(str(error).split())[:120]}); choose one whose layers attend "
            "to all tokens"
        ) from error


def _with_adapter(model: Any, adapter: Path) -> Any:
    """A model with an adapter; peft only warns if weights of the adapter are missing."""
    from peft import PeftModel

    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*Found missing adapter keys")
        try:
            # In the type of the base: fp32 adapters on a bf16 base take twice as long.
            return PeftModel.from_pretrained(model, adapter, autocast_adapter_dtype=False)
        except (RuntimeError, UserWarning, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise UserError(f"{adapter}: is no adapter of this model ({reason})") from error


def generation_settings(options: Model, folder: Path | None, config: Any) -> GenerationConfig:
    """A model's own settings of generation; without such a file, those of its configuration.

    As transformers finds them when it loads a model; for engines that load it in their own way.
    """
    try:
        settings = GenerationConfig.from_pretrained(
            str(folder or options.source), revision=options.revision or "main"
        )
    except OSError:
        return GenerationConfig.from_model_config(config)
    return _with_ends(settings, config)


def _with_ends(settings: GenerationConfig, config: Any) -> GenerationConfig:
    """Settings with the stop tokens of a model's configuration if they name none."""
    if settings.eos_token_id is None:
        settings.eos_token_id = GenerationConfig.from_model_config(config).eos_token_id
    return settings


class Fp32Head(torch.nn.Module):
    """An output layer that computes logits in fp32, whatever the type of the model.

    Logits are around 20, where bf16 has steps of 0.125: probabilities of a few options, and
    the likeliest token, would depend on rounding.
    """

    weight: torch.Tensor
    bias: torch.Tensor | None

    def __init__(self, head: torch.nn.Linear) -> None:
        super().__init__()
        self.register_buffer("weight", head.weight.detach().float(), persistent=False)
        bias = None if head.bias is None else head.bias.detach().float()
        self.register_buffer("bias", bias, persistent=False)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Logits, (batch, positions, vocabulary), of hidden states."""
        return torch.nn.functional.linear(hidden.float(), self.weight, self.bias)


def check_source(options: Model, folder: Path | None) -> str:
    """Where a model is read from.

    Raises:
        UserError: If that is a local folder from which no model can be loaded.
    """
    source = str(folder or options.source)
    if Path(source).is_dir():
        check_folder(Path(source))
    elif folder or source.startswith((".", "/", "~")):
        raise UserError(f"{source}: no such model folder; correct models.*.source")
    return source


def check_folder(folder: Path) -> None:
    """Refuse a local model folder that cannot be loaded.

    Raises:
        UserError: If ``config.json`` or the safetensors weights are missing, or settings are
            damaged.
    """
    if not (folder / "config.json").is_file():
        raise UserError(f"{folder}: no config.json; is this a model folder?")
    for name in ("config.json", "generation_config.json", "tokenizer_config.json"):
        try:
            json.loads((folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue  # transformers would go on without a damaged one of the second
        except ValueError as error:
            raise UserError(
                f"{folder / name}: not valid JSON ({str(error)[:80]}); download the model again, "
                "or save the file as UTF-8 without a byte order mark"
            ) from None
    if not list(folder.glob("*.safetensors")):
        raise UserError(
            f"{folder}: no weights (*.safetensors); download the model again, or convert its "
            "weights to safetensors (other formats can run code and are not read)"
        )


def _from_pretrained(kind: Any, options: Model, folder: Path | None, **arguments: Any) -> Any:
    source = check_source(options, folder)
    try:
        return kind.from_pretrained(source, revision=options.revision or "main", **arguments)
    except OSError as error:
        raise unavailable(source, error) from error
    except (ValueError, KeyError, SafetensorError) as error:  # damaged, or unknown to transformers
        raise UserError(
            f"{source}: cannot be loaded ({' '.join(str(error).split())[:200]}); download it "
            "again, or choose a model of an architecture that transformers has"
        ) from error


def unavailable(source: str, error: Exception) -> UserError:
    """The error to raise for a model that cannot be read or fetched."""
    reason = str(error).strip().splitlines()[0]
    return UserError(
        f"{source}: cannot be loaded ({reason}); is the name right, is there a network, and "
        "for a gated model have you logged in (hf auth login)?"
    )


def identity(
    options: Model, folder: Path | None, adapter: Path | None, config: Any
) -> dict[str, Any]:
    """What identifies a loaded model and its adapter, for a provenance record."""
    return {
        "model": options.model_dump(),
        "model_digest": digest(options, folder, config),
        "adapter_digest": weights_digest(adapter) if adapter else None,
    }


def digest(options: Model, folder: Path | None, config: Any) -> str:
    """What identifies base weights: a SHA-256, or the commit of the model repository.

    Args:
        options: The model's configuration.
        folder: Local copy that was read instead of ``options.source``.
        config: The loaded model's own configuration, which holds the commit.
    """
    local = Path(folder or options.source)
    if local.is_dir():
        return folder_digest(local)
    return str(getattr(config, "_commit_hash", None) or options.revision or "unknown")


def folder_digest(folder: Path) -> str:
    """What identifies a model folder: its ``digest.json``, else the SHA-256 of its weights."""
    if (folder / "digest.json").is_file():
        return str(json.loads((folder / "digest.json").read_text(encoding="utf-8"))["sha256"])
    return weights_digest(folder)


def weights_digest(folder: Path) -> str:
    """SHA-256 of the safetensors files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


def write_digest(folder: Path, *, source: str, sha256: str | None = None) -> None:
    """Write a model folder's ``digest.json``, since hashing 16 GB takes long.

    Args:
        folder: The model.
        source: What it was made from.
        sha256: What identifies it; by default the digest of its weights.
    """
    digest = {"source": source, "sha256": sha256 or weights_digest(folder)}
    (folder / "digest.json").write_text(json.dumps(digest, indent=2) + "\n", encoding="utf-8")
