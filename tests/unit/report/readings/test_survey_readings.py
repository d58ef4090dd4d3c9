"""Readings of survey scores, from two questions that can be worked out by hand."""

import math

import polars as pl
import pytest

from culturalign.report.readings.survey_readings import survey_rows

LABELS = {"models": {"m": "Small"}, "methods": {"sft": "SFT"}, "cultures": {"cn": "China"}}
NATIONS = {"USA": "US", "CHN": "China"}
# Q1: no overlap. Q2: the same shares in other places, so that position-free EMD is 0.
HUMAN = pl.DataFrame(
    [("USA", "Q1", 1, 1.0), ("USA", "Q1", 2, 0.0), ("CHN", "Q1", 1, 0.0), ("CHN", "Q1", 2, 1.0),
     ("USA", "Q2", 1, 0.9), ("USA", "Q2", 2, 0.1), ("CHN", "Q2", 1, 0.1), ("CHN", "Q2", 2, 0.9),
     ("USA", "Q3", 1, 1.0), ("USA", "Q3", 2, 0.0), ("CHN", "Q3", 1, 0.6), ("CHN", "Q3", 2, 0.4)],
    schema=["country", "question", "code", "share"], orient="row",
).with_columns(count=(100 * pl.col("share")).cast(pl.Int64))  # fmt: skip


def row(question, country, scoring, js, emd, free, ordinal):
    values = {"question": question, "country": country, "scoring": scoring, "js": js}
    return values | {"js_divergence": js**2, "emd": emd, "emd_free": free, "options": 2,
                     "emd_ordinal": ordinal}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scores") / "m"
    arm = [
        row("Q1", "CHN", "plain", 0.2, 0.3, 0.1, 0.3),
        row("Q1", "USA", "plain", 0.4, 0.6, 0.0, 0.6),
        row("Q2", "CHN", "plain", 0.4, 0.5, 0.3, None),
        row("Q2", "USA", "plain", 0.2, 0.1, 0.0, 0.1),
        row("Q3", "CHN", "plain", 0.6, 0.4, 0.2, 0.4),
        row("Q3", "USA", "plain", 0.1, 0.4, 0.4, 0.4),
        *(row(q, "CHN", "debiased", 0.3, 0.3, 0.1, 0.3) for q in ("Q1", "Q2", "Q3")),
    ]  # fmt: skip
    path = folder / "cn-sft-seed0" / "divergence.zh.parquet"
    path.parent.mkdir(parents=True)
    pl.DataFrame(arm, infer_schema_length=None).write_parquet(path)
    options = {"poles": ("USA", "CHN"), "size": 2, "labels": LABELS, "nations": NATIONS}
    table = survey_rows([path], ["CHN"], HUMAN, **options)
    return {(each["id"], each["of"]): each for each in table.iter_rows(named=True)}


def readings(found, name, of):
    return [found[name, of][reading] for reading in ("written", "run", "sound")]


def test_emd_of_people_falls_where_positions_play_no_part(found):
    written, run, sound = readings(found, "emd", "People, US and China")
    # positional: 1, .8, .4; position-free: 0, 0, |.6 - 1| and |.4 - 0| on average .4
    assert (written, run) == pytest.approx((2.2 / 3, 0.4 / 3)) and sound is None


def test_measures_of_an_arm_are_means_over_the_questions_that_all_readings_have(found):
    # Q2 has no order, so that one reading has no value: all three leave it out
    assert readings(found, "emd", "Small, SFT, China") == pytest.approx([0.35, 0.15, 0.35])
    counts = {
        name: found[name, "Small, SFT, China"]["n_run"] for name in ("emd", "js_base", "orders")
    }
    assert counts == {"emd": 2, "js_base": 3, "orders": 3}
    assert (
        found["emd", "People, US and China"]["n_written"] == 3
    )  # no reading in order: the others' three
    divergence = (0.2**2 + 0.4**2 + 0.6**2) / 3
    base_2 = 0.4 / math.sqrt(math.log(2))
    assert readings(found, "js_base", "Small, SFT, China") == pytest.approx(
        [divergence, base_2, divergence]
    )
    assert readings(found, "orders", "Small, SFT, China") == pytest.approx([0.4, 0.4, 0.3])


