"""Every claim holds on some tables, and not on others."""

import polars as pl
import pytest

from culturalign.report.claims.claims_table import FAILS, HOLDS, UNTESTABLE
from tests.unit.report.claims.small_world import outcomes, world

# the world's truth: whether a claim holds (+) for the models it is about
EXPECTED = {
    "p5_english": "Llama+ Qwen-",  # 0.826 / 0.7 = 1.18; Qwen gains nothing
    "p5_mandarin": "Llama+ Qwen-",  # 0.6 / 0.3 = 2; 0.62 / 0.5 = 1.24 is outside 43 to 165 percent
    "sft_english": "Llama+ Qwen-",
    "sft_mandarin": "Llama+ Qwen+",
    "knowledge_english": "Llama+ Qwen-",  # Qwen: below the shuffled control
    "knowledge_mandarin": "Llama+ Qwen+",
    "english_above_mandarin": "Llama+ Qwen-",  # Qwen: SFT 0.60 and 0.62
    "qwen_above_llama": "Qwen+",
    "ppo_ranking_english": "Llama+ Qwen-",  # Qwen: 0.3 to 0.3
    "ppo_ranking_mandarin": "Llama- Qwen+",
    "ppo_below_sft_english": "Llama+ Qwen-",
    "ppo_below_sft_mandarin": "Llama- Qwen+",  # Llama: equal
    "multiple_choice_english": "Llama+ Qwen-",
    "multiple_choice_mandarin": "Llama+ Qwen-",  # Qwen: half
    "valence_english": "Llama+ Qwen+",
    "valence_mandarin": "Llama+ Qwen+",
    "arousal_sft_english": "Llama+ Qwen+",
    "arousal_sft_mandarin": "Llama+ Qwen+",
    "arousal_english": "Llama+",
    "arousal_mandarin": "Llama- Qwen-",  # equal to humans here
    "concreteness_gain_english": "Llama+ Qwen+",  # 0.20
    "concreteness_gain_mandarin": "Llama- Qwen+",  # 0.22 and 0.20
    "concreteness_rises_english": "Llama+ Qwen+",
    "concreteness_rises_mandarin": "Llama+ Qwen+",
    "concreteness_below_english": "Llama- Qwen+",  # 0.05 and 0.10
    "concreteness_below_mandarin": "Llama+ Qwen-",
    "vanilla_abstract_english": "Llama+ Qwen+",
    "ppo_abstract_english": "Llama+ Qwen+",
    "vanilla_abstract_mandarin": "Llama+ Qwen-",  # Qwen: equal
    "ppo_abstract_mandarin": "Llama+ Qwen-",  # Qwen: above
    "human_profile_english": "Llama+ Qwen-",  # 0.05 and 0.1 below, the margin is 0.1
    "human_profile_mandarin": "Llama+ Qwen-",  # Qwen: 0.2 above
    "questions": "-",  # 16
    "topics": "-",  # 7
    "vanilla_english": "Llama+",  # 0.6 is nearer to 0.9 than 0.5
    "vanilla_mandarin": "Qwen+",  # 0.7 is nearer to 0.2 than 0.8
    "vanilla_bias": "Llama+ Qwen+",  # 16 of 16
    "vanilla_qwen_chinese": "Qwen-",
    "vanilla_english_tension": "Llama+ Qwen-",  # Qwen: 0.5 is nearer to 0.2 than to 0.9
    "sft_values_mandarin": "Llama+ Qwen+",
    "sft_values_english": "Llama+ Qwen-",  # Qwen: from 0.5 to 0.4, away from 0.9
    "ppo_values_mandarin": "Llama+ Qwen-",  # Qwen: unchanged
    "ppo_values_english": "Llama+ Qwen+",
    "values_by_associations": "Llama+ Qwen+",
    "smaller_in_english": "Llama- Qwen+",  # Llama: in EMD nearer by exactly 0.1 in both
    "llama_past_vanilla_qwen": "Llama-",  # equal
    "ppo_for_english": "Llama+ Qwen+",
    "sft_for_mandarin": "Llama+ Qwen+",
    "small_rivals_large_english": "Llama+",
    "small_rivals_large_mandarin": "Qwen+",
    "ppo_llama_best": "Llama+",
    "sft_qwen_best": "Qwen+",
    "ppo_llama_beats_72b": "Llama+",  # 0.85 and 0.8 to 0.9
    "sft_qwen_beats_70b": "Qwen+",
    "match_mandarin": "Llama- Qwen+",  # Llama: none before, none after; Qwen: from none to all
    "match_everywhere": "Llama- Qwen-",
    "match_72b": "Qwen-",  # all questions of both are below 0.3
    "match_english": "Llama-",
    "shift_mandarin": "Llama+ Qwen+",
    "shift_english": "Llama+ Qwen-",  # Qwen: the wrong way
    "leaning_mandarin": "Llama- Qwen+",  # 0 to 0 and 0 to 16
    "qwen_doubles": "Qwen-",  # from 0 there is no doubling
    "llama_third": "Llama-",  # the surplus stays 16
    "examples": "Llama+ Qwen+",
    "english_qwen": "Qwen-",
    "english_llama": "Llama-",
    "topics_better": "Qwen+",
    "topics_worse": "Qwen-",
    "belief": "Llama+ Qwen+",
    "heaven": "Qwen+",
    "free_form": "?",
    "cost": "?",
}
STATUS = {"+": HOLDS, "-": FAILS, "?": UNTESTABLE}


