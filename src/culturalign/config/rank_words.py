"""Words before the number of a rank, by language: "Rank 1: word", "Platz 1: Wort", "第1名：词".

General knowledge. Answers in any language may use those of another, most often English, so that
the parser of rankings knows all of them.
"""

RANK_WORDS = {
    "de": ("Rang", "Platz", "Rangplatz"),
    "en": ("rank", "ranking"),
    "es": ("rango", "puesto", "posición", "lugar"),
    "nl": ("rang", "plaats", "positie"),
    "sl": ("mesto", "rang", "uvrstitev"),
    "zh": ("排名", "排序", "名次", "等级", "第"),
}
"""ISO 639-1 code -> words, longest forms included."""
