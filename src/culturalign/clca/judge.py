"""Judging dialogues: quality, cultural fit, and a critic who sees both verdicts."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from culturalign.clca.cards import Card
from culturalign.clca.chat import Ask, Messages, seed_of
from culturalign.clca.prompts import Prompts, Words
from culturalign.clca.roleplay import introductions
from culturalign.clca.scenarios import Scenario
from culturalign.clca.turns import Turn, after
from culturalign.config.clca import Filter
from culturalign.files.ledger import Account

QUESTIONS = ("quality", "fit", "critic")
"""In this order; the critic is shown the first two."""


@dataclass(frozen=True)
class Verdict:
    """An answer of the judge.

    Attributes:
        good: None if the judge gave no verdict within the bound.
        confidence: Percent.
        reason: In the judge's words; the last answer if undecided.
        attempts: How often the judge was asked.
    """

    good: bool | None
    confidence: int | None
    reason: str
    attempts: int = 1


def parse_verdict(text: str, words: Words) -> Verdict | None:
    """Read a verdict: three keywords, each with its text to the end of the line.

    Returns:
        None if the verdict is neither good nor bad, or the confidence no whole number from 0 to
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
    dialogues: Sequence[Mapping[str, Any]],
    scenarios: Mapping[str, Scenario],
    ask: Ask,
    card: Card,
    prompts: Prompts,
    *,
    system: str,
    retries: int,
) -> list[dict[str, Any]]:
    """Judge transcripts, question by question.

    Args:
        dialogues: Records of :class:`culturalign.clca.roleplay.Dialogue`.
        scenarios: By id.
        ask: The judge.
        card: The culture.
        prompts: In its language.
        system: System message.
        retries: How often a question without a verdict is asked again.

    Returns:
        For each dialogue ``id`` and, under each of ``QUESTIONS``, ``good, confidence, reason,
        attempts``.
    """
    found: list[dict[str, Verdict]] = [{} for _ in dialogues]
    for question in QUESTIONS:
        chats = [
            [
                {"role": "system", "content": system},
                {"role": "user", "content": request(
                    question, dialogue, scenarios[dialogue["scenario"]], verdicts, card, prompts
                )},
            ]
            for dialogue, verdicts in zip(dialogues, found, strict=True)
        ]  # fmt: skip
        verdicts = _ask_until_decided(chats, ask, prompts.words, question, retries)
        for mine, verdict in zip(found, verdicts, strict=True):
            mine[question] = verdict
    return [
        {"id": dialogue["id"]} | {name: asdict(verdict) for name, verdict in verdicts.items()}
        for dialogue, verdicts in zip(dialogues, found, strict=True)
    ]


def _ask_until_decided(
    chats: Sequence[Messages], ask: Ask, words: Words, question: str, retries: int
) -> list[Verdict]:
    found: dict[int, Verdict] = {}
    waiting = list(range(len(chats)))
    for attempt in range(1, retries + 2):
        if not waiting:
            break
        seed = seed_of(question, attempt)
        replies = ask([chats[i] for i in waiting], seed, again=attempt > 1)
        for i, reply in zip(waiting, replies, strict=True):
            read = parse_verdict(reply.text, words) or Verdict(None, None, reply.text.strip())
            found[i] = Verdict(read.good, read.confidence, read.reason, attempt)
        waiting = [i for i in waiting if found[i].good is None]
    return [found[i] for i in range(len(chats))]


def request(
    question: str,
    dialogue: Mapping[str, Any],
    scenario: Scenario,
    verdicts: Mapping[str, Verdict],
    card: Card,
    prompts: Prompts,
) -> str:
    """One question to the judge, who knows both goals and secrets."""
    language, words = prompts.language, prompts.words
    people = [
        f"{line} {words.goal}{words.colon}{person.goal[language]} "
        f"{words.secret}{words.colon}{person.secret[language]}"
        for line, person in zip(
            introductions(scenario.people, prompts), scenario.people, strict=True
        )
    ]
    return prompts.filled(
        question,
        setting=scenario.setting[language],
        people="\n".join(people),
        country=card.name[language],
        culture="\n".join(card.described(language)),
        talk=talk(dialogue["turns"], dialogue["names"], words),
        verdicts="\n".join(_shown(name, verdict, words) for name, verdict in verdicts.items()),
    )


def talk(turns: Sequence[Mapping[str, Any]], names: Sequence[str], words: Words) -> str:
    """Turns as a script, a line each with the speaker's name."""
    written = [Turn(t["speaker"], t["kind"], t["text"]).written(words) for t in turns]
    lines = [names[turn["speaker"]] for turn in turns]
    return "\n".join(f"{who} | {what}" for who, what in zip(lines, written, strict=True))


def _shown(name: str, verdict: Verdict, words: Words) -> str:
    named = {True: words.good, False: words.bad, None: "-"}[verdict.good]
    return f"{name}: {named}, {verdict.confidence}. {' '.join(verdict.reason.split())[:300]}"


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
