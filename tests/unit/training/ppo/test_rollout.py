import pytest
import torch
from peft import get_peft_model
from transformers import GenerationConfig

from culturalign.config.adapters import Lora
from culturalign.config.ppo import Ppo
from culturalign.errors import UserError
from culturalign.models.generation import generate_batch
from culturalign.models.lora import lora_config
from culturalign.models.stop_tokens import until_stop
from culturalign.training.ppo import rollout
from culturalign.training.ppo.rollout import rollout_limit, sample_responses
from tests import tiny

PROMPTS = [(5, 6, 7, 8), (5, 6, 9), (5, 6, 7, 10, 11)]


def options(**rest):
    return Ppo(kind="ppo", generation_max_length=6, **rest)


def test_responses_come_in_the_order_of_the_prompts_and_follow_the_random_state():
    model = tiny.build_model().eval()

    def write(seed):
        torch.manual_seed(seed)
        return sample_responses(model, PROMPTS, options(), stops=frozenset({0}), pad=0)

    assert write(0) == write(0) != write(1)
    assert all(1 <= len(response) <= 6 for response in write(0))


def test_at_temperature_zero_nearly_each_prompt_gets_its_own_greedy_response():
    model = tiny.build_model().eval()
    cold = options(
        temperature=1e-4, micro_rollout_batch=2, rollout_batch=2, train_batch=2, micro_train_batch=2
    )
    ours = sample_responses(model, PROMPTS, cold, stops=frozenset({0}), pad=0)
    for prompt, response in zip(PROMPTS, ours, strict=True):
        plain = model.generate(torch.tensor([prompt]), max_new_tokens=6, do_sample=False)[0]
        assert response == until_stop(plain[len(prompt) :].tolist(), {0})


def test_a_batch_that_does_not_fit_is_halved_and_stays_small(monkeypatch):
    model, sizes = tiny.build_model().eval(), []

    def scarce(model, prompts, *rest):
        sizes.append(len(prompts))
        if len(prompts) > 2:
            raise torch.OutOfMemoryError
        return generate_batch(model, prompts, *rest)

    def write(**limit):
        return sample_responses(model, PROMPTS * 3, cold, stops=frozenset({0}), pad=0, **limit)

    cold = options(temperature=1e-4, micro_rollout_batch=8)
    plain, limit = write(), rollout_limit(PROMPTS, cold)
    monkeypatch.setattr(rollout, "generate_batch", scarce)
    assert write(limit=limit) == plain  # greedy, so that the cut does not matter
    assert sizes == [8, 4, 2, 2, 2, 2, 1]
    assert limit.tokens == 8 * (5 + 6) // 4
    monkeypatch.setattr(rollout, "generate_batch", lambda *_: scarce(model, PROMPTS))
    with pytest.raises(UserError, match="an example of 11 tokens does not fit"):
        write()


def test_sampling_follows_the_model_s_whole_distribution():
    # One token after one prompt, many times: shares near the softmax.
    model = tiny.build_model(vocabulary=5).eval()
    once = Ppo(kind="ppo", generation_max_length=1, micro_rollout_batch=4096, rollout_batch=4096)
    torch.manual_seed(0)
    drawn = sample_responses(model, [(1, 2, 3)] * 4096, once, stops=frozenset({0}), pad=0)
    shares = torch.tensor([[r[0] for r in drawn].count(i) / 4096 for i in range(5)])
    with torch.no_grad():
        expected = model(torch.tensor([[1, 2, 3]])).logits[0, -1].softmax(-1)
    torch.testing.assert_close(shares, expected, atol=0.03, rtol=0)


@pytest.mark.parametrize("adapter", [False, True])
def test_a_model_s_own_defaults_do_not_change_what_it_writes(adapter):
    # Qwen2.5 has a repetition penalty, which PPO's log-probabilities do not know.
    def write(**defaults):
        model = tiny.build_model(vocabulary=8).eval()
        model.generation_config = GenerationConfig(**defaults)
        if adapter:
            model = get_peft_model(model, lora_config(Lora(rank=2, alpha=4), 2))
        torch.manual_seed(0)
        return sample_responses(model, [(5, 6, 7)] * 8, options(), stops=frozenset({0}), pad=0)

    assert write(repetition_penalty=50.0, no_repeat_ngram_size=1) == write()
