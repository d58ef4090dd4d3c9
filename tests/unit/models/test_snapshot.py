import json
import shutil
from fnmatch import fnmatch

import pytest

from culturalign.errors import UserError
from culturalign.models import hub, snapshot


def test_a_local_folder_is_used_where_it_is(tiny_model):
    assert snapshot.snapshot(str(tiny_model)) == tiny_model


def test_a_model_that_brings_code_is_refused(tiny_model, tmp_path):
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "m.M"}}))
    with pytest.raises(UserError, match=r"config\.json: auto_map names code"):
        snapshot.snapshot(str(folder))


def test_of_a_repository_only_safe_files_of_its_revision_are_fetched(monkeypatch, tmp_path):
    asked = []

    def fetch(source, *, revision, allow_patterns, **_):
        asked.append((source, revision))
        unsafe = ["modeling_own.py", "pytorch_model.bin", "adapter_model.pt", "weights.pkl"]
        assert not [name for name in unsafe for kept in allow_patterns if fnmatch(name, kept)]
        return str(tmp_path)

    monkeypatch.setattr(hub, "snapshot_download", fetch)
    assert snapshot.snapshot("owner/name", "abc") == tmp_path
    assert asked == [("owner/name", "abc")]


def test_a_repository_that_cannot_be_fetched_is_named_with_the_remedy(monkeypatch):
    def fetch(*_, **__):
        raise OSError("401 Client Error")

    monkeypatch.setattr(hub, "snapshot_download", fetch)
    with pytest.raises(UserError, match=r"owner/name: cannot be loaded \(401.*hf auth login"):
        snapshot.snapshot("owner/name")
