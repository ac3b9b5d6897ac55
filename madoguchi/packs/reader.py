"""YAML with positions: every value knows its line, so that an error can name it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Position = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a pack: where it stands and what to do about it."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


@dataclass
class Parsed:
    """A file's data and the line of each value, by its path of keys and indexes."""

    data: Any
    lines: dict[Position, int] = field(default_factory=dict)
    problems: list[tuple[int, str, str]] = field(default_factory=list)

    def line_of(self, position: Position) -> int:
        """The line of a value, or of the nearest thing around it that is written in the file."""
        while position and position not in self.lines:
            position = position[:-1]
        return self.lines.get(position, 1)


class _Loader(yaml.CSafeLoader):
    """Only null, true/false and whole numbers are special; dates, times and codes stay text.

    YAML 1.1 would read 08:30 as 510 and 020001 as an octal number."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(0|[1-9]\d*)$"), list("0123456789"))


def read(path: Path) -> Parsed:
    """Read one YAML file; syntax errors and repeated keys are in `problems`, never raised."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return Parsed(None, {}, [(1, "", f"UTF-8 として読めません（{error.start} バイト目）")])
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        return Parsed(
            None, {}, [(mark.line + 1 if mark else 1, "", f"YAML の書き方に誤りがあります: {what}")]
        )
    parsed = Parsed(None)
    if node is not None:
        parsed.data = _value(node, (), parsed)
    return parsed


def _value(node: yaml.Node, position: Position, parsed: Parsed) -> Any:
    parsed.lines[position] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, position, parsed)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*position, index), parsed) for index, child in enumerate(node.value)]
    text: str = node.value
    match node.tag.rsplit(":", 1)[-1]:
        case "null":
            return None
        case "bool":
            return text == "true"
        case "int":
            return int(text)
        case _:
            return text


def _mapping(node: yaml.MappingNode, position: Position, parsed: Parsed) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            parsed.problems.append((key_node.start_mark.line + 1, key, "同じ項目が二度書かれています"))
        result[key] = _value(value_node, (*position, key), parsed)
        parsed.lines[*position, key] = key_node.start_mark.line + 1
    return result
