"""The claims page: on tables of a small world whose truth is known, and on none at all."""

from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.data.survey.topics import topic_of
from culturalign.report import ranking_tables as ranking_tables
from culturalign.report.attributes import attribute_contrasts, profile
from culturalign.report.attributes import attribute_tables as attribute_tables
from culturalign.report.claims import claims_table
from culturalign.report.claims.statements import Claim, read_claims
from culturalign.report.generation_tables import write_contrasts, write_main
from culturalign.report.mcq_tables import write_accuracy
from culturalign.report.page import read_table
from culturalign.report.survey import example_tables, tension_table, value_contrasts, value_tables
from culturalign.report.survey.topic_figure import topics
from culturalign.scores.survey_distances import score_arm
from culturalign.stats.intervals import bootstrap_mean, bootstrap_means

ROOT = Path(__file__).resolve().parents[4]
CLAIMS = read_claims(ROOT / "resources/paper/claims.yaml")
LABELS = {
    "models": {"llama": "Llama", "qwen": "Qwen", "l70": "Llama3.1_70b", "q72": "Qwen2.5_72b"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues", "ppo": "PPO"},
    "cultures": {"us": "US", "cn": "ZH"},
}
NATIONS = {"USA": "US", "CHN": "ZH"}
COUNTRIES = {"us": "USA", "cn": "CHN"}
EVALUATION = Evaluation(bootstrap=200)
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
           ("qwen", "vanilla"): 0.3, ("qwen", "ppo"): 0.3, ("qwen", "sft"): 0.2},
    "cn": {("llama", "vanilla"): 0.2, ("llama", "ppo"): 0.1, ("llama", "sft"): 0.1,
           ("qwen", "vanilla"): 0.2, ("qwen", "ppo"): 0.3, ("qwen", "sft"): 0.5},
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
# concreteness of the arms on every cue, less that of humans; valence and arousal are theirs
CONCRETENESS = {
    "us": {("llama", "vanilla"): -0.25, ("llama", "ppo"): -0.3, ("llama", "sft"): -0.05,
           ("qwen", "vanilla"): -0.3, ("qwen", "ppo"): -0.3, ("qwen", "sft"): -0.1},
    "cn": {("llama", "vanilla"): -0.3, ("llama", "ppo"): -0.3, ("llama", "sft"): -0.08,
           ("qwen", "vanilla"): 0.0, ("qwen", "ppo"): 0.1, ("qwen", "sft"): 0.2},
}  # fmt: skip
QUESTIONS = ("Q149", "Q168", "Q165", "Q118", "Q166", "Q167", "Q131", "Q58", "Q59", "Q107",
             "Q108", "Q112", "Q177", "Q178", "Q200", "Q201")  # fmt: skip


def precision(culture):
    arms = {**PRECISION[culture], ("-", "frequent"): 0.2}
    rows = [
        (culture, model, method, None if method == "vanilla" else 0, f"cue{cue}", k, value - less)
        for (model, method), value in arms.items()
        for cue in range(3)
        for k, less in ((5, 0), (10, 0.1), (40, 0.2))
    ]
    names = ["culture", "model", "method", "seed", "cue", "k", "precision"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def rankings(culture):
    rows = [
        (culture, model, method, None if method == "vanilla" else 0, f"cue{cue}", 10, rho, rho, rho)
        for (model, method), rho in (RHO[culture] | {("-", "corpus"): 0.1}).items()
        for cue in range(3)
    ]
    names = ["culture", "model", "method", "seed", "cue", "k", "rho", "ratio", "reward"]
    table = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return table.with_columns(complete=True, parsed=True, truncated=False)


def choices():
    """Vanilla Llama is always right, vanilla Qwen in half of the questions."""
    rows = [
        (culture, model, "vanilla", None, f"cue{cue}", scoring, 0.9, right, 1 - right, 0.0, 0.0)
        for culture in ("us", "cn")
        for model, often in (("llama", 1), ("qwen", 2))
        for scoring in ("plain", "debiased")
        for cue in range(12)
        for right in (float(cue % often == 0),)
    ]
    names = ["culture", "model", "method", "seed", "cue", "scoring", "mass", "high", "low",
             "indirect", "random"]  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides={"seed": pl.Int64})


