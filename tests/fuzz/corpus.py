"""Valid files of every kind, and ways to break them. Invented words only."""

import csv
import gzip
import io
import json
import random
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

EN_HEADER = ["", "id", "participantID", "age", "nativeLanguage", "country", "cue", "R1", "R2", "R3",
             "other"]  # fmt: skip
ZH_HEADER = ["SequenceNumber", "ParticipantID", "NativeLanguage", "Country", "Section", "Cue",
             "R1Raw", "R1", "R2", "R3", "other"]  # fmt: skip
WVS_HEADER = ["version", "B_COUNTRY", "B_COUNTRY_ALPHA", "W_WEIGHT", "Q1", "Q2", "Q3", "other"]
ENGLISH = ["cat", "Dog", "ice cream", "don’t", "No more responses", "#Missing", "NA", "", "a, b",
           'say "hi"', "...", "café", "=1+1", "<b>x</b>", "\u202ecat", "word " * 8,
           "cat &amp; mouse", "don&#39;t"]  # fmt: skip
MANDARIN = ["猫", "學校", "花儿", "女儿", "爱、恨", "友情  不离不散", "没有了", "-儿童", "c语言",
            "。", "一二三四五六七八九十百千万", ""]  # fmt: skip
RATINGS = ["1", "5", "4.25", "9", " 6.1 ", "", "NA", "#N/A", "nan", "-1", "9.5", "1e999", "5,5"]
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that a spreadsheet cannot hold."""
SHARED = ("xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/sharedStrings.xml")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
INTERESTING = [b"\0", b'"', b",", b"\n", b"\r", b"\r\n", b";", b"\t", b"\xff\xfe", b"\xef\xbb\xbf",
               b"\xe9", b"\xb0\xa1", b"\xed\xa0\x80", b"'", b"\\", b"=", b"\x1a", b"PK\x03\x04",
               b"\x1f\x8b", "\u2028".encode(), b'""', b"-5", b"1e999", b"nan"]  # fmt: skip


def swow_text(rng: random.Random, rows: int = 12) -> str:
    """A SWOW file, English or Mandarin, quoted or not, with any separator."""
    header, words = rng.choice([(EN_HEADER, ENGLISH), (ZH_HEADER, MANDARIN)])
    out = io.StringIO(newline="")
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    end = rng.choice(["\n", "\r\n"])
    writer = csv.writer(out, delimiter=rng.choice(",,,;\t"), quoting=quoting, lineterminator=end)
    writer.writerow(header)
    for number in range(rows):
        row = {"participantid": str(number // 3), "country": "United States",
               "nativelanguage": "United States", "cue": rng.choice(words[:3])}  # fmt: skip
        row |= {name: rng.choice(words) for name in ("r1", "r2", "r3")}
        writer.writerow([row.get(name.lower(), number) for name in header])
    return out.getvalue()


def strengths_text(rng: random.Random) -> str:
    """A strength table as R writes it, nothing quoted, or as a csv; of all or first responses."""
    counted = rng.choice(["R1", "R123"])
    words = [word for word in rng.choice([ENGLISH, MANDARIN]) if word]
    out = io.StringIO(newline="")
    mark, end = rng.choice(["\t", "\t", ",", ";"]), rng.choice(["\n", "\r\n"])
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(out, delimiter=mark, quoting=quoting, lineterminator=end)
    rows: list[list[object]] = [["cue", "response", counted, "N", f"{counted}.Strength"]]
    for cue in words[:3]:
        counts = {word: rng.randrange(1, 9) for word in rng.sample(words, 4)}
        total = sum(counts.values())
        rows += [[cue, word, n, total, n / total] for word, n in counts.items()]
    if mark != "\t":
        writer.writerows(rows)
        return out.getvalue()
    return "".join("\t".join(map(str, row)) + end for row in rows)


def wvs_text(rng: random.Random, rows: int = 12) -> str:
    """A wave-7 csv."""
    out = io.StringIO(newline="")
    mark, quoting = rng.choice(",;\t"), rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(out, delimiter=mark, quoting=quoting, lineterminator="\n")
    writer.writerow(WVS_HEADER)
    for _ in range(rows):
        number, letters = rng.choice([(840, "USA"), (156, "CHN"), (392, "JPN")])
        answers = [rng.choice([1, 2, 3, 0, -1, -2, -5, ""]) for _ in range(3)]
        writer.writerow(["6-0-0", number, letters, round(rng.random(), 3), *answers, 7])
    return out.getvalue()


def exported(rng: random.Random, text: str) -> str:
    """The same table as another program writes it: under a title, or by R."""
    mark = max(",;\t", key=text.split("\n")[0].count)
    head, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    if rng.random() < 0.2:  # a spreadsheet's empty columns
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=mark).writerows([*row, "", ""] for row in [head, *rows])
        return out.getvalue()
    if rng.random() < 0.3:
        title = "".join(
            rng.choice(['Title, "of it', "", "rows;12", mark * 3]) + "\n" for _ in "123"
        )
        return title + text
    quote, named = rng.choice(['\\"', '""']), rng.random() < 0.5

    def line(cells: list[str]) -> str:
        return mark.join('"' + cell.replace('"', quote) + '"' for cell in cells) + "\n"

    numbered = [[str(n), *row] for n, row in enumerate(rows, 1)]
    return line(["", *head] if named else head) + "".join(map(line, numbered))


def wvs_stored(rng: random.Random, ending: str) -> bytes:
    """A wave-7 file of SPSS (sav) or Stata (dta)."""
    import pyreadstat

    rows = 8
    table = pl.DataFrame({
        "B_COUNTRY_ALPHA": [rng.choice(["USA", "CHN"]) for _ in range(rows)],
        "W_WEIGHT": [rng.random() for _ in range(rows)],
        **{f"Q{n}": [float(rng.randint(-2, 4)) for _ in range(rows)] for n in (1, 2, 3)},
    })  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{ending}"
        write = pyreadstat.write_sav if ending == "sav" else pyreadstat.write_dta
        write(table, path)
        return path.read_bytes()


LABELS = ["{n}. {}", "({n}) {}", "{a}) {}", "{n} {}", "{n}{}", "{n}. ({a}) {}", "0{n}: {}",
          "{} ({n})", "{A} {}", "Option {n}: {}", "{r}. {}", "{h}、{}", "- {}", "①{}"]  # fmt: skip
ANSWERS = ("very well", "so so")


def worded(rng: random.Random) -> list[tuple[str, str, list[str]]]:
    """Questions with wordings and options; some bring labels, a missing answer, or a list."""
    found = []
    for number in (1, 2, 3):
        options = [*ANSWERS, *rng.choice([[], [], ["Don't know"]])]
        if rng.random() < 0.5:
            label = rng.choice(LABELS)
            signs = [{"n": n, "a": "abc"[n - 1], "A": "ABC"[n - 1], "h": "一二三"[n - 1],
                      "r": "iii"[:n]} for n in (1, 2, 3)]  # fmt: skip
            options = [
                label.format(option, **sign) for option, sign in zip(options, signs, strict=False)
            ]
        listed = rng.choice(["", "", f" Options: {'; '.join(options)}"])
        found.append((f"Q{number}", f"Is it, {number}?{listed}", options))
    return found


def questionnaire_text(rng: random.Random) -> str:
    """A questionnaire csv."""
    rows = ["question,wording,code,option"]
    for question, wording, options in worded(rng):
        first = rng.choice([1, 1, 0])
        rows += [
            f'{question},"{wording}",{code},{option}' for code, option in enumerate(options, first)
        ]
    return "\n".join(rows) + "\n"


def questionnaire_json(rng: random.Random) -> str:
    """A questionnaire as a JSON list."""
    entries = [
        {"id": question, "question": wording, "options": options}
        for question, wording, options in worded(rng)
    ]
    return json.dumps(entries, ensure_ascii=False, indent=rng.choice([None, 1]))


def yaml_text(rng: random.Random) -> str:
    """A YAML file with values that YAML 1.1 reads in its own way."""
    odd = ["no", "1e-5", "010", "12:30", "2020-01-02", "yes", "~", "a: b", "[", "&x 1", "*y"]

    def draw(*plain: str) -> str:
        return rng.choice(odd if rng.random() < 0.05 else plain)

    lines = [f"{draw(key)}: {draw('a b', '3', '1.0e-5', chr(39) + 'no' + chr(39), 'true')}"
             for key in ("label", "words")]  # fmt: skip
    inner = "".join(f"\n  - {draw('dog', 'ice cream', '狗')}" for _ in range(3))
    return "\n".join([*lines, f"list:{inner}", "map: {a: &x [1, 2], b: *x}"]) + "\n"


def norm_rows(rng: random.Random, rows: int = 12) -> list[list[str]]:
    """Ratings of English or Mandarin words, some faulty, under a header."""
    words = [*rng.choice([ENGLISH, MANDARIN]), "null", "nan", "true", "maple", "Maple"]
    body = [[rng.choice(words), str(n + 1), rng.choice(RATINGS), rng.choice(RATINGS)]
            for n in range(rows)]  # fmt: skip
    return [["Word", "n", "V", "A"], *body]


def norm_text(rng: random.Random, ending: str, header: int = 1) -> str:
    """A norm file with its headers in that line: csv with any separator, or tsv."""
    out = io.StringIO(newline="")
    out.write("".join(f'Ratings, "{n}; 2013\n' for n in range(1, header)))
    end = rng.choice(["\n", "\r\n"])
    if ending == "tsv":
        out.writelines("\t".join(row) + end for row in norm_rows(rng))
    else:
        quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
        mark = rng.choice(",,;\t")
        csv.writer(out, delimiter=mark, quoting=quoting, lineterminator=end).writerows(
            norm_rows(rng)
        )
    return out.getvalue()


def workbook(rng: random.Random, rows: list[list[str]]) -> bytes:
    """A table as a workbook; numbers are numbers, formulas text."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([_typed(cell) for cell in row])
    for cell in (cell for row in book.active for cell in row if cell.data_type == "f"):
        cell.data_type = "s"
    book.save(out)
    with zipfile.ZipFile(out) as source:
        members = {name: source.read(name).decode() for name in source.namelist()}
    core = "docProps/core.xml"  # openpyxl writes the time of day: the seed would not be all
    members[core] = re.sub(r">[0-9T:-]+Z<", ">2020-01-01T00:00:00Z<", members[core])
    return zipped(with_shared_strings(members) if rng.random() < 0.5 else members)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip whose members all have the same date: equal members are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, text in members.items():
            target.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_shared_strings(members: Mapping[str, str]) -> dict[str, str]:
    """An xlsx of openpyxl, strings in a table of their own as Excel writes them."""
    strings: list[str] = []

    def place(inline: re.Match[str]) -> str:
        strings.append(inline[1])
        return f't="s"><v>{len(strings) - 1}</v>'

    sheet, types, table = SHARED
    items = re.sub(r't="inlineStr"><is>(.*?)</is>', place, members[sheet], flags=re.DOTALL)
    texts = f'<sst xmlns="{MAIN}">' + "".join(f"<si>{t}</si>" for t in strings) + "</sst>"
    part = f'<Override PartName="/{table}" ContentType="{STRINGS}"/></Types>'
    listed = members[types].replace("</Types>", part)
    return {**members, sheet: items, table: texts, types: listed}


