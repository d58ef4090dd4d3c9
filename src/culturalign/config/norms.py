"""Configuration of the psycholinguistic attributes (paper, section 4.2, appendix G)."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from culturalign.config.scales import SPANS
from culturalign.config.strict import Count, Name, OpenShare, Strict


def _two_ends(span: list[float]) -> list[float]:
    if span[0] == span[1]:
        raise ValueError(f"the ends of a scale must differ, not both be {span[0]:g}")
    return span


def _one_column_each(files: list["NormFile"]) -> list["NormFile"]:
    counts = Counter(name for file in files for name in file.attributes)
    if again := [name for name, count in counts.items() if count > 1]:
        raise ValueError(f"two files give {', '.join(again)}; keep one")
    return files


def _known(attributes: dict[str, "NormColumn"]) -> dict[str, "NormColumn"]:
    if unknown := [name for name in attributes if name not in SPANS]:
        raise ValueError(
            f"{', '.join(unknown)}: no such attribute; there are {', '.join(SPANS)}, and a line "
            "in SPANS of src/culturalign/config/scales.py adds one"
        )
    return attributes


class NormColumn(Strict):
    """Where an attribute is in a norm file."""

    column: str
    """Its header, exactly."""
    span: Annotated[list[float], Field(min_length=2, max_length=2), AfterValidator(_two_ends)]
    """Nominal ends of the file's scale: the value mapped to the low end of the common span
    (unpleasant, calm, abstract), then the value mapped to its high end. [5, 1] reverses a
    scale."""


class NormFile(Strict):
    """One file of ratings of words."""

    file: str
    """`.csv` (`,`, `;` or tabs), `.tsv` or `.txt` (tabs), `.xlsx`, `.sav` or `.dta`; or a gzip or
    zip of one. If the file is missing, its attributes are left out and the tables say so."""
    word: str
    """Header of the column of words, exactly."""
    header: Count = 1
    """The line (row) of the headers; 1 finds it among the first 40."""
    sheet: str | None = None
    """Sheet of an `.xlsx`; without it the first that has the columns."""
    attributes: Annotated[dict[Name, NormColumn], Field(min_length=1), AfterValidator(_known)]
    """Attribute -> its column and scale."""


class Norms(Strict):
    """Ratings of words, and how associations are compared with them."""

    files: dict[Name, Annotated[list[NormFile], AfterValidator(_one_column_each)]]
    """Language -> its norm files."""
    lemmatizer: dict[Name, Literal["simplemma", "wordnet"] | None] = {}
    """Language -> how words that are not in a norm are lemmatized for a second look-up.
    `wordnet` is NLTK's, as in the paper (appendix G), and needs the package nltk with its data.
    In other languages, and with null, words are looked up in surface form, as the paper's
    Mandarin."""
    prompts: list[Name] = Field(default=["complex", "simple"], min_length=1)
    """Prompts whose lists are looked up in the norms. Paper: complex (tables 5, 6), simple (tables
    12, 13)."""
    decodings: dict[Name, Name] = {}
    """Prompt -> the decoding of its lists, a key of `decodings`; by default the run's first."""
    first: Count = 10
    """How many of a list's first associations are looked up. Paper, section 4.2: 10."""
    shares: Literal["cues", "pooled"] = "cues"
    """Shares of words with a norm, or of concrete ones. `cues`: the mean over cues of the share of
    a cue. `pooled`, as run: of the words of all cues together, so that long lists weigh more."""
    concrete_from: float = 3.0
    """Least rating, on the common span of 1 to 5, of a word that counts as concrete. As run
    3; not stated in the paper."""
    level: OpenShare = 0.05
    """Significance level. Paper, tables 5, 6, 12, 13: bold where Wilcoxon's p is not below 0.05."""
    margin: OpenShare = 0.2
    """Margin of the equivalence test of means, as a share of how far two halves of the people lie
    apart: of the 95 % quantile of |half - half|, over cues and splits. Ours."""
    human_level: OpenShare = 0.5
    """An arm is at human level where means are equivalent and its medians follow those of people
    cue by cue: the correlation, divided by the root of their reliability, is above this with its
    whole interval. People's lists of other cues have 0. Ours."""
