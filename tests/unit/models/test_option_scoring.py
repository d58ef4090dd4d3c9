import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from culturalign.models.option_scoring import Query, _kept, score_queries
from tests import tiny


@pytest.fixture(scope="module")
def model():
    return tiny.build_model().eval()


def by_definition(model, query: Query) -> list[float]:
    """All logits of a single prompt, no batch, no shared prefix."""
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([query.ids])).logits[0, -1]
    probabilities = logits.softmax(-1)
    return [float(probabilities[list(form)].sum().log()) for form in query.forms]


FORMS = ((50,), (51, 60), (52,))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(4, 200), min_size=1, max_size=12), min_size=1, max_size=6),
    st.lists(st.integers(4, 200), max_size=5),
    st.integers(1, 64),
)
def test_batches_give_what_each_single_prompt_gives(rests, shared, batch_tokens):
    model = tiny.build_model().eval()
    queries = [Query((*shared, *rest), FORMS) for rest in rests]
    scores = score_queries(model, queries, pad=0, batch_tokens=batch_tokens)
    for query, found in zip(queries, scores, strict=True):
        assert found == pytest.approx(by_definition(model, query), abs=1e-4)


def test_equal_prompts_are_answered_equally(model):
    queries = [Query((5, 6, 7), FORMS)] * 3
    first, second, third = score_queries(model, queries, pad=0, batch_tokens=100)
    assert first == second == third


def test_probabilities_of_labels_sum_to_less_than_one(model):
    (scores,) = score_queries(model, [Query((5, 6, 7), FORMS)], pad=0, batch_tokens=100)
    assert 0 < sum(torch.tensor(scores).exp()) < 1


def test_both_forms_of_a_label_count(model):
    one, other, both = score_queries(
        model,
        [Query((5, 6), ((51,),)), Query((5, 6), ((60,),)), Query((5, 6), ((51, 60),))],
        pad=0,
        batch_tokens=100,
    )
    total = torch.tensor([one[0], other[0]]).exp().sum()
    assert float(total.log()) == pytest.approx(both[0], abs=1e-5)


def test_of_the_most_probable_tokens_only_labels_among_them_count():
    logprobs = torch.tensor([0.4, 0.3, 0.2, 0.08, 0.02]).log()
    # the two most probable tokens are 0 and 1; label 2 is outside them
    kept = _kept(logprobs, Query((5,), ((1,), (2,)), top=2))
    assert kept.exp().tolist() == pytest.approx([0.4, 0.3, 0, 0, 0])
    # none of the labels is among the two: the more probable one is the one that is written
    kept = _kept(logprobs, Query((5,), ((3,), (4,)), top=2))
    assert kept[[3, 4]].exp().tolist() == pytest.approx([0.08, 0])
    assert _kept(logprobs, Query((5,), ((3,), (4,)))) is logprobs


def test_a_label_without_a_token_has_probability_0(model):
    (scores,) = score_queries(model, [Query((5, 6), ((51,), ()), top=2)], pad=0, batch_tokens=9)
    assert scores[1] == float("-inf") and scores[0] > float("-inf")
