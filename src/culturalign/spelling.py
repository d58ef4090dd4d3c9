"""American spelling of British words: common stems with their regular endings, and single words.

Ours, written for this project. It changes spellings, not words: ``lift`` stays. A British form
that Americans use too (``catalogue``, ``axe``, ``analyses``) is left alone.
"""

from functools import cache

ENDINGS = {
    "our": ("", "s", "ed", "ing", "ful", "less", "able", "ite", "ites", "er", "ers", "hood",
            "hoods", "ly", "y"),
    "re": ("re", "res", "red", "ring"),
    "ise": ("ise", "ises", "ised", "ising", "iser", "isers", "isation", "isations"),
    "yse": ("yse", "ysed", "ysing", "yser", "ysers"),
    "ll": ("led", "ling", "ler", "lers", "lery", "lous"),
}  # fmt: skip
"""Pattern -> endings after the stem; :func:`_american` says how each changes."""
RE_BECOMES = {"re": "", "res": "s", "red": "ed", "ring": "ing"}
STEMS = {
    "our": "arm behavi cand clam col demean endeav fav flav harb hon hum lab neighb od parl ranc "
    "rig rum sav splend succ tum val vap vig ard ferv",
    "re": "cent theat fib lit kilomet met milimet calib lust meag sab somb spect scept centimet",
    "ise": "organ real recogn apolog civil critic emphas memor minim maxim modern mobil normal "
    "optim popular priorit special stabil standard summar symbol sympath util visual "
    "author capital character colon computer econom energ familiar final general global "
    "harmon hospital hypnot ideal immun industrial jeopard legal local magnet material "
    "neutral patron penal personal polar privat public random reorgan revolution satir "
    "scrutin social steril terror traumat trivial urban vandal vapor victim victimi "
    "western",
    "yse": "anal paral catal electrol psychoanal",
    "ll": "cancel channel counsel dial duel enamel equal fuel funnel jewel label level libel "
    "marvel model panel pedal quarrel rival shovel signal snorkel swivel total towel "
    "travel tunnel unravel",
}
PAIRS = """
aeroplane airplane aeroplanes airplanes ageing aging aluminium aluminum anaemia anemia
anaesthetic anesthetic anaesthesia anesthesia archaeology archeology artefact artifact artefacts
artifacts counsellor counselor counsellors counselors councillor councilor cheque check
cheques checks
cosy cozy cosier cozier defence defense offence offense licence license pretence pretense
diarrhoea diarrhea draught draft draughts drafts encyclopaedia
encyclopedia enrol enroll enrolment enrollment foetus fetus fulfil fulfill fulfilment fulfillment
gaol jail grey gray greyer grayer greyish grayish greys grays haemorrhage hemorrhage instalment
installment jewellery jewelry kerb curb kerbs curbs leukaemia leukemia manoeuvre maneuver
mediaeval medieval mould mold moulds molds mouldy moldy moult molt moustache mustache moustaches
mustaches oesophagus esophagus oestrogen estrogen orthopaedic orthopedic paediatric pediatric
paediatrician pediatrician paedophile pedophile plough plow ploughs plows ploughing plowing
practise practice programme program programmes programs pyjamas pajamas pyjama pajama sceptic
skeptic sceptical skeptical skilful skillful smoulder smolder sulphur sulfur tyre tire tyres tires
wilful willful woollen woolen woolly wooly yoghurt yogurt yoghurts yogurts
"""


@cache
def american_words() -> dict[str, str]:
    """British spelling -> American spelling, lower case."""
    words = PAIRS.split()
    table = dict(zip(words[::2], words[1::2], strict=True))
    for pattern, stems in STEMS.items():
        for stem in stems.split():
            for ending in ENDINGS[pattern]:
                british, american = _pair(pattern, stem, ending)
                table.setdefault(british, american)
    return {british: american for british, american in table.items() if british != american}


def _pair(pattern: str, stem: str, ending: str) -> tuple[str, str]:
    if pattern == "our":
        return f"{stem}our{ending}", f"{stem}or{ending}"
    if pattern == "re":
        return f"{stem}{ending}", f"{stem}er{RE_BECOMES[ending]}"
    if pattern in ("ise", "yse"):
        return f"{stem}{ending}", stem + ending.replace("s", "z", 1)
    return f"{stem}{ending}", stem + ending.removeprefix("l")
