"""The first screen of the report: what was asked and what came out, from the tables' numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.report.arm_tables import (
    MEAN,
    NO_PARTICIPANTS,
    UNCOMPARED,
    Labels,
    interval,
    number,
)
from culturalign.report.headline_cases import Case, cases, read_numbers
from culturalign.report.survey.zero_knowledge import GAINS_OVER, reference_names
from culturalign.scores.list_baselines import ZERO_KNOWLEDGE

SWAP = ", where it was evaluated, the same training on another culture"
QUESTIONS = {
    "associations": (
        "Does training on associations teach what people say to cues it never saw?",
        "precision, the share of a list's first K words that people gave too, at the table's "
        f"smallest K; it has to beat the control, every list here that needs no model and{SWAP}",
    ),
    "planted": (
        "Does training recover the effect planted in the invented people?",
        "the share of a list's first K words that only this culture's people give, as planted; "
        f"it has to beat the control, every list here that needs no model and{SWAP}. An arm and "
        "its control are compared at the shorter of their two lists",
    ),
    "rankings": (
        "Does training on rankings bring a model's order of words nearer to people's?",
        "Spearman's ρ between the model's order of K words and people's (1: the same, 0: as by "
        "chance), where the rankings are complete; it has to beat the control, the order of "
        f"frequency in the corpus and{SWAP}",
    ),
    "attributes": (
        "Are the words as pleasant as people's?",
        "mean valence of the first words (1 unpleasant, 9 pleasant) minus that of people's; it has "
        "to lie within the margin that counts as equal, to follow people's cue by cue, and to be "
        "nearer to theirs, cue by cue, than those of the control, of every list here that needs no "
        f"model and{SWAP}",
    ),
    "values": (
        "Do answers to the survey come nearer to people's?",
        "Jensen-Shannon distance between the model's and people's shares of the options (0: the "
        "same, 0.833: nothing in common); it has to be smaller than the control's, that of the "
        "uniform answer (equal shares), that of people's average by the option's place and"
        f"{SWAP}",
    ),
}
"""Question -> its wording, and what a Yes takes."""


@dataclass(frozen=True)
class Headline:
    """A question and what each trained arm shows."""

    name: str
    cases: list[Case]

    @property
    def question(self) -> str:
        """The question as asked."""
        return QUESTIONS[self.name][0]

    @property
    def needed(self) -> str:
        """What a Yes takes."""
        return QUESTIONS[self.name][1]

    @property
    def verdict(self) -> str:
        """Of how many arms it is shown, and how many are at least better than their control."""
        yes, arms = sum(case.beats for case in self.cases), len(self.cases)
        better = sum(case.over_control for case in self.cases)
        word = "Yes" if yes == arms else "In part" if yes else "Not shown"
        return f"{word}: {yes} of {arms} trained arms ({better} better than the control)"


def headlines(
    folder: Path,
    *,
    tables: Mapping[str, str],
    rankings: Mapping[str, str],
    attributes: Mapping[str, Sequence[str]],
    planted: Iterable[str],
    labels: Labels,
    kinds: Mapping[str, Sequence[str]],
) -> list[Headline]:
    """The questions that this run can answer.

    Args:
        folder: Tables of the run.
        tables: Name of each table of generation scores -> culture.
        rankings: Name of each table of ranking scores -> culture.
        attributes: Name of each table of attributes -> culture and prompt.
        planted: Synthetic cultures.
        labels: As in ``arm_tables``.
        kinds: ``associations, rankings``: methods trained on them; ``controls``.
    """
    lists, ranked, controls = (kinds[name] for name in ("associations", "rankings", "controls"))
    names = labels["cultures"]

    def both(table: str, mean: str, difference: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        stem = folder / table
        return read_numbers(Path(f"{stem}.csv"), mean), read_numbers(
            Path(f"{stem}_contrasts.csv"), difference
        )

    def at_smallest_k(
        means: pl.DataFrame, pairs: pl.DataFrame, methods: Sequence[str], culture: str
    ) -> list[Case]:
        shown = {
            k: cases(means.filter(k=k), of_k, methods, labels, controls, names[culture])
            for (k,), of_k in pairs.sort("k").group_by("k", maintain_order=True)
        } if len(pairs) else {}  # fmt: skip
        return _with_larger_k(shown)

    def effect(culture: str) -> list[Case]:
        rows = read_numbers(folder / f"planted_{culture}.csv")
        if rows.is_empty():
            return []
        mean = pl.col("minus").is_null()
        pairs = rows.filter(~mean).rename({"what": "Difference"})
        return cases(rows.filter(mean), pairs, lists, labels, controls, names[culture])

    found = {
        "associations": [
            case for table, culture in tables.items()
            for case in at_smallest_k(*both(table, "mean", "mean"), lists, culture)
        ],
        "planted": [case for culture in planted for case in effect(culture)],
        "rankings": [
            case for table, culture in rankings.items()
            for case in at_smallest_k(
                *both(table, "rho_complete", "rho_both"), ranked, culture
            )
        ],
        "attributes": _valence(folder, attributes, lists, controls, names),
        "values": _values(folder, lists, labels, controls),
    }  # fmt: skip
    return [Headline(name, shown) for name, shown in found.items() if shown]


def _with_larger_k(shown: Mapping[Any, Sequence[Case]]) -> list[Case]:
    """The cases of the smallest K, each with what is hardest to beat at every larger one."""
    if not shown:
        return []
    (_, smallest), *larger = shown.items()
    found = []
    for case in smallest:
        more = [
            f" At K = {k}, {other.hardest[0].lower()}{other.hardest[1:]}"
            for k, cases_of_k in larger
            for other in cases_of_k
            if other.arm == case.arm and other.hardest
        ]
        found.append(replace(case, text=case.text + "".join(more)))
    return found


def _valence(
    folder: Path,
    attributes: Mapping[str, Sequence[str]],
    methods: Sequence[str],
    controls: Sequence[str],
    names: Mapping[str, str],
) -> list[Case]:
    """Valence of the first words, arm minus people, under each culture's first prompt."""
    first: dict[str, str] = {}
    for table, (culture, _) in attributes.items():
        first.setdefault(culture, table)
    found = []
    for culture, table in first.items():
        rows = read_numbers(folder / f"{table}_tests.csv", "difference")
        rows = rows if rows.is_empty() else rows.filter(measure="valence")
        for row in rows.iter_rows(named=True):
            if row["method"] in methods:
                rivals = _nearer(folder / f"{table}_contrasts.csv", row, controls)
                found.append(_from_people(row, rows, rivals, names[culture]))
    return found


