"""The first screen: each answer follows from the intervals of the tables, by hand."""

import pytest

from culturalign.report.headlines import headlines

LABELS = {
    "models": {"small": "Small"},
    "cultures": {"us": "US"},
    "methods": {
        **{"sft": "SFT", "sft-shuffled": "Shuffled", "ppo": "PPO"},
        "sft@cn": "SFT, China",  # as in a run with evaluation.swapped
    },
}
KINDS = {"associations": ["sft"], "rankings": ["ppo"], "controls": ["sft-shuffled"]}
PAIR = "M Type,M Class,Difference,model,method,minus,k,mean,low,high,n_cues\n"
MEANS = """model,method,k,mean,low,high
small,sft,5,0.5,0.4,0.6
small,sft,10,0.3,0.2,0.4
-,frequent,5,0.2,0.1,0.3
"""
RANKED = """model,method,k,rho,rho_complete,rho_complete_low,rho_complete_high,incomplete
small,ppo,5,0.2,0.3,0.1,0.5,0.1
small,sft-shuffled,5,-1,,,,1
-,corpus,5,0.1,0.1,0.0,0.2,
"""
RANKED_PAIR = PAIR.replace("mean,low,high,n_cues", "rho_both,rho_both_low,rho_both_high,rho_both_n")


def pair(minus, low, high, *, method="sft", k=5):
    name = {"sft-shuffled": "Shuffled"}.get(minus, minus)
    ends = ",," if low is None else f",{low},{high}"
    return f"{method.upper()},Small,X − {name},small,{method},{minus},{k},0.1{ends},38\n"


@pytest.fixture
def answer(tmp_path):
    """The headlines of a run with some tables; table t1 of associations is always there."""

    def answer(*pairs, **tables):
        tables = {"t1": MEANS, "t1_contrasts": PAIR + "".join(pairs)} | tables
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return headlines(
            tmp_path,
            tables={"t1": "us"},
            rankings={"t3": "us"} if "t3" in tables else {},
            attributes={"t5": ("us", "complex")} if "t5_tests" in tables else {},
            planted=["us"] if "planted_us" in tables else [],
            labels=LABELS,
            kinds=KINDS,
        )

    return answer


CONTROL = pair("sft-shuffled", 0.05, 0.2)


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        ([CONTROL, pair("frequent", 0.01, 0.2)], "Yes: 1 of 1 trained arms (1 better"),
        ([CONTROL, pair("frequent", -0.01, 0.2)], "Not shown: 0 of 1 trained arms (1 better"),
        ([CONTROL, pair("frequent", None, None)], "Not shown: 0 of 1 trained arms (1 better"),
        ([pair("sft-shuffled", 0.0, 0.2)], "Not shown: 0 of 1 trained arms (0 better"),
        ([pair("frequent", 0.01, 0.2)], "Not shown: 0 of 1 trained arms (0 better"),
        ([CONTROL, pair("vanilla", -0.3, -0.2)], "Yes"),
        ([CONTROL, pair("frequent", -0.2, -0.1, k=10)], "Yes"),
        ([CONTROL, pair("sft@cn", -0.1, 0.1)], "Not shown: 0 of 1 trained arms (1 better"),
    ],
    ids=["all beaten", "an interval with 0", "no interval", "0 is not above 0", "no control",
         "vanilla is no rival", "the smallest K counts", "another culture's arm is a rival"],
)  # fmt: skip
def test_an_arm_must_beat_its_control_and_every_reference(answer, pairs, verdict):
    (line,) = answer(*pairs)
    assert line.verdict.startswith(verdict)


def test_the_sentence_has_every_number_and_the_hardest_rival(answer):
    (line,) = answer(CONTROL, pair("backward", 0.2, 0.3), pair("frequent", -0.05, 0.2))
    (case,) = line.cases
    assert case.text == (
        "SFT, Small, US: 0.500 [0.400, 0.600] (K = 5, 38 cues). "
        "Control (Shuffled): difference 0.100 [0.050, 0.200], beaten. "
        "Hardest to beat (frequent): 0.200 [0.100, 0.300], "
        "difference 0.100 [-0.050, 0.200], not beaten."
    )


