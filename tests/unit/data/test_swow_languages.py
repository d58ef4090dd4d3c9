"""SWOW files of other languages: official headers, columns by setting, tokens, scripts, losses."""

import json
from itertools import cycle, islice, permutations
from pathlib import Path

import pytest

from culturalign.config.language_facts import FACTS
from culturalign.data.prepared import Prepared
from culturalign.data.strengths import prepare_strengths
from culturalign.data.swow import Reading, prepare_culture, read_trials
from culturalign.errors import UserError


def reading(language: str, **more: object) -> Reading:
    facts = {name: FACTS[language][name] for name in ("missing", "scripts", "release")}
    return Reading(**{**facts, **more})


def prepare(path: Path, content: str, how: Reading, encoding: str = "utf-8") -> Prepared:
    path.write_text(content, encoding=encoding)
    return prepare_culture(path, {}, culture="x", reading=how)


HEADERS = {
    "nl": ("ctr;recodedPP_ID;cue;asso1;asso2;asso3", "5;11;boom;blad;tak;NA", "SWOW-NL"),
    "de": (
        "trial_id,participant_id,native_language,cue,unknown_word,response_corrected_1,"
        "response_corrected_2,response_corrected_3,response_raw_1,response_raw_2,response_raw_3",
        "5,11,German (Austria),Baum,FALSE,Blatt,Ast,NA,blatt,ast,NA",
        "SWOW-DE",
    ),
    "sl": (
        "id\tparticipantID\tcue\tresponse1\tresponse2\tresponse3\tresponse1Normalized",
        "5\t11\tdrevo\tlist\tveja\t<noMoreReplies>\tLIST",
        "SWOW-SL",
    ),
    "es": ("participantID,cue,R1,R2,R3", "11,árbol,hoja,rama,No más respuestas", "SWOW-RP"),
}


@pytest.mark.parametrize("language", HEADERS)
def test_official_headers_of_other_languages_are_known(tmp_path, language):
    header, row, release = HEADERS[language]
    found = prepare(tmp_path / "swow.csv", f"{header}\n{row}\n", reading(language))
    assert len(found.responses) == 2
    assert found.responses["position"].to_list() == [1, 2]
    assert set(found.responses["participant"]) == {"11"}
    assert found.accounts[1].dropped["missing token"] == 1
    assert found.release.name == f"{release} {'trials' if language == 'sl' else 'complete'}"
    sizes = {"sl": 0, "es": 2}.get(language, 1)  # that are known
    assert [" the official file has " in odd for odd in found.release.odd] == [True] * sizes


def test_without_tokens_of_the_language_their_likely_ones_are_shown(tmp_path):
    rows = [
        "11,drzewo,liść,brak odpowiedzi,",
        "12,dom,brak odpowiedzi,ciepły kąt,no more responses",
    ]
    content = "\n".join(["participantID,cue,R1,R2,R3", *rows, ""])
    found = prepare(tmp_path / "swow.csv", content, Reading(missing=None))
    assert found.accounts[1].dropped["missing token"] == 2  # empty, and the platform's
    (said,) = found.release.odd
    assert said.startswith("no missing tokens of the language are known")
    assert (
        "several words: 'brak odpowiedzi' 2, 'ciepły kąt' 1; set languages.<name>.missing" in said
    )
    own = Reading(missing=["Brak odpowiedzi"])
    assert prepare(tmp_path / "swow.csv", content, own).release.odd == []


def test_columns_of_the_configuration_go_before_official_headers(tmp_path):
    path = tmp_path / "swow.csv"
    path.write_text("who,cue,R1,first,R2,R3\n7,sol,raw,luz,,\n", encoding="utf-8")
    how = Reading(columns={"participant": "Who", "R1": "first"})
    assert read_trials(path, reading=how).rows() == [("7", "sol", "luz", "", "")]
    with pytest.raises(UserError, match=r"no column 'participantID'.*cultures.<name>.columns"):
        read_trials(path)
    with pytest.raises(UserError, match="no column 'second'"):
        read_trials(path, reading=Reading(columns={"participant": "who", "R2": "second"}))


def test_row_names_of_r_are_no_column_of_ours(tmp_path):
    header = '"","participantID","cue","R1","R2","R3"\n'
    found = prepare(tmp_path / "r.csv", header + '"1",7,"sea","salt",NA,NA\n', reading("en"))
    assert found.responses.rows() == [("sea", "salt", 1, "7")]


def table(words: list[str]) -> str:
    """Thirty trials of each word, answered with the words in turn."""
    others = cycle(words)
    rows = [f"{n},{cue},{','.join(islice(others, 3))}" for cue in words for n in range(30)]
    return "\n".join(["participantID,cue,R1,R2,R3", *rows, ""])


MANDARIN = ["".join(pair) for pair in permutations("江河湖海天地", 2)]


@pytest.mark.parametrize("wrong", ["latin-1", "gb18030"])
def test_utf8_that_was_read_as_another_encoding_is_refused(tmp_path, wrong):
    path = tmp_path / "swow.csv"
    words = [word.encode().decode(wrong) for word in MANDARIN]
    with pytest.raises(UserError, match=rf"^{path}: 30 of 30 cues .* read as another encoding"):
        prepare(path, table(words), reading("zh"))


