"""Tables of scores on the survey: answers of models, their distances to people, personas."""

from dataclasses import replace

from culturalign.artifacts.artifact import NUMBER, SHARE, TEXT, WHOLE, Artifact, Column
from culturalign.artifacts.columns import CODE, QUESTION
from culturalign.artifacts.survey_data import DISTANCE, EMD, JS

MODEL = Column("model", TEXT, "name of the model in the configuration")
METHOD = Column("method", TEXT, "`vanilla`, or name of the method in the configuration")
SEED = Column("seed", WHOLE, "seed of the training; null without one")
ARM = (
    MODEL,
    Column("culture", TEXT, "culture of the training data; null for `vanilla`"),
    METHOD,
    SEED,
)

MODEL_ANSWERS = Artifact(
    "model_answers",
    "A row is an option. Probabilities are those among the options of the question.",
    (
        *ARM,
        QUESTION,
        CODE,
        Column("plain", NUMBER, "probability in the plain order", "0 to 1"),
        Column("debiased", NUMBER, "probability averaged over all orders", "0 to 1"),
    ),
)
DIVERGENCE = Artifact(
    "divergence",
    "A row is a question, country of the run that was asked it, and scoring.",
    (
        *ARM,
        QUESTION,
        Column("topic", TEXT, "section of the questionnaire"),
        Column("country", TEXT, "whose people's answers the model's are compared with"),
        Column("scoring", TEXT, "orders of the options", levels=("plain", "debiased")),
        JS,
        Column("js_divergence", NUMBER, "Jensen-Shannon divergence", "0 to 0.693 (nats)"),
        EMD,
        Column(
            "emd_free",
            NUMBER,
            "position-free earth mover's distance, of the probabilities as samples",
            "0 to 0.5",
        ),
        Column("options", WHOLE, "K, how many options the question has", "options"),
        Column(
            "emd_ordinal",
            NUMBER,
            "earth mover's distance in the true order of the options; null without one",
            "0 to 1",
        ),
        Column("entropy", NUMBER, "entropy of the model's answer", "nats"),
        Column(
            "uniform_js",
            NUMBER,
            "Jensen-Shannon distance of the model's answer to the uniform distribution",
            DISTANCE,
        ),
        Column("mass", NUMBER, "probability on the labels, before renormalizing", "0 to 1"),
        Column(
            "order_effect",
            NUMBER,
            "mean total variation distance of one order's answer from their average; null with "
            "one order",
            "0 to 1",
        ),
    ),
    version=2,
)
SURVEY_REFERENCES = Artifact(
    "survey_references",
    "Zero-knowledge answers and samples of people, scored as an arm's are. The model is `-`; the "
    "method `uniform`, `first` (option shown), `by_place` (mean shares of other questions' options "
    "in the same place), `people_X` and `modal_X` (shares and commonest "
    "answer of pole X), or `sample_X` (mean over samples of the people of X).",
    DIVERGENCE.columns,
)
PERSONA_SCORES = Artifact(
    "persona_scores",
    "A row is a question, answered as respondents. "
    "Constant answers (in `references/`) have the model `-` and the method `first` (option shown) "
    "or `majority` (the respondents' commonest answer).",
    (
        Column("culture", TEXT, "culture of the respondents"),
        MODEL,
        METHOD,
        SEED,
        QUESTION,
        Column("n", WHOLE, "who answered this question", "respondents"),
        Column("respondents", WHOLE, "who answered any question", "respondents"),
        Column("accuracy", NUMBER, "exact answers; invalid ones are wrong", SHARE),
        Column("accuracy_valid", NUMBER, "exact ones among the valid answers", SHARE),
        Column("validity", NUMBER, "valid answers", SHARE),
        Column("same", NUMBER, "valid answers that are the model's most frequent one", SHARE),
        replace(JS, description="Jensen-Shannon distance; null without a valid answer"),
        Column("kl", NUMBER, "KL of the model from people, smoothed by half an answer", "nats"),
        EMD,
    ),
)
