"""Rules that join the sections of a configuration: names must be defined where they are used."""

import difflib
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

Fault = tuple[tuple[str, ...], str]
"""Where (the keys leading there) and what is wrong."""


def joint_faults(raw: Mapping[str, Any]) -> list[Fault]:
    """Names used in one section that another does not define.

    Works on the unvalidated mapping, so that these faults are told together with wrong types
    and unknown keys, in one message.

    Args:
        raw: The configuration as read from YAML.
    """
    run, faults = _mapping(raw.get("run")), []
    for section in ("models", "cultures", "methods", "decodings"):
        defined = _mapping(raw.get(section))
        for name in _strings(run.get(section)):
            faults += _unknown(("run", section), name, defined, section)
    faults += _ppo_faults(raw, run)
    for key, values in run.items():
        if isinstance(values, list) and len(values) > len({repr(value) for value in values}):
            faults.append((("run", key), f"{values} names something twice; name each once"))
    faults += _culture_faults(raw, run) + _table_faults(raw, run)
    return faults + _ranking_faults(raw) + _survey_faults(raw, run) + _norm_faults(raw, run)


def _ppo_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """PPO methods that start from what is no SFT method, or that the run cannot train."""
    faults: list[Fault] = []
    methods = {name: _mapping(method) for name, method in _mapping(raw.get("methods")).items()}
    starts = ["vanilla", *(name for name, method in methods.items() if method.get("kind") == "sft")]
    for name, method in methods.items():
        if method.get("kind") != "ppo":
            continue
        start = method.get("start", "vanilla")
        if isinstance(start, str) and start not in starts:
            text = f"{start!r} is neither vanilla nor a method of kind sft"
            faults.append((("methods", name, "start"), f"{text}; known: {', '.join(starts)}"))
        if name in _strings(run.get("methods")) and method.get("task", "ranking") == "ranking":
            faults += _task_faults(name, raw, run)
    return faults


