"""A made-up report as drafts, and short ways to decide on them."""

from datetime import UTC, datetime
from functools import cache

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.roles import Role
from madoguchi.foundation.audit import SYSTEM
from madoguchi.results.models import ReportYear
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument
from madoguchi.reviewing.operations.deciding import decide
from madoguchi.reviewing.operations.keeping import Kept, keep
from madoguchi.reviewing.plans import Plan
from madoguchi.reviewing.reading import plan_of_file
from madoguchi.reviewing.states import FieldState
from tests.accounts.people import a_hat, an_organisation
from tests.factories import a_policy, a_unit
from tests.importers.reports import PLACE

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
YEAR = 2022


@cache
def plan(name: str = "tsubame") -> Plan:
    """What one of the made-up documents is to be kept as."""
    return plan_of_file(f"{name}.txt", (PLACE / f"{name}.txt").read_bytes())


def kept(name: str = "tsubame", **changes) -> Kept:
    """Keep it as the command does."""
    return keep(**({"plan": plan(name), "at": AT, "by": SYSTEM} | changes))


def a_document(name: str = "tsubame") -> ImportedDocument:
    return kept(name).document


def a_secretariat(**year) -> Hat:
    """Somebody of the unit that keeps the reports together; the policies of the made-up report are there."""
    office = an_organisation("県", kind="prefecture")
    desk = a_unit("secretariat", office)
    ReportYear.objects.create(**({"fiscal_year": 2025, "secretariat": desk} | year))
    a_policy("p1", mark="Ⅰ")
    a_policy("p2", mark="Ⅱ")
    return a_hat(at=AT, organisation=office, role=Role.OFFICER, unit=desk)


def record(document: ImportedDocument, path: str) -> DraftRecord:
    return document.records.get(path=path)


def field(document: ImportedDocument, path: str, what: str, **about) -> DraftField:
    return DraftField.objects.get(record__document=document, record__path=path, what=what, **about)


def accept_all(row: DraftRecord, hat: Hat) -> None:
    """Accept each field of a record that is open."""
    for each in row.fields.filter(state=FieldState.OPEN):
        decide(field=each, to=FieldState.ACCEPTED, version=each.version, hat=hat, at=AT)
