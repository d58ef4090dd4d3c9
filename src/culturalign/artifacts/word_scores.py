"""Tables of scores on cues: association lists, rankings, multiple choice."""

from culturalign.artifacts.artifact import FLAG, NUMBER, SHARE, TEXT, WHOLE, Artifact, Column
from culturalign.artifacts.columns import ARM, CUE, CULTURE, LISTS

K = Column("k", WHOLE, "first words of a list that count", "words")
ALL = (
    Column("precision", NUMBER, "precision at k, compared with all humans of the culture", SHARE),
    Column(
        "topk_overlap", NUMBER, "overlap with the k most frequent responses of all humans", SHARE
    ),
)
HALF = (
    Column("precision_half", NUMBER, "precision at k, compared with half of the humans", SHARE),
    Column("topk_overlap_half", NUMBER, "overlap, compared with half of the humans", SHARE),
)
PRECISION = Artifact(
    "precision",
    "A row is a test cue and k.",
    (
        *LISTS,
        CUE,
        K,
        *ALL,
        *HALF,
        Column("parsable", FLAG, "whether the answer is a list, not prose"),
        Column(
            "order_rho",
            NUMBER,
            "Spearman's rho of the whole list's order and human counts, over its words that people "
            "gave; null if their counts do not differ",
            "-1 to 1",
        ),
    ),
    version=2,
)
PRECISION_REFERENCES = Artifact(
    "precision_references",
    "A row is a test cue and k. `human`: half of the people compared with the other half only; "
    "the others know nothing of the cue (`scores/list_baselines.py`).",
    (
        CUE,
        K,
        *HALF,
        Column(
            "method",
            TEXT,
            "what was scored",
            levels=("human", "frequent", "backward", "shuffled", "constant"),
        ),
        *ALL,
        CULTURE,
    ),
)

RHOS = (
    CUE,
    Column("example", WHOLE, "number of the example, from 0"),
    Column("k", WHOLE, "how many candidates there are", "words"),
    Column(
        "rho",
        NUMBER,
        "Spearman's rho, compared with all humans; -1 without a full ranking",
        "-1 to 1",
    ),
    Column("ratio", NUMBER, "rho / attainable; -1 without a full ranking", "-1 to 1"),
    Column("attainable", NUMBER, "largest rho of a strict ranking on these counts", "0 to 1"),
    Column(
        "rho_half",
        NUMBER,
        "rho, compared with half of the humans; null if no half orders the candidates",
        "-1 to 1",
    ),
    Column(
        "ratio_half", NUMBER, "ratio, compared with half of the humans; null likewise", "-1 to 1"
    ),
)
RANKINGS = Artifact(
    "rankings",
    "A row is a ranking example.",
    (
        *ARM,
        *RHOS,
        Column("reward", NUMBER, "reward by the rules of `ranking.reward`", "-1 to 1"),
        Column("parsed", FLAG, "whether there is a ranking with a candidate"),
        Column("complete", FLAG, "whether it has all candidates"),
        Column("missing", WHOLE, "candidates that it lacks", "words"),
        Column("invented", WHOLE, "words that are not candidates", "words"),
        Column("duplicates", WHOLE, "words named again", "words"),
        Column("truncated", FLAG, "whether the answer ran into `max_new_tokens`"),
    ),
)
RANKING_REFERENCES = Artifact(
    "ranking_references",
    "A row is a ranking example and reference. `human`: half of the people compared with the "
    "other half only; `best`: the order of all counts, compared with all humans only; `corpus`: "
    "frequency in the training cues; `shown`: as in the prompt; `random`: mean over orders.",
    (
        *RHOS,
        Column(
            "method",
            TEXT,
            "what was scored",
            levels=("human", "best", "corpus", "shown", "random"),
        ),
        CULTURE,
    ),
)

MCQ_CHOICES = Artifact(
    "mcq_choices",
    "A row is a cue and scoring. A category was chosen (1) or not (0); a tie is shared.",
    (
        *ARM,
        CUE,
        Column("scoring", TEXT, "orders of the options", levels=("plain", "debiased")),
        Column("mass", NUMBER, "probability that fell on the labels", "0 to 1"),
        Column("high", NUMBER, "whether frequent responses were chosen", SHARE),
        Column("low", NUMBER, "whether rare responses were chosen", SHARE),
        Column("indirect", NUMBER, "whether indirect associations were chosen", SHARE),
        Column("random", NUMBER, "whether random words were chosen", SHARE),
    ),
)
