"""Table of what was dropped, question by question, and of the questions that are not evaluated."""

from collections.abc import Mapping, Sequence

import polars as pl

from culturalign.survey.topics import in_order, number_of, topic_of
from culturalign.tables import write_table


def ledger_rows(
    ledger: pl.DataFrame,
    human: pl.DataFrame,
    unworded: Mapping[str, Mapping[str, str]],
    poles: Sequence[str],
) -> pl.DataFrame:
    """What became of the answers to every question, and why some are not evaluated.

    Args:
        ledger: ``country, question, respondents, valid`` and a column a reason for dropping.
        human: ``question`` of those that are evaluated.
        unworded: Language -> question -> why it is not asked in it.
        poles: The countries in which a question must have valid answers.

    Returns:
        The ledger with ``topic`` and ``not_evaluated``: why it is not, or is not in a language;
        empty if it is everywhere. Sorted by question number, countries as in the ledger.
    """
    questions, evaluated = in_order(ledger["question"]), set(human["question"])
    answered = set(ledger.filter(pl.col("valid") > 0).select("question", "country").iter_rows())
    reasons = {}
    for question in questions:
        silent = [country for country in poles if (question, country) not in answered]
        lacking = [f"{x}: {why[question]}" for x, why in unworded.items() if question in why]
        outside = f"no valid answer in {', '.join(silent)}"
        reasons[question] = "; ".join(lacking) if question in evaluated else outside
    return ledger.with_columns(
        topic=pl.col("question").map_elements(topic_of, pl.String),
        not_evaluated=pl.col("question").replace_strict(reasons, return_dtype=pl.String),
    ).sort(number_of(), maintain_order=True)


def write_ledger(stem: str, rows: pl.DataFrame, nations: Mapping[str, str]) -> None:
    """Write the table from :func:`ledger_rows`; nations: country -> label."""
    counts = [name for name in rows.columns if rows[name].dtype.is_integer()]
    header = ["Id", "topic", "nation", *(name.replace("_", " ") for name in counts)]
    shown = [
        [row["question"], row["topic"], nations.get(row["country"], row["country"])]
        + [f"{row[name]:,}" for name in counts]
        + [row["not_evaluated"]]
        for row in rows.iter_rows(named=True)
    ]
    write_table(stem, rows, shown, [*header, "not evaluated"])
