"""The one normalizer of words, for human responses and model output alike.

Categories of Mandarin repairs follow the dictionaries of SWOW-ZH (Li et al. 2024): symbols,
several responses in one cell, over-long ones, English, traditional characters, erhua. The rules
are ours; docs/data.md says where they differ.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

ENDINGS = {
    "our": ("", "s", "ed", "ing", "ful", "less", "able", "ite", "ites", "er", "ers", "hood",
            "hoods", "ly", "y"),
    "re": ("re", "res", "red", "ring"),
    "ise": ("ise", "ises", "ised", "ising", "iser", "isers", "isation", "isations"),
    "yse": ("yse", "ysed", "ysing", "yser", "ysers"),
    "ll": ("led", "ling", "ler", "lers", "lery", "lous"),
}  # fmt: skip
"""Pattern -> endings after the stem; :func:`_american` says how each changes."""
RE_BECOMES = {"re": "", "res": "s", "red": "ed", "ring": "ing"}
STEMS = {
    "our": "arm behavi cand clam col demean endeav fav flav harb hon hum lab neighb od parl ranc "
    "rig rum sav splend succ tum val vap vig ard ferv",
    "re": "cent theat fib lit kilomet met milimet calib lust meag sab somb spect scept centimet",
    "ise": "organ real recogn apolog civil critic emphas memor minim maxim modern mobil normal "
    "optim popular priorit special stabil standard summar symbol sympath util visual "
    "author capital character colon computer econom energ familiar final general global "
    "harmon hospital hypnot ideal immun industrial jeopard legal local magnet material "
    "neutral patron penal personal polar privat public random reorgan revolution satir "
    "scrutin social steril terror traumat trivial urban vandal vapor victim victimi "
    "western",
    "yse": "anal paral catal electrol psychoanal",
    "ll": "cancel channel counsel dial duel enamel equal fuel funnel jewel label level libel "
    "marvel model panel pedal quarrel rival shovel signal snorkel swivel total towel "
    "travel tunnel unravel",
}
PAIRS = """
aeroplane airplane aeroplanes airplanes ageing aging aluminium aluminum anaemia anemia
anaesthetic anesthetic anaesthesia anesthesia archaeology archeology artefact artifact artefacts
artifacts counsellor counselor counsellors counselors councillor councilor cheque check
cheques checks
cosy cozy cosier cozier defence defense offence offense licence license pretence pretense
diarrhoea diarrhea draught draft draughts drafts encyclopaedia
encyclopedia enrol enroll enrolment enrollment foetus fetus fulfil fulfill fulfilment fulfillment
gaol jail grey gray greyer grayer greyish grayish greys grays haemorrhage hemorrhage instalment
installment jewellery jewelry kerb curb kerbs curbs leukaemia leukemia manoeuvre maneuver
mediaeval medieval mould mold moulds molds mouldy moldy moult molt moustache mustache moustaches
mustaches oesophagus esophagus oestrogen estrogen orthopaedic orthopedic paediatric pediatric
paediatrician pediatrician paedophile pedophile plough plow ploughs plows ploughing plowing
practise practice programme program programmes programs pyjamas pajamas pyjama pajama sceptic
skeptic sceptical skeptical skilful skillful smoulder smolder sulphur sulfur tyre tire tyres tires
wilful willful woollen woolen woolly wooly yoghurt yogurt yoghurts yogurts
"""


@cache
def american_words() -> dict[str, str]:
    """British spelling -> American spelling, lower case."""
    words = PAIRS.split()
    table = dict(zip(words[::2], words[1::2], strict=True))
    for pattern, stems in STEMS.items():
        for stem in stems.split():
            for ending in ENDINGS[pattern]:
                british, american = _pair(pattern, stem, ending)
                table.setdefault(british, american)
    return {british: american for british, american in table.items() if british != american}


def _pair(pattern: str, stem: str, ending: str) -> tuple[str, str]:
    if pattern == "our":
        return f"{stem}our{ending}", f"{stem}or{ending}"
    if pattern == "re":
        return f"{stem}{ending}", f"{stem}er{RE_BECOMES[ending]}"
    if pattern in ("ise", "yse"):
        return f"{stem}{ending}", stem + ending.replace("s", "z", 1)
    return f"{stem}{ending}", stem + ending.removeprefix("l")


VERSION = 3
"""Raise when a change makes any word come out differently; recorded with every result."""

EDGES = " \t\"'`.,;:!?。、…«»「」『』《》"
"""Punctuation that may surround a word but is not part of it (after NFKC and plain quotes)."""
KINDS = (
    "invisible characters",
    "compatibility forms",
    "quotes",
    "upper case",
    "white space",
    "surrounding punctuation",
    "surrounding symbols",
    "traditional characters",
    "erhua",
    "American spelling",
)
"""What the normalizer changes, in its order; the ledger counts each."""

MAX_WORDS = 5
"""An item of more words than this is prose, not an association. Not the paper's."""
MAX_HAN = 12
"""An item of more Han characters than this is prose. Not the paper's."""

MAX_LENGTH = 100
"""An item of more characters than this is no association. Not the paper's."""

