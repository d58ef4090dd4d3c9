"""The licensed files that a configuration requires.

The workflow imports this whenever it is parsed, so it imports nothing heavy. A new kind of file is
an entry of :data:`KINDS`, one in :func:`required_files` and a reader in
:mod:`culturalign.data.check_files`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """What users must know about a kind of file."""

    title: str
    license: str
    origin: str
    place: str


KINDS = {
    "swow": Kind(
        "Small World of Words",
        "of the official files CC BY-NC-ND 3.0: no commercial use, no passing on",
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
class RequiredFile:
    """A file that a configuration requires.

    Attributes:
        key: Where the configuration names it.
        path: As the configuration names it.
        kind: A key of :data:`KINDS`.
        needs: Columns (SWOW) or countries (WVS, questionnaires) that it must have.
        optional: Whether a run goes on without it.
        columns: Our name -> header (questionnaires), where they differ.
        settings: The entry under ``norms.files`` (norms); the culture, its ``kind`` and
            ``keep``, and what a reader must know of its columns and language (SWOW); the ``words``
            of the language that are no options, and the ``survey`` that shows the codes
            (questionnaires); whether it must be ``weighted`` (WVS).
        most_dropped: Share that one fault may drop: :mod:`culturalign.files.large_losses`.
    """

    key: str
    path: str
    kind: str
    needs: tuple[str, ...] = ()
    optional: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    most_dropped: float = 1.0


def required_files(config: Mapping[str, Any]) -> list[RequiredFile]:
    """The user's files that a run requires, without those that the demo makes.

    Args:
        config: The validated configuration, dumped.
    """
    cultures = {name: config["cultures"][name] for name in config["run"]["cultures"]}
    files = []
    for name, culture in cultures.items():
        columns = tuple(column for column, accepted in culture["keep"].items() if accepted)
        key, language = f"cultures.{name}.swow", config["languages"][culture["language"]]
        reading = {fact: language[fact] for fact in ("missing", "scripts", "release")}
        reading |= {"columns": culture["columns"]}
        rules = {rule: language[rule] for rule in ("simplify_chinese", "merge_erhua")}
        settings = {"culture": name, "kind": culture["kind"], "keep": culture["keep"]}
        settings |= {"reading": reading, "rules": rules}
        files.append(RequiredFile(key, culture["swow"], "swow", columns, settings=settings))
    files += _survey_files(config, [c for c in cultures.values() if c["country"]])
    norms = (config.get("norms") or {}).get("files", {})
    files += [
        RequiredFile(
            f"norms.files.{language}.{n}.file", file["file"], "norms", optional=True, settings=file
        )
        for language, entries in norms.items()
        for n, file in enumerate(entries)
    ]
    most = config["data"]["most_dropped"]
    return [
        replace(file, most_dropped=most)
        for file in files
        if not file.path.startswith("results/demo/")
    ]


def _survey_files(
    config: Mapping[str, Any], cultures: Sequence[Mapping[str, Any]]
) -> list[RequiredFile]:
    """The survey and a questionnaire for each language of the surveyed cultures."""
    survey = config.get("survey")
    if not survey or not cultures:
        return []
    poles = [config["cultures"][pole]["country"] for pole in survey["poles"]]
    countries = tuple(dict.fromkeys([*poles, *(culture["country"] for culture in cultures)]))
    weights = {"weighted": survey["weighted"]}
    files = [RequiredFile("survey.file", survey["file"], "wvs", countries, settings=weights)]
    for language in dict.fromkeys(culture["language"] for culture in cultures):
        entry = survey["questionnaires"][language]
        key = f"survey.questionnaires.{language}"
        names = ("no_answer", "option_headings")
        words = {name: config["languages"][language][name] for name in names}
        settings = {"words": words, "survey": survey["file"]}
        file = RequiredFile(key, entry["file"], "questionnaire", tuple(poles))
        files.append(replace(file, columns=entry["columns"], settings=settings))
    return files


def missing_text(files: Sequence[RequiredFile], exists: Callable[[str], bool]) -> str:
    """The error before a run if files are missing: names all of them, and the remedy."""
    lines = []
    for file in files:
        if exists(file.path):
            lines.append(f"  found    {file.path} ({file.key})")
            continue
        kind = KINDS[file.kind]
        lines.append(f"  {'absent ' if file.optional else 'missing'}  {file.path} ({file.key})")
        lines.append(f"           {kind.title}: from {kind.origin}")
        lines.append(f"           license: {kind.license}")
    return "\n".join(
        [
            "Missing files, so that nothing was run:",
            *lines,
            "Put them there or correct the paths; docs/data.md says where to get each or how to "
            "write it. Without survey files: `survey: null` in a configuration file of your own. "
            "`snakemake check_data` looks into the files that are there.",
        ]
    )
