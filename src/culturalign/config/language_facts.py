"""What is known of languages: the defaults of `languages.<name>`, by the first part of the name.

Sources of missing tokens: the cleaning code of each release of Small World of Words (SWOW): English
``SimonDeDeyne/SWOWEN-2018`` (settings.R), Rioplatense Spanish ``almadana/SWOW-RP`` (settings.R),
Mandarin Li et al. (2024), German ``samuelae/SWOW-DE-2025-Code`` (01_combine_and_select_data.R),
Slovenian the README of SWOW-SL 1.0 (CLARIN.SI). Joining words and openings are general knowledge.
"""

from typing import Any, Literal

# fmt: off
Script = Literal[
    "Arabic", "Armenian", "Bengali", "Cyrillic", "Devanagari", "Ethiopic", "Georgian", "Greek",
    "Han", "Hangul", "Hebrew", "Hiragana", "Katakana", "Khmer", "Latin", "Tamil", "Thai",
]
# fmt: on
"""A script by its name in Unicode."""
PLATFORM = (
    *("No more responses", "Unknown word", "#Missing", "#Unknown"),
    *("#Symbol", "#Long", "#Repeat", "<unknownWord>", "<noMoreReplies>"),
)
"""Tokens that no answer can be and that exports of the platform hold in several languages; those
of 2018 and of Mandarin begin with ``#``, those of Slovenian stand in angle brackets."""

FACTS: dict[str, dict[str, Any]] = {
    "de": {
        "scripts": ["Latin"],
        "missing": [*PLATFORM, "Unbekanntes Wort", "Keine Eingaben mehr", "keine Antwort"],
        "joining": ["und"],
        "openings": ["natürlich", "gerne", "klar", "sicher", "hier"],
        "release": "SWOW-DE",
    },
    "en": {
        "scripts": ["Latin"],
        "missing": [*PLATFORM],
        "joining": ["and"],
        "openings": [
            *("sure", "certainly", "of course", "ok", "okay", "yes", "absolutely", "here"),
        ],
        "release": "SWOW-EN",
    },
    "es": {
        "scripts": ["Latin"],
        "missing": [
            *(*PLATFORM, "No más respuestas", "No conozco la palabra"),
            "no hay respuestas mas",
        ],
        "joining": ["y", "e"],
        "openings": ["claro", "por supuesto", "aquí", "desde luego", "sí"],
        "release": "SWOW-RP",
    },
    "nl": {
        "scripts": ["Latin"],
        # Not verified: no public code names the tokens of SWOW-NL. A token that leads many cues
        # is told as odd (culturalign.data.leading).
        "missing": [*PLATFORM, "Geen verdere antwoorden", "Onbekend woord"],
        "joining": ["en"],
        "openings": ["natuurlijk", "zeker", "graag", "hier"],
        "release": "SWOW-NL",
    },
    "sl": {
        "scripts": ["Latin"],
        "missing": [*PLATFORM],
        "joining": ["in", "ter"],
        "openings": ["seveda", "tukaj", "gotovo"],
        "release": "SWOW-SL",
    },
    "zh": {
        "scripts": ["Han"],
        "missing": [*PLATFORM, "没有了", "不认识"],
        "joining": ["和", "以及", "与", "及"],
        "openings": ["好的", "当然", "可以", "没问题", "以下", "下面", "这里"],
        "release": "SWOW-ZH",
    },
}
"""ISO 639-1 code -> settings of :class:`culturalign.config.data.Language`."""


def with_facts(languages: Any) -> Any:
    """Languages with the shipped facts where they set none; ``es``, ``es_uy`` and ``es.uy`` alike.

    Anything that is not a mapping of mappings is left for the schema to refuse.
    """
    if not isinstance(languages, dict):
        return languages
    return {
        name: {**FACTS.get(str(name).replace(".", "_").split("_")[0], {}), **own}
        if isinstance(own, dict)
        else own
        for name, own in languages.items()
    }
