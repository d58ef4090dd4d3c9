import pytest

from culturalign.artifacts import paths


def test_the_poles_come_first_and_others_after_them(grid):
    survey = grid().survey
    assert survey.survey_cultures() == {"demo_a": "USA", "demo_b": "CHN"}
    assert survey.country_labels() == {"USA": "demo A", "CHN": "demo B"}
    assert survey.pole_countries() == ["USA", "CHN"] and survey.other_countries() == []
    assert survey.languages() == ["en"]


def test_a_run_of_one_culture_reads_both_poles_and_asks_in_one_language(bilingual):
    assert bilingual().survey.languages() == ["en", "zh"]
    survey = bilingual(run={"cultures": ["demo_zh"]}).survey
    assert survey.built_poles() == ["demo_zh"] and survey.languages() == ["zh"]
    assert set(survey.country_labels()) == {"USA", "CHN"}


def test_a_third_country_is_not_a_pole(grid):
    third = {"label": "UK", "language": "en", "swow": "results/demo/x.csv", "country": "GBR"}
    changed = grid(run={"cultures": ["demo_a", "demo_b", "uk"]}, cultures={"uk": third})
    assert changed.survey.other_countries() == ["GBR"]


def test_nothing_is_asked_without_a_survey(grid):
    survey = grid(survey=None).survey
    assert survey.survey_cultures() == {} and survey.questionnaires() == []
    assert survey.pole_countries() == survey.built_poles() == []


def test_every_survey_file_is_about_a_culture(bilingual):
    survey = bilingual().survey
    files = survey.of_all(paths.DIVERGENCE)
    assert survey.asked_of_all() == ["demo_a"] * 4 + ["demo_zh"] * 4
    assert [".en." in file for file in files] == [True] * 4 + [False] * 4


@pytest.mark.parametrize(("language", "found"), [("zh", ["en"]), ("en", [])])
def test_the_second_poles_questions_are_translated_by_the_first(grid, language, found):
    survey = grid(cultures={"demo_b": {"language": language}}).survey
    assert survey.translation_questionnaire() == [
        paths.QUESTIONNAIRE.format(language=name) for name in found
    ]


def test_a_run_in_one_language_translates_nothing(bilingual):
    assert len(bilingual().survey.translation_questionnaire()) == 1
    alone = bilingual(run={"cultures": ["demo_zh"]}).survey
    assert alone.translation_questionnaire() == []


def test_figure_3_shows_the_second_pole_and_figure_11_the_first(grid):
    survey = grid().survey
    assert survey.leaning_culture("fig3") == "demo_b"
    assert survey.leaning_culture("fig11") == "demo_a"


def test_large_models_are_tested_against_their_baseline(grid):
    assert grid("paper.yaml").survey.baselines() == {"llama70b": "llama", "qwen72b": "qwen"}
