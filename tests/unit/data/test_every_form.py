"""Every licensed kind of table in every form that people save it in gives the same numbers."""

import csv
import io

import pandas
import pyreadstat
import pytest
from openpyxl import Workbook

from culturalign.config.norms import NormFile
from culturalign.data.norms.ratings import prepare_norms
from culturalign.data.strengths import prepare_strengths
from culturalign.data.survey.questionnaire import read_questionnaire
from culturalign.data.survey.wvs import read_survey
from culturalign.data.swow import prepare_culture

TITLE = ["Extract of the data", "", 'Made "2019, by a tool']


def swow(path):
    found = prepare_culture(path, {"country": ["Chile"]}, culture="x").responses
    return sorted(found.select("cue", "response").cast(str).iter_rows())


def strengths(path):
    found = prepare_strengths(path, culture="x").responses
    return sorted(found.iter_rows())


def norms(path):
    spans = {"valence": {"column": "V", "span": [1, 9]}}
    table, _ = prepare_norms([(NormFile(file="n", word="Word", attributes=spans), path)])
    return sorted(table.select("word", "valence").iter_rows())


def wvs(path):
    found = read_survey(path, ["USA", "CHN"], ["Q1", "Q2"]).answers
    return sorted(found.select("country", "weight", "question", "code").iter_rows())


def questionnaire(path):
    table = read_questionnaire(path).questionnaire
    return table.select("question", "wording", "code", "option").rows()


KINDS = {
    "swow": (swow, {
        "participantID": [11.0, 12.0, 13.0], "country": ["Chile", "Chile", "Peru"],
        "cue": ["cat", "dog", "cat"], "R1": ["fur", 'say "hi" now', "no"],
        "R2": ["null", "tail", "no"], "R3": ["milk", None, "no"],
    }, [("cat", "fur"), ("cat", "milk"), ("cat", "null"), ("dog", 'say "hi" now'),
        ("dog", "tail")]),
    "strengths": (strengths, {
        "cue": ["cat", "cat", "dog"], "response": ["fur", 'say "hi" now', "null"],
        "R123": [3.0, 1.0, 2.0], "N": [4.0, 4.0, 2.0], "R123_Strength": [0.75, 0.25, 1.0],
    }, [("cat", "fur", 3), ("cat", 'say "hi" now', 1), ("dog", "null", 2)]),
    "norms": (norms, {
        "Word": ["cat", 'the "it" girl', "nan"], "V": [8.5, 4.25, 3.0],
    }, [("cat", 8.5), ("nan", 3.0), ('the "it" girl', 4.25)]),
    "wvs": (wvs, {
        "B_COUNTRY_ALPHA": ["USA", "CHN"], "W_WEIGHT": [1.5, 0.25], "Q1": [1.0, 2.0],
        "Q2": [3.0, None],
    }, [("CHN", 0.25, "Q1", 2), ("CHN", 0.25, "Q2", -5), ("USA", 1.5, "Q1", 1),
        ("USA", 1.5, "Q2", 3)]),
    "questionnaire": (questionnaire, {
        "question": ["Q1", "Q1"], "wording": ['Is "it" so?'] * 2, "code": [1.0, 2.0],
        "option": ["Yes", "No"],
    }, [("Q1", 'Is "it" so?', 1, "Yes"), ("Q1", 'Is "it" so?', 2, "No")]),
}  # fmt: skip
"""Kind -> reader, columns, what it must read."""


def cells(columns):
    """Rows of text; numbers as R writes them, what is missing as NA."""

    def text(value):
        if value is None:
            return "NA"
        return f"{value:g}" if isinstance(value, float) else value

    return [[text(value) for value in row] for row in zip(*columns.values(), strict=True)]


def r_table(columns, mark, quote, names=""):
    """As ``write.csv`` and ``write.table`` write strings and row names."""

    def cell(value):
        number = value == "NA" or value.replace(".", "").isdecimal()
        return value if number else '"' + value.replace('"', quote) + '"'

    head = ([names] if names else []) + [f'"{name}"' for name in columns]
    rows = [[f'"{n}"', *map(cell, row)] for n, row in enumerate(cells(columns), 1)]
    return "".join(mark.join(row) + "\n" for row in [head, *rows])


def spreadsheet(columns, mark=",", comma=False, above=()):
    out = io.StringIO(newline="")
    out.write("".join(f"{line}\r\n" for line in above))
    body = [["" if cell == "NA" else cell for cell in row] for row in cells(columns)]
    if comma:  # a column of numbers with one decimal at least
        body = [
            [f"{float(c)}".replace(".", ",") if c[:1].isdecimal() else c for c in row]
            for row in body
        ]
    csv.writer(out, delimiter=mark).writerows([list(columns), *body])
    return out.getvalue()


def workbook(path, columns):
    book = Workbook()
    book.active.append(["About this file"])
    sheet = book.create_sheet("data")
    for row in [["A title"], [], list(columns), *zip(*columns.values(), strict=True)]:
        sheet.append(row)
    book.save(path)


def labeled(columns):
    """Numbers in place of countries, and their names as labels."""
    if "country" not in columns:
        return columns, {}
    labels = {1: "Chile", 2: "Peru"}
    numbers = {name: float(number) for number, name in labels.items()}
    return columns | {"country": [numbers[c] for c in columns["country"]]}, {"country": labels}


def statistics(path, columns):
    columns, labels = labeled(columns)
    write = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
    table = pandas.DataFrame(columns)
    texts = [name for name in columns if table[name].dtype == object or name in ("R1", "R2", "R3")]
    table[texts] = table[texts].fillna("").astype(str)
    write(table, path, variable_value_labels=labels)


FORMS = {
    "write.csv.csv": lambda columns: r_table(columns, ",", '""', names='""'),
    "write.csv2.csv": lambda columns: r_table(columns, ";", '""', names='""'),
    "write.table.csv": lambda columns: r_table(columns, ",", '\\"'),
    "write.table.txt": lambda columns: r_table(columns, "\t", '\\"'),
    "title.csv": lambda columns: spreadsheet(columns, above=TITLE),
    "mark.csv": lambda columns: "\ufeff" + spreadsheet(columns),
    "comma.csv": lambda columns: spreadsheet(columns, ";", comma=True),
    "book.xlsx": workbook, "spss.sav": statistics, "stata.dta": statistics,
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_in_each_form(tmp_path, kind, form):
    read, columns, expected = KINDS[kind]
    path, write = tmp_path / form, FORMS[form]
    if path.suffix in (".xlsx", ".sav", ".dta"):
        write(path, columns)
    else:
        path.write_text(write(columns), encoding="utf-8")
    assert read(path) == expected
