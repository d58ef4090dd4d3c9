"""The paper's claims on associations: generation, ranking, multiple choice, attributes."""

import math
from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import Any

from culturalign.report.arm_tables import number_or_dash
from culturalign.report.claims.cases import (
    Case,
    Check,
    Findings,
    against,
    beaten,
    swapped,
    untested,
)
from culturalign.report.claims.cells import (
    Estimate,
    Untestable,
    difference,
    estimate_in,
    mean_of,
    number_in,
    row_of,
)
from culturalign.report.claims.findings import Finding, above, below, gain, within
from culturalign.report.generation_tables import ZERO
from culturalign.report.mcq_tables import REFERENCE
from culturalign.scores.list_baselines import ZERO_KNOWLEDGE
from culturalign.scores.survey_distances import SCORINGS

KS = (5, 10, 40)


def precision(case: Case, arm: str, k: int) -> Estimate:
    """Precision@k of an arm (tables 1 and 2)."""
    return mean_of(case.tables, case.culture["table"], case.row(arm, k=k))


def precision_contrast(case: Case, minus: str, k: int) -> Estimate:
    """Precision@k of the claim's arm minus that of a method, paired by cue."""
    table = f"{case.culture['table']}_contrasts"
    return mean_of(case.tables, table, case.row(minus=minus, k=k))


def precision_gain(case: Case, least: int, most: int) -> Findings:
    """SFT raises precision@5 by a number of percent (section 4.1)."""
    return {"": gain(precision(case, case.arm, 5), precision(case, "Vanilla", 5), least, most)}


def precision_rises(case: Case) -> Findings:
    """SFT raises precision at K = 5, 10 and 40 (section 4.1)."""
    return {str(k): above(precision_contrast(case, "vanilla", k)) for k in KS}


def precision_rivals(case: Case, ks: Sequence[int] = (5,)) -> Findings:
    """The arm is above its controls and every list that needs no model, at each K."""
    others = [*ZERO_KNOWLEDGE, *swapped(case, f"{case.culture['table']}_contrasts", "minus")]
    return against(case, lambda rival, k: above(precision_contrast(case, rival, k)), others, ks)


def knows_cues(case: Case) -> Findings:
    """SFT is above the same training with shuffled cues, at K = 5 (section 5)."""
    if not case.controls:
        raise Untestable("the run has no control")
    return {name: above(precision_contrast(case, name, 5)) for name in case.controls}


def leans_in_associations(case: Case, toward: str, other: str) -> Findings:
    """A vanilla model is more precise on one culture's cues than on the other's (section 1)."""
    both = (precision(case.at(place), "Vanilla", 5) for place in (toward, other))
    return {"": above(difference(*both))}


def english_above_mandarin(case: Case) -> Findings:
    """Vanilla and SFT score higher in English than in Mandarin (section 4.1).

    The cues differ, so nothing is paired.
    """
    return {
        f"{arm}, {k}": above(difference(*(precision(case.at(x), arm, k) for x in ("US", "ZH"))))
        for arm in ("Vanilla", "SFT")
        for k in KS
    }


def qwen_above_llama(case: Case) -> Findings:
    """Qwen is more precise than Llama, vanilla and SFT (section 4.1)."""
    llama = case._replace(model="Llama")
    return {
        f"{arm}, {k}": above(difference(precision(case, arm, k), precision(llama, arm, k)))
        for arm in ("Vanilla", "SFT")
        for k in KS
    }


def over_lists(case: Case, arms: Sequence[str], ks: Sequence[int] = KS) -> Findings:
    """Arms are above every list that needs no model, as an arm must be that is ahead of another
    model by what it knows and not by form alone. Not paired."""

    def more(rival: str, part: tuple[str, int]) -> Finding:
        arm, k = part
        return above(difference(precision(case, arm, k), _list(case, rival, k)))

    return beaten(more, ZERO_KNOWLEDGE, product(arms, ks))


