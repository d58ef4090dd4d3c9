"""Training: LoRA SFT on one or several GPUs, with checkpoints that resume."""
