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
from culturalign.free_form import association_reward
from culturalign.normalize import normalize
from culturalign.parsing import read_answer
from culturalign.ranking import reward

LOGGED = ("parsed", "missing", "invented", "duplicates", "failed")
"""Numbers of a response beside its reward, logged by OpenRLHF; always all of them."""

Scores = dict[str, float]
"""``reward`` and the numbers of ``LOGGED``."""
FAILED: Scores = {"reward": -1.0, **dict.fromkeys(LOGGED, 0.0), "failed": 1.0}
"""Of a response that could not be scored by our or OpenRLHF's fault."""


def score_query(query: str, prompt: str, label: str, settings: Mapping[str, Any]) -> Scores:
    """Score a response; a failure is -1, is counted in ``failed`` and printed.

    Args:
        query: Prompt and response, decoded with special tokens.
        prompt: The prompt as it stands in the data file.
        label: From :mod:`culturalign.openrlhf.data`.
        settings: ``task``, ``rules``, ``special_tokens``, ``simplify_chinese``.
    """
    try:
        known = json.loads(label)
        text, ended = response(query, prompt, known["characters"], settings["special_tokens"])
        if settings["task"] == "ranking":
            return _ranking(text, known, RewardRules(**settings["rules"]))
        return _association(text, ended, known, simplify=settings["simplify_chinese"])
    except Exception as error:
        print(f"reward failed: {type(error).__name__}: {error}", file=sys.stderr)
        return dict(FAILED)


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


def _ranking(text: str, known: Mapping[str, Any], rules: RewardRules) -> Scores:
    scored = reward.score(text, known["candidates"], known["counts"], rules)
    counted = {name: float(getattr(scored, name)) for name in LOGGED[:-1]}
    return {"reward": scored.value, **counted, "failed": 0.0}


def _association(text: str, ended: bool, known: Mapping[str, Any], *, simplify: bool) -> Scores:
    sample = {"cue": known["cue"], "text": text, "truncated": not ended}
    answer = read_answer(sample, partial(normalize, simplify_chinese=simplify))
    value = association_reward(answer["words"], frozenset(known["associations"]))
    return {"reward": value, **dict.fromkeys(LOGGED, 0.0), "parsed": float(answer["parsable"])}
