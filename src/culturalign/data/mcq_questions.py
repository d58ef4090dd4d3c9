"""Questions: which of four sets of words is closest to a cue (paper, appendix B)."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culturalign.errors import UserError
from culturalign.files.ledger import Account
from culturalign.files.prompt_template import CUE, MCQ, OPTIONS, read_template

WORDS = 4
"""Words an option. Paper, table 9."""
CATEGORIES = {
    "high": "High-frequency",
    "low": "Low-frequency",
    "indirect": "Indirect association",
    "random": "Random",
}
"""The paper's categories; the first is the right answer."""
Associations = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class McqPrompt:
    """The prompt of one language: its template, system message and separator of words."""

    template: str
    system: str
    separator: str

    def messages(
        self, cue: str, options: Sequence[Sequence[str]], labels: Sequence[str]
    ) -> list[dict[str, str]]:
        """Chat messages that ask a question; one option a line, each after its label."""
        lines = [
            f"{label}. {self.separator.join(words)}"
            for label, words in zip(labels, options, strict=True)
        ]
        parts = [part.replace(CUE, cue) for part in self.template.split(OPTIONS)]
        system = {"role": "system", "content": self.system}
        return [system, {"role": "user", "content": "\n".join(lines).join(parts)}]


def read_mcq_prompt(path: Path, *, system: str, separator: str) -> McqPrompt:
    """Read the prompt; errors as in :func:`read_template`."""
    template = read_template(path, "languages.*.mcq_prompt", MCQ)
    return McqPrompt(template, system, separator)


def draw_questions(
    associations: Associations, cues: Sequence[str], *, seed: int
) -> Iterator[dict[str, Any]]:
    """Draw the question of every cue that has words enough in all categories.

    Args:
        associations: Cue -> response -> count, most frequent first, of all cues of the culture.
        cues: The cues to ask about.
        seed: The draws of a cue depend on it, on the cue and on the associations.

    Yields:
        ``cue``; ``options``, category -> words; ``order``, the categories as they are shown.
    """
    for cue in cues:
        rng = random.Random(f"{seed}:{cue}")
        options = draw_options(associations, cue, rng)
        if not lacking(options):
            order = rng.sample(list(options), len(options))
            yield {"cue": cue, "options": options, "order": order}


def draw_options(associations: Associations, cue: str, rng: random.Random) -> dict[str, list[str]]:
    """Category -> up to four words.

    The four most frequent associations; four of the less frequent half; four that are no
    associations of the cue, but among the four most frequent of its associations (of its four most
    frequent ones that are cues themselves); four cues that are none of all these.
    """
    direct = list(associations[cue])
    high, rare = direct[:WORDS], direct[max(WORDS, (len(direct) + 1) // 2) :]
    steps = [word for word in direct if word in associations][:WORDS]
    indirect = dict.fromkeys(
        word
        for step in steps
        for word in list(associations[step])[:WORDS]
        if word not in associations[cue] and word != cue
    )
    strange = sorted(set(associations) - set(direct) - set(indirect) - {cue})
    pools = {"low": rare, "indirect": list(indirect), "random": strange}
    return {"high": high} | {
        name: rng.sample(pool, min(WORDS, len(pool))) for name, pool in pools.items()
    }


def lacking(options: Mapping[str, Sequence[str]]) -> str | None:
    """The first category with too few words, or None."""
    return next((name for name, words in options.items() if len(words) < WORDS), None)


def account(associations: Associations, cues: Sequence[str], *, seed: int) -> Account:
    """How many cues have a question, and which category the others lack."""
    found = [
        lacking(draw_options(associations, cue, random.Random(f"{seed}:{cue}"))) for cue in cues
    ]
    dropped = Counter(f"too few words: {CATEGORIES[name]}" for name in found if name)
    return Account("multiple-choice cues", len(found), found.count(None), dict(dropped))


def check_account(account: Account, culture: str) -> None:
    """Refuse data with nothing to ask.

    Raises:
        UserError: If no cue has a question.
    """
    if not account.kept:
        why = ", ".join(f"{n} {reason}" for reason, n in account.dropped.items())
        raise UserError(
            f"culture {culture!r}: none of {account.read} test cues has a multiple-choice question "
            f"({why}); use more data, or leave them out (languages.*.mcq_prompt: null)"
        )
