"""HTML of others as lines of plain text: no tag, no script, no address survives."""

import re
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_DROPPED = frozenset({"script", "style", "iframe", "object", "noscript", "template", "svg"})
_CELLS = frozenset({"td", "th"})
# A cell of a table is parted from the next by a wide space, as the portal's own lines are.
_GAP = "\u3000"
_MOST = 1_000_000


class _Reader(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where a browser would; what is no text is dropped until its end."""
        self._dropping += tag in _DROPPED
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line or a cell."""
        if tag in _DROPPED:
            self._dropping = max(0, self._dropping - 1)
        elif tag in _BREAKS or tag in _CELLS:
            self.parts.append("\n" if tag in _BREAKS else _GAP)

    def handle_data(self, data: str) -> None:
        """Keep text."""
        if not self._dropping:
            self.parts.append(data)


def lines_of(source: str) -> list[str]:
    """The lines of a text in HTML that are not empty, with the space in them made one."""
    reader = _Reader()
    reader.feed(source[:_MOST])
    reader.close()
    lines = (re.sub(r"[ \t\r\f\v\u00a0]+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return [line for line in lines if line.strip(_GAP)]
