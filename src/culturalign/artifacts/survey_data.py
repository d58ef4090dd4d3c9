"""Tables of the survey: people's answers, and the questions that models are asked."""

from culturalign.artifacts.artifact import FLAG, NUMBER, SHARE, TEXT, WHOLE, Artifact, Column
from culturalign.artifacts.columns import CODE, QUESTION

DISTANCE = "0 to 0.833 (square root of nats)"
COUNTRY = Column("country", TEXT, "country, code of B_COUNTRY_ALPHA")
JS = Column("js", NUMBER, "Jensen-Shannon distance", DISTANCE)
EMD = Column(
    "emd", NUMBER, "positional earth mover's distance: on the ranks of the codes", "0 to 1"
)

SURVEY_ANSWERS = Artifact(
    "survey_answers",
    "A row is an answer, valid or not, to a question of the run.",
    (
        COUNTRY,
        Column("respondent", WHOLE, "row in the survey file, from 1"),
        Column("weight", NUMBER, "W_WEIGHT, null where it is missing"),
        QUESTION,
        Column("code", WHOLE, "answer, as in the survey file; below 0 if it is not valid"),
    ),
)
SURVEY_LEDGER = Artifact(
    "survey_ledger",
    "A row is a country and question, of Q1 to Q259; the last six columns add up to respondents.",
    (
        COUNTRY,
        QUESTION,
        Column("respondents", WHOLE, "all of the country", "respondents"),
        Column("valid", WHOLE, "whose answer is valid: codes from 0 on", "respondents"),
        Column("dont_know", WHOLE, "who do not know: code -1", "respondents"),
        Column("no_answer", WHOLE, "who did not answer: code -2", "respondents"),
        Column("not_asked", WHOLE, "who were not asked: code -4", "respondents"),
        Column(
            "missing",
            WHOLE,
            "whose answer is missing: code -5, empty entries and NA",
            "respondents",
        ),
        Column("other", WHOLE, "with other negative codes, such as -3", "respondents"),
    ),
)
HUMAN_SHARES = Artifact(
    "human_shares",
    "A row is an option in a country.",
    (
        COUNTRY,
        QUESTION,
        CODE,
        Column("count", WHOLE, "who gave this answer", "respondents"),
        Column("share", NUMBER, "share of the valid answers; weighted if `survey.weighted`", SHARE),
    ),
)
QUESTIONNAIRE = Artifact(
    "questionnaire",
    "A row is an option that models are shown.",
    (
        QUESTION,
        Column("topic", TEXT, "section of the questionnaire"),
        Column("wording", TEXT, "wording of the question"),
        CODE,
        Column("option", TEXT, "wording of the option"),
        Column("ordinal", FLAG, "whether the question's options have an order"),
        Column("place", WHOLE, "rank of the option in this order, from 0; null outside it"),
        Column("introduction", TEXT, "the survey's introduction; null if the file has none"),
    ),
    version=2,
)


def _with_chance(column: Column) -> tuple[Column, ...]:
    """A measure, what chance makes of it, and whether it is larger."""
    chance = f"mean {column.name} after respondents were dealt to the two poles at random"
    p = f'share of deals with a {column.name} as large: p of "both poles answer alike"'
    return (
        column,
        Column(f"{column.name}_chance", NUMBER, chance, column.unit),
        Column(f"{column.name}_p", NUMBER, p, "0 to 1"),
    )


POLES = Artifact(
    "poles",
    "A row is a question, with the distances between the people of the two poles, on the codes "
    "that one of them used.",
    (QUESTION, *_with_chance(JS), *_with_chance(EMD)),
    version=2,
)
NOISE_FLOOR = Artifact(
    "noise_floor",
    "A row is a question and country: the mean distance of as many respondents as answered, drawn "
    "anew with replacement, to all who answered, over `survey.repeats`.",
    (QUESTION, COUNTRY, JS, EMD),
    version=2,
)
TENSION_SET = Artifact(
    "tension_set",
    "A row is a question of the tension set, sorted by rank.",
    (
        QUESTION,
        Column("combo", NUMBER, "hybrid score of the poles' distances, with `survey.hybrid`"),
        Column(
            "rank",
            WHOLE,
            "rank by this score; 1 is the largest, equal scores are in order of the questions",
        ),
        Column(
            "other_rank",
            WHOLE,
            "rank by the other score: as run, or as written if the first is another",
        ),
        Column(
            "half_share", NUMBER, "share of random halves whose set has the question too", SHARE
        ),
    ),
)
