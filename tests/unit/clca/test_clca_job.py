"""Interrupted jobs: which finished groups are used again, and when they are removed."""

import contextlib
import json

import pytest

from culturalign import jobs
from culturalign.clca.answering import open_speaker
from culturalign.clca.clca_job import Files, ask_intents, judge_dialogues, simulate_dialogues
from culturalign.config.clca import Endpoint, Intents, Judge, Roleplay, Speaking
from culturalign.files.jsonl import read_jsonl, write_jsonl
from tests.unit.clca.scripted import GOOD, TALK, Script, materials

ENDPOINT = {"url": "http://localhost/v1", "model": "judge"}


class Stopped(Exception):
    pass


@contextlib.contextmanager
def job(folder, answer, most=None):
    """Inputs and outputs of a job that asks a script and stops at some call."""
    write_jsonl([TALK, {**TALK, "id": "us-tea.1"}], folder / "dialogues.jsonl")
    script = Script(answer)

    def ask(chats, seed, *, again):
        if len(script.again) == most:
            raise Stopped
        return script(chats, seed, again=again)

    targets, scratch = (folder / "rows.jsonl", folder / "rows.json"), folder / "scratch"
    with jobs.whole(*targets, scratch=scratch) as paths:
        yield script, ask, Files([str(folder / "dialogues.jsonl")], str(scratch), *paths)


def judged(folder, most=None, system="Be fair.", together=1, **endpoint):
    """Judge two dialogues; returns how many chats were asked."""
    options = Endpoint(**ENDPOINT | endpoint)
    _, facts = open_speaker(Speaking(), {}, [], batch_tokens=1, threads=1, endpoint=options)
    with job(folder, lambda chat, seed: GOOD, most) as (script, ask, files):
        judge_dialogues(materials(system=system), (ask, facts), Judge(endpoint=options), files,
                        together=together)  # fmt: skip
    return len(script.asked)


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, 3), ({"timeout": 9, "key_variable": "OTHER"}, 3),  # the first three are answered
        ({"url": "http://elsewhere/v1"}, 6), ({"model": "another"}, 6),
        ({"system": "Be strict."}, 6), ({"together": 2}, 6),
    ],
)  # fmt: skip
def test_a_finished_group_is_used_unless_its_verdicts_could_differ(tmp_path, changed, asked):
    with pytest.raises(Stopped):
        judged(tmp_path, most=3)
    assert judged(tmp_path, **changed) == asked
    assert [row["id"] for row in read_jsonl(tmp_path / "rows.jsonl")] == ["us-tea.0", "us-tea.1"]
    assert not (tmp_path / "scratch").exists()
    record = json.loads((tmp_path / "rows.json").read_text())
    assert record["endpoint"] == ENDPOINT | {k: v for k, v in changed.items() if k in ENDPOINT}


def test_groups_of_intents_depend_on_the_system_message_too(tmp_path):
    def asked(system, most=None):
        with job(tmp_path, lambda chat, seed: "INTENT: To win.", most) as (script, ask, files):
            ask_intents(materials(system=system), (ask, {}), Intents(), files, together=1)
        return len(script.asked)

    for system in ("Be brief.", "Be clear."):
        with pytest.raises(Stopped):
            asked("Be brief.", most=1)
        assert asked(system) == (2 if system == "Be brief." else 4)


@pytest.mark.parametrize("calls", range(1, 12))
def test_a_simulation_killed_at_any_call_ends_with_the_same_transcripts(tmp_path, calls):
    options = Roleplay(model="m", per_scenario=2, turns=4, together=2)

    def answer(chat, seed):
        return f"SPEAK: {seed} {len(chat)}" if seed % 5 else "LEAVE"

    def simulated(folder, most=None):
        folder.mkdir(exist_ok=True)
        with job(folder, answer, most) as (_, ask, files):
            simulate_dialogues(materials("us-a", "us-b", "us-c"), (ask, {}), options, files)
        return read_jsonl(folder / "rows.jsonl")

    whole = simulated(tmp_path / "whole")
    with contextlib.suppress(Stopped):
        simulated(tmp_path / "cut", calls)
    assert simulated(tmp_path / "cut") == whole
    assert len({row["id"] for row in whole}) == len(whole) == 6
