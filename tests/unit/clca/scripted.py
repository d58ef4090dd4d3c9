"""Materials of two invented people, a transcript, and a model that answers from a script."""

from collections.abc import Callable, Sequence
from pathlib import Path

from culturalign.clca.cards import read_card
from culturalign.clca.chat import Messages, Reply
from culturalign.clca.materials import Materials, read_materials
from culturalign.clca.prompts import read_prompts
from culturalign.clca.scenarios import Person, Scenario

CLCA = Path(__file__).resolve().parents[3] / "resources/clca"
PROMPTS = {name: read_prompts(CLCA / f"prompts/{name}", name) for name in ("en", "zh")}
WORDS = PROMPTS["en"].words
GOOD = "VERDICT: good\nCONFIDENCE: 80\nREASON: They listen."
TALK = {
    "id": "us-tea.0",
    "scenario": "us-tea",
    "names": ["Ann", "Ben"],
    "turns": [
        {"speaker": 0, "kind": "speak", "text": "Tea?", "attempts": 1},
        {"speaker": 1, "kind": "act", "text": "nods", "attempts": 1},
    ],
    "ending": "limit",
}


def person(name: str) -> Person:
    fields = ("background", "occupation", "goal", "secret")
    return Person(name={"en": name}, **{field: {"en": f"{field}-{name}"} for field in fields})


def scenario(name: str = "us-tea", setting: str = "A tea room.") -> Scenario:
    people = [person("Ann"), person("Ben")]
    return Scenario(id=name, topic="friends", setting={"en": setting}, people=people)


def materials(*names: str, system: str = "Be fair.") -> Materials:
    scenarios = {name: scenario(name) for name in names or ("us-tea",)}
    return Materials(scenarios, read_card(CLCA / "cultures/usa.yaml", "USA", "en"), PROMPTS["en"],
                     system)  # fmt: skip


def shipped(country: str, language: str) -> Materials:
    culture = country.lower()
    return read_materials(
        scenarios=[str(CLCA / f"scenarios/{culture}.yaml")],
        card=str(CLCA / f"cultures/{culture}.yaml"), prompts=str(CLCA / f"prompts/{language}"),
        country=country, language=language, system="Be brief.",
    )  # fmt: skip


class Script:
    """Answers chats by a function of the chat; keeps what it was asked, and whether again."""

    def __init__(self, answer: Callable[[Messages, int], Reply | str]) -> None:
        self.answer, self.asked, self.again = answer, list[Messages](), list[bool]()

    def __call__(self, chats: Sequence[Messages], seed: int, *, again: bool) -> list[Reply]:
        self.asked += chats
        self.again.append(again)
        answers = [self.answer(chat, seed) for chat in chats]
        return [Reply(answer) if isinstance(answer, str) else answer for answer in answers]


def in_turn(*texts: str) -> Script:
    """Answers one after the other, whoever asks."""
    left = list(texts)
    return Script(lambda chat, seed: left.pop(0))
