"""Real architectures with random weights, against one plain forward pass a prompt."""

import random

import pytest
import torch
import transformers
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM

from culturalign.config.evaluate import Decoding
from culturalign.models.generation import generate
from culturalign.models.option_scoring import Query, score_queries
from culturalign.models.prefix_cache import narrowest_window, sharable
from culturalign.training.batches import collate
from culturalign.training.ppo.token_scores import score_tokens
from culturalign.training.sft_trainer import completion_loss
from culturalign.training.tokenization import Encoded
from tests import tiny

SIZES = {
    "vocab_size": 260, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 4,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 512,
    "pad_token_id": 0, "eos_token_id": 0, "bos_token_id": 0,
}  # fmt: skip
LLAMA3 = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32, "rope_theta": 500000.0,
}  # fmt: skip
NARROW = {"sliding_window": 16}
CONFIGS = {
    "llama 3.1": ("LlamaConfig", {"rope_parameters": LLAMA3}),
    "qwen 2.5": ("Qwen2Config", {}),
    "qwen 2.5, windows": (
        "Qwen2Config", {**NARROW, "use_sliding_window": True, "max_window_layers": 2},
    ),
    "qwen 3": ("Qwen3Config", {"head_dim": 8}),
    "gemma 2": ("Gemma2Config", {**NARROW, "head_dim": 8, "attn_logit_softcapping": 0.5,
                                 "final_logit_softcapping": 0.5}),
    "gemma 3": ("Gemma3TextConfig", {**NARROW, "head_dim": 8}),
    "mistral": ("MistralConfig", NARROW),
    "phi 3": ("Phi3Config", NARROW),
}  # fmt: skip
OTHERS = {
    "gpt neo, local layers": ("GPTNeoConfig", {
        "vocab_size": 260, "hidden_size": 32, "num_layers": 2, "num_heads": 4, "window_size": 16,
        "attention_types": [[["global", "local"], 1]], "bos_token_id": 0, "eos_token_id": 0,
    }),
    "mpt, alibi": ("MptConfig", {
        "vocab_size": 260, "d_model": 32, "n_layers": 2, "n_heads": 4, "max_seq_len": 512,
        "eos_token_id": 0, "bos_token_id": 0, "pad_token_id": 0,
    }),
}  # fmt: skip
"""Kinds of attention that only older architectures have; they are not trained in tests."""
NARROW_ONES = ("qwen 2.5, windows", "gemma 2", "gemma 3", "mistral", "phi 3",
               "gpt neo, local layers")  # fmt: skip


def build(name):
    """An architecture with random weights, the same every time."""
    torch.manual_seed(0)
    kind, changes = {**CONFIGS, **OTHERS}[name]
    sizes = SIZES if name in CONFIGS else {}
    built = AutoModelForCausalLM.from_config(getattr(transformers, kind)(**sizes, **changes))
    with torch.no_grad():
        for weight in built.parameters():
            if weight.ndim > 1:
                weight.mul_(3)  # so that what is seen matters
    return built.eval()


@pytest.fixture(params=[*CONFIGS, *OTHERS], scope="module")
def model(request):
    built = build(request.param)
    built.named = request.param
    return built


def prompts():
    rng = random.Random(0)

    def draw(few, most):
        return [rng.randrange(4, 260) for _ in range(rng.randrange(few, most))]

    shared = draw(40, 41)
    stems = [draw(15, 25) for _ in range(3)]
    return [(*shared, *stem, *draw(3, 12)) for stem in stems for _ in range(3)]


@torch.no_grad()
def plain_logits(model, ids):
    return model(torch.tensor([ids])).logits[0]


def test_the_narrowest_window_is_read_from_the_kinds_of_layers(model):
    expected = 0 if "alibi" in model.named else 16 if model.named in NARROW_ONES else None
    assert narrowest_window(model.config) == expected


def test_a_prefix_is_shared_only_where_the_window_spans_the_batch():
    pair = [(1, 2, 3), (1, 2, 4, 5)]
    assert [sharable(pair, 10, window) for window in (None, 10, 9)] == [2, 2, 0]


def test_option_scores_are_those_of_one_plain_pass_a_prompt(model):
    forms = ((5,), (6, 7), (9,))
    ours = score_queries(model, [Query(p, forms) for p in prompts()], pad=0, batch_tokens=10_000)
    for prompt, row in zip(prompts(), ours, strict=True):
        last = plain_logits(model, prompt)[-1].log_softmax(-1)
        plain = [float(last[list(form)].logsumexp(0)) for form in forms]
        assert row == pytest.approx(plain, abs=1e-5)


def encoded():
    return [Encoded(p, tuple(range(20 + n, 30 + 2 * n))) for n, p in enumerate(prompts()[:6])]


def plain_log_probs(model, example):
    logits = plain_logits(model, (*example.prompt, *example.completion))
    return logits[len(example.prompt) - 1 : -1], torch.tensor(example.completion)


def test_the_loss_of_sft_is_that_of_one_plain_pass_an_example(model):
    batch = collate(encoded(), 0, narrowest_window(model.config))
    ours = completion_loss(model, batch).item()
    pairs = [plain_log_probs(model, example) for example in encoded()]
    plain = sum(cross_entropy(*pair, reduction="sum").item() for pair in pairs)
    assert ours == pytest.approx(plain, rel=1e-6)


class Adapted:
    """A model as peft shows it."""

    def __init__(self, base):
        self.get_base_model = lambda: base
        self.forward = self.__call__ = base

    def __call__(self, *given, **named):
        return self.get_base_model()(*given, **named)


@pytest.mark.parametrize("recompute", [False, True])
def test_ppo_scores_tokens_as_one_plain_pass_does(model, recompute):
    batch = collate(encoded(), 0, narrowest_window(model.config))
    with torch.no_grad():
        found, _ = score_tokens(Adapted(model), batch, recompute=recompute)
    for row, example in zip(found, encoded(), strict=True):
        logits, tokens = plain_log_probs(model, example)
        plain = logits.log_softmax(-1).gather(-1, tokens[:, None])[:, 0]
        assert torch.allclose(row[-len(tokens) :], plain, atol=1e-5)


def test_greedy_answers_are_those_of_plain_generation(model):
    tokenizer = tiny.build_tokenizer()
    asked = [f"The beginning that all of them share: {end}" for end in ("dog", "a longer one", "x")]
    greedy = Decoding(max_new_tokens=24, max_items=None)
    ours = generate(model, tokenizer, asked, greedy, batch_tokens=10_000)
    for text, answer in zip(asked, ours, strict=True):
        ids = tokenizer(text, return_tensors="pt", add_special_tokens=False).input_ids
        new = model.generate(ids, max_new_tokens=24, do_sample=False)[0, ids.shape[1] :]
        assert answer.text == tokenizer.decode(new, skip_special_tokens=True)
