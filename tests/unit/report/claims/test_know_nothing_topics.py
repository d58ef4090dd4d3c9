"""Simulated arms through figures 12 and 13 and the claims on topics: what knows nothing, and null.

Answers are scored as a run's are, the figures' tables are written and read, and claims checked.
"""

from collections import Counter

import numpy as np
import polars as pl
import pytest

from culturalign.report.claims import checking
from culturalign.report.claims.shift_claims import BETTER, WORSE
from culturalign.report.claims.verdicts import CONTRADICTED, SUPPORTED, UNATTRIBUTED
from culturalign.report.survey.topic_figure import topic_rows
from culturalign.scores.survey_baselines import score_references
from culturalign.scores.survey_distances import score_arm
from culturalign.stats.distances import emd, js_distance
from tests.unit.report.claims.small_world import CLAIMS, CONTROL, LABELS, world
from tests.unit.report.survey.test_simulated_truth import softened

TOPICS = list(dict.fromkeys(topic for _, topic in (*BETTER, *WORSE)))
QUESTIONS = [f"Q{n}" for n in range(260, 316)]
"""Each a battery of its own; eight of each topic."""
OPTIONS = 4
NAMED = LABELS | {"methods": LABELS["methods"] | {"sft@us": "SFT, US"}}


def noise(rng, size):
    return size * rng.normal(size=(len(QUESTIONS), OPTIONS))


def long(shares, name):
    rows = [(question, code, share) for question, row in zip(QUESTIONS, shares, strict=True)
            for code, share in enumerate(row.tolist(), 1)]  # fmt: skip
    return pl.DataFrame(rows, ["question", "code", name], orient="row")


def tables(folder, people, others, arms):
    """Figures 12 and 13 of answers, by way of their scores and files."""
    human = pl.concat(
        long(shares, "share").with_columns(country=pl.lit(country))
        for country, shares in (("USA", others), ("CHN", people))
    )
    asked = long(people, "share").select(
        "question", "code", ordinal=pl.lit(True), place=pl.col("code") - 1,
        topic=pl.col("question").replace_strict(
            {question: TOPICS[i % len(TOPICS)] for i, question in enumerate(QUESTIONS)}
        ),
    )  # fmt: skip
    checks = pl.DataFrame({"question": QUESTIONS}).with_columns(
        mass_plain=0.9, mass_debiased=0.9, order_effect=0.1
    )
    counts = human.with_columns(count=(pl.col("share") * 1000).round().cast(pl.Int64))
    known = score_references(counts, asked, ("USA", "CHN"), repeats=1, seed=0)
    scores = pl.concat(
        score_arm(long(x, "plain").with_columns(debiased="plain"), checks, human, asked)
        .with_columns(
            model=pl.lit("llama"),
            culture=pl.lit(None if method == "vanilla" else "us" if "@" in method else "cn",
                           pl.String),
            method=pl.lit(method), seed=pl.lit(None if method == "vanilla" else 0, pl.Int64),
        )
        for method, x in arms.items()
    )  # fmt: skip
    for figure, measure in (("fig12", "js"), ("fig13", "emd")):
        rows = topic_rows(scores, known, measure, "CHN", NAMED)
        rows.write_csv(folder / f"{figure}.csv")
    return {f: pl.read_csv(folder / f"{f}.csv", infer_schema_length=None)
            for f in ("fig12", "fig13")}  # fmt: skip


def statuses(found):
    """Claim -> its status on these tables."""
    claims = [
        CLAIMS[name].model_copy(update={"models": "own"})
        for name in ("topics_better", "topics_worse")
    ]
    outcomes = checking.check_claims(claims, world(found, models=["Llama"]))
    return {o.claim.id: o.status for o in outcomes if o.scoring != "debiased"}


