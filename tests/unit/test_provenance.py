import json
import platform
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.provenance import commit, digest_of, record, versions, write_record


@pytest.fixture(autouse=True)
def no_git(tmp_path, monkeypatch):
    """A machine without git, whatever the machine: the commit is unknown."""
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


settings = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
)


def reordered(value):
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def test_the_digest_is_the_sha_256_of_the_sorted_settings():
    # printf '{"a": 1, "b": "é"}' | sha256sum
    expected = "72098b2a2208bcd8cda44c39c3aa422be996b505ae0f32eae54f5da06d5ecfd4"
    assert digest_of({"b": "é", "a": 1}) == expected


@given(st.dictionaries(st.text(), settings))
def test_the_digest_does_not_depend_on_the_order_of_the_keys(some):
    assert digest_of(reordered(some)) == digest_of(some)


@pytest.mark.parametrize(
    "other", [{"a": 2}, {"b": 1}, {"a": "1"}, {"a": [1]}, {"a": {"a": 1}}, {"a": 1, "b": None}, {}]
)
def test_the_digest_changes_with_any_key_or_value(other):
    assert digest_of(other) != digest_of({"a": 1})


def test_the_digest_keeps_the_order_of_lists():
    assert digest_of({"a": [1, 2]}) != digest_of({"a": [2, 1]})


def test_without_git_the_commit_is_unknown():
    assert commit() == "unknown"


def test_versions_are_those_installed():
    found = versions()
    assert found["polars"] == version("polars")
    assert found["culturalign"] == version("culturalign")


def test_a_record_says_what_it_was_made_with():
    made = record(seed=3, device="cpu")
    assert made == {
        "commit": "unknown",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": versions(),
        "seed": 3,
        "device": "cpu",
    }


def test_a_fact_replaces_what_the_record_says_by_itself():
    assert record(commit="given")["commit"] == "given"


def test_a_record_is_written_as_json_with_sorted_keys(tmp_path):
    write_record(tmp_path / "record.json", system="你好", a_fact={"b": 1, "a": [2]})
    text = (tmp_path / "record.json").read_text(encoding="utf-8")
    written = json.loads(text)
    assert written == record(system="你好", a_fact={"b": 1, "a": [2]})
    assert list(written) == sorted(written)
    assert "你好" in text
    assert text.endswith("}\n")
