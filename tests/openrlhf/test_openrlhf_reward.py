"""OpenRLHF loads our reward file and data its own way, and arrives at our rewards.

Its ``SingleTurnAgentExecutor``, ``preprocess_data``, ``SamplesGenerator`` and ``Experience`` are
real, and so are the tokenizer and the data file. The vLLM engine is a stand-in that returns
written-out answers instead of generating.
"""

import asyncio
import json
import shutil
from types import SimpleNamespace

import pytest

from culturalign.config.models import Model
from culturalign.config.ppo import Ppo
from culturalign.config.ranking import RewardRules
from culturalign.models import loading
from culturalign.rewards.ranking_reward import score
from culturalign.training.openrlhf import prompt_data
from culturalign.training.openrlhf.training_log import COLUMNS, read_log
from tests import tiny
from tests.openrlhf import unpacked

CANDIDATES, COUNTS = ["salt", "sea", "海滩", "ship"], [5, 9, 2, 1]
EXAMPLE = {
    "cue": "ocean",
    "candidates": CANDIDATES,
    "counts": COUNTS,
    "messages": [{"role": "user", "content": "Rank 1: ship\nRank these: salt, sea, 海滩, ship"}],
}
ANSWERS = {
    "best": "Rank 1: sea\nRank 2: salt\nRank 3: 海滩\nRank 4: ship",
    "reversed": "Rank 1: ship\nRank 2: 海滩\nRank 3: salt\nRank 4: sea",
    "middling": "I think.\nRank 1: salt\nRank 2: ship\nRank 3: sea\nRank 4: 海滩",
    "incomplete": "Rank 1: sea\nRank 2: salt",
    "none": "sea, salt",
    "empty": "",
}
RULES = RewardRules(missing="last", partial=True)


@pytest.fixture(scope="module")
def tokenizer(tiny_model):
    return loading.load_tokenizer(Model(label="T", source=str(tiny_model)))


@pytest.fixture(scope="module")
def reward_file(tmp_path_factory, tokenizer):
    folder = tmp_path_factory.mktemp("reward")
    settings = {
        "source": str(tiny.ROOT / "src"),
        "task": "ranking",
        "options": {"reward": RULES.model_dump(), "rules": {}},
        "special_tokens": prompt_data.special_tokens(tokenizer),
    }
    (folder / "reward.json").write_text(json.dumps(settings))
    return shutil.copy(tiny.ROOT / "src/culturalign/training/openrlhf/reward_func.py", folder)


def execute(tokenizer, reward_file, answer: str, **changes: str) -> dict:
    """What OpenRLHF makes of an answer to our prompt."""
    from openrlhf.datasets.prompts_dataset import preprocess_data
    from openrlhf.utils.agent import SingleTurnAgentExecutor

    options = Ppo(kind="ppo", engine="openrlhf")
    (row,) = prompt_data.rows([EXAMPLE], tokenizer, Model(label="T", source="t"), options)
    prompt, label = preprocess_data(row, None, "prompt", "label", None)
    ids = tokenizer(answer + "<|end|>", add_special_tokens=False)["input_ids"]

    async def generate(prompt_ids, parameters, **_):
        output = SimpleNamespace(token_ids=ids, text=answer, finish_reason="stop", logprobs=None)
        return SimpleNamespace(outputs=[output])

    given = {"prompt": prompt, "label": label, **changes}
    return asyncio.run(
        SingleTurnAgentExecutor([str(reward_file)]).execute(
            **given,
            sampling_params=SimpleNamespace(max_tokens=1024, logprobs=None),
            max_length=2048,
            hf_tokenizer=tokenizer,
            llm_engine=SimpleNamespace(generate=generate),
        )
    )


def experience(output: dict):
    from openrlhf.trainer.ppo_utils.samples_generator import SamplesGenerator

    generator = SamplesGenerator.__new__(SamplesGenerator)
    return generator._process_response_into_experience(output, max_len=2048)


@pytest.mark.parametrize("name", ANSWERS)
def test_its_reward_of_an_answer_is_ours(tokenizer, reward_file, name):
    found = experience(execute(tokenizer, reward_file, ANSWERS[name]))
    ours = score(ANSWERS[name], CANDIDATES, COUNTS, RULES)
    assert found.rewards.shape == (1,)
    assert found.rewards.item() == found.scores.item() == pytest.approx(ours.value, abs=1e-6)
    assert found.info["unparsed"].tolist() == [float(not ours.parsed)]
    assert found.info["incomplete"].tolist() == [float(ours.missing > 0)]
    assert found.info["failed"].tolist() == [0.0]


def test_the_prompt_it_encodes_is_the_native_engines(tokenizer, reward_file):
    from culturalign.training.ppo.environment import build_environment, ranking_reward_fn

    output = execute(tokenizer, reward_file, "")
    settings = Model(label="T", source="t")
    environment = build_environment(
        [EXAMPLE],
        ranking_reward_fn(RULES),
        tokenizer,
        settings,
        stops=frozenset({tokenizer.eos_token_id}),
        max_length=1024,
    )
    start, end = output["action_ranges"][0]
    assert tuple(output["observation_tokens"][:start]) == environment.prompts[0]
    assert output["observation_tokens"][start:end] == [*environment.stops]


def test_a_failure_reaches_training_as_minus_one_and_is_counted(tokenizer, reward_file):
    found = experience(execute(tokenizer, reward_file, ANSWERS["best"], label="not JSON"))
    assert found.rewards.tolist() == [-1.0] and found.info["failed"].tolist() == [1.0]


def test_rewards_and_numbers_of_a_batch_stay_aligned(tokenizer, reward_file):
    from openrlhf.trainer.ppo_utils.experience import Experience

    outputs = [execute(tokenizer, reward_file, answer) for answer in ANSWERS.values()]
    outputs.append(execute(tokenizer, reward_file, "x", label="{}"))
    batch = Experience.concat_experiences([experience(output) for output in outputs], 0)
    assert batch.rewards.shape == batch.info["failed"].shape == (len(ANSWERS) + 1,)
    assert batch.rewards[0] == 1 and batch.rewards[-1] == -1
    assert batch.info["failed"].tolist() == [0.0] * len(ANSWERS) + [1.0]
    assert batch.info["unparsed"].tolist() == [0, 0, 0, 0, 1, 1, 0]
    assert batch.info["incomplete"].tolist() == [0, 0, 0, 1, 1, 1, 0]


def test_its_log_line_is_the_one_we_read():
    trainer = (unpacked.FOLDER / "openrlhf/trainer/ppo_trainer.py").read_text("utf-8")
    assert 'f"✨ Global step {global_step}: {log_status}"' in trainer
    source = trainer + "".join(
        (unpacked.FOLDER / "openrlhf/trainer/ray" / name).read_text("utf-8")
        for name in ("ppo_actor.py", "ppo_critic.py")
    )
    own = ("unparsed", "incomplete", "failed", "explained_variance")
    for ours, theirs in COLUMNS.items():
        assert ours in own or f'"{theirs}"' in source, theirs
    status = {theirs: 0.5 for theirs in COLUMNS.values() if theirs}
    (row,) = read_log([f"(PPOTrainer pid=1) ✨ Global step 3: {status}"])
    expected = {name: 0.5 for name in COLUMNS if name != "explained_variance"}
    assert row == {"step": 3, **expected}
