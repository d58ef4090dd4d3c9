"""Tables 8 and 14, from frames small enough to work out by hand."""

import polars as pl
import pytest

from culturalign.report.survey import example_tables as tables
from culturalign.report.survey.example_tables import example_questions, example_rows
from tests.unit.report.survey.arms import LABELS, NATIONS, answers, human, questionnaire


def test_shifts_are_total_variation_from_vanilla_largest_first():
    found = tables.largest_shifts(answers())
    # vanilla to the mean of the seeds: .9 -> .1, .8 -> .3, .7 -> .2, .4 -> .3, .5 -> .5
    assert found["question"].to_list() == ["Q9", "Q149", "Q168", "Q165", "Q10"]
    assert found["shift"].to_list() == pytest.approx([0.8, 0.5, 0.5, 0.1, 0.0])
    assert set(found["model"]) == {"qwen"}


def test_examples_are_those_of_the_paper_and_the_largest_shifts():
    found = example_questions(answers(), most=2)
    # Q118 and Q166 of the paper were not asked here
    assert found.select("question", "reason").rows() == [
        ("Q149", "paper and largest shift"), ("Q168", "paper"), ("Q165", "paper"),
        ("Q9", "largest shift"),
    ]  # fmt: skip
    assert found["shift"].to_list() == pytest.approx([0.5, 0.5, 0.1, 0.8])
    # without trained arms, they are those of the paper
    found = example_questions(answers().filter(method="vanilla"))
    assert found["question"].to_list() == ["Q149", "Q168", "Q165"]
    assert found["shift"].null_count() == 3


def test_table_8_shows_nations_and_arms_in_percent(written):
    chosen = example_questions(answers(), most=1)
    asked = chosen, answers(), human(), questionnaire(), LABELS, NATIONS, "CHN"
    rows = example_rows(*asked, least_mass=0.5)
    arms = ["Qwen, Vanilla", "Qwen, SFT", "Qwen 72B, Vanilla"]
    known = ["Uniform answer", "Always the first option"]
    assert rows["who"].unique(maintain_order=True).to_list() == ["US", "China", *known, *arms]
    # to (.3, .7): JS of (.8, .2), of (.5, .5) and of (1, 0) by hand; position-free EMD takes
    # sorted shares: .1, .2 and .3 apart
    far, even, first, same = (
        f"JS {js:.2f}, EMD, position-free: {emd:.2f}"
        for js, emd in ((0.36, 0.1), (0.14, 0.2), (0.58, 0.3), (0, 0))
    )
    assert written(tables.write_examples, rows)[1][0] == [
        "Q149", "Do you agree / with Q149? {1: Yes; 2: No}", f"[80%,20%] {far}", "[30%,70%]",
        f"[50%,50%] {even}", f"[100%,0%] {first}",
        f"[80%,20%] {far}, mass 0.900", f"[30%,70%] {same}, mass 0.250‡",
        f"[50%,50%] {even}, mass 0.900", "paper",
    ]  # fmt: skip


def test_an_answer_averaged_over_orders_is_not_the_option_shown_first():
    asked = answers(), human(), questionnaire(), LABELS, NATIONS, "CHN"
    rows = example_rows(example_questions(answers(), "debiased", most=1), *asked, "debiased")
    assert "Uniform answer" in rows["who"] and "Always the first option" not in rows["who"]


def test_table_8_translates_questions_whose_options_are_all_translated(written):
    asked = questionnaire()
    translation = asked.with_columns(wording=pl.lit("In English?"), option="EN " + pl.col("option"))
    translation = translation.filter(~((pl.col("question") == "Q168") & (pl.col("code") == 1)))
    chosen = example_questions(answers(), most=1)
    rows = example_rows(
        chosen, answers(), human(), asked, LABELS, NATIONS, "CHN", translations=[translation]
    )
    assert len(rows) == len(example_rows(chosen, answers(), human(), asked, LABELS, NATIONS, "CHN"))
    first, second = (row[1] for row in written(tables.write_examples, rows)[1][:2])
    assert first.endswith("Q149? {1: Yes; 2: No} = In English? {1: EN Yes; 2: EN No}")
    assert "Q168" in second and "English" not in second  # half a translation is none


def test_table_14_compares_before_and_after(written):
    faint = answers().with_columns(mass=pl.when(method="sft").then(0.25).otherwise(0.9))
    asked = human(), questionnaire(), "CHN", LABELS
    rows = tables.religion_rows(faint, *asked, least_mass=0.5)
    arms = rows.select("question", "M Class", "M Type", "SWOW").rows()
    assert arms == [("Q168", "Qwen", "SFT", "ZH"), ("Q165", "Qwen", "SFT", "ZH")]
    first = rows.row(0, named=True)
    assert first["survey"] == pytest.approx([0.1, 0.9])
    assert first["trained"] == pytest.approx([0.2, 0.8])
    assert (first["emd_vanilla"], first["emd_trained"]) == pytest.approx((0.6, 0.1))
    assert first["js_vanilla"] > first["js_uniform"] > first["js_trained"]
    # of (.5, .5) to (.1, .9): .4 by position; sorted, .4 and .4 apart
    assert (first["emd_uniform"], first["emd_free_uniform"]) == pytest.approx((0.4, 0.4))
    header, shown, table = written(tables.write_religion, rows)
    cells = dict(zip(header, shown[0], strict=True))
    assert (cells["mass, vanilla"], cells["mass, trained"]) == ("0.900", "0.250‡")
    shares = ["[10%,90%]", "[70%,30%]", "[20%,80%]"]
    assert [cell for cell in shown[0] if "%" in cell] == shares
    assert [cell for cell in table.row(0) if "%" in str(cell)] == shares


def test_no_question_of_belief_makes_an_empty_table(written):
    asked = answers(), human(), questionnaire(), "CHN", LABELS
    rows = tables.religion_rows(*asked, items=["Q167"])
    header, shown, _ = written(tables.write_religion, rows)
    assert (
        rows.is_empty()
        and {"EMD, position-free, trained", "EMD, positional, trained"} < set(header)
        and shown == []
    )


def test_people_who_were_not_asked_have_no_shares(written):
    """Nobody in China was asked Q149; Q165 has an option that nobody there chose."""
    asked = (pl.col("question") != "Q149") | (pl.col("country") != "CHN")
    whole = pl.when(question="Q165").then(1.0).otherwise("share")
    people = human().filter(asked, (pl.col("question") != "Q165") | (pl.col("code") != 1))
    people = people.with_columns(share=whole)
    questions = example_questions(answers(), most=0)
    rows = example_rows(questions, answers(), people, questionnaire(), LABELS, NATIONS, "CHN")
    china = rows.filter(who="China")
    assert china.filter(question="Q149")["share"].to_list() == [None, None]
    assert china.filter(question="Q165")["share"].to_list() == [0.0, 1.0]
    (row,) = [row for row in written(tables.write_examples, rows)[1] if row[0] == "Q149"]
    assert row[2:4] == ["[80%,20%]", "-"]
    assert row[4] == "[50%,50%]"  # nobody is there to be near to