def test_accents_that_were_decoded_twice_are_refused_too(tmp_path):
    words = [w.encode().decode("latin-1") for w in ("árbol", "jardín", "río", "sol", "mar")]
    with pytest.raises(UserError, match=r"3 of 3 cues beyond ASCII \('jardÃ"):
        prepare(tmp_path / "swow.csv", table(words), reading("es"))


@pytest.mark.parametrize(("words", "language", "said"), [
    (["sea", "hill", "rain"], "zh", "0% of the letters of its cues ('hill', 'rain', 'sea') are H"),
    (MANDARIN, "en", "are Latin, in its language at least 50%"),
])  # fmt: skip
def test_a_file_in_another_script_is_refused(tmp_path, words, language, said):
    with pytest.raises(UserError) as caught:
        prepare(tmp_path / "swow.csv", table(words), reading(language))
    assert said in str(caught.value)
    right = "en" if language == "zh" else "zh"
    assert len(prepare(tmp_path / "swow.csv", table(words), reading(right)).responses) > 100


def answered(cues: list[str], responses: list[str]) -> str:
    rows = [
        f"{n},{cue},{response},,"
        for n, (cue, response) in enumerate(zip(cues, responses, strict=True))
    ]
    return "\n".join(["participantID,cue,R1,R2,R3", *rows, ""])


def test_responses_in_another_script_or_decoded_twice_are_refused_as_cues_are(tmp_path):
    path, cues = tmp_path / "swow.csv", MANDARIN * 2
    english = [f"word{chr(97 + n % 26)}" for n in range(len(cues))]
    with pytest.raises(UserError, match=r"0% of the letters of its responses \('worda'"):
        prepare(path, answered(cues, english), reading("zh"))
    twice = [word.encode().decode("latin-1") for word in reversed(cues)]
    with pytest.raises(UserError, match=r"30 of 30 responses beyond ASCII"):
        prepare(path, answered(cues, twice), reading("zh"))
    lines = [f"{c}\t{r}\t3\n" for c, r in zip(cues[:30], twice[:30], strict=True)]
    path.write_text("cue\tresponse\tR123\n" + "".join(lines), encoding="utf-8")
    with pytest.raises(UserError, match=r"30 of 30 responses beyond ASCII"):
        prepare_strengths(path, culture="cn", reading=reading("zh"))


def test_numbers_in_place_of_responses_are_odd(tmp_path):
    cues = [f"cue{chr(97 + n)}" for n in range(10)]
    for numbers, odd in ((3, True), (2, False)):
        given = [str(n) if n < numbers else f"word{n}" for n in range(10)]
        found = prepare(tmp_path / "swow.csv", answered(cues, given), reading("en"))
        said = [each for each in found.release.odd if "no letter" in each]
        assert said == [f"{numbers} of 10 responses have no letter: is R1 the right column?"] * odd


def test_an_unspaced_sentence_is_shown_where_missing_tokens_are_not_known(tmp_path):
    given = answered(["犬"] * 3, ["もう答えはありません", "猫", "もう答えはありません"])
    (odd,) = prepare(tmp_path / "swow.csv", given, Reading(missing=None)).release.odd
    assert "several words: 'もう答えはありません' 2; set" in odd


def with_token(cues: int, told: int) -> str:
    """Trials in which a token leads some of the cues."""
    rows = [f"{n},cue{c},{'weet niet' if c < told else f'w{c}'},a{c}{n},b{c}{n}"
            for c in range(cues) for n in range(4)]  # fmt: skip
    return "\n".join(["participantID,cue,R1,R2,R3", *rows, ""])


def test_a_response_that_leads_many_cues_is_odd(tmp_path):
    found = prepare(tmp_path / "swow.csv", with_token(30, 29), reading("nl"))
    size, odd = found.release.odd
    start, tokens = odd.split("Then set languages.<name>.missing to ")
    assert start == "'weet niet' is the most frequent response to 29 of 30 cues: a missing token? "
    # The whole list, which replaces the shipped one.
    assert json.loads(tokens) == [*reading("nl").missing, "weet niet"]
    assert prepare(tmp_path / "b.csv", with_token(30, 6), reading("nl")).release.odd == [size]
    mended = reading("nl", missing=["Weet niet"])
    assert prepare(tmp_path / "c.csv", with_token(30, 29), mended).release.odd == [size]


def test_a_great_loss_is_refused_with_count_samples_and_cause(tmp_path):
    path = tmp_path / "swow.csv"
    rows = [f"{n},cue{n},{'??' if n < 5 else 'word'},," for n in range(20)]
    content = "\n".join(["participantID,cue,R1,R2,R3", *rows, ""])
    how = reading("en", most_dropped=0.2)
    with pytest.raises(UserError) as caught:
        prepare(path, content, how)
    assert str(caught.value).startswith(
        f"{path}: 5 of 20 responses (25%) are dropped: symbols only (row 1: 'cue0', '??'; row 2: "
        "'cue1', '??'; row 3: 'cue2', '??'); another program's sign for missing?"
    )
    assert len(prepare(path, content.replace("4,cue4,??", "4,cue4,x"), how).responses) == 16


def test_two_downloads_joined_are_refused(tmp_path):
    rows = [f"{n},cue{n},word,," for n in range(20)]
    content = "\n".join(["participantID,cue,R1,R2,R3", *rows, *rows, ""])
    with pytest.raises(UserError, match=r"20 of 40 trials \(50%\) .* two downloads joined"):
        prepare(tmp_path / "swow.csv", content, reading("en", most_dropped=0.2))
