"""Options and wordings without what the prompt adds itself: labels, a list of the options.

Nor with what respondents never chose: "Don't know" and "No answer" are missing answers.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from culturalign.data.survey.option_numbering import Unclear, plain_options, unlabeled
from culturalign.files.entities import decoded

NOT_READ = re.compile(
    r"</?[a-zA-Z][^<>]*>|&(?:[a-z]{2,8}|#\d+);"
    r"|\{\w+\}|\[[A-Z][A-Z _]+\]"
    r"|[(\[][^a-z()\[\]]*\b[A-Z]{2,}\b[^a-z()\[\]]*\b[A-Z]{2,}\b[^a-z()\[\]]*[)\]]"
)
"""A tag, a place to fill in (``{x}``, ``[COUNTRY]``), a note to interviewers (``(READ OUT)``)."""
BETWEEN = " \n\t,;/|.*•·()，；、。"
"""What may stand between the options of a list."""
AFTER_ID = r"\s_.:,;)\]|、：．，）–—-"
"""What may stand between a question's id and its wording."""
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass
class Removed:
    """What was removed or decoded: questions by kind, and options that stand for no answer."""

    entities: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    options: Counter[str] = field(default_factory=Counter)

    def decoded(self, where: str, text: str) -> str:
        """A text without HTML entities; where it had some is noted."""
        if (plain := decoded(text)) == text:
            return text
        self.entities += [where] * (where not in self.entities)
        return re.sub(r"[^\S\n]+", " ", plain).strip()  # &nbsp;

    def notes(self) -> Iterator[str]:
        """A sentence of each kind."""
        if self.entities:
            where = f"{len(self.entities)} places, first {self.entities[0]}"
            yield f"HTML entities (&amp;): written as characters in {where}"
        for what, questions in (
            ("the id of the question in the wording", self.ids),
            ("labels of the options", self.labels),
            ("the list of options in the wording", self.lists),
        ):
            if questions:
                yield f"{what}: removed from {len(questions)} questions, first {questions[0]}"
        if self.options:
            shown = ", ".join(f"{text[:40]!r} {n}" for text, n in self.options.most_common(5))
            yield f"{self.options.total()} options stand for a missing answer, left out: {shown}"


def is_no_answer(option: str, words: Sequence[str]) -> bool:
    """Whether an option stands for a missing answer: "9. Don't know / No answer".

    Args:
        option: With or without its label.
        words: The language's ``no_answer``.
    """
    known = {_bare(word) for word in words}
    text = _bare(re.sub(r"^-?\d+\s+|\s+-?\d+$", "", unlabeled(option)[0]))  # a code without a mark
    parts = [part.strip() for part in re.split(r"[/,;|]|\s+or\s+", text)]
    return text in known or (bool(text) and all(part in known for part in parts))


def _bare(text: str) -> str:
    """Comparable: lower case, one apostrophe, no remark in brackets, no period."""
    text = re.sub("[’‘´`ʼ]", "'", text.translate(FULL_WIDTH).casefold())
    text = re.sub(r"(?<=\S)\s*\([^()]*\)", "", text)
    return " ".join(text.strip(" .()[]*").split())


def plain_wording(wording: str, options: Sequence[str], headings: Sequence[str]) -> str:
    """A wording without a list of its options at the end, under a heading or on lines of its own.

    Options in a sentence ("red, pale, or white?") are no list.

    Args:
        wording: The question.
        options: All that belong to it, those left out too, without labels.
        headings: The language's ``option_headings``.

    Raises:
        Unclear: If what follows such a heading are not the options, or they are listed elsewhere.
    """
    named = "|".join(re.escape(word) for word in sorted(headings, key=len, reverse=True))
    heading = re.compile(rf"(?:^|(?<=[\s.?!:;,。？！；，(]))(?:{named})\s*[:：]", re.IGNORECASE)
    headed = list(heading.finditer(wording)) if headings else []
    starts = [(found.start(), found.end()) for found in headed]
    starts += [(found.end(), found.end()) for found in re.finditer(r"[?？.:：。(]|\n", wording)]
    for before, after in sorted(starts):
        if wording[:before].strip() and _are_options(wording[after:], options):
            return wording[:before].rstrip(" \n(:：")
    if headed:
        raise Unclear(
            f"its wording has the heading {headed[0].group()!r} but not the options after it; the "
            "prompt lists the options, so remove that part"
        )
    first = options[0].casefold() if len(options) > 2 else ""
    places = re.finditer(re.escape(first), wording.casefold()) if first.strip("0123456789") else ()
    if any(
        _listed(wording.casefold()[place.start() :], options)[1] == len(options) for place in places
    ):
        raise Unclear("its wording lists the options, as the prompt does; remove that part")
    return wording


def _are_options(text: str, options: Sequence[str]) -> bool:
    """Whether a text is a list of at least two options in their order, and nothing else."""
    rest, found = _listed(text, options)
    return found > 1 and not rest.strip(" \n\t,;/|.?()，；、。？")


def _listed(text: str, options: Sequence[str]) -> tuple[str, int]:
    """What follows a list of options in their order, and how many it has."""
    rest, found = text.casefold(), 0
    for option in options:
        start = rest.lstrip(BETWEEN)
        # a label first: "2. 2" is the option 2, and begins with it
        for bare in (*unlabeled(start), re.sub(r"^\d{1,2}\s+", "", start)):
            if bare.startswith(option.casefold()):
                rest, found = bare[len(option) :], found + 1
                break
    return rest, found


class Plain(NamedTuple):
    """A question's wording, and the options that are answers: index, code, and text."""

    wording: str
    places: list[int]
    codes: list[int]
    options: list[str]


def plain_question(
    question: str,
    wording: str,
    options: Sequence[str],
    codes: Callable[[list[int]], list[int]],
    words: Mapping[str, Sequence[str]],
    removed: Removed,
) -> Plain:
    """A question with nothing that the prompt adds, and no option that is a missing answer.

    Args:
        question: Its id.
        wording: As given.
        options: All, in the order of their codes.
        codes: From the indices of the options that are answers to their codes.
        words: ``no_answer, option_headings`` of the language.
        removed: What is removed is added here.

    Raises:
        Unclear: If labels or a heading in the wording leave doubt.
    """
    wording, *options = (removed.decoded(question, text) for text in (wording, *options))
    texts = [unlabeled(option)[0] for option in options]
    named = re.sub(rf"^\W*(?:{question}\b|{question[1:]}(?=[.:)]\s))[{AFTER_ID}]*", "", wording)
    plain = plain_wording(named, texts, words.get("option_headings", ()))
    missing = [is_no_answer(option, words.get("no_answer", ())) for option in options]
    kept = [place for place, out in enumerate(missing) if not out]
    of_kept = codes(kept)
    given = [options[place] for place in kept]
    answers = plain_options(given, of_kept, [place + 1 for place in kept])
    removed.options.update(text for text, out in zip(texts, missing, strict=True) if out)
    removed.labels += [question] * (answers != given)
    if found := NOT_READ.search("\n".join([plain, *answers])):
        raise Unclear(
            f"it holds {found[0][:40]!r}: a tag, a place to fill in, or a note to the interviewer? "
            "Write what respondents read"
        )
    removed.ids += [question] * (named != wording)
    removed.lists += [question] * (plain != named)
    return Plain(plain, kept, of_kept, answers)
