import numpy as np
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.report.clca import persona_tables as tables
from culturalign.report.clca.persona_tables import arm_rows, pair_rows

LABELS = {"models": {"m": "Model"}, "methods": {"sft": "SFT", "clca": "CLCA"},
          "cultures": {"us": "US"}}  # fmt: skip
EVALUATION = Evaluation(resamples=500)
ASKED = {"vanilla": "nobody", "sft": "respondent", "clca": "respondent"}


def scores(method, seed, accuracy, js, model="m", culture="us"):
    """Questions Q260, Q261, ..., each a battery of its own; KL and EMD are JS."""
    questions = {
        "question": [f"Q{260 + i}" for i in range(len(accuracy))],
        **{"accuracy": accuracy, "accuracy_valid": accuracy, "js": js, "kl": js, "emd": js},
    }
    whole = {"culture": culture, "model": model, "method": method, "n": 10, "respondents": 12,
             "validity": 1.0, "same": 1.0}  # fmt: skip
    types = dict.fromkeys(("js", "kl", "emd"), pl.Float64)
    same = {name: pl.lit(value) for name, value in whole.items()}
    table = pl.DataFrame(questions, schema_overrides=types)
    return table.with_columns(**same, seed=pl.lit(seed, pl.Int64))


ALL = pl.concat([
    scores("vanilla", None, [0.2, 0.4], [0.5, None]), scores("sft", 0, [0.4, 0.6], [0.4, 0.3]),
    scores("sft", 1, [0.6, 0.6], [0.2, 0.3]), scores("clca", 0, [0.2, 0.4], [0.5, 0.5]),
])  # fmt: skip


def constant(method, accuracy, js, culture="us"):
    return scores(method, None, accuracy, js, model="-", culture=culture)


CONSTANT = pl.concat([
    constant("first", [0.1, 0.5], [0.4, 0.2]), constant("majority", [0.9, 0.9], [0.1, 0.1]),
])  # fmt: skip


def test_seeds_are_averaged_before_questions_and_missing_ones_counted():
    rows = {row["method"]: row for row in arm_rows(ALL, EVALUATION).iter_rows(named=True)}
    assert rows["sft"]["accuracy"] == pytest.approx((0.5 + 0.6) / 2)
    assert rows["sft"]["js"] == pytest.approx(0.3)
    assert (rows["vanilla"]["js"], rows["vanilla"]["js_n"]) == (0.5, 1)
    assert rows["vanilla"]["js_low"] is None  # one question has no interval
    assert (rows["vanilla"]["pairs"], rows["vanilla"]["respondents"]) == (20, 12)


def test_every_pair_is_compared_on_the_questions_both_have():
    rows = pair_rows(ALL, ["vanilla", "sft", "clca"], EVALUATION)
    found = {(r["method"], r["minus"], r["measure"]): r for r in rows.iter_rows(named=True)}
    assert len(found) == 3 * 4
    gain = found["sft", "vanilla", "accuracy"]
    assert gain["difference"] == pytest.approx(0.25) and gain["n"] == 2
    assert found["sft", "vanilla", "js"]["n"] == 1
    assert (gain["low"], gain["p"], gain["p_holm"]) == (None, None, None)  # two questions


def test_every_arm_is_compared_with_the_constant_answers_of_its_culture():
    elsewhere = constant("first", [1.0, 1.0], [0.0, 0.0], culture="cn")
    rows = pair_rows(pl.concat([ALL, CONSTANT, elsewhere]), list(ASKED), EVALUATION)
    found = {(r["method"], r["minus"], r["measure"]): r for r in rows.iter_rows(named=True)}
    assert len(found) == len(rows) == (3 + 3 * 2) * 4  # pairs of arms; arm and constant answer
    assert not {"first", "majority"} & set(rows["method"])
    assert set(rows["culture"]) == {"us"} and set(rows["model"]) == {"m"}
    gain = found["sft", "first", "accuracy"]  # question by question 0.5 - 0.1 and 0.6 - 0.5
    assert gain["difference"] == pytest.approx(0.25) and gain["n"] == 2
    lone = found["vanilla", "majority", "js"]  # its second question has no valid answer
    assert (lone["difference"], lone["n"]) == (pytest.approx(0.4), 1)
    assert lone["low"] is lone["high"] is None  # one question has no interval


