"""Jobs of role-play that ask a model: simulation, judging, intents. Each can be interrupted."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from culturalign import provenance
from culturalign.clca.answering import endpoint_ask, local_ask
from culturalign.clca.chat import Ask
from culturalign.clca.intents import find_intents
from culturalign.clca.judge import judge
from culturalign.clca.materials import Stage
from culturalign.clca.resumable import in_parts
from culturalign.clca.roleplay import Dialogue, planned, simulate
from culturalign.config.clca import Endpoint, Intents, Judge, Roleplay, Speaking
from culturalign.config.models import Model
from culturalign.files.jsonl import read_jsonl, write_jsonl
from culturalign.models.engine import open_engine
from culturalign.training.checkpoints import fingerprint


def local_speaker(
    options: Model, base: Path | None, speaking: Speaking, *, batch_tokens: int, threads: int
) -> tuple[Ask, dict[str, Any]]:
    """A vanilla model of the run, and the facts that identify it."""
    engine = open_engine(options, base, None, batch_tokens=batch_tokens, threads=threads)
    return local_ask(engine, options, speaking), engine.facts


def remote_speaker(options: Endpoint, speaking: Speaking) -> tuple[Ask, dict[str, Any]]:
    """A server, and the facts that identify it; the key is none of them."""
    return endpoint_ask(options, speaking), {
        "endpoint": options.model_dump(include={"url", "model"})
    }


def simulate_dialogues(
    stage: Stage,
    speaker: tuple[Ask, dict[str, Any]],
    options: Roleplay,
    *,
    scratch: Path,
    inputs: Sequence[Path],
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Play all dialogues of a culture.

    Args:
        stage: Scenarios, card, prompts.
        speaker: Who plays both roles.
        options: How many, how long.
        scratch: Folder of finished groups of dialogues; for the caller to remove once the files
            have their names.
        inputs: Files that the transcripts depend on; finished groups of others are not taken.
        samples_out: jsonl, a transcript a line.
        provenance_out: JSON.
    """
    ask, facts = speaker
    facts = {**facts, "roleplay": options.model_dump()}

    def work(dialogues: Sequence[Dialogue]) -> list[dict[str, Any]]:
        simulate(dialogues, ask, stage.card, stage.prompts, options)
        return [dialogue.record(stage.prompts.language) for dialogue in dialogues]

    rows = in_parts(
        planned(list(stage.scenarios.values()), options),
        options.together,
        work,
        scratch=scratch,
        fingerprint=fingerprint(facts, inputs),
    )
    _write(rows, facts, samples_out, provenance_out)


def judge_dialogues(
    stage: Stage,
    speaker: tuple[Ask, dict[str, Any]],
    options: Judge,
    *,
    together: int,
    scratch: Path,
    inputs: Sequence[Path],
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """Judge all dialogues of a culture; arguments as for :func:`simulate_dialogues`.

    The first of ``inputs`` are the transcripts.
    """
    ask, facts = speaker
    facts = {**facts, "system": stage.system, "judge": options.model_dump(exclude={"endpoint"})}
    work = partial(
        judge,
        scenarios=stage.scenarios,
        ask=ask,
        card=stage.card,
        prompts=stage.prompts,
        system=stage.system,
        retries=options.retries,
    )
    rows = in_parts(
        read_jsonl(inputs[0]),
        together,
        work,
        scratch=scratch,
        fingerprint=fingerprint(facts, inputs),
    )
    _write(rows, facts, samples_out, provenance_out)


def ask_intents(
    stage: Stage,
    speaker: tuple[Ask, dict[str, Any]],
    options: Intents,
    *,
    together: int,
    scratch: Path,
    inputs: Sequence[Path],
    samples_out: Path,
    provenance_out: Path,
) -> None:
    """The intents of all kept dialogues; arguments as for :func:`judge_dialogues`."""
    ask, facts = speaker
    facts = {**facts, "system": stage.system, "intents": options.model_dump()}
    work = partial(
        find_intents,
        scenarios=stage.scenarios,
        ask=ask,
        card=stage.card,
        prompts=stage.prompts,
        system=stage.system,
        retries=options.retries,
        max_words=options.max_words,
    )
    rows = in_parts(
        read_jsonl(inputs[0]),
        together,
        work,
        scratch=scratch,
        fingerprint=fingerprint(facts, inputs),
    )
    _write(rows, facts, samples_out, provenance_out)


def _write(rows: list[dict[str, Any]], facts: dict[str, Any], samples: Path, record: Path) -> None:
    write_jsonl(rows, samples)
    provenance.write_record(record, **facts)
