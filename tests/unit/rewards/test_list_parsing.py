"""From an answer to a list: what counts as an item, and what does not."""

from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.language_facts import FACTS
from culturalign.data.normalize import MAX_HAN, MAX_WORDS, normalize
from culturalign.rewards.list_parsing import distinct_responses, parse_list, read_answer

ENGLISH = st.from_regex(r"[a-z]{2,9}(-[a-z]{2,6}|'[a-z]| [a-z]{2,6})?", fullmatch=True)
MANDARIN = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=4
)
PLAIN = {"en": (ENGLISH, ", "), "zh": (MANDARIN, "，")}


OPENINGS = [*FACTS["en"]["openings"], *FACTS["zh"]["openings"]]


def items(text, **options):
    return list(parse_list(text, openings=OPENINGS, **options).items)


ENGLISH_LISTS = [
     "cat, dog, bird", "cat,dog,bird", "cat , dog , bird", "cat, dog, bird.", "cat, dog, bird,",
     "cat,, dog,\n bird", "cat; dog; bird", "cat\ndog\nbird", "cat\r\ndog\r\nbird\r\n",
     "cat,\ndog,\nbird", "\n\ncat\n\n\ndog\n  bird  \n", "1. cat\n2. dog\n3. bird",
     "1.cat\n2.dog\n3.bird", "01. cat\n02. dog\n03. bird", "98. cat\n99. dog\n100. bird",
     "1) cat\n2) dog\n3) bird", "(1) cat\n(2) dog\n(3) bird", "1: cat\n2: dog\n3: bird",
     "1. cat,\n2. dog,\n3. bird", "1. cat, 2. dog, 3. bird", "1. cat 2. dog 3. bird",
     "1) cat 2) dog 3) bird", "(1) cat (2) dog (3) bird", "9. cat 10. dog 11. bird",
     "1.\ncat\n2.\ndog\n3.\nbird", "- cat\n- dog\n- bird", "* cat\n* dog\n* bird",
     "• cat\n• dog\n• bird", "· cat\n· dog\n· bird", "– cat\n– dog\n– bird",
     "  - cat\n  - dog\n  - bird", '"cat", "dog", "bird"', "'cat', 'dog', 'bird'",
     "“cat”, “dog”, “bird”", "‘cat’, ‘dog’, ‘bird’", "`cat`, `dog`, `bird`",
     "**cat**, **dog**, **bird**", "*cat*, _dog_, __bird__", "1. **cat**\n2. **dog**\n3. **bird**",
     '1. "cat"\n2. "dog"\n3. "bird"', "* **cat**\n* **dog**\n* **bird**",
     '- "cat"\n- "dog"\n- "bird"',
]  # fmt: skip
MANDARIN_LISTS = [
     "猫，狗，小鸟", "猫、狗、小鸟", "猫；狗；小鸟", "猫,狗,小鸟", "猫, 狗, 小鸟",
     "猫，狗，小鸟。", "猫\n狗\n小鸟", "1、猫\n2、狗\n3、小鸟", "1. 猫\n2. 狗\n3. 小鸟",
     "1.猫\n2.狗\n3.小鸟", "1．猫\n2．狗\n3．小鸟", "１．猫\n２．狗\n３．小鸟", "1.猫 2.狗 3.小鸟",
     "1：猫\n2：狗\n3：小鸟", "- 猫\n- 狗\n- 小鸟", "• 猫\n• 狗\n• 小鸟", "“猫”，“狗”，“小鸟”",
     "「猫」、「狗」、「小鸟」", "《猫》、《狗》、《小鸟》", "**猫**，**狗**，**小鸟**",
     "1. **猫**\n2. **狗**\n3. **小鸟**",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [(text, ["cat", "dog", "bird"]) for text in ENGLISH_LISTS]
    + [(text, ["猫", "狗", "小鸟"]) for text in MANDARIN_LISTS],
)
def test_every_usual_way_to_write_a_list_gives_its_words(text, words):
    found = parse_list(text)
    # the normalizer removes the full stop
    assert [item.rstrip("。") for item in found.items] == words
    assert found.prose == ()


