"""Reading a file: what it is shows in its first bytes, never in its name."""

import hashlib
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError
from madoguchi.importers.documents import pdf_files, text_files
from madoguchi.importers.documents.lines import Document, Line

_LARGEST = 100_000_000


class UnreadableDocumentError(DomainError):
    """The file is no PDF and no text, is broken, or holds no text."""

    code = "unreadable_document"
    sentence = _("このファイルから文字を読み取れませんでした。PDF かテキストのファイルをお使いください。")


def read(path: Path) -> Document:
    """Return the lines of a PDF or text file; raises `UnreadableDocumentError`, or OSError from the disk."""
    if path.stat().st_size > _LARGEST:
        raise UnreadableDocumentError(_("ファイルが大きすぎます。100MBまで読み取れます。"))
    return read_bytes(path.name, path.read_bytes())


def read_bytes(name: str, content: bytes) -> Document:
    """Return the lines of a file that is in memory; raises `UnreadableDocumentError`."""
    lines = (
        _pdf(content) if content[:1024].lstrip().startswith(b"%PDF") else text_files.lines_of(_text(content))
    )
    if not lines:
        raise UnreadableDocumentError
    return Document(name, hashlib.sha256(content).hexdigest(), lines)


def _pdf(content: bytes) -> tuple[Line, ...]:
    try:
        return pdf_files.lines_of(content)
    except Exception as error:  # the library has no common class for what a broken file makes it raise
        raise UnreadableDocumentError from error


def _text(content: bytes) -> str:
    """Text in UTF-8, in UTF-16 with its mark, or in the Windows code page of Japan."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableDocumentError
