import pytest

from snakemake_logger_plugin_brief.progress import SECONDS, Progress, clock, roughly

TRAINING = SECONDS["train_sft"]


def test_work_is_weighted_by_the_processor_time_of_its_rule():
    progress = Progress({"train_sft": 2, "score_mcq": 10}, cores=2)
    assert progress.total == 2 * TRAINING + 10
    progress.running = {0: ("train_sft", 0.0), 1: ("score_mcq", 0.0)}
    progress.finish(0)
    progress.finish(1)
    assert progress.done == TRAINING + 1


def test_the_time_left_is_not_told_before_a_fifth_of_the_work_is_done():
    """At the demo's pace 1000 jobs would take 500 s; these took 10 minutes for 199."""
    progress = Progress({"score_mcq": 1000}, cores=2, done=199)
    assert progress.left(0.0) is None and progress.left(600.0) is None
    progress.done = 200
    assert progress.left(600.0) == pytest.approx((1200 + 60) / (200 + 60) * 800 / 2)


def test_the_work_left_is_shared_by_the_cores():
    progress = Progress({"score_mcq": 100}, cores=2, done=50)
    assert progress.left(25.0) == pytest.approx(25.0)


def test_a_machine_at_half_the_speed_is_noticed():
    progress = Progress({"score_mcq": 1000}, cores=1, done=500)
    at_speed, at_half = progress.left(500.0), progress.left(1000.0)
    assert at_speed == pytest.approx(500.0)
    assert at_half == pytest.approx(500 * (1000 + 60) / (500 + 60))


def test_running_jobs_count_in_part_but_are_never_done():
    progress = Progress({"train_sft": 1}, cores=1, running={0: ("train_sft", 10.0)})
    assert progress.work(40.0) == 30.0
    assert progress.work(1e6) == 0.9 * TRAINING


def test_times_in_words():
    assert (clock(65.9), clock(5)) == ("1:05", "0:05")
    assert (roughly(30), roughly(400)) == ("about a minute left", "about 7 min left")
