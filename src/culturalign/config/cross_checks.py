"""Checks across the sections of a configuration: what one section uses, another must define."""

import difflib
from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from culturalign.config.clca import PromptOnly
from culturalign.config.data import Culture
from culturalign.config.ppo import Ppo
from culturalign.config.published import Published
from culturalign.config.sft import ClcaSft, Sft
from culturalign.config.strict import Fault

if TYPE_CHECKING:
    from culturalign.config.root import Config

Keys = tuple[str, ...]
Cultures = Mapping[str, Culture]


def cross_faults(config: "Config") -> Iterator[Fault]:
    """Everything in which the sections of a configuration disagree."""
    known = {name: config.cultures[name] for name in config.run.cultures if name in config.cultures}
    built = {name: each for name, each in known.items() if each.language in config.languages}
    yield from _undefined(config, built)
    yield from _missing_files(config, built)
    yield from _run(config)
    yield from _labels(config)
    yield from _methods(config)
    yield from _tables(config, built)
    yield from _countries(config, built)


def _undefined(config: "Config", built: Cultures) -> Iterator[Fault]:
    """Names that the section meant does not have."""
    entries = ((keys, name, keys) for keys, name in _entries(config, built))
    for where, name, section in (*_names(config), *entries):
        defined: Any = config
        for key in section:
            defined = defined[key] if isinstance(defined, Mapping) else getattr(defined, key)
        if name not in defined:
            near = difflib.get_close_matches(name, defined, n=1)
            listed = f"defined: {', '.join(defined) or 'none'}"
            hint = f"did you mean {near[0]}?" if near else listed
            yield where, f"{'.'.join(section)} does not define {name!r}; {hint}"


def _names(config: "Config") -> Iterator[tuple[Keys, str, Keys]]:
    """Names that are used: where, the name, and the section that must define it."""
    for part in ("models", "cultures", "methods", "decodings"):
        for name in getattr(config.run, part):
            yield ("run", part), name, (part,)
    for name, culture in config.cultures.items():
        yield ("cultures", name, "language"), culture.language, ("languages",)
    for name, method in config.methods.items():
        for key, sources in method.sources.items() if isinstance(method, Published) else ():
            yield ("methods", name, "sources"), key, ("cultures",)
            for model in sources:
                yield ("methods", name, "sources", key), model, ("models",)
    if isinstance(swapped := config.evaluation.swapped, list):
        for name in swapped:
            yield ("evaluation", "swapped"), name, ("methods",)
    if config.ranking:
        yield ("ranking", "decoding"), config.ranking.decoding, ("decodings",)
    if config.survey:
        for pole in config.survey.poles:
            yield ("survey", "poles"), pole, ("cultures",)
    if config.norms:
        for part in ("files", "lemmatizer"):
            for language in getattr(config.norms, part):
                yield ("norms", part), language, ("languages",)
        for prompt, decoding in config.norms.decodings.items():
            yield ("norms", "decodings", prompt), decoding, ("decodings",)
    if config.clca:
        yield ("clca", "roleplay", "model"), config.clca.roleplay.model, ("models",)
        if config.clca.judge.model:
            yield ("clca", "judge", "model"), config.clca.judge.model, ("models",)


def _entries(config: "Config", built: Cultures) -> Iterator[tuple[Keys, str]]:
    """Mappings, and the keys that they need for the cultures of the run."""
    trained = [config.methods.get(name) for name in config.run.methods]
    prompts = {method.examples.prompt for method in trained if isinstance(method, Sft | Ppo)}
    for culture in built.values():
        norms = config.norms if config.norms and culture.language in config.norms.files else None
        for prompt in sorted(prompts.union(config.run.prompts, norms.prompts if norms else [])):
            yield ("languages", culture.language, "prompts"), prompt
        if culture.country and config.survey:
            yield ("survey", "questionnaires"), culture.language
        if culture.country and config.clca:
            yield ("clca", "cards"), culture.country
            yield ("clca", "scenarios"), culture.country


def _missing_files(config: "Config", built: Cultures) -> Iterator[Fault]:
    """Files that a language may leave out in general, but not in this run."""
    methods = [config.methods.get(name) for name in config.run.methods]
    ranking = any(isinstance(method, Ppo) and method.task == "ranking" for method in methods)
    survey, clca = config.survey, config.clca
    for culture in built.values():
        country = culture.country
        needs = {
            "ranking_prompt": (ranking and config.ranking, "PPO on rankings"),
            "survey_prompt": (country and survey, "the survey stage"),
            "clca_prompts": (country and clca, "role-play"),
            "personas": (country and survey and clca and clca.personas, "the persona read-out"),
        }
        for key, (needed, user) in needs.items():
            if needed and not getattr(config.languages[culture.language], key):
                text = f"{user} needs it; name the file or folder, or leave {user} out of this run"
                yield ("languages", culture.language, key), text


