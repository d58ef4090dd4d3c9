"""The licensed files a configuration needs, and what to say where some are missing.

Imported whenever the workflow is parsed, so nothing heavy is imported here. Another kind of file is
a line in :data:`KINDS`, one in :func:`expected_files` and a reader in :mod:`culturalign.doctor`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """What users must know of a kind of file."""

    title: str
    license: str
    origin: str
    place: str


KINDS = {
    "swow": Kind(
        "Small World of Words",
        "CC BY-NC-ND 3.0: no commercial use, no passing on",
        "smallworldofwords.org, section research",
        "resources/swow/",
    ),
    "wvs": Kind(
        "World Values Survey, wave 7",
        "conditions of use of the WVS: no passing on",
        "worldvaluessurvey.org, section data, wave 7, cross-national file",
        "resources/wvs/",
    ),
    "questionnaire": Kind(
        "questionnaire",
        "conditions of use of the WVS: no passing on",
        "the documentation on worldvaluessurvey.org, wave 7, in your own file (docs/data.md)",
        "resources/wvs/",
    ),
    "norms": Kind(
        "psycholinguistic norms",
        "that of the journal's supplement",
        "the supplement of the paper named in docs/data.md",
        "resources/norms/",
    ),
}


@dataclass(frozen=True)
class Expected:
    """A file that a configuration needs.

    Attributes:
        key: Where the configuration names it.
        path: As it is named there.
        kind: A key of :data:`KINDS`.
        needs: Columns (SWOW) or countries (WVS) needed.
        optional: Whether a run goes on without it.
        columns: Our name -> header (questionnaires), where they differ.
        settings: Of a norm file: its entry under ``norms.files``.
    """

    key: str
    path: str
    kind: str
    needs: tuple[str, ...] = ()
    optional: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def expected_files(config: Mapping[str, Any]) -> list[Expected]:
    """The users' files that a run needs; those that the demo makes are left out.

    Args:
        config: The validated configuration, dumped.
    """
    built = {name: config["cultures"][name] for name in config["run"]["cultures"]}
    files = [
        Expected(f"cultures.{name}.swow", culture["swow"], "swow", _columns(culture["keep"]))
        for name, culture in built.items()
    ]
    surveyed = [culture for culture in built.values() if culture["country"]]
    if (survey := config.get("survey")) and surveyed:
        poles = [config["cultures"][pole]["country"] for pole in survey["poles"]]
        nations = tuple(dict.fromkeys([*poles, *(culture["country"] for culture in surveyed)]))
        files.append(Expected("survey.file", survey["file"], "wvs", nations))
        files += [
            Expected(
                f"survey.questionnaires.{name}",
                survey["questionnaires"][name]["file"],
                "questionnaire",
                columns=survey["questionnaires"][name]["columns"],
            )
            for name in dict.fromkeys(culture["language"] for culture in surveyed)
        ]
    files += _norm_files(config.get("norms"), ("norms",))
    return [file for file in files if not file.path.startswith("results/demo/")]


def _columns(keep: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(column for column, accepted in keep.items() if accepted)


def _norm_files(node: Any, where: tuple[str, ...]) -> list[Expected]:
    """Every ``file`` under the section ``norms``, at any depth; a run goes on without them."""
    if isinstance(node, list):
        return [
            found for n, value in enumerate(node) for found in _norm_files(value, (*where, str(n)))
        ]
    if not isinstance(node, Mapping):
        return []
    key = ".".join((*where, "file"))
    if "file" in node:
        return [Expected(key, node["file"], "norms", optional=True, settings=node)]
    return [f for name, value in node.items() for f in _norm_files(value, (*where, str(name)))]


def missing_text(files: Sequence[Expected], exists: Callable[[str], bool]) -> str:
    """What to say before a run if files are missing: every one of them, and the remedy."""
    lines = []
    for file in files:
        if exists(file.path):
            lines.append(f"  found    {file.path} ({file.key})")
            continue
        kind = KINDS[file.kind]
        state = "absent " if file.optional else "missing"
        lines.append(f"  {state}  {file.path} ({file.key})")
        lines.append(f"           {kind.title}: from {kind.origin}; {kind.license}")
    return "\n".join(
        [
            "Missing files, so that nothing was run:",
            *lines,
            "Put them there or correct the paths; docs/data.md says where to get each or how to "
            "write it. Without survey files: `survey: null` in a configuration file of your own. "
            "`snakemake check_data` looks into the files that are there.",
        ]
    )
