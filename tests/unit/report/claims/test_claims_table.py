"""The claims page."""

import polars as pl
import pytest

from culturalign.report.claims import checking, claims_table
from culturalign.report.claims.findings import Finding
from culturalign.report.claims.verdicts import (
    SUPPORTED,
    UNATTRIBUTED,
    UNDECIDED,
    UNTESTABLE,
)
from tests.unit.report.claims.small_world import CLAIMS, outcomes, world


@pytest.mark.parametrize(
    ("name", "model", "text"),
    [
        ("leaning_mandarin", "Qwen", "0 to 16 of 16, gained 16, lost 0, p 0.025"),
        ("ppo_llama_beats_72b", "Llama", "(scored with hf and vllm)"),
        ("llama_third", "Llama", "16 to 16: -0 %, p 1.000"),
        ("valence_english", "Llama", "Wilcoxon p 1.000, equivalence p 0.000 (±0.2), n = 12"),
        ("vanilla_bias", "Llama", "1.000 [0.636, 1.000], n = 16"),
        ("free_form", "-", "no table compares PPO on the two tasks"),
    ],
)
def test_the_text_of_a_finding(results, name, model, text):
    assert text in claims_table._ours(outcomes(world(results))[name, model], 0.95)


def test_a_finding_on_a_part_of_the_tension_set_says_so(results):
    part = {"tension_cn": results["tension_cn"].with_columns(n=14)}
    found = outcomes(world(results | part), ["leaning_mandarin"])["leaning_mandarin", "Qwen"]
    assert found.parts[""].text.startswith("0 to 16 of 14 (set of 16), ")


def test_debiased_answers_have_a_status_of_their_own(results):
    """Debiased, every arm answers one half to everything here: nothing is learned."""
    found = outcomes(world(results), scoring=("debiased",))
    for name in ("sft_values_mandarin", "leaning_mandarin"):
        assert found[name, "Qwen"].status == UNDECIDED
    assert ("sft_english", "Llama") not in found


def test_without_any_table_nothing_holds_and_no_statement_is_dropped(written):
    run = world({})
    found = checking.check_claims(list(CLAIMS.values()), run)
    assert {o.status for o in found} == {UNTESTABLE}
    assert all(o.why for o in found)
    rows = written(claims_table.write_claims, found, run)[2]
    assert list(dict.fromkeys(rows["id"])) == list(CLAIMS)
    assert set(rows["status"]) == {UNTESTABLE}
    found = outcomes(checking.Run({}, {}, ["Gemma"])).values()  # nor any country
    assert {o.status for o in found} == {UNTESTABLE}
    assert any(o.why == "no culture of the run stands for US" for o in found)


def test_claims_about_other_models_are_not_checked_on_the_runs_own(results):
    """SmolLM2 has no row here; what the paper says of Llama and Qwen stays theirs."""
    found = outcomes(world(results, models=["SmolLM2"])).values()
    for outcome in found:
        if outcome.claim.models == "own":
            assert (outcome.model, outcome.status) == ("SmolLM2", UNTESTABLE)
        else:
            assert outcome.model in (*outcome.claim.models, "-")
    (why,) = {o.why for o in found if o.claim.id == "sft_english"}
    assert why == "table1_contrasts has no rows SFT, SmolLM2, vanilla, 5"


def test_synthetic_people_support_general_statements_only(results):
    found = outcomes(world(results, synthetic=True)).values()
    for o in found:
        if o.claim.models != "own" or o.claim.real:
            assert o.status == UNTESTABLE, o.claim.id
    tested = {o.claim.id for o in found if o.status != UNTESTABLE}
    assert {"sft_english", "sft_values_mandarin", "shift_mandarin"} <= tested
    assert not {"questions", "p5_english", "vanilla_bias", "belief"} & tested


def contrasts(*rows):
    columns = ["M Type", "M Class", "method", "minus", "k", "mean", "low", "high"]
    lead = ("SFT", "Llama", "sft", "vanilla")
    return {"table1_contrasts": pl.DataFrame([lead + row for row in rows], columns, orient="row")}


