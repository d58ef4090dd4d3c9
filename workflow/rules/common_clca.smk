"""CLCA: role-play, prompt-only methods, persona answers. No rules."""


def stage_settings(wildcards) -> dict:
    """Files of a culture's role-play."""
    settings = CFG.cultures[wildcards.culture]
    return {
        "scenarios": [located(file) for file in CFG.clca.scenarios[settings.country]],
        "card": located(CFG.clca.cards[settings.country]),
        "prompts": located(language(wildcards).clca_prompts),
        "country": settings.country,
        "language": settings.language,
    }


def asking_settings(wildcards) -> dict:
    """Files of a culture's role-play, and the system message of judge and intents."""
    return {**stage_settings(wildcards), "system": language(wildcards).system}


def stage_texts(wildcards) -> list[str]:
    """Files that a culture's role-play is made of."""
    stage = stage_settings(wildcards)
    names = (
        "roleplay.txt",
        "quality.txt",
        "fit.txt",
        "critic.txt",
        "intent.txt",
        "adapt.txt",
        "words.yaml",
    )
    return [stage["card"], *stage["scenarios"], *(f"{stage['prompts']}/{name}" for name in names)]


def guarded(wildcards) -> list[str]:
    """Questionnaires of the run, which nothing learned may repeat."""
    return [
        f"results/data/survey/questionnaire.{name}.parquet"
        for name in (survey_languages() if surveyed() else [])
    ]


def base_of(model: str | None) -> list[str]:
    """Folder of a named model's unpacked weights; none if they come from elsewhere."""
    packaged = model and is_packaged(CFG.models[model].source)
    return [f"results/models/{model}/base"] if packaged else []


def permission_of(model: str | None) -> list[str]:
    """The record that a named model can be had, if it comes from the hub."""
    return permissions([model] if model else [])


def settings_of(model: str | None) -> dict:
    """Settings of a named model that its answers depend on; none without one."""
    if model is None:
        return {}
    return {**CFG.models[model].model_dump(exclude={"train", "tasks", "baseline"}), "label": model}


def joined_examples(wildcards, split: str) -> list[str]:
    """Association examples that a method learns together with role-play."""
    method = CFG.methods[wildcards.method]
    if method.associations is None or method.order == "sequential":
        return []
    return [f"results/data/{wildcards.culture}/{method.associations}/{split}.jsonl"]


def continued_adapter(wildcards) -> list[str]:
    """The SFT adapter that a method's training continues from; none for a new one."""
    method = CFG.methods[wildcards.method]
    if method.kind != "clca" or method.associations is None or method.order != "sequential":
        return []
    folder = f"results/models/{wildcards.model}/{wildcards.culture}/{method.associations}"
    return [f"{folder}/seed{wildcards.seed}/adapter"]


def learned_intents(wildcards) -> list[str]:
    """Intents of a culture's dialogues, if a method learns them."""
    learned = CFG.methods[wildcards.method].intents
    return [f"results/data/{wildcards.culture}/roleplay/intents.jsonl"] if learned else []


def spoken(wildcards, system: str) -> str:
    """The system message of an arm: a prompt-only method puts its own before the language's."""
    arm = parse_arm(wildcards.arm)
    if arm.method not in PROMPT_METHODS:
        return system
    return f"{CFG.methods[arm.method].system[arm.culture]} {system}"


def arm_language_settings(wildcards) -> dict:
    """System message of an arm, and the separator of its culture's language."""
    settings = language_settings(wildcards)
    return {**settings, "system": spoken(wildcards, settings["system"])}


def roleplayed() -> list[str]:
    """Cultures of the run with role-played dialogues."""
    return list(RUN.cultures) if set(RUN.methods) & set(CLCA_METHODS) else []


def impersonated() -> list[str]:
    """Cultures of the run with persona answers."""
    return list(surveyed()) if CFG.clca and CFG.clca.personas else []


def as_persona(method: str) -> bool:
    """Whether arms of a method are asked as respondents: the trained, and some prompt-only ones."""
    if method == "vanilla":
        return False
    return CFG.methods[method].persona if method in PROMPT_METHODS else True


def persona_system(wildcards) -> str:
    """System message of an arm in the persona read-out, without the persona."""
    system = language(wildcards).system
    return system if as_persona(parse_arm(wildcards.arm).method) else spoken(wildcards, system)


def persona_files() -> list[str]:
    """Scores of the persona answers of all cultures, models and arms."""
    return [
        f"results/scores/{model}/{arm}/personas.{culture}.parquet"
        for culture in impersonated()
        for model, arm in evaluated("personas", culture)
    ]


def asked_as() -> dict[str, str]:
    """Vanilla and the run's methods -> as whom their arms are asked."""
    named = {True: "respondent", False: "nobody"}
    return {
        method: (
            "country"
            if method in PROMPT_METHODS and not as_persona(method)
            else named[as_persona(method)]
        )
        for method in ["vanilla", *RUN.methods]
    }


def culture_questionnaire(wildcards) -> str:
    """The questionnaire in a culture's language."""
    name = CFG.cultures[wildcards.culture].language
    return f"results/data/survey/questionnaire.{name}.parquet"


def clca_tables() -> list[str]:
    """Names of the tables of role-play and persona answers."""
    names = ["dialogues"] if roleplayed() else []
    return names + (["personas", "personas_contrasts"] if impersonated() else [])


def found_intents() -> list[str]:
    """Intents of all cultures, if a method of the run learns them."""
    learned = any(CFG.methods[name].intents for name in RUN.methods if name in CLCA_METHODS)
    return [f"results/data/{culture}/roleplay/intents.jsonl" for culture in roleplayed() if learned]


def adaptable() -> list[str]:
    """Cultures for whose country another's scenarios can be adapted."""
    sources = CFG.clca.adapting.source if CFG.clca and CFG.clca.adapting else {}
    return [name for name, culture in CFG.cultures.items() if culture.country in sources]


def adapted_from(wildcards) -> list[str]:
    """Scenarios of the country that a culture's are adapted from."""
    country = CFG.clca.adapting.source[CFG.cultures[wildcards.culture].country]
    return [located(file) for file in CFG.clca.scenarios[country]]
