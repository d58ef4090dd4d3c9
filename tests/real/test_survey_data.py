"""The World Values Survey's real answers and wordings against figures known from elsewhere."""

import os
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from culturalign.data.survey import (
    human_shares,
    matching,
    noise_floor,
    questionnaire_json,
    tension_set,
    wvs,
)
from culturalign.errors import UserError
from culturalign.report.survey.leaning import nearer
from culturalign.scores import survey_baselines
from tests import tiny

DATA = Path(os.environ.get("CULTURALIGN_REAL_DATA", tiny.ROOT / "../shared/data/real")).resolve()
FILE = DATA / "WVS_Cross-National_Wave_7_csv_v6_0.csv"
pytestmark = pytest.mark.skipif(
    not FILE.exists(),
    reason="no real WVS file; set CULTURALIGN_REAL_DATA to its folder (docs/data.md)",
)
PAIR = ("USA", "CHN")
# Tables 8 and 14 of the paper and its section 5.3 print these, in percent.
PRINTED = {
    "Q149": ([77, 23], [34, 66]),
    "Q165": ([79, 21], [17, 83]),
    "Q166": ([69, 31], [12, 88]),
    "Q168": ([65, 35], [12, 88]),
    "Q118": ([28, 55, 15, 2], [4, 34, 36, 26]),
}
FLAGGED = [33, 34, 35, 152, 153, 172, 221, *range(241, 250)]

SCRIPTS = {"en": ["Latin"], "zh": ["Han"]}


@pytest.fixture(scope="module")
def found():
    return wvs.read_survey(FILE, PAIR)


@pytest.fixture(scope="module")
def shares(found):
    return human_shares.human_shares(found.answers, PAIR)


def test_respondents_and_ledger(found):
    ledger = found.ledger
    people = found.answers.group_by("country").agg(pl.col("respondent").n_unique()).sort("country")
    assert people.rows() == [("CHN", 3036), ("USA", 2596)]
    assert len(ledger) == 2 * 259
    not_asked = ledger.filter(pl.col("not_asked") == pl.col("respondents"))
    assert len(not_asked.filter(pl.col("country") == "USA")) == 2


def test_questions_and_options(found, shares):
    valid = found.answers.filter(pl.col("code") >= 0)
    assert len(valid.select("country", "question", "code").unique()) == 2353
    assert shares["question"].n_unique() == 221  # paper, section 5.1
    sizes = shares.group_by("question").agg(pl.col("code").n_unique())["code"]
    assert Counter(sizes) == {2: 32, 3: 40, 4: 77, 5: 21, 7: 1, 8: 1, 10: 40, 11: 9}


@pytest.mark.parametrize("question", PRINTED)
def test_printed_distributions(shares, question):
    for country, printed in zip(PAIR, PRINTED[question], strict=True):
        rows = shares.filter(pl.col("country") == country, pl.col("question") == question)
        assert [round(100 * share) for share in rows["share"]] == printed


def test_flagged_questions(shares):
    assert human_shares.flag_codes(shares) == [f"Q{number}" for number in FLAGGED]


def test_chance_is_smaller_than_culture(shares):
    floor = noise_floor.sample_floor(shares, repeats=20, seed=0)
    of_usa = floor.filter(country="USA")["js"].mean()
    assert of_usa == pytest.approx(0.0123, abs=5e-4)  # measured independently
    observed = noise_floor.pole_distances(shares, PAIR, resamples=100, seed=0)
    assert floor["js"].max() < 0.06 < observed["js"].median()


def test_what_the_uniform_answer_is_worth(shares):
    """It has a smaller JS than every model that the paper's table 7 prints (0.262, 0.325)."""
    table, *_ = questionnaire_json.from_json(DATA / "wvs_questions.en.json", shares)
    known = survey_baselines.score_references(shares, table, PAIR, repeats=2, seed=0)
    uniform = known.filter(method="uniform", scoring="plain")
    means = uniform.group_by("country").agg(pl.len(), pl.col("js", "emd_free").mean()).sort("len")
    found = {country: values for country, *values in means.iter_rows()}
    assert found["USA"] == pytest.approx([221, 0.257, 0.152], abs=5e-4)
    assert found["CHN"] == pytest.approx([221, 0.314, 0.189], abs=5e-4)
    for form in ("divergence", "as_run"):
        inside = tension_set.tension_set(shares, PAIR, form=form)["question"].to_list()
        leanings = nearer(uniform.filter(pl.col("question").is_in(inside)), PAIR, form=form)
        assert Counter(leanings["nearer"]) == {"USA": 37, "CHN": 13}


def test_what_the_average_by_place_is_worth(shares):
    """It is nearer to both countries than the uniform answer, and leans as it does."""
    table, *_ = questionnaire_json.from_json(DATA / "wvs_questions.en.json", shares)
    known = survey_baselines.score_references(shares, table, PAIR, repeats=2, seed=0)
    placed = known.filter(method="by_place", scoring="plain")
    means = placed.group_by("country").agg(pl.len(), pl.col("js", "emd_free").mean())
    found = {country: values for country, *values in means.iter_rows()}
    assert found["USA"] == pytest.approx([221, 0.235, 0.096], abs=5e-4)
    assert found["CHN"] == pytest.approx([221, 0.284, 0.129], abs=5e-4)
    inside = tension_set.tension_set(shares, PAIR, form="divergence")["question"].to_list()
    leanings = nearer(placed.filter(pl.col("question").is_in(inside)), PAIR, form="divergence")
    assert Counter(leanings["nearer"]) == {"USA": 37, "CHN": 13}


@pytest.mark.parametrize(("language", "worded"), [("en", 221), ("zh", 35)])
def test_wordings_align(shares, language, worded):
    source = DATA / f"wvs_questions.{language}.json"
    table, refused, _ = questionnaire_json.from_json(source, shares)
    assert refused == {}
    found = matching.align(table, shares, scripts=SCRIPTS[language], source=str(source))
    assert found.questionnaire["question"].n_unique() == worded
    assert len(found.unworded) == 221 - worded
    # Every option was chosen by somebody, so nothing has to be completed.
    assert matching.complete_codes(shares, found.questionnaire).equals(shares)


def test_wordings_in_the_wrong_language(shares):
    table, _, _ = questionnaire_json.from_json(DATA / "wvs_questions.en.json", shares)
    with pytest.raises(UserError, match="221 of 221"):
        matching.align(table, shares, scripts=SCRIPTS["zh"], source="questionnaire.zh.csv")


def test_ordinal_questions(shares):
    table, _, _ = questionnaire_json.from_json(DATA / "wvs_questions.en.json", shares)
    nominal = table.filter(~pl.col("ordinal"))["question"].unique(maintain_order=True)
    assert nominal.to_list() == [f"Q{n}" for n in (42, 91, 92, *range(152, 158))]
    outside = table.filter(pl.col("ordinal") & pl.col("place").is_null())
    assert outside.select("question", "code").rows() == [
        ("Q111", 3), ("Q119", 0), ("Q221", 4), ("Q254", 5),
    ]  # fmt: skip


def test_tension_sets_as_written_and_as_run(shares):
    sets = {
        form: tension_set.tension_set(shares, PAIR, form=form) for form in ("divergence", "as_run")
    }
    written, run = (set(found["question"]) for found in sets.values())
    assert len(written & run) == 41  # the authors' score on the same counts
    assert set(PRINTED) <= written & run  # table 8's questions
    assert sum(rank <= 50 for rank in sets["divergence"]["other_rank"]) == 41
