import errno
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from culturalign.errors import UserError
from culturalign.jobs import disk_fault, logged, whole


def fail(log: Path, error: BaseException) -> int | str | None:
    """End a job with an error; returns the exit status."""
    console = sys.stderr
    with pytest.raises(SystemExit) as ended, logged(str(log)):
        raise error
    assert sys.stderr is console
    return ended.value.code


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def test_standard_error_goes_to_a_new_log_at_once_and_to_the_console(tmp_path, capsys):
    log, console = tmp_path / "deep/er/job.log", sys.stderr
    for step in ("1", "2"):
        with logged(str(log)):
            print(f"步骤 {step}", file=sys.stderr)
            assert log.read_text(encoding="utf-8") == f"步骤 {step}\n"
        assert sys.stderr is console
    assert capsys.readouterr().err == "步骤 1\n步骤 2\n"


def test_warnings_are_lines_without_a_path_and_future_warnings_are_left_out(tmp_path):
    with logged(str(tmp_path / "job.log")):
        warnings.warn("the batch is small", stacklevel=1)
        warnings.warn("a name will change", FutureWarning, stacklevel=1)
    assert (tmp_path / "job.log").read_text() == "UserWarning: the batch is small\n"


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (UserError("swow.csv: no such file"), 1,
         "Error: swow.csv: no such file\nNothing was written; results of other jobs are kept.\n"),
        (ValueError("unforeseen"), 1, "Traceback.*ValueError: unforeseen\n"),
        (SystemExit(3), 3, ""),
    ],
    ids=["a user error: its sentence", "another: its traceback", "a job that ends itself: nothing"],
)  # fmt: skip
def test_an_error_ends_with_its_status_and_its_text(tmp_path, capsys, error, status, text):
    assert fail(tmp_path / "job.log", error) == status
    written = (tmp_path / "job.log").read_text()
    assert re.fullmatch(text, written, re.DOTALL) and capsys.readouterr().err == written
    (tmp_path / "full.log").symlink_to("/dev/full")  # it does not hide the error
    assert fail(tmp_path / "full.log", error) == status
    assert re.fullmatch(text, capsys.readouterr().err, re.DOTALL)


def test_an_interrupt_is_not_changed(tmp_path):
    with pytest.raises(KeyboardInterrupt), logged(str(tmp_path / "job.log")):
        raise KeyboardInterrupt


def test_a_full_disk_ends_in_one_sentence_and_leaves_no_partial_file(tmp_path, capsys):
    """/dev/full refuses every byte, as a full disk does."""
    with (
        pytest.raises(SystemExit) as ended,
        logged(str(tmp_path / "job.log")),
        whole(tmp_path / "a.csv") as (path,),
    ):
        path.write_text("half")
        with Path("/dev/full").open("w") as file:
            file.write("the rest")
    assert ended.value.code == 1
    text = capsys.readouterr().err
    assert text.startswith("Error: no space is left on the disk") and "Traceback" not in text
    assert names(tmp_path) == {"job.log"}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "a.csv"), "a.csv: the disk is read-only"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "your disk quota"),
        (RuntimeError("I/O error: No space left on device (os error 28)"), "no space is left"),
        (OSError(errno.ENOENT, os.strerror(errno.ENOENT), "a"), None),
        (ValueError("unforeseen"), None),
    ],
)
def test_disk_faults_are_recognized(error, sentence):
    found = disk_fault(error)
    assert found is None if sentence is None else found.startswith(sentence)


def test_a_log_that_cannot_be_opened_ends_in_a_sentence(tmp_path):
    (tmp_path / "logs").write_text("a file in place of a folder")
    with pytest.raises(SystemExit) as ended, logged(str(tmp_path / "logs/job.log")):
        pass
    assert str(ended.value.code).startswith("Error: ") and "cannot be written" in ended.value.code


def test_files_and_folders_replace_earlier_ones_once_all_are_written(tmp_path):
    file, folder = tmp_path / "sub/a.csv.gz", tmp_path / "model"
    folder.mkdir()
    (folder / "old.bin").write_text("earlier")
    for text in ("1", "2"):
        with whole(str(file), folder) as (first, second):
            assert first.name.endswith("a.csv.gz")  # writers choose the format by the ending
            first.write_text(text)
            second.mkdir()
            (second / "new.bin").write_text(text)
            assert file.exists() == (text == "2")
        assert file.read_text() == text
    assert names(tmp_path) == {"sub", "a.csv.gz", "model", "new.bin"}


@pytest.mark.parametrize("error", [ValueError, UserError, KeyboardInterrupt, SystemExit])
def test_earlier_results_stay_and_nothing_partial_is_left_when_writing_fails(tmp_path, error):
    (tmp_path / "a.csv").write_text("earlier")
    with pytest.raises(error), whole(tmp_path / "a.csv", tmp_path / "model") as (first, second):
        first.write_text("half")
        second.mkdir()
        (second / "half.bin").write_text("half")
        raise error
    assert (tmp_path / "a.csv").read_text() == "earlier"
    assert names(tmp_path) == {"a.csv"}


def test_earlier_results_and_scratch_stay_until_every_target_is_written(tmp_path):
    targets, scratch = [tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "scratch"
    scratch.mkdir()
    for target in targets:
        target.write_text("earlier")
    with (
        pytest.raises(FileNotFoundError, match=r"did not write .*b\.csv"),
        whole(*targets, scratch=scratch) as (first, _),
    ):
        first.write_text("now")
    assert [target.read_text() for target in targets] == ["earlier", "earlier"]
    assert names(tmp_path) == {"a.csv", "b.csv", "scratch"}
    with whole(*targets, scratch=scratch) as paths:
        for path in paths:
            path.write_text("now")
    assert names(tmp_path) == {"a.csv", "b.csv"}


def test_leftovers_of_a_killed_job_do_not_get_into_the_next(tmp_path):
    left = tmp_path / ".partial-model"
    left.mkdir()
    (left / "leftover.bin").write_text("half")
    with whole(tmp_path / "model") as (path,):
        assert path == left and not path.exists()
        path.mkdir()
    assert names(tmp_path) == {"model"}


ENTRY = """
import gc
{given}
from culturalign import jobs
print(gc.isenabled())
with jobs.logged("job.log"):
    print(gc.isenabled(), gc.get_freeze_count() > 0)
print(gc.get_freeze_count() > 0)
"""


@pytest.mark.parametrize(("given", "importing"), [("snakemake = 1", "False"), ("", "True")])
def test_only_the_imports_and_the_end_of_an_entry_look_for_no_garbage(tmp_path, given, importing):
    script = ENTRY.format(given=given)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment,
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.split() == [importing, "True"]
    assert (tmp_path / "job.log").read_text().split() == ["True", "False"]
