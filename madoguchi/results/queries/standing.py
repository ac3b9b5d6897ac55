"""As whom somebody stands before the figures of a year."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.roles import Role
from madoguchi.institutions.models import Succession, Unit
from madoguchi.results.models import ReportYear, UnitReturn
from madoguchi.results.rules import Standing, within
from madoguchi.results.states import ReturnState


def units_of(hat: Hat) -> frozenset[int]:
    """The units whose results are the hat's own; for a manager without a unit all of the organisation.

    A unit also answers for those below it and for those whose work passed to it. Two queries."""
    if not hat.may("results.write"):
        return frozenset()
    parents = {row.pk: row for row in Unit.everything.only("pk", "parent_id", "organisation_id")}
    before: dict[int, list[int]] = defaultdict(list)
    for successor, predecessor in Succession.objects.values_list("successor", "predecessor"):
        before[successor].append(predecessor)
    if hat.unit_id is not None:
        roots = [hat.unit_id]
    elif hat.role == Role.MANAGER:
        roots = [pk for pk, row in parents.items() if row.organisation_id == hat.organisation_id]
    else:
        roots = []
    above = {pk: row.parent_id for pk, row in parents.items()}
    return frozenset[int]().union(*(within(root, above, before) for root in roots))


def is_secretariat(hat: Hat, year: ReportYear | None) -> bool:
    """Whether somebody keeps the report of a year together: people of that unit, or its managers."""
    unit = year.secretariat if year else None
    if unit is None or not hat.may("results.write"):
        return False
    is_manager = hat.role == Role.MANAGER and hat.unit_id is None
    return hat.unit_id == unit.pk or (is_manager and hat.organisation_id == unit.organisation_id)


def standing(hat: Hat, year: ReportYear | None, units: Collection[int]) -> Standing:
    """How somebody stands before what these units write for a year."""
    own = units_of(hat) & set(units)
    return Standing(
        is_own=bool(own),
        is_secretariat=is_secretariat(hat, year),
        handed=_handed(year, own) if year and own else None,
    )


def _handed(year: ReportYear, units: Iterable[int]) -> ReturnState | None:
    """Handed in only when each of the own units has; one that still owes may write."""
    states = UnitReturn.objects.filter(report_year=year, unit__in=units).values_list("state", flat=True)
    found = [ReturnState(state) for state in states]
    order = list(ReturnState)
    return min(found, key=order.index, default=None)
