import torch

from culturalign.training.distributed import all_reduce, deal, gathered, is_main_process
from culturalign.training.tokenization import Encoded


def example(length: int) -> Encoded:
    return Encoded((1,), (2,) * (length - 1))


EXAMPLES = [example(length) for length in (9, 2, 7, 4, 3)]


def test_neighbors_in_length_go_to_different_ranks_and_none_is_lost():
    assert deal(range(5), EXAMPLES, ranks=2) == [[1, 3, 0], [4, 2]]
    assert deal(range(5), EXAMPLES, ranks=1) == [[1, 4, 3, 2, 0]]


def test_ranks_without_an_example_are_dealt_none():
    assert deal([3], EXAMPLES, ranks=3) == [[3], [], []]


def test_rank_0_and_a_lone_process_are_first(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    assert is_main_process()
    monkeypatch.setenv("RANK", "0")
    assert is_main_process()
    monkeypatch.setenv("RANK", "1")
    assert not is_main_process()


def test_a_lone_process_agrees_with_itself():
    assert all_reduce(True, False, device=torch.device("cpu")) == [True, False]


def test_weights_that_are_whole_need_no_gathering():
    model = torch.nn.Linear(2, 2)
    with gathered(model):
        assert model.weight.shape == (2, 2)
