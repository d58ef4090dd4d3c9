"""Scores of option labels as answers."""

from collections.abc import Sequence

from culturalign.errors import UserError
from culturalign.models.option_scoring import Query
from culturalign.samples.loaded_arm import LoadedArm
from culturalign.samples.option_labels import label_tokens


def score_labels(
    arm: LoadedArm,
    prompts: Sequence[str],
    option_labels: Sequence[Sequence[str]],
    *,
    top: bool = False,
) -> list[list[float]]:
    """Log-probability (nats) of each of a prompt's option labels as the next token.

    Args:
        arm: The arm.
        prompts: As the model reads them.
        option_labels: Labels of each prompt's K options.
        top: Whether labels outside the K most probable tokens have probability 0.

    Returns:
        For each prompt and label; minus infinity for probability 0, which a label that is not a
        single token always has.

    Raises:
        UserError: If no label of a prompt is a single token.
    """
    tokenizer = arm.engine.tokenizer
    used = {label for labels in option_labels for label in labels}
    tokens = label_tokens(tokenizer, prompts[0], used)
    for labels in option_labels:
        if not any(tokens[label] for label in labels):
            raise UserError(
                f"{arm.options.source}: none of the labels {', '.join(labels)} is a single token "
                "after the prompt; set survey.asking.labels to single_token, or leave this model "
                "out of the run"
            )
    queries = [
        Query(
            tuple(tokenizer(prompt, add_special_tokens=False)["input_ids"]),
            tuple(tokens[label] for label in labels),
            top=len(labels) if top else None,
        )
        for prompt, labels in zip(prompts, option_labels, strict=True)
    ]
    return arm.engine.score(queries)