def _typed(cell: str) -> str | float:
    return float(cell) if cell.replace(".", "", 1).isdecimal() else ILLEGAL.sub("", cell)


def misquoted(rng: random.Random, text: str) -> str:
    """A csv with some quotes too many or too few after the header."""
    for _ in range(rng.choice([1, 1, 2, 2, 3, 4])):
        marks = [n for n, sign in enumerate(text) if sign in '",;\t\n' and n > text.index("\n")]
        place = rng.choice(marks)
        if text[place] == '"' and rng.random() < 0.5:
            text = text[:place] + text[place + 1 :]
        else:  # where a quote opens or closes an entry, most of the time
            place += rng.choice([0, 1, 1, 2])
            text = text[:place] + '"' + text[place:]
    return text


def mutated_member(rng: random.Random, data: bytes) -> bytes:
    """A zip in which the text of a member is mutated, sizes and checksums being right."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    texts = [name for name in members if "sheet1" in name or "Strings" in name]
    chosen = rng.choice([*members, *texts * 4])
    change = rng.choice([mutated, _other_number])
    return zipped({**members, chosen: change(rng, members[chosen])})


def _other_number(rng: random.Random, data: bytes) -> bytes:
    """One number in a text changed, such as that of a row, a cell or a string."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    place = rng.choice(found)
    number = rng.choice([b"0", b"1", b"2", b"7", b"-1", b"99", b"1048577", b"9" * 12, b"x", b""])
    return data[: place.start()] + number + data[place.end() :]


