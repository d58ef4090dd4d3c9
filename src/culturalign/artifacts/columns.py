"""Columns that tables of several stages share."""

from culturalign.artifacts.artifact import TEXT, WHOLE, Column

CUE = Column("cue", TEXT, "the cue, normalized")
SPLIT = Column("split", TEXT, "split of the cue", levels=("train", "validation", "test"))
CULTURE = Column("culture", TEXT, "culture of the cues, and of the people compared with")
ARM = (
    CULTURE,
    Column("model", TEXT, "name of the model in the configuration"),
    Column(
        "method",
        TEXT,
        "`vanilla`, or name of the method in the configuration, followed by `@` and a culture if "
        "it was trained on that one instead",
    ),
    Column("seed", WHOLE, "seed of the training; null for `vanilla`"),
)
LISTS = (
    *ARM,
    Column("prompt", TEXT, "name of the prompt in the configuration"),
    Column("decoding", TEXT, "name of the decoding in the configuration"),
)
QUESTION = Column("question", TEXT, "id of the question, such as Q118")
CODE = Column("code", WHOLE, "code of the option, as in the survey file")
