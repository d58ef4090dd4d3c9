"""Scores and tables of a larger run: 40 arms and 66 countries, from the numbers of a small one.

Copies the answers of one arm under other names, and people's shares under other countries. What is
measured is the work of ``score_survey`` of one arm, and of tables 7 and 1 and their contrasts.
Needs a finished run:

    make bench-growth   # after make demo
"""

import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import rows

from culturalign.config.evaluate import Evaluation
from culturalign.report import generation_tables
from culturalign.report.survey import value_contrasts, value_tables
from culturalign.scores import survey_answers
from culturalign.scores.survey_distances import score_arm

SIZES = {
    "scores of an arm": ((1, 2), (1, 66)),
    "distances": ((4, 2), (40, 2), (40, 66)),
    "contrasts": ((4, 2), (40, 2)),
    "precision": ((4, 1), (40, 1)),
}
"""Arms and countries of each work."""
ARM = "demo_a-sft-seed0"


def copies(table: pl.DataFrame, column: str, names: list[str]) -> pl.DataFrame:
    """A table under each of some names."""
    return pl.concat([table.with_columns(pl.lit(name).alias(column)) for name in names])


def work_of(name: str, run: Path, arms: int, countries: int) -> Callable[[], object]:
    """The work to be measured; what it needs is read before."""
    scores, data = run / "results/scores", run / "results/data/survey"
    methods = [f"method{number}" for number in range(arms - 1)]
    nations = [f"C{number:02}" for number in range(countries)]
    labels = {
        "models": {"smollm2": "SmolLM2"}, "cultures": {"demo_a": "demo A"},
        "methods": {name: f"Method {name}" for name in ["vanilla", *methods]},
        "scorings": {"plain": "plain", "debiased": "debiased"},
    }  # fmt: skip
    evaluation = Evaluation(precision_at=[5, 10, 40])
    if name == "scores of an arm":
        human = pl.read_parquet(data / "human.parquet").filter(country="USA")
        samples = pl.read_parquet(run / f"results/samples/smollm2/{ARM}/survey.en.parquet")
        questionnaire = pl.read_parquet(data / "questionnaire.en.parquet")
        given, checks = survey_answers.model_answers(samples), survey_answers.model_checks(samples)
        return lambda: score_arm(given, checks, copies(human, "country", nations), questionnaire)
    of_survey = name in ("distances", "contrasts")
    file = "divergence.en" if of_survey else "precision.demo_a.complex.distinct"
    tables = [pl.read_parquet(scores / f"smollm2/{arm}/{file}.parquet") for arm in ("vanilla", ARM)]
    if of_survey:
        tables = [copies(t.filter(country="USA"), "country", nations) for t in tables]
        known = pl.read_parquet(scores / "references/survey.en.parquet").filter(country="USA")
        known = copies(
            known.filter(pl.col("method").is_in(["uniform", "first"])), "country", nations
        )
        every = pl.concat([tables[0], copies(tables[1], "method", methods)])
        names = labels, dict(zip(nations, nations, strict=True))

        if name == "contrasts":
            return lambda: value_contrasts.contrast_rows(every, evaluation, *names, [])
        return lambda: value_tables.value_rows(every, evaluation, *names, known)
    people = pl.read_parquet(scores / "references/demo_a.parquet").with_columns(model=pl.lit("-"))
    every = pl.concat([tables[0], copies(tables[1], "method", methods), people], how="diagonal")

    def lists() -> object:
        with tempfile.TemporaryDirectory() as folder:
            generation_tables.write_main(f"{folder}/main", every, labels, evaluation)
            generation_tables.write_contrasts(f"{folder}/pairs", every, labels, [], evaluation)
            return generation_tables.write_ceiling(f"{folder}/top", every, labels, evaluation)

    return lists


def main() -> None:
    """Measure every size, or one work in this process."""
    parser = rows.arguments(__doc__, turns=1)
    parser.add_argument("--run", type=Path, default=Path())
    parser.add_argument("--one", choices=SIZES)
    parser.add_argument("--arms", type=int)
    parser.add_argument("--countries", type=int)
    options = parser.parse_args()
    if options.one:
        work = work_of(options.one, options.run, options.arms, options.countries)
        print(json.dumps(rows.timed(work)[0]))
        return
    for name, sizes in SIZES.items():
        for arms, countries in sizes:
            command = sys.executable, __file__, "--run", str(options.run), "--one", name
            size = "--arms", str(arms), "--countries", str(countries)
            ours = {rows.OURS: partial(rows.child, *command, *size)}
            rows.by_turns(f"table, {name}", f"{arms} arms, {countries} countries", ours, options)


if __name__ == "__main__":
    main()
