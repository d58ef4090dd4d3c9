"""Tables 8 and 14, from frames small enough to work out by hand."""

import polars as pl
import pytest

from culturalign.report.survey.example_tables import (
    example_questions,
    example_rows,
    largest_shifts,
    religion_rows,
    write_examples,
    write_religion,
)
from tests.unit.report.survey.arms import LABELS, NATIONS, answers, human, questionnaire, read


def test_shifts_are_total_variation_from_vanilla_largest_first():
    found = largest_shifts(answers())
    # vanilla to the mean of the seeds: .9 -> .1, .8 -> .3, .7 -> .2, .4 -> .3, .5 -> .5
    assert found["question"].to_list() == ["Q9", "Q149", "Q168", "Q165", "Q10"]
    assert found["shift"].to_list() == pytest.approx([0.8, 0.5, 0.5, 0.1, 0.0])
    assert set(found["model"]) == {"qwen"}


def test_examples_are_those_of_the_paper_and_the_largest_shifts():
    found = example_questions(answers(), most=2)
    # Q118 and Q166 of the paper were not asked here
    assert found.select("question", "reason").rows() == [
        ("Q149", "paper and largest shift"),
        ("Q168", "paper"),
        ("Q165", "paper"),
        ("Q9", "largest shift"),
    ]
    assert found["shift"].to_list() == pytest.approx([0.5, 0.5, 0.1, 0.8])


def test_without_trained_arms_the_examples_are_those_of_the_paper():
    found = example_questions(answers().filter(method="vanilla"))
    assert found["question"].to_list() == ["Q149", "Q168", "Q165"]
    assert found["shift"].null_count() == 3


def test_table_8_shows_nations_and_arms_in_percent(tmp_path):
    rows = example_rows(
        example_questions(answers(), most=1),
        answers(), human(), questionnaire(), LABELS, NATIONS,
    )  # fmt: skip
    arms = ["Qwen, Vanilla", "Qwen, SFT", "Qwen 72B, Vanilla"]
    assert rows["who"].unique(maintain_order=True).to_list() == ["US", "China", *arms]
    write_examples(str(tmp_path / "table8"), rows)
    cells = [cell.strip() for cell in read(tmp_path / "table8").splitlines()[2].split("|")[1:-1]]
    assert cells == [
        "Q149", "Do you agree / with Q149? {1: Yes; 2: No}", "[80%,20%]", "[30%,70%]",
        "[80%,20%]", "[30%,70%]", "[50%,50%]", "paper",
    ]  # fmt: skip


def test_table_8_translates_questions_whose_options_all_have_a_gloss(tmp_path):
    asked = questionnaire()
    gloss = asked.with_columns(wording=pl.lit("In English?"), option="EN " + pl.col("option"))
    gloss = gloss.filter(~((pl.col("question") == "Q168") & (pl.col("code") == 1)))
    chosen = example_questions(answers(), most=1)
    rows = example_rows(chosen, answers(), human(), asked, LABELS, NATIONS, gloss=gloss)
    assert len(rows) == len(example_rows(chosen, answers(), human(), asked, LABELS, NATIONS))
    write_examples(str(tmp_path / "table8"), rows)
    first, second = read(tmp_path / "table8").splitlines()[2:4]
    assert "Q149? {1: Yes; 2: No} = In English? {1: EN Yes; 2: EN No} |" in first
    assert "Q168" in second and "English" not in second  # half a translation is none


def test_table_14_compares_before_and_after(tmp_path):
    rows = religion_rows(answers(), human(), questionnaire(), "CHN", LABELS)
    assert rows.select("question", "M Class", "M Type", "SWOW").rows() == [
        ("Q168", "Qwen", "SFT", "ZH"),
        ("Q165", "Qwen", "SFT", "ZH"),
    ]
    first = rows.row(0, named=True)
    assert first["survey"] == pytest.approx([0.1, 0.9])
    assert first["trained"] == pytest.approx([0.2, 0.8])
    assert (first["emd_vanilla"], first["emd_trained"]) == pytest.approx((0.6, 0.1))
    assert first["js_vanilla"] > first["js_trained"]
    write_religion(str(tmp_path / "table14"), rows)
    assert "[10%,90%] | [70%,30%] | [20%,80%]" in read(tmp_path / "table14")
    assert '"[10%,90%]","[70%,30%]"' in read(tmp_path / "table14", "csv")


def test_no_question_of_belief_makes_an_empty_table(tmp_path):
    rows = religion_rows(answers(), human(), questionnaire(), "CHN", LABELS, items=["Q167"])
    assert rows.is_empty()
    write_religion(str(tmp_path / "t"), rows)
    assert "EMD, trained" in read(tmp_path / "t")


def test_people_who_were_not_asked_have_no_shares(tmp_path):
    """Nobody in China was asked Q149; Q165 has an option that nobody there chose."""
    asked = (pl.col("question") != "Q149") | (pl.col("country") != "CHN")
    people = human().filter(asked, (pl.col("question") != "Q165") | (pl.col("code") != 1))
    questions = example_questions(answers(), most=0)
    rows = example_rows(questions, answers(), people, questionnaire(), LABELS, NATIONS)
    china = rows.filter(who="China")
    assert china.filter(question="Q149")["share"].to_list() == [None, None]
    assert china.filter(question="Q165")["share"].to_list() == [0.0, 0.8]
    write_examples(str(tmp_path / "table8"), rows)
    (line,) = [line for line in read(tmp_path / "table8").splitlines() if "| Q149" in line]
    assert "| [80%,20%] | -" in line
