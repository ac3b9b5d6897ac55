"""The region's colours, for paper and for pictures that are drawn on the server."""

import re
from dataclasses import dataclass, fields
from typing import Self

_COLOUR = re.compile(r"--region-(key-strong|key-soft|key-line|key|accent|paper):\s*(#[0-9a-fA-F]{6})\b")


@dataclass(frozen=True)
class Look:
    """Six colours as #rrggbb; without a region those of the design tokens."""

    key: str = "#00316a"
    key_strong: str = "#00204a"
    key_soft: str = "#e8f1fe"
    key_line: str = "#b5c9e0"
    accent: str = "#a82043"
    paper: str = "#f6f5f1"

    @classmethod
    def from_styles(cls, styles: str) -> Self:
        """The colours that a region's style sheet sets; what it leaves out stays."""
        known = {field.name for field in fields(cls)}
        found = {name.replace("-", "_"): value for name, value in _COLOUR.findall(styles)}
        return cls(**{name: value for name, value in found.items() if name in known})
