"""Reading institutions."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from madoguchi.institutions.models import (
    Desk,
    DeskContact,
    Organisation,
    Region,
    SourceDocument,
    Succession,
    Unit,
)
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


def organisations_with_desks() -> frozenset[int]:
    """The keys of the organisations that have a desk."""
    return frozenset(Desk.objects.values_list("organisation", flat=True))


def units_of(organisation: Organisation) -> list[Unit]:
    """The units of an organisation, those of the newest documents first."""
    rows = Unit.objects.filter(organisation=organisation).order_by("full_name", "pk")
    return sorted(rows, key=lambda unit: -max(unit.named_in))


def successions_of(organisation: Organisation) -> list[Succession]:
    """Work that passed from or to the units of an organisation."""
    rows = Succession.objects.filter(
        Q(predecessor__organisation=organisation) | Q(successor__organisation=organisation)
    )
    return list(rows.select_related("predecessor", "successor").order_by("pk"))


def source_titles() -> dict[str, SourceDocument]:
    """The source documents by key."""
    return {document.key: document for document in SourceDocument.objects.order_by("key", "pk")}
