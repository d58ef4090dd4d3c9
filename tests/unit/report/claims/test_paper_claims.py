"""Every claim holds on some tables, and not on others."""

import polars as pl
import pytest

from culturalign.report.claims.verdicts import (
    CONTRADICTED,
    SUPPORTED,
    UNATTRIBUTED,
    UNDECIDED,
    UNTESTABLE,
)
from tests.unit.report.claims.small_world import outcomes, world

LEANING = {"first": {"Vanilla": 12, "SFT": 8}, "second": {"Vanilla": 4, "SFT": 8},
           "changed_p": 0.01}  # fmt: skip
THIRD = LEANING | {"first": {"Vanilla": 14, "SFT": 12}, "second": {"Vanilla": 2, "SFT": 4}}
MATCHES = {f"js_below_0.{tenth}{end}": x for tenth in (2, 3, 4, 5)
           for end, x in (("", 0.2), ("_low", 0.1), ("_high", 0.3))}  # fmt: skip
GAIN = {"js_below_0.3": 0.3, "js_below_0.3_low": 0.26, "js_below_0.3_high": 0.34}
# a star for every arm
WORSE = {f"{measure}_difference_high": 0.01 for measure in ("js", "emd")}
# state of a claim in the small world, by model: + supported; * supported, but a control or an
# answer without a model was not beaten, as where it has no row; - contradicted; ~ undecided; ? not
# testable; a change of the tables (a value for all rows, or one for each M Type) that turns it
# around, unless one model has support, one not
TRUTH = {
    "data_english": ("+", {"ledger": {"count": 1_000_000}}),
    "data_mandarin": ("-", {}),  # 9,000 cues
    "weights": ("?", {}),
    "llama_associations": ("Llama+", {"table1": {"low": 0.0}}),
    "qwen_associations": ("Qwen-", {"table1": {"mean": 0.1, "low": 0.05, "high": 0.15}}),
    "questions_of_wave_7": ("-", {"survey_ledger": {"question": list(range(259))}}),  # 16
    "tension_size": ("-", {"survey_questions": {"rank": [None, *range(50)]}}),  # 16
    "match_gain": ("Qwen-", {"table7_contrasts": GAIN}),  # from none to all
    "clca_english": ("Llama+ Qwen-", {}),
    "clca_mandarin": ("Llama~ Qwen+", {}),
    "p5_english": ("Llama+ Qwen~", {}),  # 0.826 / 0.7 = 1.18; Qwen gains nothing
    "p5_mandarin": ("Llama+ Qwen-", {}),  # 0.6 / 0.3 = 2; 0.62 / 0.5 = 1.24
    "sft_english": ("Llama+ Qwen~", {}),
    "sft_mandarin": ("Llama+ Qwen+", {"table2_contrasts": {"low": 0.0}}),
    "knowledge_english": ("Llama+ Qwen-", {}),  # Qwen: below the shuffled control
    "knowledge_mandarin": ("Llama+ Qwen+", {"table2_contrasts": {"low": 0.0}}),
    "english_above_mandarin": ("Llama+ Qwen-", {}),  # Qwen: SFT 0.60 and 0.62
    "qwen_above_llama": ("Qwen+", {"table2": {"high": 1.0}}),
    "ppo_ranking_english": ("Llama+ Qwen~", {}),  # Qwen: 0.3 to 0.3
    "ppo_ranking_mandarin": ("Llama- Qwen+", {}),
    "ppo_below_sft_english": ("Llama+ Qwen-", {}),
    "ppo_below_sft_mandarin": ("Llama~ Qwen+", {}),  # Llama: equal
    "multiple_choice_english": ("Llama+ Qwen-", {}),
    "multiple_choice_mandarin": ("Llama+ Qwen-", {}),  # Qwen: half
    "valence_english": ("Llama+ Qwen+", {"table5_tests": {"p_equivalence": 0.3}}),
    "valence_mandarin": ("Llama* Qwen*", {"table6_tests": {"p_equivalence": 0.3}}),
    "arousal_sft_english": ("Llama+ Qwen+", {"table5_tests": {"p_equivalence": 0.3}}),
    "arousal_sft_mandarin": ("Llama* Qwen*", {"table6_tests": {"p_equivalence": 0.3}}),
    "arousal_english": ("Llama+", {"table5_tests": {"p_equivalence": 0.3}}),
    "arousal_mandarin": (
        "Llama- Qwen-",
        {"table6_tests": {"p": 0.01, "p_equivalence": 0.3}},
    ),  # equal to humans here
    "concreteness_gain_english": ("Llama+ Qwen*", {"table5_contrasts": {"mean": 0.22}}),  # 0.20
    "concreteness_gain_mandarin": ("Llama- Qwen*", {}),  # 0.22 and 0.20
    "concreteness_rises_english": ("Llama+ Qwen*", {"table5_contrasts": {"low": 0.0}}),
    "concreteness_rises_mandarin": ("Llama* Qwen*", {"table6_contrasts": {"low": 0.0}}),
    "concreteness_below_english": ("Llama- Qwen*", {}),  # 0.05 and 0.10
    "concreteness_below_mandarin": ("Llama* Qwen-", {}),
    "vanilla_abstract_english": ("Llama+ Qwen+", {"table5_tests": {"difference_high": 0.0}}),
    "ppo_abstract_english": ("Llama+ Qwen+", {"table5_tests": {"difference_high": 0.0}}),
    "vanilla_abstract_mandarin": ("Llama+ Qwen~", {}),  # Qwen: equal
    "ppo_abstract_mandarin": ("Llama+ Qwen-", {}),  # Qwen: above
    "human_profile_english": ("Llama+ Qwen~", {}),  # 0.05 and 0.1 below, the margin is 0.1
    "human_profile_mandarin": ("Llama* Qwen-", {}),  # Qwen: 0.2 above
    "questions": ("-", {"survey_questions": {"question": list(range(221))}}),  # 16
    "topics": ("-", {"survey_questions": {"topic": [1, *range(12)]}}),  # 7
    "vanilla_english": ("Llama+", {"table7_contrasts": {"js_high": 0.0}}),  # 0.6, 0.5 to 0.9
    "vanilla_mandarin": ("Qwen*", {"table7_contrasts": {"emd_high": 0.0}}),  # 0.7, 0.8 to 0.2
    "vanilla_bias": (
        "Llama+ Qwen+",
        {"tension_cn": {"first": 12, "first_share_low": 0.48}},
    ),  # 16 of 16
    "vanilla_qwen_chinese": (
        "Qwen-",
        {"tension_cn": {"second_share": 0.8, "second_share_low": 0.54}},
    ),
    "vanilla_english_tension": ("Llama+ Qwen-", {}),  # Qwen: 0.5 is nearer to 0.2 than to 0.9
    "sft_values_mandarin": ("Llama* Qwen+", {"table7": WORSE}),  # 0.5 is nearer
    "sft_values_english": ("Llama+ Qwen-", {}),  # Qwen: from 0.5 to 0.4, away from 0.9
    "ppo_values_mandarin": ("Llama* Qwen~", {}),  # Qwen: unchanged
    # Qwen answers as people do on average in an option's place: 0.55
    "ppo_values_english": ("Llama+ Qwen*", {"table7": WORSE}),
    "values_by_associations": ("Llama* Qwen+", {"table7_contrasts": {"js_high": 0.0}}),
    "smaller_in_english": ("Llama~ Qwen+", {}),  # Llama: in EMD nearer by exactly 0.1 in both
    "llama_past_vanilla_qwen": (
        "Llama~",
        {"table7_contrasts": {"emd": -0.2, "emd_high": -0.1}},
    ),  # equal
    "ppo_for_english": ("Llama+ Qwen*", {"table7_contrasts": {"emd_high": 0.0}}),
    "sft_for_mandarin": ("Llama* Qwen+", {"table7_contrasts": {"js_high": 0.0}}),
    "small_rivals_large_english": ("Llama+", {"table7_contrasts": {"js_high": 0.02}}),
    "small_rivals_large_mandarin": ("Qwen+", {"table7_contrasts": {"js_high": 0.02}}),
    "ppo_llama_best": ("Llama+", {"table7_contrasts": {"emd_high": 0.0}}),
    "sft_qwen_best": ("Qwen+", {"table7_contrasts": {"js_high": 0.0}}),
    "ppo_llama_beats_72b": ("Llama+", {"table7_contrasts": {"js_high": 0.0}}),  # 0.85, 0.8 to 0.9
    "sft_qwen_beats_70b": ("Qwen+", {"table7_contrasts": {"emd_high": 0.0}}),
    "match_mandarin": ("Llama~ Qwen+", {}),  # Llama: from none to none; Qwen: to all
    "match_everywhere": ("Llama~ Qwen~", {"table7_contrasts": MATCHES}),
    "match_72b": ("Qwen~", {"table7_contrasts": MATCHES}),  # of both all
    "match_english": ("Llama~", {"table7_contrasts": MATCHES}),
    "shift_mandarin": ("Llama* Qwen*", {"tension_cn": {"all_partial_low": 0.0}}),
    "shift_english": ("Llama* Qwen-", {}),  # Qwen: the wrong way
    "leaning_mandarin": ("Llama~ Qwen*", {}),  # 0 to 0 and 0 to 16, where uniform is too
    "qwen_doubles": ("Qwen~", {"tension_cn": LEANING}),  # from 0 there is no doubling
    "llama_third": ("Llama~", {"tension_cn": THIRD}),  # the surplus stays 16
    "examples": ("Llama? Qwen?", {}),  # single questions have no interval
    "english_qwen": ("Qwen~", {"tension_us": LEANING}),
    "english_llama": ("Llama~", {"tension_us": LEANING | {"first": {"Vanilla": 8, "SFT": 12}}}),
    "topics_better": ("Qwen?", {}),  # topics of fewer than five batteries have no interval
    "topics_worse": ("Qwen?", {}),
    "belief": ("Llama? Qwen?", {}),  # single questions have no interval
    "heaven": ("Qwen?", {}),  # single questions have no interval
    "free_form": ("?", {}),
    "cost": ("?", {}),
}