@pytest.mark.parametrize(("text", "expected"), [
    # Numbers and bullets in bold, full-width or without a space
    ("1、猫 2、狗 3、小鸟", ["猫", "狗", "小鸟"]),
    ("（1）猫\n（2）狗\n（3）小鸟", ["猫", "狗", "小鸟"]),
    ("•cat\n•dog\n•bird", ["cat", "dog", "bird"]), ("·猫\n·狗\n·小鸟", ["猫", "狗", "小鸟"]),
    ("**1. cat**\n**2. dog**", ["cat", "dog"]), ("**1.** cat\n**2.** dog", ["cat", "dog"]),
    ("1. 24/7 2. 9 to 5 3. 911", ["24/7", "9 to 5", "911"]), ("1: fire\n2: hot", ["fire", "hot"]),
    # Echoed markers of the prompt, and JSON
    ("[CUE WORD]\ndog\n\n[ASSOCIATED WORDS]\ncat, bone", ["dog", "cat", "bone"]),
    ("[CUE WORD] dog", ["dog"]), ("[CUE WORD]\n[ASSOCIATED WORDS]\n[CONTEXT]", []),
    ('["cat", "dog", "bird"]', ["cat", "dog", "bird"]),
    ('["cat", "dog", "bone", "bark", "leash", "collar", "puppy", "kennel"]',
     ["cat", "dog", "bone", "bark", "leash", "collar", "puppy", "kennel"]),
    # Explanations after words in bold
    ("- **cat**: an animal\n- **dog**: a pet", ["cat", "dog"]),
    ("1. **cat** - an animal\n2. **dog** - a pet", ["cat", "dog"]),
    ("fire: hot\nflame", ["fire: hot", "flame"]),  # an answer and not a heading
    ("fire: hot, flame", ["hot", "flame"]),  # a heading: a list follows
    # Duplicates stay, pieces without a letter, digit or Han character do not
    ("cat, dog, cat", ["cat", "dog", "cat"]),
    *((f"cat, {blank}, dog, {blank}", ["cat", "dog"])
      for blank in ("\u3000", "\u00a0", "…", "...", "-", "*", "“”", ".")),
    # The longest items, and prose
    ("one two three four five", ["one two three four five"]), ("one two three four five six", []),
    ("一二三四五六七八九十百千", ["一二三四五六七八九十百千"]), ("一二三四五六七八九十百千万", []),
    ("狗是人类最忠诚的朋友它们陪伴我们很多年", []),
])  # fmt: skip
def test_a_list_gives_its_items(text, expected):
    assert (MAX_WORDS, MAX_HAN) == (5, 12)
    assert items(text) == expected


@pytest.mark.parametrize(("forms", "words"), [
    (["{}, cat", "cat, {}", "1. {}\n2. cat", "- cat\n- {}", "“{}”，猫"],
     ["follow-up", "t-shirt", "mother-in-law", "don't", "it’s", "rock 'n' roll", "24/7",
      "9 to 5", "7-up", "3D", "catch 22", "1984", "2001", "hot dog", "New York City",
      "Dr. Pepper", "U.S.A", "R&B", "C++", "café", "T恤", "卡拉OK", "AA制", "911 call"]),
    (["{}, police", "police，{}", "police\n{}\nfire"], ["911", "7"]),
    (["clock, {}", "1. clock\n2. {}"], ["7:30", "9.5"]),
])  # fmt: skip
def test_hyphens_digits_apostrophes_times_and_several_words_stay_in_an_item(forms, words):
    for form, word in product(forms, words):
        assert word in items(form.format(word))