def _nearer(path: Path, row: Mapping[str, Any], controls: Sequence[str]) -> pl.DataFrame:
    """How much nearer to people an arm's valence is than that of what it has to beat: controls,
    lists that need no model, and the same training on other cultures.

    Returns:
        ``minus, Difference, n_nearer, control, mean, low, high``, below 0 if the arm is nearer,
        cue by cue; ``beaten``. Controls first, then the hardest to beat.
    """
    ends = [pl.col(f"nearer{end}").cast(pl.Float64) for end in ("", "_low", "_high")]
    control = pl.col("minus").is_in(list(controls))
    other = pl.col("minus").str.starts_with(f"{row['method']}@")
    other |= pl.col("minus").is_in(ZERO_KNOWLEDGE)
    return (
        pl.read_csv(path, infer_schema_length=None)
        .filter(control | other, measure="valence", model=row["model"], method=row["method"])
        .select("minus", "Difference", "n_nearer", *ends, control=control)
        .rename({"nearer": "mean", "nearer_low": "low", "nearer_high": "high"})
        .with_columns(beaten=pl.col("high").fill_null(0.0) < 0)
        .sort("control", "high", descending=True, nulls_last=False, maintain_order=True)
    )


def _from_people(
    row: Mapping[str, Any], rows: pl.DataFrame, rivals: pl.DataFrame, culture: str
) -> Case:
    margin = f"a margin ({NO_PARTICIPANTS})" if row["margin"] is None else f"±{row['margin']:.3g}"
    follows = row["ratio_low"] is not None and row["ratio_low"] > row["threshold"]
    words = (
        f"{row['M Type']}, {row['M Class']}, {culture}: {MEAN(row)} from people's "
        f"({row['n_pairs']} cues), {_shown(row['equivalent'])} to be within {margin}. "
        f"r / attainable {interval('ratio')(row)}, {_shown(follows)} to be above "
        f"{row['threshold']:g}."
    )
    controls, others = rivals.filter("control"), rivals.filter(~pl.col("control"))
    for rival in pl.concat([controls, others.head(1)]).iter_rows(named=True):
        name = rival["Difference"].split(" − ", 1)[-1]
        whose = pl.col("model").is_in([row["model"], "-"])
        theirs = rows.filter(whose, method=rival["minus"]).head(1)
        shown = "".join(f" {MEAN(one)}," for one in theirs.iter_rows(named=True))
        word = "beaten" if rival["beaten"] else "not beaten"
        word = UNCOMPARED if rival["mean"] is None else word
        role = "Control" if rival["control"] else "Hardest to beat"
        words += f" {role} ({name}):{shown} difference of the distances {MEAN(rival)} "
        words += f"({rival['n_nearer'] or 0} cues), {word}."
    over_control = bool(len(controls) and controls["beaten"].all())
    return Case(
        over_control,
        bool(over_control and rivals["beaten"].all() and row["human_level"]),
        words if len(controls) else f"{words} No control.",
    )


