"""Rules that join the sections of a configuration: names must be defined where they are used."""

import difflib
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from pydantic import ValidationError

from culturalign.config.sft import Lora

Fault = tuple[tuple[str, ...], str]
"""Where (the keys leading there) and what is wrong."""


def unknown(where: tuple[str, ...], name: str, defined: Iterable[str], section: str) -> list[Fault]:
    """A fault if ``name`` is not among the keys a section defines."""
    if name in (names := [str(key) for key in defined]):
        return []
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; defined: {', '.join(names) or 'none'}"
    return [(where, f"{section} does not define {name!r}{hint}")]


def mapping(value: object) -> Mapping[str, Any]:
    """The value, if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def strings(value: object) -> list[str]:
    """The strings of a list, if the value is one."""
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


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


def joint_faults(raw: Mapping[str, Any]) -> list[Fault]:
    """Names used in one section that another does not define.

    Works on the unvalidated mapping, so that these faults are told together with wrong types
    and unknown keys, in one message.

    Args:
        raw: The configuration as read from YAML.
    """
    run, faults = mapping(raw.get("run")), []
    for section in ("models", "cultures", "methods", "decodings"):
        defined = mapping(raw.get(section))
        for name in strings(run.get(section)):
            faults += unknown(("run", section), name, defined, section)
    faults += _ppo_faults(raw, run) + _baseline_faults(raw, run)
    for key, values in run.items():
        if isinstance(values, list) and len(values) > len({repr(value) for value in values}):
            faults.append((("run", key), f"{values} names something twice; name each once"))
    faults += _culture_faults(raw, run) + _table_faults(raw, run)
    faults += _ranking_faults(raw) + _survey_faults(raw, run) + _norm_faults(raw, run)
    return faults + clca_faults(raw, run)


def _baseline_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Models of the run that are compared with themselves, or with a model it does not have."""
    faults: list[Fault] = []
    built = strings(run.get("models"))
    for name in built:
        baseline = mapping(mapping(raw.get("models")).get(name)).get("baseline")
        if isinstance(baseline, str) and baseline not in [each for each in built if each != name]:
            text = f"{baseline!r} is no other model of the run; add it to run.models, or set null"
            faults.append((("models", name, "baseline"), text))
    return faults


def _ppo_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """PPO methods that start from what is no SFT method, or that the run cannot train."""
    faults: list[Fault] = []
    methods = {name: mapping(method) for name, method in mapping(raw.get("methods")).items()}
    starts = ["vanilla", *(name for name, method in methods.items() if method.get("kind") == "sft")]
    for name, method in methods.items():
        if method.get("kind") != "ppo":
            continue
        start = method.get("start", "vanilla")
        if isinstance(start, str) and start not in starts:
            text = f"{start!r} is neither vanilla nor a method of kind sft"
            faults.append((("methods", name, "start"), f"{text}; known: {', '.join(starts)}"))
        if name in strings(run.get("methods")) and method.get("task", "ranking") == "ranking":
            faults += _task_faults(name, raw, run)
    return faults


