import os
import signal
from functools import partial
from pathlib import Path

import pytest
import torch
from peft import get_peft_model
from torch.nn.functional import cross_entropy

from culturalign.config.adapters import Lora
from culturalign.config.sft import Examples, Sft
from culturalign.errors import UserError
from culturalign.models.lora import lora_config
from culturalign.training import grouped_attention, sft_trainer
from culturalign.training.batches import collate
from culturalign.training.lora_layers import FusedLinear
from culturalign.training.sft_trainer import completion_loss, train, training_log
from culturalign.training.tokenization import Encoded
from tests import tiny

OPTIONS = Sft(
    kind="sft",
    lora=Lora(rank=2, alpha=4),
    examples=Examples(),
    learning_rate=0.01,
    epochs=2,
    global_batch=4,
    micro_batch=4,
    micro_batch_tokens=1000,
    checkpoint_steps=2,
)


def encoded(index: int) -> Encoded:
    prompt = (1, 2, 3, 4, 5, 20 + index)
    return Encoded(prompt, tuple(range(40, 43 + index % 3)) + (0,), (1, 5))


EXAMPLES = [encoded(index) for index in range(8)]


def adapted() -> torch.nn.Module:
    model = get_peft_model(tiny.build_model(), lora_config(OPTIONS.lora, 2))
    torch.manual_seed(1)
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    return model


def plain_loss(model: torch.nn.Module, example: Encoded) -> torch.Tensor:
    """The definition, one example, all logits, no prefix sharing."""
    ids = torch.tensor([[*example.prompt, *example.completion]])
    logs = model(input_ids=ids).logits[0, :-1].log_softmax(-1)
    targets = ids[0, 1:]
    start = len(example.prompt) - 1
    return -logs[range(start, len(targets)), targets[start:]].sum()


def gradient(model: torch.nn.Module, loss: torch.Tensor) -> torch.Tensor:
    model.zero_grad()
    loss.backward()
    return torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


def test_the_batched_loss_and_its_gradient_are_those_of_the_definition():
    model = adapted()
    batch = collate(EXAMPLES, pad=0, window=None)
    assert batch["prefix_ids"].shape[1] == 5  # the prefix is shared indeed
    ours = completion_loss(model, batch)
    defined = sum(plain_loss(model, example) for example in EXAMPLES)
    torch.testing.assert_close(ours, defined, rtol=1e-5, atol=0)
    gradients = gradient(model, ours), gradient(model, defined)
    torch.testing.assert_close(*gradients, rtol=1e-4, atol=1e-5)


def options(**changes) -> Sft:
    return OPTIONS.model_copy(update=changes)


def run(scratch: Path, chosen: Sft = OPTIONS, seed: int = 0, key: str = "a", model=None):
    return train(
        model or tiny.build_model(),
        EXAMPLES,
        EXAMPLES[:2],
        chosen,
        pad=0,
        seed=seed,
        scratch=scratch,
        fingerprint=key,
    )


def weights(model: torch.nn.Module) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters() if p.requires_grad])


def test_training_is_that_of_peft_transformers_and_pytorch(tmp_path, monkeypatch):
    """Its layers, attention, and loss are faster, and the weights the same to 1e-5."""
    ours, _, _ = run(tmp_path / "ours")
    assert any(isinstance(layer, FusedLinear) for layer in ours.modules())
    assert ours.config._attn_implementation == grouped_attention.NAME
    monkeypatch.setattr(sft_trainer, "fuse", lambda model: None)
    monkeypatch.setattr(grouped_attention, "choose", lambda m: m.set_attn_implementation("eager"))
    monkeypatch.setattr(
        sft_trainer.TokenLoss, "apply", partial(cross_entropy, ignore_index=-100, reduction="sum")
    )
    plain, _, _ = run(tmp_path / "plain")
    assert not any(isinstance(layer, FusedLinear) for layer in plain.modules())
    assert (weights(ours) - weights(adapted())).abs().max() > 0.01
    torch.testing.assert_close(weights(ours), weights(plain), rtol=0, atol=1e-5)


def test_micro_batches_do_not_change_the_training(tmp_path):
    whole, _, _ = run(tmp_path / "a")
    cut, _, facts = run(tmp_path / "b", options(micro_batch=1))
    assert facts["steps"] == 4
    torch.testing.assert_close(weights(whole), weights(cut), rtol=1e-4, atol=1e-5)


