"""Reading the configuration; every fault in one message, with file, line and suggestion."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from culturalign.config.cross_checks import Fault, joint_faults
from culturalign.config.root import Config
from culturalign.errors import UserError


def load(raw: Mapping[str, Any], files: Sequence[str | Path] = ()) -> Config:
    """Validate a configuration.

    Args:
        raw: Merged mapping, as Snakemake hands it over (mappings merged, lists replaced).
        files: The YAML files it was merged from, earliest first; used to name lines.

    Raises:
        UserError: Listing every fault, each with file and line where it stands in a file.
    """
    refuse_code(files)
    resolved, faults = resolve_like(raw)
    config, found = _validate(resolved)
    methods = raw["methods"] if isinstance(raw.get("methods"), Mapping) else {}
    faults += [fault for fault in found if not _inherited(fault, found, methods)]
    faults += joint_faults(resolved)
    if config is None or faults:
        raise UserError(_message(faults, files))
    return config


PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in (
    "map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge"
)}  # fmt: skip


def refuse_code(files: Sequence[str | Path]) -> None:
    """Refuse YAML that asks for more than data: tags such as ``!!python/...``, and templates.

    Raises:
        UserError: Naming file and line.
    """
    for file in map(Path, files):
        root = yaml.compose(file.read_text(encoding="utf-8"))
        for node in _nodes(root) if root is not None else ():
            where = f"{file}:{node.start_mark.line + 1}"
            if node.tag not in PLAIN_TAGS:
                raise UserError(
                    f"{where}: the YAML tag {node.tag!r} is not allowed; a configuration is plain "
                    "text, numbers, lists and mappings, so remove the tag"
                )
            if node.value == "__use_yte__":
                raise UserError(f"{where}: templates (__use_yte__) are not allowed; remove the key")


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """All nodes of a YAML document, each once; aliases may form circles."""
    queue, seen = [root], set()
    while queue:
        node = queue.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            queue += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            queue += node.value


def _validate(raw: Mapping[str, Any]) -> tuple[Config | None, list[Fault]]:
    """Validate; where keys are wrong, again without them, for the rules that join several keys."""
    try:
        return Config.model_validate(raw), []
    except ValidationError as invalid:
        faults = [_fault(problem) for problem in invalid.errors()]
    # Where a known key was wrong, its default takes over, which may break a joint rule itself.
    defaulted = [where for where, text in faults if not text.startswith(UNKNOWN)]
    try:
        Config.model_validate(_without(raw, [where for where, _ in faults]))
    except ValidationError as invalid:
        faults += [
            fault
            for fault in map(_fault, invalid.errors())
            if not any(where[: len(fault[0])] == fault[0] for where in defaulted)
        ]
    return None, faults


def _without(node: Any, places: Sequence[tuple[str, ...]]) -> Any:
    """A copy of nested mappings without the keys at some places."""
    if not isinstance(node, Mapping):
        return node
    inside = {key: [place[1:] for place in places if place[:1] == (str(key),)] for key in node}
    return {
        key: _without(value, inside[key]) for key, value in node.items() if () not in inside[key]
    }


def resolve_like(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Fill in methods that say ``like: other``: the other's settings, overlaid by their own.

    A control thereby follows every change of the method it controls for.

    Returns:
        The configuration without ``like``; and a fault for each method that names none or
        refers to itself in a circle. Such methods are left out.
    """
    methods = raw.get("methods")
    faults: list[Fault] = []
    if not isinstance(methods, Mapping):
        return dict(raw), []
    resolved = {}
    for name in methods:
        try:
            resolved[name] = _method(name, methods, ())
        except UserError as error:
            own = methods[name]["like"]
            unknown = not isinstance(own, str) or own not in methods
            blamed = unknown or name == _first_of_circle(name, methods)
            faults += [(("methods", str(name), "like"), str(error))] if blamed else []
    return {**raw, "methods": resolved}, faults


def _first_of_circle(name: str, methods: Mapping[str, Any]) -> str | None:
    """The first name, in alphabetical order, of the circle that a method stands in."""
    circle = [name]
    while isinstance(methods.get(circle[-1]), Mapping):
        following = methods[circle[-1]].get("like")
        if following == name:
            return min(circle)
        if not isinstance(following, str) or following in circle:
            return None
        circle.append(following)
    return None


def _method(name: str, methods: Mapping[str, Any], seen: tuple[str, ...]) -> Any:
    if name in seen:
        raise UserError(f"{' -> '.join([*seen, name])} is a circle")
    own = methods[name]
    if not isinstance(own, Mapping) or "like" not in own:
        return own
    if not isinstance(own["like"], str) or own["like"] not in methods:
        raise UserError(f"no method is called {own['like']!r}")
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
    return (("methods", str(node["like"]), *where[2:]), text) in faults


UNKNOWN = "no such key"


def _fault(problem: ErrorDetails) -> Fault:
    where = tuple(str(part) for part in problem["loc"])
    if where[:1] == ("methods",):  # the kind, third, stands in the location but not in the file
        where = (*where[:2], *where[3:])
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(where[-1], sorted(keys_under(where[:-1])), n=1)
        return where, UNKNOWN + (f"; did you mean {near[0]}?" if near else "")
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
    child = node.get("properties", {}).get(part) or node.get("items")  # of a mapping, of a list
    if child is None:
        patterns = list(node.get("patternProperties", {}).values())
        extra = node.get("additionalProperties")
        child = patterns[0] if patterns else extra if isinstance(extra, dict) else {}
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
                walk(value, (*where, str(index)))

    root = yaml.compose(path.read_text(encoding="utf-8"))
    if root is not None:
        walk(root, ())
    return lines
