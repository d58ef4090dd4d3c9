"""Jobs of role-play that ask a model: simulation, judging, intents. Each can be interrupted."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from culturalign import provenance
from culturalign.clca.answering import Speaker
from culturalign.clca.intents import find_intents
from culturalign.clca.judge import judge
from culturalign.clca.materials import Materials
from culturalign.clca.resumable import in_parts
from culturalign.clca.roleplay import Dialogue, planned, simulate
from culturalign.config.clca import Intents, Judge, Roleplay
from culturalign.files.jsonl import read_jsonl, write_jsonl

Item = TypeVar("Item")


class Files(NamedTuple):
    """Where a job reads and writes.

    Attributes:
        inputs: Files that the rows depend on; finished groups made from others are not used. The
            transcripts come first.
        scratch: Folder of finished groups; the caller removes it once the files have their names.
        samples: jsonl, a row a line.
        provenance: JSON.
    """

    inputs: Sequence[str]
    scratch: str
    samples: Path
    provenance: Path


def simulate_dialogues(
    materials: Materials, speaker: Speaker, options: Roleplay, files: Files
) -> None:
    """Play all dialogues of a culture; the speaker plays both roles."""
    ask, facts = speaker

    def work(dialogues: Sequence[Dialogue]) -> list[dict[str, Any]]:
        simulate(dialogues, ask, materials, options)
        return [dialogue.record(materials.prompts.language) for dialogue in dialogues]

    dialogues = planned(list(materials.scenarios.values()), options)
    facts = {**facts, "roleplay": options.model_dump()}
    _run(dialogues, options.together, work, facts, files)


def judge_dialogues(
    materials: Materials, speaker: Speaker, options: Judge, files: Files, *, together: int
) -> None:
    """Judge all dialogues of a culture, ``together`` in a group."""
    ask, facts = speaker
    facts = {**facts, "judge": options.model_dump(exclude={"endpoint"}), "system": materials.system}
    work = partial(judge, materials=materials, ask=ask, retries=options.retries)
    _run(read_jsonl(Path(files.inputs[0])), together, work, facts, files)


def ask_intents(
    materials: Materials, speaker: Speaker, options: Intents, files: Files, *, together: int
) -> None:
    """Find the intents of all kept dialogues, ``together`` in a group."""
    ask, facts = speaker
    facts = {**facts, "intents": options.model_dump(), "system": materials.system}
    work = partial(find_intents, materials=materials, ask=ask, retries=options.retries,
                   max_words=options.max_words)  # fmt: skip
    _run(read_jsonl(Path(files.inputs[0])), together, work, facts, files)


def _run(
    items: Sequence[Item],
    together: int,
    work: Callable[[Sequence[Item]], list[dict[str, Any]]],
    facts: Mapping[str, Any],
    files: Files,
) -> None:
    """Work in groups that survive an interruption; write the rows and their provenance."""
    fingerprint = provenance.digest_of(facts, map(Path, files.inputs))
    scratch = Path(files.scratch)
    rows = in_parts(items, together, work, scratch=scratch, fingerprint=fingerprint)
    write_jsonl(rows, files.samples)
    provenance.write_record(files.provenance, **facts)
