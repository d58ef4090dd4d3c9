"""Role-play: two role-conditioned agents talk in turns (Liu et al. 2025, section 3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from culturalign.clca.chat import Ask, Messages, Reply, ask_until_valid
from culturalign.clca.materials import Materials
from culturalign.clca.scenarios import Scenario
from culturalign.clca.turns import MalformedError, Turn, ending_of, parse_turn
from culturalign.config.clca import Roleplay


@dataclass
class Dialogue:
    """A role-play in progress.

    Attributes:
        scenario: Its scenario.
        number: Number within the scenario, from 0; the first person begins the even ones.
        turns: The turns so far.
        ending: ``goal`` (someone leaves with the goal reached), ``left``, ``limit`` (of turns),
            ``malformed``; None while it goes on.
        malformed: Reason -> number of answers that were not turns.
    """

    scenario: Scenario
    number: int
    turns: list[Turn] = field(default_factory=list)
    ending: str | None = None
    malformed: Counter[str] = field(default_factory=Counter)

    @property
    def id(self) -> str:
        """The scenario and the number within it."""
        return f"{self.scenario.id}.{self.number}"

    @property
    def speaker(self) -> int:
        """Whose turn it is: 0 or 1."""
        return (self.number + len(self.turns)) % 2

    def record(self, language: str) -> dict[str, Any]:
        """Plain values, for an artifact."""
        return {
            "id": self.id,
            "scenario": self.scenario.id,
            "topic": self.scenario.topic,
            "number": self.number,
            "names": self.scenario.names(language),
            "turns": [turn._asdict() for turn in self.turns],
            "ending": self.ending,
            "malformed": dict(sorted(self.malformed.items())),
        }


def planned(scenarios: Sequence[Scenario], options: Roleplay) -> list[Dialogue]:
    """All dialogues of a run, in order."""
    chosen = scenarios[: options.scenarios]
    return [Dialogue(s, number) for s in chosen for number in range(options.per_scenario)]


def simulate(
    dialogues: Sequence[Dialogue], ask: Ask, materials: Materials, options: Roleplay
) -> None:
    """Play a group of dialogues until each has ended; they are changed in place.

    Args:
        dialogues: Without turns. Sampling is seeded by the id of the first, so the same group gives
            the same transcripts.
        ask: Plays both roles.
        materials: The materials of the culture.
        options: Turn limit and retries.
    """
    for number in range(options.turns):
        going = [dialogue for dialogue in dialogues if dialogue.ending is None]
        name = f"{options.seed}:{dialogues[0].id}:{number}"
        _take_turns(going, ask, materials, options, name)
    for dialogue in dialogues:
        dialogue.ending = dialogue.ending or "limit"


def _take_turns(
    dialogues: Sequence[Dialogue], ask: Ask, materials: Materials, options: Roleplay, name: str
) -> None:
    """One turn of every dialogue; one without a valid answer ends as malformed."""
    words, language = materials.prompts.words, materials.prompts.language

    def parse(place: int, reply: Reply) -> Turn | None:
        dialogue = dialogues[place]
        names = dialogue.scenario.names(language)
        try:
            return parse_turn(reply, dialogue.speaker, names, words, dialogue.turns,
                              plain_text=options.plain_text)  # fmt: skip
        except MalformedError as reason:
            dialogue.malformed[str(reason)] += 1
            return None

    chats = [chat(d.scenario, d.turns, d.speaker, materials) for d in dialogues]
    outcomes = ask_until_valid(ask, chats, parse, retries=options.retries, name=name)
    for dialogue, (turn, _, attempts) in zip(dialogues, outcomes, strict=True):
        if turn is None:
            dialogue.ending = "malformed"
        else:
            dialogue.turns.append(turn._replace(attempts=attempts))
            dialogue.ending = ending_of(turn, words)


def chat(scenario: Scenario, turns: Sequence[Turn], speaker: int, materials: Materials) -> Messages:
    """What a person knows and has heard before a turn; never the other's goal and secret.

    The person's own turns are the assistant's, the other's the user's.
    """
    words = materials.prompts.words
    messages = [{"role": "system", "content": role(scenario, speaker, materials)}]
    if not turns or turns[0].speaker == speaker:
        messages.append({"role": "user", "content": words.begin})
    for turn in turns:
        who = "assistant" if turn.speaker == speaker else "user"
        messages.append({"role": who, "content": turn.written(words)})
    return messages


def role(scenario: Scenario, speaker: int, materials: Materials) -> str:
    """The system message of a role."""
    language, own = materials.prompts.language, scenario.people[speaker]
    return materials.filled(
        "roleplay",
        scenario,
        people="\n".join(materials.introductions(scenario.people)),
        name=own.name[language],
        other=scenario.people[1 - speaker].name[language],
        goal=own.goal[language],
        secret=own.secret[language],
    )
