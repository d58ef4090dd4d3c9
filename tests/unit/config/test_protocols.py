"""The protocols and that for one GPU: no value that was made for the demo reaches them."""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import pytest
import yaml

from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.config.root import Config
from culturalign.errors import UserError
from culturalign.grid.run_arms import Arms
from tests.tiny import ROOT

PROTOCOLS = {
    "as run": ["paper.yaml"],
    "as written": ["paper.yaml", "written.yaml"],
    "sound": ["paper.yaml", "sound.yaml"],
    "sound, on one GPU": ["paper.yaml", "sound.yaml", "one_gpu.yaml"],
}
SHARED = {
    "system", "prompts", "mcq_prompt", "clca_prompts", "personas", "separator",
    "simplify_chinese", "merge_erhua",
}  # fmt: skip
"""Settings of languages that are not the demo's but everyone's, and written once."""
Place = tuple[str, ...]


def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "config" / name).read_text(encoding="utf-8"))


def leaves(node: Any, place: Place = ()) -> Iterator[Place]:
    """Places of all values: lists are values, as in merging; so are empty mappings."""
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            yield from leaves(value, (*place, key))
    else:
        yield place


def protocol(files: list[str], demo: Mapping[str, Any]) -> tuple[Config, set[Place]]:
    """The loaded configuration, and the places that the protocol's own files set."""
    layers = [read(name) for name in files]
    return load(reduce(merge, [demo, *layers])), {
        place for each in layers for place in leaves(each)
    }


def used(config: Config, place: Place) -> bool:
    """Whether a run depends on what stands at a place."""
    attributes = {
        prompt: decoding
        for prompt, decoding in (config.norms.decodings.items() if config.norms else [])
        if prompt in config.norms.prompts
    }
    named = {
        "models": config.run.models,
        "cultures": config.run.cultures,
        "methods": [*Arms(config).trained_methods, *Arms(config).prompt_methods],
        "languages": {config.cultures[name].language for name in config.run.cultures},
        "decodings": {
            *config.run.decodings,
            *([config.ranking.decoding] if config.ranking else []),
            *attributes.values(),
        },
    }
    section, *rest = place
    if place[:2] == ("norms", "decodings"):
        return place[2] in attributes
    if section == "languages" and rest[1] in SHARED:
        return False
    return section not in named or rest[0] in named[section]


def from_the_demo(files: list[str], demo: Mapping[str, Any]) -> list[str]:
    """Places of a protocol's run whose values are those of the demo."""
    config, own = protocol(files, demo)
    # A mapping or list of its own replaces what stands there or stands around it.
    return sorted(
        ".".join(place)
        for place in leaves(demo)
        if used(config, place) and not any(place[: len(mine)] == mine for mine in own)
    )


@pytest.mark.parametrize("files", PROTOCOLS.values(), ids=PROTOCOLS)
def test_no_value_made_for_the_demo_reaches_a_protocol(files):
    assert from_the_demo(files, read("config.yaml")) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("methods.ppo.lambd", 0.9),
        ("methods.sft.lora.last_layers", 15),  # set by the protocol, so not from the demo
        ("evaluation.confidence", 0.9),
        ("ranking.reward.invented", "refuse"),
        ("models.smollm2.label", "unused"),
    ],
)
def test_a_value_that_the_demo_alone_sets_is_found(place, value):
    setting = reduce(lambda inner, key: {key: inner}, reversed(place.split(".")), value)
    found = from_the_demo(PROTOCOLS["as run"], merge(read("config.yaml"), setting))
    assert found == ([] if place.split(".")[-1] in ("last_layers", "label") else [place])


@pytest.mark.parametrize("name", ["written.yaml", "sound.yaml"])
def test_an_overlay_of_the_paper_is_refused_without_it(name):
    with pytest.raises(UserError, match=r"cultures\.us\.label: Field required"):
        load(merge(read("config.yaml"), read(name)))


@pytest.mark.parametrize("name", ["paper.yaml", "written.yaml", "sound.yaml", "one_gpu.yaml"])
def test_every_protocol_says_how_it_is_run(name):
    """The command in its head names the files that the tests load."""
    head = (ROOT / "config" / name).read_text(encoding="utf-8")
    (files,) = (files for files in PROTOCOLS.values() if files[-1] == name)
    given = " ".join(f"config/{file}" for file in files)
    assert f"# Use: snakemake all --directory runs/{name[:-5]} --configfile {given}\n" in head


def test_the_paper_as_run_samples_rollouts_at_the_temperature_of_its_engine():
    config, _ = protocol(PROTOCOLS["as run"], read("config.yaml"))
    assert [config.methods[name].temperature for name in ("ppo", "sft-ppo")] == [1.0, 1.0]
