"""Facts of languages: the defaults of `languages.<name>`, by the first part of the name.

Sources of missing tokens: the cleaning code of each release of Small World of Words (SWOW): English
``SimonDeDeyne/SWOWEN-2018`` (settings.R), Rioplatense Spanish ``almadana/SWOW-RP`` (settings.R),
Mandarin Li et al. (2024), German ``samuelae/SWOW-DE-2025-Code`` (01_combine_and_select_data.R),
Slovenian the README of SWOW-SL 1.0 (CLARIN.SI). Joining words, openings,
closings, wishes, missing answers, and headings are general knowledge.
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
"""Missing-response tokens that the platform's exports use in several languages: those of 2018 and
of Mandarin begin with ``#``, those of Slovenian have angle brackets."""

FACTS: dict[str, dict[str, Any]] = {
    "de": {
        "scripts": ["Latin"],
        "missing": [*PLATFORM, "Unbekanntes Wort", "Keine Eingaben mehr", "keine Antwort"],
        "joining": ["und", "sowie"],
        "openings": ["natürlich", "gerne", "klar", "sicher", "hier"],
        "closings": ["etc", "usw", "so weiter"],
        "wishes": [
            *("ich hoffe", "hoffentlich", "viel erfolg", "viel spaß", "viel glück"),
            *("lass mich wissen", "lassen sie mich", "sag bescheid", "sagen sie bescheid"),
            *("gerne", "danke"),
        ],
        "no_answer": [
            "weiß nicht",
            "ich weiß nicht",
            "weiss nicht",
            "keine Antwort",
            "keine Angabe",
            "k. A.",
            "verweigert",
            "Antwort verweigert",
            "trifft nicht zu",
            "nicht zutreffend",
            "nicht gefragt",
            "fehlend",
        ],
        "option_headings": ["Optionen", "Antwortmöglichkeiten", "Antworten", "Antwortvorgaben"],
        "release": "SWOW-DE",
    },
    "en": {
        "scripts": ["Latin"],
        "missing": [*PLATFORM],
        "joining": ["and", "as well as"],
        "openings": [
            *("sure", "certainly", "of course", "ok", "okay", "yes", "absolutely", "here"),
        ],
        "closings": ["etc", "et cetera", "so on", "so forth"],
        "wishes": [
            *("hope this", "hope that", "hope these", "hope it", "hope you"),
            *("i hope", "hopefully", "let me know", "please let me", "feel free", "enjoy"),
            *("good luck", "have fun", "thanks", "thank you", "happy to", "glad to"),
            *("anything else", "is there anything", "would you like", "do you", "if you"),
        ],
        "no_answer": [
            "Don't know",
            "Dont know",
            "Do not know",
            "I don't know",
            "DK",
            "No answer",
            "NA",
            "N/A",
            "DK/NA",
            "No response",
            "Refused",
            "Refused to answer",
            "Refusal",
            "Prefer not to say",
            "Prefer not to answer",
            "Can't say",
            "Cannot say",
            "Not applicable",
            "Not asked",
            "Not asked in survey",
            "Missing",
            "Not available",
            "Unknown",
            "Don't know the answer",
        ],
        "option_headings": [
            "Options",
            "Answer options",
            "Response options",
            "Answers",
            "Answer choices",
            "Choices",
            "Responses",
            "Response categories",
        ],
        "release": "SWOW-EN",
    },
    "es": {
        "scripts": ["Latin"],
        "missing": [
            *(*PLATFORM, "No más respuestas", "No conozco la palabra"),
            "no hay respuestas mas",
        ],
        "joining": ["y", "e", "así como"],
        "openings": ["claro", "por supuesto", "aquí", "desde luego", "sí"],
        "closings": ["etc", "etcétera"],
        "wishes": [
            *("espero", "ojalá", "avísame", "avíseme", "házmelo saber", "no dudes"),
            *("si necesitas", "si quieres", "buena suerte", "suerte", "disfruta", "gracias"),
        ],
        "no_answer": [
            "No sabe",
            "No sé",
            "No lo sé",
            "No contesta",
            "No responde",
            "NS",
            "NC",
            "NS/NC",
            "Sin respuesta",
            "No aplica",
            "No corresponde",
            "No preguntado",
            "No procede",
            "Rechaza contestar",
            "Se niega a responder",
            "Perdido",
        ],
        "option_headings": ["Opciones", "Opciones de respuesta", "Respuestas", "Alternativas"],
        "release": "SWOW-RP",
    },
    "nl": {
        "scripts": ["Latin"],
        # Not verified: SWOW-NL's own code is not public. A token that leads many cues is reported
        # as odd (culturalign.data.swow_losses).
        "missing": [*PLATFORM, "Geen verdere antwoorden", "Onbekend woord"],
        "joining": ["en", "evenals"],
        "openings": ["natuurlijk", "zeker", "graag", "hier"],
        "closings": ["etc", "enz", "enzovoort"],
        "wishes": [
            *("ik hoop", "hopelijk", "laat me weten", "laat het me weten"),
            *("laat maar weten", "veel succes", "veel plezier", "succes", "bedankt"),
        ],
        "no_answer": [
            "Weet niet",
            "Weet ik niet",
            "Ik weet het niet",
            "Geen antwoord",
            "Wil niet zeggen",
            "Geweigerd",
            "Weigert",
            "Niet van toepassing",
            "n.v.t.",
            "Niet gevraagd",
            "Ontbrekend",
        ],
        "option_headings": [
            "Opties",
            "Antwoordopties",
            "Antwoorden",
            "Antwoordmogelijkheden",
            "Keuzes",
        ],
        "release": "SWOW-NL",
    },
    "sl": {
        "scripts": ["Latin"],
        "missing": [*PLATFORM],
        "joining": ["in", "ter"],
        "openings": ["seveda", "tukaj", "gotovo"],
        "closings": ["itd", "tako naprej"],
        "wishes": ["upam", "sporočite", "sporoči", "srečno", "uživajte", "hvala"],
        "no_answer": [
            "Ne vem",
            "Ne ve",
            "Brez odgovora",
            "Ni odgovora",
            "Noče odgovoriti",
            "Zavrnil odgovor",
            "Se ne nanaša",
            "Ni relevantno",
            "Ni vprašan",
            "Manjkajoče",
        ],
        "option_headings": ["Možnosti", "Odgovori", "Možni odgovori"],
        "release": "SWOW-SL",
    },
    "zh": {
        "scripts": ["Han"],
        "missing": [*PLATFORM, "没有了", "不认识"],
        "joining": ["和", "以及", "与", "及"],
        "openings": ["好的", "当然", "可以", "没问题", "以下", "下面", "这里"],
        "closings": ["等等"],
        "wishes": [
            *("希望这", "希望以上", "希望对", "希望能", "希望有", "希望你", "希望您"),
            *("如果需要", "如需", "如果你", "如果您", "需要更多", "请告诉我", "请随时"),
            *("祝你", "祝您", "谢谢", "加油"),
        ],
        "no_answer": [
            "不知道",
            "我不知道",
            "不清楚",
            "说不清",
            "说不清楚",
            "没有回答",
            "无回答",
            "未回答",
            "拒绝回答",
            "拒答",
            "不适用",
            "未问",
            "未提问",
            "缺失",
        ],
        "option_headings": ["选项", "选择", "答案", "回答选项", "备选答案"],
        "release": "SWOW-ZH",
    },
}
"""ISO 639-1 code -> settings of :class:`culturalign.config.data.Language`."""


def language_code(name: str) -> str:
    """ISO code in the name of a language: ``es`` of ``es``, ``es_uy`` and ``es.uy``."""
    return name.replace(".", "_").split("_")[0]


def with_facts(languages: Any) -> Any:
    """Languages with the shipped facts where they set none, by their :func:`language_code`.

    Anything that is not a mapping of mappings is left for the schema to refuse.
    """
    if not isinstance(languages, dict):
        return languages
    return {
        name: {**FACTS.get(language_code(str(name)), {}), **own} if isinstance(own, dict) else own
        for name, own in languages.items()
    }
