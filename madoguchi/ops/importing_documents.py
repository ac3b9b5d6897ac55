"""`madoguchi import annual-report|guidebook FILE`: what stands in a document of the last years."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from madoguchi.foundation.errors import DomainError
from madoguchi.importers.annual_report import layout as layouts
from madoguchi.importers.annual_report.as_json import as_json as report_as_json
from madoguchi.importers.annual_report.reading import read_report
from madoguchi.importers.annual_report.summary import summary as report_summary
from madoguchi.importers.documents.lines import Document
from madoguchi.importers.documents.reading import read
from madoguchi.importers.guidebook.as_json import as_json as guide_as_json
from madoguchi.importers.guidebook.reading import read_guidebook
from madoguchi.importers.guidebook.summary import summary as guide_summary
from madoguchi.importers.kinds import DocumentKind, kind_of
from madoguchi.ops.packing import BUILT_IN_PACKS

_WORDS = {DocumentKind.ANNUAL_REPORT: "年次報告書", DocumentKind.GUIDEBOOK: "支援制度の手引き"}
_COMMANDS = {DocumentKind.ANNUAL_REPORT: "annual-report", DocumentKind.GUIDEBOOK: "guidebook"}
_HELP = {
    DocumentKind.ANNUAL_REPORT: "年次報告書（PDF かテキスト）を読み、下書きにします",
    DocumentKind.GUIDEBOOK: "支援制度の手引き（PDF かテキスト）を読み、下書きにします",
}


def add_kinds(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the kinds of documents."""
    for kind, run in ((DocumentKind.ANNUAL_REPORT, _report), (DocumentKind.GUIDEBOOK, _guidebook)):
        parser = kinds.add_parser(_COMMANDS[kind], help=_HELP[kind])
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--format", choices=("text", "json"), default="text")
        if kind is DocumentKind.ANNUAL_REPORT:
            parser.add_argument(
                "--layout", metavar="YAML", type=Path, help="レイアウトの定義（省くと文書から見分けます）"
            )
        parser.set_defaults(run=_command(kind, run))


def _command(
    kind: DocumentKind, run: Callable[[Document, argparse.Namespace], None]
) -> Callable[[argparse.Namespace], int]:
    def command(arguments: argparse.Namespace) -> int:
        if not arguments.file.is_file():
            print(f"ファイル「{arguments.file}」がありません。", file=sys.stderr)
            return 2
        try:
            document = read(arguments.file)
            if not _is_expected(document, kind):
                return 1
            run(document, arguments)
        except DomainError as error:
            print(error, file=sys.stderr)
            return 1
        return 0

    return command


def _is_expected(document: Document, kind: DocumentKind) -> bool:
    """Say so when the file is of the other kind; one that shows no kind is tried all the same."""
    seen = kind_of(document)
    if seen is None or seen is kind:
        return True
    print(
        f"このファイルは{_WORDS[seen]}のようです。madoguchi import {_COMMANDS[seen]} をお使いください。",
        file=sys.stderr,
    )
    return False


def _report(document: Document, arguments: argparse.Namespace) -> None:
    layout = (
        layouts.load(arguments.layout)
        if arguments.layout
        else layouts.choose(document, BUILT_IN_PACKS.glob("*/layouts/*.yaml"))
    )
    draft = read_report(document, layout)
    _show(arguments.format, report_as_json(draft), report_summary(draft))


def _guidebook(document: Document, arguments: argparse.Namespace) -> None:
    draft = read_guidebook(document)
    _show(arguments.format, guide_as_json(draft), guide_summary(draft))


def _show(wanted: str, data: dict[str, Any], lines: Iterable[str]) -> None:
    if wanted == "json":
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in lines:
        print(line)
    print("まだ何も公開していません。下書きを確かめてからお使いください。")