WEAK = "; ".join(
    f"sft-shuffled, {k}: not shown, table1_contrasts has no rows SFT, Llama, sft-shuffled, {k}: "
    "no number to compare, so not beaten"
    for k in (5, 10, 40)
)
UP, NOT_UP = (5, 0.5, 0.4, 0.6), (10, 0.1, -0.1, 0.3)


def test_all_parts_must_hold_and_all_must_be_there():
    def of(*rows):
        run = world(contrasts(*rows), models=["Llama"])
        return outcomes(run, ["sft_english"])["sft_english", "Llama"]

    assert (
        of(UP, (10, 0.1, 0.05, 0.2), (40, 0.1, 0.05, 0.2)).status == UNATTRIBUTED
    )  # nothing to beat
    assert of(UP, NOT_UP, (40, 0.1, 0.05, 0.2)).status == UNDECIDED
    lacking = of(UP)
    assert lacking.status == UNTESTABLE and not lacking.parts


def test_the_page_has_a_row_a_claim_and_model_the_csv_a_row_a_part(written):
    run = world(contrasts(UP, NOT_UP, (40, 0.2, 0.1, 0.3)), synthetic=True, models=["Llama", "Phi"])
    claim = CLAIMS["sft_english"].model_copy(update={"place": "section | 4", "note": "two\nlines"})
    found = checking.check_claims([claim], run)
    header, shown, rows = written(claims_table.write_claims, found, run)
    assert header == claims_table.HEADER
    # 80 % power: half an interval times 1 + 0.8416 / 1.96
    ours = "5: +0.500 [+0.400, +0.600] (80 % power from 0.143)"
    ours += "; 10: +0.100 [-0.100, +0.300] (80 % power from 0.286)"
    ours += "; 40: +0.200 [+0.100, +0.300] (80 % power from 0.143)"
    own, paper = claim.paper["Llama"], "; ".join(f"{m}: {x}" for m, x in claim.paper.items())
    missing = "table1_contrasts has no rows SFT, Phi, vanilla, 5"
    assert shown == [
        ["section / 4", claim.statement, model, "US (synthetic)", *more, "two lines"]
        for model, *more in (
            ("Llama", own, ours, "undecided (one training run)", UNDECIDED, "-", "-", WEAK),
            ("Phi", paper, missing, UNTESTABLE, "-", "-", "-", "-"),
        )
    ]  # fmt: skip
    assert rows["part"].to_list() == ["5", "10", "40", ""]
    assert rows["low"].to_list() == [0.4, -0.1, 0.1, None]
    assert rows["agrees"].to_list() == [True, True, True, None]


def test_power_is_told_as_a_distance_from_the_bound():
    """A ratio had to lie above 0.5: half an interval of 0.1 times 1 + 0.8416 / 1.96, beyond it."""
    of = {"value": 0.64, "low": 0.54, "high": 0.74, "agrees": True, "text": "+0.640"}
    beyond = claims_table._could(Finding(**of, bound=0.5), 0.95)
    assert beyond == " (80 % power from 0.143 beyond 0.5)"
    assert claims_table._could(Finding(**of), 0.95) == " (80 % power from 0.143)"


def test_a_statement_about_sft_is_checked_on_the_control_too(results):
    found = {name: outcome.control for name, outcome in outcomes(world(results)).items()}
    expected = {
        ("sft_english", "Llama"): SUPPORTED,  # 0.75, vanilla 0.70
        ("sft_english", "Qwen"): SUPPORTED,  # 0.65, vanilla 0.60; SFT itself does not gain
        ("sft_values_mandarin", "Llama"): UNDECIDED,  # answers like vanilla
        ("knowledge_english", "Llama"): "-",  # about the control itself
        ("ppo_values_mandarin", "Llama"): "-",  # not about SFT
    }
    assert {name: found[name] for name in expected} == expected
    without = outcomes(world(results)._replace(controls={})).values()
    assert {outcome.control for outcome in without} == {"-"}


