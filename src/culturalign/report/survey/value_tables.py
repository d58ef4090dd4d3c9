"""Table 7 of the paper, and names that the tables of the survey stage share.

``scores`` are the arms' divergences and ``answers`` their distributions, each with ``model,
culture`` (null for vanilla), ``method, seed`` in front; seeds of an arm are averaged. ``labels``
are those of ``arm_tables``; ``nations`` maps a country to its label, in the tables' order. Every
``..._rows`` returns the numbers, every ``write_...`` writes them and what the paper prints.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Cell, Columns, Labels
from culturalign.report.survey import label_mass
from culturalign.report.survey.comparison import ARM, MEASURES, summarize_arms
from culturalign.report.survey.stars import against_vanilla, gain_rows
from culturalign.report.survey.zero_knowledge import GAINS_OVER, of_strangers, reference_names
from culturalign.scores.survey_distances import SCORINGS
from culturalign.stats.summary import ENDS

DESCRIBED = ("emd_free", "emd_ordinal", "uniform_js", "entropy", "mass", "order_effect")
"""Printed beside JS and positional EMD. The paper's printed EMD is the position-free
one. EMD of ordinal questions has questions of its own."""
TESTS = (
    *("difference", "difference_low", "difference_high", "difference_df"),
    *("p", "beats", "fails"),
    *("star", "p_holm", "star_holm"),
)

GAIN = [f"{name}{end}" for name in GAINS_OVER.values() for end in ENDS]
GAINED = (*MEASURES, "emd_free")
"""Measures with a gain over the answers that know nothing of the question."""

ORDER_EFFECT = 0.2
"""An answer is firm with no more of it (ours), and no less than the least mass."""


def value_rows(
    scores: pl.DataFrame,
    evaluation: Evaluation,
    labels: Labels,
    nations: Mapping[str, str],
    references: pl.DataFrame,
    baselines: Mapping[str, str] | None = None,
    controls: Sequence[str] = (),
) -> pl.DataFrame:
    """Table 7: mean distances of each arm to each nation, and what helps to judge them.

    Plain and debiased answers are rows of their own, in blocks: columns for both would be twice
    as many as a page holds.

    Args:
        scores: Distances of all arms; each country in its survey's language (paper, section 5.1).
        evaluation: Settings of intervals and tests.
        nations: As the module describes; other countries are left out.
        references: Zero-knowledge answers, each country in the same language.
        baselines: See :func:`culturalign.report.survey.stars.against_vanilla`.
        controls: Names of control methods.

    Returns:
        A row for each nation, scoring, arm and zero-knowledge answer: the titles, the arm,
        ``country, scoring``;
        ``x, x_low, x_high, x_df, x_n`` for js, emd and each of ``DESCRIBED``; ``js_firm``
        likewise, over questions whose answer is firm; ``low_mass``, whether the mean mass is below
        ``evaluation.least_mass``; ``x_gain``
        with its ends over the uniform answer, ``x_gain_place`` over the average by place, for js,
        emd and emd_free; ``x_difference`` with its
        ends, ``x_p, x_p_holm, x_beats, x_fails, x_star, x_star_holm`` for js and emd (null for
        vanilla); ``Nation``; ``orders``, the name of the scoring.
    """
    scores = pl.concat([scores, of_strangers(references)], how="diagonal")
    scores = scores.filter(pl.col("country").is_in(list(nations)))
    keys, all_measures = [*ARM, "country", "scoring"], [*MEASURES, *DESCRIBED]
    means = summarize_arms(scores, evaluation, all_measures)
    ends = {"mean": "", "low": "_low", "high": "_high", "n": "_n", "df": "_df"}
    tests = against_vanilla(scores, evaluation, MEASURES, baselines, controls)
    firm = summarize_arms(scores.filter(_firm(evaluation.least_mass)), evaluation, ["js"])
    gained = gain_rows(scores, evaluation, GAINED)
    table = arm_tables.pivot_measures(means, keys, all_measures, ends).join(
        arm_tables.pivot_measures(tests, keys, MEASURES, {name: f"_{name}" for name in TESTS}),
        on=keys, how="left", nulls_equal=True,
    ).join(
        arm_tables.pivot_measures(firm, keys, ["js"], {x: f"_firm{e}" for x, e in ends.items()}),
        on=keys, how="left", nulls_equal=True,
    ).join(
        arm_tables.pivot_measures(gained, keys, GAINED, {name: f"_{name}" for name in GAIN}),
        on=keys, how="left", nulls_equal=True,
    )  # fmt: skip
    table = table.with_columns(
        Nation=pl.col("country").replace(dict(nations)),
        orders=pl.col("scoring").replace(dict(labels["scorings"])),
    )
    order = arm_tables.places(country=nations, scoring=SCORINGS)
    titled = arm_tables.title_arms(table, labels, reference_names(nations))
    titled = label_mass.marked(titled, evaluation.least_mass, "mass")
    return titled.sort(order, maintain_order=True)


def write_values(stem: str, rows: pl.DataFrame, engines: pl.DataFrame) -> None:
    """Write table 7; stars are not corrected for the number of tests.

    Args:
        rows: From :func:`value_rows`.
        engines: From ``comparison.engines``; the page has a column of them if there are
            several, and one of questions with lost labels if there are any.
    """
    rows = rows.join(engines, on=ARM, how="left", nulls_equal=True, maintain_order="left")
    ordinal, firm = (arm_tables.number(name) for name in ("emd_ordinal", "js_firm"))
    columns: Columns = {
        **arm_tables.texts(*TITLES, "Nation"),
        "scoring": "orders",
        "JS": _starred("js"),
        "gain over uniform": arm_tables.interval("js_gain"),
        "gain over place": arm_tables.interval("js_gain_place"),
        "EMD, position-free": arm_tables.interval("emd_free"),
        "EMD, positional": _starred("emd"),
        "JS beats": arm_tables.beaten("js_", rows),
        "EMD, positional, beats": arm_tables.beaten("emd_", rows),
        "questions": "js_n",
        "JS, Holm p": arm_tables.p_value("js_p_holm"),
        "EMD, positional, Holm p": arm_tables.p_value("emd_p_holm"),
        "EMD, ordinal": lambda row: f"{ordinal(row)} (n={row['emd_ordinal_n'] or 0})",
        "JS to uniform": arm_tables.number("uniform_js"),
        "entropy (nats)": arm_tables.number("entropy"),
        "mass": label_mass.cell(),
        "order effect": arm_tables.number("order_effect"),
        "JS, firm answers": lambda row: f"{firm(row)} (n={row['js_firm_n'] or 0})",
        **(arm_tables.texts("engine") if rows["engine"].drop_nulls().n_unique() > 1 else {}),
        **({"questions with lost labels": "lost"} if (rows["lost"] > 0).any() else {}),
    }
    arm_tables.write_rows(stem, rows, columns, note=label_mass.NOTE)


def _firm(least: float) -> pl.Expr:
    """Rows that neither the order of the options nor other tokens than the labels decided."""
    steady = pl.col("order_effect").is_null() | (pl.col("order_effect") <= ORDER_EFFECT)
    return steady & (pl.col("mass").is_null() | (pl.col("mass") >= least))


def _starred(measure: str) -> Cell:
    return lambda row: arm_tables.interval(measure)(row) + "*" * bool(row[f"{measure}_star"])