def test_holm_counts_the_constant_answers_too():
    # six questions better than the constant, all alike: p is 2 / 2**6, twice if there are two pairs
    arm = scores("sft", 0, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [0.5] * 6)
    fixed = [constant(name, [0.1] * 6, [0.5] * 6) for name in ("first", "majority")]
    rows = pair_rows(pl.concat([arm, *fixed]), ["sft"], EVALUATION).filter(measure="accuracy")
    assert rows["p"].to_list() == pytest.approx([1 / 32] * 2)
    assert rows["p_holm"].to_list() == pytest.approx([1 / 16] * 2)
    # a run of only constant answers has no pairs
    assert pair_rows(CONSTANT, list(ASKED), EVALUATION).is_empty()


def test_the_table_of_arms_has_constant_answers_last_and_counts_before_what_they_count(
    written, tmp_path
):
    both = arm_rows(pl.concat([CONSTANT, ALL]), EVALUATION)
    header, rows, _ = written(tables.write_arms, both, LABELS, ASKED)
    assert [row[:4] for row in rows] == [
        ["US", "Model", "Vanilla", "nobody"],
        ["US", "Model", "SFT", "respondent"],
        ["US", "Model", "CLCA", "respondent"],
        ["US", "-", "Always the first option", "-"],
        ["US", "-", "Always people's commonest answer", "-"],
    ]
    assert header[4:] == [
        "respondents", "questions", "answers", "accuracy", "valid",
        "questions with a valid answer", "accuracy, valid only", "same answer", "JS", "KL", "EMD",
    ]  # fmt: skip
    vanilla = dict(zip(header, rows[0], strict=True))
    assert [vanilla[name] for name in ("respondents", "questions", "answers")] == ["12", "2", "20"]
    assert vanilla["questions with a valid answer"] == "1"
    assert vanilla["JS"] == "0.500" and vanilla["valid"] == "1.000"
    assert rows[-1][7].startswith("0.900")
    assert (tmp_path / "t.md").read_text(encoding="utf-8").endswith(f"\n\n{tables.ARMS_NOTE}\n")


def test_a_pair_says_as_whom_both_sides_were_asked(written, tmp_path):
    pairs = pair_rows(pl.concat([ALL, CONSTANT]), list(ASKED), EVALUATION)
    _, rows, numbers = written(tables.write_pairs, pairs, LABELS, ASKED)
    constants = ("Always the first option", "Always people's commonest answer")
    assert [row[2:4] for row in rows[::4]] == [
        ["SFT − Vanilla", "respondent − nobody"],
        ["CLCA − Vanilla", "respondent − nobody"],
        ["CLCA − SFT", "respondent − respondent"],
        *(
            [f"{arm} − {name}", f"{asked} − -"]
            for name in constants
            for arm, asked in zip(("Vanilla", "SFT", "CLCA"), ASKED.values(), strict=True)
        ),
    ]
    assert (tmp_path / "t.md").read_text(encoding="utf-8").endswith(f"\n\n{tables.PAIRS_NOTE}\n")
    first = numbers.filter(method="clca", minus="vanilla").head(1)
    assert first.select("asked", "asked_minus").rows() == [("respondent", "nobody")]


def test_arms_that_answer_alike_rarely_differ():
    """200 worlds of 24 questions; both arms have as many right answers by chance, in two runs."""
    wrong, runs = 0, 200
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        ease = rng.beta(3, 3, 24)
        arms = [scores(method, run, (rng.binomial(10, ease) / 10).tolist(), [0.1] * 24)
                for method in ("sft", "clca") for run in (0, 1)]  # fmt: skip
        rows = pair_rows(pl.concat(arms), ["sft", "clca"], EVALUATION).filter(measure="accuracy")
        wrong += rows["p"][0] < 0.05
    assert wrong <= 0.07 * runs
