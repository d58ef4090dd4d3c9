"""The statements are well formed, and faults in them are told."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from culturalign.errors import UserError
from culturalign.report.claims.statements import filled, read_claims
from culturalign.stats.counts import clopper_pearson, mcnemar

PAPER = Path(__file__).resolve().parents[4] / "resources/paper"
CLAIMS = read_claims(PAPER / "claims.yaml")  # refuses what is not well formed
GOOD = {
    "id": "good",
    "place": "section 4.1",
    "statement": "A is above B",
    "paper": {"Llama": "+0.1"},
    "cultures": ["US"],
    "models": ["Llama"],
    "each": {"k": [5, 10]},
    "check": "interval",
    "arguments": {
        "cell": {"table": "$US_table", "where": {"M Class": "$model", "k": "$k"}},
        "side": "above",
    },
}


def written(tmp_path, *entries):
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return path


def changed(**changes):
    return GOOD | changes


def with_cell(**changes):
    return changed(arguments={"cell": GOOD["arguments"]["cell"] | changes, "side": "above"})


def test_a_good_claim_is_read(tmp_path):
    (claim,) = read_claims(written(tmp_path, GOOD))
    assert claim.paper == {"Llama": "+0.1"}
    assert claim.note == "" and not claim.real


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({**GOOD, "sttaement": "x"}, "claim good: sttaement: Extra inputs"),
        ({k: v for k, v in GOOD.items() if k != "place"}, "place: Field required"),
        (changed(cultures=["FR"]), "cultures.0: Input should be 'US' or 'ZH'"),
        (changed(check="guess"), "no check is called 'guess'; there are interval, gain"),
        (changed(arguments={"side": "above"}), "missing a required argument: 'cell'"),
        (changed(arguments={**GOOD["arguments"], "sied": 1}), "unexpected keyword argument 'sied'"),
        (
            changed(each={}),
            "$k is unknown; known: US, US_attribute_contrasts, US_attribute_tests, US_",
        ),
        (with_cell(table="$ZH_table"), "$ZH_table is unknown"),
        (with_cell(lwo="low"), "a cell has lwo, table, where; it needs"),
        (
            with_cell(minus={"table": "table1"}),
            "a cell has table; it needs the first two of table, where,",
        ),
        ("no mapping", "claim 1"),
    ],
)
def test_faults_are_told(tmp_path, entry, fault):
    with pytest.raises(UserError, match=re.escape(fault)):
        read_claims(written(tmp_path, entry))


def test_ids_are_unique(tmp_path):
    with pytest.raises(UserError, match="claim good: its id is taken"):
        read_claims(written(tmp_path, GOOD, GOOD))


def test_facts_are_filled_in_wherever_they_stand():
    facts = {"model": "Qwen", "measure": "js", "k": "5"}
    value = {"where": {"M Class": "$model", "k": 5, "n": "$k"}, "all": ["${measure}_low", 0.5]}
    assert filled(value, facts) == {
        "where": {"M Class": "Qwen", "k": 5, "n": "5"},
        "all": ["js_low", 0.5],
    }


def test_every_place_of_the_issue_has_statements():
    places = " ".join(claim.place for claim in CLAIMS)
    for place in ("abstracts", "later abstract", "section 4.1", "section 4.2", "section 5.1",
                  "section 5.2", "section 5.3", "appendix H.3", "appendix H.4"):  # fmt: skip
        assert place in places, place


def test_statements_the_papers_tables_do_not_carry_have_a_note():
    notes = {claim.id: claim.note for claim in CLAIMS}
    for name, said in {
        "ppo_llama_beats_72b": "does not carry it in JS",
        "concreteness_gain_mandarin": "for Llama only",
        "concreteness_below_mandarin": "0.141",
        "arousal_mandarin": "do not differ",
        "ppo_below_sft_english": "no SFT row",
        "belief": "announces five items",
        "arousal_sft_english": "does not carry it for English",
        "llama_third": "Not derivable",
        "vanilla_qwen_chinese": "does not carry it",
        "heaven": "row of hell",
    }.items():
        assert said in notes[name], name


def test_own_models_are_for_statements_without_a_named_model():
    for claim in CLAIMS:
        text = str(claim.arguments)
        assert (claim.models == "own") <= ("$model" in text), claim.id
        if claim.models == "own":
            assert not re.search("Llama|Qwen", text), claim.id


def paper_precision():
    with (PAPER / "generation.csv").open(encoding="utf-8") as file:
        return {
            (row["table"], row["M Class"], row["M Type"]): [
                float(row[f"P@{k}"]) for k in (5, 10, 40)
            ]
            for row in csv.DictReader(file)
        }


@pytest.mark.parametrize(
    ("name", "table"), [("ppo_ranking_english", "table3"), ("ppo_ranking_mandarin", "table4")]
)
def test_the_papers_gains_in_ranking_are_those_of_its_tables(name, table):
    (claim,) = [claim for claim in CLAIMS if claim.id == name]
    with (PAPER / "ranking.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == table]
    for model in ("Llama", "Qwen"):
        was, now = (row["Spearman ρ"] for row in rows if row["M Class"] == model)
        assert claim.paper[model] == f"{float(now) - float(was):+.3f} ({was} to {now})"


@pytest.mark.parametrize(("name", "table"), [("sft_english", "table1"), ("sft_mandarin", "table2")])
def test_the_papers_gains_are_those_of_its_tables(name, table):
    (claim,) = [claim for claim in CLAIMS if claim.id == name]
    scores = paper_precision()
    for model in ("Llama", "Qwen"):
        pairs = zip(scores[table, model, "SFT"], scores[table, model, "Vanilla"], strict=True)
        assert claim.paper[model] == "; ".join(f"{a - b:+.3f}" for a, b in pairs)


def test_numbers_of_the_notes_are_right():
    low, high = clopper_pearson(30, 50)
    assert (round(low, 2), round(high, 2)) == (0.45, 0.74)
    low, high = clopper_pearson(31, 50)
    assert (round(low, 2), round(high, 2)) == (0.47, 0.75)
    # a net change of +4, +5 and +12 with as few and as many changed questions as there can be
    assert mcnemar(4, 0) == 0.125 and mcnemar(24, 20) > 0.125
    assert mcnemar(5, 0) == 0.0625
    assert round(mcnemar(12, 0), 4) == 0.0005 and round(mcnemar(25, 13), 3) == 0.073


def paper_attributes():
    with (PAPER / "attributes.csv").open(encoding="utf-8") as file:
        return {(r["table"], r["M Class"], r["M Type"]): r for r in csv.DictReader(file)}


@pytest.mark.parametrize(("language", "table"), [("english", "table5"), ("mandarin", "table6")])
def test_the_papers_concreteness_is_that_of_its_tables(language, table):
    claims, cells = {claim.id: claim for claim in CLAIMS}, paper_attributes()
    human = float(cells[table, "-", "Human"]["concreteness"])
    for model in ("Llama", "Qwen"):
        vanilla, sft = (
            float(cells[table, model, kind]["concreteness"]) for kind in ("Vanilla", "SFT")
        )
        gain = claims[f"concreteness_gain_{language}"].paper[model]
        below = claims[f"concreteness_below_{language}"].paper[model]
        assert float(gain) == pytest.approx(sft - vanilla, abs=1e-9)
        assert float(below) == pytest.approx(sft - human, abs=1e-9)
