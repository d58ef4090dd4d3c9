import errno
import os
import sys
import warnings
from pathlib import Path

import pytest

from culturalign.errors import UserError
from culturalign.jobs import disk_fault, logged, whole


def fail(log: Path, error: BaseException) -> int | str | None:
    """End a job with an error; returns the exit status."""
    with pytest.raises(SystemExit) as ended, logged(str(log)):
        raise error
    return ended.value.code


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


# Logs


def test_standard_error_goes_to_the_log_and_to_the_console(tmp_path, capsys):
    with logged(str(tmp_path / "deep/er/job.log")):
        print("步骤 1", file=sys.stderr)
    assert (tmp_path / "deep/er/job.log").read_text(encoding="utf-8") == "步骤 1\n"
    assert capsys.readouterr().err == "步骤 1\n"


def test_warnings_are_lines_without_a_path_and_those_between_libraries_are_left_out(tmp_path):
    with logged(str(tmp_path / "job.log")):
        warnings.warn("the batch is small", stacklevel=1)
        warnings.warn("a name will change", FutureWarning, stacklevel=1)
    assert (tmp_path / "job.log").read_text() == "UserWarning: the batch is small\n"


def test_what_is_logged_can_be_read_while_the_job_runs(tmp_path):
    with logged(str(tmp_path / "job.log")):
        print("step 1", file=sys.stderr)
        assert (tmp_path / "job.log").read_text() == "step 1\n"


def test_a_log_starts_afresh(tmp_path):
    (tmp_path / "job.log").write_text("earlier\n")
    with logged(str(tmp_path / "job.log")):
        pass
    assert (tmp_path / "job.log").read_text() == ""


@pytest.mark.parametrize("error", [UserError("a"), ValueError("b"), None])
def test_standard_error_is_given_back_however_the_job_ends(tmp_path, error):
    console = sys.stderr
    if error is None:
        with logged(str(tmp_path / "job.log")):
            assert sys.stderr is not console
    else:
        fail(tmp_path / "job.log", error)
    assert sys.stderr is console


def test_a_users_error_ends_with_status_1_and_its_sentence_alone(tmp_path, capsys):
    assert fail(tmp_path / "job.log", UserError("swow.csv: no such file")) == 1
    text = (tmp_path / "job.log").read_text()
    assert text.splitlines()[0] == "Error: swow.csv: no such file"
    assert "Traceback" not in text
    assert capsys.readouterr().err == text


def test_another_error_ends_with_status_1_and_its_traceback(tmp_path):
    assert fail(tmp_path / "job.log", ValueError("unforeseen")) == 1
    text = (tmp_path / "job.log").read_text()
    assert text.startswith("Traceback")
    assert text.endswith("ValueError: unforeseen\n")


def test_a_job_that_ends_itself_keeps_its_status(tmp_path):
    assert fail(tmp_path / "job.log", SystemExit(3)) == 3


def test_an_interrupt_is_passed_on(tmp_path):
    with pytest.raises(KeyboardInterrupt), logged(str(tmp_path / "job.log")):
        raise KeyboardInterrupt


# Disks


def test_a_full_disk_ends_in_one_sentence_and_leaves_no_half_of_a_file(tmp_path, capsys):
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


def test_a_log_on_a_full_disk_does_not_hide_the_fault(tmp_path, capsys):
    (tmp_path / "job.log").symlink_to("/dev/full")
    assert fail(tmp_path / "job.log", UserError("swow.csv: no such file")) == 1
    assert capsys.readouterr().err.startswith("Error: swow.csv: no such file")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.EROFS, os.strerror(errno.EROFS), "results/a"),
            "results/a: the disk is read",
        ),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "your disk quota"),
        (RuntimeError("I/O error: No space left on device (os error 28)"), "no space is left"),
        (OSError(errno.ENOENT, os.strerror(errno.ENOENT), "a"), None),
        (ValueError("unforeseen"), None),
    ],
)
def test_faults_of_disks_are_told_from_others(error, told):
    sentence = disk_fault(error)
    assert sentence is None if told is None else sentence.startswith(told)


