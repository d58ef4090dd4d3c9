"""The table behind figures 3 and 11: leanings in the tension set, and fidelity of the shifts.

``scores, answers, labels`` are as in ``value_tables``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.data.survey.tension_set import Form, Pair
from culturalign.data.survey.topics import in_order
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Cell, Columns, Labels
from culturalign.report.survey import label_mass
from culturalign.report.survey.comparison import ARM, flipped
from culturalign.report.survey.leaning import (
    count_changes,
    count_nearer,
    leaning_shifts,
    nearer,
    share_nearer,
)
from culturalign.report.survey.leaning_stars import own, star, swaps
from culturalign.report.survey.shift_correlation import FIDELITY, OWN, fidelity, shifts
from culturalign.report.survey.tempering import FLAT, TEMPERED, tempered
from culturalign.report.survey.zero_knowledge import reference_names, without_samples
from culturalign.scores.survey_distances import SCORINGS
from culturalign.stats.summary import ENDS, ends


def tension_rows(
    scores: pl.DataFrame,
    references: pl.DataFrame,
    answers: pl.DataFrame,
    human: pl.DataFrame,
    tension: pl.DataFrame,
    pair: Pair,
    targets: Mapping[str, str],
    labels: Labels,
    nations: Mapping[str, str],
    *,
    form: Form = "divergence",
    controls: Sequence[str] = (),
    evaluation: Evaluation,
) -> pl.DataFrame:
    """Where each arm leans in the tension set, and whether training moved it as people differ.

    Args:
        scores: Distances of all arms, one language, both countries.
        references: Distances of zero-knowledge answers, the same language.
        answers: Answers of the same arms.
        human: ``question, country, code, share``.
        tension: ``question`` of the set; those without answers are listed, not counted.
        pair: The two countries (first, second).
        targets: Culture of training data -> its country, one of the pair.
        labels: As the module describes.
        nations: As in ``value_tables``.
        form: Form of JS in the hybrid distance.
        controls: Names of control methods.
        evaluation: Level of all intervals and tests; resamples, with their seed, behind the
            tests.

    Returns:
        A row for each scoring, arm and zero-knowledge answer: the titles, the arm, ``scoring``;
        ``n`` questions, ``of`` in the set, ``missing`` (ids); ``first, second, ties`` counted;
        ``first_share, second_share`` with ends, over batteries and training runs; ``mass`` of the
        labels, and whether it is ``low_mass``; for trained arms ``target``, its label ``toward``,
        ``gained, lost`` of the target against vanilla, and ``changed_p`` of that by flipping signs
        of batteries; ``own`` with ends, the share nearer to the target minus that of the same
        method trained on other cultures; ``beats, fails, star`` of
        :func:`culturalign.report.survey.leaning_stars.star`; the columns of
        :func:`culturalign.report.survey.tempering.tempered`; and ``tension_...``, ``all_...`` of
        :func:`culturalign.report.survey.shift_correlation.fidelity`.
    """
    wanted = pl.col("question").is_in(tension["question"].to_list())
    known = without_samples(references).filter(pl.col("country").is_in(pair))
    everyone = pl.concat([scores, known], how="diagonal")
    inside, rows = everyone.filter(wanted), []
    of_arms = label_mass.mean_mass(inside, ["scoring", *ARM])
    masses = {row[:4]: {"mass": row[4]} for row in of_arms.iter_rows()}
    leanings, runs = (_leanings(inside, pair, form, extra) for extra in ([], ["seed"]))
    for key, mine in leanings.items():
        row = dict(zip(("scoring", *ARM), key, strict=True))
        row |= _counts(mine, runs[key], tension, pair, evaluation.confidence)
        row |= masses.get(key, {})
        before = leanings.get((*key[:2], None, "vanilla"))
        target = targets.get(str(key[2]), "")
        if before is not None and target in pair:
            row |= {"target": target} | count_changes(before, mine, target)
            change = leaning_shifts(runs[key], [runs[(*key[:2], None, "vanilla")]], target)
            row |= {"changed_p": flipped(change, evaluation)}
            row |= own(runs, key, target, evaluation.confidence)
            row |= star(runs, key, target, controls, evaluation)
            arms = [answers.filter(model=key[1], culture=culture, method=method)
                    for _, _, culture, method in [key, *swaps(leanings, key)]]  # fmt: skip
            vanilla = answers.filter(model=key[1], method="vanilla")
            row |= _moved(vanilla, arms, human, pair, target, key[0], wanted, evaluation)
        rows.append(row)
    table = pl.DataFrame(rows, schema=LEANINGS, orient="row").with_columns(
        orders=pl.col("scoring").replace(dict(labels["scorings"])),
        toward=pl.col("target").replace(dict(nations)),
    )
    table = label_mass.marked(table, evaluation.least_mass, "mass")
    return arm_tables.title_arms(table, labels, reference_names(nations)).sort(
        *arm_tables.places(scoring=SCORINGS), maintain_order=True
    )


LEANINGS: dict[str, Any] = {
    **dict.fromkeys((*ARM, "scoring"), pl.String),
    **{"n": pl.Int64, "of": pl.Int64, "missing": pl.String},
    **dict.fromkeys(("first", "second", "ties"), pl.Int64),
    **{f"{side}_share{end}": pl.Float64 for side in ("first", "second") for end in ENDS},
    "mass": pl.Float64,
    **{"target": pl.String, "gained": pl.Int64, "lost": pl.Int64, "changed_p": pl.Float64},
    **dict.fromkeys((f"own{end}" for end in ENDS), pl.Float64),
    **{"beats": pl.String, "fails": pl.String, "star": pl.Boolean},
    **{"tension_n": pl.Int64, **{f"tension_{name}": pl.Float64 for name in FIDELITY + OWN}},
    **dict.fromkeys(TEMPERED, pl.Float64),
    **dict.fromkeys(FLAT, pl.Boolean),
    **{"all_n": pl.Int64, **{f"all_{name}": pl.Float64 for name in FIDELITY + OWN}},
}


def _leanings(
    inside: pl.DataFrame, pair: Pair, form: Form, extra: Sequence[str]
) -> dict[tuple[Any, ...], pl.DataFrame]:
    """Scoring and arm -> leanings, of its mean distances or, with ``seed``, of each run."""
    if inside.is_empty():
        return {}
    found = nearer(inside, pair, form=form, by=["scoring", *ARM, *extra])
    return dict(found.group_by("scoring", *ARM, maintain_order=True))


def _moved(
    vanilla: pl.DataFrame,
    arms: Sequence[pl.DataFrame],
    human: pl.DataFrame,
    pair: Pair,
    target: str,
    scoring: str,
    wanted: pl.Expr,
    evaluation: Evaluation,
) -> dict[str, Any]:
    """What training did to answers of the first arm, beyond the others, in the set and in all."""
    (other,) = [country for country in pair if country != target]
    level = evaluation.confidence
    moved = [
        [shifts(vanilla, run, human, target, other, scoring=scoring)
         for run in arm.partition_by("seed", maintain_order=True)]
        for arm in arms
    ]  # fmt: skip
    row: dict[str, Any] = tempered(
        vanilla, arms[0], human, target,
        scoring=scoring, confidence=level, seed=evaluation.seed,
    )  # fmt: skip
    for name, chosen in (("tension", wanted), ("all", pl.lit(True))):
        mine, *others = ([points.filter(chosen) for points in runs] for runs in moved)
        found = fidelity(mine, others, confidence=level)
        row |= {f"{name}_{number}": value for number, value in found.items()}
    return row


def _counts(
    mine: pl.DataFrame, runs: pl.DataFrame, tension: pl.DataFrame, pair: Pair, level: float
) -> dict[str, Any]:
    missing = set(tension["question"]) - set(mine["question"])
    row: dict[str, Any] = {"n": len(mine), "of": len(tension)}
    row |= {"missing": " ".join(in_order(missing)), "ties": count_nearer(mine, pair[0])["ties"]}
    for name, country in zip(("first", "second"), pair, strict=True):
        share = share_nearer(runs, country, level)
        row |= {name: count_nearer(mine, country)["count"]}
        row |= ends(f"{name}_share", share) if share else {}
    return row


def write_tension(stem: str, rows: pl.DataFrame, nations: Sequence[str]) -> None:
    """Write the counts from :func:`tension_rows`; ``nations`` are the labels of the pair."""
    first, second = nations
    swapped, beaten = rows["own"].count() > 0, arm_tables.beaten("", rows)
    columns: Columns = {
        **arm_tables.texts(*TITLES),
        "scoring": "orders",
        f"nearer {first}": _counted("first"),
        f"nearer {second}": _counted("second"),
        **arm_tables.texts("ties"),
        "questions": lambda row: f"{row['n']} of {row['of']}",
        "mass": label_mass.cell(),
        # a swapped arm's target is not the country that the table is of
        **arm_tables.texts("toward", "gained", "lost"),
        "p of the change": arm_tables.p_value("changed_p"),
        "more near the target than": lambda row: beaten(row) + "*" * bool(row["star"]),
        **({"own − other": arm_tables.interval("own")} if swapped else {}),
        "fidelity, tension set": arm_tables.interval("tension_pearson"),
        "fidelity, all questions": arm_tables.interval("all_pearson"),
        "without flattening": arm_tables.interval("all_partial"),
        **({"the same, own − other": arm_tables.interval("all_partial_own")} if swapped else {}),
        "JS, best temperature, − vanilla": _tempered("difference", FLAT),
        "gain over uniform, best temperature": _tempered("gain", FLAT[:1]),
    }
    arm_tables.write_rows(stem, rows, columns, note=label_mass.NOTE)


def _tempered(kind: str, flat: Sequence[str]) -> Cell:
    """What an arm gains at its best temperature, unless that leaves nothing but uniform answers."""
    shown = arm_tables.interval(f"tempered_{kind}")
    return lambda row: "none, best uniform" if all(row[x] for x in flat) else shown(row)


def _counted(name: str) -> Cell:
    """A count with the interval of its share; only the count where there is none."""

    def written(row: Mapping[str, Any]) -> str:
        low, high = (row[f"{name}_share_{end}"] for end in ("low", "high"))
        return str(row[name]) if low is None else f"{row[name]} [{low:.0%}, {high:.0%}]"

    return written
