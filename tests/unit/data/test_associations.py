from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.data.associations import (
    count_associations,
    ranked_responses,
    response_counts,
    top_responses,
)
from culturalign.errors import UserError

pairs = st.lists(st.tuples(st.sampled_from(["cat", "dog", "爱"]), st.sampled_from("abcdefg")))


def responses(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"cue": pl.String, "response": pl.String}, orient="row")


def spread(counts: dict[str, dict[str, int]]) -> pl.DataFrame:
    """One row a response, for counts of responses to cues."""
    return responses(
        [(cue, r) for cue, of in counts.items() for r, n in of.items() for _ in [0] * n]
    )


def test_counts_strengths_and_ranks_of_a_small_world():
    # cat: 5 responses, fur 3 (0.6), dog 2 (0.4); bee: only honey (1.0)
    table = count_associations(spread({"cat": {"dog": 2, "fur": 3}, "bee": {"honey": 1}}), seed=0)
    assert table.rows() == [
        ("bee", "honey", 1, 1.0, 1), ("cat", "fur", 3, 0.6, 1), ("cat", "dog", 2, 0.4, 2),
    ]  # fmt: skip
    for rows in (table, table.reverse(), table.sort("response")):
        assert ranked_responses(rows) == {"bee": ["honey"], "cat": ["fur", "dog"]}
        assert list(response_counts(rows)["cat"].items()) == [("fur", 3), ("dog", 2)]


@given(pairs.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_responses_in_any_order_are_counted_once_and_ranked_by_count(orders):
    table, other = (count_associations(responses(rows), seed=0) for rows in orders)
    assert table.equals(other)
    assert table.columns == ["cue", "response", "count", "strength", "rank"]
    assert {(cue, r): n for cue, r, n, _, _ in table.rows()} == Counter(orders[0])
    for (_,), of_cue in table.group_by("cue"):
        assert of_cue["strength"].sum() == pytest.approx(1)
        assert of_cue["rank"].to_list() == list(range(1, len(of_cue) + 1))
        assert of_cue["count"].to_list() == sorted(of_cue["count"], reverse=True)


@given(pairs, st.randoms())
def test_rows_with_counts_count_as_so_many_rows(rows, rng):
    counted = [(cue, word, n) for (cue, word), n in Counter(rows).items()]
    # a pair may come in parts
    counted = [(c, w, part) for c, w, n in counted for part in ([1, n - 1] if n > 1 else [n])]
    rng.shuffle(counted)
    schema = {"cue": pl.String, "response": pl.String, "count": pl.Int64}
    table = pl.DataFrame(counted, schema=schema, orient="row")
    expected = count_associations(responses(rows), seed=0)
    assert count_associations(table, seed=0).equals(expected)


def test_the_seed_orders_ties_and_nothing_else():
    world = spread({"cat": {"fur": 3} | {x: 1 for x in "abcdefghij"}})
    first, again, other = (count_associations(world, seed=seed) for seed in (0, 0, 1))
    assert first.equals(again)
    assert first["response"].to_list() != other["response"].to_list()
    assert first["response"][0] == other["response"][0] == "fur"
    assert first["count"].to_list() == other["count"].to_list()


def test_ties_are_in_an_order_of_the_cue_and_of_each_response():
    letters = "abcdefghij"
    rows = [(cue, x) for cue in ("cat", "dog") for x in letters]
    lists = ranked_responses(count_associations(responses(rows), seed=0))
    assert lists["cat"] != lists["dog"]
    assert lists["cat"] not in (list(letters), list(letters)[::-1])
    few = ranked_responses(count_associations(responses([("cat", x) for x in "abcdef"]), seed=0))
    assert [x for x in lists["cat"] if x in "abcdef"] == few["cat"]


def test_top_responses_are_the_strongest_of_the_chosen_cues_in_their_order():
    world = spread({"cat": {"dog": 2, "fur": 3, "pet": 1}, "bee": {"honey": 2}, "cow": {"moo": 1}})
    table = count_associations(world, seed=0)
    top = top_responses(table, ["cat", "bee"], culture="US", most=2)
    assert top.columns == ["culture", "cue", "response", "count", "strength", "rank"]
    assert top.rows() == [
        ("US", "cat", "fur", 3, 0.5, 1), ("US", "cat", "dog", 2, pytest.approx(1 / 3), 2),
        ("US", "bee", "honey", 2, 1.0, 1),
    ]  # fmt: skip
    said = r"^US: the cue 'cot' is not in the data; correct cultures.\*.spotlight$"
    with pytest.raises(UserError, match=said):
        top_responses(table, ["cat", "cot"], culture="US")