def test_the_page_shows_the_debiased_status_next_to_the_plain(results, written):
    run = world(results)
    found = checking.check_claims(list(CLAIMS.values()), run)
    rows = written(claims_table.write_claims, found, run)[1]
    assert len(rows) == len({(o.claim.id, o.model) for o in found})
    (row,) = [r for r in rows if r[2] == "Qwen" and "raises the number of Chinese" in r[1]]
    state = f"{UNATTRIBUTED} (one training run)"  # the uniform answer is as near to Chinese
    assert row[6:9] == [state, UNDECIDED, "undecided (one training run)"]
    untestable = [r[6] == UNTESTABLE for r in rows]
    assert untestable == sorted(untestable) and len(set(untestable)) == 2  # these come last


def test_a_list_that_needs_no_model_takes_the_credit(results):
    table = results["table1_contrasts"]
    worse = pl.col("minus") == "frequent"
    edited = table.with_columns(
        pl.when(worse).then(0.01).otherwise("mean").alias("mean"),
        pl.when(worse).then(-0.01).otherwise("low").alias("low"),
    )
    found = outcomes(world(results | {"table1_contrasts": edited}), ["sft_english"])
    claim = found["sft_english", "Llama"]
    assert claim.status == UNATTRIBUTED
    shown = claims_table._rivals(claim, world(results))
    assert "Most frequent responses, 5: +0.010 [-0.010, +0.526]" in shown


@pytest.mark.parametrize(
    ("claim", "rival", "label"),
    [
        ("sft_english", "shuffled, 5", "Human lists of other cues, 5"),
        ("sft_english", "sft-shuffled, 5", "SFT, shuffled cues, 5"),
        ("sft_english", "sft@cn, 5", "SFT, trained on ZH, 5"),
        ("ppo_ranking_english", "corpus", "Frequency in the corpus"),
        ("sft_values_english", "by_place, js", "Average by place, js"),
        ("smaller_in_english", "swapped, js", "trained on the other culture, js"),
        ("smaller_in_english", "ZH, uniform, js", "ZH, Uniform answer, js"),
        ("clca_english", "uniform", "Every option equally often"),
        ("multiple_choice_english", "frequent", "Most frequent words"),
    ],
)
def test_what_had_to_be_beaten_has_the_name_that_tables_give_it(claim, rival, label):
    methods = {"sft-shuffled": "SFT, shuffled cues", "sft@cn": "SFT, trained on ZH"}
    won = Finding(0.1, 0.05, 0.2, True, "won")
    outcome = checking.Outcome(CLAIMS[claim], "Llama", "plain", SUPPORTED, {}, rivals={rival: won})
    assert claims_table._rivals(outcome, world({})._replace(methods=methods)) == f"{label}: won"


@pytest.mark.parametrize(
    ("mean", "end", "status"),
    [(0.001, None, UNATTRIBUTED), (0.001, -0.1, UNATTRIBUTED), (None, None, UNATTRIBUTED)],
    ids=["no interval: the two hardly differ", "an interval with 0", "the control never ranked"],
)
def test_a_rival_without_an_interval_is_not_beaten(results, mean, end, status):
    """Fewer than five cues that differ give no interval: the arm does what its control does."""
    table = results["table3_contrasts"].filter(minus="corpus")
    rival = table.with_columns(
        minus=pl.lit("sft-shuffled"),
        rho_both=pl.lit(mean, pl.Float64),
        rho_both_low=pl.lit(end, pl.Float64),
        rho_both_high=pl.lit(None if end is None else 0.1, pl.Float64),
    )
    both = pl.concat([results["table3_contrasts"].filter(pl.col("minus") != "sft-shuffled"), rival])
    found = outcomes(world(results | {"table3_contrasts": both}), ["ppo_ranking_english"])
    assert found["ppo_ranking_english", "Llama"].status == status


def test_more_complete_rankings_are_not_better_ones(results):
    table = results["table3_contrasts"].with_columns(
        rho=0.5, rho_low=0.4, rho_both=0.01, rho_both_low=-0.02, rho_both_high=0.04
    )
    found = outcomes(world(results | {"table3_contrasts": table}), ["ppo_ranking_english"])
    assert found["ppo_ranking_english", "Llama"].status == UNDECIDED


