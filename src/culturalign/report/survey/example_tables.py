"""Tables 8 and 14 of the paper: answers to single questions, and to those of belief.

``answers, labels, nations`` are as in ``survey.tables``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.data.survey.topics import number_of
from culturalign.report.survey.comparison import ARM
from culturalign.report.survey.value_tables import TITLES, Labels, named, number_or_dash
from culturalign.report.tables import write_table
from culturalign.stats.distances import emd, js_distance

PAPER_EXAMPLES = ("Q149", "Q168", "Q165", "Q118", "Q166")
"""Questions of table 8."""
RELIGION = ("Q168", "Q166", "Q165", "Q167")
"""Questions of table 14: heaven, life after death, God, hell."""


def largest_shifts(answers: pl.DataFrame, scoring: str = "plain") -> pl.DataFrame:
    """How far training moved each question's answer: total variation distance from vanilla.

    Args:
        answers: Of vanilla and trained arms, one language.
        scoring: ``plain`` or ``debiased``.

    Returns:
        ``question, shift, model, culture, method``: the arm that moved it most; largest first,
        equal ones by question number.
    """
    means = _averaged(answers, scoring)
    vanilla = means.filter(method="vanilla").select("model", "question", "code", before="share")
    trained = means.filter(pl.col("method") != "vanilla").join(
        vanilla, on=["model", "question", "code"]
    )
    moved = (pl.col("share") - pl.col("before")).abs().sum() / 2
    return (
        trained.group_by("question", *ARM)
        .agg(shift=moved.round(12))
        .sort(pl.col("shift"), number_of(), *ARM, descending=[True, *[False] * 4])
        .unique("question", keep="first", maintain_order=True)
        .select("question", "shift", *ARM)
    )


def example_questions(
    answers: pl.DataFrame,
    scoring: str = "plain",
    most: int = 5,
    examples: Sequence[str] = PAPER_EXAMPLES,
) -> pl.DataFrame:
    """Questions of table 8: the paper's, then the largest shifts of this run.

    Returns:
        ``question, reason`` ("paper", "largest shift" or both), ``shift``; a question that is
        both is listed once, among the paper's. Questions without answers are left out.
    """
    moved = largest_shifts(answers, scoring)
    largest = moved["question"].to_list()[:most]
    found = [q for q in examples if q in set(answers["question"])]
    questions = [*found, *(q for q in largest if q not in found)]
    reasons = [" and ".join(["paper"] * (q in found) + ["largest shift"] * (q in largest))
               for q in questions]  # fmt: skip
    chosen = pl.DataFrame({"question": questions, "reason": reasons}, schema_overrides=TEXT)
    return chosen.join(moved.select("question", "shift"), on="question", how="left",
                       maintain_order="left")  # fmt: skip


TEXT = {"question": pl.String, "reason": pl.String}


def example_rows(
    questions: pl.DataFrame,
    answers: pl.DataFrame,
    human: pl.DataFrame,
    questionnaire: pl.DataFrame,
    labels: Labels,
    nations: Mapping[str, str],
    scoring: str = "plain",
    gloss: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Table 8: distributions of nations and arms over the options of chosen questions.

    Args:
        questions: From :func:`example_questions`.
        answers: Of vanilla and trained arms, one language.
        human: ``question, country, code, share``.
        questionnaire: ``question, wording, code, option``.
        labels: As the module describes.
        nations: As the module describes.
        scoring: ``plain`` or ``debiased``.
        gloss: The questionnaire in another language, for readers; None for none.

    Returns:
        ``question, reason, shift, wording, code, option, number`` (1 to K, as shown to models),
        ``gloss_wording, gloss_option`` (null where there is no gloss), ``who`` (a nation or an
        arm) and ``share``, null for people who were not asked; in the order of the table.
    """
    options = questionnaire.sort(number_of(), "code").select(
        "question", "wording", "code", "option",
        number=pl.int_range(1, pl.len() + 1).over("question"),
    )  # fmt: skip
    other = (questionnaire.clear() if gloss is None else gloss).select(
        "question", "code", gloss_wording="wording", gloss_option="option"
    )
    options = options.join(other, on=["question", "code"], how="left", maintain_order="left")
    people = human.filter(pl.col("country").is_in(list(nations))).select(
        "question", "code", "share", who=pl.col("country").replace(dict(nations))
    )
    arms = named(_averaged(answers, scoring), labels).select(
        "question", "code", "share", who=_who(answers)
    )
    columns = [*nations.values(), *arms["who"].unique(maintain_order=True)]
    everyone = pl.concat([people, arms])
    table = questions.join(options, on="question", maintain_order="left_right")
    parts = [
        table.join(everyone.filter(who=who).drop("who"), on=["question", "code"], how="left")
        .with_columns(_shares(), who=pl.lit(who), column=pl.lit(i))
        for i, who in enumerate(columns)
    ]  # fmt: skip
    order = pl.col("question").replace_strict({q: i for i, q in enumerate(questions["question"])})
    return pl.concat(parts).sort(order, "column", "number", maintain_order=True).drop("column")


def _shares() -> pl.Expr:
    """Shares in which an option nobody chose is 0, and a question nobody was asked null."""
    share = pl.col("share")
    asked = share.is_not_null().any().over("question")
    return pl.when(asked).then(share.fill_null(0.0)).alias("share")


