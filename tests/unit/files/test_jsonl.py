from hypothesis import given
from hypothesis import strategies as st

from culturalign.files.jsonl import read_jsonl, write_jsonl

rows = st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.lists(st.text())))


@given(st.lists(rows))
def test_rows_are_read_back_as_written(tmp_path_factory, some):
    path = tmp_path_factory.mktemp("jsonl") / "rows.jsonl"
    write_jsonl(some, path)
    assert read_jsonl(path) == some


def test_a_row_is_a_line_that_people_can_read(tmp_path):
    write_jsonl([{"a": "自由"}, {"a": "x\ny"}], tmp_path / "a.jsonl")
    text = (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    assert text == '{"a": "自由"}\n{"a": "x\\ny"}\n'
