"""Where every artifact of a run lies: each path template once, with Snakemake's wildcards.

resources -> data -> models -> samples -> scores -> tables, figures -> report
"""

from itertools import product

# Data
RESPONSES = "results/data/{culture}/responses.parquet"
RESPONSE_LEDGER = "results/data/{culture}/ledger.json"
DROPPED_RESPONSES = "results/data/{culture}/dropped.parquet"
SOURCE = "results/data/{culture}/source.json"
ASSOCIATIONS = "results/data/{culture}/associations.parquet"
SPLITS = "results/data/{culture}/splits.parquet"
TRAIN_EXAMPLES = "results/data/{culture}/{method}/train.jsonl"
VALIDATION_EXAMPLES = "results/data/{culture}/{method}/validation.jsonl"
RANKING_TRAIN = "results/data/{culture}/ranking/train.jsonl"
RANKING_VALIDATION = "results/data/{culture}/ranking/validation.jsonl"
RANKING_TEST = "results/data/{culture}/ranking/test.jsonl"
RANKING_LEDGER = "results/data/{culture}/ranking/ledger.json"
MCQ_QUESTIONS = "results/data/{culture}/mcq.jsonl"
MCQ_LEDGER = "results/data/{culture}/mcq_ledger.json"
MCQ_LABELS = "results/data/mcq_labels.json"
FILE_CHECK = "results/data/files.json"

NORMS = "results/data/norms/{language}.parquet"
NORM_RECORD = "results/data/norms/{language}.json"

SURVEY_ANSWERS = "results/data/survey/answers.parquet"
SURVEY_LEDGER = "results/data/survey/ledger.parquet"
SURVEY_RESPONDENTS = "results/data/survey/respondents.json"
SURVEY_SOURCE = "results/data/survey/source.json"
SURVEY_LABELS = "results/data/survey/labels.json"
HUMAN_SHARES = "results/data/survey/human.parquet"
QUESTIONNAIRE = "results/data/survey/questionnaire.{language}.parquet"
UNWORDED = "results/data/survey/unworded.json"
POLES = "results/data/survey/poles.parquet"
NOISE_FLOOR = "results/data/survey/floor.parquet"
TENSION_SET = "results/data/survey/tension.parquet"

CHECKED_SCENARIOS = "results/data/{culture}/roleplay/scenarios.json"
DIALOGUES = "results/data/{culture}/roleplay/dialogues.jsonl"
DIALOGUE_PROVENANCE = "results/data/{culture}/roleplay/dialogues.json"
VERDICTS = "results/data/{culture}/roleplay/verdicts.jsonl"
VERDICT_PROVENANCE = "results/data/{culture}/roleplay/verdicts.json"
KEPT_DIALOGUES = "results/data/{culture}/roleplay/kept.jsonl"
DROPPED_DIALOGUES = "results/data/{culture}/roleplay/dropped.jsonl"
DIALOGUE_LEDGER = "results/data/{culture}/roleplay/ledger.json"
INTENTS = "results/data/{culture}/roleplay/intents.jsonl"
INTENT_PROVENANCE = "results/data/{culture}/roleplay/intents.json"
PERSONAS = "results/data/{culture}/personas.jsonl"

# Models
ACCESS = "results/models/{model}/access.json"
BASE = "results/models/{model}/base"
TRAINED = "results/models/{model}/{culture}/{method}/seed{seed}"
ADAPTER = f"{TRAINED}/adapter"
WEIGHTS = f"{TRAINED}/weights"
MERGED = f"{TRAINED}/merged"
PUBLISHED = f"{TRAINED}/published"
TRAINING_LOG = f"{TRAINED}/training.parquet"

# Samples
ARM_SAMPLES = "results/samples/{model}/{arm}"
LIST_SAMPLES = f"{ARM_SAMPLES}/associations.{{culture}}.{{prompt}}.{{decoding}}.jsonl"
LIST_PROVENANCE = f"{ARM_SAMPLES}/associations.{{culture}}.{{prompt}}.{{decoding}}.json"
RANKING_SAMPLES = f"{ARM_SAMPLES}/rankings.{{culture}}.jsonl"
RANKING_PROVENANCE = f"{ARM_SAMPLES}/rankings.{{culture}}.json"
MCQ_SAMPLES = f"{ARM_SAMPLES}/mcq.{{culture}}.parquet"
MCQ_PROVENANCE = f"{ARM_SAMPLES}/mcq.{{culture}}.json"
SURVEY_SAMPLES = f"{ARM_SAMPLES}/survey.{{language}}.parquet"
SURVEY_PROVENANCE = f"{ARM_SAMPLES}/survey.{{language}}.json"
PERSONA_SAMPLES = f"{ARM_SAMPLES}/personas.{{culture}}.jsonl"
PERSONA_PROVENANCE = f"{ARM_SAMPLES}/personas.{{culture}}.json"

# Scores
ARM_SCORES = "results/scores/{model}/{arm}"
LISTS = f"{ARM_SCORES}/lists.{{culture}}.{{prompt}}.{{decoding}}.jsonl"
PRECISION = f"{ARM_SCORES}/precision.{{culture}}.{{prompt}}.{{decoding}}.parquet"
ATTRIBUTES = f"{ARM_SCORES}/attributes.{{culture}}.{{prompt}}.{{decoding}}.parquet"
RANKINGS = f"{ARM_SCORES}/rankings.{{culture}}.parquet"
MCQ_CHOICES = f"{ARM_SCORES}/mcq.{{culture}}.parquet"
MODEL_ANSWERS = f"{ARM_SCORES}/answers.{{language}}.parquet"
DIVERGENCE = f"{ARM_SCORES}/divergence.{{language}}.parquet"
PERSONA_SCORES = f"{ARM_SCORES}/personas.{{culture}}.parquet"
PRECISION_REFERENCES = "results/scores/references/{culture}.parquet"
RANKING_REFERENCES = "results/scores/references/rankings.{culture}.parquet"
HUMAN_ATTRIBUTES = "results/scores/references/attributes.{culture}.parquet"
HALF_ATTRIBUTES = "results/scores/references/halves.{culture}.parquet"
SURVEY_REFERENCES = "results/scores/references/survey.{language}.parquet"
CONSTANT_ANSWERS = "results/scores/references/personas.{culture}.parquet"

# Tables, figures, report, releases
TABLE = "results/tables/{name}.{format}"
FIGURE = "results/figures/{name}.{format}"
REPORT = "results/report/index.html"
RELEASE = "results/release/{model}-{culture}-{method}-seed{seed}"
RELEASE_CHECK = f"{RELEASE}.vllm.json"

DEMO = "results/demo/"
"""What the workflow makes itself in place of a user's files."""
TABLE_FORMATS = ("csv", "md", "tex")
FIGURE_FORMATS = ("svg", "pdf", "png", "csv")


def tables(*names: str) -> list[str]:
    """The files of tables, name by name, in every format."""
    return [TABLE.replace("{name}", n).replace("{format}", f) for n in names for f in TABLE_FORMATS]


def figures(*names: str) -> list[str]:
    """The files of figures, name by name, in every format, with the numbers drawn as csv."""
    pairs = product(names, FIGURE_FORMATS)
    return [FIGURE.replace("{name}", n).replace("{format}", f) for n, f in pairs]


def table_csv(name: str) -> str:
    """The numbers of a table."""
    return TABLE.format(name=name, format="csv")
