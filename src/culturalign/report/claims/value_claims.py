"""The paper's claims on values: how near the answers of arms are to those of people (table 7)."""

from functools import partial

from culturalign.report.arm_tables import number_or_dash
from culturalign.report.claims.cases import Case, Check, Findings, each_there
from culturalign.report.claims.cells import (
    Estimate,
    difference,
    estimate_in,
    mean_of,
    number_in,
    row_of,
    rows_of,
)
from culturalign.report.claims.findings import Finding, above, below, within
from culturalign.scores.survey_distances import SCORINGS

MEASURES = ("js", "emd")
LARGE = ("Llama3.1_70b", "Qwen2.5_72b")


def contrast(case: Case, measure: str, arm: str, model: str = "") -> Estimate:
    """Distance of the claim's arm to people minus that of another arm, paired by question.

    Args:
        case: The case.
        measure: ``js``, ``emd``, or ``js_below_`` and a distance: the share of questions below it.
        arm: M Type of the other arm.
        model: Its M Class; by default the case's.
    """
    minus = {"minus M Type": arm, "minus M Class": model or case.model}
    where = case.row() | minus | {"Nation": case.culture["label"], "scoring": case.scoring}
    return mean_of(case.tables, "table7_contrasts", where, measure)


def nearer(case: Case, arm: str, model: str = "") -> Findings:
    """The claim's arm is nearer to people than another, in JS and EMD (section 5.2)."""
    return {measure: below(contrast(case, measure, arm, model)) for measure in MEASURES}


def nearer_in_emd(case: Case, arm: str, model: str) -> Findings:
    """The claim's arm is nearer to people than another, in EMD (section 5.2)."""
    return {"": below(contrast(case, "emd", arm, model))}


def nearer_than_trained_qwen(case: Case) -> Findings:
    """PPO Llama is the nearest of all trained models (section 5.2)."""
    return {
        f"{arm}, {measure}": below(contrast(case, measure, arm, "Qwen"))
        for arm in ("SFT", "PPO")
        for measure in MEASURES
    }


def nearer_than_large(case: Case, margin: float) -> Findings:
    """A small trained model is nearer than the large vanilla ones, or not behind by a margin of
    ours (section 5.2)."""
    return {
        f"{rival}, {measure}": below(contrast(case, measure, "Vanilla", rival), margin)
        for rival in LARGE
        for measure in MEASURES
    }


def nearer_by_associations(case: Case) -> Findings:
    """SFT is nearer to people than the same training with shuffled cues (abstracts)."""
    where = {"method": "sft", "M Class": case.model, "minus_method": "sft-shuffled"}
    where |= {"minus M Class": case.model}
    where |= {"Nation": case.culture["label"], "scoring": case.scoring}
    return {"": below(mean_of(case.tables, "table7_contrasts", where, "js"))}


def smaller_in_english(case: Case) -> Findings:
    """SFT improves the distance less in English than in Mandarin (section 5.2).

    Each change is paired by question; the two, to different people in different wordings, are not.
    """
    return {
        measure: above(
            difference(*(contrast(case.at(x), measure, "Vanilla") for x in ("US", "ZH")))
        )
        for measure in MEASURES
    }


def significantly_nearer(case: Case) -> Findings:
    """Training brings answers significantly nearer to people than vanilla (section 5.2)."""
    return {measure: star(case, measure) for measure in MEASURES}


def star(case: Case, measure: str) -> Finding:
    """Below vanilla by interval and sign-flip test, as a star of table 7; contradicted by a test of
    a larger distance. What a star has to beat besides are the claim's rivals."""
    where = case.row(Nation=case.culture["label"], scoring=case.scoring)
    row = row_of(case.tables, "table7", where)
    found = estimate_in(row, f"{measure}_difference", "+")
    p, holm = (number_in(row, f"{measure}_{x}") for x in ("p", "p_holm"))
    text = f"{found}, p {number_or_dash(p)}, Holm's p in table 7 {number_or_dash(holm)}"
    text += f", n = {row[f'{measure}_n']}"
    return below(found)._replace(text=text, p=p, fits=found.high < 0)


