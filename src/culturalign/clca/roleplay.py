"""Role-play: two role-conditioned agents talk in turns (Liu et al. 2025, section 3)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from culturalign.clca.cards import Card
from culturalign.clca.chat import Ask, Messages, seed_of
from culturalign.clca.prompts import Prompts
from culturalign.clca.scenarios import Person, Scenario
from culturalign.clca.turns import MalformedError, Turn, ending_of, parse_turn
from culturalign.config.clca import Roleplay


@dataclass
class Dialogue:
    """A role-play as it goes on.

    Attributes:
        scenario: What it plays.
        number: Which dialogue of the scenario, from 0; the first person begins the even ones.
        turns: So far.
        ending: ``goal`` (someone leaves with the goal reached), ``left``, ``limit`` (of turns),
            ``malformed``; None while it goes on.
        malformed: Reason -> answers that were no turns.
    """

    scenario: Scenario
    number: int
    turns: list[Turn] = field(default_factory=list)
    ending: str | None = None
    malformed: Counter[str] = field(default_factory=Counter)

    @property
    def speaker(self) -> int:
        """Whose turn it is: 0 or 1."""
        return (self.number + len(self.turns)) % 2

    def record(self, language: str) -> dict[str, Any]:
        """Plain values, for an artifact."""
        return {
            "id": f"{self.scenario.id}.{self.number}",
            "scenario": self.scenario.id,
            "topic": self.scenario.topic,
            "number": self.number,
            "names": [person.name[language] for person in self.scenario.people],
            "turns": [turn.record() for turn in self.turns],
            "ending": self.ending,
            "malformed": dict(sorted(self.malformed.items())),
        }


def planned(scenarios: Sequence[Scenario], options: Roleplay) -> list[Dialogue]:
    """All dialogues of a run, in order."""
    chosen = scenarios[: options.scenarios]
    return [Dialogue(s, number) for s in chosen for number in range(options.per_scenario)]


def simulate(
    dialogues: Sequence[Dialogue], ask: Ask, card: Card, prompts: Prompts, options: Roleplay
) -> None:
    """Play dialogues side by side until each has ended.

    Args:
        dialogues: Without turns; they are changed. Sampling depends on the first's name, so the
            same group gives the same transcripts.
        ask: Who plays both roles.
        card: The culture.
        prompts: In its language.
        options: Turn limit, retries.
    """
    name = f"{dialogues[0].scenario.id}.{dialogues[0].number}" if dialogues else ""
    for number in range(options.turns):
        going = [dialogue for dialogue in dialogues if dialogue.ending is None]
        take_turns(going, ask, card, prompts, options, f"{options.seed}:{name}:{number}")
    for dialogue in dialogues:
        dialogue.ending = dialogue.ending or "limit"


def take_turns(
    dialogues: Sequence[Dialogue],
    ask: Ask,
    card: Card,
    prompts: Prompts,
    options: Roleplay,
    name: str,
) -> None:
    """One turn of every dialogue; malformed answers are asked for again, within the bound."""
    waiting = list(dialogues)
    for attempt in range(1, options.retries + 2):
        if not waiting:
            return
        chats = [chat(d.scenario, d.turns, d.speaker, card, prompts) for d in waiting]
        replies = ask(chats, seed_of(name, attempt), again=attempt > 1)
        refused = []
        for dialogue, reply in zip(waiting, replies, strict=True):
            names = [person.name[prompts.language] for person in dialogue.scenario.people]
            try:
                turn = parse_turn(reply, dialogue.speaker, names, prompts.words, dialogue.turns,
                                  plain_text=options.plain_text)  # fmt: skip
            except MalformedError as why:
                dialogue.malformed[str(why)] += 1
                refused.append(dialogue)
                continue
            dialogue.turns.append(Turn(turn.speaker, turn.kind, turn.text, attempt))
            dialogue.ending = ending_of(turn, prompts.words)
        waiting = refused
    for dialogue in waiting:
        dialogue.ending = "malformed"


def chat(
    scenario: Scenario, turns: Sequence[Turn], speaker: int, card: Card, prompts: Prompts
) -> Messages:
    """What a person knows and has heard when it is their turn.

    The other's goal and secret are not in it. The own turns are the assistant's, the other's the
    user's; the person who begins is told so.
    """
    messages = [{"role": "system", "content": role(scenario, speaker, card, prompts)}]
    if not turns or turns[0].speaker == speaker:
        messages.append({"role": "user", "content": prompts.words.begin})
    for turn in turns:
        who = "assistant" if turn.speaker == speaker else "user"
        messages.append({"role": who, "content": turn.written(prompts.words)})
    return messages


def role(scenario: Scenario, speaker: int, card: Card, prompts: Prompts) -> str:
    """The system message of a role."""
    language, own = prompts.language, scenario.people[speaker]
    return prompts.filled(
        "roleplay",
        setting=scenario.setting[language],
        culture="\n".join(card.described(language)),
        people="\n".join(introductions(scenario.people, prompts)),
        name=own.name[language],
        other=scenario.people[1 - speaker].name[language],
        goal=own.goal[language],
        secret=own.secret[language],
    )


def introductions(people: Sequence[Person], prompts: Prompts) -> Iterator[str]:
    """What both may know of each other, a line a person."""
    for person in people:
        name, background, occupation = (
            getattr(person, field)[prompts.language]
            for field in ("name", "background", "occupation")
        )
        yield f"{name}{prompts.words.colon}{background} {occupation}"
