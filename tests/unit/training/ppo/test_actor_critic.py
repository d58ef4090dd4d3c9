import json

import pytest
import torch
from peft import PeftModel

from culturalign.config.adapters import Lora
from culturalign.config.ppo import Ppo
from culturalign.training.batches import collate
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.token_scores import score_tokens, score_values
from culturalign.training.tokenization import Encoded
from tests import tiny

OPTIONS = Ppo(kind="ppo", lora=Lora(rank=2, alpha=4))
SAMPLES = [Encoded((1, 2, 3, 4, 5), (6, 7, 0)), Encoded((1, 2, 3, 9), (8,))]
BATCH = collate(SAMPLES, pad=0, window=None)


def roles(start=None):
    torch.manual_seed(1)
    found = Roles(tiny.build_model(), OPTIONS, start)
    for name, parameter in found.trained().items():
        if "lora_B" in name:  # zero at first, so that an adapter does nothing
            torch.nn.init.normal_(parameter, std=0.1)
    return found


def log_probs(found, role, batch=BATCH):
    with found.active(role):
        return score_tokens(found.model, batch)[0]


def test_log_probabilities_are_those_of_the_plain_model_one_sequence_at_a_time():
    found = roles()
    ours = log_probs(found, "reference")
    model = tiny.build_model()
    for row, sample in enumerate(SAMPLES):
        ids = torch.tensor([[*sample.prompt, *sample.completion]])
        logs = model(input_ids=ids).logits[0, :-1].log_softmax(-1)
        start, n = len(sample.prompt) - 1, len(sample.completion)
        expected = logs[range(start, start + n), list(sample.completion)]
        torch.testing.assert_close(ours[row, -n:], expected, rtol=1e-4, atol=1e-5)
        assert ours[row, : 3 - n].tolist() == [0.0] * (3 - n)


def test_the_reference_is_the_base_a_fresh_policy_is_its_reference_and_trained_roles_differ():
    torch.manual_seed(1)
    fresh, found = Roles(tiny.build_model(), OPTIONS), roles()
    policy, reference, critic = (log_probs(found, r) for r in ("policy", "reference", "critic"))
    torch.testing.assert_close(log_probs(fresh, "reference"), reference)
    torch.testing.assert_close(log_probs(fresh, "policy"), reference)
    assert not torch.allclose(policy, reference) and not torch.allclose(policy, critic)


@pytest.mark.parametrize("last", ["policy", "reference", "critic"])
def test_after_any_role_both_adapters_can_be_trained_and_the_base_cannot(last):
    found = roles()
    with found.active(last):
        pass
    assert all(p.requires_grad for p in found.trained().values())
    trained = set(map(id, found.trained().values()))
    assert not any(p.requires_grad for p in found.model.parameters() if id(p) not in trained)


@pytest.mark.parametrize("role", ["policy", "critic"])
def test_a_role_s_loss_reaches_its_own_parameters_and_no_others(role):
    found = roles()
    with found.active("critic"):
        pass
    with found.active(role):
        if role == "policy":
            loss = score_tokens(found.model, BATCH)[0].sum()
        else:
            loss = score_values(found.model, found.head, BATCH).sum()
        loss.backward()
    policy, critic = (set(map(id, found.parameters(each))) for each in ("policy", "critic"))
    assert not policy & critic
    own = policy if role == "policy" else critic
    for name, parameter in found.trained().items():
        assert (parameter.grad is not None) == (id(parameter) in own), name


def test_recomputing_layers_changes_no_gradient():
    def gradient(recompute):
        found = roles()
        if recompute:
            base = found.model.get_base_model()
            base.gradient_checkpointing_enable({"use_reentrant": False})
            found.model.train()
        with found.active("policy"):
            score_tokens(found.model, BATCH, recompute=recompute)[0].sum().backward()
        return torch.cat([p.grad.flatten() for p in found.parameters("policy")])

    torch.testing.assert_close(gradient(True), gradient(False), rtol=1e-4, atol=1e-6)


def test_logits_in_pieces_are_logits_at_once(monkeypatch):
    found = roles()

    def scores():
        found.model.zero_grad()
        with found.active("policy"):
            logs, entropy = score_tokens(found.model, BATCH, temperature=0.7, learn_entropy=True)
            (logs.sum() + entropy.sum()).backward()
        return logs, entropy, torch.cat([p.grad.flatten() for p in found.parameters("policy")])

    whole = scores()
    one_token = 260
    monkeypatch.setattr("culturalign.training.ppo.token_scores.LOGITS_AT_ONCE", one_token)
    for pieces, together in zip(scores(), whole, strict=True):
        torch.testing.assert_close(pieces, together, rtol=1e-4, atol=1e-6)


def test_the_saved_policy_is_an_ordinary_adapter_without_critic_or_value_head(tmp_path):
    found = roles()
    found.save_policy(tmp_path, "some/model")
    settings = json.loads((tmp_path / "adapter_config.json").read_text())
    assert settings["base_model_name_or_path"] == "some/model"
    assert not settings["modules_to_save"]
    assert {p.name for p in tmp_path.iterdir()} >= {"adapter_model.safetensors"}
    assert not [p for p in tmp_path.iterdir() if p.is_dir()]
    loaded = PeftModel.from_pretrained(tiny.build_model(), tmp_path)
    assert not [n for n, _ in loaded.named_parameters() if "critic" in n or "value" in n]
    ids = torch.tensor([[1, 2, 3]])
    with found.active("policy"):
        torch.testing.assert_close(loaded(input_ids=ids).logits, found.model(input_ids=ids).logits)


def test_a_policy_that_starts_from_an_adapter_keeps_it_as_its_reference(tmp_path):
    first = roles()
    first.save_policy(tmp_path, "x")
    torch.manual_seed(2)
    found = Roles(tiny.build_model(), OPTIONS, tmp_path)
    start = log_probs(first, "policy")
    torch.testing.assert_close(log_probs(found, "policy"), start)
    torch.testing.assert_close(log_probs(found, "reference"), start)
    with torch.no_grad():
        for parameter in found.parameters("policy"):
            parameter.add_(0.1)
    torch.testing.assert_close(log_probs(found, "reference"), start)
    assert not torch.allclose(log_probs(found, "policy"), start)
    assert not any("reference" in name for name in found.trained())


def test_the_dropout_of_the_adapter_it_starts_from_makes_no_step_random(tmp_path):
    first = roles()
    first.model.peft_config["default"].lora_dropout = 0.5
    first.save_policy(tmp_path, "x")
    found = Roles(tiny.build_model(), OPTIONS, tmp_path)
    still = log_probs(found, "policy")
    found.model.train()  # as where activations are computed again
    for role in ("policy", "critic"):
        assert torch.equal(log_probs(found, role), log_probs(found, role))
    torch.testing.assert_close(log_probs(found, "policy"), still)


def test_generating_leaves_the_fp32_weights_as_they_were():
    torch.manual_seed(1)
    found = Roles(tiny.build_model().to(torch.bfloat16), OPTIONS)
    before = [p.detach().clone() for p in found.parameters("policy")]
    assert {p.dtype for p in before} == {torch.float32}
    with found.generating():
        assert {p.dtype for p in found.parameters("policy")} == {torch.bfloat16}
    assert all(map(torch.equal, before, found.parameters("policy")))
