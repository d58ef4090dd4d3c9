"""Simulated worlds in which it is known who deserves a star of table 7."""

from collections import Counter

import numpy as np
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.stars import against_vanilla
from culturalign.stats.distances import js_distance

EVALUATION = Evaluation(resamples=300)
OPTIONS = 4
# 60 questions: twelve batteries of four, and twelve alone; see data/survey/batteries.py
FIRST = (1, 7, 18, 27, 33, 64, 94, 106, 113, 122, 132, 158)
QUESTIONS = [f"Q{first + i}" for first in FIRST for i in range(4)]
QUESTIONS += [f"Q{260 + i}" for i in range(12)]
BATTERY = np.repeat(np.arange(24), [4] * 12 + [1] * 12)


def softened(logits):
    found = np.exp(logits - logits.max(-1, keepdims=True))
    return found / found.sum(-1, keepdims=True)


def noise(rng, size):
    """Of each option of each question; half of it shared within a battery."""
    shared, own = (rng.normal(size=(n, OPTIONS)) for n in (24, len(QUESTIONS)))
    return size * (shared[BATTERY] + own) / np.sqrt(2)


def stars(arms, people):
    """Method -> whether it earns a star; ``vanilla`` and ``control`` are among the arms."""
    flat = np.full((len(QUESTIONS), OPTIONS), 1 / OPTIONS)
    culture = {"vanilla": None, "uniform": None, "target@us": "us", "sft@us": "us"}
    rows = [
        ("-" if method == "uniform" else "m", culture.get(method, "cn"),
         method, "CHN", "plain", question, float(js))
        for method, answers in {**arms, "uniform": flat}.items()
        for question, js in zip(QUESTIONS, js_distance(answers, people), strict=True)
    ]  # fmt: skip
    names = ["model", "culture", "method", "country", "scoring", "question", "js"]
    table = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        seed=pl.when(pl.col("culture").is_null()).then(None).otherwise(pl.lit(0, pl.Int64))
    )
    found = against_vanilla(table, EVALUATION, ["js"], controls=["control"])
    return dict(found.select("method", "star").iter_rows())


def world(rng):
    """Answers of people and of arms; all but ``target`` know nothing of the people asked about.

    Its swap, trained on other people, knows what all people share.
    """
    taste = noise(rng, 0.7)  # shared by all people
    people, others = (softened(taste + noise(rng, 0.7)) for _ in range(2))
    vanilla = noise(rng, 2.5)
    return people, {
        "vanilla": softened(vanilla),
        "control": softened(vanilla / 3 + noise(rng, 0.2)),
        "even": np.full(people.shape, 1 / OPTIONS),
        "first": np.eye(OPTIONS)[np.zeros(len(QUESTIONS), dtype=int)],
        "flatter": softened(vanilla / 8),
        "flat strangers": 0.1 * others + 0.9 / OPTIONS,
        "permuted": rng.permutation(people),
        "constant": np.broadcast_to(people.mean(0), people.shape),
        "target": softened(np.log(people) + noise(rng, 0.3)),
        "target@us": softened(np.log(others) + noise(rng, 0.3)),
    }


def test_only_an_arm_that_answers_as_its_people_earns_a_star():
    """Flattening strangers' answers shares what all people share; the control must have it too."""
    runs, earned = 40, Counter()
    for seed in range(runs):
        people, arms = world(np.random.default_rng(seed))
        strangers = arms.pop("flat strangers")
        earned.update(stars(arms, people))
        twin = {"vanilla": arms["vanilla"], "control": strangers, "strangers": strangers}
        assert not stars(twin, people)["strangers"]
    assert (earned.pop("target"), earned.pop("target@us")) == (runs, 0)
    assert all(count <= 0.07 * runs for count in earned.values()), earned


@pytest.mark.parametrize("good", ["vanilla", "uniform", "swapped"])
def test_in_a_world_without_an_effect_stars_are_as_rare_as_chance_allows(good):
    """Arm and control differ by noise alone, and so does vanilla, or the uniform answer.

    Or only the adapter of the other culture is as good as the arm.
    """
    runs, earned = 200, Counter()
    for seed in range(runs):
        rng = np.random.default_rng(1000 + seed)
        truth = noise(rng, 1.0)
        people = softened(truth)
        about = 0.0 if good == "uniform" else truth
        vanilla, arm, control = (softened(about + noise(rng, 0.7)) for _ in range(3))
        arms = {"vanilla": vanilla, "control": control, "sft": arm}
        if good != "vanilla":
            arms["vanilla"] = softened(noise(rng, 3.0))
        if good == "swapped":
            arms |= {"control": arms["vanilla"], "sft@us": control}
        earned += Counter(stars(arms, people))
    assert earned["sft"] <= 0.07 * runs and earned["sft@us"] <= 0.07 * runs
