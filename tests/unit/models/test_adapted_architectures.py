"""Adapters of real architectures: through plain peft and back, and one update of PPO by hand."""

import copy

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model

from culturalign.config.adapters import Lora
from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.models import loading
from culturalign.training.ppo.actor_critic import Roles
from culturalign.training.ppo.environment import Score
from culturalign.training.ppo.experience import make_experience
from culturalign.training.ppo.learner import Learner
from culturalign.training.ppo.ppo_training import estimate_advantages
from culturalign.training.ppo.rollout import sample_responses
from tests import tiny
from tests.unit.models.test_architectures import CONFIGS, build, encoded, plain_logits

OPTIONS = Ppo(
    kind="ppo", lora=Lora(rank=2, alpha=4), lora_actor_learning_rate=0.5,
    lora_critic_learning_rate=0.25, micro_train_batch=3, train_batch=6, micro_rollout_batch=4,
    rollout_batch=24,
    generation_max_length=12, gradient_checkpointing=False, epochs=1, max_grad_norm=0.3,
    gamma=0.9, lambd=0.8, init_kl_coef=0.3, temperature=1.0, whiten=True,
)  # fmt: skip
SAMPLES = encoded()
REWARDS = [0.5, -1.0, 0.25, 1.0, 0.0, -0.5]
ALL = pytest.mark.parametrize("name", CONFIGS)


def moved(model):
    """Adapters that change something: B is zero at first."""
    torch.manual_seed(1)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.normal_(std=0.05)
    return model


def roles_of(name) -> Roles:
    torch.manual_seed(2)
    roles = Roles(build(name), OPTIONS)
    moved(roles.model).eval()
    return roles


def prompt_logits(model):
    return torch.stack([plain_logits(model, sample.prompt)[-1] for sample in SAMPLES])


@ALL
def test_our_adapter_has_our_logits_in_plain_peft(name, tmp_path):
    roles = roles_of(name)
    ours = prompt_logits(roles.model)
    roles.save_policy(tmp_path / "adapter", "somewhere/base")
    plain = PeftModel.from_pretrained(build(name), tmp_path / "adapter").eval()
    torch.testing.assert_close(prompt_logits(plain), ours, atol=1e-5, rtol=1e-5)
    assert (prompt_logits(build(name)) - ours).abs().max() > 0.01


@ALL
def test_an_adapter_of_plain_peft_has_its_logits_with_us(name, tmp_path):
    base = build(name)
    base.save_pretrained(tmp_path / "base")
    tiny.build_tokenizer().save_pretrained(tmp_path / "base")
    plain = moved(get_peft_model(base, LoraConfig(r=3, lora_alpha=5, target_modules="all-linear")))
    plain.eval().save_pretrained(tmp_path / "adapter")
    options = Model(label="T", source=str(tmp_path / "base"), precision="fp32")
    ours = loading.load_model(options, None, tmp_path / "adapter")
    expected = prompt_logits(plain)
    torch.testing.assert_close(prompt_logits(ours), expected, atol=1e-5, rtol=1e-5)


def token_log_probs(model, sample):
    logits = model(torch.tensor([(*sample.prompt, *sample.completion)])).logits[0]
    logs = logits[len(sample.prompt) - 1 : -1].log_softmax(-1)
    return logs.gather(-1, torch.tensor(sample.completion)[:, None])[:, 0]


def token_values(roles, sample):
    ids = torch.tensor([(*sample.prompt, *sample.completion)])
    states = roles.model(ids, output_hidden_states=True).hidden_states[-1][0]
    return roles.head(states[len(sample.prompt) - 1 : -1])[:, 0]


def generalized_advantages(values, rewards):
    """Schulman et al. 2016, equation 16, term by term."""
    steps = len(rewards)
    after = [*values[1:], 0.0]
    deltas = [rewards[t] + OPTIONS.gamma * after[t] - values[t] for t in range(steps)]
    decay = OPTIONS.gamma * OPTIONS.lambd
    return [sum(decay ** (u - t) * deltas[u] for u in range(t, steps)) for t in range(steps)]


