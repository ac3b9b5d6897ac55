"""YAML with positions: every value knows its line, so that an error can name it."""

import re
from collections.abc import Iterator
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


# A file written by people stays far below these; one that does not would only take the machine's time.
MAX_BYTES = 1_000_000
MAX_DEPTH = 20

# Only null, true/false and whole numbers are special; dates, times and codes stay text.
# YAML 1.1 would read 08:30 as 510 and 020001 as an octal number.
_WHOLE = re.compile(r"0|[1-9]\d{0,17}")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class _Refused(Exception):
    """What makes reading on pointless: the line and the sentence."""


def read(path: Path) -> Parsed:
    """Read one YAML file; whatever is wrong with it is in `problems`, never raised."""
    parsed = Parsed(None)
    try:
        parsed.data = _Reading(_text(path), parsed).whole()
    except _Refused as refused:
        line, sentence = refused.args
        parsed.problems.append((line, "", sentence))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        parsed.problems.append((mark.line + 1 if mark else 1, "", f"YAML の書き方に誤りがあります: {what}"))
    return parsed


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _Refused(1, f"ファイルが大きすぎます（{MAX_BYTES:,} バイトまで）")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Refused(1, f"UTF-8 として読めません（{error.start} バイト目）") from error
    except OSError as error:
        raise _Refused(1, f"ファイルを読めません（{error.strerror}）") from error


class _Reading:
    """One pass over the parser's events. Composing nodes would follow aliases and nest without limit."""

    def __init__(self, text: str, parsed: Parsed) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._parsed = parsed

    def whole(self) -> Any:
        """The value of the file's only document; None for an empty file."""
        next(self._events)
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        value = self._value(next(self._events), ())
        next(self._events)
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _Refused(
                _line(event), "一つのファイルには、一つの文書だけ書いてください（--- は要りません）"
            )
        return value

    def _value(self, event: yaml.Event, position: Position) -> Any:
        self._parsed.lines[position] = _line(event)
        if len(position) > MAX_DEPTH:
            raise _Refused(_line(event), "入れ子が深すぎます")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(position)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(position)
        return self._scalar(event, position)

    def _sequence(self, position: Position) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            result.append(self._value(event, (*position, len(result))))
        return result

    def _mapping(self, position: Position) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused(_line(event), "項目の名前は、文字で書いてください")
            key = event.value
            if key in result:
                self._parsed.problems.append((_line(event), key, "同じ項目が二度書かれています"))
            result[key] = self._value(next(self._events), (*position, key))
            self._parsed.lines[*position, key] = _line(event)
        return result

    def _scalar(self, event: yaml.Event, position: Position) -> Any:
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(_line(event), "別名（*）は使えません。もう一度書いてください")
        text: str = event.value
        if _CONTROL.search(text):
            where = ".".join(str(part) for part in position)
            self._parsed.problems.append((_line(event), where, "目に見えない制御文字が入っています"))
        # implicit: (True, …) only for plain text without a tag; what is quoted stays text.
        if not event.implicit[0]:
            return text
        if _WHOLE.fullmatch(text):
            return int(text)
        return _WORDS.get(text, text)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1
