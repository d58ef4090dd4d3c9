"""How many cues, questions and training runs show the paper's effects with 80 % power.

Sources:
    Cohen (1988), Statistical Power Analysis, on the noncentral t distribution. Miller (2024),
    Adding error bars to evals: paired and clustered differences.
"""

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scipy import stats

from culturalign.stats.intervals import Spread

POWER = 0.8
MOST = 1_000_000
"""More units than any run has."""


class Measure(NamedTuple):
    """A measure of the paper and what varies in it.

    Attributes:
        name: Its name.
        unit: What is paired.
        sd: Standard deviation of the paired differences, trained minus vanilla, over units.
        clustering: Variance of the mean over that with independent units.
        seed_sd: Standard deviation of the mean between training runs.
        file: The paper's numbers.
        column: Column of the file.
        methods: Methods whose difference from vanilla counts.
    """

    name: str
    unit: str
    sd: float
    clustering: float
    seed_sd: float
    file: str
    column: str
    methods: tuple[str, ...]


MEASURES = (
    Measure("P@5", "cues", 0.28, 1.0, 0.05, "generation.csv", "P@5", ("SFT",)),
    Measure("Spearman ρ", "cues", 0.49, 1.0, 0.05, "ranking.csv", "Spearman ρ", ("PPO",)),
    Measure("JS", "questions", 0.11, 2.9, 0.01, "survey.csv", "JS", ("SFT", "PPO")),
)
"""Standard deviations are those of the demo (SmolLM2, English; of P@5 over three seeds), which has
no larger models' numbers to offer; those of rho and JS between runs are guesses. Batteries of the
official survey make a standard error 1.7 times as large, and so the variance 2.9 times."""


def power(effect: float, error: float, df: float, confidence: float) -> float:
    """Chance that the interval of a difference excludes 0, on either side.

    Args:
        effect: The true difference.
        error: Its standard error.
        df: Degrees of freedom of the standard error.
        confidence: Level of the interval.
    """
    reach, shift = stats.t.ppf((1 + confidence) / 2, df), abs(effect) / error
    # the wrong side as the mirrored upper tail: the lower one is not a number for large effects
    return float(stats.nct.sf(reach, df, shift) + stats.nct.sf(reach, df, -shift))


def units_needed(effect: float, sd: float, confidence: float, wanted: float = POWER) -> int | None:
    """Smallest number of independent pairs with enough power; None if no run has as many."""
    low, high = 2, 4
    while power(effect, sd / math.sqrt(high), high - 1, confidence) < wanted:
        low, high = high, high * 2
        if high > MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        enough = power(effect, sd / math.sqrt(middle), middle - 1, confidence) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


def runs_needed(
    effect: float, of_units: float, units: float, seed_sd: float, confidence: float, most: int = 50
) -> int | None:
    """Smallest number of training runs, two or more, with enough power; None above ``most``.

    Args:
        effect: The true difference.
        of_units: Variance of the mean over units.
        units: How many there are.
        seed_sd: Standard deviation of the mean between runs.
        confidence: Level of the interval.
        most: Runs tried.
    """
    for runs in range(2, most + 1):
        found = Spread(effect, of_units, max(units - 1, 1), 2, ((seed_sd**2 / runs, runs - 1),))
        if power(effect, found.total**0.5, found.df_at(confidence), confidence) >= POWER:
            return runs
    return None


def effects(folder: Path, measure: Measure) -> Iterator[tuple[str, float]]:
    """The paper's differences from vanilla, ``table, model, method`` -> trained minus vanilla.

    Args:
        folder: ``resources/paper``.
        measure: The measure.
    """
    with (folder / measure.file).open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == "submission"]
    place = [(row["table"], row.get("Nation", ""), row["M Class"]) for row in rows]
    values = {
        (*where, row["M Type"]): float(row[measure.column].rstrip("*"))
        for where, row in zip(place, rows, strict=True)
        if row[measure.column]
    }
    for (*where, method), value in values.items():
        vanilla = values.get((where[0], where[1], where[2], "Vanilla"))
        if method in measure.methods and vanilla is not None:
            yield " ".join(filter(None, (*where, method))), value - vanilla


def power_rows(
    folder: Path, confidence: float, cues: float, questions: float
) -> Iterator[list[str]]:
    """A row an effect: what it takes to see it, beside what the run has.

    Args:
        folder: ``resources/paper``.
        confidence: ``evaluation.confidence``.
        cues: Test cues of the run, of a culture.
        questions: Questions of the survey.
    """
    for measure in MEASURES:
        has = cues if measure.unit == "cues" else questions
        for where, effect in effects(folder, measure):
            spread = measure.sd * math.sqrt(measure.clustering)
            needed = units_needed(effect, spread, confidence) if effect else None
            of_units = spread**2 / max(has, 1)
            runs = (
                runs_needed(effect, of_units, has, measure.seed_sd, confidence) if effect else None
            )
            shown = (f"{measure.name}, {where}", f"{effect:+.3f}", measure.unit)
            yield [*shown, _count(needed), f"{has:.0f}", _count(runs)]


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"
