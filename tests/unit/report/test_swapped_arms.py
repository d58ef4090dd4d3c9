"""Arms asked about another culture, in runs whose cultures share a language or do not."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from culturalign.artifacts import paths
from culturalign.config.evaluate import Evaluation
from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.grid.grid import Grid
from culturalign.report.arm_tables import arm_of
from culturalign.report.claims import checking
from culturalign.report.headlines import headlines
from culturalign.report.survey import comparison, tension_table, value_contrasts, value_tables
from culturalign.report.survey.topic_figure import topic_rows
from culturalign.scores.arm_columns import with_arm
from culturalign.scores.survey_baselines import score_references
from culturalign.scores.survey_distances import score_arm
from tests import tiny
from tests.unit.report.claims.small_world import CLAIMS
from tests.unit.report.survey.test_simulated_truth import QUESTIONS, noise, softened

POLES = ("USA", "CHN")
EVALUATION = Evaluation(resamples=300)
OTHER = {"two languages": "demo_zh", "one language": "demo_b"}


def long(answers, name):
    rows = [(q, code, x) for q, row in zip(QUESTIONS, answers, strict=True)
            for code, x in enumerate(row.tolist(), 1)]  # fmt: skip
    return pl.DataFrame(rows, schema=["question", "code", name], orient="row")


def people(rng):
    """Of both countries; what they share is small."""
    taste = noise(rng, 0.3)
    return {country: softened(taste + noise(rng, 1.0)) for country in POLES}


def answers(rng, arm, human, countries):
    """SFT answers as its people do; everything else knows nothing."""
    if arm.method != "sft":
        return softened(noise(rng, 2.5))
    return softened(np.log(human[countries[arm.culture]]) + noise(rng, 0.8))


@pytest.fixture(scope="module", params=OTHER)
def run(request, tmp_path_factory):
    """Tables of a run with swapped arms, from files named and read as the rules do."""
    folder = tmp_path_factory.mktemp("swapped")
    config = yaml.safe_load((tiny.ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    if request.param == "two languages":
        config = merge(config, tiny.bilingual())
    changes = {"evaluation": {"swapped": True}, "run": {"methods": ["sft", "sft-shuffled"]}}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        grid = Grid(load(merge(config, changes)), tiny.ROOT)
        return _tables(grid, folder, OTHER[request.param])


def _tables(grid, folder, other):
    rng, survey, labels = np.random.default_rng(1), grid.survey, grid.arms.labels()
    nations = survey.country_labels()
    countries, controls, shares = survey.survey_cultures(), grid.arms.controls, people(rng)
    human = pl.concat([long(x, "share").with_columns(country=pl.lit(c)) for c, x in shares.items()])
    counts = human.with_columns(count=(pl.col("share") * 1000).round().cast(pl.Int64))
    asked = long(shares["USA"], "share").select(
        "question", "code", ordinal=pl.lit(True), place=pl.col("code") - 1, topic=pl.lit("T")
    )
    checks = pl.DataFrame({"question": QUESTIONS}).with_columns(
        mass_plain=0.9, mass_debiased=0.8, order_effect=0.1
    )
    files = survey.of_all(paths.DIVERGENCE)
    for file, to in dict(zip(survey.of_all(paths.MODEL_ANSWERS), files, strict=True)).items():
        model, arm = arm_of(file)
        given = long(answers(rng, arm, shares, countries), "plain")
        given = given.with_columns(debiased="plain")
        scores = score_arm(given, checks, human, asked)
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        for table, path in ((given, file), (scores, to)):
            with_arm(table, model=model, arm=Path(file).parts[-2]).write_parquet(path)
    known = score_references(counts, asked, POLES, repeats=5, seed=0)
    scores = comparison.divergences(files, survey.asked_of_all(), countries)
    rows = value_tables.value_rows(scores, EVALUATION, labels, nations, known, None, controls)
    engines = scores.select(*comparison.ARM).unique().with_columns(
        engine=pl.lit("hf"), dtype=pl.lit("bf16"), lost=0
    )  # fmt: skip
    value_tables.write_values(str(folder / "table7"), rows, engines)
    pairs = value_contrasts.contrast_rows(scores, EVALUATION, labels, nations, controls)
    stem = str(folder / "table7_contrasts")
    value_contrasts.write_contrasts(stem, pairs, labels, nations, engines)
    for culture in ("demo_a", other):
        arms = [
            comparison.read_arms(survey.of_culture(template, culture), culture)
            for template in (paths.DIVERGENCE, paths.MODEL_ANSWERS)
        ]
        rows = tension_table.tension_rows(
            arms[0], known, arms[1], human, checks, POLES, countries, labels, nations,
            controls=controls, evaluation=EVALUATION,
        )  # fmt: skip
        tension_table.write_tension(
            str(folder / f"tension_{culture}"), rows, list(nations.values())
        )
    topic_rows(arms[0], known, "js", "CHN", labels).write_csv(folder / "fig12.csv")
    tables = {f.stem: pl.read_csv(f, infer_schema_length=None) for f in folder.glob("*.csv")}
    return tables, grid, folder, other


def test_a_swapped_arm_has_its_own_name_in_every_table(run):
    tables, _, _, other = run
    arms = tables["table7"].filter(scoring="plain", model="smollm2").select("method", "country")
    assert sorted(arms.rows()) == sorted(
        (method, country)
        for country, swapped in (("USA", f"sft@{other}"), ("CHN", "sft@demo_a"))
        for method in ("vanilla", "sft", "sft-shuffled", swapped)
    )
    for culture, trained in (("demo_a", other), (other, "demo_a")):
        rows = tables[f"tension_{culture}"].filter(scoring="plain", model="smollm2")
        assert sorted(rows["method"]) == ["sft", "sft-shuffled", f"sft@{trained}", "vanilla"]
        assert rows["M Type"].is_unique().all()
    panels = set(tables["fig12"]["panel"])
    assert {"SmolLM2, SFT", "SmolLM2, SFT, trained on demo A"} <= panels


def test_own_minus_other_is_there_and_says_who_knows_the_people(run):
    tables, _, _, other = run
    for culture in ("demo_a", other):
        row = tables[f"tension_{culture}"].row(
            by_predicate=(pl.col("method") == "sft") & (pl.col("scoring") == "plain"), named=True
        )
        assert row["own_low"] > 0 and row["all_partial_own_low"] > 0
        assert f"sft@{'demo_a' if culture == other else other}" in row["beats"] and row["star"]
    pairs = tables["table7_contrasts"].filter(method="sft", scoring="plain")
    swaps = pairs.filter(pl.col("minus_method").str.contains("@"))
    assert len(swaps) == 2 and (swaps["js_high"] < 0).all()


def test_stars_headlines_and_claims_go_to_the_own_adapter_only(run):
    tables, grid, folder, _ = run
    stars = tables["table7"].filter("js_star")
    assert set(stars["method"]) == {"sft"} and set(stars["country"]) == set(POLES)
    labels = grid.arms.labels()
    kinds = {"associations": ["sft"], "rankings": [], "controls": grid.arms.controls}
    (found,) = headlines(
        folder, tables={}, rankings={}, attributes={}, planted=[], labels=labels, kinds=kinds
    )
    assert found.verdict.startswith("Yes: 2 of 2")
    controls = {name: labels["methods"][name] for name in grid.arms.controls}
    run_ = checking.Run(tables, grid.products.paper_counterparts(), ["SmolLM2"], controls)
    names = ["sft_values_english", "shift_english"]
    assert {
        o.claim.id: o.status
        for o in checking.check_claims([CLAIMS[n] for n in names], run_)
        if o.scoring == "plain"
    } == dict.fromkeys(names, "supported")