def test_memory_that_runs_out_does_not_change_the_training(tmp_path, monkeypatch):
    chosen = options(micro_batch=2)  # two micro-batches a step
    whole, _, _ = run(tmp_path / "a", chosen)
    sizes: list[int] = []

    def scarce(model, batch):
        sizes.append(len(batch["input_ids"]))
        loss = completion_loss(model, batch)
        if len(sizes) == 3:
            loss.backward()  # what it has added to the gradients by then must not count
            raise torch.OutOfMemoryError
        return loss

    monkeypatch.setattr(sft_trainer, "completion_loss", scarce)
    cut, _, facts = run(tmp_path / "b", chosen)
    assert sizes[:3] == [2, 2, 2] and facts["micro_batch_tokens"] < 1000
    torch.testing.assert_close(weights(whole), weights(cut), rtol=0, atol=1e-7)


@pytest.mark.parametrize(("dropout", "room", "left"), [(0.5, 19, 1000), (0.0, 15, 15)])
def test_the_largest_micro_batch_is_tried_first_and_changes_nothing(
    tmp_path, monkeypatch, dropout, room, left
):
    chosen = options(lora=Lora(rank=2, alpha=4, dropout=dropout), micro_batch=2)
    whole, _, _ = run(tmp_path / "a", chosen)
    sizes: list[int] = []

    def scarce(model, batch):
        sizes.append(batch["prefix_ids"].numel() + batch["input_ids"].numel())
        loss = completion_loss(model, batch)
        if sizes[-1] > room:
            loss.backward()  # what it leaves in the gradients must not count
            raise torch.OutOfMemoryError
        return loss

    monkeypatch.setattr(sft_trainer, "completion_loss", scarce)
    monkeypatch.setattr(sft_trainer, "may_run_out", lambda device: True)
    tried, _, facts = run(tmp_path / "b", chosen)
    # Micro-batches of 5 shared tokens and two rows of 5, 6 or 7: 15, 17 or 19
    assert sizes[0] == 19 and facts["micro_batch_tokens"] == left
    if room < 19:  # the training itself never starts one that does not fit
        assert max(sizes[sizes.index(12) :]) <= room
    torch.testing.assert_close(weights(whole), weights(tried), rtol=0, atol=1e-6)


def test_memory_that_runs_out_in_validation_does_not_change_its_loss(tmp_path, monkeypatch):
    _, whole, _ = run(tmp_path / "a")

    def scarce(model, batch):
        if not torch.is_grad_enabled() and len(batch["input_ids"]) > 1:
            raise torch.OutOfMemoryError
        return completion_loss(model, batch)

    monkeypatch.setattr(sft_trainer, "completion_loss", scarce)
    _, cut, facts = run(tmp_path / "b")
    assert facts["micro_batch_tokens"] < 1000
    assert cut[-1]["validation_loss"] == pytest.approx(whole[-1]["validation_loss"], abs=1e-6)


def test_validation_cues_are_read_once_a_pass(tmp_path, monkeypatch):
    read = []

    def counted(model, batch):
        if not torch.is_grad_enabled():
            read.append(len(batch["input_ids"]))
        return completion_loss(model, batch)

    monkeypatch.setattr(sft_trainer, "completion_loss", counted)
    _, log, _ = run(tmp_path)  # two passes of two steps, two validation cues
    assert [row["step"] for row in log if "validation_loss" in row] == [2, 4]
    assert sum(read) == 4


def test_an_example_that_does_not_fit_alone_ends_the_training(tmp_path, monkeypatch):
    def never(*_):
        raise torch.OutOfMemoryError

    monkeypatch.setattr(sft_trainer, "completion_loss", never)
    with pytest.raises(UserError, match=r"an example of 1[012] tokens does not fit"):
        run(tmp_path)


def test_training_lowers_the_loss_and_logs_every_step(tmp_path):
    _, log, facts = run(tmp_path, options(epochs=10.0))
    losses = [row["loss"] for row in log if "loss" in row]
    assert len(losses) == facts["steps"] == 20
    assert losses[-1] < losses[0]
    assert "validation_loss" in log[-1]


def test_equal_seeds_give_equal_adapters_and_another_seed_another_one(tmp_path):
    first, second, other = (run(tmp_path / n, seed=s)[0] for n, s in (("a", 0), ("b", 0), ("c", 1)))
    assert torch.equal(weights(first), weights(second))
    assert not torch.equal(weights(first), weights(other))


