"""The explorer's data: every word and every answer of a run, compactly, for the report's page."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.files.jsonl import read_jsonl
from culturalign.report.arm_tables import Labels, arm_of, method_names
from culturalign.report.planted_table import read_planted
from culturalign.report.tables import plain_text
from culturalign.scores.survey_answers import order_shares

PER_MILLE = 1000


def collect(
    *,
    associations: Sequence[str],
    lists: Sequence[str],
    planted: Mapping[str, str],
    questionnaires: Sequence[str],
    human: str | None,
    answers: Sequence[str],
    labels: Labels,
) -> str:
    """The data of a run, from its files, as :func:`embed` writes them.

    Args:
        associations: ``results/data/{culture}/associations.parquet``.
        lists: Lists of all arms.
        planted: Synthetic culture -> its table of planted associates.
        questionnaires: ``questionnaire.{language}.parquet``; none without a survey.
        human: ``human.parquet``, if there is a survey.
        answers: Answers of all arms to the survey.
        labels: As in ``arm_tables``.
    """
    cultures = {
        labels["cultures"][culture]: culture_words(
            Path(file), _named(lists, culture), planted.get(culture), labels
        )
        for file in associations
        for culture in [Path(file).parent.name]
    }
    surveys = {
        language: survey_answers(Path(file), Path(human), _named(answers, language), labels)
        for file in questionnaires
        for language in [Path(file).name.split(".")[1]]
        if human
    }
    return embed(cultures, surveys)


def _named(files: Sequence[str], part: str) -> list[str]:
    """Files of a culture or language, ``kind.{part}...``, each once."""
    return [file for file in dict.fromkeys(files) if Path(file).name.split(".")[1] == part]


def arm_name(file: str | Path, labels: Labels) -> str:
    """Model, method, culture of the training data, and seed, of a file of an arm."""
    model, arm = arm_of(file)
    parts = [labels["models"][model], method_names(labels)[arm.method]]
    parts += [labels["cultures"][arm.culture]] if arm.culture else []
    return ", ".join(parts + ([f"seed {arm.seed}"] if arm.seed is not None else []))


def culture_words(
    associations: Path, lists: Sequence[str], planted: str | None, labels: Labels
) -> dict[str, Any]:
    """What people and arms say to each cue that the arms were asked.

    Args:
        associations: ``associations.parquet`` of the culture.
        lists: Lists of its arms, ``results/scores/{model}/{arm}/lists...jsonl``.
        planted: Table of planted associates of a synthetic culture.
        labels: As in ``arm_tables``.

    Returns:
        ``arms``, their names; ``cues``: ``cue``, ``people`` (response, count), ``planted`` and
        ``lists``, one an arm.
    """
    given = [{e["cue"]: e["words"] for e in read_jsonl(Path(file))} for file in lists]
    known = read_planted(planted)[0] if planted else {}
    people: dict[str, list[tuple[str, int]]] = {}
    rows = pl.read_parquet(associations, columns=["cue", "response", "count"])
    asked = sorted({cue for each in given for cue in each})
    for cue, response, times in rows.filter(pl.col("cue").is_in(asked)).iter_rows():
        people.setdefault(cue, []).append((response, times))
    cues = [
        {
            "cue": cue,
            "people": sorted(people.get(cue, []), key=lambda pair: -pair[1]),
            "planted": sorted(known.get(cue, ())),
            "lists": [each.get(cue, []) for each in given],
        }
        for cue in asked
    ]
    return {"arms": [arm_name(file, labels) for file in lists], "cues": cues}


def survey_answers(
    questionnaire: Path, human: Path, samples: Sequence[str], labels: Labels
) -> dict[str, Any]:
    """People's and the arms' distributions over the options, in every order; per mille.

    Args:
        questionnaire: ``questionnaire.{language}.parquet``.
        human: ``human.parquet``.
        samples: Answers of the arms in the language, ``.../{arm}/survey.{language}.parquet``.
        labels: As in ``arm_tables``.

    Returns:
        ``arms`` and ``questions``: ``id, wording, options``, ``people`` (country -> shares, null
        where nobody was asked) and ``answers``, an arm's orders, each with a share an option.
    """
    shares = {
        (country, question, code): round(PER_MILLE * share)
        for country, question, code, share in pl.read_parquet(human)
        .select("country", "question", "code", "share").iter_rows()
    }  # fmt: skip
    countries = sorted({country for country, _, _ in shares})
    answers = [_by_question(pl.read_parquet(file)) for file in samples]
    asked = pl.read_parquet(questionnaire).sort("place")
    questions = []
    for (question, wording), rows in asked.group_by("question", "wording", maintain_order=True):
        codes = rows["code"].to_list()
        questions.append({
            "id": question, "wording": plain_text(str(wording)),
            "options": [plain_text(option) for option in rows["option"]],
            "people": {c: [shares.get((c, question, code)) for code in codes] for c in countries},
            "answers": [
                [[of_order.get(code, 0) for code in codes] for of_order in each.get(question, [])]
                for each in answers
            ],
        })  # fmt: skip
    questions = [each for each in questions if any(each["answers"])]
    return {"arms": [arm_name(file, labels) for file in samples], "questions": questions}


def _by_question(samples: pl.DataFrame) -> dict[str, list[dict[int, int]]]:
    """Question -> for each order, code -> share."""
    found: dict[str, list[dict[int, int]]] = {}
    rows = order_shares(samples).sort("order", maintain_order=True)
    for (question, _), order in rows.group_by("question", "order", maintain_order=True):
        pairs = zip(order["code"], order["share"], strict=True)
        found.setdefault(question, []).append({c: round(PER_MILLE * share) for c, share in pairs})
    return found


def embed(cultures: Mapping[str, dict[str, Any]], surveys: Mapping[str, dict[str, Any]]) -> str:
    """JSON for a script element: words as places in one list, the most frequent first.

    Args:
        cultures: Label -> :func:`culture_words`.
        surveys: Label of a language -> :func:`survey_answers`.
    """
    counts: Counter[str] = Counter()
    for culture in cultures.values():
        for each in culture["cues"]:
            counts.update([each["cue"], *(word for word, _ in each["people"]), *each["planted"]])
            for words in each["lists"]:
                counts.update(words)
    words = [word for word, _ in counts.most_common()]
    place = {word: number for number, word in enumerate(words)}
    coded = [
        {
            "label": label, "arms": culture["arms"],
            "cues": [
                {
                    "cue": place[each["cue"]],
                    "people": [(place[word], times) for word, times in each["people"]],
                    "planted": [place[word] for word in each["planted"]],
                    "lists": [[place[word] for word in words] for words in each["lists"]],
                }
                for each in culture["cues"]
            ],
        }
        for label, culture in cultures.items()
    ]  # fmt: skip
    data = {
        "words": [plain_text(word) for word in words],
        "cultures": coded,
        "surveys": [{"label": label, **survey} for label, survey in surveys.items()],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")  # no text can end the element
