"""Broken files: each is read with every row on account, or refused with one sentence.

``CULTURALIGN_FUZZ`` sets the number of files a reader (``make fuzz``: 10,000), ``FUZZ_SEED`` the
first seed; a file is made again from its seed.
"""

import csv
import io
import json
import os
import random
import resource
import zipfile
from itertools import dropwhile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from culturalign.config.norms import NormFile
from culturalign.data.norms.ratings import prepare_norms
from culturalign.data.strengths import prepare_strengths
from culturalign.data.survey.prepare import read_any
from culturalign.data.survey.wvs import read_survey
from culturalign.data.swow import OFFICIAL_FILE, Reading, prepare_culture
from culturalign.errors import UserError
from culturalign.files.validated_yaml import read_yaml
from culturalign.files.yaml_file import read_document, read_plain
from tests.fuzz import corpus

STRICT = Reading(scripts=["Han", "Latin"], missing=["dog"], most_dropped=0.2)
COUNT = int(os.environ.get("CULTURALIGN_FUZZ", "150"))
FIRST = int(os.environ.get("FUZZ_SEED", "0"))
EVERYONE = {"country": [], "native_language": []}
AMERICANS = {"country": ["United States"], "native_language": ["United States"]}
SHARES = pl.DataFrame(
    {"country": "USA", "question": ["Q1", "Q1", "Q2", "Q2"], "code": [1, 2, 1, 2],
     "count": 1, "share": 0.5}
)  # fmt: skip
SPANS = {"valence": {"column": "V", "span": [1, 9]}, "arousal": {"column": "A", "span": [1, 9]}}
WORDS = {"no_answer": ["Don't know"], "option_headings": ["Options"]}
MEMORY = 600 * 1024
"""KiB by which the peak may rise over all files."""


def check(seeds, run) -> None:
    """Run a reader on many files and print how many it read and refused."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read = 0
    for seed in seeds:
        try:
            run(random.Random(seed))
            read += 1
        except UserError as error:
            text = str(error)
            assert "\n" not in text and "\r" not in text and len(text) < 1500, (seed, text)
        except BaseException as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
    rise = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"seeds {seeds.start} to {seeds.stop - 1}: {read} read, {len(seeds) - read} refused")
    assert rise < MEMORY
    assert 0 < read < len(seeds)


def seeds() -> range:
    return range(FIRST, FIRST + COUNT)


def parsed(path: Path, ending: str = "csv", header: int = 1) -> list[list[str]] | None:
    """The header and the rows by Python's csv reader; None where it cannot tell."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if "\0" in text or "\r" in text.replace("\r\n", ""):
            return None
        lines = text.split("\n")[header - 1 :]
        # readers skip blank lines before the header
        lines = list(dropwhile(lambda line: not line.strip(), lines)) or [""]
        if ending == "tsv":
            return [[line.strip("\t\r")] for line in lines]
        first = next((line for line in lines if {*line} & {*",;\t"}), "")  # not a bare title
        mark = max(",;\t", key=first.count)
        return list(csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=mark))
    except (UnicodeDecodeError, csv.Error):
        return None


def rows_of(path: Path) -> int | None:
    """Rows after the header, empty ones too; shorter lines above the header are titles.

    A file with a row longer than its header is to be refused: its rows are not those after it.
    """
    rows = parsed(path)
    if not rows or path.read_bytes()[:1] in b"\r\n":
        return None
    widths = list(map(len, rows))
    return len(rows) - widths.index(max(widths)) - 1


def rows_with_content(path: Path, ending: str, header: int) -> int | None:
    """Rows after the header that are not empty."""
    rows = parsed(path, ending, header)
    return None if rows is None else sum(any(row) for row in rows[1:])


def swow_read(path: Path, keep=EVERYONE, reading=OFFICIAL_FILE, **rules: bool) -> int:
    """Trials of a SWOW file, all on account."""
    found = prepare_culture(path, keep, culture="x", reading=reading, **rules)
    trials, responses = found.accounts  # each was checked when it was made
    assert responses.read == 3 * trials.kept
    assert responses.kept == len(found.responses)
    assert set(found.dropped["reason"]) <= set(trials.dropped) | set(responses.dropped)
    return trials.read


def strengths_read(path: Path, reading=OFFICIAL_FILE, **rules: bool) -> int:
    """Rows of a strength table, all on account."""
    found = prepare_strengths(path, culture="x", reading=reading, **rules)
    pairs, responses = found.accounts  # each was checked when it was made
    assert responses.kept == found.responses["count"].sum() > 0
    assert set(found.dropped["reason"]) <= set(pairs.dropped) | set(responses.dropped)
    return pairs.read


