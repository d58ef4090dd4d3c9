import torch

from culturalign.collation import IGNORED, collate
from culturalign.encoding import Encoded


def test_prefix_rest_positions_and_labels_line_up():
    batch = collate([Encoded((5, 6, 7), (8,)), Encoded((5, 9), (10, 11))], pad=0)
    assert batch["prefix_ids"].tolist() == [[5]]
    # rests: 6 7 8 and 9 10 11, both three tokens
    assert batch["input_ids"].tolist() == [[6, 7, 8], [9, 10, 11]]
    assert batch["position_ids"].tolist() == [[1, 2, 3], [1, 2, 3]]
    assert batch["labels"].tolist() == [[IGNORED, 8], [10, 11]]


def test_padding_stands_between_prefix_and_rest_and_is_masked():
    batch = collate([Encoded((5, 6), (7,)), Encoded((5, 6, 8), (9, 10))], pad=0)
    assert batch["input_ids"].tolist() == [[0, 0, 6, 7], [6, 8, 9, 10]]
    assert batch["attention_mask"].tolist() == [[1, 0, 0, 1, 1], [1, 1, 1, 1, 1]]
    assert batch["position_ids"][0, 2:].tolist() == [1, 2]


def test_prompts_without_a_common_beginning_have_an_empty_prefix():
    batch = collate([Encoded((1, 2), (3,)), Encoded((4, 5), (6,))], pad=0)
    assert batch["prefix_ids"].shape == (1, 0)
    assert batch["prefix_ids"].dtype == torch.long
