"""Rankings to compare arms with: hand-worked halves, corpus and chance."""

import polars as pl
import pytest

from culturalign.scores.ranking_references import half_counts, score_references
from tests.unit.scores.cat import EXAMPLE, SPLITS


def test_references_by_hand():
    found = score_references([EXAMPLE], SPLITS, {"a": 9, "b": 9, "z": 99}, repeats=2, seed=0)
    rows = {row["method"]: row for row in found.rows(named=True)}
    assert list(rows) == ["human", "best", "corpus", "shown", "random"]
    # the first half of the first split has the order of the second; the second split has none
    assert (rows["human"]["rho_half"], rows["human"]["rho"]) == (1, None)
    assert (rows["best"]["rho"], rows["best"]["ratio"], rows["best"]["rho_half"]) == (1, 1, None)
    # corpus: a and b before c, in either order: ranks 1.5, 1.5, 3 against 3, 1, 2 over sqrt(2 * 2)
    assert rows["corpus"]["rho"] == pytest.approx((-0.5 * 1 + -0.5 * -1 + 1 * 0) / 2)
    assert rows["shown"]["rho"] == pytest.approx(-0.5)
    # a half that answers with ties gets the mean over their orders
    tied = score_references([EXAMPLE], [SPLITS[1][::-1]], {}, repeats=1, seed=0)
    assert tied.filter(method="human")["rho_half"].to_list() == [0]


def test_random_orders_score_zero_on_average():
    examples = [EXAMPLE | {"cue": f"cat {i}"} for i in range(200)]
    found = score_references(examples, [], {}, repeats=20, seed=0).filter(method="random")
    assert abs(found["rho"].mean()) < 0.05


def test_the_responses_of_each_half_of_the_participants_are_counted():
    rows = [(cue, word, who) for who, word in enumerate("aabb") for cue in ("cat", "other")]
    responses = pl.DataFrame(rows, schema=["cue", "response", "participant"], orient="row")
    splits = half_counts(responses, [EXAMPLE], repeats=20, seed=1)
    assert len(splits) == 20
    for first, second in splits:
        counts = [{"a": 0, "b": 0} | half["cat"] for half in (first, second)]
        assert [sum(half.values()) for half in counts] == [2, 2]
        assert [counts[0][x] + counts[1][x] for x in "ab"] == [2, 2]
        assert list(first) == list(second) == ["cat"]
