"""Broken files: each is read with every row on account, or refused with one sentence.

``CULTURALIGN_FUZZ`` sets the number of files a reader (``make fuzz``: 10,000), ``FUZZ_SEED`` the
first seed; a file is made again from its seed alone.
"""

import csv
import io
import os
import random
import resource
import zipfile
from itertools import dropwhile
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from culturalign.config.norms import NormFile
from culturalign.data.norms.ratings import prepare_norms
from culturalign.data.survey.prepare import read_any
from culturalign.data.survey.wvs import read_survey
from culturalign.data.swow import prepare_culture
from culturalign.errors import UserError
from tests.fuzz import corpus

COUNT = int(os.environ.get("CULTURALIGN_FUZZ", "150"))
FIRST = int(os.environ.get("FUZZ_SEED", "0"))
EVERYONE = {"country": [], "native_language": []}
AMERICANS = {"country": ["United States"], "native_language": ["United States"]}
SHARES = pl.DataFrame(
    {"country": "USA", "question": ["Q1", "Q1", "Q2", "Q2"], "code": [1, 2, 1, 2],
     "count": 1, "share": 0.5}
)  # fmt: skip
SPANS = {"valence": {"column": "V", "span": [1, 9]}, "arousal": {"column": "A", "span": [1, 9]}}
MEMORY = 600 * 1024
"""KiB by which the peak may rise over all files."""


def check(seeds, run) -> None:
    """Run a reader on many files and tell how many it read and refused."""
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


REFUSED = -1
"""In place of a number of rows: a row is longer than the header, so the file is to be refused."""


