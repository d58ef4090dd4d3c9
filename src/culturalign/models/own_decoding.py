"""The decoding in effect: a model's own sampling settings, and a limit on the total length."""

from pathlib import Path

from transformers import GenerationConfig

from culturalign.config.evaluate import Decoding
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.model_source import is_gguf

TOP_K = 50
"""Of transformers' generate() where a model samples and names none (5.23; so with Llama 3.1)."""


def resolve(decoding: Decoding, options: Model, folder: Path | None) -> Decoding:
    """Fill in the model's own sampling if the decoding asks for it.

    Args:
        decoding: The configured decoding.
        options: The model; weights that were trained from it have its defaults.
        folder: Unpacked weights of a GGUF file.

    Raises:
        UserError: If the model has no ``generation_config.json``.
    """
    if not decoding.model_defaults:
        return decoding
    source = str(folder) if folder and is_gguf(options.source) else options.source
    try:
        own = GenerationConfig.from_pretrained(source, revision=options.revision or "main")
    except OSError as error:
        raise UserError(
            f"{source}: no generation_config.json, so the model has no defaults to sample with; "
            "give the decoding a temperature in place of model_defaults"
        ) from error
    penalty = 1.0 if own.repetition_penalty is None else float(own.repetition_penalty)
    if not own.do_sample:
        return decoding.model_copy(update={"temperature": 0.0, "repetition_penalty": penalty})
    return decoding.model_copy(
        update={
            "temperature": 1.0 if own.temperature is None else float(own.temperature),
            "top_p": 1.0 if own.top_p is None else float(own.top_p),
            "top_k": TOP_K if own.top_k is None else int(own.top_k),
            "repetition_penalty": penalty,
        }
    )


def within(decoding: Decoding, prompt: int) -> Decoding:
    """A decoding whose answer and prompt, of so many tokens, stay within ``max_length``.

    Raises:
        UserError: If the prompt alone does not.
    """
    if decoding.max_length is None:
        return decoding
    if prompt >= decoding.max_length:
        raise UserError(
            f"a prompt has {prompt} tokens, and decodings.*.max_length ({decoding.max_length}) is "
            "for prompt and answer together; raise it, or show fewer shots"
        )
    left = min(decoding.max_new_tokens, decoding.max_length - prompt)
    return decoding.model_copy(update={"max_new_tokens": left})
