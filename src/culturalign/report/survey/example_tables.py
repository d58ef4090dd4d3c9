"""Tables 8 and 14 of the paper: answers to single questions, and to those of belief.

``answers, labels, nations`` are as in ``value_tables``; answers have their label ``mass``
(:func:`culturalign.report.survey.label_mass.beside`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.data.survey.topics import number_of
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Columns, Labels
from culturalign.report.survey import label_mass
from culturalign.report.survey.comparison import ARM, arm_label
from culturalign.report.survey.zero_knowledge import reference_names
from culturalign.report.tables import write_table
from culturalign.scores.survey_baselines import zero_knowledge
from culturalign.stats.distances import emd, emd_free, js_distance

PAPER_EXAMPLES = ("Q149", "Q168", "Q165", "Q118", "Q166")
"""Questions of table 8."""
RELIGION = ("Q168", "Q166", "Q165", "Q167")
"""Questions of table 14: heaven, life after death, God, hell."""
OPTION = ["question", "code"]
STATES = ("survey", "vanilla", "trained")
MASSES = ("mass_vanilla", "mass_trained")
COMPARED = (*STATES[1:], "uniform")
"""Answers of table 14 that have distances to people; the uniform one knows nothing."""
KNOWN = {name: label for name, label in reference_names({}).items() if name in ("uniform", "first")}
"""Zero-knowledge answers of table 8: method -> label."""
DISTANCES = {"js": js_distance, "emd_free": emd_free, "emd": emd}
NAMES = {"js": "JS", "emd_free": "EMD, position-free", "emd": "EMD, positional"}


NOTE = (
    "JS, and position-free EMD, to the people of {}. Single questions have no interval; the "
    "uniform answer, and the option shown first, know nothing. " + label_mass.NOTE
)


def largest_shifts(answers: pl.DataFrame, scoring: str = "plain") -> pl.DataFrame:
    """How far training moved each question's answer: total variation distance from vanilla.

    Returns:
        ``question, shift, model, culture, method``: the arm that moved it most; largest first,
        equal ones by question number.
    """
    means = mean_answers(answers, scoring)
    vanilla = means.filter(method="vanilla").select("model", *OPTION, before="share")
    trained = means.filter(pl.col("method") != "vanilla").join(vanilla, on=["model", *OPTION])
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
    questions = list(dict.fromkeys([*found, *largest]))
    reasons = [" and ".join(["paper"] * (q in found) + ["largest shift"] * (q in largest))
               for q in questions]  # fmt: skip
    chosen = pl.DataFrame(
        {"question": questions, "reason": reasons},
        schema={"question": pl.String, "reason": pl.String},
    )
    shifts = moved.select("question", "shift")
    return chosen.join(shifts, on="question", how="left", maintain_order="left")


def example_rows(
    questions: pl.DataFrame,
    answers: pl.DataFrame,
    human: pl.DataFrame,
    questionnaire: pl.DataFrame,
    labels: Labels,
    nations: Mapping[str, str],
    country: str,
    scoring: str = "plain",
    translations: Sequence[pl.DataFrame] = (),
    least_mass: float = 0.0,
) -> pl.DataFrame:
    """Table 8: distributions of nations, of answers without knowledge, and of arms over the options
    of chosen questions, and their distances to the people of a country.

    A single question has no interval; a small distance says something only beside those of the
    uniform answer and, where they were evaluated, of arms trained on other cultures.

    Args:
        questions: From :func:`example_questions`.
        answers: Answers of vanilla and trained arms, one language.
        human: ``question, country, code, share``.
        questionnaire: ``question, wording, code, option``.
        labels: As the module describes.
        nations: As the module describes.
        country: Whose people distances are to; one of the nations.
        scoring: ``plain`` or ``debiased``; the option shown first has an answer only in the former.
        translations: The questionnaire in another language, for readers; one or none.
        least_mass: An answer with less on its labels is marked.

    Returns:
        ``question, reason, shift, wording, code, option, number`` (1 to K, as shown to models),
        ``gloss_wording, gloss_option`` (null without a translation), ``who`` (a nation, an answer
        of ``KNOWN`` or an arm) and ``share``, null for people who were not asked; ``js, emd_free,
        emd`` to the country, of the question, null if its people were not asked; ``mass`` of an
        arm's labels, ``low_mass``; ``country``, its label; in the order of the table.
    """
    options = questionnaire.sort(number_of(), "code").select(
        "question", "wording", "code", "option",
        number=pl.int_range(1, pl.len() + 1).over("question"),
    )  # fmt: skip
    other = pl.concat([questionnaire.clear(), *translations]).select(
        *OPTION, gloss_wording="wording", gloss_option="option"
    )
    options = options.join(other, on=OPTION, how="left", maintain_order="left")
    people = human.filter(pl.col("country").is_in(list(nations))).select(
        *OPTION, "share", who=pl.col("country").replace(dict(nations))
    )
    titled = arm_tables.title_arms(mean_answers(answers, scoring), labels).with_columns(
        country=pl.lit("")
    )
    arms = titled.select(*OPTION, "share", "mass", who=arm_label(titled))
    known = {KNOWN[name]: rows.select(*OPTION, share=scoring)
             for name, rows in zero_knowledge(human, questionnaire, []).items()
             if name == "uniform" or scoring == "plain"}  # fmt: skip
    columns = [*nations.values(), *known, *arms["who"].unique(maintain_order=True)]
    named = [rows.with_columns(who=pl.lit(who)) for who, rows in known.items()]
    everyone = pl.concat([people, *named, arms], how="diagonal")
    table = questions.join(options, on="question", maintain_order="left_right")
    parts = [
        table.join(everyone.filter(who=who).drop("who"), on=OPTION, how="left")
        .with_columns(_shares(), who=pl.lit(who))
        for who in columns
    ]  # fmt: skip
    order = [*arm_tables.places(question=questions["question"], who=columns), "number"]
    rows = label_mass.marked(pl.concat(parts).sort(order), least_mass, "mass")
    return _with_distances(rows, nations[country])


def _with_distances(rows: pl.DataFrame, nation: str) -> pl.DataFrame:
    """With ``DISTANCES`` of everyone's answer to each question from those of a nation."""
    found = []
    for (question,), block in rows.group_by("question", maintain_order=True):
        people = block.filter(who=nation)["share"]
        for (who,), answer in block.group_by("who", maintain_order=True):
            if not (people.null_count() or answer["share"].null_count()):
                apart = (float(measure(answer["share"], people)) for measure in DISTANCES.values())
                found.append((question, who, *apart))
    schema = {"question": pl.String, "who": pl.String} | dict.fromkeys(DISTANCES, pl.Float64)
    distances = pl.DataFrame(found, schema=schema, orient="row")
    keys, country = ["question", "who"], pl.lit(nation)
    return rows.join(distances, on=keys, how="left", maintain_order="left").with_columns(
        country=country
    )


