"""Organisations with their units, and which unit took over from which."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from madoguchi.institutions.kinds import OrganisationKind
from madoguchi.institutions.models import Organisation, Succession, Unit
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class KindGroup:
    """The organisations of one kind."""

    code: str
    label: str
    organisations: list[Organisation]


@dataclass(frozen=True)
class Passing:
    """The unit work came from or went to; `is_assumed` when the documents do not say so."""

    name: str
    is_assumed: bool
    note: str


@dataclass
class UnitNode:
    """A unit with the years whose documents name it, what came before and after, and the units below it."""

    name: str
    telephone: str
    fax: str
    years: list[str]
    before: list[Passing] = field(default_factory=list)
    after: list[Passing] = field(default_factory=list)
    children: list["UnitNode"] = field(default_factory=list)


def by_kind(organisations: Iterable[Organisation]) -> list[KindGroup]:
    """Organisations under their kinds in the order of the kinds; no group is empty."""
    found: dict[str, list[Organisation]] = {}
    for organisation in organisations:
        found.setdefault(organisation.kind, []).append(organisation)
    return [KindGroup(kind, str(kind.label), found[kind]) for kind in OrganisationKind if kind in found]


def unit_tree(units: Iterable[Unit], successions: Iterable[Succession]) -> list[UnitNode]:
    """The units of an organisation, each below its parent, in the order given."""
    listed = list(units)
    nodes = {unit.pk: _node(unit) for unit in listed}
    for succession in successions:
        if succession.predecessor_id in nodes:
            nodes[succession.predecessor_id].after.append(_passing(succession, succession.successor))
        if succession.successor_id in nodes:
            nodes[succession.successor_id].before.append(_passing(succession, succession.predecessor))
    tops: list[UnitNode] = []
    for unit in listed:
        parent = nodes.get(unit.parent_id or 0)
        (parent.children if parent else tops).append(nodes[unit.pk])
    return tops


def _node(unit: Unit) -> UnitNode:
    years = [wording.fiscal_year(year) for year in sorted(unit.named_in)]
    return UnitNode(unit.name, unit.telephone, unit.fax, years)


def _passing(succession: Succession, other: Unit) -> Passing:
    note = succession.note.removeprefix("推定：")
    return Passing(other.full_name, succession.is_assumed, note)
