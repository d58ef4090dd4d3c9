"""HTML entities in text that came from a web page: ``&amp;``, ``&#39;``, ``&eacute;``."""

import re
from html import unescape
from html.entities import html5, name2codepoint

_SIGNS = (
    "amp lt gt quot apos nbsp ensp emsp thinsp shy zwnj zwj lrm rlm iexcl iquest laquo raquo "
    "lsaquo rsaquo lsquo rsquo sbquo ldquo rdquo bdquo ndash mdash hellip middot"
)
_NAMED = {name: html5[f"{name};"] for name in _SIGNS.split()} | {
    name: chr(code) for name, code in name2codepoint.items() if code < 0x180 and chr(code).isalpha()
}
"""Signs of text and Latin letters. Not the words that are names too: ``sun&star;``, ``tea&cup;``"""
_ENTITY = re.compile(
    r"&(?:(?:amp|#38|#x26);)*(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,7});", re.IGNORECASE
)
"""An entity, also one that was escaped again: ``&amp;#39;``."""


def decoded(text: str) -> str:
    """A text with its entities as the characters that they stand for.

    Only whole and known ones are: ``AT&T``, ``R&B;``, and ``&amp`` without a semicolon stay.

    >>> decoded("cat &amp; mouse"), decoded("AT&T; R&B;")
    ('cat & mouse', 'AT&T; R&B;')
    """
    return _ENTITY.sub(_characters, text) if "&" in text else text


def _characters(found: re.Match[str]) -> str:
    """What an entity stands for; names may have lost their upper case."""
    name = found[1]
    known = unescape(f"&{name};") if name[0] == "#" else _NAMED.get(name, _NAMED.get(name.lower()))
    return f"&{name};" if known in (None, "", "\ufffd") else known