def lead_over_lists(
    case: Case, toward: str, other: str, arms: Sequence[str], ks: Sequence[int] = KS
) -> Findings:
    """Arms have a larger lead on one culture's cues than every list that needs no model: cues with
    more different responses are easier for whatever answers. Not paired."""

    def more(rival: str, part: tuple[str, int]) -> Finding:
        arm, k = part
        here, there = case.at(toward), case.at(other)
        own = difference(precision(here, arm, k), precision(there, arm, k))
        return above(difference(own, difference(_list(here, rival, k), _list(there, rival, k))))

    return beaten(more, ZERO_KNOWLEDGE, product(arms, ks))


def _list(case: Case, method: str, k: int) -> Estimate:
    where = {"M Type": ZERO[method], "M Class": "-", "k": k}
    return mean_of(case.tables, case.culture["table"], where)


def _ranking(case: Case) -> str:
    return case.culture["ranking"] or f"ranking_{case.culture['name']}"


def ranks_better(case: Case) -> Findings:
    """PPO improves rho over vanilla (section 4.1), of the cues that both ranked whole.

    An incomplete ranking is worth -1, so fewer of them raise the rho of all cues without any
    better ranking; that rho, and the change in incomplete answers, are shown.
    """
    table, where = f"{_ranking(case)}_contrasts", case.row(minus="vanilla")
    whole, everything, incomplete = (
        mean_of(case.tables, table, where, name) for name in ("rho_both", "rho", "incomplete")
    )
    text = f"both complete {whole}; all answers {everything}, incomplete {incomplete}"
    return {"": above(whole)._replace(text=text)}


def ranking_rivals(case: Case) -> Findings:
    """The arm ranks better than frequency in the corpus, and than its controls."""
    table = f"{_ranking(case)}_contrasts"

    def better(rival: str, _: Any) -> Finding:
        return above(mean_of(case.tables, table, case.row(minus=rival), "rho_both"))

    return against(case, better, ["corpus", *swapped(case, table, "minus")])


def ranks_better_than_ppo(case: Case) -> Findings:
    """SFT has a higher rho than PPO, of complete rankings (section 4.1)."""
    sft, ppo = (
        mean_of(case.tables, _ranking(case), case.row(x), "rho_complete") for x in (case.arm, "PPO")
    )
    return {"": above(difference(sft, ppo))}


def chooses_related(case: Case) -> Findings:
    """Vanilla models choose the related set of words almost always (appendix B).

    The margin of 90 % is ours.
    """
    return {"": above(_accuracy(case, case.arm, case.model), 0.9)}


def choice_rivals(case: Case) -> Findings:
    """The related set is chosen more often than by taking that of the most frequent words, which
    needs no model. Not paired."""

    def more(rival: str, _: Any) -> Finding:
        known = _accuracy(case, REFERENCE[rival], "-")
        return above(difference(_accuracy(case, case.arm, case.model), known))

    return beaten(more, REFERENCE)


def _accuracy(case: Case, arm: str, model: str) -> Estimate:
    where = {"M Type": arm, "M Class": model, "scoring": case.scoring}
    where |= {"SWOW": case.culture["label"]}
    return mean_of(case.tables, "table9_accuracy", where, "accuracy")


def attribute_test(case: Case, arm: str, measure: str, test: str) -> Finding:
    """An attribute is like that of humans (both one-sided tests of equivalence are significant:
    ``p_equivalence``), or differs (Wilcoxon's test: ``p``; paper, appendix G).

    The paper's criterion of likeness, that Wilcoxon's test finds no difference, does not suffice;
    it is shown. A likeness is contradicted by an interval beyond the margin, a difference by a
    likeness that is shown.
    """
    row = row_of(case.tables, f"{case.culture['attributes']}_tests", case.row(arm, measure=measure))
    found, margin = estimate_in(row, "difference", "+"), number_in(row, "margin")
    p, same = number_in(row, "p"), number_in(row, "p_equivalence")
    alike = abs(found.value) < margin
    text = f"{found}, Wilcoxon p {number_or_dash(p)}, equivalence p {number_or_dash(same)} "
    text += f"(±{margin:.3g}), n = {number_in(row, 'n_pairs'):.0f}"
    if test == "p":
        shown = same < number_in(row, "level")
        return Finding(*found[:3], not shown, text, p=same if shown else p)
    bound = math.copysign(margin, found.value)
    like = Finding(*found[:3], alike, text, bound, same if alike else None, df=found.df)
    return like._replace(margin=margin)


