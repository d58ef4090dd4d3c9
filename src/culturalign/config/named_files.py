"""Text files that a configuration names: prompts, culture cards, scenarios, personas' wordings."""

from collections.abc import Iterator
from pathlib import Path

from culturalign.config.ppo import Ppo
from culturalign.config.root import Config
from culturalign.config.sft import ClcaSft, Sft
from culturalign.config.strict import Fault
from culturalign.errors import UserError
from culturalign.files.prompt_template import (
    CLCA,
    LISTS,
    MCQ,
    RANKING,
    SURVEY,
    Markers,
    read_template,
)

CLCA_PROMPTS = (*(f"{name}.txt" for name in CLCA), "words.yaml")
"""Files of a folder `clca_prompts`."""
Named = tuple[tuple[str, ...], str, Markers | None]
"""The key that names a file, its path and, of a prompt, its markers."""


def faulty_texts(config: Config, root: Path, directory: Path) -> Iterator[Fault]:
    """Files that the run reads but that lie neither in the working directory nor in a repository,
    and prompts without their markers.

    Args:
        config: The configuration.
        root: The repository.
        directory: The working directory.
    """
    for where, path, markers in dict.fromkeys(_named(config)):
        found = next((file for file in (directory / path, root / path) if file.is_file()), None)
        if found is None:
            yield where, f"no such file: {path}; put it there, or correct the path"
        elif markers:
            try:
                read_template(found, ".".join(where), markers)
            except UserError as fault:
                yield where, str(fault)


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
            yield (*key, "personas"), language.personas, None
        if clca and country and (roleplay or personas):
            yield ("clca", "cards", country), clca.cards[country], None
        if clca and country and roleplay:
            scenarios = enumerate(clca.scenarios[country])
            yield from (
                (("clca", "scenarios", country, str(n)), file, None) for n, file in scenarios
            )
            for file in CLCA_PROMPTS:
                markers = CLCA.get(file.removesuffix(".txt"))
                yield (*key, "clca_prompts"), f"{language.clca_prompts}/{file}", markers


def _prompts(config: Config, name: str, *, survey: bool) -> Iterator[Named]:
    """The prompts of a language."""
    language, key = config.languages[name], ("languages", name)
    methods = [config.methods[method] for method in config.run.methods]
    used = {method.examples.prompt for method in methods if isinstance(method, Sft | Ppo)}
    used.update(config.run.prompts)
    if config.norms and name in config.norms.files:
        used.update(config.norms.prompts)
    for prompt in sorted(used):
        yield (*key, "prompts", prompt), language.prompts[prompt], LISTS
    for kind, needed, markers in (
        ("ranking_prompt", config.ranking, RANKING),
        ("mcq_prompt", config.ranking, MCQ),
        ("survey_prompt", survey, SURVEY),
    ):
        if needed and (file := getattr(language, kind)):
            yield (*key, kind), file, markers
