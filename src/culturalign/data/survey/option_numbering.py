"""Labels with which options of a questionnaire begin or end: ``1.``, ``a)``, ``(1)``, ``①``."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice, takewhile

HAN = "一二三四五六七八九十"
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
ALPHABETS = (
    *("abcdefghijklmnopqrstuvwxyz", "αβγδεζηθικ", "абвгдежзик", "אבגדהוזחטי"),
    *("أبجدهوزحطي", "가나다라마바사아자차", "アイウエオカキクケコ", "甲乙丙丁戊己庚辛壬癸"),
)


def _of(labels: Sequence[str], rank: int) -> str:
    """The label of a rank from 1; nothing beyond the last."""
    return next(islice(labels, max(rank - 1, 0), None), "") if rank else ""


SCHEMES: tuple[Callable[[int], str], ...] = (
    str,
    *(partial(_of, labels) for labels in (*ALPHABETS, ROMAN, HAN)),
)
"""Rank from 1 -> label: numbers, letters, Roman and Chinese numerals."""
LETTER = "[" + "".join(ALPHABETS) + "]"
LABEL = re.compile(
    rf"""\s*(?:
    [(\[]\s*(?P<inside>-?\d{{1,3}}|{LETTER}|[ivx]{{2,4}}|[{HAN}]{{1,2}})\s*[)\]][.:]?
    |(?P<number>-?\d{{1,3}})\s*(?:[)\]、]|\.\)?(?!\d)|[:=](?!\s*\d)|[-–—](?=\s+\D))
    |(?P<letter>{LETTER}|[ivx]{{2,4}})\s*(?:[)\]、]|[.:=](?=\s|[^\x00-\x7f])|[-–—](?=\s))
    |(?P<numeral>[{HAN}]{{1,2}})\s*[)\]、.:]
    |(?P<bullet>[-*•·–])(?=\s)
    )\s*(?=\W*\w)""",
    re.IGNORECASE | re.VERBOSE,
)
FILLED = "❶❷❸❹❺❻❼❽❾"
BULLETS = {*"-*•·–"}
SIGNS = re.compile(r"^[\s.:=)\]、–—-]+(?=\W*\w)|^[\s.:=)\]、]+$")
"""What may stand between a number and its words."""

OPEN_END = re.compile(
    r"\s*[(（]?\s*(?:(?:or|and|oder|und|o|y|e|of|en|ali|in)\b|[^\W\d]?[或及以])", re.IGNORECASE
)
"""Words after a number that is an amount: "1 or fewer", "3 (or more)", "3人以上"."""


class Unclear(ValueError):
    """Why a question's options cannot be told from their labels."""


def plain_options(options: Sequence[str], codes: Sequence[int], places: Sequence[int]) -> list[str]:
    """Options without their labels.

    Labels are removed if all options have one and these run as the codes, the order of the
    options, or their places in the whole list. On a scale of numbers with words at some, the
    numbers of the words are labels: "1 Low", "2", "3 High". Words after the last number alone
    belong to it: "1", "2", "3 or more", and so do those of amounts: "1 or fewer", "2", "3 or more".
    Other small letters after an unmarked number leave doubt.

    Args:
        options: In the order of their codes.
        codes: Theirs.
        places: Theirs in the list as given, from 1; options left out have places too.

    Raises:
        Unclear: If only some options have a label, the labels have another order, or what runs in
            order may be a part of the options: "1 Yes", "1 child".
    """
    orders = [list(order) for order in (codes, range(1, len(options) + 1), places)]
    known = [[scheme(rank) for rank in order] for scheme in SCHEMES for order in orders]
    if any(_are_amounts(options, labels) for labels in known[: len(orders)]):
        return list(options)
    found = _scale(options, known[: len(orders)]) or [_split(option) for option in options]
    labels = [label for label, _ in found]
    if not any(labels):
        _refuse_counted(options, [*known, *(each[::-1] for each in known)] if options else [])
        return list(options)
    if labels not in known and {*labels} - BULLETS:
        raise Unclear(
            f"its options begin with the labels {_shown(each or 'none' for each in labels)}, which "
            f"are not in the order of the codes {_shown(map(str, codes))}; the prompt adds "
            "labels, so remove them"
        )
    if "" in labels:
        return list(options)  # some begin with a dash, which is no label
    return plain_options([text for _, text in found], codes, places)  # 1. (a) Yes


def _split(option: str) -> tuple[str, str]:
    """Label, if there is one, and text."""
    label, place = label_of(option)
    return label, option[place:].strip() if label else option


