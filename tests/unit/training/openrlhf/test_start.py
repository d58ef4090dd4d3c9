import shutil

import pytest

from culturalign.config.models import Model
from culturalign.errors import UserError
from culturalign.training.openrlhf.start import start_folder


def options(source: object) -> Model:
    return Model(label="Tiny", source=str(source))


def test_a_local_model_is_used_where_it_is_and_another_folder_goes_before_it(tiny_model, tmp_path):
    assert start_folder(options(tiny_model), None) == tiny_model.resolve()
    merged = shutil.copytree(tiny_model, tmp_path / "merged")
    assert start_folder(options("some/model"), merged) == merged.resolve()


def test_a_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"no config\.json"):
        start_folder(options(tmp_path), None)
