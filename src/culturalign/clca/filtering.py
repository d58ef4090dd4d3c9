"""Which dialogues are kept, and why the others are dropped."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from culturalign.clca.judge import QUESTIONS
from culturalign.config.clca import Filter
from culturalign.ledger import Account


def faults(dialogue: Mapping[str, Any], verdicts: Mapping[str, Any], rules: Filter) -> list[str]:
    """Every reason to drop a dialogue; none if it is kept.

    Args:
        dialogue: A transcript.
        verdicts: Of this dialogue, under each of ``QUESTIONS``.
        rules: What counts.
    """
    found = [] if dialogue["ending"] in rules.endings else [f"ended: {dialogue['ending']}"]
    if len(dialogue["turns"]) < rules.min_turns:
        found.append(f"fewer than {rules.min_turns} turns")
    for question in QUESTIONS:
        least, verdict = getattr(rules, question), verdicts[question]
        if least is None:
            continue
        if verdict["good"] is None:
            found += [f"{question}: undecided"] if rules.undecided == "drop" else []
        elif not verdict["good"] and verdict["confidence"] >= least:
            found.append(f"{question}: bad")
    return found


def split(
    dialogues: Sequence[Mapping[str, Any]],
    verdicts: Sequence[Mapping[str, Any]],
    rules: Filter,
    quoting: Mapping[str, str],
) -> tuple[list[Mapping[str, Any]], list[dict[str, Any]]]:
    """Part dialogues into kept and dropped ones.

    Args:
        dialogues: Transcripts.
        verdicts: Of the same dialogues, in any order.
        rules: What counts.
        quoting: Id -> survey question whose wording the dialogue repeats.

    Returns:
        The kept transcripts; and the dropped, each with ``dropped``, its reasons.
    """
    judged = {verdict["id"]: verdict for verdict in verdicts}
    kept, dropped = [], []
    for dialogue in dialogues:
        reasons = faults(dialogue, judged[dialogue["id"]], rules)
        reasons += ["repeats a survey question"] if dialogue["id"] in quoting else []
        if reasons:
            dropped.append({**dialogue, "dropped": reasons})
        else:
            kept.append(dialogue)
    return kept, dropped


def account(kept: Sequence[Any], dropped: Sequence[Mapping[str, Any]]) -> Account:
    """Kept and dropped dialogues; one with several reasons counts under the first."""
    reasons = Counter(entry["dropped"][0] for entry in dropped)
    total = len(kept) + len(dropped)
    return Account("dialogues", total, len(kept), dict(sorted(reasons.items())))