def write_examples(stem: str, rows: pl.DataFrame) -> None:
    """Write table 8 from :func:`example_rows`."""
    columns = rows["who"].unique(maintain_order=True).to_list()
    shown = []
    for (question,), block in rows.group_by("question", maintain_order=True):
        first = block.filter(who=columns[0])
        shares = [_percent(block.filter(who=who)["share"]) for who in columns]
        wording = _question(first["wording"][0], first["number"], first["option"])
        if first["gloss_wording"].null_count() == 0:
            gloss = first["gloss_wording"][0], first["number"], first["gloss_option"]
            wording += f" = {_question(*gloss)}"
        shown.append([str(question), wording, *shares, first["reason"][0]])
    header = ["Id", "WVS question", *columns, "chosen as"]
    write_table(stem, rows, shown, header)


def religion_rows(
    answers: pl.DataFrame,
    human: pl.DataFrame,
    questionnaire: pl.DataFrame,
    country: str,
    labels: Labels,
    scoring: str = "plain",
    items: Sequence[str] = RELIGION,
) -> pl.DataFrame:
    """Table 14: answers to questions of belief before and after training.

    Args:
        answers: Of vanilla and trained arms, one language.
        human: ``question, country, code, share``.
        questionnaire: ``question, topic, wording, code, option``.
        country: Whose survey.
        labels: As the module describes.
        scoring: ``plain`` or ``debiased``.
        items: Questions; those without answers are left out.

    Returns:
        A row an item and trained arm: the titles, the arm, ``question, topic, wording``;
        ``survey, vanilla, trained``, lists of shares in the order of codes; ``js_vanilla,
        js_trained, emd_vanilla, emd_trained``, distances of the distributions shown.
    """
    means = _averaged(answers, scoring).sort(number_of(), "code")
    vanilla = means.filter(method="vanilla")
    people = human.filter(country=country).select("question", "code", survey="share")
    rows = []
    for item in items:
        words = questionnaire.filter(question=item)
        trained = means.filter((pl.col("question") == item) & (pl.col("method") != "vanilla"))
        for arm, after in trained.group_by(*ARM, maintain_order=True):
            before = vanilla.filter(question=item, model=arm[0])
            if before.is_empty():
                continue
            asked = after.join(people, on=["question", "code"], how="left", maintain_order="left")
            shares = [asked["survey"].fill_null(0.0), before["share"], after["share"]]
            rows.append(dict(zip(ARM, arm, strict=True))
                        | {"question": item, "topic": words["topic"][0],
                           "wording": words["wording"][0]}
                        | _before_after(*(column.to_list() for column in shares)))  # fmt: skip
    table = pl.DataFrame(rows, schema=BELIEFS, orient="row")
    place = pl.col("question").replace_strict({q: i for i, q in enumerate(items)}, default=None)
    return named(table, labels).sort(place, maintain_order=True)


BELIEFS: dict[str, Any] = {
    **dict.fromkeys((*ARM, "question", "topic", "wording"), pl.String),
    **dict.fromkeys(("survey", "vanilla", "trained"), pl.List(pl.Float64)),
    **dict.fromkeys(("js_vanilla", "js_trained", "emd_vanilla", "emd_trained"), pl.Float64),
}


def _before_after(
    survey: list[float], vanilla: list[float], trained: list[float]
) -> dict[str, Any]:
    found: dict[str, Any] = {"survey": survey, "vanilla": vanilla, "trained": trained}
    for name, measure in (("js", js_distance), ("emd", emd)):
        found |= {f"{name}_vanilla": float(measure(vanilla, survey))}
        found |= {f"{name}_trained": float(measure(trained, survey))}
    return found


def write_religion(stem: str, rows: pl.DataFrame) -> None:
    """Write table 14 from :func:`religion_rows`; lists become percent in the csv too."""
    header = ["Id", "Question", *TITLES, "Survey", "vanilla", "trained"]
    header += ["JS, vanilla", "JS, trained", "EMD, vanilla", "EMD, trained", "Type"]
    distances = ("js_vanilla", "js_trained", "emd_vanilla", "emd_trained")
    texts = [
        pl.Series(name, [_percent(shares) for shares in rows[name]], dtype=pl.String)
        for name in ("survey", "vanilla", "trained")
    ]
    rows = rows.with_columns(texts)
    shown = [
        [row["question"], _clean(row["wording"]), *(str(row[name]) for name in TITLES)]
        + [row[name] for name in ("survey", "vanilla", "trained")]
        + [number_or_dash(row[name]) for name in distances]
        + [row["topic"]]
        for row in rows.iter_rows(named=True)
    ]
    write_table(stem, rows, shown, header)


def _averaged(answers: pl.DataFrame, scoring: str) -> pl.DataFrame:
    """``model, culture, method, question, code, share``: mean over an arm's seeds."""
    keys = [*ARM, "question", "code"]
    return answers.group_by(keys).agg(share=pl.col(scoring).mean()).sort(keys)


def _who(answers: pl.DataFrame) -> pl.Expr:
    """Column heading of an arm; the culture only where arms differ by it."""
    arm = pl.col("M Class") + ", " + pl.col("M Type")
    if answers["culture"].drop_nulls().n_unique() < 2:
        return arm
    swow = pl.when(pl.col("culture").is_null()).then(pl.lit("")).otherwise(" " + pl.col("SWOW"))
    return arm + swow


def _question(wording: str, numbers: Iterable[int], options: Iterable[str]) -> str:
    """``wording {1: option; 2: option}``, as the paper prints it."""
    listed = zip(numbers, options, strict=True)
    text = "; ".join(f"{number}: {option}" for number, option in listed)
    return _clean(f"{wording} {{{text}}}")


def _clean(text: str) -> str:
    """Without line breaks and bars, which would break the markdown table."""
    return " ".join(text.replace("|", "/").split())


def _percent(shares: Any) -> str:
    """``[77%,23%]``; a dash for nulls."""
    if None in list(shares):
        return "-"
    return "[" + ",".join(f"{share:.0%}" for share in shares) + "]"
