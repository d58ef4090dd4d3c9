from culturalign.clca.decontamination import read_guard
from culturalign.files.jsonl import write_jsonl
from culturalign.report.clca.dialogue_table import dialogue_rows, read_rows, write_dialogues


def dialogue(name, ending, kinds, malformed=None):
    return {"id": name, "ending": ending, "turns": [{"kind": kind} for kind in kinds],
            "malformed": malformed or {}}  # fmt: skip


def verdict(name, good):
    return {"id": name, **{question: {"good": good} for question in ("quality", "fit", "critic")}}


def test_everything_is_counted(written, tmp_path):
    talks = [
        dialogue("a.0", "goal", ["speak", "act", "leave"]),
        dialogue("b.0", "malformed", ["speak"], {"empty": 4}),
        dialogue("c.0", "limit", ["speak"]),
    ]
    intents = [("To win.", None), (None, None), (None, None), (None, "Q1")]
    rows = dialogue_rows(
        "US", talks, [verdict("a.0", True), verdict("b.0", None), verdict("c.0", None)],
        [{**talks[1], "dropped": ["ended: malformed", "fewer than 2 turns"]}],
        [{"intent": intent, "repeats": repeats} for intent, repeats in intents],
    )  # fmt: skip
    found = {row[1:3]: row[3] for row in rows}
    assert found["dialogues", "simulated"] == 3 and found["dialogues", "kept"] == 2
    assert found["dialogues", "kept, with an undecided verdict"] == 1
    assert found["turns", "a dialogue, mean"] == 5 / 3
    assert found["answers", "asked for"] == 5 + 4
    assert found["turns", "speak"] == 3 and found["malformed answers", "empty"] == 4
    assert found["ended", "goal"] == found["ended", "malformed"] == 1
    assert found["fit", "good"] == 1 and found["fit", "undecided"] == 2
    assert found["dropped", "fewer than 2 turns"] == 1
    assert (found["intents", "found"], found["intents", "missing"]) == (1, 2)
    assert found["intents", "repeats a survey question"] == 1
    header, shown, _ = written(write_dialogues, rows)
    assert header == ["Culture", "part", "what", "value"]
    assert "fewer than 2 turns" in str(shown)
    assert "clca.filter.undecided" in (tmp_path / "t.md").read_text(encoding="utf-8")


def test_cultures_are_read_in_order_and_only_some_learn_intents(tmp_path):
    contents = {"dialogues": [dialogue("a.0", "goal", ["speak"])],
                "verdicts": [verdict("a.0", True)], "dropped": [],
                "intents": [{"intent": "To win."}]}  # fmt: skip
    files = {}
    for culture in ("us", "cn"):
        (tmp_path / culture).mkdir()
        for name, rows in contents.items():
            files[culture, name] = str(tmp_path / culture / f"{name}.jsonl")
            write_jsonl(rows, tmp_path / culture / f"{name}.jsonl")
    parts = [path for (_, name), path in files.items() if name != "intents"]
    rows = read_rows(["US", "ZH"], parts, [files["cn", "intents"]], read_guard([]))
    assert [row[0] for row in rows if row[1:3] == ("dialogues", "kept")] == ["US", "ZH"]
    found = [row for row in rows if row[1:3] == ("intents", "found")]
    assert found == [("ZH", "intents", "found", 1)]
