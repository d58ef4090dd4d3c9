"""The statements agree with the paper's tables, and each has a check."""

import csv
import re
from pathlib import Path

import pytest
import yaml
from scipy.stats import binomtest

from culturalign.errors import UserError
from culturalign.report.claims.checking import CHECKS
from culturalign.report.claims.statements import read_claims
from culturalign.stats.counts import sign_test

PAPER = Path(__file__).resolve().parents[4] / "resources/paper"
STATEMENTS = read_claims(PAPER / "claims.yaml", CHECKS)
CLAIMS = {claim.id: claim for claim in STATEMENTS}


def paper_rows(kind, table):
    """M Class, M Type -> row."""
    with (PAPER / f"{kind}.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == table]
        rows = [row for row in rows if row["source"] == "submission"]
    return {(row["M Class"], row["M Type"]): row for row in rows}


def test_every_check_has_a_statement():
    assert sorted(CLAIMS) == sorted(CHECKS)


GOOD = {"id": "sft_english", "place": "section 4.1", "statement": "A is above B", "paper": "+0.1"}


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ([GOOD | {"sttaement": "x"}], "sft_english.sttaement: no such key; known: id, place"),
        ([GOOD | {"cultures": ["FR"]}], "sft_english.cultures.0: Input should be 'US' or 'ZH'"),
        ([GOOD | {"paper": 0.1}], "sft_english.paper.str: Input should be a valid string (got 0.1"),
        ([GOOD, {"id": "guess"}], "guess.place: Field required"),
        ([GOOD, "no mapping"], "entry 2: Input should be a valid dictionary"),
        ([GOOD, GOOD], "the id 'sft_english' occurs twice"),
        ([GOOD | {"id": "guess"}], "'guess' has no check"),
        (None, "the file: Input should be a valid list"),
    ],
)
def test_faults_name_the_file_and_the_statement(tmp_path, entries, fault):
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(UserError, match=rf"{re.escape(str(path))}(:\d+)?: {re.escape(fault)}"):
        read_claims(path, CHECKS)


def test_every_part_of_the_paper_has_statements():
    places = " ".join(claim.place for claim in STATEMENTS)
    for place in ("abstracts", "later abstract", "section 4.1", "section 4.2", "section 5.1",
                  "section 5.2", "section 5.3", "appendix H.3", "appendix H.4"):  # fmt: skip
        assert place in places, place


@pytest.mark.parametrize("model", ["Llama", "Qwen"])
@pytest.mark.parametrize(
    ("language", "tables"),
    [("english", ("table1", "table3", "table5")), ("mandarin", ("table2", "table4", "table6"))],
)
def test_the_papers_values_are_those_of_its_tables(language, tables, model):
    def paper(name):
        return CLAIMS[f"{name}_{language}"].paper[model]

    rows = paper_rows("generation", tables[0])
    sft, vanilla = ([float(rows[model, arm][f"P@{k}"]) for k in (5, 10, 40)] for arm in
                    ("SFT", "Vanilla"))  # fmt: skip
    gains = [f"{a - b:+.3f}" for a, b in zip(sft, vanilla, strict=True)]
    assert paper("sft") == "; ".join(gains)
    rows = paper_rows("ranking", tables[1])
    was, now = (rows[model, arm]["Spearman ρ"] for arm in ("Vanilla", "PPO"))
    assert paper("ppo_ranking") == f"{float(now) - float(was):+.3f} ({was} to {now})"
    rows = paper_rows("attributes", tables[2])
    sft, vanilla, human = (float(rows[who]["Concreteness"]) for who in
                           ((model, "SFT"), (model, "Vanilla"), ("-", "Human")))  # fmt: skip
    assert float(paper("concreteness_gain")) == pytest.approx(sft - vanilla, abs=1e-9)
    assert float(paper("concreteness_below")) == pytest.approx(sft - human, abs=1e-9)


def test_numbers_of_the_notes_are_right():
    for count, ends in ((30, (0.45, 0.74)), (31, (0.47, 0.75))):
        found = binomtest(count, 50).proportion_ci(method="exact")
        assert (found.low, found.high) == pytest.approx(ends, abs=0.005)
    # a net change of +4, +5 and +12 with the fewest and the most changed questions
    assert sign_test(4, 0) == 0.125 and sign_test(24, 20) > 0.125
    assert sign_test(5, 0) == 0.0625
    assert round(sign_test(12, 0), 4) == 0.0005 and round(sign_test(25, 13), 3) == 0.073