def options(yes):
    """A row an option of every question; the share of yes is a little less from each to each."""
    rows = [
        (question, code, share)
        for place, question in enumerate(QUESTIONS)
        for code, share in ((1, yes - place / 1000), (2, 1 - yes + place / 1000))
    ]
    return pl.DataFrame(rows, schema=["question", "code", "share"], orient="row")


HUMAN = pl.concat(
    [options(yes).with_columns(country=pl.lit(c)) for c, yes in (("USA", 0.9), ("CHN", 0.2))]
)
QUESTIONNAIRE = options(0.5).select(
    "question",
    "code",
    topic=pl.col("question").map_elements(topic_of, pl.String),
    wording="Is it so | " + pl.col("question"),
    option=pl.col("code").replace_strict({1: "Yes", 2: "No"}),
    ordinal=pl.lit(True),
    place=pl.col("code") - 1,
)
CHECKS = pl.DataFrame({"question": QUESTIONS}).with_columns(
    mass_plain=0.9, mass_debiased=0.8, order_effect=0.1
)


def answers(culture):
    parts = []
    for (model, method), yes in YES[culture].items():
        trained = method != "vanilla"
        shares = options(yes).rename({"share": "plain"})
        parts.append(
            shares.select(
                pl.lit(model).alias("model"),
                pl.lit(culture if trained else None, dtype=pl.String).alias("culture"),
                pl.lit(method).alias("method"),
                pl.lit(0 if trained else None, dtype=pl.Int64).alias("seed"),
                "question",
                "code",
                "plain",
                debiased=pl.lit(0.5),  # no order has an answer: nothing but position
            )
        )
    return pl.concat(parts)


def attribute_values(culture):
    rows = [
        (model, method, None if method in ("human", "vanilla") else 0, f"cue{cue}", measure,
         3 + cue / 100 + (less if measure.startswith("concreteness") else 0))
        for (model, method), less in {("-", "human"): 0.0, **CONCRETENESS[culture]}.items()
        for measure in ("valence", "arousal", "concreteness", "valence found", "arousal found",
                        "concreteness found")
        for cue in range(12)
    ]  # fmt: skip
    names = ["model", "method", "seed", "cue", "measure", "value"]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def write_attributes(stem, culture):
    values, options = attribute_values(culture), Norms(files={})
    found = attribute_tables.profile_rows(values, [], LABELS, culture, EVALUATION, options)
    attribute_tables.write_profile(stem, found, [], raw=False)
    attribute_contrasts.write_tests(f"{stem}_tests", found, options)
    pairs = [((m, "sft"), (m, "vanilla")) for m in ("llama", "qwen")]
    contrasts = profile.contrast_rows(values, pairs, EVALUATION)
    attribute_contrasts.write_contrasts(f"{stem}_contrasts", contrasts, LABELS, culture)