def _shares() -> pl.Expr:
    """Shares in which an option nobody chose is 0, and a question nobody was asked null."""
    share = pl.col("share")
    asked = share.is_not_null().any().over("question")
    return pl.when(asked).then(share.fill_null(0.0)).alias("share")


def write_examples(stem: str, rows: pl.DataFrame) -> None:
    """Write table 8 from :func:`example_rows`."""
    columns = rows["who"].unique(maintain_order=True).to_list()
    shown, nation = [], str(rows["country"].first())
    for (question,), block in rows.group_by("question", maintain_order=True):
        first = block.filter(who=columns[0])
        shares = [_answer(block.filter(who=who), nation) for who in columns]
        wording = _question(first["wording"][0], first["number"], first["option"])
        if first["gloss_wording"].null_count() == 0:
            gloss = first["gloss_wording"][0], first["number"], first["gloss_option"]
            wording += f" = {_question(*gloss)}"
        shown.append([str(question), wording, *shares, first["reason"][0]])
    header = ["Id", "WVS question", *columns, "chosen as"]
    write_table(stem, rows, shown, header, NOTE.format(nation))


def _answer(rows: pl.DataFrame, nation: str) -> str:
    """Shares of an answer, with its distances to people unless it is theirs."""
    row, shares = rows.row(0, named=True), _percent(rows["share"])
    mass = "" if row["mass"] is None else f" mass {label_mass.cell()(row)}"
    if row["who"] == nation or row["js"] is None:
        return shares + mass
    far = f"JS {row['js']:.2f}, {NAMES['emd_free']}: {row['emd_free']:.2f}"
    return f"{shares} {far}{',' * bool(mass)}{mass}"


