"""Simulated rankings and choices: answers that know nothing of the cues earn no verdict."""

from collections import Counter

import numpy as np
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.config.ranking import RewardRules
from culturalign.data.mcq_questions import CATEGORIES
from culturalign.report import arm_tables
from culturalign.report.mcq_tables import write_accuracy
from culturalign.report.ranking_tables import BASELINE, MAIN, write_contrasts
from culturalign.rewards.ranking_reward import score
from culturalign.scores.mcq_scores import RIGHT, score_choices
from culturalign.stats.summary import contrast
from tests.unit.report.labels import LABELS
from tests.unit.report.test_ranking_tables import arm

EVALUATION = Evaluation(resamples=200)
DOMAINS, OF_DOMAIN, SIZE = 8, 5, 10
CUES = [f"d{d}c{i}" for d in range(DOMAINS) for i in range(OF_DOMAIN)]
WORDS = [f"w{i}" for i in range(SIZE)]
RULES = RewardRules(measure="spearman", missing="refuse")


def ranked(rng, counts, name):
    """An arm's order of the words of each cue."""
    first = rng.permutation(WORDS)
    for row in counts:
        if name == "knows":  # people's order, as another sample of them has it
            yield [WORDS[i] for i in np.argsort(-rng.poisson(row + 1), kind="stable")]
        else:
            yield (
                first
                if name == "one order"
                else WORDS
                if name == "as shown"
                else rng.permutation(WORDS)
            )


def rhos(rng, counts, name):
    """Cue -> its rho, as rewards are scored."""
    texts = ("\n".join(f"{i}. {word}" for i, word in enumerate(order, 1))
             for order in ranked(rng, counts, name))  # fmt: skip
    values = (score(text, WORDS, [float(x) for x in row], RULES, str).value
              for text, row in zip(texts, counts, strict=True))  # fmt: skip
    return {cue: [value] for cue, value in zip(CUES, values, strict=True)}


def ranking_world(rng, sft):
    """Scores of SFT, its control, vanilla and the frequencies of the corpus, by domain."""
    shared = rng.gamma(2.0, 4.0, (DOMAINS, SIZE)).repeat(OF_DOMAIN, 0)
    counts = rng.poisson(shared + rng.gamma(2.0, 2.0, (len(CUES), SIZE)))
    arms = {("llama", "vanilla"): "random", ("llama", "sft"): sft, ("-", "corpus"): "one order",
            ("llama", "sft-shuffled"): "random"}  # fmt: skip
    rows = [
        arm(model, method, rhos(rng, counts, name), seed=0 if "sft" in method else None)
        for (model, method), name in arms.items()
    ]
    return pl.concat(rows).with_columns(cluster=pl.col("cue").str.slice(0, 2))


def test_an_order_that_knows_nothing_is_rarely_above_its_control():
    """In 200 worlds and against each rival alone; a claim needs all of them at once."""
    runs, wrong = 200, Counter()
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        scores = ranking_world(rng, ("random", "one order", "as shown")[seed % 3])
        pairs = arm_tables.contrast_pairs(scores, ["sft-shuffled"], [BASELINE])
        found = contrast(scores, pairs, "rho", EVALUATION).filter(method="sft")
        wrong.update(row["minus"] for row in found.iter_rows(named=True) if row["excludes_zero"])
    assert all(count <= 0.07 * runs for count in wrong.values()), wrong


def test_an_order_like_that_of_people_is_above_all_in_the_table(written):
    for seed in range(10):
        scores = ranking_world(np.random.default_rng(seed), "knows")
        table = written(write_contrasts, scores, LABELS, ["sft-shuffled"], EVALUATION)[2]
        sft = table.filter(method="sft")
        assert set(sft["minus"]) == {"vanilla", "sft-shuffled", "corpus"}
        assert (sft["rho_low"] > 0).all() and "rho" in MAIN


def chosen(rng, name):
    """Choices of an arm in four orders, in which every category is once in every place."""
    names = list(CATEGORIES)
    rows = []
    for cue in CUES:
        order, liked = rng.permutation(4), rng.integers(4)
        for turn in range(4):
            places = [names[order[(place + turn) % 4]] for place in range(4)]
            likes = {"first label": places[0], "at random": names[liked], "knows": RIGHT}[name]
            rows += [(cue, turn, c, np.log(0.7 if c == likes else 0.1)) for c in places]
    return pl.DataFrame(rows, schema=["cue", "order", "category", "logprob"], orient="row")


@pytest.mark.parametrize("name", ["first label", "at random"])
def test_choices_that_know_nothing_are_rarely_better_than_chance(written, name):
    runs, wrong = 200, Counter()
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        table = written(write_accuracy, named(rng, name), LABELS, EVALUATION)[2]
        wrong.update(row["scoring"] for row in table.iter_rows(named=True)
                     if row["accuracy_low"] > row["chance"])  # fmt: skip
    assert all(count <= 0.07 * runs for count in wrong.values()), wrong


def test_choices_of_the_right_words_are_better_than_chance(written):
    table = written(write_accuracy, named(np.random.default_rng(0), "knows"), LABELS, EVALUATION)[2]
    # Wilson's interval of 8 of 8 domains: n / (n + t^2), t(0.975, 7) = 2.3646
    assert table["accuracy_low"].to_list() == pytest.approx([8 / (8 + 2.3646**2)] * 2, abs=1e-4)


def named(rng, name):
    """Scores of vanilla, by domain."""
    lead = {"culture": "us", "model": "llama", "method": "vanilla"}
    front = [pl.lit(value).alias(key) for key, value in lead.items()]
    scores = score_choices(chosen(rng, name)).select(*front, pl.lit(None, pl.Int64).alias("seed"),
                                                     pl.all())  # fmt: skip
    return scores.with_columns(cluster=pl.col("cue").str.slice(0, 2))
