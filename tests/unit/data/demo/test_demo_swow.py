import csv
import random
from collections import Counter
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.demo.demo_swow import (
    GROUPS,
    HEADERS,
    LANGUAGES,
    Entry,
    Group,
    add_typing_noise,
    draw_without_replacement,
    read_lexicon,
    simulate_trials,
    write_planted,
    write_swow,
    write_world,
)
from culturalign.data.normalize import normalize
from culturalign.data.responses import clean_responses
from culturalign.data.swow import read_trials

LEXICON = sorted((Path(__file__).resolve().parents[4] / "resources/demo/lexicon").glob("*.yaml"))

FARM = """\
domain: farm
common:
  - [barn, 谷仓, 2]
a:
  - [tractor, 9]
b:
  - [sledge, 6]
zh:
  - [水牛, 8]
cues:
  - cue: [pig, 猪]
    both: [[mud, 泥, 5]]
    a: [[bacon, 6]]
  - cue: [cow, 牛]
    both: [[milk, 牛奶, 7]]
    a: [[milk, 3]]
    zh: [[春节, 4]]
"""


@pytest.fixture
def farm(tmp_path):
    """The entries of a culture in the small lexicon."""
    (tmp_path / "farm.yaml").write_text(FARM, encoding="utf-8")
    return partial(read_lexicon, [tmp_path / "farm.yaml"])


def shipped(culture: str) -> list[dict[str, str]]:
    """Trials of the shipped lexicon."""
    entries = read_lexicon(LEXICON, culture)
    return list(simulate_trials([(entries, group) for group in GROUPS[culture]], seed=0))


def entries_of(n: int, associates: int = 30) -> list[Entry]:
    """Cues of one domain whose associates show by their name whether they are local."""
    entries = []
    for number in range(n):
        shared = {f"shared {number} {i}": 1 for i in range(associates)}
        local = {f"local {i}": 5 for i in range(4)}
        entries.append(Entry("d", f"cue {number}", shared | local, tuple(local), shared))
    return entries


def known(entries: list[Entry], *groups: Group) -> list[tuple[list[Entry], Group]]:
    """Groups that all know the same lexicon."""
    return [(entries, group) for group in groups]


def test_a_culture_sees_its_own_words_on_top_of_those_of_all_in_its_language(farm):
    cow, pig = farm("a")
    # the culture's own weight of milk, 3, replaces the shared one, 7
    assert cow == Entry(
        domain="farm", cue="cow", weights={"milk": 3, "barn": 2, "tractor": 9},
        planted=("tractor",), elsewhere={"milk": 7, "barn": 2},
    )  # fmt: skip
    assert pig.weights == {"mud": 5, "barn": 2, "tractor": 9, "bacon": 6}
    assert [entry.weights["sledge"] for entry in farm("b")] == [6, 6]
    entries = farm("zh")
    assert [entry.cue for entry in entries] == sorted(["猪", "牛"])
    cow = next(entry for entry in entries if entry.cue == "牛")
    assert cow.weights == {"牛奶": 7, "谷仓": 2, "水牛": 8, "春节": 4}
    assert cow.planted == ("水牛",)


def test_domains_come_in_order_whatever_their_files_are_called(tmp_path):
    files = {tmp_path / "a.yaml": "zoo", tmp_path / "b.yaml": "art"}
    for path, domain in files.items():
        path.write_text(FARM.replace("farm", domain), encoding="utf-8")
    assert [entry.domain for entry in read_lexicon([*files], "a")] == ["art"] * 2 + ["zoo"] * 2


@pytest.mark.parametrize("culture", GROUPS)
def test_the_shipped_lexicon_is_consistent_and_its_words_are_in_normal_form(culture):
    entries = read_lexicon(LEXICON, culture)
    cues = [entry.cue for entry in entries]
    assert len(set(cues)) == len(cues)
    for entry in entries:
        assert len(entry.elsewhere) >= 3, entry.cue
        assert all(weight > 0 for weight in entry.weights.values()), entry.cue
        assert set(entry.planted) <= set(entry.weights) - set(entry.elsewhere), entry.cue
        assert entry.cue not in entry.weights
        # else the planted associates would not be found among the normalized responses
        for word in (entry.cue, *entry.weights):
            assert normalize(word, simplify_chinese=culture == "zh") == word


def test_the_cultures_have_the_same_domains_and_as_many_cues():
    a, b, zh = (Counter(e.domain for e in read_lexicon(LEXICON, c)) for c in GROUPS)
    assert a == b == zh


def test_what_is_planted_in_one_culture_of_a_language_is_nowhere_in_the_other():
    a, b = (read_lexicon(LEXICON, culture) for culture in LANGUAGES["en"])
    for one, other in ((a, b), (b, a)):
        everywhere = {entry.cue: entry.weights for entry in other}
        for entry in one:
            assert len(entry.planted) == 8
            assert not set(entry.planted) & set(everywhere[entry.cue]), entry.cue


def test_a_language_has_one_file_in_which_no_respondent_is_of_two_cultures(tmp_path):
    planted = [tmp_path / "a.csv", tmp_path / "b.csv"]
    write_world(LEXICON, "en", tmp_path / "swow.csv", planted, seed=0)
    trials = read_trials(tmp_path / "swow.csv", ["country", "native_language"])
    homes = trials.group_by("participant").agg(pl.col("country").n_unique())
    assert homes["country"].max() == 1
    assert {"Country A", "Country B"} < set(trials["country"])
    assert [len(path.read_text().splitlines()) for path in planted] == [1 + 168 * 8] * 2


