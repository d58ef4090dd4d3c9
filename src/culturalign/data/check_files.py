"""The data doctor: what each of the licensed files of a configuration is, read to its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from culturalign.config.norms import NormFile
from culturalign.data import normalize
from culturalign.data.norms.ratings import norm_release, prepare_norms
from culturalign.data.survey.questionnaire import read_questionnaire
from culturalign.data.survey.questionnaire_sources import count_questions
from culturalign.data.survey.wvs import read_survey
from culturalign.data.swow import read_swow
from culturalign.errors import UserError
from culturalign.files import record
from culturalign.files.release import Release
from culturalign.files.required import KINDS, Expected


@dataclass(frozen=True)
class Finding:
    """What became of the search for a file.

    Attributes:
        expected: The file.
        state: ``found``, ``odd``, ``faulty``, ``missing``; ``absent`` if a run goes on
            without it.
        facts: :func:`culturalign.sources.record`, if it could be read.
        advice: What is wrong or odd, a sentence each.
    """

    expected: Expected
    state: str
    facts: Mapping[str, Any]
    advice: Sequence[str]


def examine(expected: Expected, path: Path) -> Finding:
    """Read a file to its end and tell what it is.

    Args:
        expected: The file.
        path: Where it lies.
    """
    if not path.is_file():
        return Finding(expected, "absent" if expected.optional else "missing", {}, [])
    try:
        release, encoding = READERS[expected.kind](path, expected)
    except UserError as error:
        return Finding(expected, "faulty", {}, [str(error)])
    facts = record.record(path, release, encoding, normalize.VERSION)
    return Finding(expected, "odd" if release.odd else "found", facts, release.odd)


def _read_swow(path: Path, expected: Expected) -> tuple[Release, str]:
    found = read_swow(path, {}, expected.needs)
    return found.release, found.encoding


def _read_wvs(path: Path, expected: Expected) -> tuple[Release, str]:
    found = read_survey(path, expected.needs)
    return found.release, found.encoding


def _read_questionnaire(path: Path, expected: Expected) -> tuple[Release, str]:
    if path.suffix == ".json":
        return Release("questionnaire", "JSON", {"questions": count_questions(path)}, []), "utf-8"
    questions = read_questionnaire(path, expected.columns)["question"].n_unique()
    return Release("questionnaire", "", {"questions": questions}, []), record.encoding_of(path)


def _read_norms(path: Path, expected: Expected) -> tuple[Release, str]:
    settings = NormFile(**expected.settings)
    ratings, found = prepare_norms([(settings, path)], simplify_chinese=False)
    return norm_release(settings.file, ratings, found), record.encoding_of(path)


READERS: dict[str, Callable[[Path, Expected], tuple[Release, str]]] = {
    "swow": _read_swow,
    "wvs": _read_wvs,
    "questionnaire": _read_questionnaire,
    "norms": _read_norms,
}


def report_text(findings: Sequence[Finding]) -> str:
    """The doctor's table and advice, as printed."""
    if not findings:
        return "The configuration needs no licensed file: the demo makes its own data."
    lines = []
    for finding in findings:
        kind = KINDS[finding.expected.kind]
        lines.append(f"{finding.state:<8} {finding.expected.path} ({finding.expected.key})")
        if finding.facts:
            lines.append(f"         {record.identity(finding.facts)}")
        else:
            lines.append(f"         {kind.title}: from {kind.origin}")
            lines.append(f"         put it into {kind.place} or correct {finding.expected.key}")
        lines.append(f"         license: {kind.license}")
        lines += [f"       ! {sentence}" for sentence in finding.advice]
    return "\n".join(lines)
