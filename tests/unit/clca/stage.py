"""A card, two scenarios, the shipped prompts, and a model that answers from a script."""

from collections.abc import Callable, Sequence
from pathlib import Path

from culturalign.clca.cards import read_card
from culturalign.clca.chat import Messages, Reply
from culturalign.clca.prompts import read_prompts
from culturalign.clca.scenarios import Person, Scenario

CLCA = Path(__file__).resolve().parents[3] / "resources/clca"
CARD = read_card(CLCA / "cultures/usa.yaml", "USA", "en")
PROMPTS = read_prompts(CLCA / "prompts/en", "en")


def person(name: str) -> Person:
    texts = {
        field: {"en": f"{field}-{name}"} for field in ("background", "occupation", "goal", "secret")
    }
    return Person(name={"en": name}, **texts)


def scenario(name: str = "us-tea", topic: str = "friends") -> Scenario:
    return Scenario(
        id=name, topic=topic, setting={"en": "A tea room."}, people=[person("Ann"), person("Ben")]
    )


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
