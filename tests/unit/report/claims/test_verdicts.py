"""States, p-values and corrections, worked out by hand."""

import pytest

from culturalign.report.claims.cells import Estimate
from culturalign.report.claims.findings import Finding, above
from culturalign.report.claims.verdicts import (
    Verdict,
    corrected,
    detectable,
    judge,
    p_value,
    shows_equivalence,
)


def test_the_p_of_an_interval_is_the_level_at_its_end():
    assert p_value(above(Estimate(0.2, 0.0, 0.4)), 0.95) == pytest.approx(0.05)
    # twice the half width: 3.92 standard errors
    assert p_value(above(Estimate(0.4, 0.2, 0.5)), 0.95) == pytest.approx(8.86e-5, rel=1e-2)
    # the same with 4 degrees of freedom: t = 2 * 2.776 = 5.553
    few = above(Estimate(0.4, 0.2, 0.5, df=4))
    assert p_value(few, 0.95) == pytest.approx(0.00515, rel=1e-2)
    assert p_value(above(Estimate(0.2, 0.1, 0.3), 0.4), 0.95) == pytest.approx(8.86e-5, rel=1e-2)
    assert p_value(above(Estimate(0.0, 0.0, 0.0)), 0.95) == 1
    assert p_value(above(Estimate(0.1, 0.1, 0.1)), 0.95) == 0


UP, OPEN = above(Estimate(0.2, 0.1, 0.3)), above(Estimate(0.2, -0.1, 0.5))


def down(p):
    return Finding(-1, None, None, False, "", p=p)


def test_support_needs_all_parts_and_contradiction_one_at_a_stricter_level():
    assert judge({"a": UP, "b": UP}, 0.95).state == "supported"
    assert judge({"a": UP, "b": OPEN}, 0.95).state == "undecided"
    assert judge({"a": UP, "b": UP, "c": down(0.01)}, 0.95) == ("contradicted", 0.03)
    assert judge({"a": UP, "b": UP, "c": down(0.02)}, 0.95).state == "undecided"
    assert judge({"a": down(0.04)}, 0.95).state == "contradicted"
    assert judge({"a": down(0.04)}, 0.99).state == "undecided"
    assert judge({"a": Finding(3, None, None, False, "")}, 0.95) == ("contradicted", None)
    assert judge({"a": Finding(3, None, None, True, "")}, 0.95) == ("supported", None)


def test_holm_undecides_what_many_tests_make_likely():
    found = [Verdict("supported", 0.01), Verdict("contradicted", 0.04), Verdict("supported", None),
             Verdict("undecided", 0.9)]  # fmt: skip
    assert corrected(found, 0.95) == [
        ("supported", pytest.approx(0.03)), ("undecided", pytest.approx(0.08)),
        ("supported", None), ("undecided", pytest.approx(0.9)),
    ]  # fmt: skip
    assert corrected([], 0.95) == []


@pytest.mark.parametrize(("margin", "enough"), [(0.15, True), (0.14, False)])
def test_a_size_is_enough_for_equivalence(margin, enough):
    """Error 0.05: 80 % need a margin of (1.645 + 1.2816) errors, 0.146."""
    found = Finding(0.3, 0.3 - 0.098, 0.3 + 0.098, False, "", margin=margin)
    assert shows_equivalence(found, 0.95) is enough
    assert detectable(found, 0.95) is None


def test_the_smallest_effect_a_run_could_have_seen():
    assert detectable(OPEN, 0.95) == pytest.approx(0.3 * (1.95996 + 0.84162) / 1.95996, rel=1e-4)
    assert detectable(down(0.3), 0.95) is None
    # of 4 changes none is enough; 6 of 6 have p = 2 / 64
    assert detectable(down(1.0)._replace(changed=4), 0.95) == 6
    # 16 of 20 have p = 0.012, 15 of 20 0.041, 14 of 20 0.115
    assert detectable(down(1.0)._replace(changed=20), 0.95) == 10
