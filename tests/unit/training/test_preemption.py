import os
import signal
from types import SimpleNamespace

import pytest

from culturalign.training.preemption import CheckpointTimer, preemptible


def test_a_checkpoint_is_due_after_the_minutes_and_counts_anew_after_it():
    clock = SimpleNamespace(now=1000.0)
    timer = CheckpointTimer(30, lambda: clock.now)
    clock.now += 30 * 60 - 1
    assert not timer.due()
    clock.now += 1
    assert timer.due() and not timer.preempted
    timer.reset()
    assert not timer.due()


def test_sigterm_is_recorded_and_does_not_kill():
    with preemptible(30) as timer:
        assert not timer.due()
        os.kill(os.getpid(), signal.SIGTERM)
        assert timer.preempted and timer.due()
        timer.reset()
        assert timer.due()  # until the process exits


def test_the_earlier_handler_is_restored_even_after_an_error():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(ValueError), preemptible(30):
        assert signal.getsignal(signal.SIGTERM) is not before
        raise ValueError
    assert signal.getsignal(signal.SIGTERM) is before


def test_exiting_reports_the_progress_and_is_not_a_success(capsys):
    with pytest.raises(SystemExit) as ended:
        CheckpointTimer(30).exit("step 40 of 200")
    assert ended.value.code == 143
    assert "step 40 of 200" in capsys.readouterr().err
