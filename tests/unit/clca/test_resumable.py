import contextlib

from hypothesis import given
from hypothesis import strategies as st

from culturalign.clca.resumable import in_parts


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
    scratch, done, items = tmp_path_factory.mktemp("parts"), [], list(range(n))

    def rows(*given):
        return in_parts(items, size, worker(done, *given), scratch=scratch / "s", fingerprint="a")

    with contextlib.suppress(Stopped):
        assert rows(stop) and stop >= n
    assert rows() == [{"item": item} for item in items]
    assert done == items


def test_a_part_cut_off_while_it_was_written_is_done_again(tmp_path):
    done = []
    in_parts([1], 1, worker(done), scratch=tmp_path, fingerprint="a")
    (tmp_path / "0000000.jsonl").rename(tmp_path / ".partial-0000000.jsonl")
    assert in_parts([1], 1, worker(done), scratch=tmp_path, fingerprint="a") == [{"item": 1}]
    assert done == [1, 1]
