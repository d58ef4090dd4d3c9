"""Result tables of a small world whose truth is known, written as in a run."""

from pathlib import Path

import matplotlib.pyplot as plt
import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.data.survey.topics import topic_of
from culturalign.report import ranking_tables
from culturalign.report.attributes import attribute_contrasts, attribute_tables, profile
from culturalign.report.attributes.likeness import Noise
from culturalign.report.claims import checking
from culturalign.report.claims.statements import read_claims
from culturalign.report.generation_tables import write_contrasts, write_main
from culturalign.report.mcq_tables import write_accuracy
from culturalign.report.survey import (
    example_tables,
    label_mass,
    tension_table,
    value_contrasts,
    value_tables,
)
from culturalign.report.survey.topic_figure import topic_rows
from culturalign.scores.arm_columns import with_arm
from culturalign.scores.survey_baselines import score_references
from culturalign.scores.survey_distances import score_arm

ROOT = Path(__file__).resolve().parents[4]
CLAIMS = {
    claim.id: claim for claim in read_claims(ROOT / "resources/paper/claims.yaml", checking.CHECKS)
}
LABELS = {
    "models": {"llama": "Llama", "qwen": "Qwen", "l70": "Llama3.1_70b", "q72": "Qwen2.5_72b"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues", "ppo": "PPO"},
    "cultures": {"us": "US", "cn": "ZH"},
    "scorings": {"plain": "plain", "debiased": "4 orders"},
}
NATIONS = {"USA": "US", "CHN": "ZH"}
CONTROL = "sft-shuffled"
COUNTRIES = {"us": "USA", "cn": "CHN"}
EVALUATION = Evaluation(resamples=200)
# precision at K = 5, 10 and 40 is this, less 0.1 and 0.2, on every cue
PRECISION = {
    "us": {("llama", "vanilla"): 0.70, ("llama", "sft"): 0.826, ("llama", "sft-shuffled"): 0.75,
           ("qwen", "vanilla"): 0.60, ("qwen", "sft"): 0.60, ("qwen", "sft-shuffled"): 0.65},
    "cn": {("llama", "vanilla"): 0.30, ("llama", "sft"): 0.60, ("llama", "sft-shuffled"): 0.35,
           ("qwen", "vanilla"): 0.50, ("qwen", "sft"): 0.62, ("qwen", "sft-shuffled"): 0.55},
}  # fmt: skip
# rho on every cue
RHO = {
    "us": {("llama", "vanilla"): 0.2, ("llama", "ppo"): 0.3, ("llama", "sft"): 0.4,
           ("qwen", "vanilla"): 0.3, ("qwen", "ppo"): 0.3, ("qwen", "sft"): 0.2,
           ("llama", CONTROL): 0.0, ("qwen", CONTROL): 0.0},
    "cn": {("llama", "vanilla"): 0.2, ("llama", "ppo"): 0.1, ("llama", "sft"): 0.1,
           ("qwen", "vanilla"): 0.2, ("qwen", "ppo"): 0.3, ("qwen", "sft"): 0.5,
           ("llama", CONTROL): 0.0, ("qwen", CONTROL): 0.0},
}  # fmt: skip
# share of "yes" to every question; people: USA 0.9, China 0.2
YES = {
    "us": {("llama", "vanilla"): 0.6, ("llama", "sft"): 0.7, ("llama", "sft-shuffled"): 0.6,
           ("llama", "ppo"): 0.85, ("qwen", "vanilla"): 0.5, ("qwen", "sft"): 0.4,
           ("qwen", "sft-shuffled"): 0.5, ("qwen", "ppo"): 0.55, ("l70", "vanilla"): 0.8,
           ("q72", "vanilla"): 0.8},
    "cn": {("llama", "vanilla"): 0.8, ("llama", "sft"): 0.7, ("llama", "sft-shuffled"): 0.8,
           ("llama", "ppo"): 0.75, ("qwen", "vanilla"): 0.7, ("qwen", "sft"): 0.25,
           ("qwen", "sft-shuffled"): 0.7, ("qwen", "ppo"): 0.7, ("l70", "vanilla"): 0.5,
           ("q72", "vanilla"): 0.4},
}  # fmt: skip
# concreteness of the arms on every cue, less that of humans; valence and arousal are theirs, but
# those of the control are one off
CONCRETENESS = {
    "us": {("llama", "vanilla"): -0.25, ("llama", "ppo"): -0.3, ("llama", "sft"): -0.05,
           ("qwen", "vanilla"): -0.3, ("qwen", "ppo"): -0.3, ("qwen", "sft"): -0.1,
           ("llama", CONTROL): -0.3, ("qwen", CONTROL): -0.1},
    "cn": {("llama", "vanilla"): -0.3, ("llama", "ppo"): -0.3, ("llama", "sft"): -0.08,
           ("qwen", "vanilla"): 0.0, ("qwen", "ppo"): 0.1, ("qwen", "sft"): 0.2},
}  # fmt: skip
QUESTIONS = ("Q149", "Q168", "Q165", "Q118", "Q166", "Q167", "Q131", "Q58", "Q59", "Q107",
             "Q108", "Q112", "Q177", "Q178", "Q200", "Q201")  # fmt: skip


def frame(rows, *names):
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def scored(culture, arms):
    """Columns of an arm, a cue, and the arm's value."""
    for (model, method), value in arms.items():
        seed = None if method == "vanilla" else 0
        for cue in range(12):
            yield culture, model, method, seed, f"cue{cue}", value


def precision(culture):
    arms = PRECISION[culture] | {("-", "frequent"): 0.3}
    less = {5: 0, 10: 0.1, 40: 0.2}
    rows = [(*lead, k, x - less[k]) for *lead, x in scored(culture, arms) for k in less]
    return frame(rows, "culture", "model", "method", "seed", "cue", "k", "precision")


def rankings(culture):
    arms = RHO[culture] | {("-", "corpus"): 0.1}
    table = frame(list(scored(culture, arms)), "culture", "model", "method", "seed", "cue", "rho")
    rho = pl.col("rho")
    return table.with_columns(
        k=10, ratio=rho, reward=rho, complete=True, parsed=True, truncated=False
    )


def choices():
    """Vanilla Llama is always right, vanilla Qwen in half of the questions."""
    rows = [
        (
            culture,
            model,
            "frequent" if model == "-" else "vanilla",
            None,
            f"cue{cue}",
            scoring,
            0.9,
            right,
            1 - right,
            0.0,
            0.0,
        )
        for culture in ("us", "cn")
        for model, often in (("llama", 1), ("qwen", 2), ("-", 4))
        for scoring in ("plain", "debiased")
        for cue in range(40)
        for right in (float(cue % often == 0),)
    ]
    table = frame(rows, "culture", "model", "method", "seed", "cue", "scoring", "mass", "high",
                  "low", "indirect", "random")  # fmt: skip
    return table.with_columns(pl.col("seed").cast(pl.Int64))


def options(yes):
    """A row an option of every question; the share of yes is a little less from each to each."""
    rows = [
        (question, code, share)
        for place, question in enumerate(QUESTIONS)
        for code, share in ((1, yes - place / 1000), (2, 1 - yes + place / 1000))
    ]
    return frame(rows, "question", "code", "share")


HUMAN = pl.concat(
    [options(yes).with_columns(country=pl.lit(c)) for c, yes in (("USA", 0.9), ("CHN", 0.2))]
)
QUESTIONNAIRE = options(0.5).select(
    "question", "code", topic=pl.col("question").map_elements(topic_of, pl.String),
    wording="Is it so | " + pl.col("question"), ordinal=pl.lit(True), place=pl.col("code") - 1,
    option=pl.col("code").replace_strict({1: "Yes", 2: "No"}),
)  # fmt: skip
CHECKS = pl.DataFrame({"question": QUESTIONS}).with_columns(
    mass_plain=0.9, mass_debiased=0.8, order_effect=0.1
)
COUNTS = HUMAN.with_columns(count=(pl.col("share") * 1000).round().cast(pl.Int64))
REFERENCES = score_references(COUNTS, QUESTIONNAIRE, ("USA", "CHN"), repeats=5, seed=0)


def answers(culture):
    """Debiased, no arm has an answer: there is nothing but position."""
    return pl.concat(
        with_arm(
            options(yes).rename({"share": "plain"}).with_columns(debiased=0.5),
            model=model,
            arm="vanilla" if method == "vanilla" else f"{culture}-{method}-seed0",
        )
        for (model, method), yes in YES[culture].items()
    )


def attribute_values(culture):
    rows = [
        (model, method, None if method in ("human", "vanilla") else 0, f"cue{cue}", measure,
         3 + cue / 100 + (less if measure.startswith("concreteness") else method == CONTROL))
        for (model, method), less in {("-", "human"): 0.0, **CONCRETENESS[culture]}.items()
        for measure in ("valence", "arousal", "concreteness", "valence found", "arousal found",
                        "concreteness found")
        for cue in range(12)
    ]  # fmt: skip
    return frame(rows, "model", "method", "seed", "cue", "measure", "value")


def write_attributes(stem, culture):
    values, options = attribute_values(culture), Norms(files={})
    # margins of 0.2 and 0.1
    noise = {name: Noise(margin / options.margin, 0.9 / 1.1, 100) for name, margin in
             (("valence", 0.2), ("arousal", 0.2), ("concreteness", 0.1))}  # fmt: skip
    found = attribute_tables.profile_rows(values, [], LABELS, culture, EVALUATION, options, noise)
    attribute_tables.write_profile(stem, found, [], raw=False)
    attribute_contrasts.write_tests(f"{stem}_tests", found, options)
    pairs = [((m, "sft"), (m, x)) for m in ("llama", "qwen") for x in ("vanilla", CONTROL)]
    contrasts = profile.contrast_rows(values, pairs, EVALUATION)
    attribute_contrasts.write_contrasts(f"{stem}_contrasts", contrasts, LABELS, culture)


def divergences(culture):
    arm = ["model", "culture", "method", "seed"]
    parts = answers(culture).partition_by(arm, maintain_order=True)
    found = [score_arm(mine.drop(arm), CHECKS, HUMAN, QUESTIONNAIRE) for mine in parts]
    first = [mine.select(arm).head(1) for mine in parts]
    return pl.concat(a.join(b, how="cross") for a, b in zip(first, found, strict=True))


def write_data(folder):
    """Sizes of the data: English as in the paper, Mandarin with too few cues; CLCA's answers."""
    questions = QUESTIONNAIRE.unique("question").sort("question")
    questions.with_row_index("rank", 1).write_csv(folder / "survey_questions.csv")
    questions.select("question").write_csv(folder / "survey_ledger.csv")
    sizes = [
        ("us", "trials", "read", 1_228_200), ("us", "cues", "in train", 9_826),
        ("us", "cues", "in test", 2_456), ("cn", "trials", "read", 690_000),
        ("cn", "cues", "in train", 9_000),
    ]  # fmt: skip
    ledger = pl.DataFrame(sizes, ["culture", "unit", "what", "count"], orient="row")
    ledger.write_csv(folder / "ledger.csv")
    ends = {("us", "Llama"): (-0.2, -0.1), ("us", "Qwen"): (0.1, 0.2),
            ("cn", "Llama"): (-0.2, 0.1), ("cn", "Qwen"): (-0.3, -0.2)}  # fmt: skip
    known = dict.fromkeys(("first", "majority", "uniform"), (-0.2, -0.1))
    rows = [
        {"culture": culture, "M Class": model, "method": "clca", "minus": minus,
         "measure": "js", "difference": (low + high) / 2, "low": low, "high": high, "n": 50}
        for (culture, model), prompt in ends.items()
        for minus, (low, high) in {"persona-prompt": prompt, **known}.items()
    ]  # fmt: skip
    pl.DataFrame(rows).write_csv(folder / "personas_contrasts.csv")


def write_tables(folder):
    """Write the tables with the functions that write them in a run; return them as read back."""
    tension = pl.DataFrame({"question": QUESTIONS})
    write_accuracy(str(folder / "table9_accuracy"), choices(), LABELS, EVALUATION)
    for culture, name in (("us", "table3"), ("cn", "table4")):
        stem, scores = str(folder / name), rankings(culture)
        arms = scores.filter(pl.col("model") != "-")
        ranking_tables.write_main(stem, arms, LABELS, EVALUATION)
        ranking_tables.write_contrasts(f"{stem}_contrasts", scores, LABELS, [CONTROL], EVALUATION)
    for culture, name in (("us", "table1"), ("cn", "table2")):
        scores = precision(culture)
        stem = str(folder / name)
        write_main(stem, scores, LABELS, EVALUATION)
        write_contrasts(f"{stem}_contrasts", scores, LABELS, [CONTROL], EVALUATION)
        rows = tension_table.tension_rows(
            divergences(culture), REFERENCES, answers(culture), HUMAN, tension, ("USA", "CHN"),
            COUNTRIES, LABELS, NATIONS, evaluation=EVALUATION,
        )  # fmt: skip
        tension_table.write_tension(str(folder / f"tension_{culture}"), rows, ["US", "ZH"])
        write_attributes(str(folder / {"us": "table5", "cn": "table6"}[culture]), culture)
    each = [divergences(c).filter(country=COUNTRIES[c]) for c in COUNTRIES]
    scores = pl.concat(each)
    rows = value_tables.value_rows(scores, EVALUATION, LABELS, NATIONS, REFERENCES)
    arms = scores.select("model", "culture", "method").unique()
    big = pl.col("model").is_in(["l70", "q72"])
    engines = arms.with_columns(
        engine=pl.when(big).then(pl.lit("vllm")).otherwise(pl.lit("hf")),
        dtype=pl.lit("bf16"),
        lost=0,
    )
    value_tables.write_values(str(folder / "table7"), rows, engines)
    rows = value_contrasts.contrast_rows(scores, EVALUATION, LABELS, NATIONS, [CONTROL])
    stem = str(folder / "table7_contrasts")
    value_contrasts.write_contrasts(stem, rows, LABELS, NATIONS, engines)
    mine = label_mass.beside(answers("cn"), divergences("cn"), "plain")
    mine = mine.filter(pl.col("method") != "sft-shuffled")
    chosen = example_tables.example_questions(mine)
    given = HUMAN, QUESTIONNAIRE, LABELS, NATIONS, "CHN"
    rows = example_tables.example_rows(chosen, mine, *given)
    example_tables.write_examples(str(folder / "table8"), rows)
    rows = example_tables.religion_rows(mine, HUMAN, QUESTIONNAIRE, "CHN", LABELS)
    example_tables.write_religion(str(folder / "table14"), rows)
    write_data(folder)
    for name, measure in (("fig12", "js"), ("fig13", "emd")):
        topic_rows(each[1], REFERENCES, measure, "CHN", LABELS).write_csv(folder / f"{name}.csv")
    plt.close("all")
    return {f.stem: pl.read_csv(f, infer_schema_length=None) for f in folder.glob("*.csv")}


def world(tables, *, synthetic=False, models=("Llama", "Qwen")):
    cultures = {
        place: {"label": place, "name": name, "synthetic": synthetic}
        | {"table": tables_[0], "ranking": tables_[1], "attributes": tables_[2]}
        for place, name, *tables_ in (
            ("US", "us", "table1", "table3", "table5"),
            ("ZH", "cn", "table2", "table4", "table6"),
        )
    }
    return checking.Run(tables, cultures, list(models), {CONTROL: "SFT, shuffled cues"})


def outcomes(run, names=CLAIMS, scoring=("plain", "-")):
    found = checking.check_claims([CLAIMS[name] for name in names], run)
    return {(o.claim.id, o.model): o for o in found if o.scoring in scoring}
