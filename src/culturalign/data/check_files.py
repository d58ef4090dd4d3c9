"""Check the licensed files of a configuration: each is read to its end and described."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from culturalign.config.norms import NormFile
from culturalign.data import normalize
from culturalign.data.authors_counts import compare, count_pairs
from culturalign.data.norms.ratings import norm_release, prepare_norms
from culturalign.data.strengths import prepare_strengths
from culturalign.data.survey.human_shares import human_shares
from culturalign.data.survey.prepare import read_any
from culturalign.data.survey.questionnaire_json import count_questions
from culturalign.data.survey.wvs import read_survey
from culturalign.data.swow import Reading, prepare_culture
from culturalign.errors import UserError
from culturalign.files.data_file import DataFile, Release, write_json
from culturalign.files.required import KINDS, RequiredFile
from culturalign.files.stored_tables import encoding_of

ODDITIES = 5
"""Most questions of a list that are named because they cannot be asked."""


@dataclass(frozen=True)
class Finding:
    """The result of checking a file.

    Attributes:
        required: The file.
        state: ``found``, ``odd``, ``faulty``, ``missing``; ``absent`` if a run goes on without it.
        record: Record of the file, if it could be read.
        advice: What is wrong or odd, a sentence each.
    """

    required: RequiredFile
    state: str
    record: DataFile | None = None
    advice: Sequence[str] = ()


def check_file(required: RequiredFile, path: Path) -> Finding:
    """Read the file at a path to its end and describe it."""
    if not path.is_file():
        return Finding(required, "absent" if required.optional else "missing")
    try:
        release, encoding = READERS[required.kind](path, required)
    except UserError as error:
        return Finding(required, "faulty", advice=[str(error)])
    record = DataFile.of(path, release, normalize.VERSION, encoding)
    return Finding(required, "odd" if release.odd else "found", record, release.odd)


def _read_swow(path: Path, required: RequiredFile) -> tuple[Release, str]:
    given = required.settings
    reading = Reading(**given["reading"], most_dropped=required.most_dropped)
    how = {"culture": given["culture"], "reading": reading, **given["rules"]}
    if given["kind"] == "strengths":
        found = prepare_strengths(path, **how)
    else:
        found = prepare_culture(path, given["keep"], **how)
    counts = count_pairs(found.accounts[0].kept, found.responses)
    beside = compare(found.release.name, given["keep"], counts)
    detail = "; ".join(filter(None, (found.release.detail, beside)))
    return replace(found.release, detail=detail), found.encoding


def _read_wvs(path: Path, required: RequiredFile) -> tuple[Release, str]:
    found = read_survey(
        path,
        required.needs,
        weighted=required.settings.get("weighted", False),
        most_dropped=required.most_dropped,
    )
    return found.release, found.encoding


def _read_questionnaire(path: Path, required: RequiredFile) -> tuple[Release, str]:
    words, columns = required.settings.get("words", {}), required.columns
    shares = _shares(Path(required.settings.get("survey", "")), required.needs)
    if path.suffix == ".json" and shares is None:
        return Release("questionnaire", "JSON", {"questions": count_questions(path)}, []), "utf-8"
    # a csv has its codes; the questions of other countries count too
    found = read_any(path, shares if shares is not None else pl.DataFrame(), columns, words)
    sizes = {"questions": found.questionnaire["question"].n_unique()}
    odd = [f"{name} cannot be asked: {why}" for name, why in found.refused.items()]
    encoding = "utf-8" if path.suffix == ".json" else encoding_of(path)
    return Release("questionnaire", "", sizes, odd[:ODDITIES]), encoding


@lru_cache(1)  # of all languages' questionnaires
def _shares(survey: Path, poles: tuple[str, ...]) -> pl.DataFrame | None:
    """Shares of the poles' answers, which show the codes of a JSON list; None without a survey."""
    if not survey.is_file():
        return None
    try:
        return human_shares(read_survey(survey, poles).answers, poles)
    except UserError:
        return None  # said of the survey file itself


def _read_norms(path: Path, required: RequiredFile) -> tuple[Release, str]:
    settings = NormFile(**required.settings)
    table, found = prepare_norms(
        [(settings, path)], most_dropped=required.most_dropped, simplify_chinese=False
    )
    return norm_release(settings.file, table, found), encoding_of(path)


READERS: dict[str, Callable[[Path, RequiredFile], tuple[Release, str]]] = {
    "swow": _read_swow,
    "wvs": _read_wvs,
    "questionnaire": _read_questionnaire,
    "norms": _read_norms,
}


def check_files(
    files: Sequence[Mapping[str, Any]], places: Mapping[str, str]
) -> tuple[list[Finding], str]:
    """Check all files; the findings, and the table to print.

    Args:
        files: Each a :class:`RequiredFile` as a mapping.
        places: Path in the configuration -> where the file lies.
    """
    required = [RequiredFile(**{**entry, "needs": tuple(entry["needs"])}) for entry in files]
    findings = [
        check_file(_with_survey(file, places), Path(places[file.path])) for file in required
    ]
    return findings, table_text(findings)


def _with_survey(file: RequiredFile, places: Mapping[str, str]) -> RequiredFile:
    """A questionnaire with the place of the survey."""
    survey = file.settings.get("survey")
    return (
        replace(file, settings={**file.settings, "survey": places.get(survey, survey)})
        if survey
        else file
    )


def table_text(findings: Sequence[Finding]) -> str:
    """The findings and advice as printed."""
    if not findings:
        return "The configuration needs no licensed file: the demo makes its own data."
    lines = []
    for finding in findings:
        file, kind = finding.required, KINDS[finding.required.kind]
        lines.append(f"{finding.state:<8} {file.path} ({file.key})")
        if finding.record:
            lines.append(f"         {finding.record.line}")
        else:
            lines.append(f"         {kind.title}: from {kind.origin}")
        if finding.state in ("missing", "absent"):
            lines.append(f"         put it into {kind.place} or correct {file.key}")
        lines.append(f"         license: {kind.license}")
        lines += [f"       ! {sentence}" for sentence in finding.advice]
    return "\n".join(lines)


def write_findings(findings: Sequence[Finding], path: Path) -> None:
    """Write the findings as JSON: key in the configuration -> state and record."""
    found = {
        f.required.key: {"state": f.state} | (asdict(f.record) if f.record else {})
        for f in findings
    }
    write_json(found, path)


def refuse_faults(findings: Sequence[Finding]) -> None:
    """Raise a UserError unless every file is found, or may be absent."""
    files = {finding.required.path for finding in findings}  # two cultures may share one
    if wrong := {f.required.path for f in findings if f.state not in ("found", "absent")}:
        raise UserError(
            f"{len(wrong)} of {len(files)} files are missing, faulty or odd, as said above; "
            "a run goes on with odd ones, and without those called absent (docs/data.md)"
        )
