"""HTML entities become the characters that they stand for, and nothing else does."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culturalign.files.entities import decoded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("cat &amp; mouse", "cat & mouse"), ("don&#39;t", "don't"), ("don&#x27;t", "don't"),
        ("&eacute;t&eacute;", "été"), ("caf&EACUTE;", "café"), ("&laquo;oui&raquo;", "«oui»"),
        ("don&amp;#39;t", "don't"), ("a&amp;amp;b", "a&b"),  # escaped twice
        ("AT&T", "AT&T"), ("R&B;", "R&B;"), ("a &amp b", "a &amp b"), ("&nosuch;", "&nosuch;"),
        ("sun&star;", "sun&star;"), ("tea&cup;", "tea&cup;"),  # signs that are also words
        ("&#0;", "&#0;"), ("&#x110000;", "&#x110000;"),  # no characters
    ],
)  # fmt: skip
def test_signs_and_letters_are_decoded_and_what_only_looks_like_it_stays(text, plain):
    assert decoded(text) == plain


@given(st.text(max_size=30))
def test_what_html_escapes_comes_back(text):
    if "&" not in text:
        assert decoded(html.escape(text)) == text
