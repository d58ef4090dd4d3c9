"""What vLLM takes for the lists and survey prompts of bench/beside_vllm.py, in its environment.

    python bench/vllm_peer.py settings.json

vLLM has the model, token ids, type, and batch of ours. Its engine runs in this process, so that its
seconds count. Loading does not count.
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from rows import timed
from vllm import LLM, SamplingParams

Settings = dict[str, Any]


def lists(llm: LLM, settings: Settings) -> list[list[int]]:
    """Tokens of the greedy answers."""
    greedy = SamplingParams(
        temperature=0.0, max_tokens=settings["new_tokens"], detokenize=False,
        stop_token_ids=settings["stops"],
    )  # fmt: skip
    found = llm.generate(requests(settings), greedy, use_tqdm=False)
    return [list(output.outputs[0].token_ids) for output in found]


def scoring(llm: LLM, settings: Settings) -> list[list[float]]:
    """Log-probability of each label after each prompt, nats."""
    sampling = [
        SamplingParams(
            temperature=0.0, max_tokens=1, detokenize=False, logprob_token_ids=list(labels)
        )
        for labels in settings["labels"]
    ]
    found = llm.generate(requests(settings), sampling, use_tqdm=False)
    return [
        [output.outputs[0].logprobs[0][label].logprob for label in labels]
        for output, labels in zip(found, settings["labels"], strict=True)
    ]


def requests(settings: Settings) -> list[Any]:
    """The prompts as vLLM takes them."""
    return [{"prompt_token_ids": ids} for ids in settings["prompts"]]


def main(path: Path) -> None:
    """Answer, write what was found, and print what it took as the last line."""
    settings = json.loads(path.read_text(encoding="utf-8"))
    torch.set_num_threads(1)
    llm = LLM(
        model=settings["model"], dtype="bfloat16", max_model_len=1024, seed=0,
        max_num_seqs=settings["batch"], enforce_eager=True,
    )  # fmt: skip
    work = {"lists": lists, "scoring": scoring}[settings["what"]]
    taken, found = timed(lambda: work(llm, settings))
    Path(settings["found"]).write_text(json.dumps(found), encoding="utf-8")
    print("\n" + json.dumps(taken))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
