"""Numbers in any style that chat models write are no part of a word."""

import pytest

from culturalign.rewards.list_numbering import numbered
from culturalign.rewards.list_parsing import parse_list

WORDS, HAN = ["leash", "bone", "puppy"], ["狗链", "骨头", "小狗"]
STYLES = [
    ["1 ", "2 ", "3 "], ["1- ", "2- ", "3- "], ["1 – ", "2 – ", "3 – "], ["1\t", "2\t", "3\t"],
    ["#1 ", "#2 ", "#3 "], ["#1: ", "#2: ", "#3: "], ["1st: ", "2nd: ", "3rd: "],
    ["1º ", "2º ", "3º "], ["a) ", "b) ", "c) "], ["A. ", "B. ", "C. "], ["(a) ", "(b) ", "(c) "],
    ["i. ", "ii. ", "iii. "], ["I. ", "II. ", "III. "], ["Word 1: ", "Word 2: ", "Word 3: "],
    ["①", "②", "③"], ["① ", "② ", "③ "], ["一、", "二、", "三、"], ["（一）", "（二）", "（三）"],
    ["第一，", "第二，", "第三，"], ["第一：", "第二：", "第三："], ["第一、", "第二、", "第三、"],
    ["第1：", "第2：", "第3："], ["１ ", "２ ", "３ "],
]  # fmt: skip


@pytest.mark.parametrize("marks", STYLES, ids=lambda marks: marks[0])
@pytest.mark.parametrize("words", [WORDS, HAN], ids=["en", "zh"])
def test_a_column_is_read_with_numbers_of_any_style(marks, words):
    lines = "\n".join(mark + word for mark, word in zip(marks, words, strict=True))
    assert list(parse_list(lines).items) == words


@pytest.mark.parametrize("text", [
    "①狗链②骨头③小狗", "① 狗链 ② 骨头 ③ 小狗", "第一，狗链；第二，骨头；第三，小狗",
    "第一：狗链，第二：骨头，第三：小狗",
])  # fmt: skip
def test_numbers_within_a_line_part_it(text):
    assert list(parse_list(text).items) == HAN


def test_numbers_reach_twenty_and_may_begin_again():
    tens = [ten + one for ten in ("", "十") for one in "一二三四五六七八九十"][:-1] + ["二十"]
    ones = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
    roman = [*ones, *(f"x{one}" for one in ones)]
    expected = [f"{n}. w" for n in range(1, 21)]
    assert numbered("\n".join(f"{n}、w" for n in tens)).splitlines() == expected
    assert numbered("\n".join(f"{n}. w" for n in roman)).splitlines() == expected
    assert numbered("a. w\nb. w\na. w") == "1. w\n2. w\n1. w"


@pytest.mark.parametrize("text", [
    "7 dwarfs\n9 lives", "1984\n2001", "route 66\nroute 7", "一，二，三", "第一\n第二",
    "第一、第二、第三",
    "1 day\n3 wishes", "U.S.A\nbone", "a. m.", "9.5\n7:30", "1.5 pounds\n2.5 miles", "i. e. that",
])  # fmt: skip
def test_what_does_not_count_from_one_stays(text):
    assert numbered(text) == text
