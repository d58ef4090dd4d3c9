from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.normalize import normalize
from culturalign.rewards.ranking_parsing import Ranking, parse_ranking

WORDS = ["detest", "orange", "be well", "ugh"]
HAN = ["监狱", "警察", "警棍", "囚犯"]
ORDER = ("ugh", "detest", "orange", "be well")
ORDINALS = ["第二", "世界第一", "第一名", "第一"]
NUMBERED = ["rank", "route 66", "7up", "10"]
UP_TO_TWELVE = [*"一二三四五六七八九十", "十一", "十二"]
TWELVE = [f"词{letter}" for letter in "甲乙丙丁戊己庚辛壬癸子丑"]


def ranked(text, candidates=WORDS):
    return parse_ranking(text, candidates).words


def listed(words):
    return "\n".join(f"Rank {n}: {word}" for n, word in enumerate(words, 1))


# Styles: each line numbers the same ranking

LINES = [
    "Rank {n}: {word}", "rank {n}: {word}.", "RANK {n} : {word}", "Rank #{n}: {word}",
    "Rank {n} - {word}", "Rank {n} – {word}", "Rank {n} = {word}", "Rank {n}) {word}",
    "Rank {n} {word}", "Rank {n} (of 4): {word}", "**Rank {n}:** {word}", "**Rank {n}: {word}**",
    "__Rank {n}:__ {word}", "- Rank {n}: {word}", "* Rank {n}: [{word}]", 'Rank {n}: "{word}"',
    "Rank {n}: `{word}`", "Rank {n}: {word} (strong)", "Rank {n}: {word} - it comes to mind first",
    "Rank {n}: {word}: it comes to mind first", "Ｒａｎｋ　{n}：{word}", "{n}. {word}",
    "{n}) {word}", "({n}) {word}", "[{n}] {word}", "{n}: {word}", "{n}：{word}", "{n}．{word}",
    "{n}、{word}", "{n} - {word}", "  {n}.   {word}  ", "**{n}.** {word}", "**{n}. {word}**",
    "> {n}. {word}", "#{n}: {word}", "| {n} | {word} | strong |", "{n}. Rank {n}: {word}",
]  # fmt: skip


@pytest.mark.parametrize("text", [
    "Rank 1: ugh Rank 2: detest Rank 3: orange Rank 4: be well",
    "Final Ranking: Rank 1: ugh, Rank 2: detest, Rank 3: orange, Rank 4: be well.",
    "Rank 1: ugh | Rank 2: detest | Rank 3: orange | Rank 4: be well",
    "1: ugh, 2: detest, 3: orange, 4: be well", "1. ugh 2. detest 3. orange 4. be well",
    "Here it is: 1) ugh; 2) detest; 3) orange; 4) be well",
    "(1) ugh (2) detest (3) orange (4) be well", "① ugh ② detest ③ orange ④ be well",
    "1、ugh、2、detest、3、orange、4、be well",
    # case and white space do not matter
    listed(map(str.upper, ORDER)), listed(map(str.title, ORDER)), listed([*ORDER[:3], "be   well"]),
])  # fmt: skip
def test_a_ranking_on_one_line_or_in_other_case_is_understood(text):
    assert ranked(text) == ORDER


@pytest.mark.parametrize("line", [
    "Platz {n}: {word}", "Rang {n} - {word}", "{n}. Platz: {word}", "Puesto {n}: {word}",
    "**Posición {n}:** {word}", "Plaats {n}: {word}", "Rang #{n}: {word}", "{n}. mesto: {word}",
    "Mesto {n} {word}", "RANG {n}) {word}",
])  # fmt: skip
@pytest.mark.parametrize("words", [ORDER, ("Hund", "rang", "mesto", "plaats 9")])
def test_ranks_are_understood_in_every_shipped_language(line, words):
    text = "\n".join(line.format(n=n, word=word) for n, word in enumerate(words, 1))
    assert ranked(text, sorted(words)) == words


HAN_LINES = [
    "第{n}名：{word}", "第 {n} 名: {word}", "排名{n}：{word}", "排名第{n}：{word}",
    "等级 {n}：{word}", "{n}、{word}", "{n}．{word}", "**第{n}名：**{word}", "第{han}名：{word}",
    "第{han}：{word}", "Rank {n}：{word}", "第{n}名：「{word}」", "第{n}名：{word}（最强）",
    "第{n}名：{word}。", "第{n}名：【{word}】", "第{n} {word}", "{circled}{word}",
]  # fmt: skip


def written(line, words, between="\n"):
    return between.join(
        line.format(n=n, han="一二三四"[n - 1], circled="①②③④"[n - 1], word=word)
        for n, word in enumerate(words, 1)
    )


@pytest.mark.parametrize("words", [ORDER, HAN, ORDINALS, ORDINALS[::-1]])
@pytest.mark.parametrize("line", LINES + HAN_LINES)
def test_a_style_of_numbering_is_understood_even_of_words_that_are_ordinals(line, words):
    for text in (written(line, words), written(line, words) + "\n"):
        assert parse_ranking(text, words) == Ranking(tuple(words), complete=True)


@pytest.mark.parametrize(("line", "between"), [
    ("Rank {n}: {word}", " "), ("Rank {n}: {word}", ", "), ("Rank {n}: {word}", " | "),
    ("{n}. {word}", " "), ("{n}、{word}", "、"), ("{n}: {word}", ", "), ("({n}) {word}", " "),
    ("第{n}名：{word}", "，"), ("第{n}名：{word}", "；"), ("第{han}名：{word}", "，"),
    ("{circled}{word}", " "),
    # an explanation is not a part of the word
    ("Rank {n}: {word} - 最先想到", "\n"), ("第{n}名：{word}：最先想到", "\n"),
    ("| Rank {n} | {word} |", "\n"),
])  # fmt: skip
def test_candidates_that_are_ordinals_are_words_on_one_line_and_before_explanations(line, between):
    assert ranked(written(line, ORDINALS, between), ORDINALS) == tuple(ORDINALS)


