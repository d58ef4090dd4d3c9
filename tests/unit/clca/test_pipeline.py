"""Simulation to training examples with the shipped texts and a scripted model."""

from collections import Counter

import pytest

from culturalign.clca import clca_examples, judge
from culturalign.clca.intents import find_intents
from culturalign.clca.roleplay import planned, simulate
from culturalign.config.clca import Filter, Roleplay
from tests.unit.clca.scripted import Script, shipped


def model(words):
    """Leaves, is malformed, reaches its goal, judges badly or says nothing, by the seed."""

    def answer(chat, seed):
        last = chat[-1]["content"]
        if words.verdict in last:
            good = words.bad if len(last) % 5 == 0 else words.good
            return f"{words.verdict}: {good}\n{words.confidence}: 90\n{words.reason}: x"
        if f"{words.intent}{words.colon}".strip() in last:
            return "" if len(last) % 5 == 0 else f"{words.intent}: x"
        pick = (seed + len(chat[0]["content"])) % 7
        lines = {0: f"{words.leave}: {words.reached}", 1: "hm", 2: f"{words.leave}: -"}
        return lines.get(pick, f"{words.speak}: {seed} {len(chat)}")

    return Script(answer)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_branch_is_taken_and_only_kept_dialogues_are_learned(language):
    materials = shipped("CHN", language)
    ask, options = model(materials.prompts.words), Roleplay(model="m", turns=6, retries=0)
    talks = planned(list(materials.scenarios.values()), options)
    simulate(talks, ask, materials, options)
    records = [talk.record(language) for talk in talks]
    assert {record["ending"] for record in records} == {"goal", "left", "limit", "malformed"}

    judged = judge.judge(records, materials, ask, retries=0)
    kept, dropped, _ = judge.split(records, judged, Filter(min_turns=1), {}, "cn")
    reasons = Counter(reason for entry in dropped for reason in entry["dropped"])
    assert kept and reasons["ended: malformed"] and reasons["quality: bad"]

    found = find_intents(kept, materials, ask, retries=0, max_words=9)
    assert {row["intent"] is None for row in found} == {True, False}
    train, validation = clca_examples.all_examples(
        kept, found, materials, sides="both", validation=0.2, seed=0
    )
    assert {row["task"] for row in train} == {"dialogue", "intent"}
    ids = [{row["id"] for row in rows} for rows in (train, validation)]
    assert not ids[0] & ids[1] and ids[0] | ids[1] == {talk["id"] for talk in kept}
    turns = sum(len(talk["turns"]) for talk in kept)
    intents = sum(row["intent"] is not None for row in found)
    assert len(train) + len(validation) == turns + intents