def divergences(culture):
    arm = ["model", "culture", "method", "seed"]
    parts = []
    for key, mine in answers(culture).group_by(*arm, maintain_order=True):
        found = score_arm(mine.drop(arm), CHECKS, HUMAN, QUESTIONNAIRE)
        who = [mine[name].head(1).alias(name) for name in arm]
        parts.append(pl.DataFrame(who).join(found, how="cross"))
        assert len(found), key
    return pl.concat(parts)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The tables of this world, written by the functions that write them in a run."""
    folder = tmp_path_factory.mktemp("tables")
    interval, intervals = (
        partial(function, resamples=200, confidence=0.95, seed=0)
        for function in (bootstrap_mean, bootstrap_means)
    )
    again = {"resamples": 50, "seed": 0}
    tension = pl.DataFrame({"question": QUESTIONS})
    write_accuracy(str(folder / "table9_accuracy"), choices(), LABELS, EVALUATION)
    for culture, name in (("us", "table3"), ("cn", "table4")):
        stem, scores = str(folder / name), rankings(culture)
        arms = scores.filter(pl.col("model") != "-")
        ranking_tables.write_main(stem, arms, LABELS, EVALUATION)
        ranking_tables.write_contrasts(f"{stem}_contrasts", scores, LABELS, [], EVALUATION)
    for culture, name in (("us", "table1"), ("cn", "table2")):
        scores = precision(culture)
        stem, labels = str(folder / name), LABELS
        write_main(stem, scores.filter(pl.col("model") != "-"), labels, EVALUATION)
        write_contrasts(f"{stem}_contrasts", scores, labels, ["sft-shuffled"], EVALUATION)
        rows = tension_table.tension_rows(
            divergences(culture), answers(culture), HUMAN, tension, ("USA", "CHN"), COUNTRIES,
            labels, **again,
        )  # fmt: skip
        tension_table.write_tension(str(folder / f"tension_{culture}"), rows, ["US", "ZH"])
        write_attributes(str(folder / {"us": "table5", "cn": "table6"}[culture]), culture)
    each = [divergences(c).filter(country=COUNTRIES[c]) for c in COUNTRIES]
    scores = pl.concat(each)
    rows = value_tables.value_rows(scores, interval, LABELS, NATIONS)
    arms = scores.select("model", "culture", "method").unique()
    big = pl.col("model").is_in(["l70", "q72"])
    engines = arms.with_columns(
        engine=pl.when(big).then(pl.lit("vllm")).otherwise(pl.lit("hf")), dtype=pl.lit("bf16")
    )
    value_tables.write_values(str(folder / "table7"), rows, engines)
    rows = value_contrasts.contrast_rows(scores, intervals, LABELS, NATIONS, ["sft-shuffled"])
    value_contrasts.write_contrasts(
        str(folder / "table7_contrasts"), rows, LABELS, NATIONS, engines
    )
    mine = answers("cn").filter(pl.col("method") != "sft-shuffled")
    rows = example_tables.example_rows(
        example_tables.example_questions(mine), mine, HUMAN, QUESTIONNAIRE, LABELS, NATIONS
    )
    example_tables.write_examples(str(folder / "table8"), rows)
    rows = example_tables.religion_rows(mine, HUMAN, QUESTIONNAIRE, "CHN", LABELS)
    example_tables.write_religion(str(folder / "table14"), rows)
    QUESTIONNAIRE.unique("question").write_csv(folder / "survey_questions.csv")
    for name, measure in (("fig12", "js"), ("fig13", "emd")):
        numbers = topics(each[1], measure, "CHN", LABELS)[1]
        numbers.write_csv(folder / f"{name}.csv")
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
    return claims_table.Run(tables, cultures, list(models), "SFT, shuffled cues")


def statuses(run, scoring=("plain", "-")):
    found = claims_table.check_claims(CLAIMS, run)
    return {(o.claim.id, o.model): o.status for o in found if o.scoring in scoring}


def test_where_all_tables_are_there_only_what_is_not_built_is_untestable(results):
    """Guards the names of tables and columns that the statements use."""
    found = claims_table.check_claims(CLAIMS, world(results))
    plain = [o for o in found if o.scoring != "debiased"]
    whys = {o.claim.id: o.why for o in plain if o.status == claims_table.UNTESTABLE}
    assert whys == {c.id: c.arguments["why"] for c in CLAIMS if c.check == "untested"}


EXPECTED = {
    # 0.826 / 0.7 = 1.18; Qwen gains nothing in English
    ("p5_english", "Llama"): claims_table.HOLDS,
    ("p5_english", "Qwen"): claims_table.FAILS,
    # 0.6 / 0.3 = 2; 0.62 / 0.5 = 1.24 is outside 43 to 165 percent
    ("p5_mandarin", "Llama"): claims_table.HOLDS,
    ("p5_mandarin", "Qwen"): claims_table.FAILS,
    ("sft_english", "Llama"): claims_table.HOLDS,
    ("sft_english", "Qwen"): claims_table.FAILS,
    ("knowledge_english", "Llama"): claims_table.HOLDS,
    ("knowledge_english", "Qwen"): claims_table.FAILS,  # below the shuffled control
    ("english_above_mandarin", "Llama"): claims_table.HOLDS,
    ("english_above_mandarin", "Qwen"): claims_table.FAILS,  # SFT 0.60 against 0.62
    ("qwen_above_llama", "Qwen"): claims_table.HOLDS,
    ("questions", "-"): claims_table.FAILS,  # 16
    ("topics", "-"): claims_table.FAILS,  # 7
    ("vanilla_english", "Llama"): claims_table.HOLDS,  # 0.6 is nearer to 0.9 than 0.5
    ("vanilla_mandarin", "Qwen"): claims_table.HOLDS,  # 0.7 is nearer to 0.2 than 0.8
    ("vanilla_bias", "Llama"): claims_table.HOLDS,  # 16 of 16
    ("vanilla_qwen_chinese", "Qwen"): claims_table.FAILS,
    ("sft_values_mandarin", "Llama"): claims_table.HOLDS,
    ("sft_values_mandarin", "Qwen"): claims_table.HOLDS,
    ("sft_values_english", "Llama"): claims_table.HOLDS,
    ("sft_values_english", "Qwen"): claims_table.FAILS,  # from 0.5 to 0.4, away from 0.9
    ("ppo_values_mandarin", "Llama"): claims_table.HOLDS,
    ("ppo_values_mandarin", "Qwen"): claims_table.FAILS,  # unchanged
    ("values_by_associations", "Qwen"): claims_table.HOLDS,
    ("smaller_in_english", "Qwen"): claims_table.HOLDS,  # worse by 0.1, better by 0.45
    # in EMD both come nearer by exactly 0.1
    ("smaller_in_english", "Llama"): claims_table.FAILS,
    ("llama_past_vanilla_qwen", "Llama"): claims_table.FAILS,  # equal
    ("ppo_for_english", "Qwen"): claims_table.HOLDS,
    ("sft_for_mandarin", "Qwen"): claims_table.HOLDS,
    ("small_rivals_large_english", "Llama"): claims_table.HOLDS,
    ("ppo_llama_best", "Llama"): claims_table.HOLDS,
    ("ppo_llama_beats_72b", "Llama"): claims_table.HOLDS,  # 0.85 and 0.8 against 0.9
    ("sft_qwen_best", "Qwen"): claims_table.HOLDS,
    ("match_mandarin", "Qwen"): claims_table.HOLDS,  # from no question to all
    ("match_mandarin", "Llama"): claims_table.FAILS,  # none before, none after
    ("match_72b", "Qwen"): claims_table.FAILS,  # all questions of both are below 0.3
    ("shift_english", "Llama"): claims_table.HOLDS,
    ("shift_english", "Qwen"): claims_table.FAILS,  # the wrong way
    ("shift_mandarin", "Qwen"): claims_table.HOLDS,
    ("leaning_mandarin", "Qwen"): claims_table.HOLDS,  # 0 to 16
    ("leaning_mandarin", "Llama"): claims_table.FAILS,  # 0 to 0
    ("qwen_doubles", "Qwen"): claims_table.FAILS,  # from 0 there is no doubling
    ("llama_third", "Llama"): claims_table.FAILS,  # the surplus stays 16
    ("examples", "Llama"): claims_table.HOLDS,
    ("english_qwen", "Qwen"): claims_table.FAILS,
    ("topics_better", "Qwen"): claims_table.HOLDS,
    ("topics_worse", "Qwen"): claims_table.FAILS,
    ("belief", "Qwen"): claims_table.HOLDS,
    ("heaven", "Qwen"): claims_table.HOLDS,
    ("ppo_ranking_english", "Llama"): claims_table.HOLDS,
    ("ppo_ranking_english", "Qwen"): claims_table.FAILS,  # 0.3 to 0.3
    ("ppo_ranking_mandarin", "Llama"): claims_table.FAILS,  # falls
    ("ppo_ranking_mandarin", "Qwen"): claims_table.HOLDS,
    ("ppo_below_sft_english", "Llama"): claims_table.HOLDS,
    ("ppo_below_sft_english", "Qwen"): claims_table.FAILS,
    ("ppo_below_sft_mandarin", "Llama"): claims_table.FAILS,  # equal
    ("multiple_choice_english", "Llama"): claims_table.HOLDS,
    ("multiple_choice_mandarin", "Qwen"): claims_table.FAILS,  # half
    ("free_form", "-"): claims_table.UNTESTABLE,
    ("valence_english", "Llama"): claims_table.HOLDS,
    ("arousal_english", "Llama"): claims_table.HOLDS,
    ("arousal_mandarin", "Qwen"): claims_table.FAILS,  # equal to humans here
    ("concreteness_gain_english", "Llama"): claims_table.HOLDS,  # 0.20
    ("concreteness_gain_mandarin", "Llama"): claims_table.FAILS,  # 0.22
    ("concreteness_rises_mandarin", "Qwen"): claims_table.HOLDS,
    ("concreteness_below_english", "Llama"): claims_table.FAILS,  # 0.05
    ("concreteness_below_english", "Qwen"): claims_table.HOLDS,  # 0.10
    ("vanilla_abstract_english", "Llama"): claims_table.HOLDS,
    ("vanilla_abstract_mandarin", "Qwen"): claims_table.FAILS,  # equal
    ("ppo_abstract_mandarin", "Qwen"): claims_table.FAILS,  # above
    ("human_profile_english", "Llama"): claims_table.HOLDS,  # 0.05, the margin is 0.1
    ("human_profile_mandarin", "Qwen"): claims_table.FAILS,  # 0.2 above
}


def test_a_world_whose_truth_is_known(results):
    found = statuses(world(results))
    assert {name: found[name] for name in EXPECTED} == EXPECTED


def test_distances_on_the_same_questions_are_never_subtracted_unpaired():
    paired = [c for c in CLAIMS if "table7_contrasts" in str(c.arguments)]
    assert {"values_by_associations", "ppo_for_english", "match_mandarin"} <= {c.id for c in paired}
    for claim in CLAIMS:
        cell = claim.arguments.get("cell", {})
        if "minus" in cell:
            assert cell["table"] not in ("table7", "fig2", "$figure"), claim.id
            assert cell["table"] != "table7_contrasts" or "cannot be" in claim.note


def test_rows_of_different_engines_are_marked(results):
    ours = {o.claim.id: o for o in claims_table.check_claims(CLAIMS, world(results)) if o.parts}
    across, within = (ours[name].parts for name in ("ppo_llama_beats_72b", "ppo_for_english"))
    assert all("(scored with hf and vllm)" in found.text for _, found in across)
    assert not any("scored with" in found.text for _, found in within)


def test_debiased_answers_have_a_status_of_their_own(results):
    """Debiased, every arm answers one half to everything here: nothing is learned."""
    found = statuses(world(results), ("debiased",))
    assert found["sft_values_mandarin", "Qwen"] == claims_table.FAILS
    assert found["leaning_mandarin", "Qwen"] == claims_table.FAILS
    assert ("sft_english", "Llama") not in found


def test_without_any_table_nothing_holds_and_no_statement_is_dropped(tmp_path):
    run = world({})
    found = claims_table.check_claims(CLAIMS, run)
    assert {o.status for o in found} == {claims_table.UNTESTABLE}
    assert all(o.why for o in found)
    claims_table.write_claims(str(tmp_path / "claims"), found, run)
    rows = pl.read_csv(tmp_path / "claims.csv")
    assert list(dict.fromkeys(rows["id"])) == [claim.id for claim in CLAIMS]
    assert set(rows["status"]) == {claims_table.UNTESTABLE}


def test_a_run_without_the_countries_says_so():
    found = claims_table.check_claims(CLAIMS, claims_table.Run({}, {}, ["Gemma"]))
    assert {o.status for o in found} == {claims_table.UNTESTABLE}
    assert any(o.why == "no culture of the run stands for US" for o in found)


def test_claims_about_other_models_are_not_held_against_the_runs_own(results):
    """SmolLM2 has no row here; what the paper says of Llama and Qwen stays theirs."""
    found = claims_table.check_claims(CLAIMS, world(results, models=["SmolLM2"]))
    for outcome in found:
        if outcome.claim.models == "own":
            assert outcome.model == "SmolLM2"
            assert outcome.status == claims_table.UNTESTABLE
        else:
            assert outcome.model in (*outcome.claim.models, "-")
    (why,) = {o.why for o in found if o.claim.id == "sft_english"}
    assert why == "table1_contrasts has no rows SFT, SmolLM2, vanilla, 5"


def test_synthetic_people_carry_general_statements_alone(results):
    found = claims_table.check_claims(CLAIMS, world(results, synthetic=True))
    for o in found:
        general = o.claim.models == "own" and not o.claim.real
        if not general:
            assert o.status == claims_table.UNTESTABLE, o.claim.id
    tested = {o.claim.id for o in found if o.status != claims_table.UNTESTABLE}
    assert {"sft_english", "sft_values_mandarin", "shift_mandarin"} <= tested
    assert not {"questions", "p5_english", "vanilla_bias", "belief"} & tested


def claim(**changes):
    entry = {
        "id": "a",
        "place": "section | 4",
        "statement": "x is\nabove",
        "paper": {"Llama": "1", "Qwen": "2"},
        "models": "own",
        "each": {"k": [1, 2]},
        "check": "interval",
        "arguments": {"cell": {"table": "t", "where": {"k": "$k"}}, "side": "above"},
    }
    return Claim.model_validate(entry | changes)


def frame(*rows):
    return pl.DataFrame(rows, schema=["k", "mean", "low", "high"], orient="row")


def outcome_of(table, **changes):
    run = claims_table.Run({"t": table}, {}, ["Llama"])
    return claims_table.check_claims([claim(**changes)], run)[0]


def test_all_parts_must_hold_and_all_must_be_there():
    up, down = (1, 0.5, 0.4, 0.6), (2, 0.1, -0.1, 0.3)
    assert outcome_of(frame(up, (2, 0.1, 0.05, 0.2))).status == claims_table.HOLDS
    assert outcome_of(frame(up, down)).status == claims_table.FAILS
    lacking = outcome_of(frame(up))
    assert lacking.status == claims_table.UNTESTABLE and lacking.parts == []


def test_the_page_has_a_row_a_claim_and_model_the_csv_a_row_a_part(tmp_path):
    run = claims_table.Run(
        {"t": frame((1, 0.5, 0.4, 0.6), (2, 0.1, -0.1, 0.3))},
        {
            "US": {
                "label": "demo US",
                "name": "us",
                "table": "t",
                "ranking": None,
                "attributes": "a",
                "synthetic": True,
            }
        },
        ["Llama", "SmolLM2"],
    )
    stem = tmp_path / "claims"
    found = claims_table.check_claims([claim(cultures=["US"])], run)
    claims_table.write_claims(str(stem), found, run)
    page = read_table(stem.with_suffix(".md"))
    assert page["header"] == claims_table.HEADER
    assert page["rows"] == [
        ["section / 4", "x is above", model, "demo US (synthetic)", paper,
         "1: 0.500 [0.400, 0.600]; 2: 0.100 [-0.100, 0.300]", "does not hold", "-", "-", ""]
        for model, paper in (("Llama", "1"), ("SmolLM2", "Llama: 1; Qwen: 2"))
    ]  # fmt: skip
    rows = pl.read_csv(stem.with_suffix(".csv"))
    assert rows["part"].to_list() == [1, 2, 1, 2]
    assert rows["low"].to_list() == [0.4, -0.1, 0.4, -0.1]
    assert rows["holds"].to_list() == [True, False, True, False]


def test_a_statement_about_sft_is_held_against_the_control_too(results):
    found = claims_table.check_claims(CLAIMS, world(results))
    control = {(o.claim.id, o.model): o.control for o in found if o.scoring != "debiased"}
    assert control["sft_english", "Llama"] == claims_table.HOLDS  # 0.75 against 0.70
    assert (
        control["sft_english", "Qwen"] == claims_table.HOLDS
    )  # 0.65 against 0.60; SFT itself is not
    assert control["sft_values_mandarin", "Llama"] == claims_table.FAILS  # answers like vanilla
    assert control["knowledge_english", "Llama"] == "-"  # speaks of the control itself
    assert control["ppo_values_mandarin", "Llama"] == "-"  # not about SFT
    without = claims_table.check_claims(CLAIMS, world(results)._replace(control=None))
    assert {outcome.control for outcome in without} == {"-"}


def test_the_page_shows_the_debiased_status_beside_the_plain(results, tmp_path):
    run = world(results)
    found = claims_table.check_claims(CLAIMS, run)
    claims_table.write_claims(str(tmp_path / "claims"), found, run)
    rows = read_table(tmp_path / "claims.md")["rows"]
    assert len(rows) == len({(o.claim.id, o.model) for o in found})
    assert all(len(row) == len(claims_table.HEADER) for row in rows)
    (row,) = [r for r in rows if r[2] == "Qwen" and "raises the number of Chinese" in r[1]]
    assert row[5].startswith("0 to 16 of 16, gained 16, lost 0, p <0.001")
    assert row[6:8] == ["holds", "does not hold"]
    untestable = [r[6] == claims_table.UNTESTABLE for r in rows]
    assert untestable == sorted(untestable) and len(set(untestable)) == 2  # these come last