def test_several_runs_lose_the_warning(results, written):
    run = world(results)._replace(seeds=3)
    found = checking.check_claims(list(CLAIMS.values()), run)
    assert not any("one training run" in row[6] for row in written(
        claims_table.write_claims, found, run)[1])  # fmt: skip


def test_a_row_says_whose_lists_stand_for_a_culture(written):
    run = world(contrasts(UP, UP, UP))
    everyone = run.cultures["US"] | {"lists": "EN"}
    run = run._replace(cultures=run.cultures | {"US": everyone})
    found = checking.check_claims([CLAIMS["sft_english"]], run)
    _, shown, rows = written(claims_table.write_claims, found, run)
    assert shown[0][3] == rows["data"][0] == "US (tables 1 to 4: EN)"


def test_a_control_is_what_the_run_says_is_one(results):
    """Whatever its name, it has to be beaten; without one no training is attributable."""
    text = pl.col(pl.String).replace({"sft-shuffled": "placebo"})
    renamed = {name: table.with_columns(text) for name, table in results.items()}
    placebo = {"placebo": "SFT, shuffled cues"}
    states = {name: o.status for name, o in outcomes(world(results)).items()}
    again = outcomes(world(renamed)._replace(controls=placebo))
    assert {name: o.status for name, o in again.items()} == states
    trained = {name for name in states if checking.CHECKS[name[0]].arm in ("SFT", "PPO")}
    trained -= {name for name in trained if name[0].startswith("ppo_abstract")}
    assert SUPPORTED in {states[name] for name in trained}
    for run in (world(renamed), world(results)._replace(controls={})):
        assert SUPPORTED not in {outcomes(run)[name].status for name in trained}
    even = {name: _even(table) for name, table in renamed.items()}
    found = outcomes(world(even)._replace(controls=placebo))
    compared = {name for name in trained if not name[0].startswith(("shift", "english", "qwen_d"))}
    assert SUPPORTED not in {found[name].status for name in compared}


def _even(table):
    """Differences to the placebo are 0."""
    less = next((name for name in ("minus", "minus_method") if name in table.columns), None)
    if less is None:
        return table
    return table.with_columns(
        pl.when(pl.col(less) == "placebo").then(0.0).otherwise(name).alias(name)
        for name, kind in table.schema.items()
        if kind == pl.Float64
    )


def test_a_claim_about_training_names_what_it_has_to_beat():
    """No verdict on what training taught can be earned by an arm that knows nothing."""
    trained = {n for n, check in checking.CHECKS.items() if check.arm in ("SFT", "PPO")}
    without = {n for n in trained if checking.CHECKS[n].rivals is None}
    assert without == {"ppo_abstract_english", "ppo_abstract_mandarin"}


def test_equivalence_has_no_smallest_effect_but_a_size_that_is_enough(results):
    wide = {"difference_low": -0.5, "difference_high": 0.5, "p_equivalence": 0.4}
    wide = {c: pl.lit(x) for c, x in wide.items()}
    table = results["table5_tests"].with_columns(**wide)
    found = outcomes(world(results | {"table5_tests": table}), ["valence_english"])
    text = claims_table._ours(found["valence_english", "Llama"], 0.95)
    assert "n is too few to show equal means within the margin" in text
    assert "80 % power from" not in text.split(";")[0]


def test_holm_asks_for_the_attribution_too(results):
    """A rival that is beaten with p = 0.04 is not beaten after correction; the claim stays."""
    table = results["table1_contrasts"]
    rival = (pl.col("minus") == "sft-shuffled") & (pl.col("k") == 5)
    ends = {"mean": 0.1, "low": 0.003, "high": 0.197}
    edited = table.with_columns(
        pl.when(rival).then(x).otherwise(name).alias(name) for name, x in ends.items()
    )
    found = outcomes(world(results | {"table1_contrasts": edited}))["sft_english", "Llama"]
    assert (found.status, found.holm) == (SUPPORTED, UNATTRIBUTED)
