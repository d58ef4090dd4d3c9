"""The workflow on real SWOW files with SmolLM2 (make test-real); an hour."""

import os
from pathlib import Path

import polars as pl
import pytest

from culturalign.artifacts import paths
from culturalign.config.evaluate import Evaluation
from culturalign.data import associations, strengths, swow
from culturalign.scores import precision
from culturalign.stats.summary import SHARE, summarize
from tests import strength_tables, tiny

DATA = Path(os.environ.get("CULTURALIGN_REAL_DATA", tiny.ROOT / "../shared/data/real")).resolve()
pytestmark = pytest.mark.skipif(
    not (DATA / "SWOW-EN.complete.csv").exists(),
    reason="no real SWOW files; set CULTURALIGN_REAL_DATA to their folder (docs/data.md)",
)
LONG = pytest.mark.skipif(
    "CULTURALIGN_REAL_DATA" not in os.environ, reason="long; run by `make test-real`"
)
US = {"country": ["United States"], "native_language": ["United States"]}
# Halves of the human participants on these 187 cues, K = 5, 10, 40: computed independently of
# this code, with other random halves, hence the tolerance of two hundredths.
HUMAN = {"us": (0.92, 0.78, 0.39), "cn": (0.75, 0.57, 0.27)}
SHOWN = ["table1", "table1_contrasts", "table1_lists", "table1_ceiling", "table1_decoding"]
SHOWN += ["table2", "table2_contrasts", "ledger", "sources"]
SHOWN += ["table3", "table3_contrasts", "table4", "table4_contrasts", "table9_accuracy"]
SHOWN += ["table7", "tension_us", "tension_cn", "claims"]
SHOWN += ["table5", "table5_tests", "table5_contrasts", "humans_us", "table6", "table12", "norms"]
FILES = {"us": ("SWOW-EN.complete.csv", US), "cn": ("SWOW-ZH_raw.csv", {})}


@pytest.mark.parametrize("culture", FILES)
def test_human_halves_score_as_known(culture):
    name, keep = FILES[culture]
    mandarin = culture == "cn"
    responses = swow.prepare_culture(
        DATA / name, keep, culture=culture, simplify_chinese=mandarin, merge_erhua=mandarin
    ).responses
    cues = sorted(set(responses["cue"]))
    assert len(cues) == 187
    halves = precision.halves(responses, cues, repeats=10, seed=0)
    scores = precision.score_human_halves(cues, halves, [5, 10, 40])
    means = scores.group_by("k").agg(pl.col("precision_half").mean()).sort("k")
    assert means["precision_half"].to_list() == pytest.approx(HUMAN[culture], abs=0.02)


def test_us_filter_and_counts():
    found = swow.prepare_culture(DATA / "SWOW-EN.complete.csv", US, culture="us")
    responses, trials = found.responses, found.accounts[0]
    assert (trials.read, trials.kept) == (13_677, 10_528)
    counted = associations.count_associations(responses, seed=0)
    assert counted["count"].sum() == len(responses)


@pytest.mark.parametrize(("culture", "language"), [("us", "en"), ("cn", "zh")])
def test_a_strength_table_of_real_responses_gives_their_associations(tmp_path, culture, language):
    name, keep = FILES[culture]
    rules = strength_tables.RULES[language]
    responses = swow.prepare_culture(DATA / name, keep, culture=culture, **rules).responses
    table = strength_tables.write(tmp_path / "strength.csv", responses.cast(pl.String))
    found = strengths.prepare_strengths(table, culture=culture, **rules)
    expected = associations.count_associations(responses, seed=0)
    assert associations.count_associations(found.responses, seed=0).equals(expected)


@pytest.fixture(scope="module")
def workdir():
    """Working directory of ``config/real.yaml``, kept between runs."""
    found = tiny.ROOT / "scratch/real"
    (found / "resources").mkdir(parents=True, exist_ok=True)
    for name in ("swow", "wvs", "norms"):
        link = found / "resources" / name
        if link.resolve() != DATA:  # a new link would count as new data
            link.unlink(missing_ok=True)
            link.symlink_to(DATA)
    return found


