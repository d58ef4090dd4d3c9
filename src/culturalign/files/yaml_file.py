"""YAML files as plain data, every surprise of YAML 1.1 named with its file and line."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from culturalign.errors import UserError
from culturalign.files.text_files import read_text

PREFIX = "tag:yaml.org,2002:"
PLAIN = {"map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge"}
EXPONENT = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)[eE][-+]?\d+")
OTHER_BASE = re.compile(r"[-+]?0[0-7_]+|[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?")
"""Octal, and to the base of 60: 010 is 8, 12:30 is 750."""
OPEN = {
    "while parsing a flow sequence", "while parsing a flow mapping",
    "while scanning a quoted scalar", "while scanning a simple key",
}  # fmt: skip
NO_MAPPING = "mapping values are not allowed here"
"""PyYAML's words. It names the line where it stops, which may be after that of the mistake."""
Place = tuple[str, ...]
"""The keys that lead to a value."""


class Surprise(NamedTuple):
    """Something that YAML reads otherwise than it looks.

    Attributes:
        where: Its place.
        line: From 1.
        text: What is wrong, and the remedy.
        certain: Whether it is never meant; ``no`` may be, where a truth value is.
        of_key: Whether the key is wrong, whatever its value.
    """

    where: Place
    line: int
    text: str
    certain: bool = True
    of_key: bool = False


class Document(NamedTuple):
    """A file: content, line (from 1) of every key and list item, surprises in order."""

    content: Any
    lines: dict[Place, int]
    surprises: list[Surprise]


def read_document(path: Path, setting: str = "its path") -> Document:
    """Read a YAML file.

    Args:
        path: UTF-8, with or without a byte order mark.
        setting: The setting that names it, for errors.

    Raises:
        UserError: If the file is missing, not UTF-8, or malformed, or asks for more than data:
            tags such as ``!!python/...``, templates.
    """
    text = read_text(path, setting)
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        document = Document(None, {}, [])
        if not root:
            return document
        _walk(root, path, document)
        return document._replace(content=loader.construct_document(root))
    except yaml.YAMLError as bad:
        raise _malformed(path, text, bad) from None
    except (ValueError, RecursionError) as bad:  # a date or number out of range, lists too deep
        why = " ".join(str(bad).split())[:100]
        raise UserError(f"{path}: not valid YAML ({why}); correct the file") from None


def read_plain(path: Path, setting: str = "its path") -> Any:
    """Content of a YAML file that no schema validates: ``no`` is a surprise there too.

    Raises:
        UserError: See :func:`read_document`; or naming the first surprise.
    """
    document = read_document(path, setting)
    for surprise in document.surprises:
        raise UserError(f"{path}:{surprise.line}: {'.'.join(surprise.where)}: {surprise.text}")
    return document.content


def hint(value: Any, fault: str) -> str:
    """What to say of a value that YAML may have read otherwise than it looks, or nothing.

    Args:
        value: As read.
        fault: Type of pydantic's error.
    """
    if isinstance(value, bool) and fault in ("string_type", "literal_error"):
        words = "yes, on, and true" if value else "no, off, and false"
        return f"; YAML reads {words} as {str(value).lower()}: put text in quotes"
    if isinstance(value, str) and EXPONENT.fullmatch(value):
        return f"; YAML reads {value} as text, write {_with_point(value)}"
    if isinstance(value, date):
        return "; YAML reads it as a date: put text in quotes"
    return ""


def _with_point(number: str) -> str:
    """1.0e-5 for 1e-5; YAML 1.1 wants a point, and a sign in the exponent."""
    digits, exponent = re.split("[eE]", number)
    sign = "" if exponent[0] in "+-" else "+"
    return f"{digits if '.' in digits else digits + '.0'}e{sign}{exponent}"


def _malformed(path: Path, text: str, bad: yaml.YAMLError) -> UserError:
    begun = None
    if isinstance(bad, yaml.MarkedYAMLError):
        mark = bad.problem_mark or bad.context_mark
        line, why = (mark.line + 1 if mark else 1), bad.problem or bad.context
        begun = _begun(text, bad)
    else:
        position = getattr(bad, "position", 0)
        line, why = text.count("\n", 0, position) + 1, getattr(bad, "reason", "")
    why = " ".join((why or "unreadable").split())[:100]
    if begun and begun < line:
        why += f"; the part being read starts in line {begun}"
    return UserError(f"{path}:{line}: not valid YAML ({why}); correct the file")