def value_rivals(case: Case) -> Findings:
    """The claim's arm is nearer to people than the uniform answer, than the same training with
    shuffled cues, and than the same method trained on other cultures, if these were evaluated."""
    where = case.row(Nation=case.culture["label"], scoring=case.scoring)
    where |= {"minus M Class": case.model}
    rows = rows_of(case.tables, "table7_contrasts", where)
    pairs = rows.select("method", "minus_method").unique(maintain_order=True).rows()
    rivals = ["sft-shuffled", *(minus for own, minus in pairs if minus.startswith(f"{own}@"))]
    own = row_of(
        case.tables, "table7", case.row(Nation=case.culture["label"], scoring=case.scoring)
    )
    gained = each_there(
        lambda measure: above(estimate_in(own, f"{measure}_gain", "+")),
        {f"gain over uniform, {measure}": (measure,) for measure in MEASURES},
    )
    return gained | each_there(
        lambda rival, measure: below(
            mean_of(case.tables, "table7_contrasts", where | {"minus_method": rival}, measure)
        ),
        {f"{rival}, {measure}": (rival, measure) for rival in rivals for measure in MEASURES},
    )


def matches_more(case: Case, model: str = "") -> Findings:
    """More questions have a JS below 0.3 than with a vanilla model (figure 2)."""
    return {"": above(contrast(case, "js_below_0.3", "Vanilla", model))}


def gains_matches(case: Case) -> Findings:
    """From about 20 to about 50 % of the questions have a JS below 0.3: 25 to 35 points (ours)."""
    return {"": within(contrast(case, "js_below_0.3", "Vanilla"), 0.25, 0.35)}


def matches_more_everywhere(case: Case) -> Findings:
    """More questions have a JS below 0.2, 0.3, 0.4 and 0.5 than with vanilla (figure 2)."""
    bounds = ("0.2", "0.3", "0.4", "0.5")
    return {x: above(contrast(case, f"js_below_{x}", "Vanilla")) for x in bounds}


def matches_more_than_llamas(case: Case) -> Findings:
    """More questions have a JS below 0.3 than with the vanilla Llamas (figure 2)."""
    rivals = ("Llama", "Llama3.1_70b")
    return {x: above(contrast(case, "js_below_0.3", "Vanilla", x)) for x in rivals}


_answers = partial(Check, scorings=SCORINGS)
CHECKS = {
    "vanilla_english": _answers(partial(nearer, arm="Vanilla", model="Qwen"), "Vanilla"),
    "vanilla_mandarin": _answers(partial(nearer, arm="Vanilla", model="Llama"), "Vanilla"),
    "sft_values_mandarin": _answers(significantly_nearer, "SFT", rivals=value_rivals),
    "sft_values_english": _answers(significantly_nearer, "SFT", rivals=value_rivals),
    "ppo_values_mandarin": _answers(significantly_nearer, "PPO", rivals=value_rivals),
    "ppo_values_english": _answers(significantly_nearer, "PPO", rivals=value_rivals),
    "values_by_associations": _answers(nearer_by_associations),
    "smaller_in_english": _answers(smaller_in_english, "SFT"),
    "llama_past_vanilla_qwen": _answers(partial(nearer_in_emd, arm="Vanilla", model="Qwen"), "SFT"),
    "ppo_for_english": _answers(partial(nearer, arm="SFT"), "PPO"),
    "sft_for_mandarin": _answers(partial(nearer, arm="PPO"), "SFT"),
    "small_rivals_large_english": _answers(partial(nearer_than_large, margin=0.02), "PPO"),
    "small_rivals_large_mandarin": _answers(partial(nearer_than_large, margin=0.02), "SFT"),
    "ppo_llama_best": _answers(nearer_than_trained_qwen, "PPO"),
    "sft_qwen_best": _answers(partial(nearer_than_large, margin=0.0), "SFT"),
    "ppo_llama_beats_72b": _answers(partial(nearer, arm="Vanilla", model="Qwen2.5_72b"), "PPO"),
    "sft_qwen_beats_70b": _answers(partial(nearer, arm="Vanilla", model="Llama3.1_70b"), "SFT"),
    "match_mandarin": _answers(matches_more, "SFT"),
    "match_gain": _answers(gains_matches, "SFT"),
    "match_everywhere": _answers(matches_more_everywhere, "SFT"),
    "match_72b": _answers(partial(matches_more, model="Qwen2.5_72b"), "SFT"),
    "match_english": _answers(matches_more_than_llamas, "PPO"),
}
"""Id in ``resources/paper/claims.yaml`` -> its check."""
