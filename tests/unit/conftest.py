"""Properties have no deadline: how fast a machine is decides no test."""

from pathlib import Path

import pytest
from hypothesis import settings

from culturalign.data.demo.demo_survey import Question, read_survey

SURVEY = Path(__file__).resolve().parents[2] / "resources/demo/survey"
SMALL = """\
Q12:
  en: Tea or coffee?
  zh: 茶还是咖啡？
  options:
    1: [Tea, 茶]
    2: [Coffee, 咖啡]
    0: [Neither, 都不要]
  order: []
  a: [10, 20, 70]
Q3:
  en: How sunny is it?
  options: {steps: 3, from: [Dark, 阴], to: [Bright, 晴]}
  both: [50, 30, 20]
Q5:
  en: Is it late?
  options: clock
  order: [1, 3]
  a: [60, 30, 10]
  b: [10, 60, 30]
"""
SCALES = """\
clock:
  1: ["Yes", 是]
  2: [Perhaps, 也许]
  3: ["No", 否]
"""


@pytest.fixture(scope="module")
def survey() -> list[Question]:
    return read_survey(SURVEY)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> list[Question]:
    folder = tmp_path_factory.mktemp("survey")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    (folder / "scales.yaml").write_text(SCALES, encoding="utf-8")
    return read_survey(folder)


@pytest.fixture
def closed_figures():
    """Close what a test drew."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


settings.register_profile("any_machine", deadline=None)
settings.load_profile("any_machine")
