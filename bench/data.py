"""The data stage at full size beside plain polars, pandas, and only reading the csv by pyarrow.

The contenders alternate, each in a process of its own, on the same generated files; importing does
not count. All do the same steps (filter, normalize, count, split; for the survey: filter, recode,
count) with the same normalizer, and must give the same tables; ours also checks the file and counts
what it drops. In an environment of its own (envs/bench.txt):

    make bench-data
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import rows

KEEP = {"country": ["United States"], "native_language": ["United States"]}
SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
PAIR = ["USA", "CHN"]
QUESTIONS = [f"Q{number}" for number in range(1, 260)]
MISSING = ["No more responses", "Unknown word", "#Missing", "#Unknown", "NA", ""]


def swow_ours(path: Path) -> Any:
    """The workflow's own functions."""
    from culturalign.data import associations, splits, swow

    found = swow.prepare_culture(path, KEEP, culture="us")
    table = associations.count_associations(found.responses, seed=0)
    return table, splits.split_cues(table["cue"].unique(), SHARES, seed=0, culture="us")


def swow_pandas(path: Path, *, chosen: bool = False) -> Any:
    """The same steps, written as one writes them with pandas: the file read whole.

    Args:
        path: The file.
        chosen: Whether to read only the needed columns, which saves memory.
    """
    import pandas as pd

    from culturalign.data.associations import _digests, _mixed
    from culturalign.data.normalize import is_prose, is_word, normalize, split_responses
    from culturalign.data.splits import split_of

    words = ["R1", "R2", "R3"]
    columns = ["participantID", "country", "nativeLanguage", "cue", *words]
    usecols = columns if chosen else None
    table = pd.read_csv(path, usecols=usecols, dtype=str, keep_default_na=False)[columns]
    table = table[(table.country == "United States") & (table.nativeLanguage == "United States")]
    table["cue"] = table.cue.map({cue: normalize(cue) for cue in table.cue.unique()})
    table = table[~table.cue.isin(["", "na"])].drop_duplicates(["participantID", "cue"])
    table["trial"] = range(len(table))
    long = table.melt(["trial", "cue"], words, var_name="position", value_name="raw")
    long = long.sort_values(["trial", "position"])
    long = long[~long.raw.str.strip().isin(MISSING)]
    taken = {
        raw: [word for word in map(normalize, split_responses(raw)) if not is_prose(word)]
        for raw in long.raw.unique()
    }
    long["response"] = long.raw.map(taken)
    long = long.explode("response").dropna(subset=["response"])
    checked = {word: is_word(word) for word in long.response.unique()}
    long = long[long.response.map(checked) & (long.response != long.cue)]
    long = long.drop_duplicates(["trial", "response"])
    counts = long.groupby(["cue", "response"]).size().rename("count").reset_index()
    tie = sum(
        pd.Series(_digests(unique.tolist(), f"0:{name}:"), unique)[counts[name]].to_numpy()
        for name in ("cue", "response")
        for unique in [counts[name].unique()]
    )
    counts["tie"] = _mixed(tie)
    counts = counts.sort_values(["cue", "count", "tie"], ascending=[True, False, True])
    counts["strength"] = counts["count"] / counts.groupby("cue")["count"].transform("sum")
    counts["rank"] = counts.groupby("cue").cumcount() + 1
    parts = pd.DataFrame({"cue": sorted(counts.cue.unique())})
    parts["split"] = [split_of(cue, SHARES, seed=0) for cue in parts.cue]
    return counts.drop(columns="tie"), parts


