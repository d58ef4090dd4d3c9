import pytest
import torch

from culturalign.config.evaluate import Decoding
from culturalign.errors import UserError
from culturalign.models.generation import generate
from culturalign.models.halving import within_memory
from culturalign.models.option_scoring import Query, score_queries
from tests import tiny

PROMPTS = ["List words about dog:", "List words about cats:", "List words about a mosquito:"]
QUERIES = [Query((5, 6, 7, rest, rest + 1), ((51,), (52, 53))) for rest in range(8, 20)]


@pytest.fixture
def model():
    return tiny.build_model(len(tiny.build_tokenizer())).eval()


def forgetful(model, rows: int) -> list[int]:
    """Let the model run out of memory above a number of rows; returns the rows it was given."""
    given, forward = [], model.model.forward

    def limited(*args, **kwargs):
        given.append(len(kwargs["input_ids"]))
        if given[-1] > rows:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(*args, **kwargs)

    model.model.forward = limited
    return given


def test_a_batch_is_halved_until_its_parts_fit():
    def read(part):
        if len(part) > 2:
            raise torch.OutOfMemoryError
        return [10 * item for item in part]

    assert within_memory(read, [1, 2, 3, 4, 5]) == [10, 20, 30, 40, 50]


def test_greedy_answers_are_the_same_when_memory_runs_out(model):
    greedy = Decoding(max_new_tokens=12)
    plain = generate(model, tiny.build_tokenizer(), PROMPTS, greedy, batch_tokens=10_000)
    given = forgetful(model, rows=1)
    halved = generate(model, tiny.build_tokenizer(), PROMPTS, greedy, batch_tokens=10_000)
    assert max(given) > 1
    assert halved == plain


def test_scores_are_the_same_when_memory_runs_out(model):
    plain = score_queries(model, QUERIES, pad=0, batch_tokens=10_000)
    given = forgetful(model, rows=5)
    halved = score_queries(model, QUERIES, pad=0, batch_tokens=10_000)
    assert max(given) > 5
    torch.testing.assert_close(torch.tensor(halved), torch.tensor(plain), atol=1e-5, rtol=0)


def test_one_prompt_that_does_not_fit_is_refused(model):
    forgetful(model, rows=0)
    with pytest.raises(UserError, match="one prompt does not fit into the memory of the GPU"):
        within_memory(
            lambda part: generate(
                model, tiny.build_tokenizer(), part, Decoding(max_new_tokens=4), batch_tokens=1
            ),
            PROMPTS[:1],
        )
