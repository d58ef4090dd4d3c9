import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from culturalign.arms import Arm, parse_arm
from culturalign.config.strict import MethodName, Name

cultures = st.from_regex(re.compile(r"[a-z][a-z0-9_.]*", re.ASCII), fullmatch=True)
methods = st.from_regex(re.compile(r"[a-z][a-z0-9_.]*(-[a-z0-9_.]+)*", re.ASCII), fullmatch=True)


@pytest.mark.parametrize(
    ("name", "arm"),
    [
        ("vanilla", Arm("vanilla", None, None)),
        ("us-sft-seed0", Arm("sft", "us", 0)),
        ("demo_a-sft-shuffled-seed12", Arm("sft-shuffled", "demo_a", 12)),
        ("vanilla-sft-seed0", Arm("sft", "vanilla", 0)),
        ("us-sft-seed1-seed2", Arm("sft-seed1", "us", 2)),
    ],
)
def test_an_arm_is_parsed(name, arm):
    assert parse_arm(name) == arm


@given(cultures, methods, st.integers(min_value=0))
def test_every_name_that_the_configuration_allows_is_parsed_back(culture, method, seed):
    TypeAdapter(Name).validate_python(culture)
    TypeAdapter(MethodName).validate_python(method)
    assert parse_arm(f"{culture}-{method}-seed{seed}") == Arm(method, culture, seed)


@pytest.mark.parametrize("name", ["", "us", "us-sft", "us-sft-seed", "us-sft-seedx"])
def test_a_name_of_another_form_is_refused(name):
    with pytest.raises(ValueError):
        parse_arm(name)
