"""What OpenRLHF hands to a reward file, turned into our reward.

It calls once a response, with the decoded prompt and response in one text and the label of the
data file. Nothing here may raise: it would swallow the exception and fail later, elsewhere.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.training.ppo.environment import RewardFn, association_reward_fn, ranking_reward_fn

LOGGED = ("unparsed", "incomplete", "failed")
"""Numbers of a response beside its reward, logged by OpenRLHF; always all of them."""

Scores = dict[str, float]
"""``reward`` and the numbers of ``LOGGED``."""
FAILED: Scores = {"reward": -1.0, "unparsed": 0.0, "incomplete": 0.0, "failed": 1.0}
"""Of a response that could not be scored by our or OpenRLHF's fault."""


def score_query(query: str, prompt: str, label: str, settings: Mapping[str, Any]) -> Scores:
    """Score a response as the native engine does.

    Args:
        query: Prompt and response, decoded with special tokens.
        prompt: The prompt as it stands in the data file.
        label: From :mod:`culturalign.openrlhf.data`.
        settings: ``task``; its ``options``: ``rules`` of the normalizer and for the ranking
            ``reward``; the tokenizer's ``special_tokens``.

    Returns:
        The scores; a failure is worth -1, is counted in ``failed`` and printed.
    """
    try:
        known = json.loads(label)
        text, ended = response(query, prompt, known["characters"], settings["special_tokens"])
        score = _reward_fn(known, settings["task"], settings["options"])(known, text, ended)
    except Exception as error:
        print(f"reward failed: {type(error).__name__}: {error}", file=sys.stderr)
        return dict(FAILED)
    shares = {"unparsed": float(not score.parsed), "incomplete": float(not score.complete)}
    return {"reward": score.value, **shares, "failed": 0.0}


def _reward_fn(known: Mapping[str, Any], task: str, options: Mapping[str, Any]) -> RewardFn:
    normalizer = partial(normalize, **options["rules"])
    if task == "ranking":
        return ranking_reward_fn(RewardRules(**options["reward"]), normalizer)
    return association_reward_fn({known["cue"]: known["associations"]}, normalizer)


def response(
    query: str, prompt: str, characters: int, special_tokens: Sequence[str]
) -> tuple[str, bool]:
    """The response alone, without special tokens, and whether it ended by itself.

    Args:
        query: Prompt and response, decoded.
        prompt: The prompt.
        characters: Length of the prompt once it is encoded and decoded; a tokenizer that tidies
            white space makes it shorter than the prompt.
        special_tokens: E.g. the end of turn.

    Raises:
        ValueError: If the query does not begin with the prompt.
    """
    if "".join(query[:characters].split()) != "".join(prompt.split()):
        raise ValueError("the text does not begin with the prompt; was the prompt cut?")
    text = query[characters:]
    ended = text.endswith(tuple(special_tokens))
    for token in special_tokens:
        text = text.replace(token, "")
    return text, ended
