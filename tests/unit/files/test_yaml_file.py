"""YAML 1.1's surprises; the values expected are those of the specification, yaml.org/type."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from culturalign.errors import UserError
from culturalign.files.validated_yaml import read_yaml
from culturalign.files.yaml_file import read_document, read_plain


class Card(BaseModel):
    model_config = ConfigDict(strict=True)
    id: str = "x"
    words: list[str] = []
    texts: dict[int, str] = {}
    weight: float = 0
    on_card: bool = False


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "card.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


SURPRISES = [
    ("id: a\nid: b\n", "2: id: the key is there twice, first in line 1"),
    ("texts: {1: a, 2: b, 1: c}\n", "1: texts.1: the key is there twice, first in line 1"),
    ("id: a\nno: b\n", "2: no: YAML does not read the key no as text; put it in quotes"),
    ("Yes: b\n", "1: Yes: YAML does not read the key Yes"), ("on: b\n", "1: on: YAML does not"),
    ("~: b\n", "1: ~: YAML does not read the key ~"),
    ("?\n: b\n", "YAML does not read the key nothing"),
    ("1.5: b\n", "does not read the key 1.5"), ("2020-01-01: b\n", "does not read the key 2020"),
    ("010: b\n", "does not read the key 010"), ("12:30: b\n", "does not read the key 12:30"),
    ("weight: 1e-5\n", "1: weight: YAML reads 1e-5 as text; write 1.0e-5, or put text in quotes"),
    ("weight: 2.5e3\n", "1: weight: YAML reads 2.5e3 as text; write 2.5e+3"),
    ("words:\n- a\n- 12:30\n", "3: words.1: YAML reads 12:30 to another base, as 750"),
    ("weight: 017\n", "1: weight: YAML reads 017 to another base, as 15"),
    ("id: 2020-01-02\n", "1: id: YAML reads 2020-01-02 as a date; put it in quotes"),
    ("id: [a\n", "2: not valid YAML (expected ',' or ']'"), ("? [a]\n: b\n", "not valid YAML"),
    ("id: 'a\n", "2: not valid YAML"), ("a: *b\n", "1: not valid YAML (found undefined alias"),
    ("a\n---\nb\n", "2: not valid YAML (but found another document)"),
    (b"id: a\nwords: [\xe9]\n", "2: not UTF-8 at byte 14"), (b"id: \x00\n", "1: not valid YAML"),
    ("a: !!python/name:os.system\n", "1: the YAML tag"), ("{" * 3000, "not valid YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SURPRISES)
@pytest.mark.parametrize("read", [read_plain, lambda path: read_yaml(path, "clca.x", Card)])
def test_every_surprise_is_named_with_its_line(tmp_path, text, said, read):
    path = written(tmp_path, text)
    with pytest.raises(UserError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:") and said in message and "\n" not in message


@pytest.mark.parametrize(("text", "stops", "begins"), [
    ("run:\n  models [a]\n\n  seeds: [0]\n", 4, 2), ("run:\n  seeds:[0]\n  models: [a]\n", 3, 2),
    ("run:\n  seeds: [0]\n  models\ndata: {}\n", 4, 3), ("run: {a: [b\n\ndata: {}\n", 3, 1),
    ("a: 1\nb: 'x\nc: 1\n", 4, 2), ("a: 1\nb: c: d\n", 2, None), ("a: 1\n- b\n", 2, None),
])  # fmt: skip
def test_where_yaml_stops_is_not_where_the_mistake_is(tmp_path, text, stops, begins):
    path = written(tmp_path, text)
    with pytest.raises(UserError) as caught:
        read_document(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{stops}: not valid YAML (")
    told = message.partition("; the part being read starts in line ")[2].partition(")")[0]
    assert told == str(begins or "")


def test_no_is_refused_where_nothing_says_that_a_truth_value_is_meant(tmp_path):
    path = written(tmp_path, "words:\n- yes\n- no\n")
    with pytest.raises(UserError, match=r"yaml:2: words.0: YAML reads yes as true; put it in q"):
        read_plain(path)
    with pytest.raises(UserError, match=r"yaml:2: words.0: .* valid string \(got True; YAML reads"):
        read_yaml(path, "clca.x", Card)
    path = written(tmp_path, "on_card: yes\n")
    assert read_yaml(path, "clca.x", Card).on_card is True
    assert read_document(path).surprises[0].certain is False


def test_what_is_plain_is_read(tmp_path):
    text = (
        "id: 'no'\nwords: ['1e-5', \"12:30\", 010 a, 08:x, 1e, 'yes', no way]\n"
        "texts: {1: a, 10: b}\nweight: 1.0e-5\non_card: true\n"
    )
    path = written(tmp_path, b"\xef\xbb\xbf" + text.encode())
    card = read_yaml(path, "clca.x", Card)
    assert card.words == ["1e-5", "12:30", "010 a", "08:x", "1e", "yes", "no way"]
    assert (card.id, card.texts, card.weight, card.on_card) == ("no", {1: "a", 10: "b"}, 1e-5, True)
    assert read_plain(path)["weight"] == 1e-5


def test_merged_mappings_may_replace_keys(tmp_path):
    path = written(tmp_path, "a: &a {b: 1, c: 2}\nd: {<<: *a, b: 3}\n")
    assert read_plain(path)["d"] == {"b": 3, "c": 2}


def test_a_fault_of_the_schema_names_the_line(tmp_path):
    path = written(tmp_path, "id: a\nwords:\n- b\n- 3\n")
    with pytest.raises(UserError, match=r"card.yaml:4: words.1: Input should be a valid string"):
        read_yaml(path, "clca.x", Card)


@pytest.mark.parametrize("folder", ["config", "resources", "slurm", "profiles"])
def test_nothing_shipped_is_a_surprise(folder):
    root = Path(__file__).resolve().parents[3]
    files = sorted((root / folder).rglob("*.yaml"))
    assert files
    for file in files:
        assert read_plain(file) is not None
