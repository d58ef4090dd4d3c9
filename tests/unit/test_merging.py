import json

import torch
from peft import LoraConfig, get_peft_model

from culturalign import merging, models
from culturalign.config.models import Model


def test_the_merged_model_has_the_logits_of_base_and_adapter(tiny_model, tmp_path):
    options = Model(label="Tiny", source=str(tiny_model), precision="fp32")
    torch.manual_seed(0)
    adapted = get_peft_model(
        models.load_model(options), LoraConfig(r=4, lora_alpha=8, target_modules="all-linear")
    )
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:  # zero at first, so that the adapter would change nothing
            torch.nn.init.normal_(parameter, std=0.05)
    adapted.save_pretrained(tmp_path / "adapter")

    merging.merge(options, None, tmp_path / "adapter", tmp_path / "merged")

    ids = torch.tensor([[5, 9, 70, 31, 8, 200]])
    merged = Model(label="Tiny", source=str(tmp_path / "merged"), precision="fp32")
    with torch.no_grad():
        plain = models.load_model(options)(ids).logits
        expected = models.load_model(options, None, tmp_path / "adapter")(ids).logits
        found = models.load_model(merged)(ids).logits
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
    assert (found - plain).abs().max() > 0.05
    tokenizer = models.load_tokenizer(merged)
    assert tokenizer.chat_template == models.load_tokenizer(options).chat_template
    record = json.loads((tmp_path / "merged" / "digest.json").read_text())
    assert record["sha256"] == models.weights_digest(tmp_path / "merged")
