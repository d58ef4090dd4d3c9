"""PPO with LoRA on one base model: the native engine (paper, section 3.4)."""
