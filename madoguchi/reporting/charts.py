"""Charts drawn on the server as SVG: text beside every bar and point, a title and a description inside.

Colour is never the only sign: this year is darker and bold, lines differ in dash and mark, values are
written out. A page shows the table beside the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

from madoguchi.foundation.sheets import CONTROL
from madoguchi.reporting.look import Look

_WIDTH, _LABEL, _VALUE, _STEP = 720, 210, 130, 34
_INK, _MUTE, _GRID = "#161616", "#4a4a4a", "#8a8a8a"


@dataclass(frozen=True)
class Bar:
    """A named amount with the text that stands beside its bar; `href` leads to where it comes from."""

    name: str
    amount: int | Decimal | None
    shown: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """A row of values over the years; None where nothing was measured, which is a gap and not a zero."""

    name: str
    values: Sequence[int | Decimal | None]


def bars(title: str, rows: Sequence[Bar], *, key: str, look: Look | None = None) -> str:
    """Horizontal bars from zero at the left, as for the budget by policy. `key` makes the ids unique."""
    colours = look or Look()
    longest = max((row.amount or 0 for row in rows), default=0)
    drawn = [_bar(row, number, longest, colours.key) for number, row in enumerate(rows)]
    told = "、".join(f"{row.name} {row.shown}" for row in rows)
    return _svg(title, told, "".join(drawn), height=_STEP * max(1, len(rows)) + 12, key=key)


def two_years(
    title: str, before: Bar, now: Bar, *, key: str, look: Look | None = None, said: str = ""
) -> str:
    """An indicator of two years: the year before pale, this year dark and bold. `said` tells the change."""
    colours = look or Look()
    longest = max(before.amount or 0, now.amount or 0)
    drawn = _bar(before, 0, longest, colours.key_line) + _bar(now, 1, longest, colours.key, is_bold=True)
    told = f"{before.name} {before.shown}、{now.name} {now.shown}。{said}"
    return _svg(title, told, drawn, height=_STEP * 2 + 12, key=key)


def over_years(
    title: str,
    years: Sequence[str],
    lines: Sequence[Line],
    *,
    key: str,
    unit: str = "",
    look: Look | None = None,
) -> str:
    """Lines over the years with their values written at the points."""
    colours = look or Look()
    top = max((value for line in lines for value in line.values if value is not None), default=0)
    grid = "".join(
        f'<text x="{_x(n, len(years))}" y="262" text-anchor="middle" fill="{_MUTE}">{_text(year)}</text>'
        for n, year in enumerate(years)
    )
    grid = f'<path d="M60 236H{_WIDTH - 20}" stroke="{_GRID}" fill="none"/>' + grid
    drawn = [_line(line, number, top, colours) for number, line in enumerate(lines)]
    told = "。".join(
        f"{line.name}："
        + "、".join(f"{year} {_amount(value)}{unit}" for year, value in zip(years, line.values, strict=True))
        for line in lines
    )
    return _svg(title, told, grid + "".join(drawn), height=272 + 22 * len(lines), key=key)


def _bar(row: Bar, number: int, longest: int | Decimal, fill: str, *, is_bold: bool = False) -> str:
    y = 8 + _STEP * number
    room = _WIDTH - _LABEL - _VALUE
    length = int((row.amount or 0) * room // longest) if longest > 0 and (row.amount or 0) > 0 else 0
    length = max(2, length) if row.amount else 0
    weight = ' font-weight="700"' if is_bold else ""
    name = _text(_shortened(row.name))
    label = f'<text x="{_LABEL - 10}" y="{y + 17}" text-anchor="end" fill="{_INK}">{name}</text>'
    if row.href:
        label = f'<a href="{_attribute(row.href)}">{label}</a>'
    return (
        f'{label}<rect x="{_LABEL}" y="{y}" width="{length}" height="24" fill="{fill}"/>'
        f'<text x="{_LABEL + length + 8}" y="{y + 17}" fill="{_INK}"{weight}>{_text(row.shown)}</text>'
    )


_DASHES = ("", "8 4", "2 4", "12 4 2 4")
_MARKS = ("M-5-5H5V5H-5Z", "M0-6L6 5H-6Z", "M0-6L6 0L0 6L-6 0Z", "M-5-1H-1V-5H1V-1H5V1H1V5H-1V1H-5Z")


def _line(line: Line, number: int, top: int | Decimal, look: Look) -> str:
    colour = (look.key, look.accent, _MUTE, look.key_strong)[number % 4]
    count = len(line.values)
    points = [
        (_x(n, count), 236 - (int(value * 200 // top) if top > 0 else 0), value)
        for n, value in enumerate(line.values)
        if value is not None
    ]
    path = "".join(
        f"{'M' if n == 0 or _x_gap(points[n - 1][0], x, count) else 'L'}{x} {y}"
        for n, (x, y, _) in enumerate(points)
    )
    dash = f' stroke-dasharray="{_DASHES[number % 4]}"' if _DASHES[number % 4] else ""
    drawn = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>' if path else ""
    for x, y, value in points:
        drawn += f'<path d="{_MARKS[number % 4]}" transform="translate({x} {y})" fill="{colour}"/>'
        drawn += f'<text x="{x}" y="{y - 10}" text-anchor="middle" fill="{_INK}">{_amount(value)}</text>'
    y = 284 + 22 * number
    drawn += f'<path d="M60 {y}H100" stroke="{colour}" stroke-width="2.5"{dash}/>'
    drawn += f'<path d="{_MARKS[number % 4]}" transform="translate(80 {y})" fill="{colour}"/>'
    return drawn + f'<text x="110" y="{y + 5}" fill="{_INK}">{_text(line.name)}</text>'


def _x(number: int, count: int) -> int:
    return 110 + (number * (_WIDTH - 200) // max(1, count - 1) if count > 1 else 0)


def _x_gap(before: int, now: int, count: int) -> bool:
    """Whether a year without a value lies between two points."""
    return now - before > _x(1, count) - _x(0, count) + 1


def _svg(title: str, told: str, drawn: str, *, height: int, key: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="{_attribute(key)}-title {_attribute(key)}-told" font-size="14">'
        f'<title id="{_attribute(key)}-title">{_text(title)}</title>'
        f'<desc id="{_attribute(key)}-told">{_text(told)}</desc>{drawn}</svg>'
    )


def _amount(value: int | Decimal | None) -> str:
    return "測定なし" if value is None else f"{value:,}"


def _shortened(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"


def _text(text: str) -> str:
    return escape(CONTROL.sub("", text))


def _attribute(text: str) -> str:
    return escape(CONTROL.sub("", text), {'"': "&quot;"})