def rows_of(path: Path) -> int | None:
    """Rows after the header by Python's csv reader; None where it cannot tell."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if "\0" in text or "\r" in text.replace("\r\n", "") or not text.split("\n")[0].strip():
            return None
        mark = max(",;\t", key=text.split("\n")[0].count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        return REFUSED if max(map(len, rows)) > len(rows[0]) else len(rows) - 1
    except (UnicodeDecodeError, csv.Error):
        return None


def test_swow(tmp_path):
    def run(rng):
        data = corpus.encoded(rng, corpus.swow_text(rng))
        ending, data = corpus.packed(rng, corpus.mutated(rng, data))
        path = tmp_path / f"swow.{ending}"
        path.write_bytes(corpus.mutated(rng, data) if ending != "csv" else data)
        rules = {"simplify_chinese": True, "merge_erhua": True} if rng.random() < 0.5 else {}
        keep = rng.choice([EVERYONE, AMERICANS])
        found = prepare_culture(path, keep, culture="x", **rules)
        trials, responses = found.accounts  # each was checked when it was made
        assert responses.read == 3 * trials.kept
        assert responses.kept == len(found.responses)
        expected = rows_of(path) if ending == "csv" else None
        assert expected is None or trials.read == expected
        assert set(found.dropped["reason"]) <= set(trials.dropped) | set(responses.dropped)

    check(seeds(), run)


def test_survey_csv(tmp_path):
    def run(rng):
        data = corpus.encoded(rng, corpus.wvs_text(rng))
        ending, data = corpus.packed(rng, corpus.mutated(rng, data))
        path = tmp_path / f"wvs.{ending}"
        path.write_bytes(corpus.mutated(rng, data) if ending != "csv" else data)
        found = read_survey(path, ["USA", "CHN"], ["Q1", "Q2", "Q3"])
        assert len(found.answers) == 3 * found.account.kept
        expected = rows_of(path) if ending == "csv" else None
        assert expected is None or found.account.read == expected

    check(seeds(), run)


def test_survey_spss(tmp_path):
    def run(rng):
        path = tmp_path / "wvs.sav"
        path.write_bytes(corpus.mutated(rng, valid[rng.randrange(len(valid))]))
        found = read_survey(path, ["USA", "CHN"], ["Q1", "Q2", "Q3"])
        assert len(found.answers) == 3 * found.account.kept

    valid = [corpus.wvs_sav(random.Random(seed)) for seed in range(20)]
    check(seeds(), run)


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_questionnaires(tmp_path, ending):
    listed = '[{"id": "Q1", "question": "Is it?", "options": ["a", "b"]}]'

    def run(rng):
        text = corpus.questionnaire_text(rng) if ending == "csv" else listed
        path = tmp_path / f"questionnaire.{ending}"
        path.write_bytes(corpus.mutated(rng, text.encode()))
        found = read_any(path, SHARES, {}).questionnaire
        assert found.drop("place").null_count().sum_horizontal().item() == 0
        expected = rows_with_content(path, ending, 1) if ending == "csv" else None
        assert expected is None or len(found) == expected

    check(seeds(), run)


def ratings_read(path: Path, header: int = 1) -> int:
    """Rows of a norm file, all on account."""
    settings = NormFile(file=path.name, word="Word", header=header, attributes=SPANS)
    table, found = prepare_norms([(settings, path)], simplify_chinese=True)
    for norm in found:  # each account was checked when it was made
        assert norm.account.kept == table[norm.attribute].is_not_null().sum()
        assert table[norm.attribute].drop_nulls().is_between(1, 9).all()
    assert found[0].account.read == found[1].account.read
    return found[0].account.read


def rows_with_content(path: Path, ending: str, header: int) -> int | None:
    """Rows after the header that are not empty by Python's csv reader; None as in rows_of."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if "\0" in text or "\r" in text.replace("\r\n", ""):
            return None
        lines = text.split("\n")[header - 1 :]
        # readers pass over blank lines before the header
        text = "\n".join(dropwhile(lambda line: not line.strip(), lines))
        if ending == "tsv":
            return sum(bool(line.strip("\t\r")) for line in text.split("\n")[1:])
        mark = max(",;\t", key=text.split("\n")[0].count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        return sum(any(row) for row in rows[1:])
    except (UnicodeDecodeError, csv.Error):
        return None


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_norms_text(tmp_path, ending):
    def run(rng):
        header = rng.choice([1, 1, 3])
        data = corpus.encoded(rng, corpus.norm_text(rng, ending, header))
        kind, data = corpus.packed(rng, corpus.mutated(rng, data), ending)
        path = tmp_path / f"norms.{kind}"
        path.write_bytes(corpus.mutated(rng, data) if kind != ending else data)
        read = ratings_read(path, header)
        expected = rows_with_content(path, ending, header) if kind == ending else None
        assert expected is None or read == expected

    check(seeds(), run)


def test_norms_misquoted(tmp_path):
    """No entry spans lines, so a reader that makes fewer rows has swallowed some."""

    def run(rng):
        path = tmp_path / "norms.csv"
        path.write_bytes(corpus.misquoted(rng, corpus.norm_text(rng, "csv")).encode())
        assert ratings_read(path) == 12

    check(seeds(), run)


def rows_of_sheet(path: Path) -> int | None:
    """Rows after the header that hold a value, by the XML alone; None where it cannot tell."""
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
        expected = rows_of_sheet(path) if inside else 12
        assert expected is None or read == expected

    valid = [corpus.norm_xlsx(random.Random(seed)) for seed in range(20)]
    check(seeds(), run)


CELLS = st.text(max_size=12) | st.sampled_from([*corpus.ENGLISH, *corpus.MANDARIN])
CODES = st.sampled_from(["1", "2", " 3 ", "4.0", "-1", "-5", "", "NA", "1e2"]) | st.text(max_size=4)
MANY = settings(
    max_examples=COUNT, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def written(path: Path, header: list[str], rows: list[tuple[str, ...]], quoting: int) -> None:
    """Write a csv; a row is a row, whatever its entries."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=quoting, lineterminator="\n")
        writer.writerows([header, *rows])


@seeded(FIRST)
@MANY
@given(st.lists(st.tuples(*[CELLS] * 5), min_size=1, max_size=8), st.sampled_from([0, 1]))
def test_swow_of_any_entries(tmp_path_factory, rows, quoting):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    written(path, ["participantID", "cue", "R1", "R2", "R3"], rows, quoting)
    try:
        found = prepare_culture(path, EVERYONE, culture="x", simplify_chinese=True)
    except UserError as error:
        assert "\n" not in str(error)
        return
    assert found.accounts[0].read == len(rows)
    assert found.accounts[1].kept == len(found.responses)


@seeded(FIRST)
@MANY
@given(st.lists(st.tuples(st.sampled_from(["USA", "CHN", "JPN"]), CODES, CODES), max_size=8))
def test_survey_of_any_codes(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "any_wvs.csv"
    cells = [(country, "1", one, two) for country, one, two in rows]
    written(path, ["B_COUNTRY_ALPHA", "W_WEIGHT", "Q1", "Q2"], cells, csv.QUOTE_ALL)
    try:
        found = read_survey(path, ["USA"], ["Q1", "Q2"])
    except UserError as error:
        assert "\n" not in str(error)
        return
    assert found.account.read == len(rows)
    assert len(found.answers) == 2 * found.account.kept


@seeded(FIRST)
@MANY
@given(st.lists(st.tuples(CELLS, CODES, CODES), min_size=1, max_size=8), st.sampled_from([0, 1]))
def test_norms_of_any_entries(tmp_path_factory, rows, quoting):
    path = tmp_path_factory.getbasetemp() / "any_norms.csv"
    written(path, ["Word", "V", "A"], [*rows, ("maple", "5", "5")], quoting)
    try:
        read = ratings_read(path)
    except UserError as error:
        assert "\n" not in str(error)
        return
    assert read == sum(any(row) for row in rows) + 1