@pytest.mark.parametrize("ratio", [1.0, 16.0])
def test_a_run_resumed_from_its_checkpoint_ends_like_an_uninterrupted_one(tmp_path, ratio):
    chosen = options(lora_plus_ratio=ratio)
    whole, log, _ = run(tmp_path / "a", chosen)
    run(tmp_path / "b", chosen)
    # As if killed after step 2: the later checkpoint is gone, a half-written one is left.
    for path in (tmp_path / "b/checkpoint-4").iterdir():
        path.unlink() if path.name != "trainer_state.json" else None
    resumed, resumed_log, facts = run(tmp_path / "b", chosen)
    assert facts["resumed_from_step"] == 2
    assert torch.equal(weights(whole), weights(resumed))
    assert log == resumed_log


def adapters(model: torch.nn.Module, part: str) -> torch.Tensor:
    found = [p.detach().flatten() for name, p in model.named_parameters() if part in name]
    return torch.cat(found)


def test_lora_plus_moves_b_by_its_ratio_and_a_as_before(tmp_path):
    """Adam's first step has the length of the rate; B starts at 0, so A has no gradient yet."""
    once = {"epochs": 1, "global_batch": 8, "micro_batch": 8, "warmup_ratio": 0.0}
    plain, _, facts = run(tmp_path / "a", options(**once))
    plus, log, _ = run(tmp_path / "b", options(**once, lora_plus_ratio=16.0))
    assert facts["steps"] == 1 and adapters(plain, "lora_B").abs().max() > 0
    moved = adapters(plain, "lora_B"), adapters(plus, "lora_B")
    torch.testing.assert_close(moved[1], 16 * moved[0], rtol=1e-4, atol=1e-7)
    assert torch.equal(adapters(plain, "lora_A"), adapters(plus, "lora_A"))
    assert log[0]["learning_rate"] == 0.01  # the rate of A


def test_the_log_of_the_job_says_what_will_be_trained(tmp_path, capsys):
    _, _, facts = run(tmp_path)
    assert (facts["examples"], facts["steps"]) == (8, 4)
    printed = capsys.readouterr().err
    # 8 examples twice: 6 tokens of prompt, and 4, 5 or 6 of the target
    length = 2 * sum(6 + len(example.completion) for example in EXAMPLES)
    assert f"Planned: 4 steps of up to 4 of 8 examples; {length} tokens" in printed


def test_a_preempted_run_saves_a_checkpoint_and_ends_like_an_uninterrupted_one(tmp_path):
    chosen = options(checkpoint_steps=100)  # none is planned
    whole, log, _ = run(tmp_path / "a", chosen)
    preempted = tiny.build_model()
    preempted.register_forward_hook(lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as ended:
        run(tmp_path / "b", chosen, model=preempted)
    assert ended.value.code == 143
    resumed, resumed_log, facts = run(tmp_path / "b", chosen)
    assert facts["resumed_from_step"] == 1
    assert torch.equal(weights(whole), weights(resumed))
    assert log == resumed_log


def test_checkpoints_are_written_by_time_too(tmp_path):
    run(tmp_path, options(checkpoint_steps=100, checkpoint_minutes=1e-9))
    assert (tmp_path / "checkpoint-3/complete.json").is_file()  # of 4 steps


def test_checkpoints_of_another_run_are_neither_continued_nor_counted(tmp_path):
    run(tmp_path, options(checkpoint_steps=1), key="a")
    shorter = options(checkpoint_steps=3)  # of 4 steps, and the last
    assert run(tmp_path, shorter, key="b")[2]["resumed_from_step"] == 0
    marks = [path.parent.name for path in tmp_path.glob("checkpoint-*/complete.json")]
    assert sorted(marks) == ["checkpoint-3", "checkpoint-4"]
    assert run(tmp_path, shorter, key="b")[2]["resumed_from_step"] == 4


def test_log_rows_are_joined_by_step():
    history = [
        {"step": 1, "loss": 2.0, "learning_rate": 0.1, "grad_norm": 1.0, "epoch": 0.5},
        {"step": 1, "eval_loss": 1.5, "epoch": 0.5},
        {"step": 1, "train_runtime": 3.0},
    ]
    row = {"step": 1, "loss": 2.0, "learning_rate": 0.1, "grad_norm": 1.0, "validation_loss": 1.5}
    assert training_log(history) == [row]


def test_a_run_of_one_step_learns(tmp_path):
    short = options(epochs=0.5)
    model, log, facts = run(tmp_path, short)
    assert facts["steps"] == 1 and log[0]["learning_rate"] == OPTIONS.learning_rate
    assert any(p.any() for name, p in model.named_parameters() if "lora_B" in name)


def test_a_schedule_that_leaves_no_rate_is_refused(tmp_path):
    idle = options(epochs=0.5, warmup_ratio=1.0)
    with pytest.raises(UserError, match="learning rate was 0 in every step"):
        run(tmp_path, idle)
