"""Reading the configuration; every fault in one message, with file, line and suggestion."""

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from culturalign.config.root import Config, Fault, joint_faults
from culturalign.errors import UserError


def load(raw: Mapping[str, Any], files: Sequence[str | Path] = ()) -> Config:
    """Validate a configuration.

    Args:
        raw: Merged mapping, as Snakemake hands it over (mappings merged, lists replaced).
        files: The YAML files it was merged from, earliest first; used to name lines.

    Raises:
        UserError: Listing every fault, each with file and line where it stands in a file.
    """
    faults: list[Fault] = []
    try:
        resolved = resolve_like(raw)
    except UserError as error:
        resolved, faults = dict(raw), [(("methods",), str(error))]
    config, found = _validate(resolved)
    methods = raw["methods"] if isinstance(raw.get("methods"), Mapping) else {}
    faults += [fault for fault in found if not _inherited(fault, found, methods)]
    faults += joint_faults(resolved)
    if config is None or faults:
        raise UserError(_message(faults, files))
    return config


def _validate(raw: Mapping[str, Any]) -> tuple[Config | None, list[Fault]]:
    """Validate; where keys are wrong, again without them, for the rules that join several keys."""
    try:
        return Config.model_validate(raw), []
    except ValidationError as invalid:
        faults = [_fault(problem) for problem in invalid.errors()]
    try:
        Config.model_validate(_without(raw, [where for where, _ in faults]))
    except ValidationError as invalid:
        faults += [_fault(problem) for problem in invalid.errors() if problem["type"] != "missing"]
    return None, faults


def _without(node: Any, places: Sequence[tuple[str, ...]]) -> Any:
    """A copy of nested mappings without the keys at some places."""
    if not isinstance(node, Mapping):
        return node
    inside = {key: [place[1:] for place in places if place[:1] == (str(key),)] for key in node}
    return {
        key: _without(value, inside[key]) for key, value in node.items() if () not in inside[key]
    }


def resolve_like(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in methods that say ``like: other``: the other's settings, overlaid by their own.

    A control thereby follows every change of the method it controls for.

    Raises:
        UserError: If ``like`` names no method, or methods refer to each other in a circle.
    """
    methods = raw.get("methods")
    if not isinstance(methods, Mapping):
        return dict(raw)
    return {**raw, "methods": {name: _method(name, methods, ()) for name in methods}}


def _method(name: str, methods: Mapping[str, Any], seen: tuple[str, ...]) -> Any:
    if name in seen:
        raise UserError(f"like: {' -> '.join([*seen, name])} is a circle")
    own = methods[name]
    if not isinstance(own, Mapping) or "like" not in own:
        return own
    if own["like"] not in methods:
        raise UserError(f"{name}.like: no method is called {own['like']!r}")
    base = _method(own["like"], methods, (*seen, name))
    return merge(base, {key: value for key, value in own.items() if key != "like"})


def merge(base: Any, over: Any) -> Any:
    """Overlay ``over`` on ``base``: mappings are merged, everything else is replaced."""
    if not (isinstance(base, Mapping) and isinstance(over, Mapping)):
        return over
    return {**base, **{key: merge(base.get(key), value) for key, value in over.items()}}


def _inherited(fault: Fault, faults: Sequence[Fault], methods: Mapping[str, Any]) -> bool:
    """Whether a method has a fault only because the method it is ``like`` has it."""
    where, text = fault
    node = methods.get(where[1]) if where[:1] == ("methods",) and where[1:] else None
    if not (isinstance(node, Mapping) and "like" in node):
        return False
    return (("methods", node["like"], *where[2:]), text) in faults


def _fault(problem: ErrorDetails) -> Fault:
    # The tag of a union ("sft") stands in the location but not in the file.
    where = tuple(str(part) for part in problem["loc"] if part not in ("sft", "ppo"))
    if problem["loc"][:1] == ("methods",) and len(problem["loc"]) > 1:
        where = ("methods", str(problem["loc"][1]), *(str(p) for p in problem["loc"][3:]))
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where[-1], sorted(keys_under(where[:-1])), n=1)
        return where, "no such key" + (f"; did you mean {near[0]}?" if near else "")
    text = problem["msg"].removeprefix("Value error, ")
    if problem["type"] in ("value_error", "missing"):
        return where, text
    hint = "; YAML reads 1e-5 as text, write 1.0e-5" if _looks_numeric(problem["input"]) else ""
    return where, f"{text} (got {problem['input']!r}{hint})"


def _looks_numeric(value: object) -> bool:
    try:
        return isinstance(value, str) and float(value) is not None
    except ValueError:
        return False


def keys_under(where: Sequence[str], model: type[BaseModel] = Config) -> set[str]:
    """Keys the schema allows at a place, e.g. ``("methods", "sft")``."""
    schema = model.model_json_schema()
    nodes = [schema]
    for part in where:
        nodes = [child for node in nodes for child in _children(node, part, schema)]
    return {key for node in nodes for key in node.get("properties", {})}


def _children(node: dict[str, Any], part: str, schema: dict[str, Any]) -> list[dict[str, Any]]:
    child = node.get("properties", {}).get(part)
    if child is None:
        patterns = list(node.get("patternProperties", {}).values())
        child = patterns[0] if patterns else node.get("additionalProperties", {})
    options = child.get("oneOf") or child.get("anyOf") or [child]
    return [_resolved(option, schema) for option in options]


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = node.get("$ref", "").removeprefix("#/$defs/")
    return schema["$defs"][name] if name else node


def _message(faults: Sequence[Fault], files: Sequence[str | Path]) -> str:
    marks = [(Path(file), key_lines(Path(file))) for file in files]
    lines = []
    for where, text in sorted(dict.fromkeys(faults)):
        lines.append(f"  {_place(where, marks)}{'.'.join(where) or 'configuration'}: {text}")
    total = f"{len(lines)} to correct; nothing was run."
    return "\n".join([total, *lines, "Every key is described in docs/config.md."])


def _place(where: tuple[str, ...], marks: Sequence[tuple[Path, Mapping[Any, int]]]) -> str:
    """``file:line: `` of a key: the last file that sets it, or its nearest parent there."""
    for length in range(len(where), 0, -1):
        for path, lines in reversed(marks):
            if where[:length] in lines:
                return f"{path}:{lines[where[:length]]}: "
    return ""


def key_lines(path: Path) -> dict[tuple[str, ...], int]:
    """Line (from 1) of every key and list item of a YAML file."""
    lines: dict[tuple[str, ...], int] = {}

    def walk(node: yaml.Node, where: tuple[str, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                lines[*where, key.value] = key.start_mark.line + 1
                walk(value, (*where, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                lines[*where, str(index)] = value.start_mark.line + 1

    root = yaml.compose(path.read_text(encoding="utf-8"))
    if root is not None:
        walk(root, ())
    return lines
