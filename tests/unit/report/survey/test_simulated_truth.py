"""Simulated worlds in which it is known who deserves a star of table 7 or the tension counts."""

from collections import Counter

import numpy as np
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.survey.leaning import nearer
from culturalign.report.survey.leaning_stars import star
from culturalign.report.survey.stars import against_vanilla
from culturalign.stats.distances import emd, js_distance, js_divergence

EVALUATION = Evaluation(resamples=300)
OPTIONS = 4
# 60 questions: twelve batteries of four, and twelve alone; see data/survey/batteries.py
FIRST = (1, 7, 18, 27, 33, 64, 94, 106, 113, 122, 132, 158)
QUESTIONS = [f"Q{first + i}" for first in FIRST for i in range(4)]
QUESTIONS += [f"Q{260 + i}" for i in range(12)]
RUNS_VARY = 0.08
BATTERY = np.repeat(np.arange(24), [4] * 12 + [1] * 12)


def softened(logits):
    found = np.exp(logits - logits.max(-1, keepdims=True))
    return found / found.sum(-1, keepdims=True)


def noise(rng, size):
    """Of each option of each question; half of it shared within a battery."""
    shared, own = (rng.normal(size=(n, OPTIONS)) for n in (24, len(QUESTIONS)))
    return size * (shared[BATTERY] + own) / np.sqrt(2)


def stars(arms, people, **known):
    """Method -> whether it earns a star; ``vanilla`` and ``control`` are among the arms, and
    further answers without a model."""
    known["uniform"] = np.full((len(QUESTIONS), OPTIONS), 1 / OPTIONS)
    culture = {"vanilla": None, "target@us": "us", "sft@us": "us"} | dict.fromkeys(known)
    rows = [
        ("-" if method in known else "m", culture.get(method, "cn"),
         method, "CHN", "plain", question, float(js))
        for method, answers in {**arms, **known}.items()
        for question, js in zip(QUESTIONS, js_distance(answers, people), strict=True)
    ]  # fmt: skip
    names = ["model", "culture", "method", "country", "scoring", "question", "js"]
    table = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        seed=pl.when(pl.col("culture").is_null()).then(None).otherwise(pl.lit(0, pl.Int64))
    )
    found = against_vanilla(table, EVALUATION, ["js"], controls=["control"])
    return dict(found.select("method", "star").iter_rows())


def world(rng, apart=0.7):
    """Answers of people, of other people, and of arms.

    All arms but ``target`` know nothing of the people asked about; its swap, trained on the other
    people, knows what all share.
    """
    taste = noise(rng, 0.7)  # shared by all people
    people, others = (softened(taste + noise(rng, apart)) for _ in range(2))
    vanilla = noise(rng, 2.5)
    return (
        people,
        others,
        {
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
        },
    )


def test_only_an_arm_that_answers_as_its_people_earns_a_star():
    """Flattening strangers' answers shares what all people share; the control must have it too."""
    runs, earned = 40, Counter()
    for seed in range(runs):
        people, _, arms = world(np.random.default_rng(seed))
        strangers = arms.pop("flat strangers")
        earned.update(stars(arms, people))
        twin = {"vanilla": arms["vanilla"], "control": strangers, "strangers": strangers}
        assert not stars(twin, people)["strangers"]
    assert (earned.pop("target"), earned.pop("target@us")) == (runs, 0)
    assert all(count <= 0.07 * runs for count in earned.values()), earned


def test_how_people_use_places_earns_no_star_where_its_own_row_is_there():
    """People of both countries prefer the same places, in all questions."""
    runs, earned = 20, Counter()
    places = np.array([1.0, 0.6, -0.4, -1.2])
    for seed in range(runs):
        rng = np.random.default_rng(3000 + seed)
        people, others = (softened(places + noise(rng, 0.7)) for _ in range(2))
        both = people + others
        average = (both.sum(0) - both) / 2 / (len(QUESTIONS) - 1)
        vanilla = noise(rng, 2.5)
        arms = {"vanilla": softened(vanilla), "control": softened(vanilla / 3 + noise(rng, 0.2)),
                "placed": softened(np.log(average) + noise(rng, 0.1)),
                "target": softened(np.log(people) + noise(rng, 0.3))}  # fmt: skip
        for name, known in (("without", {}), ("with", {"by_place": average})):
            found = stars(arms, people, **known)
            earned.update((name, arm) for arm, star in found.items() if star)
    assert earned["without", "placed"] == earned["with", "target"] == runs
    assert earned["with", "placed"] <= 0.07 * runs


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


def leaning_stars(arms, people, others):
    """Method -> whether it earns a star of the tension counts; ``uniform`` is among the arms.

    An arm with several runs has a list of answers.
    """
    rows = [
        (method, seed if isinstance(runs, list) else None, country, question, float(js),
         float(moved))
        for method, runs in arms.items()
        for seed, answers in enumerate(runs if isinstance(runs, list) else [runs])
        for country, shares in (("USA", others), ("CHN", people))
        for question, js, moved in zip(
            QUESTIONS, js_divergence(answers, shares), emd(answers, shares), strict=True
        )
    ]  # fmt: skip
    names = ["method", "seed", "country", "question", "js_divergence", "emd"]
    types = {"seed": pl.Int64}
    table = pl.DataFrame(rows, schema=names, orient="row", schema_overrides=types)
    culture = {"vanilla": None, "uniform": None, "target@us": "us", "sft@us": "us"}
    leanings = {
        ("plain", "-" if method == "uniform" else "m", culture.get(method, "cn"), method): found
        for (method,), found in nearer(table, ("USA", "CHN"), by=["method", "seed"]).group_by(
            "method"
        )
    }
    return {
        key[3]: star(leanings, key, "CHN", ["control"], EVALUATION).get("star", False)
        for key in leanings
        if key[3] not in ("vanilla", "uniform")
    }


def test_only_an_arm_that_answers_as_its_people_leans_to_them():
    """Vanilla leans to the others, so that everything without knowledge leans there less."""
    runs, earned = 40, Counter()
    for seed in range(runs):
        people, others, arms = world(np.random.default_rng(seed), apart=1.5)
        for known in ({}, {"vanilla": softened(np.log(others) * 2)}):
            flat = {"uniform": np.full(people.shape, 1 / OPTIONS)}
            earned.update(leaning_stars(arms | known | flat, people, others))

    assert (earned.pop("target"), earned.pop("target@us")) == (2 * runs, 0)
    assert all(count <= 0.07 * 2 * runs for count in earned.values()), earned


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_runs_that_lean_by_chance_earn_no_star(seeds):
    """Every run leans somewhere by chance, by as much as one run's questions leave open."""
    runs, earned = 200, Counter()
    for seed in range(runs):
        rng = np.random.default_rng(2000 + seed)
        people, others = (softened(noise(rng, 1.0)) for _ in range(2))
        apart = np.log(people) - np.log(others)
        # nothing but the arm's own runs differs from an answer in the middle
        middle = (np.log(people) + np.log(others)) / 2
        vary = RUNS_VARY if seeds > 1 else 0.0  # one run says nothing of others
        trained = [softened(middle + rng.normal(0, vary) * apart + noise(rng, 0.3))
                   for _ in range(seeds)]  # fmt: skip
        level = softened(middle + noise(rng, 0.3))
        arms = {"vanilla": level, "uniform": level, "sft": trained}
        earned += Counter(leaning_stars(arms, people, others))
    assert earned["sft"] <= 0.07 * runs
