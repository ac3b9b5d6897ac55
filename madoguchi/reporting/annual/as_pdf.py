"""The report as a PDF for print and screen: A4, tagged (PDF/UA-1), fonts embedded, set by typst.

The same report on the same day gives the same bytes. See docs/adr on typesetting.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from django.utils.translation import gettext as _

from madoguchi.japan.eras import format_date
from madoguchi.reporting.annual.errors import NotPrintable, PictureUnreadable
from madoguchi.reporting.annual.fonts import MISSING_SORT, Typefaces, typefaces
from madoguchi.reporting.annual.payload import payload
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.reporting.look import Look

_TEMPLATES = Path(__file__).parent / "typst"
_PICTURES = {".png", ".jpg", ".jpeg", ".svg", ".webp"}
# Typesetting breaks Japanese anywhere, but an address or a code of Latin letters nowhere.
_LONG_RUN = re.compile(r"[!-~]{21,}")
_STEP = 10
# typst drops what it laid out ten runs ago; 100 MB a report. Empty runs let it keep the last report alone.
_EMPTY_RUNS = 8


@dataclass(frozen=True)
class Printed:
    """The file, and the characters that no typeface here has: they are set as 〓."""

    content: bytes
    missing: tuple[str, ...] = ()


def as_pdf(report: AnnualReport, *, on: date, look: Look | None = None) -> Printed:
    """Set the report as it is printed on that day.

    Raises FontsMissing, PictureUnreadable and NotPrintable, each with what to do about it."""
    files, missing, faces = _files(report, on=on, look=look)
    content = _compiled(files, faces, format="pdf", pdf_standards=["ua-1"], timestamp=_midnight(on))
    return Printed(content, missing)


def as_images(report: AnnualReport, *, on: date, look: Look | None = None, ppi: int = 96) -> list[bytes]:
    """The pages as PNG images, in their order."""
    files, _missing, faces = _files(report, on=on, look=look)
    pages = _compiled(files, faces, format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _files(
    report: AnnualReport, *, on: date, look: Look | None
) -> tuple[dict[str, bytes], tuple[str, ...], Typefaces]:
    faces = typefaces()
    files = {path.name: path.read_bytes() for path in sorted(_TEMPLATES.glob("*.typ"))}
    data = payload(report)
    for number, picture in enumerate(_pictures(data)):
        path = Path(picture.pop("path"))
        picture["file"] = f"picture-{number}{path.suffix.lower()}"
        files[picture["file"]] = _picture(path)
    data |= {
        "issued": format_date(on),
        "look": asdict(look or Look()),
        "serif": [faces.serif, faces.sans],
        "sans": [faces.sans, faces.serif],
    }
    missing = tuple(sorted(faces.missing(json.dumps(data, ensure_ascii=False))))
    data = _settable(data, {ord(sign): MISSING_SORT for sign in missing})
    files["report.json"] = json.dumps(data, ensure_ascii=False).encode()
    return files, missing, faces


def _settable(value: Any, replacements: dict[int, str]) -> Any:
    """The data with 〓 for what cannot be set, and with places to break in long runs of Latin letters."""
    if isinstance(value, str):
        text = value.translate(replacements)
        return _LONG_RUN.sub(lambda run: "\u200b".join(_steps(run[0])), text)
    if isinstance(value, dict):
        return {key: _settable(item, replacements) for key, item in value.items()}
    return [_settable(item, replacements) for item in value] if isinstance(value, list | tuple) else value


def _steps(run: str) -> Iterator[str]:
    return (run[at : at + _STEP] for at in range(0, len(run), _STEP))


def _pictures(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for section in data["sections"]:
        for case in [*section["cases"], *(case for entry in section["entries"] for case in entry["cases"])]:
            yield from case["pictures"]


def _picture(path: Path) -> bytes:
    if path.suffix.lower() not in _PICTURES:
        raise PictureUnreadable(
            _("写真「%(name)s」は印刷できない種類です。PNG、JPEG、WebP、SVG にしてください。")
            % {"name": path.name}
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise PictureUnreadable(_("写真「%(name)s」を読み取れません。") % {"name": path.name}) from error


def _compiled(files: dict[str, bytes], faces: Typefaces, **options: Any) -> Any:
    # A folder and not typst's files in memory: those may only hold text.
    with TemporaryDirectory(prefix="madoguchi-report-") as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        try:
            made = typst.compile(
                Path(folder, "main.typ"),
                root=folder,
                font_paths=faces.fonts,
                ignore_system_fonts=True,
                **options,
            )
        except RuntimeError as error:
            raise NotPrintable(_("報告書を組めませんでした：%(why)s") % {"why": error}) from error
    for _run in range(_EMPTY_RUNS):
        typst.compile(b"", font_paths=faces.fonts, ignore_system_fonts=True)
    return made


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)
