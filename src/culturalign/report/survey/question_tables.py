"""Table of all questions: who answered, how far the poles are apart, and how far by chance."""

from collections.abc import Mapping, Sequence

import polars as pl

from culturalign.data.survey.human_shares import flag_codes
from culturalign.data.survey.topics import in_order, number_of, topic_of
from culturalign.report import arm_tables
from culturalign.report.arm_tables import Columns


def question_rows(
    *,
    ledger: pl.DataFrame,
    human: pl.DataFrame,
    poles: pl.DataFrame,
    floor: pl.DataFrame,
    tension: pl.DataFrame,
    questionnaires: Mapping[str, pl.DataFrame],
    nations: Mapping[str, str],
) -> pl.DataFrame:
    """What is known about each question of the run before any model is asked.

    Args:
        ledger: ``country, question, respondents, valid`` and a column for each reason for
            dropping.
        human: ``question, country, code, count, share``.
        poles: ``question`` and ``js, emd`` between the poles, with ``_chance, _p``.
        floor: ``question, country, js, emd`` of as many respondents, drawn anew, to all.
        tension: ``question, rank, other_rank, half_share`` of the tension set.
        questionnaires: Language -> ``question, wording, ...``; a question may be worded in none.
        nations: Country -> label.

    Returns:
        ``question, topic, options``; ``languages`` it is worded in; ``valid_X`` answers and
        ``floor_X, floor_emd_X``, JS and EMD of a sample, for each country X; the columns of
        ``poles``; ``rank, other_rank, half_share`` in the tension set, if it is there;
        ``scales_differ``, whether the countries used different codes. Sorted by question number.
    """
    table = human.group_by("question").agg(options=pl.col("code").n_unique()).sort(number_of())
    for country in nations:
        counts = ledger.filter(country=country).select("question", pl.col("valid"))
        table = table.join(counts.rename({"valid": f"valid_{country}"}), on="question", how="left")
        names = {"js": f"floor_{country}", "emd": f"floor_emd_{country}"}
        halves = floor.filter(country=country).select("question", *names).rename(names)
        table = table.join(halves, on="question", how="left")
    worded = {name: set(frame["question"]) for name, frame in questionnaires.items()}
    languages = [", ".join(name for name in worded if q in worded[name]) for q in table["question"]]
    return (
        table.join(poles, on="question", how="left")
        .join(
            tension.select("question", "rank", "other_rank", "half_share"),
            on="question",
            how="left",
        )
        .with_columns(
            topic=pl.col("question").map_elements(topic_of, pl.String),
            languages=pl.Series(languages, dtype=pl.String),
            scales_differ=pl.col("question").is_in(flag_codes(human)),
        )
        .sort(number_of())
    )


def write_questions(stem: str, rows: pl.DataFrame) -> None:
    """Write the table; the csv has every number."""
    valid = [name for name in rows.columns if name.startswith("valid_")]
    floors = [name for name in rows.columns if name.startswith("floor_")]
    columns: Columns = {
        "Id": "question",
        **arm_tables.texts("topic", "options"),
        "worded in": lambda row: row["languages"] or "-",
        **_between("JS", "js"),
        **_between("positional EMD", "emd"),
        **{f"answers, {name.removeprefix('valid_')}": arm_tables.text(name) for name in valid},
        **{_floor_title(name): arm_tables.number(name) for name in floors},
        "tension rank": "rank",
        "rank, other score": "other_rank",
        "share of halves": arm_tables.number("half_share"),
        "scales differ": lambda row: "yes" if row["scales_differ"] else "",
    }
    arm_tables.write_rows(stem, rows, columns)


def _between(title: str, measure: str) -> Columns:
    """Distance between the poles, what chance makes, and p."""
    return {
        f"{title} between poles": arm_tables.number(measure),
        f"{title} by chance": arm_tables.number(f"{measure}_chance"),
        f"{title}, p": arm_tables.p_value(f"{measure}_p"),
    }


def _floor_title(column: str) -> str:
    """``JS of a sample, USA`` for ``floor_USA``."""
    country = column.removeprefix("floor_")
    measure = "EMD" if country.startswith("emd_") else "JS"
    return f"{measure} of a sample, {country.removeprefix('emd_')}"


def ledger_rows(
    ledger: pl.DataFrame,
    human: pl.DataFrame,
    unworded: Mapping[str, Mapping[str, str]],
    poles: Sequence[str],
) -> pl.DataFrame:
    """Counts of the answers to every question, and why some are not evaluated.

    Args:
        ledger: ``country, question, respondents, valid`` and a column for each reason for
            dropping.
        human: ``question`` of those that are evaluated.
        unworded: Language -> question -> why it is not asked in it.
        poles: The countries in which a question must have valid answers.

    Returns:
        The ledger with ``topic`` and ``not_evaluated``, the reason or nothing. Sorted by question
        number, countries as in the ledger.
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
    """Write the table from :func:`ledger_rows`; ``nations``: country -> label."""
    counts = [name for name in rows.columns if rows[name].dtype.is_integer()]
    columns: Columns = {
        "Id": "question",
        **arm_tables.texts("topic"),
        "nation": lambda row: nations.get(row["country"], row["country"]),
        **{name.replace("_", " "): arm_tables.number(name, ",") for name in counts},
        "not evaluated": "not_evaluated",
    }
    arm_tables.write_rows(stem, rows, columns)
