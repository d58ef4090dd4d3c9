"""Survey scoring beside lm-evaluation-harness: the same prompts, token ids, labels, and type.

The harness is given token ids, since from text it would move the line break at the end of a chat
prompt into the option and lose its one forward pass per prompt. Loading does not count. Needs the
survey data and the unpacked model of a run, and its own environment (the harness brings
dependencies the workflow has no use for):

    make bench-score                    # after make demo
    make bench-score RUN=scratch/real   # after make test-real
"""

import argparse
import json
import statistics
import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import rows

from culturalign.config.models import Model
from culturalign.models import chat_template
from culturalign.models.option_scoring import Query, score_queries
from culturalign.samples import survey_samples
from culturalign.samples.option_labels import label_tokens
from culturalign.samples.survey_prompts import read_survey_prompt

SYSTEM = "You are a helpful assistant."
CASES = ((20, 4), (60, 1))
"""Questions, and orders of their options."""
HARNESS = "lm-evaluation-harness"


def queries_of(
    run: Path, language: str, questions: int, orders: int, tokenizer: Any, options: Model
) -> list[Query]:
    """Questions in some orders of their options, one token a label, as the harness counts."""
    prompt = read_survey_prompt(Path(f"resources/prompts/{language}/survey.txt"), system=SYSTEM)
    data = run / "results/data/survey"
    questionnaire = pl.read_parquet(data / f"questionnaire.{language}.parquet")
    labels = survey_samples.read_option_labels(data / "labels.json")
    asked = list(survey_samples.ask(questionnaire, labels, orders))
    chosen = set(list(dict.fromkeys(q["question"] for q in asked))[:questions])
    asked = [q for q in asked if q["question"] in chosen]
    texts = [
        chat_template.render(
            tokenizer, prompt.messages(q["wording"], q["options"], q["option_labels"]), options
        )
        for q in asked
    ]
    tokens = label_tokens(
        tokenizer, texts[0], {label for q in asked for label in q["option_labels"]}
    )
    return [
        Query(
            tuple(tokenizer(text, add_special_tokens=False)["input_ids"]),
            tuple(tokens[label][:1] for label in q["option_labels"]),
        )
        for text, q in zip(texts, asked, strict=True)
    ]


def harness_scores(lm: Any, queries: list[Query]) -> list[list[float]]:
    """The same scores from the harness."""
    requests = [
        ((str(n), str(form[0])), list(query.ids), list(form))
        for n, query in enumerate(queries)
        for form in query.forms
    ]
    found = iter(lm._loglikelihood_tokens(requests, disable_tqdm=True))
    return [[next(found)[0] for _ in query.forms] for query in queries]


def run_one(options: argparse.Namespace) -> None:
    """In a process of its own: write the scores, and print what they took."""
    from culturalign.models import loading

    base = options.run / "results/models/smollm2/base"
    chosen = Model(label="SmolLM2", source=str(base), precision=options.precision)
    tokenizer, model = loading.load_tokenizer(chosen), loading.load_model(chosen)
    size = options.questions, options.orders
    queries = queries_of(options.run, options.language, *size, tokenizer, chosen)
    pad, longest = int(tokenizer.pad_token_id), max(len(query.ids) for query in queries)
    work = partial(score_queries, model, queries, pad=pad, batch_tokens=options.batch * longest)
    if options.one != rows.OURS:
        from lm_eval.models.huggingface import HFLM

        lm = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=options.batch)
        work = partial(harness_scores, lm, queries)
    taken, scores = rows.timed(work)
    options.found.write_text(json.dumps(scores), encoding="utf-8")
    print(json.dumps(taken))


def compare(questions: int, orders: int, options: argparse.Namespace, folder: Path) -> None:
    """Measure both by turns, and print how far their scores differ."""
    contenders = rows.alternatives(
        HARNESS, folder, "--questions", str(questions), "--orders", str(orders)
    )
    version_ = {HARNESS: version("lm_eval")}
    each = "1 order" if orders == 1 else f"{orders} orders"
    rows.by_turns("scoring", f"{questions} questions, {each}", contenders, options, version_)
    ours, theirs = (
        [score for query in found for score in query] for found in rows.found_by(HARNESS, folder)
    )
    apart = [abs(a - b) for a, b in zip(ours, theirs, strict=True)]
    print(f"scores differ by {statistics.mean(apart):.4f} nats, at most {max(apart):.4f}")


def main() -> None:
    """Measure every case, or one contender in this process."""
    parser = rows.arguments(__doc__)
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--language", default="en")
    parser.add_argument("--precision", default="bf16", choices=["bf16", "fp32"])
    parser.add_argument("--batch", type=int, default=16, help="prompts in a batch")
    parser.add_argument("--questions", type=int)
    parser.add_argument("--orders", type=int)
    parser.add_argument("--one", choices=[rows.OURS, HARNESS])
    parser.add_argument("--found", type=Path)
    options = parser.parse_args()
    if options.one:
        run_one(options)
        return
    with tempfile.TemporaryDirectory() as folder:
        for case in [(options.questions, options.orders)] if options.questions else CASES:
            compare(*case, options, Path(folder))


if __name__ == "__main__":
    main()
