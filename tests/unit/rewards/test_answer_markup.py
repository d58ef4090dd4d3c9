"""What chat models put around and between words is no part of a word."""

import pytest

from culturalign.config.language_facts import FACTS
from culturalign.data.normalize import normalize
from culturalign.rewards.list_parsing import distinct_responses, parse_list

ANSWERS = {
    "other reasoning": "<thinking>cat, mouse</thinking>\nleash, bone, puppy",
    "reasoning opened by the template": "cat, mouse</reasoning>leash, bone, puppy",
    "channels": "<|channel|>analysis<|message|>cat, mouse<|end|><|start|>assistant<|channel|>final"
    "<|message|>leash, bone, puppy",
    "tokens of a template": "<|im_start|>assistant\nleash, bone, puppy<|im_end|>",
    "a header": "<|start_header_id|>assistant<|end_header_id|>\n\nleash, bone, puppy<|eot_id|>",
    "tags": "<answer>leash, bone, puppy</answer>",
    "line breaks": "leash<br>bone<br/>puppy",
    "HTML": "<ul><li>leash</li><li>bone</li><li>puppy</li></ul>",
    "fences": '```json\n["leash", "bone", "puppy"]\n```',
    "JSON": '{"words": ["leash", "bone", "puppy"]}',
    "LaTeX": "\\boxed{\\text{leash}, bone, puppy}",
    "a table": "| # | Word |\n|---|:---|\n| 1 | leash |\n| 2. | bone |\n| 3 | puppy |",
    "a table with glosses": "Word | Why\n--- | ---\nleash | to walk\nbone | food\npuppy | young",
    "bars": "leash | bone | puppy",
    "slashes": "leash / bone / puppy",
    "pictures": "🐶 leash\n🦴 bone\n🐕\ufe0f puppy",
    "keys": "1\ufe0f\u20e3 leash 2\ufe0f\u20e3 bone 3\ufe0f\u20e3 puppy",
    "ampersand": "leash, bone & puppy",
    "courtesy": "Sure! leash, bone, puppy",
    "a sentence behind": "leash, bone, puppy. I hope this helps!",
    "glosses after colons": "1. Leash: to walk it\n2. Bone: it chews\n3. Puppy: a young one",
    "glosses after double dashes": "leash——遛狗用\nbone——食物\npuppy——幼犬",
}


def words(text: str) -> list[str]:
    facts = {name: FACTS["en"][name] for name in ("joining", "openings")}
    return distinct_responses(parse_list(text, **facts).items, "dog", normalize)


@pytest.mark.parametrize("form", ANSWERS)
def test_markup_is_no_part_of_a_word(form):
    assert words(ANSWERS[form]) == ["leash", "bone", "puppy"]


@pytest.mark.parametrize(("text", "kept"), [
    ("i <3 you, bone", ["i <3 you", "bone"]), ("and/or, bone", ["and/or", "bone"]),
    ("a / b, c", ["a / b", "c"]), ("rock & roll, bone", ["rock & roll", "bone"]),
    ("- Toys: bone\n- Young: puppy", ["toys: bone", "young: puppy"]),
    ("Mt. Everest, bone", ["mt. everest", "bone"]), ("sure, bone", ["sure", "bone"]),
    ("think, bone", ["think", "bone"]), ("x | y", ["x | y"]),
    ("1: fire\n2: water\n3: a very hot summer day", ["fire", "water", "a very hot summer day"]),
])  # fmt: skip
def test_signs_within_words_stay(text, kept):
    assert words(text) == kept


def test_a_joiner_within_a_word_does_not_part_it():
    word = "\u0dc1\u0dca\u200d\u0dbb\u0dd3"  # Sinhala, sri
    assert words(f"{word}, bone") == [normalize(word), "bone"]


def test_an_answer_cut_within_its_thoughts_has_no_word():
    assert words("<reasoning>cat, mouse") == words("<|channel|>analysis<|message|>cat") == []
