import json

from culturalign.training.checkpoints import MARKER, mark_complete, newest_checkpoint


def test_the_newest_complete_checkpoint_of_the_run_is_chosen_and_all_others_removed(tmp_path):
    def checkpoint(step, mark=None):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir(parents=True)
        if mark is not None:
            (folder / MARKER).write_text(mark)
        return folder

    earlier, newest = checkpoint(9), checkpoint(10)
    for folder in (earlier, newest):
        mark_complete(folder, "a")
    checkpoint(15)  # killed before the mark
    checkpoint(20, '{"finger')  # killed while the mark was written
    checkpoint(25, json.dumps({"fingerprint": "b"}))
    assert newest_checkpoint(tmp_path, "a") == newest
    assert set(tmp_path.iterdir()) == {earlier, newest}
    assert newest_checkpoint(tmp_path, "c") is None
    assert newest_checkpoint(tmp_path / "absent", "a") is None