def swow_polars(path: Path, *, lazy: bool = False) -> Any:
    """The same steps, written as one writes them with polars.

    Args:
        path: The file.
        lazy: Whether to scan the file, which reads only what is needed, instead of reading it.
    """
    import polars as pl

    from culturalign.data.associations import _digests, _mixed
    from culturalign.data.normalize import is_prose, is_word, normalize, split_responses
    from culturalign.data.splits import split_of

    def mapped(name: str, column: pl.Series, function: Callable[[str], Any], kind: Any) -> Any:
        unique = column.unique()
        values = [function(value) for value in unique]
        return pl.DataFrame({column.name: unique, name: pl.Series(values, dtype=kind)})

    def words(raw: str) -> list[str]:
        return [word for word in map(normalize, split_responses(raw)) if not is_prose(word)]

    places = ["R1", "R2", "R3"]
    columns = ["participantID", "country", "nativeLanguage", "cue", *places]
    source = (
        pl.scan_csv(path, infer_schema=False) if lazy else pl.read_csv(path, infer_schema=False)
    )
    american = (pl.col("country") == "United States") & (
        pl.col("nativeLanguage") == "United States"
    )
    table = source.lazy().filter(american).select(columns).collect()
    cues = mapped("normal", table["cue"], normalize, pl.String)
    table = table.join(cues, on="cue", maintain_order="left").drop("cue").rename({"normal": "cue"})
    table = table.filter(~pl.col("cue").is_in(["", "na"]))
    table = table.unique(["participantID", "cue"], keep="first", maintain_order=True)
    long = table.with_row_index("trial").unpivot(places, index=["trial", "cue"], value_name="raw")
    long = long.filter(~pl.col("raw").fill_null("").str.strip_chars().is_in(MISSING))
    found = mapped("response", long["raw"], words, pl.List(pl.String))
    long = long.sort("trial", "variable").join(found, on="raw", maintain_order="left")
    long = long.explode("response").drop_nulls("response")
    checked = mapped("is_word", long["response"], is_word, pl.Boolean)
    long = long.join(checked, on="response").filter("is_word", pl.col("response") != pl.col("cue"))
    long = long.unique(["trial", "response"])
    counts = long.group_by("cue", "response").agg(count=pl.len())
    tie = 0
    for name in ("cue", "response"):
        unique = counts[name].unique()
        digests = pl.DataFrame({name: unique, "d": _digests(unique.to_list(), f"0:{name}:")})
        tie = tie + counts.join(digests, on=name, maintain_order="left")["d"].to_numpy()
    counts = counts.with_columns(tie=pl.Series(_mixed(tie)))
    counts = counts.sort("cue", "count", "tie", descending=[False, True, False])
    counts = counts.with_columns(
        strength=pl.col("count") / pl.col("count").sum().over("cue"),
        rank=pl.int_range(pl.len()).over("cue") + 1,
    ).drop("tie")
    parts = counts.select(pl.col("cue").unique().sort())
    parts = parts.with_columns(split=pl.Series([split_of(c, SHARES, seed=0) for c in parts["cue"]]))
    return counts, parts


def survey_ours(path: Path) -> Any:
    """The workflow's own functions."""
    from culturalign.data.survey import human_shares, wvs

    found = wvs.read_survey(path, PAIR)
    shares = human_shares.human_shares(found.answers, PAIR, weighted=False, others=[])
    return (shares.select("country", "question", "code", "count", "share"),)


def survey_pandas(path: Path, *, chosen: bool = False) -> Any:
    """The same steps, written as one writes them with pandas; arguments as above."""
    import pandas as pd

    columns = ["B_COUNTRY_ALPHA", "W_WEIGHT", *QUESTIONS]
    table = pd.read_csv(path, usecols=columns if chosen else None)[columns]
    table = table[table.B_COUNTRY_ALPHA.isin(PAIR)]
    table = table.rename(columns={"B_COUNTRY_ALPHA": "country"}).fillna(-5)
    long = table.melt(["country", "W_WEIGHT"], QUESTIONS, var_name="question", value_name="code")
    long.groupby(["country", "question"]).code.agg(  # the ledger
        valid=lambda code: (code >= 0).sum(), dont_know=lambda code: (code == -1).sum()
    )
    long = long[long.code >= 0]
    counts = long.groupby(["country", "question", "code"]).size().rename("count").reset_index()
    every = counts.groupby(["country", "question"])["count"].transform("sum")
    counts["share"] = counts["count"] / every
    return (counts,)


def survey_polars(path: Path, *, lazy: bool = False) -> Any:
    """The same steps, written as one writes them with polars; arguments as above."""
    import polars as pl

    columns = ["B_COUNTRY_ALPHA", "W_WEIGHT", *QUESTIONS]
    source = pl.scan_csv(path) if lazy else pl.read_csv(path)
    table = source.lazy().filter(pl.col("B_COUNTRY_ALPHA").is_in(PAIR)).select(columns).collect()
    table = table.rename({"B_COUNTRY_ALPHA": "country"}).fill_null(-5)
    long = table.unpivot(
        QUESTIONS, index=["country", "W_WEIGHT"], variable_name="question", value_name="code"
    )
    long.group_by("country", "question").agg(  # the ledger
        valid=(pl.col("code") >= 0).sum(), dont_know=(pl.col("code") == -1).sum()
    )
    long = long.filter(pl.col("code") >= 0)
    counts = long.group_by("country", "question", "code").agg(count=pl.len())
    every = pl.col("count").sum().over("country", "question")
    return (counts.with_columns(share=pl.col("count") / every),)


