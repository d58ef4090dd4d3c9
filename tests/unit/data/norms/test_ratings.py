"""Norms: what is kept, what is dropped and why, what is missing."""

import pytest

from culturalign.config.norms import NormFile
from culturalign.data.norms.ratings import (
    available,
    norm_release,
    prepare_norms,
    read_record,
    summary,
    write_record,
)
from culturalign.errors import UserError

AFFECT = """Word,V,A
happy,8.5,6
Maple,7.5,3.1
maple,7,3.2
null,3.9,3
nan,5,NA
typo,85,4
 ,5,5
bad,,2.5
HAPPY,1,1
"""


def spans(**columns):
    """Attribute -> (column, lowest, highest)."""
    return {name: {"column": column, "span": span} for name, (column, *span) in columns.items()}


def affect(file="affect.csv", **columns):
    columns = columns or {"valence": ("V", 1, 9), "arousal": ("A", 1, 9)}
    return NormFile(file=file, word="Word", attributes=spans(**columns))


def concreteness(*span):
    attributes = spans(concreteness=("C", *(span or (1, 5))))
    return NormFile(file="conc.txt", word="W", attributes=attributes)


def put(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


def test_every_row_is_kept_or_counted_with_its_reason(tmp_path):
    path = put(tmp_path, "affect.csv", AFFECT)
    table, (valence, arousal) = prepare_norms([(affect(), path)])
    assert dict(table.select("word", "valence").drop_nulls().rows()) == {
        "happy": 8.5, "maple": 7.0, "null": 3.9, "nan": 5.0,
    }  # fmt: skip
    assert (valence.account.read, valence.account.kept) == (9, 4)
    assert valence.account.dropped == {
        "no word": 1, "no number": 1, "outside the scale": 1, "repeated word": 2,
    }  # fmt: skip
    assert arousal.account.dropped["no number"] == 1  # NA
    assert valence.examples["outside the scale"] == ["typo (85, line 7)"]
    # the entry written as normalized stays, whichever comes first
    assert valence.examples["repeated word"] == ["Maple (7.5, line 3)", "HAPPY (1, line 10)"]
    assert set(table["word"]) == {"happy", "maple", "null", "nan", "typo", "bad"}


def test_files_are_joined_and_raw_values_kept(tmp_path):
    first = put(tmp_path, "affect.csv", "Word,V,A\n爱,2,3\n")
    second = put(tmp_path, "conc.txt", "W\tC\n爱\t4.5\n國家\t2\n")
    files = [(affect(valence=("V", -3, 3)), first), (concreteness(5, 1), second)]
    table, found = prepare_norms(files, simplify_chinese=True)
    assert available(table) == ["valence", "concreteness"]
    rows = {row["word"]: row for row in table.iter_rows(named=True)}
    assert set(rows) == {"爱", "国家"}  # simplified, as responses are
    assert rows["爱"]["valence"] == pytest.approx(1 + 8 * 5 / 6)
    assert (rows["爱"]["valence_raw"], rows["爱"]["concreteness"]) == (2.0, 1.5)
    assert rows["国家"]["valence"] is None
    assert [norm.ends for norm in found] == [(-3, 3), (5, 1)]


def test_words_take_all_the_rules_that_responses_take(tmp_path):
    path = put(tmp_path, "conc.txt", "W\tC\n聊天儿\t2\n聊天\t3\n花儿\t4\n女儿\t5\n")
    rules = {"simplify_chinese": True, "merge_erhua": True}
    table, (norm,) = prepare_norms([(concreteness(), path)], **rules)
    rows = table.select("word", "concreteness").rows()
    assert dict(rows) == {"聊天": 3.0, "花": 4.0, "女儿": 5.0}
    assert norm.examples["repeated word"] == ["聊天儿 (2, line 2)"]


def test_html_entities_in_words_are_decoded_and_told(tmp_path):
    path = put(tmp_path, "affect.csv", "Word,V,A\ncat &amp; mouse,8,2\ncaf&eacute;,7,3\nat&t,6,4\n")
    files = [(affect(), path)]
    table, found = prepare_norms(files)
    assert table["word"].to_list() == ["at&t", "café", "cat & mouse"]
    assert found[0].account.noted == {"HTML entities": 2}
    assert summary(files, table, found).count("HTML entities") == 2


def test_a_missing_file_disables_only_its_attributes(tmp_path):
    path = put(tmp_path, "conc.txt", "W\tC\ndog\t4.9\n")
    table, found = prepare_norms([(affect(), None), (concreteness(), path)])
    assert available(table) == ["concreteness"]
    missing = {norm.attribute: norm.missing for norm in found}
    assert missing == {"valence": True, "arousal": True, "concreteness": False}
    assert found[0].sentence == "norms not available: affect.csv is missing"
    table, found = prepare_norms([(affect(), None)])
    assert table.columns == ["word"] and table.is_empty() and len(found) == 2


def test_a_column_without_a_usable_number_is_refused(tmp_path):
    path = put(tmp_path, "affect.csv", "Word,V,A\na,x,1\nb,77,2\n")
    with pytest.raises(UserError, match="column 'V' has no number from 1 to 9; correct its"):
        prepare_norms([(affect(), path)])


def test_the_record_is_read_as_it_was_written(tmp_path):
    path = put(tmp_path, "affect.csv", AFFECT)
    _, found = prepare_norms([(affect(), path), (concreteness(), None)])
    write_record(found, tmp_path / "en.json")
    assert read_record(tmp_path / "en.json") == found


def test_each_file_of_a_language_is_identified_by_its_own_words_and_rows(tmp_path):
    first = put(tmp_path, "a.csv", "Word,Valence_Mean,A\n猫,5,x\n狗,4,4\n")
    second = put(tmp_path, "b.csv", "Word,Mean\n自由,5\n学校,4\n国家,2\n猫,?\n")
    files = [
        (affect("a.csv", valence=("Valence_Mean", 1, 9), arousal=("A", 1, 9)), first),
        (affect("b.csv", concreteness=("Mean", 1, 9)), second),
    ]
    ratings, found = prepare_norms(files, simplify_chinese=True)
    releases = [norm_release(name, ratings, found) for name in ("a.csv", "b.csv")]
    assert [release.name for release in releases] == ["Xu, Li and Chen 2022", "Xu and Li 2020"]
    assert [dict(release.sizes) for release in releases] == [{"rows": 2}, {"rows": 4}]
    lines = summary(files, ratings, found).splitlines()
    assert (
        lines[0].startswith(f"odd      {first}")
        and lines[-1] == "concreteness: 3 words; dropped: 1 no number"
    )


def test_decimal_commas_of_a_spreadsheet_are_read(tmp_path):
    path = put(tmp_path, "affect.csv", "Word;V;A\nhappy;8,47;6,05\nsad;2,1;3\nwood;5;4,125\n")
    table, (valence, arousal) = prepare_norms([(affect(), path)], most_dropped=0.2)
    assert table.select("word", "valence", "arousal").rows() == [
        ("happy", 8.47, 6.05), ("sad", 2.1, 3.0), ("wood", 5.0, 4.125),
    ]  # fmt: skip
    assert valence.account.kept == arousal.account.kept == 3


WORDS = [f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(100)]


@pytest.mark.parametrize(("faulty", "value", "reason", "cause"), [
    (97, "6,126", "no number", "decimal commas"),
    (34, ".", "no number", "unknown sign for missing"),
    (59, "57", "outside the scale", "a wrong `span`"),
])  # fmt: skip
def test_a_column_that_loses_more_than_the_share_is_refused(tmp_path, faulty, value, reason, cause):
    cells = [value] * faulty + ["2.5"] * (100 - faulty)
    rows = "".join(f'{word},"{cell}",4\n' for word, cell in zip(WORDS, cells, strict=True))
    path = put(tmp_path, "affect.csv", "Word,V,A\n" + rows)
    with pytest.raises(UserError) as caught:
        prepare_norms([(affect(), path)], most_dropped=0.2)
    said = str(caught.value)
    assert f"column 'V': {faulty} of 100 ratings of valence ({faulty}%) are dropped" in said
    assert reason in said and cause in said
    assert ("data.most_dropped (0.2)" in said) is (faulty < 90)
    assert ("Write decimal points" in said) is (reason == "no number")
    assert said.count(", line ") == 3 and "\n" not in said
    _, (valence, _) = prepare_norms([(affect(), path)], most_dropped=0.99)
    assert valence.account.kept == 100 - faulty


def test_ratings_by_rater_are_refused_and_a_few_repeated_words_told(tmp_path):
    files = [(affect(valence=("V", 1, 9)), put(tmp_path, "affect.csv", "Word,V\n" + "a,3\n" * 3))]
    with pytest.raises(UserError, match=r"repeated word \(a \(3, line 3\).*a row a rater"):
        prepare_norms(files, most_dropped=0.2)
    rows = "".join(f"{word},5\n" for word in [*WORDS, "waa"])
    files = [(affect(valence=("V", 1, 9)), put(tmp_path, "affect.csv", "Word,V\n" + rows))]
    told = summary(files, *prepare_norms(files, most_dropped=0.2)).splitlines()[-1]
    assert told == "valence: 100 words; dropped: 1 repeated word"


@pytest.mark.parametrize(("form", "odd"), [("{word}_NN", True), ("{n}", True), ("{word}", False)])
def test_entries_that_do_not_look_like_words_are_odd(tmp_path, form, odd):
    written = [form.format(word=word, n=n) for n, word in enumerate(WORDS)]
    rows = "".join(f"{word},{1 + n % 8}.5\n" for n, word in enumerate(written))
    files = [(affect(valence=("V", 1, 9)), put(tmp_path, "affect.csv", "Word,V\n" + rows))]
    release = norm_release("affect.csv", *prepare_norms(files))
    assert any("100 of 100 words have no letter" in each for each in release.odd) is odd


def test_words_that_were_decoded_twice_are_refused(tmp_path):
    words = ["árbol", "jardín", "río", "café", "útil", "ratón", "sol"]
    for form, wrong in ((str, False), (lambda w: w.encode().decode("latin-1"), True)):
        rows = "".join(f"{form(word)},{n + 1}.5\n" for n, word in enumerate(words))
        files = [(affect(valence=("V", 1, 9)), put(tmp_path, "affect.csv", "Word,V\n" + rows))]
        if wrong:
            with pytest.raises(UserError, match=r"6 of 6 words beyond ASCII \('cafÃ©'"):
                prepare_norms(files)
        else:
            assert len(prepare_norms(files)[0]) == 7


def test_whole_numbers_only_are_odd(tmp_path):
    for tail, odd in (("", True), (".5", False)):
        rows = "".join(f"{word},{1 + n % 8},2\n" for n, word in enumerate(WORDS[:-1]))
        text = f"Word,V,A\n{rows}{WORDS[-1]},3{tail},2\n"
        files = [(affect(valence=("V", 1, 9)), put(tmp_path, "affect.csv", text))]
        release = norm_release("affect.csv", *prepare_norms(files))
        assert any("all 100 values of valence are whole numbers" in o for o in release.odd) is odd


@pytest.mark.parametrize(("highest", "odd"), [(5, True), (8, False)])
def test_a_span_that_the_values_do_not_fill_is_odd(tmp_path, highest, odd):
    values = [1 + (highest - 1) * n / 99 for n in range(100)]
    rows = "".join(f"{word},{value}\n" for word, value in zip(WORDS, values, strict=True))
    files = [(affect(valence=("V", 1, 9)), put(tmp_path, "affect.csv", "Word,V\n" + rows))]
    release = norm_release("affect.csv", *prepare_norms(files))
    wrong = "valence lies between 1 and 5, of a span from 1 to 9: a wrong `span`?"
    assert release.odd == ([wrong] if odd else [])