def world_of(rng):
    """People on one side in each question, others on the other, all of them more in the middle."""
    side = rng.choice([-1.0, 1.0], (len(QUESTIONS), 1)) * np.array([-1.5, -0.5, 0.5, 1.5])
    middle = np.array([-0.6, 0.6, 0.6, -0.6])
    people, others = (softened(x + middle + noise(rng, 0.2)) for x in (side, -side))
    vanilla = noise(rng, 0.2) - 3 * middle
    arms = {"vanilla": softened(vanilla), CONTROL: softened(vanilla / 1.5 + noise(rng, 0.1)),
            "sft@us": softened(np.log(others) + noise(rng, 0.1))}  # fmt: skip
    pooled = (people + others).sum(0)
    return people, others, arms, {
        "uniform": np.full(people.shape, 1 / OPTIONS),
        "first option": np.eye(OPTIONS)[np.zeros(len(QUESTIONS), dtype=int)],
        "flatter": softened(vanilla / 8),
        "permuted": rng.permutation(people),
        "one answer": np.broadcast_to(people.mean(0), people.shape),
        "by place": (pooled - people - others) / 2 / (len(QUESTIONS) - 1),
        "swap": arms["sft@us"],
        "knows them": softened(np.log(people) + noise(rng, 0.1)),
    }  # fmt: skip


def test_topics_are_earned_by_knowing_the_people_asked_about_and_by_nothing_else(tmp_path):
    """Nor by the adapter of the other culture, in the place of the own one."""
    earned, runs = Counter(), 4
    for run in range(runs):
        people, others, arms, kinds = world_of(np.random.default_rng(run))
        for kind, answers in kinds.items():
            found = tables(tmp_path, people, others, arms | {"sft": answers})
            earned[kind] += statuses(found)["topics_better"] == SUPPORTED
    assert earned.pop("knows them") == runs
    assert not any(earned.values()), earned


def test_the_average_by_place_does_not_beat_itself(tmp_path):
    """In JS it is nearer than vanilla, control and uniform answer in every topic."""
    people, others, arms, kinds = world_of(np.random.default_rng(0))
    arms = {name: arms[name] for name in ("vanilla", CONTROL)}
    found = tables(tmp_path, people, others, arms | {"sft": kinds["by place"]})
    assert statuses(found)["topics_better"] == UNATTRIBUTED
    rows = found["fig12"].filter(method="sft")
    assert (rows["difference_high"] < 0).all() and (rows["minus_uniform_high"] < 0).all()
    assert rows["minus_by_place"].abs().max() < 1e-9


def scored(people, arms):
    """Distances of arms in a null world, for :func:`topic_rows`."""
    rows = []
    for method, answers in arms.items():
        trained = method not in ("vanilla", "uniform")
        arm = ("-" if method == "uniform" else "llama", "cn" if trained else None, method,
               0 if trained else None)  # fmt: skip
        both = zip(js_distance(answers, people), emd(answers, people), strict=True)
        for i, (question, distances) in enumerate(zip(QUESTIONS, both, strict=True)):
            rows.append((*arm, question, TOPICS[i % len(TOPICS)], *distances))
    names = ["model", "culture", "method", "seed", "question", "topic", "js", "emd"]
    table = pl.DataFrame(rows, names, orient="row", infer_schema_length=None)
    return table.with_columns(country=pl.lit("CHN"), scoring=pl.lit("plain"))


@pytest.mark.parametrize("good", ["vanilla", "control"])
def test_in_a_null_world_topics_are_as_rarely_shown_as_chance_allows(good):
    """SFT is as good as vanilla, or better than vanilla as its control is; 200 runs."""
    runs, wrong = 200, Counter()
    for run in range(runs):
        rng = np.random.default_rng(run)
        truth = noise(rng, 1.0)
        people = softened(truth)
        vanilla, control, sft = (softened(truth + noise(rng, 0.7)) for _ in range(3))
        if good == "control":
            vanilla = softened(noise(rng, 3.0))
        arms = {"vanilla": vanilla, CONTROL: control, "sft": sft}
        flat = scored(people, {"uniform": np.full(people.shape, 1 / OPTIONS)})
        figures = {
            figure: topic_rows(scored(people, arms), flat, measure, "CHN", NAMED)
            for figure, measure in (("fig12", "js"), ("fig13", "emd"))
        }
        wrong.update(statuses(figures).items())
    kinds = [SUPPORTED, CONTRADICTED] if good == "vanilla" else [SUPPORTED]
    assert all(wrong[name, kind] <= 0.07 * runs
               for name in ("topics_better", "topics_worse") for kind in kinds)  # fmt: skip
