import pytest
import torch

from culturalign.training.distributed import all_reduce, gathered_parameters, is_main_process


@pytest.mark.parametrize(("rank", "main"), [(None, True), ("0", True), ("1", False)])
def test_rank_0_and_a_single_process_are_the_main_process(monkeypatch, rank, main):
    monkeypatch.delenv("RANK", raising=False)
    if rank:
        monkeypatch.setenv("RANK", rank)
    assert is_main_process() == main


def test_a_single_process_needs_neither_reduction_nor_gathering():
    assert all_reduce(True, False, device=torch.device("cpu")) == [True, False]
    model = torch.nn.Linear(2, 2)
    with gathered_parameters(model):
        assert model.weight.shape == (2, 2)
