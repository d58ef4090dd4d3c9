"""Topics: what is drawn, how it is marked, and its numbers."""

import numpy as np
import polars as pl
import pytest

from culturalign.data.survey.batteries import BATTERIES, battery_of
from culturalign.report.figures import COLORS
from culturalign.report.survey.topic_figure import topic_rows
from tests.unit.report.survey.drawn import (
    EIGHT_LABELS,
    LABELS,
    both,
    eight,
    four,
    known,
    legend,
    topics,
)
from tests.unit.report.survey.drawn import scores as drawn_scores

pytestmark = pytest.mark.usefixtures("closed_figures")


def test_topics_have_a_panel_a_trained_arm_and_n():
    figure, rows = topics(four(), known(), "emd", "CHN", LABELS)
    titles = [panel.get_title() for panel in figure.axes if panel.axison]
    assert titles == ["Qwen, SFT", "Qwen, PPO", "Llama, SFT"]
    colors = [[line.get_color() for line in panel.lines[-3:]] for panel in figure.axes[:3]]
    arms = [[COLORS[0], COLORS[1]], [COLORS[0], COLORS[2]], [COLORS[0], COLORS[1]]]
    assert colors == [[*pair, "0.5"] for pair in arms]
    ticks = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert ticks == ["Trust (n = 1)", "Religion (n = 2)"]
    bottom, top = figure.axes[0].get_ylim()
    assert bottom > top  # in the order of the questionnaire, downward
    assert figure.axes[0].get_xlabel() == "earth mover's distance, positional"
    first = rows.filter(panel="Qwen, SFT").select("topic", "state", "mean", "n").rows()
    assert first == [
        ("Trust", "Vanilla", 0.5, 1), ("Religion", "Vanilla", pytest.approx(0.35), 2),
        ("Trust", "SFT", 0.1, 1), ("Religion", "SFT", pytest.approx(0.25), 2),
        ("Trust", "Uniform answer", 0.4, 1),
        ("Religion", "Uniform answer", pytest.approx(0.275), 2),
    ]  # fmt: skip
    # of SFT to China: 0.1; 0.2, 0.3, and of the uniform answer 0.4; 0.3, 0.25
    less = rows.filter(panel="Qwen, SFT", method="sft")["minus_uniform"].to_list()
    assert less == pytest.approx([-0.3, -0.025])
    # the average by place is 0.1 further than the uniform answer
    further = pl.when(method="by_place").then(pl.col("emd") + 0.1).otherwise("emd").alias("emd")
    _, rows = topics(four(), known().with_columns(further), "emd", "CHN", LABELS)
    less = rows.filter(panel="Qwen, SFT", method="sft")["minus_by_place"].to_list()
    assert less == pytest.approx([-0.4, -0.125])
    assert "Average by place" not in rows["state"]
    assert (
        rows.filter(pl.col("method") != "sft", panel="Qwen, SFT")["minus_uniform"].is_null().all()
    )


def test_topics_average_seeds_first_and_differ_by_marker():
    again = both().filter(method="sft").with_columns(seed=pl.lit(1, pl.Int64), emd=pl.lit(0.5))
    figure, rows = topics(pl.concat([both(), again]), known(), "emd", "CHN", LABELS)
    assert rows.filter(state="SFT")["mean"].to_list() == pytest.approx([0.3, 0.375])
    assert legend(figure) == ["Vanilla", "SFT", "Uniform answer"]
    shown = [(line.get_marker(), line.get_color()) for line in figure.legends[0].get_lines()]
    assert shown == [("o", COLORS[0]), ("D", COLORS[1]), ("|", "0.5")]
    figure, rows = topics(both().filter(method="vanilla"), known(), "js", "CHN", LABELS)
    assert rows.is_empty() and not any(panel.axison for panel in figure.axes)


def test_the_title_says_to_whom_and_which_answers_are_drawn():
    debiased = both().with_columns(scoring=pl.lit("debiased"), emd=pl.lit(0.5))
    table = pl.concat([both(), debiased])
    figure, rows = topics(table, known(), "emd", "CHN", LABELS, scoring="debiased")
    assert set(rows["mean"]) == {0.5}
    people = "distance to the people of 中国\n"
    assert figure.get_suptitle() == people + "average over orders of the options"
    plain = topics(table, known(), "emd", "CHN", LABELS)[0]
    assert plain.get_suptitle() == people + "options in the plain order"


def test_topics_have_intervals_over_batteries_if_these_are_five():
    """Trust only has Q1; Religion Q2 and Q3 with 0.4, 0.3 before and 0.2, 0.3 after."""
    _, rows = topics(both(), known(), "emd", "CHN", LABELS)
    trust, religion, _, after, *uniform = rows.rows(named=True)
    assert [row["low"] for row in uniform] == [None, None]
    assert (trust["n"], trust["low"], religion["low"], religion["high"]) == (1, None, None, None)
    assert religion["difference"] is None
    assert (after["difference"], after["difference_low"]) == (pytest.approx(-0.1), None)
    values = [0.1, 0.2, 0.3, 0.4, 0.5]
    many = pl.concat([
        drawn_scores(arm, **{f"Q{260 + i}": (x, x) for i, x in enumerate(shown)})
        for arm, shown in (
            (("qwen", None, "vanilla", None), values),
            (("qwen", "cn", "sft", 0), [0.0, 0.1, 0.3, 0.4, 0.5]),
        )
    ])  # fmt: skip
    _, rows = topics(many, known(), "emd", "CHN", LABELS)  # of other questions
    before, after = rows.rows(named=True)
    assert 0 < before["low"] < 0.3 < before["high"] < 1
    # differences -0.1, -0.1, 0, 0, 0: squares sum to 0.012; three alike count as one
    assert (after["difference"], after["difference_low"]) == (pytest.approx(-0.04), None)


