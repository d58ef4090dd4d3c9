"""Which questions of the World Values Survey have ordered options, and in which order."""

from collections.abc import Sequence

NOMINAL = frozenset(
    ["Q42", "Q91", "Q92", "Q93", "Q152", "Q153", "Q154", "Q155", "Q156", "Q157", "Q223"]
)
"""Questions whose options have no order: the basic attitude to society (42), facts to be known
(91-93), aims to be chosen from four (152-157), the party voted for (223).

Source: the options themselves; WorldValuesBench (Zhao et al. 2024, ``question_metadata.json``)
has none of them among its ordinal questions.
"""
PLACES: dict[str, tuple[int, ...]] = {
    "Q56": (1, 3, 2),
    "Q111": (1, 2),
    "Q119": (1, 2, 3, 4),
    "Q221": (1, 2, 3),
    "Q222": (1, 2, 3),
    "Q254": (1, 2, 3, 4),
}
"""Codes in their true order, where it is not the order of all codes; codes left out have no
place in it.

Source: WorldValuesBench, ``answer_adjustment.json``. Q56: 3, "about the same", lies between 1,
"better off", and 2, "worse off". Q111: 3 is "other answer". Q221, Q222: 4 is "not allowed to
vote". Q254: 5 is "not of this nationality". Q119: 0, "hard to say", is kept outside the scale
from agreement to disagreement, as its code is; WorldValuesBench puts it into the middle. In Q122
to Q129 the survey itself codes "hard to say" between "disagree" and "agree", so code order
stands. So it does in Q241 to Q249, where 0, "against democracy", lies below 1, "not essential";
WorldValuesBench merges the two.
"""


def order_of(question: str, codes: Sequence[int]) -> tuple[bool, list[int | None]]:
    """Whether a question's options have an order, and their places in it.

    Args:
        question: Its id; :data:`NOMINAL` and :data:`PLACES` are the exceptions among WVS's.
        codes: Of the options.

    Returns:
        ``ordinal``; the place of each code, from 0, null outside the order.
    """
    if question in NOMINAL:
        return False, [None] * len(codes)
    order = [code for code in PLACES.get(question, tuple(sorted(codes))) if code in codes]
    return True, [order.index(code) if code in order else None for code in codes]
