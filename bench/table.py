"""The table, the figure, and the csv of docs/performance.md from the rows of all comparisons.

.venv/bin/python bench/table.py   # after make bench, or after some of its comparisons

Rows that are not measured again stay as they are; those of a size that no longer exists are deleted
from the csv by hand.
"""

import re
from pathlib import Path

import polars as pl

PAGE, ROWS = Path("docs/performance.md"), Path("docs/performance.csv")
FIGURE, MADE = Path("docs/images/performance.png"), Path("runs/bench")
TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end of table -->)", re.DOTALL)
COMPARED = ["what", "size", "peer", "version"]
MEASURED = ["what", "size", "peer", "round"]
"""What a run measures anew, with whatever version of the peer."""
HEADER = "| what | size | beside | ours | other | ratio, 1 | ratio, 2 | memory |"
ALONE = "| what | size | round 1 | round 2 | memory |"
COLORS = ("#0072B2", "#D55E00")
"""Of the rounds; from Okabe and Ito's palette."""


def gather(kept: Path, folder: Path) -> pl.DataFrame:
    """The rows of a csv, but those that a folder's files measured anew; cells are text."""
    old, *made = (
        pl.read_csv(path, infer_schema=False) for path in [kept, *sorted(folder.glob("*.csv"))]
    )
    new: pl.DataFrame = pl.concat([old.clear(), *made])
    others = old.join(new, on=MEASURED, how="anti", nulls_equal=True)
    return pl.concat([others, new]).sort(*COMPARED, pl.col("round", "turn").cast(pl.Int64))


def compared(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows of each comparison."""
    return rows.fill_null("").partition_by(COMPARED, maintain_order=True)


def render(rows: pl.DataFrame) -> str:
    """Both tables in Markdown: seconds of the processor, and of the clock in brackets."""
    beside, alone = [HEADER, "|---" * 8 + "|"], [ALONE, "|---" * 5 + "|"]
    for part in compared(rows):
        what, size, peer, version = part.select(COMPARED).row(0)
        both = [part.filter(round=number) for number in (1, 2)]
        if peer:
            times = [_seconds(part, "ours"), _seconds(part, "peer")]
            cells = [
                what,
                size,
                f"{peer} {version}".rstrip(),
                *times,
                *(_spread(r["ratio"]) for r in both),
            ]
        else:
            cells = [what, size, *(_seconds(r, "ours") if len(r) else "" for r in both)]
        (beside if peer else alone).append(f"| {' | '.join([*cells, _memory(part, peer)])} |")
    return "\n".join([*beside, "", *alone]) + "\n"


def _seconds(part: pl.DataFrame, side: str) -> str:
    return f"{part[f'{side}_cpu'].median():.1f} s ({part[f'{side}_wall'].median():.1f})"


def _spread(ratios: pl.Series) -> str:
    """Median, lowest, and highest; only the value where there is one."""
    found = ratios.drop_nulls()
    if found.is_empty():
        return ""
    middle = f"{found.median():.2f}"
    return middle if len(found) == 1 else f"{middle} ({found.min():.2f} to {found.max():.2f})"


def _memory(part: pl.DataFrame, peer: str) -> str:
    """Peaks, MiB, of ours and of the other."""
    ours = f"{part['ours_mib'].median():.0f} MiB"
    return f"{ours}, {part['peer_mib'].median():.0f} MiB" if peer else ours


def draw(rows: pl.DataFrame, path: Path) -> None:
    """The ratios with their spread, on a logarithmic axis."""
    import matplotlib.pyplot as plt

    parts = [part for part in compared(rows) if part["peer"][0]]
    figure, axes = plt.subplots(figsize=(7, 0.3 * len(parts) + 0.8), layout="constrained")
    for place, part in enumerate(parts):
        for number, color in enumerate(COLORS, start=1):
            found = part.filter(round=number)["ratio"]
            if len(found):
                at = [place + 0.2 * (number - 1.5)] * len(found)
                axes.plot(found, at, "-", color=color, lw=1)
                axes.plot(found.median(), at[0], "o", color=color, ms=4)
    axes.axvline(1, color="0.6", lw=0.8)
    names = [f"{p['what'][0]}, {p['size'][0]} | {p['peer'][0]}" for p in parts]
    axes.set(yticks=range(len(parts)), yticklabels=names, xscale="log")
    axes.set(xticks=(ticks := [0.5, 1, 2, 3, 5]), xticklabels=ticks, xlim=(0.2, 6))
    axes.tick_params(labelsize=7)
    axes.minorticks_off()
    axes.invert_yaxis()
    axes.set_xlabel("processor time of the other / ours (first round blue, second orange)", size=8)
    figure.savefig(path, dpi=150)


def main() -> None:
    """Write all three."""
    gather(ROWS, MADE).write_csv(ROWS)
    rows = pl.read_csv(ROWS, infer_schema_length=None)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda _: render(rows), page), encoding="utf-8")
    draw(rows, FIGURE)


if __name__ == "__main__":
    main()
