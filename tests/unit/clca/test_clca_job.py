"""What a job that was interrupted takes of its finished groups, and when it lets go of them."""

import pytest

from culturalign import jobs
from culturalign.clca.chat import Reply
from culturalign.clca.clca_job import ask_intents, judge_dialogues, remote_speaker
from culturalign.clca.materials import Stage
from culturalign.config.clca import Endpoint, Intents, Judge, Speaking
from culturalign.files.jsonl import read_jsonl, write_jsonl
from tests.unit.clca.stage import CARD, PROMPTS, scenario
from tests.unit.clca.test_judge import GOOD, TALK

ENDPOINT = {"url": "http://localhost/v1", "model": "judge"}


class Stopped(Exception):
    pass


def judged(folder, most=None, system="Be fair.", together=1, **endpoint):
    """Judge two dialogues, or stop at some call; returns how many chats were asked."""
    write_jsonl([TALK, {**TALK, "id": "us-tea.1"}], folder / "dialogues.jsonl")
    asked = []

    def ask(chats, seed, *, again):
        if len(asked) == most:
            raise Stopped
        asked.extend(chats)
        return [Reply(GOOD) for _ in chats]

    options = Endpoint(**{**ENDPOINT, **endpoint})
    _, facts = remote_speaker(options, Speaking())
    targets = folder / "verdicts.jsonl", folder / "verdicts.json"
    with jobs.whole(*targets, scratch=folder / "scratch") as (samples, record):
        judge_dialogues(
            Stage({"us-tea": scenario()}, CARD, PROMPTS, system),
            (ask, facts),
            Judge(endpoint=options),
            together=together,
            scratch=folder / "scratch",
            inputs=[folder / "dialogues.jsonl"],
            samples_out=samples,
            provenance_out=record,
        )
    return len(asked)


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, 3),  # the first dialogue's three questions are answered
        ({"timeout": 9, "key_variable": "OTHER"}, 3),
        ({"url": "http://elsewhere/v1"}, 6),
        ({"model": "another"}, 6),
        ({"system": "Be strict."}, 6),
        ({"together": 2}, 6),
    ],
)
def test_a_finished_group_is_taken_unless_the_verdicts_could_differ(tmp_path, changed, asked):
    with pytest.raises(Stopped):
        judged(tmp_path, most=3)
    assert judged(tmp_path, **changed) == asked
    assert [row["id"] for row in read_jsonl(tmp_path / "verdicts.jsonl")] == [
        "us-tea.0",
        "us-tea.1",
    ]
    assert not (tmp_path / "scratch").exists()


def test_groups_of_intents_depend_on_the_system_message_too(tmp_path):
    write_jsonl([TALK], tmp_path / "kept.jsonl")

    def asked(system):
        chats = []

        def ask(given, seed, *, again):
            chats.extend(given)
            return [Reply("INTENT: To win.") for _ in given]

        ask_intents(
            Stage({"us-tea": scenario()}, CARD, PROMPTS, system),
            (ask, {}),
            Intents(),
            together=1,
            scratch=tmp_path / "scratch",
            inputs=[tmp_path / "kept.jsonl"],
            samples_out=tmp_path / "intents.jsonl",
            provenance_out=tmp_path / "intents.json",
        )
        return len(chats)

    assert [asked("Be brief."), asked("Be brief."), asked("Be clear.")] == [2, 0, 2]