def plain_update(roles):
    """Gradients of one update, a sample at a time, each clipped over its role's parameters."""
    with torch.no_grad():
        with roles.active("policy"):
            old = [token_log_probs(roles.model, sample) for sample in SAMPLES]
        with roles.active("reference"):
            reference = [token_log_probs(roles.model, sample) for sample in SAMPLES]
        with roles.active("critic"):
            values = [token_values(roles, sample) for sample in SAMPLES]
    advantages, returns = [], []
    for policy, base, value, reward in zip(old, reference, values, REWARDS, strict=True):
        rewards = [-OPTIONS.init_kl_coef * float(kl) for kl in policy - base]
        rewards[-1] += reward
        found = generalized_advantages(value.tolist(), rewards)
        advantages.append(torch.tensor(found))
        returns.append(torch.tensor(found) + value)
    flat = torch.cat(advantages)
    mean, deviation, tokens = flat.mean(), flat.std(correction=0), len(flat)
    with roles.active("policy"):
        # at the first step the ratio of the policies is 1, and nothing is clipped
        loss = sum(
            -(token_log_probs(roles.model, sample) * (advantage - mean) / deviation).sum() / tokens
            for sample, advantage in zip(SAMPLES, advantages, strict=True)
        )
        loss.backward()
    with roles.active("critic"):
        loss = sum(
            0.5 * ((token_values(roles, sample) - target) ** 2).sum() / tokens
            for sample, target in zip(SAMPLES, returns, strict=True)
        )
        loss.backward()
    for role in ("policy", "critic"):
        gradients = [p.grad for p in roles.parameters(role)]
        norm = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
        for gradient in gradients:
            gradient *= min(1.0, OPTIONS.max_grad_norm / float(norm))
    return [{n: p.grad.clone() for n, p in roles.trained().items()}, float(norm)]


@ALL
def test_one_update_of_ppo_is_that_of_plain_passes(name):
    roles = roles_of(name)
    expected, _ = plain_update(roles_of(name))
    before = {n: p.detach().clone() for n, p in roles.trained().items()}
    experience = make_experience(roles, SAMPLES, OPTIONS, pad=0, most=OPTIONS.micro_batch_tokens)
    scores = [Score(reward, True, complete=True) for reward in REWARDS]
    found = estimate_advantages(experience, scores, OPTIONS, OPTIONS.init_kl_coef)
    learner = Learner(roles, OPTIONS, pad=0, warmup=0)
    # plain descent in place of Adam, whose first step shows only the signs of gradients
    learner.optimizers = {
        role: torch.optim.SGD(roles.parameters(role)) for role in ("policy", "critic")
    }
    learned = learner.learn(experience, *found, seed="0")
    assert learned["policy_grad_norm"] > 0 and learner.steps == 1
    rates = {".default.": 0.5, ".critic.": 0.25, "value_head": 0.25}
    for parameter, value in roles.trained().items():
        rate = next(rate for part, rate in rates.items() if part in parameter)
        step = (before[parameter] - value.detach()) / rate
        torch.testing.assert_close(step, expected[parameter], atol=2e-5, rtol=2e-3)
    assert max(float(gradient.abs().max()) for gradient in expected.values()) > 0.01


@ALL
def test_every_stop_token_ends_a_response_of_ppo(name):
    torch.manual_seed(3)
    stops = frozenset(range(100, 140))
    prompts = [sample.prompt for sample in SAMPLES] * 4
    model = copy.deepcopy(build(name))
    found = sample_responses(model, prompts, OPTIONS, stops=stops, pad=0)
    for response in found:
        assert not stops & set(response[:-1])
        assert response[-1] in stops or len(response) == OPTIONS.generation_max_length
    assert len({response[-1] for response in found} & stops) > 3