_PLAIN = re.compile(r"[a-z0-9]+(?:[ '-][a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_QUOTES = str.maketrans("‘’‚‛`“”„‟", "'''''\"\"\"\"")
_SYMBOLS = "-=+*~^_|\\<>&@#$%/•·●★☆■□◆()[]{}"
_KEPT_BEHIND = "+%)]}"
_ERHUA = re.compile(r"(?<=[\u3400-\u9fff])儿$")
_CHILD = (
    "女儿 婴儿 幼儿 孤儿 男儿 胎儿 少儿 健儿 宠儿 患儿 小儿 侄儿 孙儿 孩儿 妻儿 弃儿 生儿 育儿 "
    "产儿 托儿 血儿 形儿 运儿 潮儿 浪儿 能儿 哑儿 乞儿 奈儿 聋儿 病儿 我儿 吾儿 皇儿 麟儿 "
    "这儿 那儿 哪儿"
)
"""Ends of words in which 儿 is a syllable of its own (child, names), and the three words that mean
another thing without it (here, there, where). From general knowledge of Mandarin."""
_KEEPS_ER = tuple(_CHILD.split())
_BREAKS = re.compile(
    r"[，﹐︐、﹑､︑;；﹔︔。｡︒\n\r\t]+|,(?!(?<=\d,)\d{3}(?!\d))"
    r"|(?<=[\u3400-\u9fff])[\s/／|｜+＋﹢…]+(?=[\u3400-\u9fff])"
)
"""With full-width, half-width, small and upright forms: entries are taken apart before NFKC."""


def normalize(
    word: str,
    *,
    simplify_chinese: bool = False,
    merge_erhua: bool = False,
    american_spelling: bool = False,
) -> str:
    """Bring a word into the form in which words are compared.

    Invisible characters removed, NFKC (full-width to half-width), plain quotes, case folding,
    white space collapsed, surrounding punctuation removed unless nothing else is there; around
    a word with Han characters, symbols too. Words are not segmented.

    Args:
        word: Any text; may be empty.
        simplify_chinese: Map traditional characters to simplified ones.
        merge_erhua: Drop a final 儿 that only colors the sound (花儿 is 花; 女儿 stays).
        american_spelling: Map British spellings to American ones.

    Returns:
        The normalized word; empty for white space and invisible characters alone.
    """
    return changes(
        word,
        simplify_chinese=simplify_chinese,
        merge_erhua=merge_erhua,
        american_spelling=american_spelling,
    )[0]


def changes(
    word: str, *, simplify_chinese: bool, merge_erhua: bool, american_spelling: bool
) -> tuple[str, tuple[str, ...]]:
    """Normalize a word and name the :data:`KINDS` of changes it took."""
    if _PLAIN.fullmatch(word) and not american_spelling:
        return word, ()
    steps: list[Callable[[str], str]] = [
        _visible, _compatible, _plain_quotes, _folded, _spaced, _bare, _without_symbols,
        _to_simplified() if simplify_chinese else _same,
        _without_erhua if merge_erhua else _same,
        _american if american_spelling else _same,
    ]  # fmt: skip
    kinds = []
    for kind, step in zip(KINDS, steps, strict=True):
        before, word = word, step(word)
        if word != before:
            kinds.append(kind)
    return word, tuple(kinds)


def normalize_all(words: Iterable[str], **rules: bool) -> dict[str, str]:
    """Map every distinct word to its normal form; each is computed once."""
    return {word: normalize(word, **rules) for word in set(words)}


def split_responses(cell: str) -> list[str]:
    """Take apart several responses in one cell or line.

    They are separated by commas of both scripts (but not in 1,000), enumeration commas,
    semicolons, full stops of Mandarin, new lines and tabs; and, between Han characters, by
    spaces, slashes, bars and plus signs; all of these in any width.
    """
    return [piece for piece in _BREAKS.split(cell) if piece.strip()]


def is_prose(word: str) -> bool:
    """Whether an item is too long to be an association."""
    return (
        len(word) > MAX_LENGTH or len(word.split()) > MAX_WORDS or len(_HAN.findall(word)) > MAX_HAN
    )


def is_word(word: str) -> bool:
    """Whether there is a letter or digit in it; symbols alone are no association."""
    return any(character.isalnum() for character in word)


def _same(word: str) -> str:
    return word


def _visible(word: str) -> str:
    """Without control, formatting (also bidirectional) and private characters."""
    if word.isprintable():
        return word
    return "".join(c for c in word if c.isspace() or unicodedata.category(c)[0] != "C")


def _compatible(word: str) -> str:
    return unicodedata.normalize("NFKC", word.replace("´", "'"))  # else a space and an accent


def _plain_quotes(word: str) -> str:
    return word.translate(_QUOTES)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word.casefold())


def _spaced(word: str) -> str:
    return " ".join(word.split())


def _bare(word: str) -> str:
    return word.strip(EDGES) or word


def _without_symbols(word: str) -> str:
    """Around Han characters symbols are slips of the keyboard; in ``c++``, ``-ed`` they are not."""
    if word.isascii() or not _HAN.search(word):
        return word
    bare = word.lstrip(_SYMBOLS + EDGES)
    behind = bare.rstrip("".join(set(_SYMBOLS + EDGES) - set(_KEPT_BEHIND)))
    return behind.rstrip(")]}") if _closes_nothing(behind) else behind


def _closes_nothing(word: str) -> bool:
    return any(word.count(right) > word.count(left) for left, right in ("()", "[]", "{}"))


def _without_erhua(word: str) -> str:
    while not word.endswith(_KEEPS_ER) and _ERHUA.search(word):
        word = word[:-1]
    return word


def _american(word: str) -> str:
    table = american_words()
    return " ".join(table.get(part, part) for part in word.split(" "))


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # only Mandarin needs its dictionaries

    converter = OpenCC("t2s")
    return lambda text: str(converter.convert(text))
