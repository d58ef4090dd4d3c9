"""The survey: who is held against which country, in which language. No rules."""


def surveyed() -> dict[str, str]:
    """Cultures of the run that are held against a country -> that country."""
    if CFG.survey is None:
        return {}
    nations = {culture: CFG.cultures[culture].country for culture in RUN.cultures}
    return {culture: nation for culture, nation in nations.items() if nation}


def built_poles() -> list[str]:
    """Poles whose arms the run builds."""
    return [pole for pole in CFG.survey.poles if pole in surveyed()] if CFG.survey else []


def pole_countries() -> list[str]:
    """The two countries whose difference defines the tension set."""
    return [CFG.cultures[pole].country for pole in CFG.survey.poles] if CFG.survey else []


def nations() -> dict[str, str]:
    """Countries whose answers are read -> label of their culture, the poles first."""
    cultures = [*(CFG.survey.poles if surveyed() else []), *surveyed()]
    return {CFG.cultures[name].country: CFG.cultures[name].label for name in cultures}


def survey_languages() -> list[str]:
    """Languages in which models are asked."""
    return list(dict.fromkeys(CFG.cultures[culture].language for culture in surveyed()))


def survey_prompt(name: str) -> str:
    """The survey prompt of a language."""
    return located(CFG.languages[name].survey_prompt)


def survey_scores(kind: str, culture: str) -> list[str]:
    """Survey files of all models and arms of a culture, in its language."""
    name = CFG.cultures[culture].language
    return [
        f"results/scores/{model}/{arm}/{kind}.{name}.parquet"
        for model, arm in evaluated("survey", culture)
    ]


def survey_records(culture: str) -> list[str]:
    """Provenance of the answers behind ``survey_scores``."""
    name = CFG.cultures[culture].language
    return [
        f"results/samples/{model}/{arm}/survey.{name}.json"
        for model, arm in evaluated("survey", culture)
    ]


def held_against() -> list[str]:
    """The country of each of the files ``survey_scores`` names, culture by culture."""
    return [nation for culture, nation in surveyed().items() for _ in survey_scores("", culture)]


def pole_questionnaire(place: int) -> str:
    """The questionnaire in the language of the first or the second pole."""
    name = CFG.cultures[CFG.survey.poles[place]].language
    return f"results/data/survey/questionnaire.{name}.parquet"


def gloss() -> list[str]:
    """The first pole's questionnaire, to translate the second's; none in one language."""
    first, second = (pole_questionnaire(place) for place in (0, 1))
    return [first] if first != second else []


def leaning_culture(figure: str) -> str:
    """Figure 3 shows the second pole's arms, figure 11 the first's (section 5.3, appendix H.3)."""
    return CFG.survey.poles[1 if figure == "fig3" else 0]


def baselines() -> dict[str, str]:
    """Models whose vanilla arm is tested against that of another model -> the other."""
    return {name: CFG.models[name].baseline for name in RUN.models if CFG.models[name].baseline}


def scoring(wildcards) -> str:
    """Which answers a table or figure shows: in the plain order, or averaged over orders."""
    return "debiased" if wildcards.order else "plain"