def religion_rows(
    answers: pl.DataFrame,
    human: pl.DataFrame,
    questionnaire: pl.DataFrame,
    country: str,
    labels: Labels,
    scoring: str = "plain",
    items: Sequence[str] = RELIGION,
    least_mass: float = 0.0,
) -> pl.DataFrame:
    """Table 14: answers to questions of belief before and after training.

    Args:
        items: Questions.
        least_mass: As for :func:`example_rows`; the others likewise.

    Returns:
        A row for each item and trained arm: the titles, the arm, ``question, topic, wording``;
        ``survey, vanilla, trained``, lists of shares in the order of codes; ``js_vanilla,
        js_trained, js_uniform`` and so on for ``emd_free, emd``, distances of the distributions
        shown, and of the uniform answer; ``mass_vanilla, mass_trained``, and with ``low_`` whether
        they are low. Items without answers are left out.
    """
    means = mean_answers(answers, scoring).filter(pl.col("question").is_in(list(items)))
    vanilla = means.filter(method="vanilla").select(
        "model", *OPTION, vanilla="share", mass_vanilla="mass"
    )
    people = human.filter(country=country).select(*OPTION, survey="share")
    words = questionnaire.select("question", "topic", "wording").unique("question")
    rows = (
        means.filter(pl.col("method") != "vanilla")
        .join(vanilla, on=["model", *OPTION])
        .join(people, on=OPTION, how="left")
        .join(words, on="question")
        .sort(*ARM, "question", "code")
        .group_by(*ARM, "question", "topic", "wording", maintain_order=True)
        .agg(
            pl.col("survey").fill_null(0.0),
            "vanilla",
            pl.col("mass_vanilla").first(),
            trained="share",
            mass_trained=pl.col("mass").first(),
            uniform=1 / pl.len(),
        )
        .with_columns(uniform=pl.col("uniform").repeat_by(pl.col("survey").list.len()))
    )
    distances = {
        f"{name}_{state}": pl.Series(
            [float(measure(row[state], row["survey"])) for row in rows.iter_rows(named=True)],
            dtype=pl.Float64,
        )
        for name, measure in DISTANCES.items()
        for state in COMPARED
    }
    rows = label_mass.marked(rows, least_mass, *MASSES)
    titled = arm_tables.title_arms(rows.with_columns(**distances).drop("uniform"), labels)
    return titled.sort(*arm_tables.places(question=items), maintain_order=True)


def write_religion(stem: str, rows: pl.DataFrame) -> None:
    """Write table 14 from :func:`religion_rows`; lists become percent in the csv too."""
    percents = [pl.Series(name, map(_percent, rows[name]), dtype=pl.String) for name in STATES]
    columns: Columns = {
        "Id": "question",
        "Question": lambda row: _clean(row["wording"]),
        **arm_tables.texts(*TITLES),
        "Survey": "survey",
        **arm_tables.texts("vanilla", "trained"),
        **{
            f"{NAMES[name]}, {state}": arm_tables.number(f"{name}_{state}")
            for name in DISTANCES
            for state in COMPARED
        },
        **{f"mass, {name.removeprefix('mass_')}": label_mass.cell(name) for name in MASSES},
        "Type": "topic",
    }
    arm_tables.write_rows(stem, rows.with_columns(percents), columns, note=label_mass.NOTE)


def mean_answers(answers: pl.DataFrame, scoring: str) -> pl.DataFrame:
    """``model, culture, method, question, code, share, mass``: mean over an arm's seeds."""
    keys = [*ARM, *OPTION]
    means = answers.group_by(keys).agg(pl.col("mass").mean(), share=pl.col(scoring).mean())
    return means.sort(keys)


def _question(wording: str, numbers: Iterable[int], options: Iterable[str]) -> str:
    """``wording {1: option; 2: option}``, as the paper prints it."""
    listed = zip(numbers, options, strict=True)
    text = "; ".join(f"{number}: {option}" for number, option in listed)
    return _clean(f"{wording} {{{text}}}")


def _clean(text: str) -> str:
    """Without line breaks and bars, which would break the markdown table."""
    return " ".join(text.replace("|", "/").split())


def _percent(shares: Iterable[Any]) -> str:
    """``[77%,23%]``; a dash for nulls."""
    found = list(shares)
    return "-" if None in found else f"[{','.join(f'{share:.0%}' for share in found)}]"