def _shown(whether: bool | None) -> str:
    return "shown" if whether else "not shown"


def _values(
    folder: Path,
    methods: Sequence[str],
    labels: Labels,
    controls: Sequence[str],
) -> list[Case]:
    """Distance to the people of an arm's own culture, averaged over orders if there are several."""
    file = folder / "table7_contrasts.csv"
    if not file.exists():
        return []
    means, pairs = read_numbers(folder / "table7.csv", "js"), read_numbers(file, "js")
    if pairs.is_empty():
        return []
    swapped = pl.col("minus_method").str.starts_with(pl.col("method") + "@")
    own = pairs.filter(
        (pl.col("culture") == pl.col("minus_culture"))
        | pl.col("minus_culture").is_null()  # vanilla
        | swapped,
        pl.col("model") == pl.col("minus_model"),
    ).with_columns(
        minus=pl.col("minus_method"),
        Difference=pl.col("M Type") + " − " + pl.col("minus M Type"),
        n_cues=pl.col("n"),
    )

    def of(scoring: str, arm: Mapping[str, Any]) -> list[Case]:
        rows = own.filter(model=arm["model"], method=arm["method"], country=arm["country"])
        rows = rows.filter(culture=arm["culture"], scoring=scoring)
        peers = means.filter(scoring=scoring, country=arm["country"])
        peers = peers.filter(
            (pl.col("culture") == arm["culture"]) | (pl.col("method") == "vanilla")
        )
        culture = labels["cultures"][arm["culture"]]
        return cases(
            peers, rows, methods, labels, controls, culture,
            sign=-1, unit="questions", hardest="Hardest arm to beat",
        )  # fmt: skip

    average = "debiased" in pairs["scoring"]
    scoring = "debiased" if average else "plain"
    found = []
    for arm in means.filter(pl.col("method").is_in(list(methods)), scoring=scoring).to_dicts():
        for case in of(scoring, arm):
            plain = "".join(one.control for one in of("plain", arm)) if average else ""
            found.append(_over_known(case, arm, plain))
    return found


def _over_known(case: Case, arm: Mapping[str, Any], plain: str) -> Case:
    """With the gains over answers that need no model, and the labels' probability: where it is near
    0, the model hardly answers. ``plain``: the control in one order, if answers are averaged over
    several."""
    names, text, beaten = reference_names({}), case.text, case.beats
    for rival, gain in GAINS_OVER.items():
        low = arm[f"js_{gain}_low"]
        won = low is not None and low > 0
        beaten = beaten and won
        text += f" Gain over the {names[rival][0].lower()}{names[rival][1:]}: "
        text += f"{interval(f'js_{gain}')(arm)}, {'beaten' if won else 'not beaten'}."
    if plain:
        text += f" These are averages over the orders of the options; in one order: {plain}"
    text += (
        f" Of its probability, {number('mass')(arm)} is on the options' labels (1, 2 or A, B); "
        "near 0, a model hardly answers, and its shares mean little."
    )
    return Case(case.over_control, beaten, text)