def test_intervals_of_a_topic_are_those_of_its_batteries():
    """Six batteries of two questions; JS has an upper bound, differences have none."""
    firsts = [1, 7, 18, 27, 33, 43]
    names = [f"Q{first + i}" for first in firsts for i in (0, 1)]
    assert len({battery_of(name) for name in names}) == 6
    means = [0.1, 0.2, 0.3, 0.4, 0.5, 0.9]  # of batteries; 0.4, deviations -.3 -.2 -.1 0 .1 .5
    after = [mean + add for mean in means for add in (-0.05, 0.05)]
    less = [0.1, 0.0, 0.2, 0.1, 0.3, -0.1]  # vanilla minus SFT by battery; 0.1
    before = [x + add for x, add in zip(after, np.repeat(less, 2), strict=True)]
    arms = {("qwen", None, "vanilla", None): before, ("qwen", "cn", "sft", 0): after,
            ("-", None, "uniform", None): [0.3] * 12}  # fmt: skip
    vanilla, sft, uniform = (
        drawn_scores(arm, **{name: (x, x) for name, x in zip(names, values, strict=True)})
        .with_columns(topic=pl.lit("Trust"))
        for arm, values in arms.items()
    )  # fmt: skip
    rows = topic_rows(pl.concat([vanilla, sft]), uniform, "emd", "CHN", LABELS)
    row = rows.filter(method="sft").row(0, named=True)
    t = 2.570582  # 0.975, 5
    half = t * (0.10 / 5 / 6) ** 0.5  # squares 0 .01 .01 0 .04 .04
    assert (row["difference"], row["n"]) == (pytest.approx(-0.1), 12)
    assert row["difference_high"] - row["difference"] == pytest.approx(half, rel=1e-6)
    half = t * (0.40 / 5 / 6) ** 0.5  # .09 .04 .01 0 .01 .25
    assert row["minus_uniform"] == pytest.approx(0.1)
    assert row["minus_uniform"] - row["minus_uniform_low"] == pytest.approx(half, rel=1e-6)
    # Wilson: the variance of 0.4 is 0.08 / 6, as of 18 independent answers
    wide = t * (0.24 / 18 + t * t / (4 * 18**2)) ** 0.5 / (1 + t * t / 18)
    assert (row["high"] - row["low"]) / 2 == pytest.approx(wide, rel=1e-6)


@pytest.mark.parametrize("seeds", [1, 2, 3])
@pytest.mark.parametrize("batteries", [10, 20, 36])
def test_intervals_of_a_topic_cover_what_they_say(batteries, seeds):
    """250 samples: 2 times 1.4 points of chance. Half of the batteries have two questions or more;
    runs differ as much as their mean over questions does. Two runs cover too much, none too
    little."""
    rng, covered = np.random.default_rng([batteries, seeds]), {"difference": 0, "minus_uniform": 0}
    names = [f"Q{first + i}" for first, last in BATTERIES[: batteries // 2]
             for i in range(min(last - first + 1, 4))]  # fmt: skip
    names += [f"Q{260 + i}" for i in range(batteries - batteries // 2)]
    owner = np.unique([battery_of(name) for name in names], return_inverse=True)[1]

    def drawn(arm, values):
        frame = pl.DataFrame({"question": names, "js": values, "emd": values})
        fixed = {"model": arm[0], "culture": arm[1], "method": arm[2], "country": "CHN",
                 "scoring": "plain", "topic": "Trust"}  # fmt: skip
        return frame.with_columns(
            *(pl.lit(value, pl.String).alias(name) for name, value in fixed.items()),
            seed=pl.lit(arm[3], pl.Int64),
        )

    for _ in range(250):
        hard = 0.5 + 0.1 * rng.normal(size=len(names))

        def change():
            return 0.03 * (rng.normal(size=batteries)[owner] + rng.normal(size=len(names)))

        mine, run = hard + change(), 0.008 if seeds > 1 else 0.0
        arms = [drawn(("qwen", "cn", "sft", seed), mine + rng.normal(0, run))
                for seed in range(seeds)]  # fmt: skip
        vanilla = drawn(("qwen", None, "vanilla", None), hard)
        flat = drawn(("-", None, "uniform", None), hard + change())
        rows = topic_rows(pl.concat([vanilla, *arms]), flat, "js", "CHN", LABELS)
        row = rows.filter(method="sft").row(0, named=True)
        for name in covered:
            covered[name] += row[f"{name}_low"] <= 0 <= row[f"{name}_high"]
    least = (0.9 if batteries == 10 else 0.93) - 0.028
    most = 0.97 + 0.02 if batteries > 10 and seeds != 2 else 1.0
    assert all(least <= count / 250 <= most for count in covered.values()), covered


def test_prompted_arms_are_drawn_and_not_called_trained_below_titles_that_fit():
    figure, rows = topics(eight(), known(), "js", "CHN", EIGHT_LABELS)
    assert {"SmolLM2, Country prompt", "SmolLM2, Persona prompt"} <= set(rows["panel"])
    assert legend(figure)[0] == "Vanilla" and {"Country prompt", "Persona prompt"} <= {
        *legend(figure)
    }
    # titles are not wider than their panels
    figure.canvas.draw()
    for panel in figure.axes:
        title, box = panel.title.get_window_extent(), panel.get_window_extent()
        assert not panel.get_title() or (box.x0 <= title.x0 and title.x1 <= box.x1)
