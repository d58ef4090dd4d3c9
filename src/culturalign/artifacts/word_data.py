"""Tables of the responses that people gave to cues, and of the norms of words."""

import pyarrow as pa

from culturalign.artifacts.artifact import NUMBER, SHARE, TEXT, WHOLE, Artifact, Column
from culturalign.config.scales import SPANS, Span

CUE = Column("cue", TEXT, "the cue, normalized")
RESPONSE = Column("response", TEXT, "the response, normalized")
PARTICIPANT = Column("participant", TEXT, "identifier of the participant, as in the file")
SPLIT = Column("split", TEXT, "split of the cue", levels=("train", "validation", "test"))

RESPONSES = Artifact(
    "responses",
    "A row is a response, in the order of the file.",
    (
        CUE,
        RESPONSE,
        Column("position", pa.int8(), "place of the response in its trial", levels=(1, 2, 3)),
        PARTICIPANT,
    ),
)
DROPPED_RESPONSES = Artifact(
    "dropped_responses",
    "A row is something of the SWOW file that was dropped: up to 20 for each reason.",
    (
        Column("unit", TEXT, "what it was", levels=("trials", "responses")),
        Column("reason", TEXT, "why it was dropped, as in ledger.json"),
        Column("row", WHOLE, "row in the file, from 1"),
        PARTICIPANT,
        Column("cue", TEXT, "the cue, as in the file"),
        Column("text", TEXT, "the entry, the three of a trial, or the value that was filtered"),
    ),
)
ASSOCIATIONS = Artifact(
    "associations",
    "A row is a pair of cue and response, sorted by cue and rank.",
    (
        CUE,
        RESPONSE,
        Column(
            "count", pa.int32(), "how often it was given, over all three positions", "responses"
        ),
        Column("strength", NUMBER, "count / all kept responses to the cue", SHARE),
        Column(
            "rank",
            pa.int32(),
            "rank in the cue; 1 is the most frequent, equal counts are in a seeded random order",
        ),
    ),
)
SPLITS = Artifact(
    "splits",
    "A row is a cue, sorted.",
    (CUE, SPLIT),
)


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