def survey_read(path: Path, countries=("USA", "CHN"), questions=("Q1", "Q2", "Q3")) -> int:
    """Respondents of a survey file, all on account."""
    found = read_survey(path, countries, questions)
    assert len(found.answers) == len(questions) * found.account.kept
    return found.account.read


def ratings_read(path: Path, header: int = 1) -> int:
    """Rows of a norm file, all on account."""
    settings = NormFile(file=path.name, word="Word", header=header, attributes=SPANS)
    table, found = prepare_norms([(settings, path)], simplify_chinese=True)
    for norm in found:  # each account was checked when it was made
        assert norm.account.kept == table[norm.attribute].is_not_null().sum()
        assert table[norm.attribute].drop_nulls().is_between(1, 9).all()
    assert found[0].account.read == found[1].account.read
    return found[0].account.read


def broken(rng: random.Random, path: Path, text: str, ending: str) -> tuple[Path, bool]:
    """Write a broken, perhaps packed file; and whether it is not packed."""
    data = corpus.mutated(rng, corpus.encoded(rng, text))
    kind, data = corpus.packed(rng, data, ending)
    path = path.with_suffix(f".{kind}")
    path.write_bytes(data if kind == ending else corpus.mutated(rng, data))
    return path, kind == ending


def test_swow(tmp_path):
    def run(rng):
        path, plain = broken(rng, tmp_path / "swow", corpus.swow_text(rng), "csv")
        rules = {"simplify_chinese": True, "merge_erhua": True} if rng.random() < 0.5 else {}
        keep, reading = rng.choice([EVERYONE, AMERICANS]), rng.choice([OFFICIAL_FILE, STRICT])
        read = swow_read(path, keep, reading, **rules)
        assert not plain or rows_of(path) in (None, read)

    check(seeds(), run)


def test_strengths(tmp_path):
    def run(rng):
        text = corpus.strengths_text(rng)
        path, plain = broken(rng, tmp_path / "strengths", text, "csv")
        read = strengths_read(path, rng.choice([OFFICIAL_FILE, STRICT]), simplify_chinese=True)
        if plain and "\t" not in text:  # between tabs quotes are characters
            assert rows_of(path) in (None, read)

    check(seeds(), run)


def test_survey_csv(tmp_path):
    def run(rng):
        path, plain = broken(rng, tmp_path / "wvs", corpus.wvs_text(rng), "csv")
        read = survey_read(path)
        assert not plain or rows_of(path) in (None, read)

    check(seeds(), run)


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_survey_of_spss_and_stata(tmp_path, ending):
    def run(rng):
        path = tmp_path / f"wvs.{ending}"
        path.write_bytes(corpus.mutated(rng, valid[rng.randrange(len(valid))]))
        survey_read(path)

    valid = [corpus.wvs_stored(random.Random(seed), ending) for seed in range(20)]
    check(seeds(), run)


def test_questionnaires(tmp_path):
    def run(rng):
        path, text = tmp_path / "questionnaire.csv", corpus.questionnaire_text(rng).encode()
        path.write_bytes(corpus.mutated(rng, text))
        found, _, removed = read_any(path, SHARES, {}, WORDS)
        if path.read_bytes() == text:
            assert {*found["option"]} == {*corpus.ANSWERS}
            assert all(wording.endswith("?") for wording in found["wording"])
        assert found.drop("place", "introduction").null_count().sum_horizontal().item() == 0
        rows = len(found) + removed.options.total()
        assert rows_with_content(path, "csv", 1) in (None, rows)

    check(seeds(), run)


def test_questionnaires_as_json(tmp_path):
    """Every question that the survey asks is taken or refused with a reason."""

    def run(rng):
        path, text = tmp_path / "questionnaire.json", corpus.questionnaire_json(rng).encode()
        path.write_bytes(corpus.mutated(rng, text))
        found, refused, _ = read_any(path, SHARES, {}, WORDS)
        if path.read_bytes() == text:
            assert {*found["option"]} == {*corpus.ANSWERS}
            assert all(wording.endswith("?") for wording in found["wording"])
        named = {entry["id"].strip() for entry in json.loads(path.read_text("utf-8-sig"))}
        assert {*found["question"]} | {*refused} == named & {*SHARES["question"]}
        assert all(refused.values())

    check(seeds(), run)


class Sheet(BaseModel):
    model_config = ConfigDict(strict=True)
    label: str = ""
    words: Any = None
    list: list[str]
    map: dict[str, list[int]]