def ends(low, high):
    """Intervals of all differences in figures 12 and 13."""
    columns = {"difference": (low + high) / 2, "difference_low": low, "difference_high": high}
    return dict.fromkeys(("fig12", "fig13"), columns)


# further changes, and the sign that they give
CHANGED = [
    ("valence_english", "Llama", {"table5_tests": {"p": 0.01}}, "+"),
    ("valence_english", "Llama", {"table5_tests": {"p_equivalence": None}}, "?"),
    ("sft_values_mandarin", "Qwen", {"table7": {"js_difference": None}}, "?"),
    ("small_rivals_large_mandarin", "Qwen", {"table7_contrasts": {"js_high": 0.019}}, "*"),
    ("leaning_mandarin", "Llama", {"tension_cn": LEANING}, "*"),
    ("leaning_mandarin", "Llama", {"tension_cn": LEANING | {"changed_p": 0.125}}, "~"),
    ("qwen_doubles", "Qwen", {"tension_cn": LEANING | {"second": {"Vanilla": 4, "SFT": 6}}}, "~"),
    ("qwen_doubles", "Qwen", {"tension_cn": LEANING | {"second": {"Vanilla": 4, "SFT": 10}}}, "~"),
    ("qwen_doubles", "Qwen", {"tension_cn": LEANING | {"n": 14}}, "?"),
    ("llama_third", "Llama", {"tension_cn": THIRD | {"changed_p": 0.2}}, "~"),
    ("llama_third", "Llama", {"tension_cn": LEANING}, "~"),
    ("llama_third", "Llama", {"tension_cn": {"first": 8, "second": 8}}, "?"),
    ("llama_third", "Llama", {"tension_cn": THIRD | {"n": 14}}, "?"),
    ("topics_better", "Qwen", ends(-0.2, -0.1), "*"),
    ("topics_better", "Qwen", ends(-0.2, 0.1), "~"),
    ("topics_worse", "Qwen", ends(0.1, 0.2), "*"),
    ("topics_worse", "Qwen", ends(-0.1, 0.2), "~"),
]
STATUS = {
    "+": SUPPORTED, "*": UNATTRIBUTED, "-": CONTRADICTED, "~": UNDECIDED, "?": UNTESTABLE,
}  # fmt: skip