def tracks(case: Case, arm: str, measure: str) -> Finding:
    """An attribute follows that of humans cue by cue: its correlation, over the root of their
    reliability, is above the threshold of human level."""
    row = row_of(case.tables, f"{case.culture['attributes']}_tests", case.row(arm, measure=measure))
    return above(estimate_in(row, "ratio"), number_in(row, "threshold"))


def human_like(case: Case, measure: str) -> Findings:
    """The associations have human valence, or human arousal (section 4.2): in the mean, and cue by
    cue, since lists of other cues have human means too."""
    return {
        "mean": attribute_test(case, case.arm, measure, "p_equivalence"),
        "cue by cue": tracks(case, case.arm, measure),
    }


def human_profile(case: Case) -> Findings:
    """SFT aligns models with human psycholinguistic profiles (section 4.2)."""
    return {
        f"{measure}, {part}": found
        for measure in ("valence", "arousal", "concreteness")
        for part, found in human_like(case, measure).items()
    }


def human_arousal_without_sft(case: Case, test: str) -> Findings:
    """Vanilla and PPO have human arousal, or do not (section 4.2)."""
    if test == "p":
        return {arm: attribute_test(case, arm, "arousal", test) for arm in ("Vanilla", "PPO")}
    return {
        f"{arm}, {part}": found
        for arm in ("Vanilla", "PPO")
        for part, found in human_like(case._replace(arm=arm), "arousal").items()
    }


def nearer_to_humans(case: Case, measures: Sequence[str] = ("valence",)) -> Findings:
    """The arm's attributes are nearer to those of humans, cue by cue, than those of its controls,
    of every list that needs no model, and of the same training on other cultures."""
    table = f"{case.culture['attributes']}_contrasts"

    def nearer(rival: str, measure: str) -> Finding:
        where = case.row(minus=rival, measure=measure)
        return below(mean_of(case.tables, table, where, "nearer"))

    return against(case, nearer, [*ZERO_KNOWLEDGE, *swapped(case, table, "minus")], measures)


def concreteness_rivals(case: Case) -> Findings:
    """The arm's concreteness is above that of its controls and of every list that needs no model,
    paired by cue."""
    table = f"{case.culture['attributes']}_contrasts"

    def more(rival: str, _: Any) -> Finding:
        where = case.row(minus=rival, measure="concreteness")
        return above(mean_of(case.tables, table, where))

    return against(case, more, [*ZERO_KNOWLEDGE, *swapped(case, table, "minus")])


def concreteness_change(case: Case) -> Estimate:
    """Concreteness of the claim's arm minus that of vanilla, paired by cue."""
    where = case.row(minus="vanilla", measure="concreteness")
    return mean_of(case.tables, f"{case.culture['attributes']}_contrasts", where)


def concreteness_from_humans(case: Case) -> Estimate:
    """Concreteness of the claim's arm minus that of humans, paired by cue."""
    where = case.row(measure="concreteness")
    return mean_of(case.tables, f"{case.culture['attributes']}_tests", where, "difference")


def concreteness_gain(case: Case) -> Findings:
    """SFT raises concreteness by 0.20 to 0.21 (section 4.2)."""
    return {"": within(concreteness_change(case), 0.20, 0.21)}


def concreteness_rises(case: Case) -> Findings:
    """SFT raises concreteness (section 4.2)."""
    return {"": above(concreteness_change(case))}


def concreteness_remains_below(case: Case) -> Findings:
    """After SFT, concreteness remains 0.06 to 0.11 below humans (section 4.2)."""
    return {"": within(concreteness_from_humans(case), -0.11, -0.06)}


def more_abstract(case: Case) -> Findings:
    """Models give more abstract associations than humans (section 4.2)."""
    return {"": below(concreteness_from_humans(case))}