def test_a_log_that_cannot_be_opened_ends_in_a_sentence(tmp_path):
    (tmp_path / "logs").write_text("a file, where a folder should be")
    with pytest.raises(SystemExit) as ended, logged(str(tmp_path / "logs/job.log")):
        pass
    assert str(ended.value.code).startswith("Error: ") and "cannot be written" in ended.value.code


# Whole outputs


def test_files_take_their_names_once_all_are_written(tmp_path):
    targets = tmp_path / "a.csv", tmp_path / "sub/b.csv"
    with whole(*targets) as (first, second):
        first.write_text("1")
        second.write_text("2")
        assert not any(target.exists() for target in targets)
    assert [target.read_text() for target in targets] == ["1", "2"]
    assert names(tmp_path) == {"a.csv", "sub", "b.csv"}


def test_the_ending_stays_for_writers_that_go_by_it(tmp_path):
    with whole(tmp_path / "table.csv.gz") as (path,):
        assert path.name.endswith("table.csv.gz")
        path.write_text("x")


def test_targets_may_be_text(tmp_path):
    with whole(f"{tmp_path}/a.csv") as (path,):
        path.write_text("1")
    assert (tmp_path / "a.csv").read_text() == "1"


def test_an_earlier_file_is_replaced(tmp_path):
    (tmp_path / "a.csv").write_text("earlier")
    with whole(tmp_path / "a.csv") as (path,):
        path.write_text("now")
    assert (tmp_path / "a.csv").read_text() == "now"


def test_an_earlier_folder_is_replaced_with_nothing_of_it_left(tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "old.bin").write_text("earlier")
    with whole(target) as (path,):
        path.mkdir()
        (path / "new.bin").write_text("now")
    assert names(tmp_path) == {"model", "new.bin"}


@pytest.mark.parametrize("error", [ValueError, UserError, KeyboardInterrupt, SystemExit])
def test_earlier_results_stay_and_nothing_half_written_is_left_when_writing_fails(tmp_path, error):
    (tmp_path / "a.csv").write_text("earlier")
    with pytest.raises(error), whole(tmp_path / "a.csv", tmp_path / "model") as (first, second):
        first.write_text("half")
        second.mkdir()
        (second / "half.bin").write_text("half")
        raise error
    assert (tmp_path / "a.csv").read_text() == "earlier"
    assert names(tmp_path) == {"a.csv"}


def test_scratch_stays_until_the_results_have_their_names(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(FileNotFoundError), whole(tmp_path / "a.csv", scratch=scratch):
        pass
    assert scratch.exists()
    with whole(tmp_path / "a.csv", scratch=scratch) as (path,):
        path.write_text("a", encoding="utf-8")
        assert scratch.exists()
    assert not scratch.exists()


def test_leftovers_of_a_killed_job_do_not_get_into_the_next(tmp_path):
    with whole(tmp_path / "model") as (path,):
        left = path
        path.mkdir()
    left.mkdir()
    (left / "leftover.bin").write_text("half")
    with whole(tmp_path / "model") as (path,):
        assert not path.exists()
        path.mkdir()
    assert names(tmp_path) == {"model"}


def test_earlier_results_all_stay_if_one_target_was_not_written(tmp_path):
    targets = tmp_path / "a.csv", tmp_path / "b.csv"
    for target in targets:
        target.write_text("earlier")
    with pytest.raises(FileNotFoundError), whole(*targets) as (first, _):
        first.write_text("now")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "a.csv": "earlier",
        "b.csv": "earlier",
    }


def test_a_job_writes_whole_files_and_says_that_it_failed(tmp_path):
    log, target = tmp_path / "job.log", tmp_path / "a.csv"
    with pytest.raises(SystemExit), logged(str(log)), whole(target) as (path,):
        path.write_text("half")
        raise UserError("bad row")
    assert log.read_text() == ("Error: bad row\nNothing was written; earlier results are kept.\n")
    assert names(tmp_path) == {"job.log"}
