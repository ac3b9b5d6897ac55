"""Reading institutions."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from madoguchi.institutions.models import Desk, DeskContact, Organisation, Region, SourceDocument
from madoguchi.japan.areas import Grouping


def region() -> Region | None:
    """The region this installation belongs to, or None before a pack is loaded."""
    return Region.objects.select_related("general_desk").order_by("pk").first()


def groupings(of: Region | None) -> tuple[Grouping, ...]:
    """The region's 圏域 as the codes of their municipalities."""
    if of is None:
        return ()
    return tuple(Grouping(row["code"], row["name"], frozenset(row["members"])) for row in of.groupings)


def desks(*, on: date | None = None) -> QuerySet[Desk]:
    """Desks with how to reach them, by name; with `on`, only those that exist on that day."""
    contacts = DeskContact.objects.select_related("unit__organisation", "organisation").order_by(
        "position", "pk"
    )
    rows = (
        Desk.objects.select_related("organisation", "unit", "parent")
        .prefetch_related(Prefetch("contacts", queryset=contacts))
        .order_by("name", "pk")
    )
    if on is None:
        return rows
    return rows.filter(
        Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gte=on)
    )


def organisations() -> QuerySet[Organisation]:
    """Every organisation, by name."""
    return Organisation.objects.select_related("parent").order_by("name", "pk")


def source_titles() -> dict[str, SourceDocument]:
    """The source documents by key."""
    return {document.key: document for document in SourceDocument.objects.order_by("key", "pk")}