def bare_read(path: Path) -> Any:
    """Nothing but reading the csv with pyarrow."""
    from pyarrow import csv

    csv.read_csv(path)
    return ()


CONTENDERS: dict[str, Callable[[Path], Any]] = {
    "swow ours": swow_ours,
    "swow polars read": swow_polars,
    "swow polars scan": partial(swow_polars, lazy=True),
    "swow pandas": swow_pandas,
    "swow pandas usecols": partial(swow_pandas, chosen=True),
    "swow pyarrow only reads": bare_read,
    "survey ours": survey_ours,
    "survey polars read": survey_polars,
    "survey polars scan": partial(survey_polars, lazy=True),
    "survey pandas": survey_pandas,
    "survey pandas usecols": partial(survey_pandas, chosen=True),
    "survey pyarrow only reads": bare_read,
}


def run_one(name: str, path: Path, output: Path | None) -> None:
    """In a process of its own: print what a contender took, and write its tables."""
    import numpy  # noqa: F401
    import polars as pl

    import culturalign.data.associations
    import culturalign.data.splits
    import culturalign.data.survey.human_shares
    import culturalign.data.survey.wvs
    import culturalign.data.swow  # noqa: F401

    if "pandas" in name or "pyarrow" in name:
        import pandas  # noqa: F401
        import pyarrow.csv  # noqa: F401
    taken, tables = rows.timed(lambda: CONTENDERS[name](path))
    for number, table in enumerate(tables if output else ()):
        if not isinstance(table, pl.DataFrame):
            table = pl.DataFrame({column: table[column].to_numpy() for column in table.columns})
        table.write_parquet(f"{output}.{number}.parquet")
    print(json.dumps(taken))


def measured(name: str, path: Path, output: Path | None = None) -> rows.Taken:
    """Run a contender once."""
    written = ("--output", str(output)) if output else ()
    return rows.child(sys.executable, __file__, "--one", name, "--file", str(path), *written)


def same(first: Path, second: Path, count: int) -> bool:
    """Whether two contenders wrote the same tables, whatever the order of the rows."""
    import polars as pl
    from polars.testing import assert_frame_equal

    for number in range(count):
        one, other = (pl.read_parquet(f"{path}.{number}.parquet") for path in (first, second))
        other = other.select(
            pl.col(name).cast(kind) for name, kind in zip(one.columns, one.dtypes, strict=True)
        )
        keys = [name for name in one.columns if name not in ("strength", "share")]
        assert_frame_equal(one.sort(keys), other.sort(keys))
    return True


def compare(kind: str, path: Path, folder: Path, options: argparse.Namespace) -> None:
    """Ours and all others by turns; their tables must be the same."""
    names = [name.removeprefix(f"{kind} ") for name in CONTENDERS if name.startswith(kind)]
    outputs = {name: folder / f"{kind} {name}" for name in names if "only" not in name}
    contenders = {n: partial(measured, f"{kind} {n}", path, outputs.get(n)) for n in names}
    packages = {n: version(n.split()[0]) for n in names if n != rows.OURS}
    size = f"{path.stat().st_size / 2**20:.0f} MiB"
    rows.by_turns(f"{kind} file", size, contenders, options, packages)
    for name, output in outputs.items():
        if name != rows.OURS:
            same(outputs[rows.OURS], output, count=2 if kind == "swow" else 1)


def growth(kind: str, write: Callable[..., None], folder: Path, options: Any) -> None:
    """Ours at shares and at multiples of the official size."""
    for share in options.sizes:
        path = folder / f"{kind}.{share}.csv"
        write(path, share=share)
        one = argparse.Namespace(**{**vars(options), "turns": 1})
        ours = {rows.OURS: partial(measured, f"{kind} ours", path)}
        rows.by_turns(f"{kind} file, growth", f"{share:g} times", ours, one)
        path.unlink()


def main() -> None:
    """Measure every contender on generated files of the official size, and ours on others."""
    import full_size

    parser = rows.arguments(__doc__)
    parser.add_argument("--sizes", type=float, nargs="*", default=[0.25, 1, 4])
    parser.add_argument("--one", choices=CONTENDERS)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    if options.one:
        run_one(options.one, options.file, options.output)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, write in (("swow", full_size.write_swow), ("survey", full_size.write_wvs)):
            path = folder / f"{kind}.csv"
            write(path)
            compare(kind, path, folder, options)
            path.unlink()
            growth(kind, write, folder, options)


if __name__ == "__main__":
    main()
