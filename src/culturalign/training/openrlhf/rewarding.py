"""The reward of what OpenRLHF passes to a reward file.

It calls once per response, with the decoded prompt and response in one text and the label of the
data file. Nothing here may raise: it would swallow the exception and fail later, elsewhere.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from culturalign.training.ppo.environment import build_reward_fn

LOGGED = ("unparsed", "incomplete", "failed")
"""Numbers of a response in addition to its reward; OpenRLHF logs them."""

Scores = dict[str, float]
"""``reward`` and the numbers of ``LOGGED``."""
FAILED: Scores = {"reward": -1.0, "unparsed": 0.0, "incomplete": 0.0, "failed": 1.0}
"""Scores of a response that could not be scored, through our or OpenRLHF's fault."""


def score_query(query: str, prompt: str, label: str, settings: Mapping[str, Any]) -> Scores:
    """Score a response as the native engine does.

    Args:
        query: Prompt and response, decoded with special tokens.
        prompt: The prompt as in the data file.
        label: From :mod:`culturalign.training.openrlhf.prompt_data`.
        settings: ``task``; its ``options`` (see
            :func:`culturalign.training.ppo.environment.build_reward_fn`); the tokenizer's
            ``special_tokens``.

    Returns:
        The scores; a failure counts -1, is marked in ``failed`` and printed.
    """
    try:
        known = json.loads(label)
        text, ended = response(query, prompt, known["characters"], settings["special_tokens"])
        human = {known["cue"]: known["associations"]} if "associations" in known else {}
        score = build_reward_fn(settings["task"], settings["options"], human)(known, text, ended)
    except Exception as error:
        print(f"reward failed: {type(error).__name__}: {error}", file=sys.stderr)
        return dict(FAILED)
    shares = {"unparsed": float(not score.parsed), "incomplete": float(not score.complete)}
    return {"reward": score.value, **shares, "failed": 0.0}


def response(
    query: str, prompt: str, characters: int, special_tokens: Sequence[str]
) -> tuple[str, bool]:
    """The response in a query without special tokens, and whether it ended by itself.

    The characters are those of the prompt once it is encoded and decoded; a tokenizer that cleans
    up white space makes them fewer than the prompt's.

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