def _task_faults(name: str, raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """What a PPO method of the run lacks to train on rankings."""
    if raw.get("ranking") is None:
        text = "the ranking task needs the section `ranking`; add it, or choose association"
        return [(("methods", name, "task"), text)]
    cultures = mapping(raw.get("cultures"))
    spoken = [str(mapping(cultures.get(c)).get("language")) for c in strings(run.get("cultures"))]
    languages = mapping(raw.get("languages"))
    return [
        (("languages", language, "ranking_prompt"), f"{name!r} ranks; name the prompt's file")
        for language in dict.fromkeys(spoken)
        if language in languages and not mapping(languages[language]).get("ranking_prompt")
    ]


def _ranking_faults(raw: Mapping[str, Any]) -> list[Fault]:
    """A decoding that nobody defines, and a method that would write the ranking's files."""
    if raw.get("ranking") is None:
        return []
    faults: list[Fault] = []
    decoding = mapping(raw["ranking"]).get("decoding", "ranking")
    if isinstance(decoding, str):
        defined = mapping(raw.get("decodings"))
        faults += unknown(("ranking", "decoding"), decoding, defined, "decodings")
    if "ranking" in mapping(raw.get("methods")):
        faults.append((("methods", "ranking"), "the ranking task has this name; take another"))
    return faults


def _norm_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Names under ``norms`` that are not defined, and attributes with two columns."""
    norms, languages = mapping(raw.get("norms")), mapping(raw.get("languages"))
    files, faults = mapping(norms.get("files")), list[Fault]()
    for key in ("files", "lemmatizer"):
        for name in mapping(norms.get(key)):
            faults += unknown(("norms", key), str(name), languages, "languages")
    prompts = strings(norms.get("prompts", ["complex", "simple"])) if norms else []
    built = [mapping(mapping(raw.get("cultures")).get(name)) for name in
             strings(run.get("cultures"))]  # fmt: skip
    for language in sorted({str(culture.get("language")) for culture in built} & set(files)):
        defined = mapping(mapping(languages.get(language)).get("prompts"))
        where = ("languages", language, "prompts")
        for prompt in prompts:
            faults += unknown(where, prompt, defined, ".".join(where))
    for prompt, decoding in mapping(norms.get("decodings")).items():
        defined = mapping(raw.get("decodings"))
        faults += unknown(("norms", "decodings", prompt), str(decoding), defined, "decodings")
    return faults + _attribute_faults(files)


def _attribute_faults(files: Mapping[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    for language, entries in files.items():
        seen: set[str] = set()
        for entry in entries if isinstance(entries, list) else []:
            names = {str(name) for name in mapping(mapping(entry).get("attributes"))}
            if again := sorted(seen & names):
                where = ("norms", "files", str(language))
                faults.append((where, f"two files give {', '.join(again)}; keep one"))
            seen |= names
    return faults


def _survey_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Poles that are not surveyed, and languages in which nobody can be asked."""
    survey, cultures = mapping(raw.get("survey")), mapping(raw.get("cultures"))
    if not survey:
        return []
    faults: list[Fault] = []
    built = strings(run.get("cultures"))
    for pole in strings(survey.get("poles")):
        faults += unknown(("survey", "poles"), pole, cultures, "cultures")
        if pole in cultures and not mapping(cultures[pole]).get("country"):
            faults.append((("cultures", pole, "country"), "a pole of the survey needs a country"))
    faults += _country_faults(strings(survey.get("poles")), built, cultures)
    settings = {name: mapping(cultures.get(name)) for name in built}
    surveyed = [name for name in built if settings[name].get("country")]
    for language in dict.fromkeys(str(settings[name].get("language")) for name in surveyed):
        if not mapping(mapping(raw.get("languages")).get(language)).get("survey_prompt"):
            where = ("languages", language, "survey_prompt")
            faults.append((where, "the survey stage needs this prompt; name its file"))
        named = mapping(survey.get("questionnaires"))
        faults += unknown(("survey", "questionnaires"), language, named, "survey.questionnaires")
    return faults


def _country_faults(poles: list[str], built: list[str], cultures: Mapping[str, Any]) -> list[Fault]:
    """Poles, or cultures of the run, that share a country: each is held against its own."""
    faults: list[Fault] = []
    for where, names in ((("survey", "poles"), poles), (("run", "cultures"), built)):
        owner: dict[str, str] = {}
        for name in dict.fromkeys(names):
            country = mapping(cultures.get(name)).get("country")
            if isinstance(country, str) and (first := owner.setdefault(country, name)) != name:
                text = f"{first!r} and {name!r} are both held against {country}"
                faults.append((where, f"{text}; give one another country, or leave it out"))
    return faults


def _table_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Two cultures of the run, or two kinds of scores, that would write the same table."""
    faults: list[Fault] = []
    owner: dict[str, str] = {}
    kinds = ("generation", "ranking") if raw.get("ranking") is not None else ("generation",)
    cultures = mapping(raw.get("cultures"))
    built = dict.fromkeys(strings(run.get("cultures")))
    for culture, kind in product(built, kinds):
        settings, key = mapping(cultures.get(culture)), f"{kind}_table"
        table, mine = settings.get(key) or f"{kind}_{culture}", f"{culture}.{key}"
        if isinstance(table, str) and owner.setdefault(table, mine) != mine:
            where = ("cultures", culture, key)
            faults.append((where, f"{table!r} is the table of {owner[table]!r} already"))
        for prompt, name in mapping(settings.get("attribute_tables")).items():
            mine = f"{culture}, {prompt}"
            if isinstance(name, str) and owner.setdefault(name, mine) != mine:
                where = ("cultures", culture, "attribute_tables")
                faults.append((where, f"{name!r} is the table of {owner[name]!r} already"))
    return faults


def _culture_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    languages = mapping(raw.get("languages"))
    methods = [mapping(mapping(raw.get("methods")).get(m)) for m in strings(run.get("methods"))]
    trained = [mapping(m.get("examples")).get("prompt", "complex") for m in methods]
    prompts = {*strings(trained), *strings(run.get("prompts", ["complex"]))}
    for name, culture in mapping(raw.get("cultures")).items():
        language = mapping(culture).get("language")
        if not isinstance(language, str):
            continue
        faults += unknown(("cultures", name, "language"), language, languages, "languages")
        if language in languages and name in strings(run.get("cultures")):
            defined = mapping(mapping(languages[language]).get("prompts"))
            for prompt in sorted(prompts):
                where = ("languages", language, "prompts")
                faults += unknown(where, prompt, defined, ".".join(where))
    return faults
