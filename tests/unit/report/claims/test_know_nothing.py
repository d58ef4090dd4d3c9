"""Simulated arms that know nothing of the people, through the claims of every family."""

from collections import Counter

import numpy as np
import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.report.arm_tables import contrast_pairs
from culturalign.report.attributes import attribute_contrasts, attribute_tables, profile
from culturalign.report.attributes.likeness import Noise
from culturalign.report.claims import checking
from culturalign.report.clca import persona_tables
from culturalign.report.generation_tables import BASELINES
from culturalign.report.survey import tension_table, value_contrasts, value_tables
from culturalign.scores.persona_scores import constant_answers, score_questions
from culturalign.scores.survey_baselines import score_references
from culturalign.scores.survey_distances import score_arm
from tests.unit.report.claims.small_world import CLAIMS, CONTROL, LABELS, NATIONS, world
from tests.unit.report.survey.test_simulated_truth import (
    OPTIONS,
    QUESTIONS,
    noise,
    softened,
)

EVALUATION = Evaluation(resamples=200)
ANSWERS = ("sft_values_mandarin", "values_by_associations", "match_mandarin", "match_everywhere",
           "shift_mandarin", "leaning_mandarin")  # fmt: skip
WORDS = ("valence_english", "arousal_sft_english", "human_profile_english",
         "concreteness_rises_english")  # fmt: skip


def supported(tables, names):
    """Claims that Llama, the one model here, supports."""
    run = world(tables, models=["Llama"])
    claims = [CLAIMS[name].model_copy(update={"models": "own"}) for name in names]
    return {o.claim.id for o in checking.check_claims(claims, run)
            if o.status == "supported" and o.scoring != "debiased"}  # fmt: skip


def read(folder):
    return {f.stem: pl.read_csv(f, infer_schema_length=None) for f in folder.glob("*.csv")}


def long(shares, name):
    rows = [(q, code, x) for q, row in zip(QUESTIONS, shares, strict=True)
            for code, x in enumerate(row.tolist(), 1)]  # fmt: skip
    return pl.DataFrame(rows, schema=["question", "code", name], orient="row")


def survey(rng):
    """People of both countries, arms of vanilla and control, and what SFT could be."""
    taste = noise(rng, 0.3)
    people, others = (softened(taste + noise(rng, 1.2)) for _ in range(2))
    vanilla, even = noise(rng, 2.5), np.full(people.shape, 1 / OPTIONS)
    arms = {"vanilla": softened(vanilla), CONTROL: softened(vanilla / 3 + noise(rng, 0.2))}
    return {"USA": others, "CHN": people}, arms, {
        "uniform": even,
        "first option": np.eye(OPTIONS)[np.zeros(len(QUESTIONS), dtype=int)],
        "flatter": softened(vanilla / 8),
        "permuted": rng.permutation(people),
        "by place": np.broadcast_to(softened(rng.normal(size=OPTIONS)), people.shape),
        "knows them": softened(np.log(people) + noise(rng, 0.2)),
    }  # fmt: skip


def answer_tables(folder, shares, arms):
    """Table 7, its differences, and that of tension, of one model."""
    folder.mkdir()
    human = pl.concat([long(x, "share").with_columns(country=pl.lit(c)) for c, x in shares.items()])
    asked = long(shares["CHN"], "share").select(
        "question", "code", ordinal=pl.lit(True), place=pl.col("code") - 1,
        topic=pl.lit("T"),
    )  # fmt: skip
    checks = pl.DataFrame({"question": QUESTIONS}).with_columns(
        mass_plain=0.9, mass_debiased=0.9, order_effect=0.1
    )
    counts = human.with_columns(count=(pl.col("share") * 1000).round().cast(pl.Int64))
    known = score_references(counts, asked, ("USA", "CHN"), repeats=2, seed=0)
    given, scores = [], []
    for method, x in arms.items():
        trained = method != "vanilla"
        arm = {
            "model": pl.lit("llama"),
            "culture": pl.lit("cn" if trained else None, pl.String),
            "method": pl.lit(method),
            "seed": pl.lit(0 if trained else None, pl.Int64),
        }
        mine = long(x, "plain").with_columns(debiased="plain")
        given.append(mine.with_columns(**arm))
        scores.append(score_arm(mine, checks, human, asked).with_columns(**arm))
    answers, both = pl.concat(given), pl.concat(scores)
    engines = both.select("model", "culture", "method").unique().with_columns(
        engine=pl.lit("hf"), dtype=pl.lit("bf16"), lost=0
    )  # fmt: skip
    chinese = both.filter(country="CHN")
    rows = value_tables.value_rows(chinese, EVALUATION, LABELS, NATIONS, known, None, [CONTROL])
    value_tables.write_values(str(folder / "table7"), rows, engines)
    rows = value_contrasts.contrast_rows(chinese, EVALUATION, LABELS, NATIONS, [CONTROL])
    stem = str(folder / "table7_contrasts")
    value_contrasts.write_contrasts(stem, rows, LABELS, NATIONS, engines)
    rows = tension_table.tension_rows(
        both, known, answers, human, checks, ("USA", "CHN"), {"cn": "CHN", "us": "USA"}, LABELS,
        NATIONS, controls=[CONTROL], evaluation=EVALUATION,
    )  # fmt: skip
    tension_table.write_tension(str(folder / "tension_cn"), rows, ["US", "ZH"])
    return read(folder)


