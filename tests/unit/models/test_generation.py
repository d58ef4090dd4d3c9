import pytest
import torch

from culturalign.config.evaluate import Decoding
from culturalign.models.generation import DistinctItems, EnoughItems, generate, pad_after_prefix
from culturalign.models.list_rules import ListRules
from tests import tiny


def test_forbidden_tokens_get_no_probability_and_others_keep_theirs():
    tokenizer = tiny.build_tokenizer()
    rules = ListRules(tokenizer, max_items=9, distinct_items=True)
    three, comma = tokenizer("3").input_ids[0], tokenizer(",").input_ids[0]
    ids = torch.tensor([[5, three, comma], [5, 6, 7]])  # one prompt token
    scores = DistinctItems(rules, prompt_length=1)(ids, torch.zeros(2, len(tokenizer)))
    assert scores[0, three] == -torch.inf
    assert torch.isfinite(scores).sum() == scores.numel() - 1


def test_an_answer_ends_after_its_last_item():
    tokenizer = tiny.build_tokenizer()
    ids = tokenizer(["a,b,", "a,bc"], return_tensors="pt").input_ids
    rules = ListRules(tokenizer, max_items=2, distinct_items=False)
    assert EnoughItems(rules, 0, 2)(ids, None).tolist() == [True, False]
    assert [rules.enough(row) for row in ids.tolist()] == [True, False]


def test_padding_comes_after_the_common_prefix():
    ids, mask = pad_after_prefix([[1, 2, 3], [1, 2, 4, 5]], 2, pad=0)
    assert ids.tolist() == [[1, 2, 0, 3], [1, 2, 4, 5]]
    assert mask.tolist() == [[1, 1, 0, 1], [1, 1, 1, 1]]


PROMPTS = ["List words about dog:", "List words about cats:", "List words about a mosquito:"]


@pytest.fixture(scope="module")
def model():
    return tiny.build_model(len(tiny.build_tokenizer())).eval()


def test_answers_do_not_depend_on_the_batch(model):
    tokenizer, greedy = tiny.build_tokenizer(), Decoding(max_new_tokens=12)
    whole = generate(model, tokenizer, PROMPTS, greedy, batch_tokens=10_000)
    single = [generate(model, tokenizer, [p], greedy, batch_tokens=10_000)[0] for p in PROMPTS]
    split = generate(model, tokenizer, PROMPTS, greedy, batch_tokens=1)
    assert whole == single == split


def test_greedy_answers_of_a_batch_are_those_of_plain_generation(model):
    tokenizer = tiny.build_tokenizer()
    found = generate(model, tokenizer, PROMPTS, Decoding(max_new_tokens=8), batch_tokens=999)
    for ours, prompt in zip(found, PROMPTS, strict=True):
        inputs = tokenizer([prompt], return_tensors="pt", add_special_tokens=False)
        plain = model.generate(**inputs, max_new_tokens=8, do_sample=False)[0]
        new = plain[inputs["input_ids"].shape[1] :].tolist()
        assert ours.text == tokenizer.decode(new, skip_special_tokens=True)
        assert ours.tokens == len(new)
        assert ours.truncated == (new[-1] != tokenizer.eos_token_id)


def test_sampling_repeats_with_its_seed_and_changes_with_another(model):
    def sample(seed: int) -> list[str]:
        decoding = Decoding(max_new_tokens=12, temperature=1.0, seed=seed)
        answers = generate(model, tiny.build_tokenizer(), PROMPTS, decoding, batch_tokens=9999)
        return [answer.text for answer in answers]

    assert sample(0) == sample(0) != sample(1)
