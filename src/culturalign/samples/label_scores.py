"""Scores of option labels as answers."""

from collections.abc import Sequence

from culturalign.models.option_scoring import Query
from culturalign.samples.loaded_arm import LoadedArm
from culturalign.samples.option_labels import label_tokens


def score_labels(
    arm: LoadedArm, prompts: Sequence[str], option_labels: Sequence[Sequence[str]]
) -> list[list[float]]:
    """Log-probability (nats) of each of a prompt's option labels as the next token."""
    tokenizer = arm.engine.tokenizer
    used = {label for labels in option_labels for label in labels}
    tokens = label_tokens(tokenizer, prompts[0], used)
    queries = [
        Query(
            tuple(tokenizer(prompt, add_special_tokens=False)["input_ids"]),
            tuple(tokens[label] for label in labels),
        )
        for prompt, labels in zip(prompts, option_labels, strict=True)
    ]
    return arm.engine.score(queries)
