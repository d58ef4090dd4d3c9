"""Rules that join CLCA and prompt-only methods with the other sections."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from culturalign.config.faults import Fault, mapping, strings, unknown
from culturalign.config.sft import Lora

FOLDER = "roleplay"
"""Of the role-play's files in a culture's data, where methods have theirs."""


def clca_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Role-play that cannot be done, and methods that cannot be trained or asked."""
    faults: list[Fault] = []
    methods = {name: mapping(method) for name, method in mapping(raw.get("methods")).items()}
    if FOLDER in methods:
        faults.append((("methods", FOLDER), "the role-play has this name; take another"))
    for name, method in methods.items():
        if method.get("kind") == "clca":
            faults += _start_faults(name, method, methods)
    built = [name for name in strings(run.get("methods")) if name in methods]
    for name in built:
        if methods[name].get("kind") == "prompt":
            faults += _prompt_faults(name, methods[name], run)
    trained = [name for name in built if methods[name].get("kind") == "clca"]
    if raw.get("clca") is None:
        text = "role-play needs the section `clca`; add it, or leave the method out of run.methods"
        return faults + [(("methods", name), text) for name in trained]
    return faults + _section_faults(raw, run)


def _start_faults(
    name: str, method: Mapping[str, Any], methods: Mapping[str, Mapping[str, Any]]
) -> list[Fault]:
    """Associations of what is no SFT method; another adapter than that continued from."""
    other, where = method.get("associations"), ("methods", name, "associations")
    if method.get("order") == "sequential" and other is None:
        return [(where, "order: sequential needs the SFT method it continues from")]
    if not isinstance(other, str):
        return []
    if mapping(methods.get(other)).get("kind") != "sft":
        known = ", ".join(n for n, m in methods.items() if m.get("kind") == "sft") or "none"
        return [(where, f"{other!r} is no method of kind sft; known: {known}")]
    ours, theirs = _lora(method), _lora(methods[other])
    if method.get("order") == "sequential" and ours and theirs and ours != theirs:
        text = f"order: sequential continues the adapter of {other!r}; give both the same lora"
        return [(("methods", name, "lora"), text)]
    return []


def _lora(method: Mapping[str, Any]) -> Lora | None:
    """A method's adapter with its defaults; None if it is wrong, which is told elsewhere."""
    try:
        return Lora.model_validate(method.get("lora", {}))
    except ValidationError:
        return None


def _prompt_faults(name: str, method: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Cultures of the run for which a prompt-only method has no text."""
    given, where = mapping(method.get("system")), ("methods", name, "system")
    return [
        (where, f"has no text for the culture {culture!r} of the run; add it")
        for culture in strings(run.get("cultures"))
        if culture not in given
    ]


def _section_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Models, cards, scenarios, sources to adapt, prompts and persona texts that are not there."""
    clca, faults = mapping(raw["clca"]), list[Fault]()
    models, languages = mapping(raw.get("models")), mapping(raw.get("languages"))
    for part in ("roleplay", "judge"):
        if isinstance(model := mapping(clca.get(part)).get("model"), str):
            faults += unknown(("clca", part, "model"), model, models, "models")
    for place, source in mapping(mapping(clca.get("adapting")).get("source")).items():
        where = ("clca", "adapting", "source", str(place))
        faults += unknown(where, str(source), mapping(clca.get("scenarios")), "clca.scenarios")
    asked = raw.get("survey") is not None and clca.get("personas", True) is not None
    for culture in strings(run.get("cultures")):
        settings = mapping(mapping(raw.get("cultures")).get(culture))
        country, language = settings.get("country"), str(settings.get("language"))
        if not isinstance(country, str):
            faults.append((("cultures", culture, "country"), "role-play needs a country"))
            continue
        for part in ("cards", "scenarios"):
            named = mapping(clca.get(part))
            faults += unknown(("clca", part), country, named, f"clca.{part}")
        needed = ["clca_prompts", *(["personas"] if asked else [])]
        faults += [
            (("languages", language, key), "CLCA needs it; name the file or folder")
            for key in needed
            if language in languages and not mapping(languages[language]).get(key)
        ]
    return faults
