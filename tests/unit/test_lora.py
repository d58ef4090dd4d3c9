import pytest
from peft import get_peft_model

from culturalign.config.sft import Lora
from culturalign.errors import UserError
from culturalign.lora import lora_config, vllm_rank
from tests import tiny


def adapted_layers(lora: Lora) -> set[str]:
    model = get_peft_model(tiny.build_model(), lora_config(lora, 2))
    names = [name for name, _ in model.named_parameters() if "lora_A" in name]
    return {name.partition(".layers.")[2][0] for name in names}


def test_all_layers_are_adapted_unless_asked_otherwise():
    assert adapted_layers(Lora(rank=2, alpha=4)) == {"0", "1"}


def test_the_last_layers_alone_can_be_adapted():
    assert adapted_layers(Lora(rank=2, alpha=4, last_layers=1)) == {"1"}


def test_more_layers_than_there_are_cannot_be_adapted():
    with pytest.raises(UserError, match="last_layers is 3, but the model has 2 layers"):
        lora_config(Lora(last_layers=3), 2)


def test_vllm_is_asked_for_the_least_rank_that_it_admits_and_that_is_enough():
    assert [vllm_rank(rank) for rank in (1, 2, 8, 9, 512)] == [1, 8, 8, 16, 512]
    with pytest.raises(UserError, match="has rank 513, but vLLM applies ranks up to 512"):
        vllm_rank(513)
