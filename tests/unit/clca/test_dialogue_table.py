from culturalign.clca.dialogue_table import dialogue_rows, write_dialogues


def dialogue(ending, kinds, malformed=None):
    return {"ending": ending, "turns": [{"kind": kind} for kind in kinds],
            "malformed": malformed or {}}  # fmt: skip


def verdict(good):
    return {name: {"good": good} for name in ("quality", "fit", "critic")}


def test_everything_is_counted(tmp_path):
    talks = [
        dialogue("goal", ["speak", "act", "leave"]),
        dialogue("malformed", ["speak"], {"empty": 4}),
    ]
    rows = dialogue_rows(
        "US",
        talks,
        [verdict(True), verdict(None)],
        [{**talks[1], "dropped": ["ended: malformed", "fewer than 2 turns"]}],
        [
            {"intent": "To win.", "repeats": None},
            {"intent": None, "repeats": None},
            {"intent": None, "repeats": None},
            {"intent": None, "repeats": "Q1"},
        ],
    )
    found = {row[1:3]: row[3] for row in rows}
    assert found["dialogues", "simulated"] == 2 and found["dialogues", "kept"] == 1
    assert found["turns", "a dialogue, mean"] == 2
    assert found["turns", "speak"] == 2 and found["malformed answers", "empty"] == 4
    assert found["ended", "goal"] == found["ended", "malformed"] == 1
    assert found["fit", "good"] == found["fit", "undecided"] == 1
    assert found["dropped", "fewer than 2 turns"] == 1
    assert (found["intents", "found"], found["intents", "missing"]) == (1, 2)
    assert found["intents", "repeats a survey question"] == 1
    write_dialogues(str(tmp_path / "t"), rows)
    assert "fewer than 2 turns" in (tmp_path / "t.md").read_text(encoding="utf-8")
