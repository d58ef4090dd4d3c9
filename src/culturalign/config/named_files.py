"""Text files that a configuration names: prompts, culture cards, scenarios, personas' wordings."""

from collections.abc import Iterator
from pathlib import Path

from culturalign.config.ppo import Ppo
from culturalign.config.root import Config
from culturalign.config.sft import ClcaSft, Sft
from culturalign.config.strict import Fault

CLCA_PROMPTS = ("roleplay.txt", "quality.txt", "fit.txt", "critic.txt", "intent.txt", "words.yaml")
"""Files of a folder `clca_prompts`."""
Named = tuple[tuple[str, ...], str]
"""The key that names a file, and its path."""


def missing_texts(config: Config, root: Path) -> Iterator[Fault]:
    """Files that the run reads but that lie neither in the working directory nor in a repository.

    Args:
        config: The configuration.
        root: The repository.
    """
    for where, path in dict.fromkeys(_named(config)):
        if not Path(path).is_file() and not (root / path).is_file():
            yield where, f"no such file: {path}; put it there, or correct the path"


def _named(config: Config) -> Iterator[Named]:
    """The files that the cultures of the run need."""
    clca = config.clca
    methods = [config.methods[name] for name in config.run.methods]
    roleplay = any(isinstance(method, ClcaSft) for method in methods)
    for name in config.run.cultures:
        culture = config.cultures[name]
        country = culture.country
        asked = bool(country and config.survey)
        personas = bool(asked and clca and clca.personas)
        yield from _prompts(config, culture.language, survey=asked)
        language, key = config.languages[culture.language], ("languages", culture.language)
        if personas and language.personas:
            yield (*key, "personas"), language.personas
        if clca and country and (roleplay or personas):
            yield ("clca", "cards", country), clca.cards[country]
        if clca and country and roleplay:
            scenarios = enumerate(clca.scenarios[country])
            yield from ((("clca", "scenarios", country, str(n)), file) for n, file in scenarios)
            for file in CLCA_PROMPTS:
                yield (*key, "clca_prompts"), f"{language.clca_prompts}/{file}"


def _prompts(config: Config, name: str, *, survey: bool) -> Iterator[Named]:
    """The prompts of a language."""
    language, key = config.languages[name], ("languages", name)
    methods = [config.methods[method] for method in config.run.methods]
    used = {method.examples.prompt for method in methods if isinstance(method, Sft | Ppo)}
    used.update(config.run.prompts)
    if config.norms and name in config.norms.files:
        used.update(config.norms.prompts)
    for prompt in sorted(used):
        yield (*key, "prompts", prompt), language.prompts[prompt]
    for kind, needed in (
        ("ranking_prompt", config.ranking),
        ("mcq_prompt", config.ranking),
        ("survey_prompt", survey),
    ):
        if needed and (file := getattr(language, kind)):
            yield (*key, kind), file
