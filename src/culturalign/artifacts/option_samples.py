"""Tables of raw answers: a model's log-probability of every option's label."""

from culturalign.artifacts.artifact import NUMBER, TEXT, WHOLE, Artifact, Column
from culturalign.artifacts.columns import CODE, CUE, QUESTION

ORDER = Column("order", WHOLE, "number of the order of the options; 0 is the plain one")
PLACE = Column("place", WHOLE, "place of the option in this order, from 0")
LABEL = Column("label", TEXT, "label of the option in this order")
LOGPROB = Column(
    "logprob",
    NUMBER,
    "log-probability of the label as the next token, over the whole vocabulary; minus infinity "
    "for a label that does not count (`survey.asking`)",
    "nats",
)

SURVEY_SAMPLES = Artifact(
    "survey_samples",
    "A row is an option, in one order of a question's options.",
    (QUESTION, ORDER, PLACE, CODE, LABEL, LOGPROB),
)
MCQ_SAMPLES = Artifact(
    "mcq_samples",
    "A row is an option, in one order of a question's options.",
    (
        CUE,
        ORDER,
        PLACE,
        Column(
            "category",
            TEXT,
            "category of the option's words",
            levels=("high", "low", "indirect", "random"),
        ),
        LABEL,
        LOGPROB,
    ),
)