def _task_faults(name: str, raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """What a PPO method of the run lacks to train on rankings."""
    if raw.get("ranking") is None:
        text = "the ranking task needs the section `ranking`; add it, or choose association"
        return [(("methods", name, "task"), text)]
    cultures = _mapping(raw.get("cultures"))
    spoken = [str(_mapping(cultures.get(c)).get("language")) for c in _strings(run.get("cultures"))]
    languages = _mapping(raw.get("languages"))
    return [
        (("languages", language, "ranking_prompt"), f"{name!r} ranks; name the prompt's file")
        for language in dict.fromkeys(spoken)
        if language in languages and not _mapping(languages[language]).get("ranking_prompt")
    ]


def _ranking_faults(raw: Mapping[str, Any]) -> list[Fault]:
    """A decoding that nobody defines, and a method that would write the ranking's files."""
    if raw.get("ranking") is None:
        return []
    faults: list[Fault] = []
    decoding = _mapping(raw["ranking"]).get("decoding", "ranking")
    if isinstance(decoding, str):
        defined = _mapping(raw.get("decodings"))
        faults += _unknown(("ranking", "decoding"), decoding, defined, "decodings")
    if "ranking" in _mapping(raw.get("methods")):
        faults.append((("methods", "ranking"), "the ranking task has this name; take another"))
    return faults


def _norm_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Names under ``norms`` that are not defined, and attributes with two columns."""
    norms, languages = _mapping(raw.get("norms")), _mapping(raw.get("languages"))
    files, faults = _mapping(norms.get("files")), list[Fault]()
    for key in ("files", "lemmatizer"):
        for name in _mapping(norms.get(key)):
            faults += _unknown(("norms", key), str(name), languages, "languages")
    prompts = _strings(norms.get("prompts", ["complex", "simple"])) if norms else []
    built = [_mapping(_mapping(raw.get("cultures")).get(name)) for name in
             _strings(run.get("cultures"))]  # fmt: skip
    for language in sorted({str(culture.get("language")) for culture in built} & set(files)):
        defined = _mapping(_mapping(languages.get(language)).get("prompts"))
        where = ("languages", language, "prompts")
        for prompt in prompts:
            faults += _unknown(where, prompt, defined, ".".join(where))
    for prompt, decoding in _mapping(norms.get("decodings")).items():
        defined = _mapping(raw.get("decodings"))
        faults += _unknown(("norms", "decodings", prompt), str(decoding), defined, "decodings")
    return faults + _attribute_faults(files)


def _attribute_faults(files: Mapping[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    for language, entries in files.items():
        seen: set[str] = set()
        for entry in entries if isinstance(entries, list) else []:
            names = {str(name) for name in _mapping(_mapping(entry).get("attributes"))}
            if again := sorted(seen & names):
                where = ("norms", "files", str(language))
                faults.append((where, f"two files give {', '.join(again)}; keep one"))
            seen |= names
    return faults


def _survey_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Poles that are not surveyed, and languages in which nobody can be asked."""
    survey, cultures = _mapping(raw.get("survey")), _mapping(raw.get("cultures"))
    if not survey:
        return []
    faults: list[Fault] = []
    built = _strings(run.get("cultures"))
    for pole in _strings(survey.get("poles")):
        faults += _unknown(("survey", "poles"), pole, cultures, "cultures")
        if pole in cultures and not _mapping(cultures[pole]).get("country"):
            faults.append((("cultures", pole, "country"), "a pole of the survey needs a country"))
    settings = {name: _mapping(cultures.get(name)) for name in built}
    surveyed = [name for name in built if settings[name].get("country")]
    for language in dict.fromkeys(str(settings[name].get("language")) for name in surveyed):
        if not _mapping(_mapping(raw.get("languages")).get(language)).get("survey_prompt"):
            where = ("languages", language, "survey_prompt")
            faults.append((where, "the survey stage needs this prompt; name its file"))
        named = _mapping(survey.get("questionnaires"))
        faults += _unknown(("survey", "questionnaires"), language, named, "survey.questionnaires")
    return faults


def _table_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    """Two cultures of the run, or two kinds of scores, that would write the same table."""
    faults: list[Fault] = []
    owner: dict[str, str] = {}
    kinds = ("generation", "ranking") if raw.get("ranking") is not None else ("generation",)
    cultures = _mapping(raw.get("cultures"))
    built = dict.fromkeys(_strings(run.get("cultures")))
    for culture, kind in product(built, kinds):
        settings, key = _mapping(cultures.get(culture)), f"{kind}_table"
        table, mine = settings.get(key) or f"{kind}_{culture}", f"{culture}.{key}"
        if isinstance(table, str) and owner.setdefault(table, mine) != mine:
            where = ("cultures", culture, key)
            faults.append((where, f"{table!r} is the table of {owner[table]!r} already"))
        for prompt, name in _mapping(settings.get("attribute_tables")).items():
            mine = f"{culture}, {prompt}"
            if isinstance(name, str) and owner.setdefault(name, mine) != mine:
                where = ("cultures", culture, "attribute_tables")
                faults.append((where, f"{name!r} is the table of {owner[name]!r} already"))
    return faults


def _culture_faults(raw: Mapping[str, Any], run: Mapping[str, Any]) -> list[Fault]:
    faults: list[Fault] = []
    languages = _mapping(raw.get("languages"))
    methods = [_mapping(_mapping(raw.get("methods")).get(m)) for m in _strings(run.get("methods"))]
    trained = [_mapping(m.get("examples")).get("prompt", "complex") for m in methods]
    prompts = {*_strings(trained), *_strings(run.get("prompts", ["complex"]))}
    for name, culture in _mapping(raw.get("cultures")).items():
        language = _mapping(culture).get("language")
        if not isinstance(language, str):
            continue
        faults += _unknown(("cultures", name, "language"), language, languages, "languages")
        if language in languages and name in _strings(run.get("cultures")):
            defined = _mapping(_mapping(languages[language]).get("prompts"))
            for prompt in sorted(prompts):
                where = ("languages", language, "prompts")
                faults += _unknown(where, prompt, defined, ".".join(where))
    return faults


def _unknown(
    where: tuple[str, ...], name: str, defined: Iterable[str], section: str
) -> list[Fault]:
    """A fault if ``name`` is not among the keys a section defines."""
    if name in (names := [str(key) for key in defined]):
        return []
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; defined: {', '.join(names) or 'none'}"
    return [(where, f"{section} does not define {name!r}{hint}")]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _strings(value: object) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