@pytest.mark.parametrize(("text", "words"), [
    ("第１名：监狱\n第２名：警察", ["监狱", "警察"]),  # full-width digits
    ("\n".join(map("第{}名：{}".format, UP_TO_TWELVE, TWELVE)), TWELVE),
    (listed(NUMBERED), NUMBERED), (listed(NUMBERED).replace("\n", " "), NUMBERED),
    (" ".join(f"{n}. {word}" for n, word in enumerate(NUMBERED, 1)), NUMBERED),
    (listed(["self (me)", "a - b", "f**k", "u_u"]), ["self (me)", "a - b", "f**k", "u_u"]),
])  # fmt: skip
def test_numbers_signs_and_the_word_rank_are_read_in_their_places(text, words):
    assert ranked(text, words) == tuple(words)


@pytest.mark.parametrize(("rule", "written", "candidate"), [
    ("simplify_chinese", "監獄", "监狱"), ("simplify_chinese", "监狱", "監獄"),
    ("merge_erhua", "花儿", "花"),
])  # fmt: skip
def test_words_that_the_culture_s_normalizer_makes_equal_are_the_same(rule, written, candidate):
    normalizer, text, words = partial(normalize, **{rule: True}), f"1. {written}\n2. 警察", ["警察"]
    both = [candidate, *words]
    assert parse_ranking(text, both, normalizer) == Ranking(tuple(both), complete=True)
    assert not parse_ranking(text, both).complete
    invented = parse_ranking(f"1. x\n2. 警察\n3. {written}", words, normalizer).words[2]
    assert invented == normalizer(written)


# Which ranking counts, and which words


def counted_down(words):
    return "\n".join(listed(words).splitlines()[::-1])


BEST = listed(ORDER)
REASONING = """Let me think step by step.
1. "orange" is a fruit; compared with "ugh" it is weak.
2. "detest" is a synonym, so I would put it near rank 2: high.
3. At rank 10: nothing.
Final Ranking:
"""
TWO = "1. ugh 2. detest 3. orange 4. be well. Final: 1. x 2. detest 3. orange 4. be well"


@pytest.mark.parametrize(("text", "expected"), [
    *((f"{one(ORDER)}\nOr rather:\n{two(WORDS)}", tuple(WORDS))
      for one, two in product([listed, counted_down], repeat=2)),
    (TWO, ORDER), (REASONING + BEST, ORDER),
    *((f"Rank {n}: hard to say\n{BEST}", ORDER) for n in (1, 2, 4, 5, 9)),
    (f"{BEST}\nWhy:\n1. The first is a sound of disgust.\n2. So is the second.", ORDER),
    # One that is cut short does not replace a complete one
    (f"{BEST}\n{listed(WORDS[:2])}", ORDER),
    (listed(["ugh", "orange"]) + "\n" + listed(["detest"]), ("ugh", "orange")),
    (listed(["ugh"]) + "\n" + listed(["detest"]), ("detest",)),
    # Numbers: from the last up, with a gap, and not from 1
    (counted_down(ORDER), ORDER),
    ("Rank 1: ugh\nRank 2: detest\nRank 4: orange", ("ugh", "detest")),
    ("Rank 2: ugh\nRank 3: detest", ()),
    # Invented words are normalized, repeated ones kept; the first of several at one rank counts
    ("1. Ugh\n2. Banana!\n3. ugh\n4. detest", ("ugh", "banana", "ugh", "detest")),
    ("1. ugh, detest, orange\n2. be well", ("ugh", "be well")),
    # Not a ranking
    *((text, ()) for text in (
        "", "ugh, detest, orange, be well", "ugh\ndetest\norange\nbe well",
        "- ugh\n- detest\n- orange\n- be well", "1. fire\n2. water", "1.\n2.\n3.",
        "Final Ranking:\nRank 1: [Associated Word]\nRank 2: [Associated Word]\n...",
        "I cannot rank words.",
    )),
])  # fmt: skip
def test_the_last_complete_ranking_counts_or_the_last_that_names_most(text, expected):
    assert parse_ranking(text, WORDS) == Ranking(expected, complete={*expected} == {*WORDS})


pieces = st.sampled_from(
    [*WORDS, *HAN, "Rank", "rank 1", "第", "名", "1", "2", "10", "999", ".", ":", "：", "、", "(",
     ")", "*", "**", "[", "]", "|", "\n", " ", "-", "#", "①", "一", "十", "\x00", "\ud7ff",
     "\u3000"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(pieces).map("".join)))
def test_any_text_can_be_parsed(text):
    parsed = parse_ranking(text, WORDS)
    assert parsed.complete == (set(WORDS) <= set(parsed.words))
    assert not parsed.words or set(WORDS) & set(parsed.words)


@pytest.mark.parametrize("text", ["1. " * 20_000, "Rank 1" * 20_000, "第一" * 20_000, 
                                  "(" * 50_000, "- " * 50_000, "rank(" * 20_000,
                                  "1. a 2. b " * 5_000])  # fmt: skip
def test_a_long_degenerate_answer_is_parsed(text):
    parse_ranking(text, WORDS)


@given(st.permutations(WORDS), st.sampled_from(["Rank {}: {}", "{}. {}", "第{}名：{}"]))
def test_every_order_is_read_back(order, style):
    text = "\n".join(style.format(n, word) for n, word in enumerate(order, 1))
    assert ranked(text) == tuple(order)
