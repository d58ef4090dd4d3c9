"""The tokens that end an answer, the same for every engine.

Chat models often end their turns with a token other than the tokenizer's end-of-text token, as
Gemma's ``<end_of_turn>`` and Phi-3's ``<|end|>``; their ``generation_config.json`` names both.
"""

from collections.abc import Collection, Sequence

from transformers import GenerationConfig, PreTrainedTokenizerBase

from culturalign.errors import UserError


def stop_tokens(tokenizer: PreTrainedTokenizerBase, settings: GenerationConfig) -> frozenset[int]:
    """Ids that end an answer: the tokenizer's end-of-text token and all that a model names.

    Args:
        tokenizer: The model's tokenizer.
        settings: The model's own settings of generation.

    Raises:
        UserError: If they name something else than ids.
    """
    named = settings.eos_token_id
    ids = named if isinstance(named, list) else [named]
    found = [i for i in [tokenizer.eos_token_id, *ids] if i is not None]
    if any(type(i) is not int or i < 0 for i in found):
        raise UserError(
            f"generation_config.json: eos_token_id is {named!r}; it must be the id of a token or a "
            "list of such, so correct it in the model's folder"
        )
    return frozenset(found)


def until_stop(ids: Sequence[int], stops: Collection[int]) -> tuple[int, ...]:
    """Generated tokens without what follows the first stop token, which is kept."""
    end = next((place for place, token in enumerate(ids, start=1) if token in stops), len(ids))
    return tuple(ids[:end])


def answer_text(
    tokenizer: PreTrainedTokenizerBase, ids: Sequence[int], stops: Collection[int]
) -> str:
    """The text of generated tokens, without stop tokens and special tokens."""
    kept = [token for token in ids if token not in stops]
    return str(tokenizer.decode(kept, skip_special_tokens=True))
