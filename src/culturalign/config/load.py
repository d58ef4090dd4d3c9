"""Reading the configuration; every fault in one message, with file, line and suggestion."""

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from culturalign.config.fault_text import UNKNOWN, fault_of
from culturalign.config.named_files import faulty_texts
from culturalign.config.overlay import merge
from culturalign.config.root import Config
from culturalign.config.strict import Fault
from culturalign.errors import UserError
from culturalign.files.yaml_file import Document, read_document

ELSEWHERE = "the command line (--config), or a workflow that imports this one: "
"""Where a value comes from that no file has."""


def load(
    raw: Mapping[str, Any],
    files: Sequence[str | Path] = (),
    *,
    root: Path | None = None,
    directory: Path = Path(),
) -> Config:
    """Validate a configuration.

    Args:
        raw: Merged mapping, as Snakemake hands it over (mappings merged, lists replaced).
        files: The YAML files it was merged from, earliest first; used to name lines.
        root: The repository, to look for the text files that the run reads; None: do not look.
        directory: The working directory, to look for them first.

    Raises:
        UserError: If a file is malformed; or listing every fault, each with file and line where
            it stands in a file, or else every text file that is missing or lacks its markers. What
            is wrong is left out and the rest checked again, so that no fault hides another.
    """
    documents = {Path(file): read_document(Path(file)) for file in files}
    faults: list[Fault] = []
    left: Any = raw
    while True:
        try:
            config = Config.model_validate(left)
            faults += [] if faults or not root else faulty_texts(config, root, directory)
            break
        except ValidationError as invalid:
            again = [fault_of(each) for each in invalid.errors()]
        new = [each for each in again if not any(_may_follow(each, known) for known in faults)]
        if not new:
            break
        faults += new
        for where, _ in new:
            left = _without(left, where)
    methods = raw.get("methods")
    own = {fault for fault in faults if not _inherited(fault, faults, methods)}
    told = _surprises(documents, {where for where, _ in own})
    # a key that is not text is a surprise already
    own = {fault for fault in own if not (told and fault[0][-1:] == ("[key]",))}
    told += [(fault, _place(fault[0], raw, documents)) for fault in own]
    if not told:
        return config
    found = [f"  {place}{'.'.join(where) or 'configuration'}: {text}"
             for (where, text), place in sorted(told)]  # fmt: skip
    total = f"{len(found)} to correct; nothing was run."
    raise UserError("\n".join([total, *found, "Every key is described in docs/config.md."]))


def _surprises(
    documents: Mapping[Path, Document], known: Collection[tuple[str, ...]]
) -> list[tuple[Fault, str]]:
    """What YAML reads otherwise than it looks, and its place; no value that is a fault anyway."""
    return [
        ((surprise.where, surprise.text), f"{path}:{surprise.line}: ")
        for path, document in documents.items()
        for surprise in document.surprises
        if (surprise.certain or "template_arguments" in surprise.where)  # of any type
        and (surprise.of_key or surprise.where not in known)
    ]


def _may_follow(fault: Fault, other: Fault) -> bool:
    """Whether a fault may only follow from leaving out another: it is around it or inside it."""
    length = min(len(fault[0]), len(other[0]))
    inside = len(fault[0]) >= length == len(other[0])
    return fault[0][:length] == other[0][:length] and (inside or not other[1].startswith(UNKNOWN))


def _without(node: Mapping[str, Any], where: tuple[str, ...]) -> dict[str, Any]:
    """A configuration without the value at a place.

    Of a method its kind and what it is like stay, so that others may still refer to it.
    """
    key, *inside = where
    if key not in node or where[1:2] == ("like",):
        return dict(node)
    value, others = node[key], {name: each for name, each in node.items() if name != key}
    if inside:
        return {**node, key: _without(value, where[1:]) if isinstance(value, Mapping) else value}
    kept = {
        name: value[name]
        for name in ("kind", "like")
        if isinstance(value, Mapping) and name in value
    }
    return others | ({key: kept} if kept else {})


def _inherited(fault: Fault, faults: Sequence[Fault], methods: Any) -> bool:
    """Whether a method has a fault only because the method it is ``like`` has it."""
    where, text = fault
    node = methods.get(where[1]) if where[:1] == ("methods",) and where[1:] else None
    if not (isinstance(node, Mapping) and "like" in node):
        return False
    origin = (("methods", str(node["like"]), *where[2:]), text)
    return origin != fault and origin in faults


def _place(where: tuple[str, ...], raw: Any, documents: Mapping[Path, Document]) -> str:
    """``file:line: `` of a key: the last file that sets it, or its nearest parent there."""
    files = reduce(merge, (document.content for document in documents.values()), None)
    if documents and _value(raw, where) != _value(files, where):
        return ELSEWHERE
    for length in range(len(where), 0, -1):
        for path, document in reversed([*documents.items()]):
            if where[:length] in document.lines:
                return f"{path}:{document.lines[where[:length]]}: "
    return ""


def _value(node: Any, where: Sequence[str]) -> str:
    """The value at a place as text; aliases may form circles, and nan does not equal itself."""
    for key in where:
        if isinstance(node, Mapping):
            node = node.get(key)
        elif isinstance(node, list) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
    return "a mapping" if isinstance(node, Mapping) else repr(node)
