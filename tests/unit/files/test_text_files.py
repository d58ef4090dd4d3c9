import pytest
from pydantic import BaseModel

from culturalign.files.text_files import read_text
from culturalign.files.validated_yaml import read_yaml

MARK = b"\xef\xbb\xbf"


class Card(BaseModel):
    id: str


@pytest.mark.parametrize("start", [b"", MARK])
def test_a_text_starts_with_its_first_character(tmp_path, start):
    path = tmp_path / "a.txt"
    path.write_bytes(start + "Hé\n".encode())
    assert read_text(path, "clca.x") == "Hé\n"


def test_yaml_with_a_byte_order_mark_has_its_first_key(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(MARK + b"id: one\n")
    assert read_yaml(path, "clca.x", Card).id == "one"
