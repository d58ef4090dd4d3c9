"""Models: loading, LoRA, generation, scoring of options, and the engines that do both."""
