"""The table behind figures 3 and 11: leanings in the tension set, and fidelity of the shifts.

``scores, answers, labels`` are as in ``value_tables``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.data.survey.tension_set import Form, Pair
from culturalign.data.survey.topics import in_order
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Cell, Columns, Labels
from culturalign.report.survey.comparison import ARM
from culturalign.report.survey.leaning import count_changes, count_nearer, nearer, own_minus_other
from culturalign.report.survey.shift_correlation import FIDELITY, fidelity, shifts
from culturalign.report.survey.tempering import TEMPERED, tempered
from culturalign.report.survey.zero_knowledge import reference_names, without_samples
from culturalign.scores.survey_distances import SCORINGS


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
    resamples: int = 10_000,
    confidence: float = 0.95,
    seed: int = 0,
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
        resamples: Resamples of the questions behind the intervals of fidelity.
        confidence: Level of all intervals.
        seed: Seed of the resampling.

    Returns:
        A row for each scoring, arm and zero-knowledge answer: the titles, the arm, ``scoring``;
        ``n`` questions, ``of`` in the set, ``missing`` (ids); ``first, second, ties`` counted, with
        the exact ``..._low, ..._high`` of the shares; for trained arms ``target``, ``gained, lost,
        mcnemar_p`` of the target against vanilla; ``own`` with ends, the share nearer to the target
        minus that of the same method trained on other cultures; the columns of
        :func:`culturalign.report.survey.tempering.tempered`; and ``tension_...``, ``all_...`` of
        :func:`culturalign.report.survey.shift_correlation.fidelity`.
    """
    again = {"resamples": resamples, "confidence": confidence, "seed": seed}
    wanted = pl.col("question").is_in(tension["question"].to_list())
    known = without_samples(references).filter(pl.col("country").is_in(pair))
    everyone = pl.concat([scores, known], how="diagonal")
    inside, rows, leanings = everyone.filter(wanted), [], {}
    if len(inside):
        found = nearer(inside, pair, form=form, by=["scoring", *ARM])
        leanings = dict(found.group_by("scoring", *ARM, maintain_order=True))
    for key, mine in leanings.items():
        scoring, model, culture, method = map(str, key)
        row = dict(zip(("scoring", *ARM), key, strict=True))
        row |= _counts(mine, tension, pair, confidence)
        before = leanings.get((scoring, model, None, "vanilla"))
        target = targets.get(culture, "")
        if before is not None and target in pair:
            asked = answers.filter(model=model)
            row |= {"target": target} | count_changes(before, mine, target)
            others = [each for (*same, name), each in leanings.items()
                      if same[:2] == [*key[:2]] and str(name).startswith(f"{method}@")]  # fmt: skip
            if swapped := own_minus_other(mine, others, target, confidence):
                row |= {"own": swapped.mean, "own_low": swapped.low, "own_high": swapped.high}
            own = {"culture": culture, "method": method}
            (other,) = [country for country in pair if country != target]
            moved = shifts(
                asked.filter(method="vanilla"), asked.filter(**own), human, target, other,
                scoring=scoring,
            )  # fmt: skip
            row |= tempered(
                asked.filter(method="vanilla"), asked.filter(**own), human, target,
                scoring=scoring, confidence=confidence, seed=seed,
            )  # fmt: skip
            for name, points in (("tension", moved.filter(wanted)), ("all", moved)):
                values = fidelity(points, **again)  # type: ignore[arg-type]
                row |= {f"{name}_{key}": value for key, value in values.items()}
        rows.append(row)
    table = pl.DataFrame(rows, schema=LEANINGS, orient="row").with_columns(
        orders=pl.col("scoring").replace(dict(labels["scorings"]))
    )
    return arm_tables.title_arms(table, labels, reference_names(nations)).sort(
        *arm_tables.places(scoring=SCORINGS), maintain_order=True
    )


LEANINGS: dict[str, Any] = {
    **dict.fromkeys((*ARM, "scoring"), pl.String),
    **{"n": pl.Int64, "of": pl.Int64, "missing": pl.String},
    **dict.fromkeys(("first", "second", "ties"), pl.Int64),
    **dict.fromkeys(("first_low", "first_high", "second_low", "second_high"), pl.Float64),
    **{"target": pl.String, "gained": pl.Int64, "lost": pl.Int64, "mcnemar_p": pl.Float64},
    **dict.fromkeys(("own", "own_low", "own_high"), pl.Float64),
    **{"tension_n": pl.Int64, **{f"tension_{name}": pl.Float64 for name in FIDELITY}},
    **dict.fromkeys(TEMPERED, pl.Float64),
    **{"all_n": pl.Int64, **{f"all_{name}": pl.Float64 for name in FIDELITY}},
}


def _counts(mine: pl.DataFrame, tension: pl.DataFrame, pair: Pair, level: float) -> dict[str, Any]:
    missing = set(tension["question"]) - set(mine["question"])
    row: dict[str, Any] = {"n": len(mine), "of": len(tension)}
    row |= {"missing": " ".join(in_order(missing)), "ties": count_nearer(mine, pair[0])["ties"]}
    for name, country in zip(("first", "second"), pair, strict=True):
        found = count_nearer(mine, country, level)
        row |= {name: found["count"], f"{name}_low": found["low"], f"{name}_high": found["high"]}
    return row


def write_tension(stem: str, rows: pl.DataFrame, nations: Sequence[str]) -> None:
    """Write the counts from :func:`tension_rows`; ``nations`` are the labels of the pair."""
    first, second = nations
    columns: Columns = {
        **arm_tables.texts(*TITLES),
        "scoring": "orders",
        f"nearer {first}": _counted("first"),
        f"nearer {second}": _counted("second"),
        **arm_tables.texts("ties"),
        "questions": lambda row: f"{row['n']} of {row['of']}",
        **arm_tables.texts("gained", "lost"),
        "McNemar p": arm_tables.p_value("mcnemar_p"),
        **({"own − other": arm_tables.interval("own")} if rows["own"].count() else {}),
        "fidelity, tension set": arm_tables.interval("tension_pearson"),
        "fidelity, all questions": arm_tables.interval("all_pearson"),
        "without flattening": arm_tables.interval("all_partial"),
        "JS, best temperature, − vanilla": arm_tables.interval("tempered_difference"),
        "gain over uniform, best temperature": arm_tables.interval("tempered_gain"),
    }
    arm_tables.write_rows(stem, rows, columns)


def _counted(name: str) -> Cell:
    """A count with the exact interval of its share."""
    return lambda row: f"{row[name]} [{row[f'{name}_low']:.0%}, {row[f'{name}_high']:.0%}]"
