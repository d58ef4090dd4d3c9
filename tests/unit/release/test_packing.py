import json

import pytest
import torch
from peft import get_peft_model

from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.models.lora import lora_config
from culturalign.release.packing import pack
from tests import tiny
from tests.unit.release.test_model_card import RECORD, TEMPLATE


@pytest.fixture
def trained(tmp_path, tiny_model):
    """An adapter as training leaves it: fresh, or moved by some amount."""

    def make(moved):
        model = get_peft_model(tiny.build_model(), lora_config(Lora(rank=2, alpha=4), 2))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if "lora_B" in name:
                    parameter += moved
        model.save_pretrained(tmp_path / "adapter")
        (tmp_path / "adapter/provenance.json").write_text(json.dumps(RECORD))
        return tmp_path / "adapter"

    return make


def packed(adapter, tiny_model, folder):
    pack(
        adapter, folder, template=TEMPLATE, name="m-us-sft-seed3", culture="US", language="en",
        metrics=["none"],
        model_options=Model(label="Tiny", source=str(tiny_model), precision="fp32"), base=None,
    )  # fmt: skip


def test_a_release_has_the_adapter_and_its_card_and_loads(trained, tiny_model, tmp_path):
    adapter = trained(0.1)
    packed(adapter, tiny_model, tmp_path / "release")
    assert {path.name for path in (tmp_path / "release").iterdir()} == {
        "README.md", "adapter_config.json", "adapter_model.safetensors", "provenance.json",
    }  # fmt: skip
    weights = "adapter_model.safetensors"
    assert (tmp_path / "release" / weights).read_bytes() == (adapter / weights).read_bytes()


@pytest.mark.parametrize(
    ("moved", "fault"),
    [(0.0, "changes nothing; was it trained"), (float("nan"), "not finite; train it again")],
)
def test_an_adapter_that_fails_the_check_is_not_released(
    trained, tiny_model, tmp_path, moved, fault
):
    with pytest.raises(UserError, match=fault):
        packed(trained(moved), tiny_model, tmp_path / "release")
