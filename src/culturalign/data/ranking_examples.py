"""Ranking examples: candidates of a cue with their counts (paper, section 3.4, appendix D)."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culturalign.config.ranking import Ranking
from culturalign.files.ledger import Account
from culturalign.files.prompt_template import CANDIDATES, CUE, NUMBER, RANKING, read_template

TRIES = 20
"""Draws for each example asked for; a cue with few associations has fewer different examples."""


@dataclass(frozen=True)
class RankingPrompt:
    """The prompt of one language: its template, system message and separator of words."""

    template: str
    system: str
    separator: str = ", "

    def messages(self, cue: str, candidates: Sequence[str]) -> list[dict[str, str]]:
        """Chat messages that ask to rank candidates, shown in the order given.

        They are one a line if their marker has a line of its own, else separated in its line.
        """
        text = self.template.replace(NUMBER, str(len(candidates)))
        before, after = text.split(CANDIDATES)
        own_line = not before.rpartition("\n")[2] and not after.partition("\n")[0]
        shown = ("\n" if own_line else self.separator).join(candidates)
        parts = [part.replace(CUE, cue) for part in (before, after)]
        system = {"role": "system", "content": self.system}
        return [system, {"role": "user", "content": shown.join(parts)}]


def read_ranking_prompt(path: Path, *, system: str, separator: str = ", ") -> RankingPrompt:
    """Read the prompt; errors as in :func:`read_template`."""
    template = read_template(path, "languages.*.ranking_prompt", RANKING)
    return RankingPrompt(template, system, separator)


def draw_rankings(
    associations: Mapping[str, Mapping[str, float]],
    prompt: RankingPrompt,
    options: Ranking,
    seed: int,
    *,
    held_out: bool = False,
) -> Iterator[dict[str, Any]]:
    """Draw the examples of every cue that has enough associations, not all of one count.

    Args:
        associations: Cue -> response -> count, most frequent first.
        prompt: The language's prompt.
        options: How many candidates and examples, and how they are sampled.
        seed: The draws of a cue depend only on it and on the cue.
        held_out: Whether the cues are of validation or test, with their own number of examples.

    Yields:
        ``cue``; ``candidates`` in the order shown, which is never that of their counts, up or down;
        ``counts`` in the same order; ``messages``. Examples of a cue differ in their candidates.
    """
    most = options.held_out_per_cue if held_out else options.per_cue
    for cue, given in associations.items():
        counts = broken_ties(given) if options.ties == "broken" else given
        if reason_not_drawn(counts, options.candidates):
            continue
        rng, seen = random.Random(f"{seed}:{cue}"), set[frozenset[str]]()
        for _ in range(most * TRIES):
            words = draw_candidates(counts, options, rng)
            if len(seen) < most and frozenset(words) not in seen:
                seen.add(frozenset(words))
                shown = shuffled(words, counts, rng)
                yield {
                    "cue": cue,
                    "candidates": shown,
                    "counts": [counts[word] for word in shown],
                    "messages": prompt.messages(cue, shown),
                }


def broken_ties(counts: Mapping[str, float]) -> dict[str, float]:
    """Counts without ties: of equal ones the earlier is larger, by less than 1."""
    return {word: count - i / len(counts) for i, (word, count) in enumerate(counts.items())}


def reason_not_drawn(counts: Mapping[str, float], candidates: int) -> str | None:
    """Why no example can be drawn from a cue's associations, or None."""
    if len(counts) < candidates:
        return f"fewer than {candidates} associations"
    return "all counts equal" if len(set(counts.values())) < 2 else None


def account(associations: Mapping[str, Mapping[str, float]], candidates: int, unit: str) -> Account:
    """How many cues have an example, and why the others have none."""
    reasons = [reason_not_drawn(counts, candidates) for counts in associations.values()]
    dropped = Counter(reason for reason in reasons if reason)
    return Account(unit, len(reasons), reasons.count(None), dict(sorted(dropped.items())))


def draw_candidates(counts: Mapping[str, float], options: Ranking, rng: random.Random) -> list[str]:
    """Draw candidates from a cue's associations, never all of one count.

    Stratified, each distinct count gives one word, and another in each further round, until there
    are enough; so ties are as few as can be.
    """
    if options.sampling == "stratified":
        return _stratified(counts, options.candidates, rng)
    while True:  # ends, since two counts differ
        words = rng.sample(sorted(counts), options.candidates)
        if len({counts[word] for word in words}) > 1:
            return words


def _stratified(counts: Mapping[str, float], n: int, rng: random.Random) -> list[str]:
    strata = defaultdict(list)
    for word in sorted(counts):
        strata[counts[word]].append(word)
    for words in strata.values():
        rng.shuffle(words)
    drawn: list[str] = []
    while len(drawn) < n:
        left = [count for count in sorted(strata) if strata[count]]
        for count in rng.sample(left, min(len(left), n - len(drawn))):
            drawn.append(strata[count].pop())
    return drawn


def shuffled(words: Sequence[str], counts: Mapping[str, float], rng: random.Random) -> list[str]:
    """Words in random order, but neither most nor least frequent first.

    So the order shown is not an answer. Nor is it worth less than chance; else its reverse, which
    takes no knowledge either, would be worth more.

    Args:
        words: At least three.
        counts: Counts of the words, not all equal.
        rng: Draws the order.
    """
    while True:  # ends: three words that are not all of one count have a third order of counts
        order = rng.sample(list(words), len(words))
        shown = [counts[word] for word in order]
        if shown not in (sorted(shown), sorted(shown, reverse=True)):
            return order
