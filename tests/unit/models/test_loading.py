import json
from pathlib import Path

import pytest
import torch
import transformers
from peft import LoraConfig, get_peft_model

from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models import loading
from tests import tiny


def options(source: Path | str) -> Model:
    return Model(label="Tiny", source=str(source), precision="fp32")


def test_a_local_folder_is_loaded_and_its_digest_is_that_of_its_weights(tiny_model):
    model = loading.load_model(options(tiny_model))
    assert model.dtype == torch.float32 and not model.training
    digest = loading.digest(options(tiny_model), None, model)
    assert len(digest) == 64 and digest == loading.digest(options(tiny_model), None, model)


def test_a_folder_without_weights_or_config_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(UserError, match=r"no config\.json"):
        loading.load_model(options(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(UserError, match=r"no weights \(\*\.safetensors\)"):
        loading.load_model(options(tmp_path))


@pytest.mark.parametrize(
    ("changes", "module", "reason"),
    [
        ({"hidden_size": 48}, "q_proj", "size mismatch"),
        ({"num_hidden_layers": 1}, "q_proj", "Found missing adapter keys"),
        ({}, "lm_head", "not found"),
    ],
)
def test_an_adapter_of_another_model_is_refused(tiny_model, tmp_path, changes, module, reason):
    """peft warns only if a model has more layers than its adapter, and leaves them as they are."""
    config = LoraConfig(r=2, target_modules=[module])
    get_peft_model(tiny.build_model(**changes), config).save_pretrained(tmp_path)
    if reason == "not found":
        file = tmp_path / "adapter_config.json"
        file.write_text(file.read_text().replace('"lm_head"', '"c_attn"'))
    with pytest.raises(UserError, match=rf"is no adapter of this model \(.*{reason}"):
        loading.load_model(options(tiny_model), adapter=tmp_path)


def test_a_path_that_does_not_exist_is_not_taken_for_a_model_id(tmp_path):
    with pytest.raises(UserError, match="no such model folder"):
        loading.load_model(options(tmp_path / "nowhere"))


def test_a_tokenizer_without_chat_template_is_refused(tiny_model, tmp_path):
    for file in tiny_model.iterdir():
        if file.name != "chat_template.jinja":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(UserError, match="no chat template"):
        loading.load_tokenizer(options(tmp_path))


def test_precision_is_what_was_asked_for():
    assert loading.choose_dtype("bf16") == torch.bfloat16
    assert loading.choose_dtype("fp32") == torch.float32
    assert loading.choose_dtype("auto") in (torch.bfloat16, torch.float32)


@pytest.mark.parametrize(
    ("capabilities", "bf16", "expected"),
    [
        ({"cpu_name": "AMD EPYC 9755", "avx512_bf16": True}, True, torch.bfloat16),
        ({"cpu_name": "Intel Xeon", "avx512_bf16": True, "amx_bf16": True}, True, torch.bfloat16),
        ({"cpu_name": "Intel Xeon", "avx512_bf16": True, "amx_bf16": False}, True, torch.float32),
        ({"cpu_name": "AMD EPYC 7763"}, False, torch.float32),
        ({}, True, torch.bfloat16),
    ],
)
def test_auto_is_the_faster_type(monkeypatch, capabilities, bf16, expected):
    """Measured: 0.40 of fp32's time on a Zen 5, 1.75 times it on a Xeon without AMX."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: bf16)
    assert loading.choose_dtype("auto") == expected


def test_the_output_layer_in_fp32_gives_exact_logits_of_a_bf16_model():
    model = tiny.build_model().to(torch.bfloat16).eval()
    ids = torch.tensor([[5, 6, 7]])
    with torch.no_grad():
        hidden = model.model(ids).last_hidden_state
        exact = hidden.double() @ model.lm_head.weight.double().T
        rounded = model(ids).logits
        model.set_output_embeddings(loading.Fp32Head(model.get_output_embeddings()))
        ours = model(ids).logits
    assert ours.dtype == torch.float32
    assert torch.allclose(ours.double(), exact, atol=1e-6)
    assert not torch.allclose(rounded.double(), exact, atol=1e-6)


@pytest.mark.parametrize(("name", "content", "said"), [
    ("generation_config.json", b'{"eos_token_id": [0, ', "not valid JSON"),
    ("generation_config.json", b'\xef\xbb\xbf{"eos_token_id": 0}', "without a byte order mark"),
    ("config.json", b"{", "not valid JSON"), ("tokenizer_config.json", b"\xff", "not valid JSON"),
    ("tokenizer.json", b"{", "cannot be loaded"),
    ("chat_template.jinja", b"\xe9", "cannot be loaded"),
    ("config.json", b'{"model_type": "unheard_of"}', "cannot be loaded"),
])  # fmt: skip
def test_a_damaged_file_of_a_model_is_refused_in_a_sentence(tmp_path, name, content, said):
    folder = tiny.save_model(tmp_path)
    (folder / name).write_bytes(content)
    with pytest.raises(UserError, match=said) as caught:
        loading.load_tokenizer(options(folder))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600


def test_weights_that_are_cut_short_are_refused_in_a_sentence(tmp_path):
    folder = tiny.save_model(tmp_path)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(UserError, match="cannot be loaded"):
        loading.load_model(options(folder))


@pytest.mark.parametrize("end", [None, "<|turn_end|>"])
def test_an_end_of_text_that_is_no_token_of_the_model_is_refused(tmp_path, end):
    folder = tiny.save_model(tmp_path)
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings |= {"eos_token": end, "pad_token": None}
    path.write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(UserError, match=r"eos_token of its tokenizer .* none of the model's 260 t"):
        loading.load_tokenizer(options(folder))


@pytest.mark.parametrize(("kind", "settings"), [
    ("MambaConfig", {"state_size": 8}),
    ("RecurrentGemmaConfig", {"num_attention_heads": 4, "lru_width": 32, "intermediate_size": 96}),
    ("FalconConfig", {"num_attention_heads": 4, "alibi": True}),
])  # fmt: skip
def test_an_architecture_that_cannot_be_read_in_batches_is_refused(tmp_path, kind, settings):
    folder = tiny.save_model(tmp_path)
    sizes = {"vocab_size": 260, "hidden_size": 32, "num_hidden_layers": 3}
    ends = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    config = getattr(transformers, kind)(**sizes, **ends, **settings)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    with pytest.raises(
        UserError, match=f"models of type {config.model_type} cannot answer prompts"
    ):
        loading.load_model(options(folder))
