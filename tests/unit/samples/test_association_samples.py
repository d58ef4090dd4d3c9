"""A generation job with the tiny model."""

import json

from culturalign.config.evaluate import Decoding, Evaluation, Shots
from culturalign.data.sft_examples import Prompt
from culturalign.files.jsonl import read_jsonl
from culturalign.samples.association_samples import run
from culturalign.samples.list_questions import ask
from culturalign.samples.loaded_arm import LoadedArm

PROMPT = Prompt("Words for {cue}:", "Be brief.", ", ")


def test_the_engine_reads_shots_before_the_chat_and_the_record_has_what_was_sampled(tmp_path, arm):
    read = []

    class Listening:
        """The engine, and what it was given to read."""

        def __getattr__(self, name):
            return getattr(arm.engine, name)

        def generate(self, prompts, decoding):
            read.extend(prompts)
            return arm.engine.generate(prompts, decoding)

    questions = ask(["cat", "dog"], ["sea"], {"sea": ["salt"]}, PROMPT, Evaluation(), Shots())
    run(
        LoadedArm(Listening(), arm.options),
        cues=["cat", "dog"],
        questions=questions,
        decoding=Decoding(max_new_tokens=5, model_defaults=True),
        samples_out=tmp_path / "s.jsonl",
        provenance_out=tmp_path / "s.json",
    )
    chats = arm.render(question.chat for question in questions)
    assert read == [f"sea\nsalt\n\n{chat}" for chat in chats]
    assert [row["cue"] for row in read_jsonl(tmp_path / "s.jsonl")] == ["cat", "dog"]
    record = json.loads((tmp_path / "s.json").read_text())
    assert record["decoding"]["temperature"] == 0.0  # the tiny model's own: it does not sample
    assert record["bounds"] == [40, 50]
