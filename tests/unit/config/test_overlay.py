from hypothesis import given
from hypothesis import strategies as st

from culturalign.config.overlay import merge, resolve_like

mappings = st.recursive(
    st.one_of(st.integers(), st.lists(st.integers(), max_size=2)),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@given(mappings)
def test_a_mapping_laid_over_itself_stays_itself(mapping):
    assert merge(mapping, mapping) == mapping


@given(st.dictionaries(st.sampled_from("abc"), mappings))
def test_an_empty_overlay_changes_nothing(mapping):
    assert merge(mapping, {}) == mapping


def test_merging_goes_into_mappings_and_replaces_everything_else():
    base = {"a": {"x": 1, "y": [1, 2]}, "b": 3}
    over = {"a": {"y": [9]}, "b": {"z": 4}}
    assert merge(base, over) == {"a": {"x": 1, "y": [9]}, "b": {"z": 4}}
    assert base == {"a": {"x": 1, "y": [1, 2]}, "b": 3}


def test_a_method_takes_all_settings_of_the_one_it_is_like():
    methods = {
        "last": {"like": "control", "label": "Last"},
        "control": {"like": "sft", "examples": {"shuffle_cues": True}},
        "sft": {"kind": "sft", "epochs": 3, "examples": {"spread": 3, "per_cue": 2}},
    }
    control = {"kind": "sft", "epochs": 3}
    control["examples"] = {"spread": 3, "per_cue": 2, "shuffle_cues": True}
    assert resolve_like(methods) == {
        "last": {**control, "label": "Last"},
        "control": control,
        "sft": methods["sft"],
    }
