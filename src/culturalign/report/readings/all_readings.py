"""All numbers of the table of readings, from the files of a run."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.data.associations import ranked_responses, response_counts
from culturalign.data.normalize import normalize
from culturalign.data.norms.ratings import available
from culturalign.files.jsonl import read_jsonl
from culturalign.report.arm_tables import Labels
from culturalign.report.readings import list_readings, ranking_readings, survey_readings
from culturalign.report.readings.compared import compared, culture_of, name_of
from culturalign.scores.norm_lookup import lemmatizer_of

Files = Mapping[str, Sequence[Path]]
FILES = (
    *("divergence", "human", "precision", "lists", "attributes", "human_attributes"),
    *("rankings", "associations", "splits"),
)
"""Kinds of files; those of a stage that a run lacks are empty."""
SETTINGS = ("labels", "nations", "poles", "countries", "tension", "first", "split")
"""``nations``, country -> label; ``countries``, one for each file of ``divergence``; ``tension``,
size of the set; ``first`` words that are looked up; ``split``, shares and ``seed``."""


def all_rows(
    files: Files, cultures: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any]
) -> pl.DataFrame:
    """Compare every definition that a run has numbers for.

    Args:
        files: ``FILES``; ``precision`` and ``lists`` in the same order, ``associations`` and
            ``splits`` one for each culture.
        cultures: Culture -> ``rules`` of its normalizer; ``language``; ``lemmatizer`` and
            ``norms``, its file, or None.
        settings: ``SETTINGS``.

    Returns:
        The columns ``COMPARED``.
    """
    labels: Labels = settings["labels"]
    tables = dict(zip(cultures, map(pl.read_parquet, files["associations"]), strict=True))
    splits = dict(zip(cultures, map(pl.read_parquet, files["splits"]), strict=True))
    normalizers = {name: partial(normalize, **each["rules"]) for name, each in cultures.items()}
    counts = {name: response_counts(table) for name, table in tables.items()}
    parts = [
        _survey(files, settings),
        list_readings.precision_rows(files["precision"], files["lists"], labels),
        compared(_splits(splits, settings)),
        ranking_readings.ranking_rows(files["rankings"], labels, normalizers, counts),
    ]
    if files["attributes"]:
        humans = files["human_attributes"]
        parts.append(list_readings.share_rows(files["attributes"], humans, labels))
        parts.append(compared(_lookups(files["lists"], tables, splits, cultures, settings)))
    return pl.concat(parts)


def _survey(files: Files, settings: Mapping[str, Any]) -> pl.DataFrame:
    if not files["divergence"]:
        return compared([])
    return survey_readings.survey_rows(
        files["divergence"],
        settings["countries"],
        pl.read_parquet(files["human"][0]),
        poles=tuple(settings["poles"]),
        size=settings["tension"],
        labels=settings["labels"],
        nations=settings["nations"],
    )


def _splits(splits: Mapping[str, pl.DataFrame], settings: Mapping[str, Any]) -> list[Any]:
    shares = dict(settings["split"])
    seed = shares.pop("seed")
    names = settings["labels"]["cultures"]
    return [
        list_readings.split_row(names[culture], table["cue"].to_list(), shares, seed)
        for culture, table in splits.items()
    ]


def _lookups(
    lists: Sequence[Path],
    associations: Mapping[str, pl.DataFrame],
    splits: Mapping[str, pl.DataFrame],
    cultures: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> list[Any]:
    rows, labels, first = [], settings["labels"], settings["first"]
    for culture, each in cultures.items():
        lemmatize = lemmatizer_of(each["lemmatizer"], each["language"], **each["rules"])
        if lemmatize is None or each["norms"] is None:
            continue
        norms = pl.read_parquet(each["norms"])
        if "valence" not in available(norms):
            continue
        test = set(splits[culture].filter(split="test")["cue"])
        human = {c: w for c, w in ranked_responses(associations[culture]).items() if c in test}
        named = {f"People, {labels['cultures'][culture]}": human}
        for file in lists:
            if culture_of(file) == culture:
                name = name_of(file, labels, labels["cultures"][culture])
                named[name] = {answer["cue"]: answer["words"] for answer in read_jsonl(file)}
        for name, words in named.items():
            cut = {cue: each_list[:first] for cue, each_list in words.items()}
            rows.append(list_readings.lookup_row(name, cut, norms, lemmatize))
    return rows
