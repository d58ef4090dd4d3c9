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
    "objects of JSON": '[{"word": "leash", "rank": 1}, {"word": "bone"}, {"word": "puppy"}]',
    "JSON that names the cue": '```json\n{"cue": "cat", "words": ["leash", "bone", "puppy"]}\n```',
    "numbers as keys": '{"1": "leash", "2": "bone", "3": "puppy"}',
    "words as keys": '{"leash": 0.4, "bone": 0.3, "puppy": 0.1}',
    "a list of a program": '```python\nwords = ["leash", "bone", "puppy"]\n```',
    "another model's thoughts": "[THINK]cat, mouse[/THINK]leash, bone, puppy",
    "thoughts with a prefix": "<seed:think>cat, mouse</seed:think>leash, bone, puppy",
    "thoughts in tokens": "<|begin_of_thought|>cat, mouse<|end_of_thought|>leash, bone, puppy",
    "a table of words": "| | | |\n|---|---|---|\n| leash | bone | puppy |",
    "a table with categories": "Kind | Word\n--- | ---\nthing | leash\nthing | bone\nage | puppy",
    "headings of markdown": "## Things\n1. leash\n2. bone\n## Young\n1. puppy",
    "titles": "# leash\n# bone\n# puppy",
    "headings in bold": "**Things**\n1. leash\n2. bone\n\n**Young**\n1. puppy",
    "bold headings of lists": "- **Things:** leash, bone\n- **Young**: puppy, Puppy",
    "numbered headings of lists": "1. Things: leash, bone\n2. Young: puppy, Puppy",
    "headings before dashes": "- Things – leash, bone\n- Young – puppy, Puppy",
    "the cue before a dash": "Dog - leash, bone, puppy",
    "hash tags": "#leash #bone #puppy",
    "arrows": "→ leash\n→ bone\n→ puppy",
    "circles": "○ leash\n● bone\n◦ puppy",
    "plus signs": "+ leash\n+ bone\n+ puppy",
    "pictures on a line": "✅ leash ✅ bone ✅ puppy",
    "tight slashes": "leash/bone/puppy",
    "ampersands": "leash & bone & puppy",
    "dashes": "leash - bone - puppy",
    "dots": "leash • bone • puppy",
    "columns": "leash    bone    puppy",
    "two languages": "1. leash / 狗链\n2. bone / 骨头\n3. puppy / 小狗",
    "words and commas after colons": "1. Leash: a strap, often leather, to walk it\n"
    "2. Bone: something that dogs chew\n3. Puppy: a young dog",
    "bold words and commas after colons": "- **Leash:** a strap, mostly used to walk it\n"
    "- **Bone:** what it likes to chew\n- **Puppy:** young",
    "lines without numbers": "Leash: a strap used to walk it\nBone: food\nPuppy: a young dog",
    "shares": "leash: 0.4, bone: 0.3, puppy: 0.1",
    "a wish": "leash, bone, puppy\n\nHope this helps!",
    "an open end": "leash, bone, puppy, etc.",
    "a joined open end": "leash, bone, puppy, and so on.",
    "a long joining word": "leash, bone, as well as puppy",
    "glosses after double dashes": "leash——遛狗用\nbone——食物\npuppy——幼犬",
}


def words(text: str) -> list[str]:
    facts = {name: FACTS["en"][name] for name in ("joining", "openings", "closings", "wishes")}
    return distinct_responses(parse_list(text, **facts).items, "dog", normalize)


@pytest.mark.parametrize("form", ANSWERS)
def test_markup_is_no_part_of_a_word(form):
    assert words(ANSWERS[form]) == ["leash", "bone", "puppy"]


@pytest.mark.parametrize(("text", "kept"), [
    ("i &lt;3 you; bone &amp; puppy; don&#39;t", ["i <3 you", "bone & puppy", "don't"]),
    ("1.&nbsp;bone\n2.&nbsp;r&amp;b", ["bone", "r&b"]),
    ("i <3 you, bone", ["i <3 you", "bone"]), ("and/or, bone", ["and/or", "bone"]),
    ("a / b, c", ["a / b", "c"]), ("rock & roll, bone", ["rock & roll", "bone"]),
    ("- Toys: bone\n- Young: puppy", ["toys: bone", "young: puppy"]),
    ("Mt. Everest, bone", ["mt. everest", "bone"]), ("sure, bone", ["sure", "bone"]),
    ("think, bone", ["think", "bone"]), ("x | y", ["x | y"]),
    ("C#, bone", ["c#", "bone"]), ("he/she, bone", ["he/she", "bone"]),
    ("apple\nhe/she/it", ["apple", "he/she/it"]), ("Help!\n\nbone!", ["help", "bone"]),
    ("**leash**\n**bone**", ["leash", "bone"]), ("{bone}, {leash}", ["bone", "leash"]),
    ("[[[[bone", ["bone"]), ("Age: 20, 21, 22", ["20", "21", "22"]),
    ("Psalm: 23\nPsalm: 24", ["psalm: 23", "psalm: 24"]),
    ("- Toys: bone, dog house of Aunt Ann\n- Young: puppy, whelp",
     ["bone", "dog house of aunt ann", "puppy", "whelp"]),
    ("1: fire\n2: water\n3: a very hot summer day", ["fire", "water", "a very hot summer day"]),
])  # fmt: skip
def test_signs_within_words_stay(text, kept):
    assert words(text) == kept


def test_a_joiner_within_a_word_does_not_part_it():
    word = "\u0dc1\u0dca\u200d\u0dbb\u0dd3"  # Sinhala, sri
    assert words(f"{word}, bone") == [normalize(word), "bone"]


def test_an_answer_cut_within_its_thoughts_has_no_word():
    assert words("<reasoning>cat, mouse") == words("<|channel|>analysis<|message|>cat") == []