def test_vanilla_and_larger_k_stand_beside_the_verdict(answer):
    """What was hardest at ten words is told, and vanilla's number, which is no rival."""
    at_ten = [pair("backward", -0.2, -0.1, k=10), pair("frequent", 0.1, 0.2, k=10)]
    (line,) = answer(pair("vanilla", 0.2, 0.3), CONTROL, pair("frequent", 0.01, 0.2), *at_ten)
    assert line.verdict.startswith("Yes: 1 of 1")
    assert line.cases[0].text == (
        "SFT, Small, US: 0.500 [0.400, 0.600] (K = 5, 38 cues). "
        "Vanilla: difference 0.100 [0.200, 0.300]. "
        "Control (Shuffled): difference 0.100 [0.050, 0.200], beaten. "
        "Hardest to beat (frequent): 0.200 [0.100, 0.300], difference 0.100 [0.010, 0.200], beaten."
        " At K = 10, hardest to beat (backward): difference 0.100 [-0.200, -0.100], not beaten."
    )


def test_clustered_cues_are_told(answer):
    clustered = PAIR.replace("n_cues", "n_cues,n_clusters") + CONTROL.replace("38\n", "38,14\n")
    (line,) = answer(t1_contrasts=clustered)
    assert "(K = 5, 38 cues in 14 groups)" in line.cases[0].text


def test_only_the_methods_trained_for_a_question_answer_it(answer):
    rows = pair("sft-shuffled", 0.1, 0.2) + pair("sft-shuffled", 0.1, 0.2, method="ppo")
    lines = answer(CONTROL, t3=RANKED, t3_contrasts=RANKED_PAIR + rows)
    assert [[case.text[:10] for case in line.cases] for line in lines] == [
        ["SFT, Small"], ["PPO, Small"]
    ]  # fmt: skip


def test_no_arm_beats_rankings_that_are_not_there(answer):
    """An answer without a complete ranking is worth -1 in ``rho``, which any other beats."""
    head = f"{RANKED_PAIR.strip()},rho,rho_low,rho_high,rho_n\n"
    control, corpus = pair("sft-shuffled", 0.1, 0.2, method="ppo"), "PPO,Small,X − C,small,ppo,"
    none = "PPO,Small,X − Shuffled,small,ppo,sft-shuffled,5,,,,,1.2,1.1,1.3,38\n"
    corpus += "corpus,5,0.2,0.1,0.3,30,0.1,0.05,0.2,38\n"
    both = head + control.replace("\n", ",1.2,1.1,1.3,38\n") + corpus
    _, line = answer(CONTROL, t3=RANKED, t3_contrasts=both)
    assert line.verdict.startswith("Yes: 1 of 1 trained arms (1 better")
    for rows, cues in ((none, 0), (none + corpus, 30)):
        _, line = answer(CONTROL, t3=RANKED, t3_contrasts=head + rows)
        assert line.verdict.startswith("Not shown: 0 of 1 trained arms (0 better")
        assert line.cases[0].text.startswith(
            f"PPO, Small, US: 0.300 [0.100, 0.500], 90% complete (K = 5, {cues} cues). "
            "Control (Shuffled): -, 0% complete, difference -, no number to compare, so not beaten."
        )


def test_a_small_distance_counts_as_nearer_and_only_to_the_own_culture(answer):
    head = ("M Type,M Class,minus M Type,model,culture,method,minus_model,minus_culture,"
            "minus_method,country,scoring,js,js_low,js_high,n\n")  # fmt: skip
    row = "SFT,Small,Shuffled,small,us,sft,{model},{culture},sft-shuffled,USA,{of},{ends},54\n"
    rows = [
        row.format(model="small", culture="us", of="debiased", ends="-0.1,-0.2,-0.05"),
        row.format(model="small", culture="us", of="plain", ends="0.1,0.05,0.2"),
        row.format(model="small", culture="zh", of="debiased", ends="0.1,0.05,0.2"),
        row.format(model="other", culture="us", of="debiased", ends="0.1,0.05,0.2"),
    ]
    means = ("model,culture,method,country,scoring,js,js_low,js_high,js_gain,js_gain_low,"
             "js_gain_high,js_gain_place,js_gain_place_low,js_gain_place_high,mass\n"
             "small,us,sft,USA,debiased,0.3,0.2,0.4,0.1,{},0.2,0.2,{},0.3,0.004\n"
             "small,us,sft@us,CHN,debiased,0.3,0.2,0.4,-0.1,-0.2,-0.05,-0.1,-0.2,-0.05,0.004\n"
             "small,us,sft,USA,plain,0.3,0.2,0.4,-0.1,-0.2,-0.05,-0.1,-0.2,-0.05,0.004\n"
            )  # fmt: skip
    for lows in ((-0.01, 0.1), (0.05, -0.01)):  # over the uniform answer, the average by place
        flat = answer(CONTROL, table7=means.format(*lows), table7_contrasts=head + "".join(rows))
        assert flat[-1].verdict.startswith("Not shown: 0 of 1 trained arms (1 better")
    means = means.format(0.05, 0.1)
    lines = answer(CONTROL, table7=means, table7_contrasts=head + "".join(rows))
    assert lines[-1].question.startswith("Do answers to the survey")
    assert lines[-1].verdict.startswith("Yes: 1 of 1")
    assert (
        lines[-1]
        .cases[0]
        .text.endswith(
            "difference -0.100 [-0.200, -0.050], beaten. "
            "Gain over the uniform answer: 0.100 [0.050, 0.200], beaten. "
            "Gain over the average by place: 0.200 [0.100, 0.300], beaten. "
            "These are averages over the orders of the options; in one order: "
            "Control (Shuffled): difference 0.100 [0.050, 0.200], not beaten. "
            "Of its probability, 0.004 is on the options' labels (1, 2 or A, B); near 0, a model "
            "hardly answers, and its shares mean little."
        )
    )
    swapped = "SFT,Small,SFT China,small,us,sft,small,zh,sft@zh,USA,debiased,0.0,-0.1,0.1,54\n"
    lines = answer(CONTROL, table7=means, table7_contrasts=head + "".join([*rows, swapped]))
    assert lines[-1].verdict.startswith("Not shown: 0 of 1 trained arms (1 better")