HEADINGS = [
    "Here are 40 words associated with dog:", "Words associated with dog:", "[ASSOCIATED WORDS]",
    "Here are some words associated with the cue word dog:", "[关联词]", "与狗相关联的词汇列表：",
    "Sure! Here is a list of words associated with dog:", "以下是与“狗”相关的词语：",
    'Here are words associated with "dog":',
]  # fmt: skip
LINES = [  # headings only because they end in a colon
    "Sure, here are 40 words associated with dog:", "Associated words:", "Associations:",
    "Certainly, here is a broad, representative list for dog:", "好的，以下是与狗相关的词语：",
    "**Associated words:**", "关联词：",
]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "gap"), [*product(HEADINGS, [" ", "\n", "\n\n"]), *product(LINES, ["\n"])]
)
def test_a_heading_before_the_list_is_not_an_item(heading, gap):
    for body in ("cat, bone", "1. cat\n2. bone", "cat，bone"):
        assert items(heading + gap + body) == ["cat", "bone"]


LONG = "this piece has more than five words"


@pytest.mark.parametrize(("text", "n_items", "prose", "parsable"), [
    *((text, 0, (), False) for text in ("", " ", "\n\n", ",", "，、；", "1.\n2.\n", "**")),
    ("[CUE WORD]", 0, (), False),
    ("cat", 1, (), False),  # one item is not a list
    ("cat, dog", 2, (), True), (f"cat, {LONG}", 1, (LONG,), False),
    (f"cat, dog, {LONG}", 2, (LONG,), True),
    (f"cat, dog, {LONG}, and {LONG}", 2, (LONG, f"and {LONG}"), False),  # not more items
    ("The dog is a very loyal animal that lives with people.", 0,
     ("The dog is a very loyal animal that lives with people",), False),
    ("cat, bone, bark\n\nThese words cover many contexts of the cue word.", 3,
     ("These words cover many contexts of the cue word",), True),
])  # fmt: skip
def test_a_list_has_two_items_and_more_items_than_prose(text, n_items, prose, parsable):
    found = parse_list(text)
    assert (len(found.items), found.prose, found.parsable) == (n_items, prose, parsable)


@pytest.mark.parametrize(("text", "expected"), [
    ("cat, dog, bir", ["cat", "dog"]), ("1. cat\n2. dog\n3. bi", ["cat", "dog"]),
    ("猫，狗，小", ["猫", "狗"]), ("cat, dog, this sentence goes on and on and", ["cat", "dog"]),
    ("cat", []), ("", []),
])  # fmt: skip
def test_the_last_piece_of_a_truncated_answer_is_left_out(text, expected):
    found = parse_list(text, truncated=True)
    assert (list(found.items), found.prose) == (expected, ())


@given(st.text(), st.booleans())
def test_no_text_makes_the_parser_fail_and_items_hold_no_separator(text, truncated):
    found = parse_list(text, truncated=truncated)
    for piece in (*found.items, *found.prose):
        assert piece
        assert not set(piece) & set(",，、;；\n\r")


@given(st.text(alphabet='ab1 9猫.)(（、,，:：-*•"“”[]\n', max_size=60))
def test_a_truncated_answer_of_any_mixture_of_marks_loses_one_piece(text):
    whole, cut = parse_list(text), parse_list(text, truncated=True)
    pieces = len(whole.items) + len(whole.prose)
    assert len(cut.items) + len(cut.prose) == max(0, pieces - 1)


@pytest.mark.parametrize("language", PLAIN)
@given(data=st.data())
def test_a_plain_list_is_read_back_word_for_word(language, data):
    word, separator = PLAIN[language]
    words = data.draw(st.lists(word, max_size=40))
    assert items(separator.join(words)) == words


@pytest.mark.parametrize("language", PLAIN)
@given(
    data=st.data(),
    wrap=st.sampled_from(["{}", '"{}"', "“{}”", "**{}**", "`{}`"]),
    lead=st.sampled_from(["", "- ", "* ", "• ", "{n}. ", "{n}) ", "({n}) ", "{n}.", "{n}、"]),
    heading=st.sampled_from(["", "[ASSOCIATED WORDS]\n", "Here are words linked to dog:\n"]),
)
def test_a_column_of_words_is_read_with_any_marks(language, data, wrap, lead, heading):
    words = data.draw(st.lists(PLAIN[language][0], min_size=1, max_size=40))
    lines = [lead.format(n=n) + wrap.format(word) for n, word in enumerate(words, start=1)]
    assert items(heading + "\n".join(lines)) == words


