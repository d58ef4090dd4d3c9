import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.clca.resumable import in_parts
from culturalign.clca.roleplay import planned, simulate
from culturalign.config.clca import Roleplay
from tests.unit.clca.stage import CARD, PROMPTS, Script, scenario


class Stopped(Exception):
    pass


def worker(done, stop_before=None):
    def work(items):
        if stop_before in items:
            raise Stopped
        done.extend(items)
        return [{"item": item} for item in items]

    return work


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 11))
def test_an_interruption_anywhere_loses_nothing_and_does_nothing_twice(
    tmp_path_factory, n, size, stop
):
    scratch, done, items = tmp_path_factory.mktemp("parts") / "s", [], list(range(n))
    try:
        in_parts(items, size, worker(done, stop), scratch=scratch, fingerprint="a")
    except Stopped:
        assert stop < n
    rows = in_parts(items, size, worker(done), scratch=scratch, fingerprint="a")
    assert rows == [{"item": item} for item in items]
    assert done == items


def test_parts_of_other_work_are_not_taken(tmp_path):
    done = []
    in_parts([1, 2], 1, worker(done), scratch=tmp_path / "s", fingerprint="a")
    in_parts([1, 2], 1, worker(done), scratch=tmp_path / "s", fingerprint="b")
    assert done == [1, 2, 1, 2]


def test_parts_of_another_size_are_not_taken(tmp_path):
    in_parts([1, 2, 3], 1, worker([]), scratch=tmp_path / "s", fingerprint="a")
    rows = in_parts([1, 2, 3], 2, worker([]), scratch=tmp_path / "s", fingerprint="a")
    assert [row["item"] for row in rows] == [1, 2, 3]


def test_a_part_cut_off_while_it_was_written_is_done_again(tmp_path):
    done = []
    in_parts([1], 1, worker(done), scratch=tmp_path, fingerprint="a")
    (tmp_path / "0000000.jsonl").rename(tmp_path / ".partial-0000000.jsonl")
    assert in_parts([1], 1, worker(done), scratch=tmp_path, fingerprint="a") == [{"item": 1}]
    assert done == [1, 1]


@pytest.mark.parametrize("calls", range(1, 12))
def test_a_simulation_killed_at_any_call_ends_with_the_same_transcripts(tmp_path, calls):
    options = Roleplay(model="m", per_scenario=2, turns=4, together=2)
    scenarios = [scenario(name) for name in ("us-a", "us-b", "us-c")]

    def run(scratch, most=None):
        asked = 0

        def answer(messages, seed):
            return f"SPEAK: {seed} {len(messages)}" if seed % 5 else "LEAVE"

        script = Script(answer)

        def ask(chats, seed, *, again):
            nonlocal asked
            asked += 1
            if asked == most:
                raise Stopped
            return script(chats, seed, again=again)

        def work(dialogues):
            simulate(dialogues, ask, CARD, PROMPTS, options)
            return [dialogue.record("en") for dialogue in dialogues]

        return in_parts(planned(scenarios, options), options.together, work,
                        scratch=scratch, fingerprint="a")  # fmt: skip

    whole = run(tmp_path / "whole")
    with contextlib.suppress(Stopped):
        run(tmp_path / "cut", calls)
    assert run(tmp_path / "cut") == whole
    assert len({row["id"] for row in whole}) == len(whole) == 6