def intervals(rows, ks=(5, 10)):
    """Method -> mean, low, high, and cues of P@K for each K; printed."""
    found = {}
    for row in rows.filter(pl.col("k").is_in(ks)).sort("k", maintain_order=True).to_dicts():
        mean, low, high, n = (row[name] for name in ("mean", "low", "high", "n_cues"))
        print(f"{row['method']}, P@{row['k']}: {mean:.3f} [{low:.3f}, {high:.3f}], n = {n}")
        found.setdefault(row["method"], {})[row["k"]] = (mean, low, high, n)
    return found


@LONG
def test_backward_counting_beside_sft_on_real_cues(snakemake, workdir):
    """What needs no model, beside what SFT reaches: US cues. Of Mandarin ones only the former.

    SmolLM2 knows no Mandarin.
    """
    references = paths.PRECISION_REFERENCES.format(culture="cn")
    snakemake(workdir, tiny.ROOT / "config/real.yaml", "table1", references)
    print("\nUS")
    us = intervals(pl.read_csv(workdir / "results/tables/table1.csv"))
    assert {"backward", "frequent", "sft", "sft-shuffled", "vanilla"} <= set(us)
    intervals(
        pl.read_csv(workdir / "results/tables/table1_contrasts.csv")
        .filter(method="sft")
        .with_columns(method="sft minus " + pl.col("minus"))
    )
    print("\nMandarin, without a model")
    scores = pl.read_parquet(workdir / references).drop_nulls("precision")
    scores = scores.with_columns(model=pl.lit("-"), seed=pl.lit(None, pl.Int64))
    mandarin = intervals(summarize(scores, "precision", Evaluation(), SHARE))
    for found in (us, mandarin):
        # people of other cues, and the commonest words, are worse than knowledge of the cue
        for k, (mean, low, _, n) in found["backward"].items():
            assert n >= 30 and low > found["shuffled"][k][0]
            assert mean > found["frequent"][k][0]


@LONG
def test_the_workflow_on_real_files(snakemake, workdir):
    """SFT beats vanilla and the control on held-out US cues; all 221 questions are answered."""
    snakemake(workdir, tiny.ROOT / "config/real.yaml", "all")
    for name in SHOWN:
        print(f"\n{name}\n", (workdir / f"results/tables/{name}.md").read_text(encoding="utf-8"))
    main = pl.read_csv(workdir / "results/tables/table1.csv")
    assert main["n_cues"].min() >= 30
    contrasts = pl.read_csv(workdir / "results/tables/table1_contrasts.csv")
    found = contrasts.filter(
        (pl.col("method") == "sft")
        & pl.col("minus").is_in(["vanilla", "sft-shuffled"])
        & (pl.col("k") <= 10)
    )
    assert len(found) == 4
    assert found["low"].min() > 0
    values = pl.read_csv(workdir / "results/tables/table7.csv")
    questions = dict(values.select("country", "js_n").unique().iter_rows())
    assert questions == {"USA": 221, "CHN": 35}  # the Chinese wordings are 35
    leaning = pl.read_csv(workdir / "results/tables/tension_cn.csv")
    assert set(leaning["n"]) == {14}
    assert set(leaning["of"]) == {50}
    attributes = pl.read_csv(workdir / "results/tables/table5.csv", infer_schema_length=None)
    assert {"human", "vanilla", "sft"} <= set(attributes.filter(measure="valence")["method"])
    mandarin = pl.read_csv(workdir / "results/tables/table6.csv", infer_schema_length=None)
    if not (DATA / "13428_2021_1607_MOESM1_ESM.csv").exists():
        assert mandarin.filter(measure="valence")["note"][0].startswith("norms not available")
