"""Reads: who reviews documents, and what there is to review."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from madoguchi.accounts.hats import Hat
from madoguchi.institutions.kinds import OrganisationKind
from madoguchi.institutions.models import Organisation
from madoguchi.results.errors import NotAllowed
from madoguchi.results.models import ReportYear
from madoguchi.results.queries.standing import is_secretariat
from madoguchi.results.rules import NOT_THE_SECRETARIAT
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument, SourceLine
from madoguchi.reviewing.states import FieldState

# Beside the lines of a record stand a few of what is around it.
AROUND = 2

_OPEN = Q(fields__state=FieldState.OPEN)


def may_review(hat: Hat) -> bool:
    """Whether somebody reviews what was read out of documents: those who keep the newest report together.

    While no report has a secretariat, it is the prefecture's own people who write results."""
    if not hat.may("results.write"):
        return False
    years = ReportYear.objects.select_related("secretariat").exclude(secretariat=None)
    newest = years.order_by("-fiscal_year", "pk").first()
    if newest is not None:
        return is_secretariat(hat, newest)
    prefecture = Organisation.objects.filter(kind=OrganisationKind.PREFECTURE)
    return hat.organisation_id is not None and prefecture.filter(pk=hat.organisation_id).exists()


def require_review(hat: Hat) -> None:
    """Raises NotAllowed for who does not review documents."""
    if not may_review(hat):
        raise NotAllowed(_(NOT_THE_SECRETARIAT))


def documents_visible_to(hat: Hat) -> QuerySet[ImportedDocument]:
    """The documents that a hat may open: all or none."""
    rows = ImportedDocument.objects.all()
    return rows if may_review(hat) else rows.none()


def with_counts(documents: QuerySet[ImportedDocument]) -> QuerySet[ImportedDocument]:
    """With how many records there are, how many are taken over, how many fields wait."""
    return documents.annotate(
        record_count=Count("records", distinct=True),
        taken_count=Count("records", filter=Q(records__taken_at__isnull=False), distinct=True),
        open_count=Count("records__fields", filter=Q(records__fields__state=FieldState.OPEN), distinct=True),
    )


@dataclass(frozen=True)
class CountedRecord:
    """A record with how many fields it has, how many wait, and how many of those were read unsurely."""

    record: DraftRecord
    fields: int
    open: int
    unsure: int

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken over."""
        return not self.open and self.record.taken_at is None


def records_of(document: ImportedDocument) -> list[CountedRecord]:
    """The records of a document in its order, in one query."""
    counted = document.records.annotate(
        field_count=Count("fields"),
        open_count=Count("fields", filter=_OPEN),
        unsure_count=Count("fields", filter=_OPEN & Q(fields__confidence__lt=1)),
    )
    rows = counted.order_by("position", "pk")
    return [CountedRecord(row, row.field_count, row.open_count, row.unsure_count) for row in rows]


def fields_of(record: DraftRecord) -> list[DraftField]:
    """The fields of a record in the order of the document."""
    return list(record.fields.order_by("position", "pk"))


def lines_of(document: ImportedDocument, spans: Iterable[Iterable[int]]) -> list[list[SourceLine]]:
    """The lines of each stretch with a few around it, in one query; stretches that meet come as one."""
    wider = [(first - AROUND, last + AROUND) for first, last in spans]
    joined: list[tuple[int, int]] = []
    for first, last in sorted(wider):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    if not joined:
        return []
    within = Q()
    for first, last in joined:
        within |= Q(number__gte=first, number__lte=last)
    lines = list(document.lines.filter(within).order_by("number", "pk"))
    return [[line for line in lines if first <= line.number <= last] for first, last in joined]


def sums_of(document: ImportedDocument) -> dict[int, int]:
    """For each list of a report the sum of its rows in yen, by what counts now: corrected, not rejected."""
    rows = DraftField.objects.filter(record__document=document, what="cost", record__within__isnull=False)
    sums: dict[int, int] = {}
    told = rows.exclude(state=FieldState.REJECTED)
    for field in told.select_related("record"):
        if within := field.record.within_id:
            sums[within] = sums.get(within, 0) + int(field.kept)
    return sums