def _begun(text: str, bad: yaml.MarkedYAMLError) -> int | None:
    """Line from which YAML read on to the fault, where the mistake may be: an open bracket or
    quote, a key or value without its colon; None elsewhere."""
    if bad.context in OPEN and bad.context_mark:
        return bad.context_mark.line + 1
    if bad.problem != NO_MAPPING or not bad.problem_mark:
        return None
    lines = text.splitlines()
    before, here = lines[: bad.problem_mark.line], lines[bad.problem_mark.line]
    if ": " in here[: bad.problem_mark.column]:  # the second on this line
        return None
    filled = [number for number, line in enumerate(before, start=1) if line.strip()]
    return filled[-1] if filled else None


def _walk(root: yaml.Node, path: Path, document: Document) -> None:
    """Add lines and surprises of a document."""
    queue: list[tuple[yaml.Node, Place]] = [(root, ())]
    seen = set[int]()
    while queue:
        node, where = queue.pop()
        _refuse_code(node, path)
        if id(node) in seen:  # aliases may form circles
            continue
        seen.add(id(node))
        inside: list[tuple[str, yaml.Node, yaml.Node]] = []
        if isinstance(node, yaml.MappingNode):
            inside = [(str(key.value), key, value) for key, value in node.value]
            document.surprises.extend(_of_keys(node, where))
        elif isinstance(node, yaml.SequenceNode):
            inside = [(str(index), item, item) for index, item in enumerate(node.value)]
        for name, mark, value in inside:
            document.lines.setdefault((*where, name), mark.start_mark.line + 1)
            document.surprises.extend(_of_value(value, (*where, name)))
            queue += [(mark, where), (value, (*where, name))]
    document.surprises.sort(key=lambda surprise: surprise.line)


def _refuse_code(node: yaml.Node, path: Path) -> None:
    where = f"{path}:{node.start_mark.line + 1}"
    if node.tag.removeprefix(PREFIX) not in PLAIN:
        raise UserError(
            f"{where}: the YAML tag {node.tag!r} is not allowed; a configuration is plain text, "
            "numbers, lists and mappings, so remove the tag"
        )
    if node.value == "__use_yte__":
        raise UserError(f"{where}: templates (__use_yte__) are not allowed; remove the key")


def _of_keys(node: yaml.MappingNode, where: Place) -> Iterator[Surprise]:
    """Keys given twice, and those that are neither text nor whole numbers."""
    first: dict[tuple[str, str], int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        kind = key.tag.removeprefix(PREFIX)
        if before := first.get((kind, name)):
            text = f"the key is there twice, first in line {before}; YAML keeps the last, so "
            yield Surprise((*where, name), line, text + "remove one", of_key=True)
        first.setdefault((kind, name), line)
        if kind not in ("str", "int", "merge") or (kind == "int" and OTHER_BASE.fullmatch(name)):
            shown = name if isinstance(key, yaml.ScalarNode) else f"a {kind}"
            text = f"YAML does not read the key {shown or 'nothing'} as text; put it in quotes"
            yield Surprise((*where, name), line, text, of_key=True)


def _of_value(node: yaml.Node, where: Place) -> Iterator[Surprise]:
    """Values without quotes that are not what they look like."""
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return
    kind, value, line = node.tag.removeprefix(PREFIX), str(node.value), node.start_mark.line + 1
    if kind == "str" and EXPONENT.fullmatch(value):
        text = f"YAML reads {value} as text; write {_with_point(value)}, or put text in quotes"
        yield Surprise(where, line, text)
    elif kind in ("int", "float") and OTHER_BASE.fullmatch(value):
        text = f"YAML reads {value} to another base, as {yaml.safe_load(value)}; put text in quotes"
        yield Surprise(where, line, text + ", or write the number in digits")
    elif kind == "timestamp":
        yield Surprise(where, line, f"YAML reads {value} as a date; put it in quotes")
    elif kind == "bool" and value.casefold() not in ("true", "false"):
        truth = str(yaml.safe_load(value)).lower()
        text = f"YAML reads {value} as {truth}; put it in quotes, or write {truth}"
        yield Surprise(where, line, text, certain=False)
