"""Attribute evaluation of a full run: look-up, medians, tests, tables and a figure, in seconds.

1,200 test cues, 7 arms and humans, lists of 40 associations, all of them looked up, norms of 40,000
words; invented words of which a tenth take an ending that only lemmatizing removes. Nothing is
cached between turns:

    .venv/bin/python bench/attributes.py
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import polars as pl

from culturalign.config.evaluate import Evaluation
from culturalign.config.norms import NormColumn, NormFile, Norms
from culturalign.data.norms import ratings
from culturalign.report import figures
from culturalign.report.arm_tables import contrast_pairs
from culturalign.report.attributes import (
    attribute_contrasts,
    attribute_tables,
    human_table,
    profile,
    violins,
)
from culturalign.scores import attribute_scores, norm_lookup
from culturalign.scores.human_attributes import score_humans

LABELS = {
    "models": {"llama": "Llama", "qwen": "Qwen", "large": "Qwen 72B"},
    "methods": {"ppo": "PPO", "sft": "SFT"},
    "cultures": {"us": "US"},
}
ARMS = [(model, method) for model in ("llama", "qwen") for method in ("vanilla", "ppo", "sft")]
ARMS += [("large", "vanilla")]
RATED = ("valence", "arousal", "concreteness")


def vocabulary(size: int, rng: random.Random) -> list[str]:
    """Different words of the look of English ones."""
    words: set[str] = set()
    while len(words) < size:
        words.add("".join(rng.choice("bdfglmnprst") + rng.choice("aeiou") for _ in range(4)))
    return sorted(words)


def write_norms(
    folder: Path, words: list[str], rng: random.Random
) -> list[tuple[NormFile, Path | None]]:
    """A norm file with every attribute."""
    lines = ["Word\tvalence\tarousal\tconcreteness"]
    lines += [
        f"{word}\t{rng.uniform(1, 9):.2f}\t{rng.uniform(1, 9):.2f}\t{rng.uniform(1, 5):.2f}"
        for word in words
    ]
    path = folder / "norms.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    spans = {"valence": [1.0, 9.0], "arousal": [1.0, 9.0], "concreteness": [1.0, 5.0]}
    attributes = {name: NormColumn(column=name, span=span) for name, span in spans.items()}
    return [(NormFile(file="norms.tsv", word="Word", attributes=attributes), path)]


def drawn(words: list[str], cues: int, length: int, rng: random.Random) -> dict[str, list[str]]:
    """Lists of different words, some of them inflected."""
    return {
        f"cue{i}": [w + "s" if rng.random() < 0.1 else w for w in rng.sample(words, length)]
        for i in range(cues)
    }


def evaluate(
    folder: Path,
    files: list[tuple[NormFile, Path | None]],
    lists: dict[tuple[str, str], dict[str, list[str]]],
    people: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
    first: int,
) -> int:
    """Everything from norm files and lists to tables 5 and 12's kind and a figure.

    Returns:
        How many words of arms and of humans in the default reading were looked up.
    """
    options, evaluation = Norms(files={}, first=first), Evaluation()
    table, record = ratings.prepare_norms(files)
    lemmatize = norm_lookup.lemmatizer_of("simplemma", "en")
    humans = score_humans(
        *people, table, lemmatize=lemmatize, first=options.first, concrete_from=3.0, seed=0
    )
    humans.write_parquet(folder / "humans.parquet")
    for (model, method), words in lists.items():
        scores = attribute_scores.score_lists(
            words, table, lemmatize=lemmatize, first=options.first, concrete_from=3.0
        )
        scores.with_columns(
            model=pl.lit(model), method=pl.lit(method), seed=pl.lit(0, dtype=pl.Int64)
        ).write_parquet(folder / f"{model}-{method}.parquet")
    arms = [str(folder / f"{model}-{method}.parquet") for model, method in lists]
    scores = attribute_tables.read_scores(arms, str(folder / "humans.parquet"))
    values = profile.measures(scores)
    rows = attribute_tables.profile_rows(values, record, LABELS, "us", evaluation, options)
    attribute_tables.write_profile(str(folder / "table5"), rows, record, raw=False)
    attribute_contrasts.write_tests(str(folder / "tests"), rows, options)
    contrasts = profile.contrast_rows(values, contrast_pairs(scores, []), evaluation)
    attribute_contrasts.write_contrasts(str(folder / "contrasts"), contrasts, LABELS, "us")
    readings = human_table.human_rows(humans, evaluation)
    human_table.write_humans(str(folder / "humans"), readings, record, first=options.first)
    for attribute in RATED:
        panel = violins.panel_of(scores, attribute, record, LABELS, "us")
        figures.save(*violins.draw([panel], attribute), str(folder / attribute))
    return int(scores.filter(attribute="valence")["words"].sum())


def main() -> None:
    """Print seconds of each turn; ``cpu_s`` are the processor's, which other work alters less."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cues", type=int, default=1200)
    parser.add_argument("--length", type=int, default=40)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    rng = random.Random(0)
    words = vocabulary(40_000, rng)
    lists = {arm: drawn(words, arguments.cues, arguments.length, rng) for arm in ARMS}
    given = [
        (cue, word, place, len(found) - place)
        for cue, found in drawn(words, arguments.cues, arguments.length, rng).items()
        for place, word in enumerate(found)
    ]
    names = ["cue", "response", "place", "count"]
    table = pl.DataFrame(given, schema=names, orient="row")
    people = (
        table.select("cue", "response", position=1 + pl.col("place") % 3),
        table.select("cue", "response", rank=1 + pl.col("place")),
        table.select("cue").unique().with_columns(split=pl.lit("test")),
    )
    taken, worked = [], []
    for _ in range(arguments.turns):
        with tempfile.TemporaryDirectory() as folder:
            files = write_norms(Path(folder), words, rng)
            start, cpu = time.perf_counter(), time.process_time()
            looked_up = evaluate(Path(folder), files, lists, people, arguments.length)
            taken.append(round(time.perf_counter() - start, 2))
            worked.append(round(time.process_time() - cpu, 2))
    sizes = {"cues": arguments.cues, "arms": len(ARMS), "words looked up": looked_up}
    print(json.dumps({**sizes, "s": taken, "cpu_s": worked}))


if __name__ == "__main__":
    main()
