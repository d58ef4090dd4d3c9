import json

import pytest
import torch
from peft import LoraConfig, get_peft_model

from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import loading, lora
from culturalign.models.lora import lora_config, vllm_rank
from tests import tiny


def adapted_layers(lora: Lora) -> set[str]:
    model = get_peft_model(tiny.build_model(), lora_config(lora, 2))
    names = [name for name, _ in model.named_parameters() if "lora_A" in name]
    return {name.partition(".layers.")[2][0] for name in names}


@pytest.mark.parametrize(("last_layers", "layers"), [(None, {"0", "1"}), (1, {"1"})])
def test_all_layers_or_the_last_ones_are_adapted(last_layers, layers):
    assert adapted_layers(Lora(rank=2, alpha=4, last_layers=last_layers)) == layers


def test_more_layers_than_there_are_cannot_be_adapted():
    with pytest.raises(UserError, match="last_layers is 3, but the model has 2 layers"):
        lora_config(Lora(last_layers=3), 2)


def test_vllm_gets_the_smallest_rank_that_it_admits_and_that_is_enough():
    assert [vllm_rank(rank) for rank in (1, 2, 8, 9, 512)] == [1, 8, 8, 16, 512]
    with pytest.raises(UserError, match="has rank 513, but vLLM applies ranks up to 512"):
        vllm_rank(513)


def test_the_merged_model_has_the_logits_of_base_and_adapter(tiny_model, tmp_path):
    options = Model(label="Tiny", source=str(tiny_model), precision="fp32")
    torch.manual_seed(0)
    adapted = get_peft_model(
        loading.load_model(options), LoraConfig(r=4, lora_alpha=8, target_modules="all-linear")
    )
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:  # zero at first, so that the adapter would change nothing
            torch.nn.init.normal_(parameter, std=0.05)
    adapted.save_pretrained(tmp_path / "adapter")

    lora.merge(options, None, tmp_path / "adapter", tmp_path / "merged")

    ids = torch.tensor([[5, 9, 70, 31, 8, 200]])
    merged = Model(label="Tiny", source=str(tmp_path / "merged"), precision="fp32")
    with torch.no_grad():
        plain = loading.load_model(options)(ids).logits
        expected = loading.load_model(options, None, tmp_path / "adapter")(ids).logits
        found = loading.load_model(merged)(ids).logits
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
    assert (found - plain).abs().max() > 0.05
    tokenizer = loading.load_tokenizer(merged)
    assert tokenizer.chat_template == loading.load_tokenizer(options).chat_template
    record = json.loads((tmp_path / "merged" / "digest.json").read_text())
    assert record["sha256"] == loading.weights_digest(tmp_path / "merged")
