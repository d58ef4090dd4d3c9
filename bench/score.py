"""Survey scoring: ours compared with lm-evaluation-harness, in prompts per second.

Both run in one process, alternating, and get the same model object, token ids, options and type.
The harness is given token ids, since from text it would move the line break at the end of a chat
prompt into the option and lose its one forward pass per prompt. Needs the survey data and the
unpacked model of a run, and its own environment (the harness brings dependencies the workflow has
no use for):

    make bench-score                    # after make demo
    make bench-score RUN=scratch/real   # after make test-real
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import torch
from lm_eval.models.huggingface import HFLM

from culturalign.config.models import Model
from culturalign.models import chat_template, loading
from culturalign.models.option_scoring import Query, score_queries
from culturalign.samples import survey_samples
from culturalign.samples.option_labels import label_tokens
from culturalign.samples.survey_prompts import read_survey_prompt

SYSTEM = "You are a helpful assistant."


def queries_of(run: Path, language: str, orders: int, tokenizer, options: Model) -> list[Query]:
    """Every question in some orders of its options, one token a label, as the harness counts."""
    prompt = read_survey_prompt(Path(f"resources/prompts/{language}/survey.txt"), system=SYSTEM)
    data = run / "results/data/survey"
    questionnaire = pl.read_parquet(data / f"questionnaire.{language}.parquet")
    asked = list(
        survey_samples.ask(
            questionnaire, survey_samples.read_option_labels(data / "labels.json"), orders
        )
    )
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


def harness_scores(lm: HFLM, queries: list[Query]) -> list[list[float]]:
    """The same scores from the harness."""
    requests = [
        ((str(n), str(form[0])), list(query.ids), list(form))
        for n, query in enumerate(queries)
        for form in query.forms
    ]
    found = iter(lm._loglikelihood_tokens(requests, disable_tqdm=True))
    return [[next(found)[0] for _ in query.forms] for query in queries]


def seconds(score: Callable[[], list[list[float]]]) -> tuple[float, list[list[float]]]:
    """Wall time and result."""
    start = time.perf_counter()
    return_value = score()
    return time.perf_counter() - start, return_value


def main() -> None:
    """Print prompts a second, the ratio, and how far the scores differ."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--language", default="en")
    parser.add_argument("--precision", default="auto", choices=["auto", "bf16", "fp32"])
    parser.add_argument("--batch", type=int, default=16, help="batch size")
    parser.add_argument("--orders", type=int, default=4, help="orders of a question's options")
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    base = arguments.run / "results/models/smollm2/base"
    options = Model(label="SmolLM2", source=str(base), precision=arguments.precision)
    tokenizer, model = loading.load_tokenizer(options), loading.load_model(options)
    queries = queries_of(arguments.run, arguments.language, arguments.orders, tokenizer, options)
    lm = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=arguments.batch)
    longest = max(len(query.ids) for query in queries)

    def ours() -> list[list[float]]:
        pad = int(tokenizer.pad_token_id)
        return score_queries(model, queries, pad=pad, batch_tokens=arguments.batch * longest)

    taken: dict[str, list[float]] = {"ours": [], "harness": []}
    for _ in range(arguments.turns):
        time_ours, scores = seconds(ours)
        time_theirs, theirs = seconds(lambda: harness_scores(lm, queries))
        taken["ours"].append(time_ours)
        taken["harness"].append(time_theirs)
    ratios = [b / a for a, b in zip(taken["ours"], taken["harness"], strict=True)]
    flat = ([value for row in table for value in row] for table in (scores, theirs))
    apart = [abs(mine - other) for mine, other in zip(*flat, strict=True)]
    result = {
        "prompts": len(queries),
        "orders": arguments.orders,
        "prompt_tokens": sum(len(query.ids) for query in queries),
        "dtype": str(model.dtype),
        "threads": torch.get_num_threads(),
        "batch": arguments.batch,
        **{f"{k}_prompts_per_s": len(queries) / statistics.median(v) for k, v in taken.items()},
        "ratio_median": statistics.median(ratios),
        "ratios": ratios,
        "largest_difference_nats": max(apart),
        "mean_difference_nats": statistics.mean(apart),
    }
    json.dump(result, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