def _leans(toward: str, other: str) -> Check:
    rivals = partial(lead_over_lists, toward=toward, other=other, arms=["Vanilla"], ks=[5])
    find = partial(leans_in_associations, toward=toward, other=other)
    return Check(find, "Vanilla", rivals=rivals)


_lists = partial(Check, arm="SFT", rivals=precision_rivals)
_arousal = partial(nearer_to_humans, measures=["arousal"])
_profile = partial(nearer_to_humans, measures=["valence", "arousal", "concreteness"])
CHECKS = {
    "p5_english": _lists(partial(precision_gain, least=16, most=20)),
    "p5_mandarin": _lists(partial(precision_gain, least=43, most=165)),
    "sft_english": _lists(precision_rises, rivals=partial(precision_rivals, ks=KS)),
    "sft_mandarin": _lists(precision_rises, rivals=partial(precision_rivals, ks=KS)),
    "knowledge_english": _lists(knows_cues),
    "knowledge_mandarin": _lists(knows_cues),
    "english_above_mandarin": Check(
        english_above_mandarin,
        rivals=partial(lead_over_lists, toward="US", other="ZH", arms=("Vanilla", "SFT")),
    ),
    "qwen_above_llama": Check(
        qwen_above_llama, rivals=partial(over_lists, arms=("Vanilla", "SFT"))
    ),
    "ppo_ranking_english": Check(ranks_better, "PPO", rivals=ranking_rivals),
    "ppo_ranking_mandarin": Check(ranks_better, "PPO", rivals=ranking_rivals),
    "ppo_below_sft_english": Check(ranks_better_than_ppo, "SFT", rivals=ranking_rivals),
    "ppo_below_sft_mandarin": Check(ranks_better_than_ppo, "SFT", rivals=ranking_rivals),
    "multiple_choice_english": Check(chooses_related, "Vanilla", SCORINGS, choice_rivals),
    "multiple_choice_mandarin": Check(chooses_related, "Vanilla", SCORINGS, choice_rivals),
    "llama_associations": _leans(toward="US", other="ZH"),
    "qwen_associations": _leans(toward="ZH", other="US"),
    "free_form": Check(
        partial(
            untested,
            why="no table compares PPO on the two tasks; methods.*.task trains on either",
        )
    ),
    "valence_english": Check(
        partial(human_like, measure="valence"), "SFT", rivals=nearer_to_humans
    ),
    "valence_mandarin": Check(
        partial(human_like, measure="valence"), "SFT", rivals=nearer_to_humans
    ),
    "arousal_sft_english": Check(partial(human_like, measure="arousal"), "SFT", rivals=_arousal),
    "arousal_sft_mandarin": Check(partial(human_like, measure="arousal"), "SFT", rivals=_arousal),
    "arousal_english": Check(partial(human_arousal_without_sft, test="p_equivalence")),
    "arousal_mandarin": Check(partial(human_arousal_without_sft, test="p")),
    "concreteness_gain_english": Check(concreteness_gain, "SFT", rivals=concreteness_rivals),
    "concreteness_gain_mandarin": Check(concreteness_gain, "SFT", rivals=concreteness_rivals),
    "concreteness_rises_english": Check(concreteness_rises, "SFT", rivals=concreteness_rivals),
    "concreteness_rises_mandarin": Check(concreteness_rises, "SFT", rivals=concreteness_rivals),
    "concreteness_below_english": Check(
        concreteness_remains_below, "SFT", rivals=concreteness_rivals
    ),
    "concreteness_below_mandarin": Check(
        concreteness_remains_below, "SFT", rivals=concreteness_rivals
    ),
    "vanilla_abstract_english": Check(more_abstract, "Vanilla"),
    "ppo_abstract_english": Check(more_abstract, "PPO"),
    "vanilla_abstract_mandarin": Check(more_abstract, "Vanilla"),
    "ppo_abstract_mandarin": Check(more_abstract, "PPO"),
    "human_profile_english": Check(human_profile, "SFT", rivals=_profile),
    "human_profile_mandarin": Check(human_profile, "SFT", rivals=_profile),
}
"""Id in ``resources/paper/claims.yaml`` -> its check."""
