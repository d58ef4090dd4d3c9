"""The paper's claims on values: how near the answers of arms are to those of people (table 7)."""

from collections.abc import Sequence
from functools import partial
from itertools import chain, product

from culturalign.report.arm_tables import number_or_dash
from culturalign.report.claims.cases import Case, Check, Findings, against, swapped
from culturalign.report.claims.cells import (
    Estimate,
    Untestable,
    difference,
    estimate_in,
    mean_of,
    number_in,
    row_of,
    rows_of,
)
from culturalign.report.claims.findings import Finding, above, below, within
from culturalign.report.survey.value_contrasts import BELOW
from culturalign.report.survey.zero_knowledge import GAINS_OVER
from culturalign.scores.survey_distances import SCORINGS

MEASURES = ("js", "emd")
SWAPPED = "swapped"
"""Rival: the same method trained on the other of a claim's two cultures."""
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
    if not case.controls:
        raise Untestable("the run has no control")
    return {name: below(versus(case, name, "js")) for name in case.controls}


def versus(case: Case, rival: str, measure: str) -> Estimate:
    """As :func:`contrast`, minus a method of the same model."""
    where = _own_people(case) | {"minus M Class": case.model, "minus_method": rival}
    return mean_of(case.tables, "table7_contrasts", where, measure)


def _own_people(case: Case) -> dict[str, str]:
    scoring = SCORINGS[0] if case.scoring == "-" else case.scoring
    return case.row(Nation=case.culture["label"], scoring=scoring)


def label_mass(case: Case) -> dict[str, float]:
    """Probability that the claim's arm, and vanilla, give to the labels of the options: M Type ->
    the smallest of the claim's cultures."""
    found: dict[str, float] = {}
    if "table7" not in case.tables:
        return found
    for arm, place in product(dict.fromkeys((case.arm, "Vanilla")), case.cultures):
        where = _own_people(case.at(place)) | {"M Type": arm}
        for mass in rows_of(case.tables, "table7", where)["mass"].drop_nulls():
            found[arm] = min(mass, found.get(arm, mass))
    return found


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


def english_rivals(case: Case) -> Findings:
    """SFT is nearer to people than its controls by less in English than in Mandarin; likewise than
    the same method trained on the other of the two cultures, and on third ones; in Mandarin it is
    nearer than answers that know nothing, and by more than in English."""
    swaps = {place: _trained_on(case, place) for place in ("US", "ZH")}

    def gain(place: str, rival: str, measure: str) -> Estimate:
        name = rival if rival in case.controls else swaps[place].get(rival)
        if name is None:
            raise Untestable(f"table7_contrasts has no {rival} for {place}")
        return versus(case.at(place), name, measure)

    def less(rival: str, measure: str) -> Finding:
        if rival in GAINS_OVER:
            return above(difference(*(_gain(case.at(x), rival, measure) for x in ("ZH", "US"))))
        return above(difference(*(gain(place, rival, measure) for place in swaps)))

    rivals = [*GAINS_OVER, *dict.fromkeys(chain(*swaps.values()))]
    nearer = known_rivals(case.at("ZH"))
    return against(case, less, rivals, MEASURES) | {f"ZH, {x}": y for x, y in nearer.items()}


def _trained_on(case: Case, place: str) -> dict[str, str]:
    """Rival -> method of the swapped arms asked about a place; that of the other place is
    ``SWAPPED``, wherever it was trained."""
    others = [each["name"] for x, each in case.cultures.items() if x != place]
    found = {name: name.partition("@")[2] for name in _swaps(case.at(place))}
    return {SWAPPED if of in others else name: name for name, of in found.items()}


def significantly_nearer(case: Case) -> Findings:
    """Training brings answers significantly nearer to people than vanilla (section 5.2)."""
    return {measure: star(case, measure) for measure in MEASURES}


def star(case: Case, measure: str) -> Finding:
    """Below vanilla by interval and sign-flip test, as a star of table 7; contradicted by a test of
    a larger distance. What a star has to beat besides are the claim's rivals."""
    row = row_of(case.tables, "table7", _own_people(case))
    found = estimate_in(row, f"{measure}_difference", "+")
    p, holm = (number_in(row, f"{measure}_{x}") for x in ("p", "p_holm"))
    text = f"{found}, p {number_or_dash(p)}, Holm's p in table 7 {number_or_dash(holm)}"
    text += f", n = {row[f'{measure}_n']}"
    return below(found)._replace(text=text, p=p, fits=found.high < 0)


def value_rivals(case: Case) -> Findings:
    """The claim's arm is nearer to people than answers that know nothing of the question, than the
    same training with shuffled cues, and than the same method trained on other cultures, if these
    were evaluated."""

    def nearer_than(rival: str, measure: str) -> Finding:
        if rival in GAINS_OVER:
            return above(_gain(case, rival, measure))
        return below(versus(case, rival, measure))

    return against(case, nearer_than, [*GAINS_OVER, *_swaps(case)], MEASURES)


