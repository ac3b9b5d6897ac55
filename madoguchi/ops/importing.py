"""`madoguchi import`: lists of an organisation and documents, taken in by whoever runs the site."""

import argparse
import sys
from pathlib import Path

from madoguchi.businesses.importing import planning, sheets
from madoguchi.businesses.operations.importing import take_in
from madoguchi.foundation import clock, tables
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.sheets import csv_file, xlsx_file
from madoguchi.institutions.models import Organisation
from madoguchi.ops import importing_documents

_SHOWN = 20


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    into = commands.add_parser("import", help="名簿や文書を取り込みます")
    kinds = into.add_subparsers(metavar="KIND", required=True)
    businesses = kinds.add_parser("businesses", help="事業者の名簿（CSV か Excel）")
    businesses.add_argument("file", metavar="FILE", type=Path)
    businesses.add_argument("--organisation", metavar="SLUG", required=True, help="名簿を持つ機関")
    businesses.add_argument("--preview", action="store_true", help="どうなるかを示すだけで、書きません")
    businesses.add_argument(
        "--errors", metavar="CSV", type=Path, help="直すところの一覧を書く先（.csv か .xlsx）"
    )
    businesses.set_defaults(run=_import)
    importing_documents.add_kinds(kinds)


def _import(arguments: argparse.Namespace) -> int:
    organisation = Organisation.objects.filter(slug=arguments.organisation).first()
    if organisation is None:
        print(f"機関「{arguments.organisation}」がありません。", file=sys.stderr)
        return 2
    try:
        table = tables.read(arguments.file.name, arguments.file.read_bytes())
        plan = planning.plan(table, organisation_id=organisation.pk)
        _show(plan, arguments.errors)
        if arguments.preview:
            return 1 if plan.mistakes else 0
        take_in(plan=plan, organisation_id=organisation.pk, at=clock.actual_now(), by=SYSTEM)
    except DomainError as error:
        print(error, file=sys.stderr)
        return 1
    print("取り込みました。")
    return 0


def _show(plan: planning.Plan, errors: Path | None) -> None:
    for outcome, count in plan.counts.items():
        if count:
            print(f"{sheets.OUTCOME_WORDS[outcome]}: {count:,} 行")
    if plan.columns.unknown:
        print(f"使わない列: {'、'.join(plan.columns.unknown)}")
    for mistake in plan.mistakes[:_SHOWN]:
        print(
            f"{mistake.row} 行目「{mistake.heading}」: {mistake.sentence}（{mistake.typed}）", file=sys.stderr
        )
    if errors is not None:
        head, rows = sheets.head(), sheets.to_mend(plan)
        is_sheet = errors.suffix.lower() == ".xlsx"
        content = xlsx_file("直すところ", head, rows) if is_sheet else "".join(csv_file(head, rows)).encode()
        errors.write_bytes(content)
