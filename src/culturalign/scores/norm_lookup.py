"""Looking words up in norms; one way for humans and models."""

from collections.abc import Callable, Iterable
from functools import cache

import polars as pl

from culturalign.data.normalize import normalize
from culturalign.data.norms.ratings import available
from culturalign.errors import UserError

Lemmatize = Callable[[str], str]
"""From a normalized word to its normalized lemma."""


def lemmatizer_of(name: str | None, language: str, **rules: bool) -> Lemmatize | None:
    """The configured way to a word's lemma; None for look-up by surface form only.

    Args:
        name: ``simplemma``, ``wordnet`` (English nouns, as NLTK's lemmatizer does without a part
            of speech; paper, appendix G) or None.
        language: Its key in the configuration; simplemma knows it by the same code.
        rules: Arguments of :func:`culturalign.data.normalize.normalize`; norms take them too.

    Raises:
        UserError: If the lemmatizer, its data or the language is not there.
    """
    if name is None:
        return None
    lemmatize = _wordnet() if name == "wordnet" else _simplemma(language)
    return cache(lambda word: normalize(lemmatize(word), **rules))


def _simplemma(language: str) -> Lemmatize:
    import simplemma  # its dictionaries are large; only jobs that look words up need them

    try:
        simplemma.lemmatize("words", lang=language)
    except ValueError:
        raise UserError(
            f"norms.lemmatizer.{language}: simplemma knows no language {language!r}; leave it out "
            "to look words up in surface form"
        ) from None
    return lambda word: str(simplemma.lemmatize(word, lang=language))


def _wordnet() -> Lemmatize:
    try:
        from nltk.stem import WordNetLemmatizer

        lemmatize: Lemmatize = WordNetLemmatizer().lemmatize
        lemmatize("words")
    except (ImportError, LookupError, OSError):  # the last where a file of the data is missing
        raise UserError(
            "norms.lemmatizer: wordnet needs the Python package nltk and its data set wordnet, "
            "and one of them is not installed, or not whole; install both, or use simplemma"
        ) from None
    return lemmatize


def look_up(
    words: Iterable[str], norms: pl.DataFrame, lemmatize: Lemmatize | None = None
) -> pl.DataFrame:
    """Ratings of words: those of the form as it stands, else of its lemma, for each attribute.

    The form comes first: one with ratings of its own ("glasses", "better") keeps them.

    Args:
        words: Normalized words; each is looked up once.
        norms: From :func:`culturalign.data.norms.ratings.prepare_norms`.
        lemmatize: From :func:`lemmatizer_of`.

    Returns:
        ``word`` and a column an attribute; null where the norm has neither form nor lemma.
    """
    attributes = available(norms)
    distinct = pl.DataFrame({"word": sorted(set(words))}, schema={"word": pl.String})
    ratings = norms.select("word", *attributes)
    found = distinct.join(ratings, on="word", how="left", maintain_order="left")
    if lemmatize is None:
        return found
    lemmas = pl.Series("lemma", [lemmatize(w) for w in found["word"]], pl.String)
    by_lemma = distinct.with_columns(lemmas).join(
        ratings, left_on="lemma", right_on="word", how="left", maintain_order="left"
    )
    return found.with_columns(pl.col(name).fill_null(by_lemma[name]) for name in attributes)