@given(st.text(alphabet="ab猫狗 ,，、\n", max_size=40))
def test_the_items_of_an_answer_are_a_list_that_gives_the_same_items(text):
    once = items(text)
    assert items(", ".join(once)) == once
    assert items("，".join(once)) == once


def test_distinct_responses_count_duplicates_once_and_the_cue_not_at_all():
    # "Cat" and "cat." fold into one; "DOG" is the cue; order is that of first mention
    found = distinct_responses(["bone", "Cat", "DOG", "cat.", "Bone", " "], "dog", normalize)
    assert found == ["bone", "cat"]
    simplify = partial(normalize, simplify_chinese=True)
    assert distinct_responses(["貓", "猫", "狗", "馬"], "狗", simplify) == ["猫", "马"]


def test_read_answer_counts_items_as_written_and_keeps_normalized_words():
    text = "1. Cat\n2. dog\n3. cat\n4. Bone\n5. this one is much too long for it\n6. bar"
    # "bar" may be half of "bark"; the items are Cat, dog, cat and Bone
    assert read_answer({"cue": "dog", "text": text, "truncated": True}, normalize) == {
        "cue": "dog", "words": ["cat", "bone"], "parsable": True, "truncated": True,
        "n_items": 4, "n_prose": 1,
    }  # fmt: skip
    found = read_answer({"cue": "dog", "text": "Cat", "truncated": False}, normalize)
    assert (found["words"], found["parsable"]) == (["cat"], False)


@pytest.mark.parametrize("text", [
    "wick, wax, and flame.", "wick, wax and flame", "wick, wax, AND flame",
    "Associations: wick, wax, flame", "Related words: wick, wax, flame", "Candle: wick, wax, flame",
    "1. wick - it burns\n2. wax - it melts, slowly\n3. flame – hot",
    "1. wick (it burns)\n2. wax (melts, drips)\n3. flame（火）",
    "wick (burns), wax (melts), flame (hot)", "wick - burns, wax - melts, flame - hot",
    "<think>\nThe user wants words, short ones.\n</think>\n\nwick, wax, flame",
    "Short ones, then.\n</think>\nwick, wax, flame",  # the template opened the block
    "Associations\n1. wick\n- wax\n* flame", "Fine, I will play!\n\n- wick\n- wax\n- flame",
    "1. wick\n2. wax\n3. flame\n\nThese all fit, I hope.",
    "1. wick - it burns 2. wax - it melts\n3. flame - hot",
])  # fmt: skip
def test_what_chat_models_add_to_a_list_is_no_part_of_its_items(text):
    assert [item.rstrip(".") for item in items(text, joining=("and",))] == ["wick", "wax", "flame"]


@pytest.mark.parametrize(("text", "expected"), [
    ("灯芯、蜡和火焰光", ["灯芯", "蜡和火焰光"]),  # one character might be a part of a word
    ("灯芯、蜡烛和火焰", ["灯芯", "蜡烛", "火焰"]), ("鸽子、和平", ["鸽子", "和平"]),
    ("灯芯，以及火焰", ["灯芯", "火焰"]),
    ("salt and pepper, sand", ["salt and pepper", "sand"]),  # not at the end of the list
    ("salt and pepper", ["salt and pepper"]), ("hand, band", ["hand", "band"]),
])  # fmt: skip
def test_only_a_last_item_is_parted_at_a_joining_word(text, expected):
    assert items(text, joining=("and", "和", "以及")) == expected


def test_joining_words_are_those_of_the_language():
    text = "lont, was en vlam"
    assert items(text, joining=("en",)) == ["lont", "was", "vlam"]
    assert items(text) == ["lont", "was en vlam"]
    sample = {"cue": "kaars", "text": text, "truncated": False}
    assert read_answer(sample, str, joining=["en"])["words"] == ["lont", "was", "vlam"]


def test_reasoning_that_was_cut_off_is_not_a_list():
    assert items("<think>wick, wax, flame") == []