def test_answers_that_know_no_people_support_no_claim_and_those_that_do_support_all(tmp_path):
    earned, runs = Counter(), 2
    for run in range(runs):
        shares, arms, kinds = survey(np.random.default_rng(run))
        for kind, answers in kinds.items():
            tables = answer_tables(tmp_path / f"{run} {kind}", shares, arms | {"sft": answers})
            earned.update((kind, name) for name in supported(tables, ANSWERS))
    assert {key: n for key, n in earned.items() if key[0] != "knows them"} == {}
    assert all(earned["knows them", name] for name in ANSWERS), earned


def words(rng, cues=60):
    """Medians of people, of arms, and of lists that need no model; margins are wide enough."""
    true = rng.normal(4, 1, cues)
    people, like, backward = (true + rng.normal(0, size, cues) for size in (0.2, 0.2, 0.8))
    fixed = {"human": people, "frequent": np.full(cues, 4.2), "backward": backward}
    fixed |= {"shuffled": rng.permutation(people), "constant": np.full(cues, people.mean())}
    arms = {"vanilla": true + rng.normal(-1, 1, cues), CONTROL: rng.permutation(people) - 0.5}
    return fixed, arms, {
        "lists of other cues": rng.permutation(people),
        "one list": np.full(cues, people.mean()),
        "backward counting": backward,
        "another control": rng.permutation(people) - 0.5,
        "knows them": like,
    }  # fmt: skip


def word_tables(folder, fixed, arms):
    folder.mkdir()
    rows = [
        ("-" if method in fixed else "llama", method,
         None if method in fixed or method == "vanilla" else 0, f"c{i}", measure, value)
        for method, values in (fixed | arms).items()
        for measure in ("valence", "arousal", "concreteness")
        for i, value in enumerate(values)
    ]  # fmt: skip
    names = ["model", "method", "seed", "cue", "measure", "value"]
    values = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    found = values.with_columns(measure=pl.col("measure") + " found", value=pl.lit(1.0))
    values, options = pl.concat([values, found]), Norms(files={})
    known = dict.fromkeys(("valence", "arousal", "concreteness"), Noise(2.0, 0.9, 60))
    rows = attribute_tables.profile_rows(values, [], LABELS, "us", EVALUATION, options, known)
    stem = str(folder / "table5")
    attribute_contrasts.write_tests(f"{stem}_tests", rows, options)
    pairs = contrast_pairs(values, [CONTROL], BASELINES)
    contrasts = profile.contrast_rows(values, pairs, EVALUATION)
    attribute_contrasts.write_contrasts(f"{stem}_contrasts", contrasts, LABELS, "us")
    return read(folder)


def test_lists_that_know_no_cue_support_no_claim_on_attributes(tmp_path):
    earned, runs = Counter(), 5
    for run in range(runs):
        fixed, arms, kinds = words(np.random.default_rng(run))
        for kind, values in kinds.items():
            tables = word_tables(tmp_path / f"{run} {kind}", fixed, arms | {"sft": values})
            earned.update((kind, name) for name in supported(tables, WORDS))
    assert {key: n for key, n in earned.items() if key[0] != "knows them"} == {}
    assert all(earned["knows them", name] >= runs - 1 for name in WORDS[:3]), earned


def test_answers_that_do_not_regard_the_respondent_support_no_claim_on_role_play():
    """The prompted model gives one answer to nearly everybody; anything flatter is nearer."""
    earned, runs, rng = Counter(), 5, np.random.default_rng(0)
    codes = pl.DataFrame(
        [(q, c) for q in QUESTIONS for c in range(1, 5)], ["question", "code"], orient="row"
    )
    for _ in range(runs):
        chances = softened(noise(rng, 1.0))
        people = pl.DataFrame(
            [(r, q, int(c)) for q, share in zip(QUESTIONS, chances, strict=True)
             for r, c in enumerate(rng.choice(4, 40, p=share) + 1)],
            ["respondent", "question", "code"], orient="row",
        ).with_columns(answer=pl.lit(None, pl.Int64))  # fmt: skip
        constant = constant_answers(people, codes)
        drawn = pl.Series(rng.integers(1, 5, len(people)))
        one = people.with_columns(answer=pl.when(pl.Series(rng.random(len(people)) < 0.9)).then(
            pl.lit(2)).otherwise(drawn))  # fmt: skip
        same = pl.when(pl.Series(rng.random(len(people)) < 0.7)).then("code").otherwise(drawn)
        kinds = constant | {"at random": people.with_columns(answer=drawn),
                            "knows them": people.with_columns(answer=same)}  # fmt: skip
        for kind, answers in kinds.items():
            scores = pl.concat(
                score_questions(pairs, codes).with_columns(
                    culture=pl.lit("us"), model=pl.lit("-" if method in constant else "llama"),
                    method=pl.lit(method), seed=pl.lit(None, pl.Int64),
                )
                for method, pairs in {"persona-prompt": one, "clca": answers, **constant}.items()
            )  # fmt: skip
            rows = persona_tables.pair_rows(scores, ["persona-prompt", "clca"], EVALUATION)
            table = rows.with_columns(pl.lit("Llama").alias("M Class"))
            earned[kind] += len(supported({"personas_contrasts": table}, ["clca_english"]))
    assert earned.pop("knows them") == runs and not any(earned.values()), earned
