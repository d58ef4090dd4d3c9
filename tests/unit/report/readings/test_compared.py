"""Names of what is compared."""

from culturalign.report.readings.compared import culture_of, name_of

LABELS = {"models": {"m": "Small"}, "methods": {"sft-shuffled": "SFT, shuffled"}, "cultures": {}}


def test_all_seeds_of_an_arm_have_one_name():
    first, second = (f"results/scores/m/us-sft-shuffled-seed{n}/x.us.json" for n in (0, 1))
    assert (
        name_of(first, LABELS, "US") == name_of(second, LABELS, "US") == "Small, SFT, shuffled, US"
    )
    assert name_of("results/scores/m/vanilla/x.us.json", LABELS, "US") == "Small, Vanilla, US"


def test_the_culture_stands_in_the_file_name():
    assert culture_of("results/scores/m/vanilla/lists.demo_us.complex.greedy.jsonl") == "demo_us"