@pytest.mark.parametrize("schema", [False, True])
def test_yaml(tmp_path, schema):
    def run(rng):
        path = tmp_path / "x.yaml"
        path.write_bytes(corpus.mutated(rng, corpus.yaml_text(rng).encode()))
        if schema:
            read_yaml(path, "x", Sheet)
            return
        content = read_plain(path)
        lines = read_document(path).lines
        for key in content if isinstance(content, dict) else ():
            # no key is lost, and none is anything but text or a whole number
            assert (str(key),) in lines or type(key) is int

    check(seeds(), run)


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_norms_text(tmp_path, ending):
    def run(rng):
        header = rng.choice([1, 1, 3])
        text = corpus.norm_text(rng, ending, header)
        path, plain = broken(rng, tmp_path / "norms", text, ending)
        read = ratings_read(path, header)
        assert not plain or rows_with_content(path, ending, header) in (None, read)

    check(seeds(), run)


def test_norms_misquoted(tmp_path):
    """No entry spans lines, so a reader that makes fewer rows has swallowed some."""

    def run(rng):
        path = tmp_path / "norms.csv"
        path.write_bytes(corpus.misquoted(rng, corpus.norm_text(rng, "csv")).encode())
        assert ratings_read(path) == 12

    check(seeds(), run)


def rows_of_sheet(path: Path) -> int | None:
    """Rows after the header that hold a value, by the XML only; None where it cannot tell."""
    with zipfile.ZipFile(path) as archive:
        try:
            sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        except (KeyError, ElementTree.ParseError):
            return None
    rows = [row for row in sheet.iter() if row.tag.endswith("}row")]
    return sum(any(v.text for v in row.iter() if v.tag.endswith(("}v", "}t"))) for row in rows[1:])


def test_norms_xlsx(tmp_path):
    def run(rng):
        path, data = tmp_path / "norms.xlsx", valid[rng.randrange(len(valid))]
        inside = rng.random() < 0.7
        path.write_bytes((corpus.mutated_member if inside else corpus.mutated)(rng, data))
        read = ratings_read(path)
        assert read == 12 if not inside else rows_of_sheet(path) in (None, read)

    rngs = [random.Random(seed) for seed in range(20)]
    valid = [corpus.workbook(rng, corpus.norm_rows(rng)) for rng in rngs]
    check(seeds(), run)


PLAIN = {"swow": (corpus.swow_text, swow_read),
         "strengths": (corpus.strengths_text, strengths_read),
         "survey": (corpus.wvs_text, survey_read),
         "norms": (lambda rng: corpus.norm_text(rng, "csv"), ratings_read)}  # fmt: skip


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_of_another_program_has_the_rows_of_the_plain_csv(tmp_path, kind, form):
    make, read = PLAIN[kind]

    def run(rng):
        text = make(rng)
        plain, other = tmp_path / "plain.csv", tmp_path / f"other.{form}"
        plain.write_bytes(text.encode())
        if form == "csv":
            data = corpus.exported(rng, text).encode()
        else:
            rows = parsed(plain)
            data = corpus.workbook(rng, rows)
        other.write_bytes(data)
        assert read(other) == read(plain)
        change = corpus.mutated_member if form == "xlsx" and rng.random() < 0.7 else corpus.mutated
        other.write_bytes(change(rng, data))
        read(other)

    check(seeds(), run)


CELL = st.text(max_size=12) | st.sampled_from([*corpus.ENGLISH, *corpus.MANDARIN])
CODE = st.sampled_from(["1", "2", " 3 ", "4.0", "-1", "-5", "", "NA", "1e2"]) | st.text(max_size=4)
COUNTRY = st.sampled_from(["USA", "CHN", "JPN"])
SURVEY = ["B_COUNTRY_ALPHA", "W_WEIGHT", "Q1", "Q2"]
ANY = {
    "swow": (["participantID", "cue", "R1", "R2", "R3"], [CELL] * 5,
             lambda path: swow_read(path, simplify_chinese=True)),
    "strengths": (["cue", "response", "R123"], [CELL, CELL, CODE], strengths_read),
    "survey": (SURVEY, [COUNTRY, st.just("1"), CODE, CODE],
               lambda path: survey_read(path, ["USA"], ["Q1", "Q2"])),
    "norms": (["Word", "V", "A"], [CELL, CODE, CODE], ratings_read),
}  # fmt: skip
"""Kind -> header, entries of a row, reader."""


@pytest.mark.parametrize("kind", ANY)
@seeded(FIRST)
@settings(max_examples=COUNT, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_any_entries(tmp_path_factory, kind, data, quoting):
    """A row of a csv writer is a row, whatever its entries."""
    header, entries, read = ANY[kind]
    rows = data.draw(st.lists(st.tuples(*entries), min_size=1, max_size=8))
    if kind == "norms":
        rows.append(("maple", "5", "5"))
    path = tmp_path_factory.getbasetemp() / f"any_{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=quoting, lineterminator="\n").writerows([header, *rows])
    try:
        found = read(path)
    except UserError as error:
        assert "\n" not in str(error)
        return
    assert found == (sum(any(row) for row in rows) if kind == "norms" else len(rows))
