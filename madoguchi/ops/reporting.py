"""`madoguchi report YEAR`, `madoguchi year open YEAR`: the annual report, and how the next one begins."""

import argparse
import sys
from datetime import date
from pathlib import Path

from madoguchi.foundation import clock, files
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import DomainError
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.annual.collect import collect
from madoguchi.reporting.annual.render import Kind, render
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.results.operations import years
from madoguchi.results.queries import programmes_without_edition
from madoguchi.web.portal import annual

_STANDARD_OUTPUT = "-"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    report = commands.add_parser("report", help="年次報告を作ります")
    report.add_argument("year", metavar="YEAR", type=_year, help="年度（例: 2023、令和5年度）")
    report.add_argument("--format", choices=tuple(Kind), default=Kind.JSON, type=Kind)
    report.add_argument("--out", metavar="FILE", default=_STANDARD_OUTPUT, help="書く先（- は標準出力）")
    report.set_defaults(run=_report)
    year = commands.add_parser("year", help="年次報告の年度")
    actions = year.add_subparsers(metavar="ACTION", required=True)
    begin = actions.add_parser("open", help="前の年度の事業・一覧・指標を引き継いで、入力をはじめます")
    begin.add_argument("year", metavar="YEAR", type=_year, help="年度（例: 2024、令和6年度）")
    begin.add_argument("--deadline", metavar="DATE", type=date.fromisoformat, help="締切（例: 2025-05-30）")
    begin.set_defaults(run=_open)


def _year(text: str) -> int:
    try:
        return FiscalYear.parse(text).start_year
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _report(arguments: argparse.Namespace) -> int:
    """The file that the portal offers of a public year; of one that is prepared the draft, for its makers."""
    working = collect(arguments.year)
    if working is None:
        label = FiscalYear(arguments.year).label
        print(
            f"{label}の事業の一覧がありません。先に地域パックを読み込むか、年度をはじめてください。",
            file=sys.stderr,
        )
        return 1
    try:
        content = _content(working, arguments.format)
    except DomainError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.out == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        return 0
    files.write_atomically(Path(arguments.out), content)
    print(f"書きました: {arguments.out}")
    for sentence in working.warnings:
        print(f"確かめてください: {sentence}", file=sys.stderr)
    return 0


def _content(working: AnnualReport, kind: Kind) -> bytes:
    public = annual.public_report(working.fiscal_year)
    if public is not None:
        return annual.file_of(public, kind).content
    return render(working, kind, on=clock.today(), look=annual.look())


def _open(arguments: argparse.Namespace) -> int:
    try:
        year = years.open_year(
            fiscal_year=arguments.year, deadline_on=arguments.deadline, at=clock.actual_now(), by=SYSTEM
        )
    except DomainError as error:
        print(error, file=sys.stderr)
        return 1
    label = FiscalYear(year.fiscal_year).label
    print(f"{label}の入力をはじめました。{year.returns.count():,}の課に、入力をお願いしています。")
    waiting = programmes_without_edition(year.fiscal_year)
    if waiting:
        print(f"支援制度の年度版は引き継ぎません。{label}の年度版がまだない支援制度: {len(waiting):,}")
        print(*(f"- {programme.name}" for programme in waiting), sep="\n")
    return 0
