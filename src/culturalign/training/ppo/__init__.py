"""Native PPO: LoRA policy, reference, and critic on one base model (paper, section 3.4)."""
