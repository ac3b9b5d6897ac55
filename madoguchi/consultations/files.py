"""What may be attached, told by the first bytes of a file and never by its name; names fit to be shown."""

import re
import unicodedata
from collections.abc import Mapping

_LONGEST_NAME = 120
# Characters that turn the direction of writing could make gnp.exe look like exe.png.
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"*:<>?|\\/]')
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
# Word, Excel and PowerPoint files are archives; which of them one is, is told by a name inside the archive.
# Nothing is ever unpacked here: an archive that swells to gigabytes stays as small as it was sent.
_ARCHIVE = b"PK\x03\x04"
_IN_ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"word/", _OFFICE + "wordprocessingml.document"),
    (b"xl/", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", _OFFICE + "presentationml.presentation"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_TYPES: Mapping[str, str] = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "jtd": "application/x-js-taro",
}
_HEIF = re.compile(rb"....ftyp(?:heic|heix|mif1|msf1)", re.DOTALL)
_TEXTS: Mapping[str, str] = {"txt": "text/plain", "csv": "text/csv"}
_CENTRAL_DIRECTORY = b"PK\x01\x02"
# How a file of each kind may end; the first is what is put behind a name that ends otherwise.
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/heif": ("heic", "heif", "hif"),
    _OFFICE + "wordprocessingml.document": ("docx", "dotx"),
    _OFFICE + "spreadsheetml.sheet": ("xlsx", "xltx"),
    _OFFICE + "presentationml.presentation": ("pptx", "potx", "ppsx"),
}


def media_type_of(name: str, content: bytes) -> str | None:
    """The media type of a file's content, or None for what is not taken.

    Taken are PDF, pictures, Word, Excel, PowerPoint, Ichitaro, and plain text under .txt or .csv.
    """
    for start, media_type in _STARTS:
        if content.startswith(start):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if _HEIF.match(content):
        return "image/heif"
    extension = name.rpartition(".")[2].lower()
    if content.startswith(_OLD_OFFICE):
        return _OLD_TYPES.get(extension)
    if content.startswith(_ARCHIVE):
        return _office_type(content)
    return _TEXTS.get(extension) if _is_text(content) else None


def named_as(name: str, media_type: str) -> str:
    """The name with an ending that fits what the file is: a picture called x.html opens as a page."""
    endings = _ENDINGS.get(media_type)
    if endings is None or name.rpartition(".")[2].lower() in endings:
        return name
    return clean_name(f"{name}.{endings[0]}")


def _office_type(content: bytes) -> str | None:
    """Which office file an archive is, by the names in its table of contents; None for any other archive."""
    names = content[content.find(_CENTRAL_DIRECTORY) :]
    if b"[Content_Types].xml" not in names or b"vbaProject.bin" in names:
        return None  # macros are not taken
    return next((media_type for part, media_type in _IN_ARCHIVES if part in names), None)


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def clean_name(name: str) -> str:
    """A name fit to be shown and offered: without folders, marks of direction and control characters.

    A long name keeps its ending; one of which nothing is left becomes `file`.
    """
    told = unicodedata.normalize("NFC", _DIRECTIONS.sub("", name))
    told = re.split(r"[\\/]", told)[-1]
    told = _NOT_IN_NAMES.sub("", told).strip(". ")
    if len(told) > _LONGEST_NAME:
        stem, dot, ending = told.rpartition(".")
        ending = (dot + ending)[:20] if stem else ""
        told = (stem or told)[: _LONGEST_NAME - len(ending)] + ending
    return told or "file"
