"""Names of models, methods and cultures in the tests' tables; lists of words as scored."""

from culturalign.files.jsonl import write_jsonl

LABELS = {
    "models": {"qwen": "Qwen", "llama": "Llama"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues", "ppo": "PPO"},
    "cultures": {"us": "US", "cn": "ZH"},
    "scorings": {"plain": "plain", "debiased": "4 orders"},
}


def lists_file(folder, model, arm, lists):
    path = folder / "results/scores" / model / arm / "lists.us.complex.greedy.jsonl"
    path.parent.mkdir(parents=True)
    write_jsonl(lists, path)
    return str(path)
