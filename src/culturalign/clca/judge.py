"""Judging dialogues: quality, cultural fit, and a critic who sees both verdicts; filtering."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from culturalign.clca.chat import Ask, Messages, ask_until_valid
from culturalign.clca.materials import Materials
from culturalign.clca.prompts import Words
from culturalign.clca.turns import after
from culturalign.config.clca import Filter
from culturalign.errors import UserError
from culturalign.files.ledger import Account

QUESTIONS = ("quality", "fit", "critic")
"""In this order; the critic reads the first two verdicts."""


class Verdict(NamedTuple):
    """An answer of the judge.

    Attributes:
        good: None if no answer held a verdict.
        confidence: Percent.
        reason: In the judge's words; the last answer if undecided.
        attempts: Number of answers it took.
    """

    good: bool | None
    confidence: int | None
    reason: str
    attempts: int = 1


def parse_verdict(text: str, words: Words) -> Verdict | None:
    """Read a verdict: three keywords, each with its text to the end of the line.

    Returns:
        None if the verdict is neither good nor bad, or the confidence not a whole number from 0 to
        100. A missing reason is empty.
    """
    verdict, number, reason = (
        after(keyword, text) or "" for keyword in (words.verdict, words.confidence, words.reason)
    )
    confidence = re.fullmatch(r"(\d{1,3})\s*[%％]?[.。]?", number)
    named = {words.good.casefold(): True, words.bad.casefold(): False}
    good = named.get(verdict.casefold().rstrip(".。*"))
    if good is None or confidence is None or int(confidence[1]) > 100:
        return None
    return Verdict(good, int(confidence[1]), reason)


def judge(
    dialogues: Sequence[Mapping[str, Any]], materials: Materials, ask: Ask, *, retries: int
) -> list[dict[str, Any]]:
    """Judge transcripts, question by question.

    Args:
        dialogues: Records of :class:`culturalign.clca.roleplay.Dialogue`.
        materials: The materials of the culture.
        ask: The judge.
        retries: Most repetitions of a question without a verdict.

    Returns:
        For each dialogue ``id`` and, under each of ``QUESTIONS``, ``good, confidence, reason,
        attempts``.
    """
    words = materials.prompts.words
    found: list[dict[str, Verdict]] = [{} for _ in dialogues]
    for question in QUESTIONS:
        outcomes = ask_until_valid(
            ask,
            [request(question, *pair, materials) for pair in zip(dialogues, found, strict=True)],
            lambda _, reply: parse_verdict(reply.text, words),
            retries=retries,
            name=question,
        )
        for verdicts, (verdict, reply, attempts) in zip(found, outcomes, strict=True):
            verdict = verdict or Verdict(None, None, reply.text.strip())
            verdicts[question] = verdict._replace(attempts=attempts)
    return [
        {"id": dialogue["id"]} | {name: verdict._asdict() for name, verdict in verdicts.items()}
        for dialogue, verdicts in zip(dialogues, found, strict=True)
    ]


def request(
    question: str,
    dialogue: Mapping[str, Any],
    verdicts: Mapping[str, Verdict],
    materials: Materials,
) -> Messages:
    """One question to the judge, who knows both goals and secrets."""
    language, words = materials.prompts.language, materials.prompts.words
    people = materials.scenarios[dialogue["scenario"]].people
    known = [
        f"{line} {words.goal}{words.colon}{person.goal[language]} "
        f"{words.secret}{words.colon}{person.secret[language]}"
        for line, person in zip(materials.introductions(people), people, strict=True)
    ]
    shown = "\n".join(_shown(name, verdict, words) for name, verdict in verdicts.items())
    return materials.question(
        question, dialogue, dialogue["turns"], people="\n".join(known), verdicts=shown
    )


def _shown(name: str, verdict: Verdict, words: Words) -> str:
    named = {True: words.good, False: words.bad, None: "-"}[verdict.good]
    return f"{name}: {named}, {verdict.confidence}. {' '.join(verdict.reason.split())[:300]}"


def faults(dialogue: Mapping[str, Any], verdicts: Mapping[str, Any], rules: Filter) -> list[str]:
    """Every reason to drop a dialogue; none if it is kept.

    Args:
        dialogue: A transcript.
        verdicts: Its verdicts under each of ``QUESTIONS``.
        rules: The configured filter.
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
    culture: str,
) -> tuple[list[Mapping[str, Any]], list[dict[str, Any]], Account]:
    """Part dialogues into kept and dropped ones.

    Args:
        dialogues: Transcripts.
        verdicts: Verdicts on the same dialogues, in any order.
        rules: The configured filter.
        quoting: Id -> survey question whose wording the dialogue repeats.
        culture: Key of the culture, for the error.

    Returns:
        The kept transcripts; the dropped, each with ``dropped``, all its reasons; and an account in
        which each counts under its first reason.

    Raises:
        UserError: If none is kept.
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
    counts = dict(sorted(Counter(entry["dropped"][0] for entry in dropped).items()))
    if not kept:
        raise UserError(
            f"culture {culture!r}: none of {len(dialogues)} dialogues is kept ({counts}); loosen "
            "clca.filter, or let a larger model play and judge"
        )
    return kept, dropped, Account("dialogues", len(dialogues), len(kept), counts)