def _gain(case: Case, known: str, measure: str) -> Estimate:
    """Gain of the claim's arm over an answer that knows nothing of the question."""
    row = row_of(case.tables, "table7", _own_people(case))
    return estimate_in(row, f"{measure}_{GAINS_OVER[known]}", "+")


def _swaps(case: Case) -> list[str]:
    return swapped(case, "table7_contrasts", "minus_method", **_own_people(case))


def known_rivals(case: Case, measures: Sequence[str] = MEASURES) -> Findings:
    """An untrained arm knows more of people than answers that know nothing of the question."""
    return {f"{x}, {measure}": above(_gain(case, x, measure))
            for x, measure in product(GAINS_OVER, measures)}  # fmt: skip


def match_rivals(case: Case, bounds: Sequence[float] = (0.3,)) -> Findings:
    """More questions have a JS below some distances than with what knows nothing; of answers
    without a model, the mean is compared."""

    def more(rival: str, bound: float) -> Finding:
        return above(versus(case, rival, f"js_below_{bound}"))

    return against(case, more, _swaps(case), bounds) | known_rivals(case, ["js"])


def matches_more(case: Case, model: str = "") -> Findings:
    """More questions have a JS below 0.3 than with a vanilla model (figure 2)."""
    return {"": above(contrast(case, "js_below_0.3", "Vanilla", model))}


def gains_matches(case: Case) -> Findings:
    """From about 20 to about 50 % of the questions have a JS below 0.3: 25 to 35 points (ours)."""
    return {"": within(contrast(case, "js_below_0.3", "Vanilla"), 0.25, 0.35)}


def matches_more_everywhere(case: Case) -> Findings:
    """More questions have a JS below 0.2, 0.3, 0.4 and 0.5 than with vanilla (figure 2)."""
    return {str(x): above(contrast(case, f"js_below_{x}", "Vanilla")) for x in BELOW}


def matches_more_than_llamas(case: Case) -> Findings:
    """More questions have a JS below 0.3 than with the vanilla Llamas (figure 2)."""
    rivals = ("Llama", "Llama3.1_70b")
    return {x: above(contrast(case, "js_below_0.3", "Vanilla", x)) for x in rivals}


_answers = partial(Check, scorings=SCORINGS)
_untrained = partial(_answers, arm="Vanilla", rivals=known_rivals)
_sft = partial(_answers, arm="SFT", rivals=value_rivals)
_ppo = partial(_answers, arm="PPO", rivals=value_rivals)
_matches = partial(_answers, arm="SFT", rivals=match_rivals)
CHECKS = {
    "vanilla_english": _untrained(partial(nearer, arm="Vanilla", model="Qwen")),
    "vanilla_mandarin": _untrained(partial(nearer, arm="Vanilla", model="Llama")),
    "sft_values_mandarin": _sft(significantly_nearer),
    "sft_values_english": _sft(significantly_nearer),
    "ppo_values_mandarin": _ppo(significantly_nearer),
    "ppo_values_english": _ppo(significantly_nearer),
    "values_by_associations": _sft(nearer_by_associations),
    "smaller_in_english": _answers(smaller_in_english, "SFT", rivals=english_rivals),
    "llama_past_vanilla_qwen": _sft(partial(nearer_in_emd, arm="Vanilla", model="Qwen")),
    "ppo_for_english": _ppo(partial(nearer, arm="SFT")),
    "sft_for_mandarin": _sft(partial(nearer, arm="PPO")),
    "small_rivals_large_english": _ppo(partial(nearer_than_large, margin=0.02)),
    "small_rivals_large_mandarin": _sft(partial(nearer_than_large, margin=0.02)),
    "ppo_llama_best": _ppo(nearer_than_trained_qwen),
    "sft_qwen_best": _sft(partial(nearer_than_large, margin=0.0)),
    "ppo_llama_beats_72b": _ppo(partial(nearer, arm="Vanilla", model="Qwen2.5_72b")),
    "sft_qwen_beats_70b": _sft(partial(nearer, arm="Vanilla", model="Llama3.1_70b")),
    "match_mandarin": _matches(matches_more),
    "match_gain": _matches(gains_matches),
    "match_everywhere": _matches(
        matches_more_everywhere, rivals=partial(match_rivals, bounds=BELOW)
    ),
    "match_72b": _matches(partial(matches_more, model="Qwen2.5_72b")),
    "match_english": _answers(matches_more_than_llamas, "PPO", rivals=match_rivals),
}
"""Id in ``resources/paper/claims.yaml`` -> its check."""
