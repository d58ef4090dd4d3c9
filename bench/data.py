"""The data stage at full size: ours compared with pandas and with only reading the csv by pyarrow.

The contenders alternate, each in a process of its own, on the same generated files; wall time is
taken inside, after the imports, and memory is the process's peak. Ours and pandas do the same steps
(filter, normalize, count, split; for the survey: filter, recode, count) with the same normalizer,
and must give the same tables. In an environment of its own (envs/bench.txt):

    make bench-data
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

KEEP = {"country": ["United States"], "native_language": ["United States"]}
SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
PAIR = ["USA", "CHN"]
QUESTIONS = [f"Q{number}" for number in range(1, 260)]


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
    from culturalign.data.responses import MISSING
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


def bare_read(path: Path) -> Any:
    """Nothing but reading the csv with pyarrow."""
    from pyarrow import csv

    csv.read_csv(path)
    return ()


CONTENDERS: dict[str, Callable[[Path], Any]] = {
    "swow ours": swow_ours,
    "swow pandas": swow_pandas,
    "swow pandas_chosen": partial(swow_pandas, chosen=True),
    "swow read": bare_read,
    "survey ours": survey_ours,
    "survey pandas": survey_pandas,
    "survey pandas_chosen": partial(survey_pandas, chosen=True),
    "survey read": bare_read,
}


def peak_mib() -> float:
    """Peak memory of this process; ``ru_maxrss`` begins at its parent's (getrusage(2))."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def run_one(name: str, path: Path, output: Path | None) -> None:
    """In a process of its own: seconds and peak memory (MiB) as JSON."""
    import numpy  # noqa: F401
    import polars as pl

    import culturalign.data.associations
    import culturalign.data.splits
    import culturalign.data.survey.human_shares
    import culturalign.data.survey.wvs
    import culturalign.data.swow  # noqa: F401

    if not name.endswith("ours"):
        import pandas  # noqa: F401
        import pyarrow.csv  # noqa: F401
    start = time.perf_counter()
    tables = CONTENDERS[name](path)
    seconds = time.perf_counter() - start
    peak = peak_mib()
    for number, table in enumerate(tables if output else ()):
        if not isinstance(table, pl.DataFrame):
            table = pl.DataFrame({column: table[column].to_numpy() for column in table.columns})
        table.write_parquet(f"{output}.{number}.parquet")
    print(json.dumps({"seconds": seconds, "mib": peak}))


def measure(name: str, path: Path, output: Path | None = None) -> dict[str, float]:
    """Run a contender once."""
    command = [sys.executable, __file__, "--one", name, "--file", str(path)]
    command += ["--output", str(output)] if output else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


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


def compare(kind: str, path: Path, folder: Path, turns: int) -> dict[str, Any]:
    """Ours, pandas and the bare read, alternating."""
    names = [f"{kind} {which}" for which in ("ours", "pandas", "pandas_chosen", "read")]
    outputs = [folder / which for which in ("ours", "pandas")]
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for turn in range(turns):
        for name, output in zip(names, [*outputs, None, None], strict=True):
            taken[name].append(measure(name, path, output if turn == 0 else None))
    ours, pandas, chosen, read = (
        {key: statistics.median(run[key] for run in taken[name]) for key in ("seconds", "mib")}
        for name in names
    )
    return {
        "file_mib": path.stat().st_size / 2**20,
        "same_output": same(*outputs, count=2 if kind == "swow" else 1),
        "ours": ours, "pandas": pandas, "pandas_chosen": chosen, "pyarrow_read": read,
        "times_faster_than_pandas": pandas["seconds"] / ours["seconds"],
        "times_the_bare_read": ours["seconds"] / read["seconds"],
        "memory_of_pandas": ours["mib"] / pandas["mib"],
        "times_faster_than_pandas_chosen": chosen["seconds"] / ours["seconds"],
        "memory_of_pandas_chosen": ours["mib"] / chosen["mib"],
        "all_seconds": {name: [run["seconds"] for run in runs] for name, runs in taken.items()},
    }  # fmt: skip


def growth(kind: str, write: Callable[..., None], folder: Path, turns: int) -> dict[str, float]:
    """Seconds at shares of the rows; linear if a tenth of the rows takes a tenth or more."""
    found = {}
    for share in (0.1, 0.3, 1.0):
        path = folder / f"{kind}.{share}.csv"
        write(path, share=share)
        runs = [measure(f"{kind} ours", path)["seconds"] for _ in range(turns)]
        found[str(share)] = statistics.median(runs)
        path.unlink()
    return {**found, "times_for_ten_times_the_rows": found["1.0"] / found["0.1"]}


def main() -> None:
    """Print seconds, memory, ratios and growth as JSON."""
    import full_size

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--one", choices=CONTENDERS)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        run_one(arguments.one, arguments.file, arguments.output)
        return
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, write in (("swow", full_size.write_swow), ("survey", full_size.write_wvs)):
            start = time.perf_counter()
            write(folder / f"{kind}.csv")
            made = time.perf_counter() - start
            found = compare(kind, folder / f"{kind}.csv", folder, arguments.turns)
            (folder / f"{kind}.csv").unlink()
            growing = growth(kind, write, folder, arguments.turns)
            result[kind] = {"generated_in_s": made, **found, "growth_seconds": growing}
    json.dump(result, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
