"""Names of what is compared."""

from culturalign.report.readings.compared import culture_of, name_of

LABELS = {
    "models": {"m": "Small"},
    "methods": {"sft-shuffled": "SFT, shuffled"},
    "cultures": {"us": "US", "cn": "China"},
}


def test_all_seeds_of_an_arm_have_one_name():
    first, second = (f"results/scores/m/us-sft-shuffled-seed{n}/x.us.json" for n in (0, 1))
    assert (
        name_of(first, LABELS, "US") == name_of(second, LABELS, "US") == "Small, SFT, shuffled, US"
    )
    assert name_of("results/scores/m/vanilla/x.us.json", LABELS, "US") == "Small, Vanilla, US"


def test_an_arm_of_another_culture_is_no_seed_of_the_own_one():
    own, other = (f"results/scores/m/{c}-sft-shuffled-seed0/x.us.json" for c in ("us", "cn"))
    assert name_of(own, LABELS, "US") == "Small, SFT, shuffled, US"
    assert name_of(other, LABELS, "US") == "Small, SFT, shuffled, trained on China, US"


def test_the_culture_stands_in_the_file_name():
    assert culture_of("results/scores/m/vanilla/lists.demo_a.complex.greedy.jsonl") == "demo_a"
