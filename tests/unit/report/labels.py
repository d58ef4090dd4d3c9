"""Names of models, methods and cultures in the tests' tables."""

LABELS = {
    "models": {"qwen": "Qwen", "llama": "Llama"},
    "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues", "ppo": "PPO"},
    "cultures": {"us": "US", "cn": "ZH"},
}
