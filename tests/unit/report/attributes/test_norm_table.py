"""Table of the norms."""

from culturalign.data.norms.ratings import Norm
from culturalign.files.ledger import Account
from culturalign.report.attributes.norm_table import norm_rows, write_norms

ACCOUNT = Account("ratings of valence", 5, 3, {"no word": 0, "no number": 0,
                  "outside the scale": 1, "repeated word": 1})  # fmt: skip
EXAMPLES = {"outside the scale": ["typo (85, line 7)"], "repeated word": ["A (1, line 2)"]}
RECORDS = {
    "en": [Norm("valence", "v.csv", "V", (1, 9), False, ACCOUNT, EXAMPLES)],
    "zh": [Norm("concreteness", "c.xlsx", "C", (5, 1), True)],
}


def test_the_table_says_what_was_read_and_what_is_missing(written):
    _, (english, mandarin), numbers = written(write_norms, norm_rows(RECORDS))
    assert english[:6] == ["en", "valence", "v.csv", "V", "1 … 9 → 1 … 9", "3"]
    assert english[6:] == [
        "0", "0", "1", "1", "outside the scale: typo (85, line 7); repeated word: A (1, line 2)",
    ]  # fmt: skip
    assert mandarin[4:6] == ["5 … 1 → 1 … 5", "norms not available: c.xlsx is missing"]
    assert numbers["kept"].to_list() == [3, None]
    assert numbers["read"][0] == numbers["kept"][0] + numbers["outside the scale"][0] + 1