def packed(rng: random.Random, data: bytes, ending: str = "csv") -> tuple[str, bytes]:
    """An ending and the data, plain, zipped or gzipped."""
    kind = rng.choice([ending, ending, ending, "zip", "gz"])
    if kind == "gz":
        return f"{ending}.gz", gzip.compress(data, mtime=0)
    if kind == "zip":
        return "zip", zipped({rng.choice(["", "a/", "../", "/"]) + f"x.{ending}": data})
    return ending, data


def encoded(rng: random.Random, text: str) -> bytes:
    """A text in an encoding that can hold it."""
    name = rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "latin-1"])
    return text.encode(name, errors="replace")


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Some bytes changed, inserted, removed, repeated; or the end cut off. Sometimes none."""
    found = bytearray(data)
    for _ in range(rng.choice([0, 1, 1, 2, 3, 8])):
        place = rng.randrange(len(found) + 1)
        length = rng.choice([1, 1, 2, 5, 40])
        kind = rng.randrange(5)
        if kind == 0:
            found[place : place + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            found[place:place] = rng.choice(INTERESTING)
        elif kind == 2:
            del found[place : place + length]
        elif kind == 3:
            found[place:place] = found[place : place + length]
        elif rng.random() < 0.3:
            del found[place:]
    return bytes(found)
