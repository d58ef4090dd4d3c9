import pytest

from culturalign.training.openrlhf.checkpoint_repair import repair


def saved(folder, role, *steps, latest=None):
    for step in steps:
        (folder / role / f"global_step{step}").mkdir(parents=True)
    if latest is not None:
        (folder / role / "latest").write_text(latest)


def state(folder):
    return {
        role.name: (
            (role / "latest").read_text(),
            sorted(part.name for part in role.iterdir() if part.is_dir()),
        )
        for role in sorted(folder.iterdir())
    }


@pytest.mark.parametrize(
    ("actor", "critic"),
    [
        (((10,), None), ((), None)),  # killed while the policy's first was written
        (((10,), "global_step10"), ((), None)),  # before the critic's first
        (((10,), "global_step10"), ((10,), None)),  # while the critic's first was written
        (((10,), ""), ((10,), "global_step10")),  # while the name was written
        (((20, 30), "global_step30"), ((10,), "global_step10")),  # nothing in common
    ],
)
def test_a_first_checkpoint_that_is_not_whole_is_removed(tmp_path, actor, critic):
    for role, (steps, latest) in (("_actor", actor), ("_critic", critic)):
        saved(tmp_path / "checkpoints", role, *steps, latest=latest)
    repair(tmp_path / "checkpoints")
    assert not (tmp_path / "checkpoints").exists()


def test_both_roles_go_back_to_the_step_that_both_have(tmp_path):
    saved(tmp_path, "_actor", 20, 30, latest="global_step30")
    saved(tmp_path, "_critic", 10, 20, 30, latest="global_step20")
    repair(tmp_path)
    assert state(tmp_path) == {
        "_actor": ("global_step20", ["global_step20"]),
        "_critic": ("global_step20", ["global_step10", "global_step20"]),
    }


def test_whole_checkpoints_stay_and_no_checkpoint_is_no_fault(tmp_path):
    saved(tmp_path, "_actor", 10, 20, latest="global_step20")
    saved(tmp_path, "_critic", 10, 20, latest="global_step20")
    before = state(tmp_path)
    repair(tmp_path)
    assert state(tmp_path) == before
    repair(tmp_path / "none")