def test_no_difference_is_not_equality(answer):
    head = ("M Type,M Class,measure,model,method,difference,difference_low,difference_high,"
            "margin,ratio,ratio_low,ratio_high,threshold,equivalent,human_level,"
            "n_pairs\n")  # fmt: skip
    rows = """SFT,Small,valence,small,sft,0.03,-0.3,0.4,0.2,0.8,0.3,0.9,0.5,false,false,38
Shuffled,Small,valence,small,sft-shuffled,1.8,1.5,2.0,0.2,,,,0.5,false,false,38
"""
    ends = "model,method,minus,measure,nearer,nearer_low,nearer_high,n_nearer,Difference\n"
    nearer = ends + "small,sft,sft-shuffled,valence,-1.5,-1.9,-1.1,36,SFT − Shuffled\n"
    *_, line = answer(CONTROL, t5_tests=head + rows, t5_contrasts=nearer)
    assert line.verdict.startswith("Not shown: 0 of 1 trained arms (1 better")
    assert line.cases[0].text == (
        "SFT, Small, US: 0.030 [-0.300, 0.400] from people's (38 cues), not shown to be within "
        "±0.2. r / attainable 0.800 [0.300, 0.900], not shown to be above 0.5. Control (Shuffled): "
        "1.800 [1.500, 2.000], difference of the distances -1.500 [-1.900, -1.100] (36 cues), "
        "beaten."
    )
    equal = rows.replace("0.3,0.9,0.5,false,false", "0.6,0.9,0.5,true,true")
    *_, line = answer(CONTROL, t5_tests=head + equal, t5_contrasts=nearer)
    assert line.verdict.startswith("Yes")
    assert "shown to be within ±0.2. r / attainable 0.800 [0.600, 0.900], shown" in (
        line.cases[0].text.replace("not shown", "NOT")
    )
    # a control that is as near shows nothing, whichever of the two means is smaller
    alike = nearer.replace("-1.9,-1.1", "-1.9,0.1")
    few = nearer.replace("-1.9,-1.1,36", ",,4")
    for pairs in (alike, few, ends):
        *_, none = answer(CONTROL, t5_tests=head + equal, t5_contrasts=pairs)
        assert none.verdict.startswith("Not shown: 0 of 1 trained arms (0 better")
        assert ("No control" in none.cases[0].text) is (pairs == ends)
    # and so do the adapter of another culture, and a list that needs no model
    for minus, name in (("sft@zh", "SFT China"), ("backward", "Backward counting")):
        known = f"small,sft,frequent,valence,-0.5,-0.7,-0.2,36,SFT − Frequent\nsmall,sft,{minus},"
        known += f"valence,-0.1,-0.3,0.1,36,SFT − {name}\n"
        *_, none = answer(CONTROL, t5_tests=head + equal, t5_contrasts=nearer + known)
        assert none.verdict.startswith("Not shown: 0 of 1 trained arms (1 better")
        text = none.cases[0].text
        assert f"Hardest to beat ({name}): difference of the distances -0.100" in text
        assert "Frequent" not in text


def test_a_run_without_numbers_has_no_headline(answer):
    assert answer(t1="", t1_contrasts="") == []