def _methods(config: "Config") -> Iterator[Fault]:
    """Names that are taken, and methods that cannot start where they should."""
    if config.ranking and "ranking" in config.methods:
        yield ("methods", "ranking"), "the ranking task has this name; take another"
    if "roleplay" in config.methods:  # its folder is next to those of the methods
        yield ("methods", "roleplay"), "the role-play has this name; take another"
    sft = {name: method.lora for name, method in config.methods.items() if isinstance(method, Sft)}
    for name, method in config.methods.items():
        if isinstance(method, Ppo) and method.start not in ["vanilla", *sft]:
            text = f"{method.start!r} is neither vanilla nor a method of kind sft"
            yield ("methods", name, "start"), f"{text}; known: {', '.join(['vanilla', *sft])}"
        if isinstance(method, ClcaSft) and (start := method.associations):
            if start not in sft:
                text = f"{start!r} is not a method of kind sft; known: {', '.join(sft) or 'none'}"
                yield ("methods", name, "associations"), text
            elif method.order == "sequential" and method.lora != sft[start]:
                text = f"order: sequential continues the adapter of {start!r}"
                yield ("methods", name, "lora"), f"{text}; give both the same lora"


def _labels(config: "Config") -> Iterator[Fault]:
    """Methods of the run that tables could not tell apart."""
    owner: dict[str, str] = {}
    for name in config.run.methods:
        label = config.methods[name].label if name in config.methods else name
        if owner.setdefault(label, name) != name:
            text = f"{label!r} is the label of {owner[label]!r} already; tables tell arms apart by"
            yield ("methods", name, "label"), f"{text} it"


def _run(config: "Config") -> Iterator[Fault]:
    """What models and methods of the run need from other models and sections."""
    for name in config.run.models:
        baseline = config.models[name].baseline if name in config.models else None
        if baseline == name or baseline not in (None, *config.run.models):
            text = f"{baseline!r} is not another model of the run; add it there, or set null"
            yield ("models", name, "baseline"), text
    for name in config.run.methods:
        method = config.methods.get(name)
        if isinstance(method, Ppo) and method.task == "ranking" and config.ranking is None:
            text = "the ranking task needs the section `ranking`; add it, or choose association"
            yield ("methods", name, "task"), text
        if isinstance(method, ClcaSft) and config.clca is None:
            text = "role-play needs the section `clca`; add it, or take the method off run.methods"
            yield ("methods", name), text
        if isinstance(method, Published) and not _published(config, method):
            text = "has weights for no model and culture of the run; add some, or take it off"
            yield ("methods", name, "sources"), text
        if isinstance(method, PromptOnly):
            for culture in config.run.cultures:
                if culture not in method.system:
                    text = f"has no text for the culture {culture!r} of the run; add it"
                    yield ("methods", name, "system"), text


def _published(config: "Config", method: Published) -> bool:
    """Whether a method of published weights has an arm in the run."""
    models = [sources for name, sources in method.sources.items() if name in config.run.cultures]
    return any(name in config.run.models for sources in models for name in sources)


def _tables(config: "Config", built: Cultures) -> Iterator[Fault]:
    """Tables of one name: only the first would be made."""
    tables = [
        (name, "attribute_tables", table, f"{name}, {prompt}")
        for name, culture in built.items()
        for prompt, table in culture.attribute_tables.items()
        if not config.norms or prompt in config.norms.prompts
    ]
    for (name, culture), kind in product(built.items(), ("generation", "ranking")):
        if kind == "generation" or config.ranking:
            key = f"{kind}_table"
            tables.append((name, key, getattr(culture, key) or f"{kind}_{name}", f"{name}.{key}"))
    owner: dict[str, str] = {}
    for name, key, table, ours in tables:
        if owner.setdefault(table, ours) != ours:
            text = f"{table!r} is the table of {owner[table]!r} already"
            yield ("cultures", name, key), text


def _countries(config: "Config", built: Cultures) -> Iterator[Fault]:
    """Cultures without a country, and those that share one, since each is compared with its own."""
    poles = config.survey.poles if config.survey else []
    needed = dict.fromkeys(poles, "a pole of the survey")
    needed |= dict.fromkeys(built if config.clca else [], "role-play")
    for name, user in needed.items():
        if name in config.cultures and not config.cultures[name].country:
            yield ("cultures", name, "country"), f"{user} needs a country"
    for where, names in ((("survey", "poles"), poles), (("run", "cultures"), list(built))):
        owner: dict[str, str] = {}
        for name in names if config.survey else []:
            country = config.cultures[name].country if name in config.cultures else None
            if country and (other := owner.setdefault(country, name)) != name:
                text = f"{other!r} and {name!r} are both compared with {country}"
                yield where, f"{text}; give one another country, or leave it out"