def signs(name):
    """Model -> its sign."""
    return {each[:-1] or "-": each[-1] for each in TRUTH[name][0].split()}


def test_a_world_whose_truth_is_known(results):
    """Guards the names of the tables and columns that the checks read, too."""
    found = {key: outcome.status for key, outcome in outcomes(world(results)).items()}
    assert found == {(name, m): STATUS[x] for name in TRUTH for m, x in signs(name).items()}


def changed(tables, changes):
    return tables | {name: edited(tables[name], columns) for name, columns in changes.items()}


def edited(table, columns):
    for column, value in columns.items():
        if isinstance(value, list):
            return pl.DataFrame({column: value})
        types = pl.col("M Type")
        new = types.replace_strict(value, default=None) if type(value) is dict else pl.lit(value)
        table = table.with_columns(new.alias(column))
    return table


@pytest.mark.parametrize("name", [name for name, (_, changes) in TRUTH.items() if changes])
def test_a_change_turns_a_claim_around(results, name):
    found = outcomes(world(changed(results, TRUTH[name][1])), [name])
    for model, sign in signs(name).items():
        holds = found[name, model].status in (SUPPORTED, UNATTRIBUTED)
        assert holds is (sign not in "+*"), model


@pytest.mark.parametrize(("name", "model", "changes", "sign"), CHANGED)
def test_further_changes(results, name, model, changes, sign):
    found = outcomes(world(changed(results, changes)), [name])
    assert found[name, model].status == STATUS[sign]


def test_every_claim_is_seen_to_hold_and_not_to_hold():
    one_sided = {
        name for name in TRUTH if len({sign in "+*" for sign in signs(name).values()}) == 1
    }
    assert {name for name in one_sided if not TRUTH[name][1]} == {
        "data_mandarin", "weights", "free_form", "cost", "topics_better", "topics_worse",
        "examples", "belief", "heaven",
    }  # fmt: skip