def unlabeled(text: str) -> list[str]:
    """A text without its labels, with the last of them, and so on up to the text itself."""
    place = label_of(text)[1]
    return [*unlabeled(text[place:]), text] if place else [text]


def label_of(text: str) -> tuple[str, int]:
    """The label at the start of a text, and the place of what follows; without a label "" and 0."""
    folded, places = _folded(text)
    if not (found := LABEL.match(folded)):
        return "", 0
    label = next(part for part in found.groups() if part).casefold()
    return (str(int(label)) if label.isdecimal() else label), places[found.end()]


def _folded(text: str) -> tuple[str, list[int]]:
    """A text in plain forms, ``①`` as ``(1)``, and the place of each character in the original."""
    parts = [_fold(sign) for sign in text]
    places = [place for place, part in enumerate(parts) for _ in part]
    return "".join(parts), [*places, len(text)]


def _fold(sign: str) -> str:
    if sign in "\ufe0f\u20e3":  # of a digit drawn as a key
        return ")" if sign == "\u20e3" else ""
    plain = unicodedata.normalize("NFKC", sign)
    if "<circle>" in unicodedata.decomposition(sign) or sign in FILLED:
        return f"({plain if plain != sign else unicodedata.digit(sign)})"
    return plain


def _scale(options: Sequence[str], known: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Labels and texts of a scale of numbers that has words at some; else nothing."""
    for labels in known:
        rests = [_rest(option, label) for option, label in zip(options, labels, strict=True)]
        given = [rest for rest in rests if rest is not None]
        texts = [SIGNS.sub("", rest) for rest in given]
        if len(texts) < len(options) or any(_counts(rest) for rest in given):
            continue
        if "" in texts and any(texts[:-1]):
            return [(label, text or label) for label, text in zip(labels, texts, strict=True)]
    return []


def _are_amounts(options: Sequence[str], labels: Sequence[str]) -> bool:
    """Whether options are numbers alone or with words such as "or more"."""
    rests = [_rest(option, label) for option, label in zip(options, labels, strict=True)]
    worded = [rest for rest in rests if rest != ""]
    return 0 < len(worded) < len(rests) and all(rest and OPEN_END.match(rest) for rest in worded)


def _counts(rest: str) -> bool:
    """Whether a number without a mark may belong to its words: "1 or fewer", "1人以下"."""
    words = rest.lstrip()
    return words[:1].islower() or (words == rest and words[:1].isalpha())


def _refuse_counted(options: Sequence[str], known: Iterable[Sequence[str]]) -> None:
    """Refuse options that begin or end with numbers or letters in order, without their mark."""
    folded = [_folded(option)[0].casefold() for option in options]
    alike = takewhile(lambda signs: len({*signs}) == 1, zip(*folded, strict=False))
    same = "".join(sign for sign, *_ in alike)  # Option 1, Option 2
    for labels in known:
        numbers = labels[0].isdecimal()
        head = len(re.sub(r"\d+$" if numbers else r"\w+$", "", same))
        for at_end in (False, True):
            pairs = zip(folded, labels, strict=True)
            rests = [_rest(option[head:], label, at_end=at_end) for option, label in pairs]
            if _are_numbered(rests, partly=numbers):
                raise Unclear(
                    f"its options are numbered {_shown(labels)} without a mark such as a period; "
                    "remove these if they are labels, else write them as words"
                )


def _are_numbered(rests: Sequence[str | None], *, partly: bool) -> bool:
    """Whether all options have a number and something else, or the first and most."""
    found = [rest.strip() for rest in rests if rest is not None]
    whole = len(found) == len(rests) or (
        partly and rests[0] is not None and all(found) and 2 * len(found) > len(rests)
    )
    return whole and len(found) > 1 and any(found[:-1]) and len({*found}) > 1


def _rest(option: str, label: str, *, at_end: bool = False) -> str | None:
    """What an option has beside a label that it begins or ends with; None if it does not."""
    if not label:
        return None
    mark = re.escape(label)
    if at_end:
        before = r"\D*?" if label.isdecimal() else r".*(?<!\w)"
        found = re.fullmatch(rf"({before})0*{mark}\W*", option)
    elif label.isdecimal():
        found = re.fullmatch(rf"\W*0*{mark}(?!\d|[.,:/–-]\d)(.*)", option)
    else:
        inner = r"[\d_a-z'’]" if label.isascii() else r"\w"  # A非常
        found = re.fullmatch(rf"\W*{mark}(?!{inner})(.*)", option)
    return found[1] if found else None


def _shown(texts: Iterable[str]) -> str:
    return ", ".join(islice(texts, 12))
