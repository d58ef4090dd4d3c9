"""Readings of what lists of associations are scored by: precision, shares, look-up, splits."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.data.splits import split_of
from culturalign.files.jsonl import read_jsonl
from culturalign.report.arm_tables import Labels
from culturalign.report.readings.compared import READINGS, compared, culture_of, name_of, same_items
from culturalign.scores.norm_lookup import Lemmatize, look_up

SHARES = {
    "written": {"train": 0.8, "validation": 0.1, "test": 0.1},
    "run": {"train": 0.7, "validation": 0.2, "test": 0.1},
}


def precision_rows(
    precision: Sequence[Path], lists: Sequence[Path], labels: Labels
) -> pl.DataFrame:
    """``precision`` at the smallest K, and its ``denominator`` at the largest.

    Args:
        precision: Scores of arms, ``cue, k, precision, topk_overlap, precision_half``.
        lists: The lists behind them (``cue, words``), in the same order.
        labels: Those of ``arm_tables``.
    """
    parts = [
        pl.read_parquet(scores)
        .join(_lengths(words), on="cue")
        .with_columns(of=pl.lit(_named(scores, labels)))
        for scores, words in zip(precision, lists, strict=True)
    ]
    table = pl.concat(parts)
    shortest = pl.min_horizontal("k", "length")
    given = pl.when(pl.col("length") > 0).then(pl.col("precision") * pl.col("k") / shortest)
    score, ks = pl.col("precision"), sorted(set(table["k"]))
    overlap, half = pl.col("topk_overlap"), pl.col("precision_half")
    first = _by_arm(table.filter(k=ks[0]), "precision", ks[0], (overlap, score, half))
    last = _by_arm(table.filter(k=ks[-1]), "denominator", ks[-1], (given, score, score))
    return compared([*first, *last])


def _by_arm(
    table: pl.DataFrame, name: str, k: int, readings: tuple[pl.Expr, pl.Expr, pl.Expr]
) -> Iterator[dict[str, Any]]:
    values = dict(zip(READINGS, readings, strict=True))
    items = same_items(table.select("of", "cue", **values))
    found = items.group_by("of", maintain_order=True).agg(
        pl.col(READINGS).mean(), n=pl.col("cue").n_unique()
    )
    for row in found.iter_rows(named=True):
        yield {"id": name, **row, "of": f"{row['of']}, K = {k}"}


def _lengths(file: Path) -> pl.DataFrame:
    rows = [(answer["cue"], len(answer["words"])) for answer in read_jsonl(file)]
    return pl.DataFrame(rows, schema={"cue": pl.String, "length": pl.Int64}, orient="row")


def _named(file: Path, labels: Labels) -> str:
    return name_of(file, labels, labels["cultures"][culture_of(file)])


def share_rows(arms: Sequence[Path], humans: Sequence[Path], labels: Labels) -> pl.DataFrame:
    """``shares``: of the associations in the valence norms, the mean over cues or all together.

    Args:
        arms: Attributes of arms: ``cue, attribute, words, known``.
        humans: Of people, by culture, with ``split`` and ``reading``.
        labels: Those of ``arm_tables``.
    """
    people = [
        pl.read_parquet(file)
        .filter(split="test", reading="most frequent")
        .with_columns(of=pl.lit(f"People, {labels['cultures'][culture_of(file)]}"))
        for file in humans
    ]
    mine = [pl.read_parquet(file).with_columns(of=pl.lit(_named(file, labels))) for file in arms]
    columns = ["of", "cue", "words", "known"]
    table = pl.concat(part.filter(attribute="valence").select(columns) for part in people + mine)
    table, each = table.filter(pl.col("words") > 0), pl.col("known") / pl.col("words")
    found = table.group_by("of", maintain_order=True).agg(
        written=each.mean(),
        run=pl.col("known").sum() / pl.col("words").sum(),
        sound=each.mean(),
        n=pl.col("cue").n_unique(),
    )
    return compared(found.select(pl.lit("shares").alias("id"), pl.all()).iter_rows(named=True))


def lookup_row(
    of: str, lists: Mapping[str, Sequence[str]], norms: pl.DataFrame, lemmatize: Lemmatize
) -> dict[str, Any]:
    """``lookup``: share of words in the valence norms by lemma, form, and form before lemma.

    Null for an arm that wrote no word.

    Args:
        of: Whose lists.
        lists: Cue -> words.
        norms: ``word, valence``.
        lemmatize: Word -> lemma.
    """
    every = [word for of_cue in lists.values() for word in of_cue]
    words = pl.DataFrame({"word": every}, schema={"word": pl.String})
    lemmas = words.select(
        word=pl.Series([lemmatize(word) for word in words["word"]], dtype=pl.String)
    )
    found = [
        part.join(look_up(part["word"].unique(), norms, lemma), on="word", how="left")
        for part, lemma in ((lemmas, None), (words, None), (words, lemmatize))
    ]
    rated = (len(part.drop_nulls("valence")) for part in found)
    written, run, sound = (count / len(words) if every else None for count in rated)
    values = {"written": written, "run": run, "sound": sound}
    return {"id": "lookup", "of": of, **values, "n": len(words)}


def split_row(
    of: str, cues: Sequence[str], shares: Mapping[str, float], seed: int
) -> dict[str, Any]:
    """``split``: how many cues would be trained on, by the shares of each reading.

    Args:
        of: The culture.
        cues: All its cues.
        shares: Those of this run.
        seed: Of this run's split.
    """
    counts = {
        name: sum(split_of(cue, parts, seed=seed) == "train" for cue in cues)
        for name, parts in {**SHARES, "sound": shares}.items()
    }
    return {"id": "split", "of": f"{of}, training cues", **counts, "n": len(cues)}