def test_a_world_whose_truth_is_known(results):
    """Guards the names of the tables and columns that the checks read, too."""
    found = outcomes(world(results))
    assert {name: outcome.status for name, outcome in found.items()} == {
        (name, each[:-1] or "-"): STATUS[each[-1]]
        for name, row in EXPECTED.items()
        for each in row.split()
    }


LEANING = {
    "first": {"Vanilla": 12, "SFT": 8},
    "second": {"Vanilla": 4, "SFT": 8},
    "mcnemar_p": 0.01,
}
THIRD = {"first": {"Vanilla": 14, "SFT": 12}, "second": {"Vanilla": 2, "SFT": 4}, "mcnemar_p": 0.01}
# a change of the tables (a value for all rows, or one for each M Type) and the sign it gives;
# among them the other sign of every claim that has only one above
CHANGED = [
    ("sft_mandarin", "Llama", {"table2_contrasts": {"low": 0.0}}, "-"),
    ("knowledge_mandarin", "Llama", {"table2_contrasts": {"low": 0.0}}, "-"),
    ("qwen_above_llama", "Qwen", {"table2": {"high": 1.0}}, "-"),
    ("valence_english", "Llama", {"table5_tests": {"p_equivalence": 0.3}}, "-"),
    ("valence_english", "Llama", {"table5_tests": {"p": 0.01}}, "+"),  # differs within the margin
    ("valence_english", "Llama", {"table5_tests": {"p_equivalence": None}}, "?"),
    ("valence_mandarin", "Llama", {"table6_tests": {"p_equivalence": 0.3}}, "-"),
    ("arousal_sft_english", "Llama", {"table5_tests": {"p_equivalence": 0.3}}, "-"),
    ("arousal_sft_mandarin", "Llama", {"table6_tests": {"p_equivalence": 0.3}}, "-"),
    ("arousal_english", "Llama", {"table5_tests": {"p_equivalence": 0.3}}, "-"),
    ("arousal_mandarin", "Llama", {"table6_tests": {"p": 0.01}}, "+"),
    ("concreteness_gain_english", "Llama", {"table5_contrasts": {"mean": 0.22}}, "-"),
    ("concreteness_rises_english", "Llama", {"table5_contrasts": {"low": 0.0}}, "-"),
    ("concreteness_rises_mandarin", "Llama", {"table6_contrasts": {"low": 0.0}}, "-"),
    ("vanilla_abstract_english", "Llama", {"table5_tests": {"difference_high": 0.0}}, "-"),
    ("ppo_abstract_english", "Llama", {"table5_tests": {"difference_high": 0.0}}, "-"),
    ("questions", "-", {"survey_questions": {"question": list(range(221))}}, "+"),
    ("topics", "-", {"survey_questions": {"topic": [1, *range(12)]}}, "+"),
    ("vanilla_english", "Llama", {"table7_contrasts": {"js_high": 0.0}}, "-"),
    ("vanilla_mandarin", "Qwen", {"table7_contrasts": {"emd_high": 0.0}}, "-"),
    ("vanilla_bias", "Llama", {"tension_cn": {"first": 12}}, "-"),  # 75 %, but from 48 %
    ("vanilla_qwen_chinese", "Qwen", {"tension_cn": {"second": 13}}, "+"),
    ("sft_values_mandarin", "Qwen", {"table7": {"emd_star": False}}, "-"),
    ("ppo_values_english", "Qwen", {"table7": {"emd_star": False}}, "-"),
    ("sft_values_mandarin", "Qwen", {"table7": {"js_difference": None}}, "?"),
    ("values_by_associations", "Qwen", {"table7_contrasts": {"js_high": 0.0}}, "-"),
    ("llama_past_vanilla_qwen", "Llama", {"table7_contrasts": {"emd_high": -0.1}}, "+"),
    ("ppo_for_english", "Qwen", {"table7_contrasts": {"emd_high": 0.0}}, "-"),
    ("sft_for_mandarin", "Qwen", {"table7_contrasts": {"js_high": 0.0}}, "-"),
    ("small_rivals_large_english", "Llama", {"table7_contrasts": {"js_high": 0.02}}, "-"),
    ("small_rivals_large_mandarin", "Qwen", {"table7_contrasts": {"js_high": 0.019}}, "+"),
    ("small_rivals_large_mandarin", "Qwen", {"table7_contrasts": {"js_high": 0.02}}, "-"),
    ("ppo_llama_best", "Llama", {"table7_contrasts": {"emd_high": 0.0}}, "-"),
    ("sft_qwen_best", "Qwen", {"table7_contrasts": {"js_high": 0.0}}, "-"),
    ("ppo_llama_beats_72b", "Llama", {"table7_contrasts": {"js_high": 0.0}}, "-"),
    ("sft_qwen_beats_70b", "Qwen", {"table7_contrasts": {"emd_high": 0.0}}, "-"),
    (
        "match_everywhere",
        "Llama",
        {"table7_contrasts": {f"js_below_0.{tenth}_low": 0.1 for tenth in (2, 3, 4, 5)}},
        "+",
    ),
    ("match_72b", "Qwen", {"table7_contrasts": {"js_below_0.3_low": 0.1}}, "+"),
    ("match_english", "Llama", {"table7_contrasts": {"js_below_0.3_low": 0.1}}, "+"),
    ("shift_mandarin", "Qwen", {"tension_cn": {"all_pearson_low": 0.0}}, "-"),
    ("leaning_mandarin", "Llama", {"tension_cn": LEANING}, "+"),
    ("leaning_mandarin", "Llama", {"tension_cn": LEANING | {"mcnemar_p": 0.125}}, "-"),
    ("qwen_doubles", "Qwen", {"tension_cn": LEANING}, "+"),
    ("qwen_doubles", "Qwen", {"tension_cn": LEANING | {"second": {"Vanilla": 4, "SFT": 6}}}, "-"),
    ("qwen_doubles", "Qwen", {"tension_cn": LEANING | {"second": {"Vanilla": 4, "SFT": 10}}}, "-"),
    ("qwen_doubles", "Qwen", {"tension_cn": LEANING | {"n": 14}}, "?"),  # not all were asked
    ("llama_third", "Llama", {"tension_cn": THIRD}, "+"),  # 12 to 8
    ("llama_third", "Llama", {"tension_cn": THIRD | {"mcnemar_p": 0.2}}, "-"),
    ("llama_third", "Llama", {"tension_cn": LEANING}, "-"),  # 8 to 0
    ("llama_third", "Llama", {"tension_cn": {"first": 8, "second": 8}}, "?"),  # no surplus
    ("llama_third", "Llama", {"tension_cn": THIRD | {"n": 14}}, "?"),
    ("english_qwen", "Qwen", {"tension_us": LEANING}, "+"),
    ("english_llama", "Llama", {"tension_us": LEANING | {"first": {"Vanilla": 8, "SFT": 12}}}, "+"),
    ("examples", "Qwen", {"table8": {"share": 0.5}}, "-"),
    ("heaven", "Qwen", {"table8": {"share": 0.5}}, "-"),
    ("heaven", "Qwen", {"table8": {"share": None}}, "?"),
    ("belief", "Qwen", {"table14": {"emd_trained": 1.0}}, "-"),
    ("topics_better", "Qwen", {"fig13": {"difference_high": 0.0}}, "-"),
    ("topics_worse", "Qwen", {f"fig1{i}": {"difference_low": 0.1} for i in (2, 3)}, "+"),
]


def changed(table, columns):
    for column, value in columns.items():
        if isinstance(value, list):
            return pl.DataFrame({column: value})
        if isinstance(value, dict):
            value = pl.col("M Type").replace_strict(value, default=None)
        table = table.with_columns(
            (value if isinstance(value, pl.Expr) else pl.lit(value)).alias(column)
        )
    return table


@pytest.mark.parametrize(("name", "model", "changes", "sign"), CHANGED)
def test_a_changed_world(results, name, model, changes, sign):
    edited = {table: changed(results[table], columns) for table, columns in changes.items()}
    assert outcomes(world(results | edited), [name])[name, model].status == STATUS[sign]


def test_every_claim_is_seen_to_hold_and_not_to_hold():
    signs = {name: set(row) for name, row in EXPECTED.items()}
    for name, _, _, sign in CHANGED:
        signs[name].add(sign)
    assert {name for name, seen in signs.items() if not {"+", "-"} <= seen} == {"free_form", "cost"}
