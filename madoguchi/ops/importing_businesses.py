"""`madoguchi import businesses`: a list of an organisation's businesses, from CSV or Excel."""

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

_SHOWN = 20


def run(arguments: argparse.Namespace) -> int:
    """Take a list in, or show what would happen; the exit code."""
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