weights = st.dictionaries(st.text(max_size=3), st.integers(1, 20), max_size=8)


@given(weights, st.integers(0, 10), st.integers())
def test_as_many_different_words_are_drawn_as_asked_for_or_there_are(of, n, seed):
    words = draw_without_replacement(of, n, random.Random(seed))
    assert len(words) == len(set(words)) == min(n, len(of))
    assert set(words) <= set(of)


def test_the_chance_of_a_word_is_proportional_to_its_weight():
    # 6000 draws: the standard deviation of a share of 0.5 is sqrt(0.25 / 6000) = 0.006
    rng, of = random.Random(0), {"a": 3, "b": 2, "c": 1}
    firsts = Counter(draw_without_replacement(of, 1, rng)[0] for _ in range(6000))
    for word, weight in of.items():
        assert firsts[word] / 6000 == pytest.approx(weight / 6, abs=0.026)


def test_each_group_answers_every_cue_and_a_respondent_up_to_14_of_them():
    groups = [Group("A", "x", 5, local=True), Group("B", "y", 2, local=False)]
    trials = list(simulate_trials(known(entries_of(30), *groups), seed=0))
    people = {(t["cue"], t["country"], t["native_language"], t["participant"]) for t in trials}
    assert Counter((cue, home) for cue, home, _, _ in people) == {
        (f"cue {i}", home): n for i in range(30) for home, n in (("A", 5), ("B", 2))
    }
    # 30 cues fill two respondents with 14 each and leave 2 for a third; 7 rounds
    answered = Counter((who, home, language) for _, home, language, who in people)
    assert Counter(answered.values()) == {14: 14, 2: 7}
    assert len({who for who, _, _ in answered}) == len(answered)  # of one group each


def test_respondents_from_elsewhere_hardly_ever_give_the_local_words():
    # local: 4 of 34 words, but with weight 20 of 50; from elsewhere: off-topic slips only,
    # 3 % of the responses, of which 4 in 34 are local
    groups = [Group("A", "x", 100, local=True), Group("B", "y", 100, local=False)]
    trials = list(simulate_trials(known(entries_of(10), *groups), seed=0))
    shares = {}
    for country in "AB":
        words = [t[r] for t in trials if t["country"] == country for r in ("R1", "R2", "R3")]
        shares[country] = sum("local" in word.lower() for word in words) / len(words)
    assert shares["A"] > 0.25
    assert 0 < shares["B"] < 0.02


def test_the_demo_has_the_faults_of_real_files():
    trials = shipped("a")
    words = {trial[r] for trial in trials for r in ("R1", "R2", "R3")}
    assert {"No more responses", "#Missing", "", "Unknown word", "#Unknown"} <= words
    assert any(word != word.strip() for word in words)
    assert any(len(word) > 2 and word.isupper() for word in words)
    assert max(Counter((t["participant"], t["cue"]) for t in trials).values()) == 2


def test_a_respondent_who_has_no_more_responses_gives_none_after():
    trials = simulate_trials(known(entries_of(30), Group("A", "x", 30, local=True)), seed=0)
    stopped = [t for t in trials if t["R2"] in ("No more responses", "#Missing", "")]
    assert stopped
    assert all(t["R3"] == t["R2"] for t in stopped)


@pytest.mark.parametrize(("language", "culture"), [("en", "b"), ("zh", "zh")])
def test_what_is_written_is_read_back_and_has_the_official_header(tmp_path, language, culture):
    path, trials = tmp_path / "swow.csv", shipped(culture)[:300]
    write_swow(trials, language, path)
    table = read_trials(path, ["country", "native_language"])
    assert table.select(*trials[0]).to_dicts() == trials
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == HEADERS[language]
    assert [row[0] for row in rows] == [str(i + 1) for i in range(len(trials))]


def cleaned(trials, language):
    mandarin = language == "zh"
    return clean_responses(pl.DataFrame(trials), simplify_chinese=mandarin, merge_erhua=mandarin)


@pytest.mark.parametrize(("language", "culture"), [("en", "a"), ("zh", "zh")])
def test_dirt_is_there_and_cleaning_undoes_it(language, culture):
    trials = shipped(culture)
    before, after = (
        cleaned(trials, language),
        cleaned(add_typing_noise(trials, language, seed=0), language),
    )
    columns = ["cue", "response", "participant"]
    one, other = (x.responses.select(columns).cast(pl.String) for x in (after, before))
    assert one.sort(columns).equals(other.sort(columns))
    account = after.accounts[1]
    assert account.dropped["over-long"] > 0 and account.dropped["symbols only"] > 0
    assert account.added["several responses in a cell"] > 0
    kinds = {"traditional characters", "erhua", "surrounding symbols"}
    assert language == "en" or kinds <= set(account.noted)


def test_trials_and_dirt_are_repeatable_and_follow_the_seed():
    people = known(entries_of(20), Group("A", "x", 3, local=True))
    first, again, other = (list(simulate_trials(people, seed=s)) for s in (0, 0, 1))
    assert first == again != other
    first, again, other = (list(add_typing_noise(first, "en", seed=s)) for s in (1, 1, 2))
    assert first == again != other


def test_planted_associates_are_written_a_row_each(tmp_path, farm):
    write_planted(farm("a"), tmp_path / "planted.csv")
    text = (tmp_path / "planted.csv").read_text(encoding="utf-8")
    assert text.split() == ["domain,cue,response", "farm,cow,tractor", "farm,pig,tractor"]
