import json

from culturalign.training.checkpoints import MARKER, fingerprint, last_complete, remove_others


def checkpoint(scratch, step, content):
    folder = scratch / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / MARKER).write_text(content)
    return folder


def test_the_newest_whole_checkpoint_of_the_same_run_is_chosen(tmp_path):
    mine = json.dumps({"fingerprint": "a"})
    checkpoint(tmp_path, 5, mine)
    newest = checkpoint(tmp_path, 10, mine)
    checkpoint(tmp_path, 15, None)  # killed before the mark
    checkpoint(tmp_path, 20, '{"finger')  # killed while the mark was written
    checkpoint(tmp_path, 25, json.dumps({"fingerprint": "b"}))
    assert last_complete(tmp_path, "a") == newest
    assert last_complete(tmp_path, "c") is None


def test_checkpoints_of_other_runs_and_unfinished_ones_are_removed(tmp_path):
    mine = checkpoint(tmp_path, 5, json.dumps({"fingerprint": "a"}))
    checkpoint(tmp_path, 10, None)
    checkpoint(tmp_path, 15, '{"finger')
    checkpoint(tmp_path, 20, json.dumps({"fingerprint": "b"}))
    remove_others(tmp_path, "a")
    assert list(tmp_path.iterdir()) == [mine]
    remove_others(tmp_path / "absent", "a")


def test_a_fingerprint_changes_with_options_and_with_the_content_of_inputs(tmp_path):
    file = tmp_path / "train.jsonl"
    file.write_text("one")
    first = fingerprint({"rate": 1, "seed": 0}, [file])
    assert fingerprint({"seed": 0, "rate": 1}, [file]) == first
    assert fingerprint({"rate": 2, "seed": 0}, [file]) != first
    file.write_text("two")
    assert fingerprint({"rate": 1, "seed": 0}, [file]) != first
