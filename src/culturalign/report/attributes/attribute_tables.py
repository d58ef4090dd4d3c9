"""Tables 5, 6, 12 and 13 of the paper.

``labels`` are those of ``arm_tables``; ``record`` says what became of each norm (``ratings.Norm``).
``rows`` are those of :func:`profile_rows`.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import Norms
from culturalign.config.scales import SPANS, to_raw
from culturalign.data.norms.ratings import Norm
from culturalign.report import arm_tables
from culturalign.report.arm_tables import TITLES, Labels
from culturalign.report.attributes.likeness import Noise
from culturalign.report.attributes.profile import (
    ARM,
    HUMAN,
    SHARES,
    against_humans,
    mean_rows,
)
from culturalign.report.generation_tables import ZERO
from culturalign.report.tables import write_table
from culturalign.scores.human_attributes import DEFAULT, WITHOUT_MODEL
from culturalign.scores.list_baselines import deranged

LEAD = [*TITLES, "measure"]
REFERENCE = {"human": "Human", **ZERO}
MARKS = (
    "Bold: no significant difference from humans (Wilcoxon). †: human-level: the mean is "
    "equivalent to that of humans within the margin, and the medians follow theirs cue by cue. "
    "Frequent responses, backward counting, lists of other cues and one list for all need no "
    "model. Tests: the table with _tests in its "
    "name."
)
CONCRETE = ("concrete", "abstract", "unknown")
Measures = Mapping[str, Mapping[str, Any]]
"""Measure -> its row, of one arm."""


def read_scores(arms: Sequence[str], humans: str, *, seed: int | None = None) -> pl.DataFrame:
    """Scores of arms and, on the same test cues, of humans, as ``profile`` describes them.

    Args:
        arms: Files of ``score_attributes``.
        humans: File of ``score_human_attributes``, whose default reading is used.
        seed: Of the draws of :func:`zero_knowledge`; without it there are no lists without a model.
    """
    scores = pl.read_parquet(humans)
    everyone = scores.filter(reading=DEFAULT).drop("reading")
    people = everyone.filter(split="test").drop("split")
    parts = [*map(pl.read_parquet, arms), as_reference(people)]
    if seed is not None:
        own = (as_reference(scores.filter(reading=name).drop("reading", "split"), name)
               for name in WITHOUT_MODEL)  # fmt: skip
        parts += [*own, *zero_knowledge(people, everyone, seed)]
    return pl.concat(parts, how="diagonal")


def zero_knowledge(people: pl.DataFrame, everyone: pl.DataFrame, seed: int) -> list[pl.DataFrame]:
    """Two references: human lists of other test cues; one human list, of a training cue, for all.

    Args:
        people: Scores of humans on the test cues.
        everyone: The same on all cues, with ``split``.
        seed: Seed of the draws.
    """
    cues = sorted(set(people["cue"]))
    training = sorted(set(everyone.filter(split="train")["cue"]))
    if not cues or not training:
        return []
    given = deranged(cues, seed=seed)
    shuffled = people.with_columns(pl.col("cue").replace_strict({y: x for x, y in given.items()}))
    one = everyone.filter(cue=random.Random(seed).choice(training)).drop("cue", "split")
    constant = pl.DataFrame({"cue": cues}).join(one, how="cross")
    return [as_reference(shuffled, "shuffled"), as_reference(constant, "constant")]


def as_reference(scores: pl.DataFrame, method: str = HUMAN[1]) -> pl.DataFrame:
    """Scores of humans with the columns of an arm."""
    return scores.with_columns(
        model=pl.lit(HUMAN[0]), method=pl.lit(method), seed=pl.lit(None, dtype=pl.Int64)
    )


def humans_first(rows: pl.DataFrame, labels: Labels, culture: str) -> pl.DataFrame:
    """Put ``M Type, M Class, SWOW`` in front: humans, models and methods as configured, then lists
    of zero knowledge."""
    titled = arm_tables.title_arms(rows, labels, REFERENCE, culture)
    reference = (pl.col("model") == HUMAN[0]).cast(pl.Int8)
    place = pl.when(method=HUMAN[1]).then(-1).otherwise(reference)
    return titled.sort(place, maintain_order=True)


def profile_rows(
    values: pl.DataFrame,
    record: Sequence[Norm],
    labels: Labels,
    culture: str,
    evaluation: Evaluation,
    options: Norms,
    noise: Mapping[str, Noise],
) -> pl.DataFrame:
    """Every measure of humans and arms, with intervals, tests and raw scales.

    Args:
        values: From ``profile.measures``.
        culture: Culture of the cues.
        options: Level, margin and threshold of the tests.
        noise: From ``likeness.noise``.

    Returns:
        The titles, ``measure``; the columns of ``profile.mean_rows`` and, for attributes of
        arms, those of ``profile.against_humans``; ``raw_mean, raw_low, raw_high, raw_seed_sd``
        on the scale of the norm file; ``note``. An attribute without norms has one row, of
        humans, that only has the note.
    """
    tests = against_humans(values, evaluation, options, noise)
    found = mean_rows(values, evaluation).join(tests, on=[*ARM, "measure"], how="left")
    order = {name: i for i, name in enumerate([*SPANS, *SHARES])}
    position = pl.col("measure").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    rows = humans_first(found.sort(position, "measure"), labels, culture)
    ends = {norm.attribute: norm.ends for norm in record}
    missing = [("Human", "-", "-", norm.attribute, *HUMAN, norm.sentence)
               for norm in record if norm.missing]  # fmt: skip
    schema = dict.fromkeys([*LEAD, *ARM, "note"], pl.String)
    notes = pl.DataFrame(missing, schema=schema, orient="row")
    rows = rows.hstack(_raw(rows, ends))
    return pl.concat([rows, notes], how="diagonal").select(*LEAD, pl.exclude(LEAD))


def _raw(rows: pl.DataFrame, ends: Mapping[str, Sequence[float]]) -> pl.DataFrame:
    """Mean, interval and spread over seeds on the norm's own scale, null for shares."""
    found: list[tuple[float | None, ...]] = []
    for row in rows.iter_rows(named=True):
        name = row["measure"]
        if name not in ends or row["mean"] is None:
            found.append((None, None, None, None))
            continue
        mean, low, high, shifted, still = (
            to_raw(x, ends[name], SPANS[name])
            for x in (row["mean"], row["low"], row["high"], row["seed_sd"] or 0.0, 0.0)
        )
        spread = abs(shifted - still) if row["seed_sd"] is not None else None
        found.append((mean, min(low, high), max(low, high), spread))  # a scale may be turned
    schema = dict.fromkeys(("raw_mean", "raw_low", "raw_high", "raw_seed_sd"), pl.Float64)
    return pl.DataFrame(found, schema=schema, orient="row")


