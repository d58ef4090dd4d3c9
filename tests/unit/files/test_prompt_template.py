import pytest

from culturalign.errors import UserError
from culturalign.files.prompt_template import Markers, read_template

MARKERS = Markers(once=("[A]",), some=("[B]",), both=("[LOW]", "[HIGH]"), closed=True)


def read(path):
    return read_template(path, "languages.*.prompt", MARKERS)


def test_a_template_is_read_without_the_white_space_around_it(tmp_path):
    (tmp_path / "a.txt").write_text("\n[A] é [B] [B]\n\n", encoding="utf-8")
    assert read(tmp_path / "a.txt") == "[A] é [B] [B]"


def test_a_byte_order_mark_is_not_part_of_the_prompt(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf[A] [B]\r\n")
    assert read(tmp_path / "a.txt") == "[A] [B]"


@pytest.mark.parametrize(("content", "fault"), [
    (None, ": no such file; correct languages.*.prompt"),
    (b"[A] [B] caf\xe9", ":1: not UTF-8 at byte 11; save it as UTF-8"),
    (b"[B]", ": the prompt must hold the marker [A] exactly once"),
    (b"[A] [A] [B]", ": the prompt must hold the marker [A] exactly once"),
    (b"[A]", ": the prompt lacks the marker [B]; add it"),
    (b"[A] [B] [LOW]", ": the prompt has one of [LOW] and [HIGH]; give both, or neither"),
    (b"[A] [B] [C]", ": the marker [C] is unknown here; known: A, B, HIGH, LOW"),
])  # fmt: skip
def test_a_faulty_template_is_refused_with_the_remedy(tmp_path, content, fault):
    path = tmp_path / "a.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read(path)
    assert str(caught.value) == f"{path}{fault}"
