"""Tables of the norms of words, and of scores against them."""

from culturalign.artifacts.artifact import NUMBER, TEXT, WHOLE, Artifact, Column
from culturalign.artifacts.columns import CUE, CULTURE, LISTS, SPLIT
from culturalign.config.scales import SPANS, Span


def _rated(attribute: str, span: Span) -> tuple[Column, Column]:
    ends = f"{span.low:g} ({span.low_end}) to {span.high:g} ({span.high_end})"
    gap = "null where the file lacks the word"
    return (
        Column(attribute, NUMBER, f"{attribute} on the common span; {gap}", ends, optional=True),
        Column(
            f"{attribute}_raw",
            NUMBER,
            f"{attribute} as published; {gap}",
            "scale of the norm file",
            optional=True,
        ),
    )


NORMS = Artifact(
    "norms",
    "A row is a word, sorted. An attribute whose norm file is missing has no columns.",
    (
        Column("word", TEXT, "the word, normalized as responses are"),
        *(column for attribute, span in SPANS.items() for column in _rated(attribute, span)),
    ),
)

MEDIANS = (
    CUE,
    Column("attribute", TEXT, "attribute of the norms", levels=tuple(SPANS)),
    Column(
        "median", NUMBER, "median over the words that the norm holds; null if none", "common span"
    ),
    Column("words", WHOLE, "words looked at", "words"),
    Column("known", WHOLE, "those of them that the norm holds", "words"),
    Column(
        "concrete",
        WHOLE,
        "known words from `norms.concrete_from` on; null for other attributes",
        "words",
    ),
)
ATTRIBUTES = Artifact(
    "attributes",
    "A row is a test cue and attribute, over the first `norms.first` words of the list.",
    (*LISTS, *MEDIANS),
)
HUMAN_ATTRIBUTES = Artifact(
    "human_attributes",
    "A row is a cue (of any split), attribute and reading of the human associations; or a test "
    "cue, attribute and list that needs no model (`frequent`, `backward`).",
    (
        CULTURE,
        *MEDIANS,
        Column(
            "reading",
            TEXT,
            "which associations count",
            levels=("most frequent", "first responses", "all", "frequent", "backward"),
        ),
        SPLIT,
    ),
    version=2,
)
HALF_ATTRIBUTES = Artifact(
    "half_attributes",
    "A row is a test cue, attribute and random split of the participants (`data.split_halves`).",
    (
        CULTURE,
        CUE,
        Column("attribute", TEXT, "attribute of the norms", levels=tuple(SPANS)),
        Column("repeat", WHOLE, "number of the split, from 0"),
        Column("first", NUMBER, "median of one half; null if it has no word", "common span"),
        Column("second", NUMBER, "median of the other half; null as well", "common span"),
    ),
)
