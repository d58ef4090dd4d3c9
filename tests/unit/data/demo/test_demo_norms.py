"""Norms of the demo world: its own words, the formats and the faults of real files."""

from pathlib import Path

import pytest

from culturalign.config.data import Language
from culturalign.config.norms import Norms
from culturalign.data.demo import demo_norms
from culturalign.data.norms.ratings import prepare_norms
from culturalign.files.yaml_file import read_plain

ROOT = Path(__file__).resolve().parents[4]
CONFIG = read_plain(ROOT / "config/config.yaml")
MEANS_FILE = "resources/demo/norms.yaml"
MEANS = read_plain(ROOT / MEANS_FILE)
LEXICON = sorted((ROOT / "resources/demo/lexicon").glob("*.yaml"))
DOMAINS = [read_plain(path) for path in LEXICON]


@pytest.fixture(scope="module")
def words():
    return demo_norms.rate_lexicon(DOMAINS, MEANS, seed=0)


@pytest.fixture(scope="module")
def norms(tmp_path_factory):
    """Written, and read with the shipped configuration."""
    folder, files = tmp_path_factory.mktemp("demo"), Norms(**CONFIG["norms"]).files
    pairs = {x: [(norm, folder / Path(norm.file).name) for norm in files[x]] for x in ("en", "zh")}
    paths = [path for language in pairs.values() for _, path in language]
    demo_norms.write_norms(LEXICON, ROOT / MEANS_FILE, paths, seed=0)
    return {
        language: prepare_norms(found, **Language(**CONFIG["languages"][language]).rules())
        for language, found in pairs.items()
    }


def test_every_domain_has_means_and_every_word_ratings_within_the_spans(words):
    assert set(MEANS["domains"]) == {domain["domain"] for domain in DOMAINS}
    everyone = [*words["en"], *words["zh"]]
    assert len(words["en"]) > 1000 and len({w.word for w in words["en"]}) == len(words["en"])
    assert all(1 <= w.valence <= 9 and 1 <= w.arousal <= 9 for w in everyone)
    assert all(1 <= w.concreteness <= 5 for w in everyone)


def test_translations_are_rated_alike(words):
    english, chinese = ({w.word: w[1:] for w in words[x]} for x in ("en", "zh"))
    assert english["love"] == chinese["爱"] == tuple(MEANS["words"]["love"])
    assert english["bread"] == chinese["面包"]


def test_what_is_written_is_what_is_read_on_the_common_spans(words, norms):
    chinese = {w.word: w for w in words["zh"]}
    table, _ = norms["zh"]
    rows = table.drop_nulls(["valence", "concreteness"]).head(50).iter_rows(named=True)
    for row in rows:
        rated = chinese[row["word"]]
        assert row["valence"] == pytest.approx(rated.valence, abs=0.002)
        assert row["concreteness"] == pytest.approx(rated.concreteness, abs=0.002)
        assert row["concreteness_raw"] == pytest.approx(6 - rated.concreteness, abs=0.002)


def test_the_files_have_the_faults_of_real_ones(norms):
    table, found = norms["en"]
    assert {"null", "nan"} <= set(table.drop_nulls("concreteness")["word"])
    dropped = found[0].account.dropped
    assert [dropped[why] for why in ("no number", "outside the scale", "repeated word")] == [1] * 3


def test_coverage_is_incomplete_and_mandarin_concreteness_has_two_characters(words, norms):
    table, _ = norms["zh"]
    assert set(table.drop_nulls("concreteness")["word"].str.len_chars()) == {2}
    share = len(table.drop_nulls("valence")) / len(words["zh"])
    assert 0.55 < share < 0.75


def test_the_lexicon_decides_and_the_order_of_files_does_not(words):
    assert demo_norms.rate_lexicon(DOMAINS[::-1], MEANS, seed=0) == words
    assert demo_norms.rate_lexicon(DOMAINS, MEANS, seed=1) != words
