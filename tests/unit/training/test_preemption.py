import os
import signal

import pytest

from culturalign.training.preemption import Pace, paced


class Clock:
    """Seconds that a test sets."""

    now = 1000.0

    def __call__(self):
        return self.now


def test_a_checkpoint_is_due_after_the_minutes_and_counts_anew_from_it():
    clock = Clock()
    pace = Pace(30, clock)
    clock.now += 30 * 60 - 1
    assert not pace.due()
    clock.now += 1
    assert pace.due() and not pace.stop
    pace.saved()
    assert not pace.due()


def test_sigterm_is_noted_and_does_not_kill():
    with paced(30) as pace:
        assert not pace.due()
        os.kill(os.getpid(), signal.SIGTERM)
        assert pace.stop and pace.due()
        pace.saved()
        assert pace.due()  # until the process has left


def test_the_earlier_handling_comes_back_even_after_an_error():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(ValueError), paced(30):
        assert signal.getsignal(signal.SIGTERM) is not before
        raise ValueError
    assert signal.getsignal(signal.SIGTERM) is before


def test_leaving_tells_how_far_the_run_was_and_is_no_success(capsys):
    with pytest.raises(SystemExit) as ended:
        Pace(30).leave("step 40 of 200")
    assert ended.value.code == 143
    assert "step 40 of 200" in capsys.readouterr().err
