import json
import platform
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.provenance import commit, digest_of, record, versions, write_record


@pytest.fixture(autouse=True)
def no_git(tmp_path, monkeypatch):
    """No machine has git here, so the commit is unknown everywhere."""
    monkeypatch.setenv("PATH", str(tmp_path))


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
    "other",
    [{"a": [2, 1]}, {"b": [1, 2]}, {"a": ["1", 2]}, {"a": 1}, {"a": [1, 2], "b": None}, {}],
)
def test_the_digest_changes_with_any_key_or_value_and_the_order_of_lists(other):
    assert digest_of(other) != digest_of({"a": [1, 2]})


def test_a_record_has_commit_versions_machine_and_the_given_facts():
    assert versions()["polars"] == version("polars")
    assert commit() == "unknown"
    assert record(seed=3) == {
        "commit": "unknown",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": versions(),
        "seed": 3,
    }
    assert record(commit="given")["commit"] == "given"


def test_a_record_is_written_as_json_with_sorted_keys(tmp_path):
    facts = {"system": "你好", "a_fact": {"b": 1, "a": [2]}}
    write_record(tmp_path / "record.json", **facts)
    text = (tmp_path / "record.json").read_text(encoding="utf-8")
    written = json.loads(text)
    assert written == record(**facts) and list(written) == sorted(written)
    assert "你好" in text and text.endswith("}\n")
