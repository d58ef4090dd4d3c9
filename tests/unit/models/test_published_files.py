import json
from pathlib import Path

import pytest
from peft import LoraConfig, get_peft_model

from culturalign.config.models import Model
from culturalign.config.published import PublishedWeights
from culturalign.errors import UserError
from culturalign.models import loading, published_files
from tests import tiny


def fetched(source: Path, model: Path, folder: Path) -> set[str]:
    options = Model(label="Tiny", source=str(model), precision="fp32")
    published_files.fetch(PublishedWeights(source=str(source)), options, None, folder)
    return {path.name for path in folder.iterdir()}


def record(folder: Path) -> dict:
    return json.loads((folder / "provenance.json").read_text(encoding="utf-8"))


def test_of_an_adapter_its_configuration_and_weights_are_copied(tiny_model, tmp_path):
    source, folder = tmp_path / "hub", tmp_path / "results"
    get_peft_model(tiny.build_model(), LoraConfig(r=2)).save_pretrained(source)
    (source / "optimizer.pt").write_bytes(b"pickle")
    (source / "config.json").write_text("{}")  # some repositories have that of the base, too
    assert fetched(source, tiny_model, folder) == {
        "adapter_config.json", "adapter_model.safetensors", "provenance.json",
    }  # fmt: skip
    assert not published_files.is_full_model(folder)
    assert record(folder)["holds"] == "adapter"
    assert record(folder)["weights_digest"] == loading.weights_digest(source)


def test_a_full_model_without_a_tokenizer_gets_that_of_the_model_it_replaces(tiny_model, tmp_path):
    source, folder = tmp_path / "hub", tmp_path / "results"
    tiny.build_model(seed=7).save_pretrained(source)
    (source / "modeling_evil.py").write_text("raise SystemExit")
    files = fetched(source, tiny_model, folder)
    assert {"config.json", "model.safetensors", "tokenizer_config.json"} <= files
    assert "modeling_evil.py" not in files
    assert published_files.is_full_model(folder) and record(folder)["holds"] == "model"
    loaded = loading.load_tokenizer(Model(label="T", source=str(tiny_model)), folder)
    assert loaded("dog").input_ids == tiny.build_tokenizer()("dog").input_ids


def test_a_full_model_whose_template_has_no_system_role_is_refused(tiny_model, tmp_path):
    source = tmp_path / "hub"
    tiny.save_model_without_system_role(source)
    with pytest.raises(UserError, match="set system_in_user: true"):
        fetched(source, tiny_model, tmp_path / "results")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["readme.txt"], "neither an adapter"),
        (["adapter_config.json", "adapter_model.bin"], "neither an adapter"),
        (["config.json", "pytorch_model.bin"], "no weights"),
    ],
)
def test_what_is_not_in_safetensors_is_refused(tiny_model, tmp_path, files, said):
    (tmp_path / "hub").mkdir()
    for name in files:
        (tmp_path / "hub" / name).write_text("{}")
    with pytest.raises(UserError, match=said):
        fetched(tmp_path / "hub", tiny_model, tmp_path / "results")
    assert not (tmp_path / "results").exists()
