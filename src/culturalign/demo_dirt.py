"""Untidy typing in the demo's files, as in real ones, that cleaning must undo.

Each change leaves the same words after normalizing, so that the demo's associations do not depend
on it; the ledger shows that it was there.
"""

import random
from collections.abc import Iterable, Iterator, Mapping

from culturalign.normalize import normalize

JUNK = (
    "???",
    "…",
    "!!",
    "I really do not know what to say here",
    "我真的不知道应该在这里写些什么才好",
)
"""No responses: symbols and prose, in place of a missing token."""
TRADITIONAL = str.maketrans(
    "爱学国会动习书车长风马鸟鱼门问间开关东乐头饭钱银红绿蓝语说话读写电脑医药师妈爷亲节庆",
    "愛學國會動習書車長風馬鳥魚門問間開關東樂頭飯錢銀紅綠藍語說話讀寫電腦醫藥師媽爺親節慶",
)
SHAPES = {
    "us": (" {} ", "“{}”", "{}.", "{}\u200b"),
    "cn": ("{}。", "-{}", "{}儿", "（{}）", "traditional"),
}


def soil(
    trials: Iterable[Mapping[str, str]], culture: str, *, seed: int
) -> Iterator[dict[str, str]]:
    """Type some responses untidily, put two into one cell, write junk for some missing ones.

    Args:
        trials: From :func:`culturalign.demo.simulate_trials`.
        culture: ``us`` or ``cn``.
        seed: Of the dirt alone.
    """
    rng = random.Random(seed)
    mandarin = culture == "cn"
    for trial in trials:
        found = dict(trial)
        for place in ("R1", "R2", "R3"):
            if rng.random() < 0.02:
                found[place] = _shaped(found[place], rng.choice(SHAPES[culture]), mandarin)
        if _is_token(found["R3"]) and rng.random() < 0.03:
            found["R3"] = rng.choice(JUNK)
        elif rng.random() < 0.005 and not any(map(_is_token, (found["R2"], found["R3"]))):
            found["R2"] = ("、" if mandarin else ", ").join((found["R2"], found["R3"]))
            found["R3"] = "No more responses"
        yield found


def _is_token(word: str) -> bool:
    return word in ("", "No more responses", "Unknown word", "#Missing", "#Unknown")


def _shaped(word: str, shape: str, mandarin: bool) -> str:
    """A word in another shape, if it is the same word after normalizing."""
    if _is_token(word):
        return word
    rules = {"simplify_chinese": mandarin, "merge_erhua": mandarin}
    other = word.translate(TRADITIONAL) if shape == "traditional" else shape.format(word)
    return other if normalize(other, **rules) == normalize(word, **rules) else word