def test_the_tension_set_and_what_leans_in_it_depend_on_the_hybrid_score(found):
    # as written Q1 and Q2; as run Q1 (.5) and Q3, whose position-free EMD of .4 counts
    # (Q2: JS distance in base 2 of (.9, .1) and (.1, .9) is .729, half .364;
    #  Q3: of (1, 0) and (.6, .4) .486, with .4 half .443)
    assert readings(found, "hybrid", "People: questions in common with the set as written") == [
        2, 1, 2,
    ]  # fmt: skip
    # Q1 is nearer to China as written (.17 against .38) and as run; Q2, Q3 are nearer to the US
    assert readings(found, "hybrid", "Small, SFT, China") == [1, 1, 1]


def test_the_questions_that_an_arm_answered_in_each_set_are_counted(tmp_path):
    # as written the set is Q1 and Q2, as run Q1 and Q3; the arm did not answer Q3
    path = tmp_path / "m" / "vanilla" / "divergence.zh.parquet"
    path.parent.mkdir(parents=True)
    values = {"scoring": "plain", "js": 0.1, "emd": 0.1, "free": 0.1, "ordinal": 0.1}
    arm = [row(q, c, **values) for q in ("Q1", "Q2") for c in ("USA", "CHN")]
    pl.DataFrame(arm).write_parquet(path)
    options = {"poles": ("USA", "CHN"), "size": 2, "labels": LABELS, "nations": NATIONS}
    (leaning,) = survey_rows([path], ["CHN"], HUMAN, **options).filter(
        id="hybrid", of="Small, Vanilla, China"
    ).select("n_written", "n_run", "n_sound").rows()  # fmt: skip
    assert leaning == (2, 1, 2)


def test_the_tension_set_is_that_of_the_run_whatever_codes_other_countries_used(tmp_path):
    # of codes 3 to 5 only a third country has people; counted as options of Q1, they would make
    # the poles' positional EMD in it .15 instead of .6, and Q2 the most divided question
    shares = {"Q1": ([0.8, 0.2], [0.2, 0.8]), "Q2": ([0.78, 0.22], [0.22, 0.78])}
    rows = [(c, q, code, round(100 * x), x) for q, pair in shares.items()
            for c, side in zip(("USA", "CHN"), pair, strict=True)
            for code, x in enumerate(side, 1)]  # fmt: skip
    rows += [(c, "Q1", code, 0, 0.0) for c in ("USA", "CHN") for code in (3, 4, 5)]
    rows += [("DEU", "Q1", code, 20, 0.2) for code in range(1, 6)]
    names = ["country", "question", "code", "count", "share"]
    human = pl.DataFrame(rows, schema=names, orient="row")
    path = tmp_path / "m" / "vanilla" / "divergence.zh.parquet"
    path.parent.mkdir(parents=True)
    values = {"scoring": "plain", "js": 0.1, "emd": 0.1, "free": 0.1, "ordinal": 0.1}
    near, far = values | {"js": 0.1}, values | {"js": 0.9}
    arm = [row("Q1", "CHN", **near), row("Q1", "USA", **far),
           row("Q2", "CHN", **far), row("Q2", "USA", **near)]  # fmt: skip
    pl.DataFrame(arm).write_parquet(path)
    options = {"poles": ("USA", "CHN"), "size": 1, "labels": LABELS, "nations": NATIONS}
    table = survey_rows([path], ["CHN"], human, **options)
    (leaning,) = table.filter(id="hybrid", of="Small, Vanilla, China").iter_rows(named=True)
    assert leaning["written"] == 1  # Q1 is in the set, and its answer is nearer to China
