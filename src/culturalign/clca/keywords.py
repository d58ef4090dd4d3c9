"""Reading answers that are asked for as lines, each with a keyword and a text."""

import re

COLONS = r"[ \t　]*[:：][ \t　]*"
"""Between keyword and text, on one line."""


def plain(text: str) -> str:
    """A text without spaces and markdown's asterisks around it."""
    return text.strip(" \t　*")


def after(keyword: str, text: str) -> str | None:
    """What follows a keyword and a colon at the beginning of a line; None without such a line.

    Bullets and markdown's asterisks around keyword and text are no part of either.
    """
    line = rf"^\W*{re.escape(keyword)}\**{COLONS}(.*)$"
    found = re.search(line, text, re.IGNORECASE | re.MULTILINE)
    return plain(found[1]) if found else None