def write_profile(stem: str, rows: pl.DataFrame, record: Sequence[Norm], *, raw: bool) -> None:
    """Write a table as the paper prints it: a column for each arm, a row for each measure.

    Bold: Wilcoxon's p is not below the level ("no significant difference", as in the paper).
    A dagger: human-level (``likeness.human_level``).

    Args:
        raw: Attributes on the norms' own scales, as in table 13.
    """
    blocks = rows.group_by(*ARM, maintain_order=True)
    arms: dict[str, Measures] = {
        _title(block.row(0, named=True)): {r["measure"]: r for r in block.iter_rows(named=True)}
        for _, block in blocks
    }
    found = [norm.attribute for norm in record if not norm.missing]
    lines: dict[str, Callable[[Measures], str]] = {
        norm.attribute.capitalize(): _attribute(norm.attribute, raw) for norm in record
    }
    if "valence" in found:
        lines["Emotional %"] = lambda arm: percents(arm, ["emotional"])
    if "concreteness" in found:
        lines["% conc. / abs. / unk."] = lambda arm: percents(arm, CONCRETE)
    if found:
        counted = [*found, f"{found[0]} found"]  # the share has a value for every cue with a word
        lines[f"Cues ({' / '.join(found)} / any word)"] = lambda arm: " / ".join(
            str(arm[name]["n_cues"]) if name in arm else "0" for name in counted
        )
    shown = [[line, *(text(arm) for arm in arms.values())] for line, text in lines.items()]
    write_table(stem, rows, shown, ["Metric", *arms], note=MARKS)


def _title(row: Mapping[str, Any]) -> str:
    return row["M Type"] if row["model"] == HUMAN[0] else f"{row['M Class']} {row['M Type']}"


def _attribute(name: str, raw: bool) -> Callable[[Measures], str]:
    """Text of an attribute of an arm, with the marks of the tests."""
    shown = arm_tables.interval("raw_mean", "raw_") if raw else arm_tables.interval("mean", "")

    def written(arm: Measures) -> str:
        row = arm.get(name)
        if row is None or row["mean"] is None:
            return str(row["note"] or "-") if row else "-"
        text = shown(row).replace(" [", "† [", 1) if row["human_level"] else shown(row)
        return f"**{text}**" if row["differs"] is False else text

    return written


def percents(arm: Measures, names: Sequence[str]) -> str:
    """``80.0 / 10.0 / 10.0``; a dash for a share that is missing."""
    means = [arm[name]["mean"] if name in arm else None for name in names]
    return " / ".join("-" if mean is None else f"{100 * mean:.1f}" for mean in means)