WISHES = {
    "en": ("bone, leash, cat", [
        *("Hope this helps!", "Enjoy!", "Let me know if you need more!", "hope this helps!"),
        *("Good luck!", "Thanks!", "Anything else?", "I hope that helps, have fun"),
    ]),
    "de": ("Knochen, Leine, Katze", ["Ich hoffe, das hilft!", "Viel Erfolg!"]),
    "es": ("hueso, correa, gato", ["¡Espero que te sirva!", "¡Suerte!"]),
    "nl": ("bot, riem, kat", ["Hopelijk helpt dit!", "Veel succes!"]),
    "sl": ("kost, povodec, mačka", ["Upam, da pomaga!", "Srečno!"]),
    "zh": ("骨头，狗链，猫", ["希望对你有帮助！", "如果需要更多，请告诉我。", "谢谢！"]),
}  # fmt: skip
"""Language -> a list, and courtesies that may stand behind it."""


def said_in(language: str, text: str) -> list[str]:
    facts = FACTS[language]
    forms = {name: facts[name] for name in ("joining", "openings", "closings", "wishes")}
    return [normalize(item) for item in parse_list(text, **forms).items]


@pytest.mark.parametrize("language", WISHES)
def test_a_courtesy_on_the_line_of_the_last_item_is_no_item(language):
    text, wishes = WISHES[language]
    words = said_in(language, text)
    assert len(words) == 3
    numbered = "\n".join(f"{n}. {word}" for n, word in enumerate(words, 8))
    end = "。" if language == "zh" else ". "
    for listed, wish in product((text, numbered), wishes):
        assert said_in(language, f"{listed}{end}{wish}") == words, (listed, wish)
        assert said_in(language, f"{listed}{end}{wish}\n{wish}") == words, (listed, wish)


@pytest.mark.parametrize(("text", "expected"), [
    ("1. cat\n2. bone\n3. leash\nHope this helps!", ["cat", "bone", "leash"]),
    ("1) cat\n2) bone, hope this helps!", ["cat", "bone"]),
    # words that begin like a courtesy
    ("1. thanks\n2. hope\n3. enjoy", ["thanks", "hope", "enjoy"]),
    ("1. leash\n2. bone\n3. good luck!", ["leash", "bone", "good luck"]),
    ("hope, thanks, good luck!", ["hope", "thanks", "good luck"]),
    ("leash, bone, thank you letter", ["leash", "bone", "thank you letter"]),
    ("help!\nthanks!\nhope!", ["help", "thanks", "hope"]),
    ("faith, love. hope", ["faith", "love. hope"]),
    ("cat. Enjoy!", ["cat. enjoy"]),  # one item is no list
])  # fmt: skip
def test_a_courtesy_is_told_from_words(text, expected):
    assert said_in("en", text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("**leash** a rope\n**bone** a treat\n**cat** a pet", ["leash", "bone", "cat"]),
    ("1. **leash** a rope\n2. **bone**\n3. **cat** it is a pet", ["leash", "bone", "cat"]),
    ("- **leash** to walk it, or not\n- **bone** it chews", ["leash", "bone"]),
    ("* *leash* to walk it\n* *bone* it chews", ["leash", "bone"]),
    ("**leash** a rope, **bone** a treat, **cat** a pet", ["leash", "bone", "cat"]),
    ("**Leash** A rope for walks.\n**Bone** A treat.", ["leash", "bone"]),
    ("**狗链** 遛狗\n**骨头** 零食", ["狗链", "骨头"]),
    ("**狗链**用来遛狗\n**骨头**它爱啃", ["狗链", "骨头"]),
    # one word that follows may belong to the bold one
    ("**ice** cream\n**hot** tea\n**bone**", ["ice cream", "hot tea", "bone"]),
    ("1. **leash**\n2. **bone** it chews\n3. **cat**", ["leash", "bone it chews", "cat"]),
    ("cat, **dog** or so, bone", ["cat", "dog or so", "bone"]),
])  # fmt: skip
def test_a_gloss_behind_a_bold_word_is_no_part_of_it(text, expected):
    assert said_in("en", text) == expected
