"""Reading of a persona's answer: the number of an option."""

import re
from collections.abc import Sequence


def parse_answer(text: str, codes: Sequence[int]) -> int | None:
    """The option a model names by its number, 1 for the first.

    Args:
        text: As generated.
        codes: Codes of the options, in the order shown.

    Returns:
        The code; None unless the first number in the text is that of an option.
    """
    found = re.search(r"\d+", text)
    if not found or len(found[0]) > 3 or not 1 <= int(found[0]) <= len(codes):
        return None
    return codes[int(found[0]) - 1]
