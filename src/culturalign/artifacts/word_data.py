"""Tables of the responses that people gave to cues."""

import pyarrow as pa

from culturalign.artifacts.artifact import NUMBER, SHARE, TEXT, WHOLE, Artifact, Column
from culturalign.artifacts.columns import CUE, SPLIT

RESPONSE = Column("response", TEXT, "the response, normalized")
PARTICIPANT = Column("participant", TEXT, "identifier of the participant, as in the file")

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
        Column("unit", TEXT, "what it was", levels=("trials", "pairs", "responses")),
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
