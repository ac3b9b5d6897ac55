"""Every public record by its kind, in the one shape that the API, the files and the feed of changes share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition, EditionRole, Frame, Programme, Term
from madoguchi.catalogue.states import EditionState, ReceptionMode
from madoguchi.events import queries as events
from madoguchi.events.models import Event
from madoguchi.finding.showing import edition_url, instant
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Organisation
from madoguchi.opendata import shapes
from madoguchi.opendata.around import Around, around, contacts, industries_of
from madoguchi.opendata.models import Kind
from madoguchi.results import queries as results
from madoguchi.results.models import Project

_PUBLISHED = Edition.objects.filter(state=EditionState.PUBLISHED)


def public(kind: str) -> QuerySet[Model]:
    """All public rows of a kind, by slug."""
    rows: Mapping[str, Callable[[], QuerySet[Model]]] = {
        Kind.PROGRAMME: lambda: Programme.objects.filter(Exists(_PUBLISHED.filter(programme=OuterRef("pk")))),
        Kind.DESK: Desk.objects.all,
        Kind.EVENT: Event.objects.all,
        Kind.PROJECT: lambda: Project.objects.filter(is_draft=False),
        Kind.ORGANISATION: Organisation.objects.all,
    }
    return rows[kind]().order_by("slug", "pk")


def read(kind: str, slugs: Sequence[str]) -> list[shapes.Findable]:
    """The public records of a kind with these slugs, by slug; the number of queries is always the same."""
    return _READ[kind](slugs, around(kind, slugs))


def editions(rows: Sequence[Edition]) -> list[shapes.Edition]:
    """Fetched editions (`catalogue.queries.published_editions`) as records."""
    beside = around(Kind.PROGRAMME, [])
    return [_edition(row, beside) for row in rows]


def vocabularies() -> list[shapes.Vocabulary]:
    """Every vocabulary in the pack's order."""
    found: dict[str, list[shapes.Term]] = {}
    for row in Term.objects.order_by("vocabulary", "position", "pk"):
        term = shapes.Term(code=row.code, label=row.label, say=row.say, group=row.group)
        found.setdefault(row.vocabulary, []).append(term)
    return [shapes.Vocabulary(name=name, terms=terms) for name, terms in found.items()]


def _programmes(slugs: Sequence[str], beside: Around) -> list[shapes.Findable]:
    earlier = Programme.objects.filter(Exists(_PUBLISHED.filter(programme=OuterRef("pk"))))
    rows = (
        catalogue.published_editions()
        .filter(programme__slug__in=slugs)
        .prefetch_related(
            Prefetch("programme__desks", queryset=Desk.objects.order_by("name", "pk")),
            Prefetch("programme__predecessors", queryset=earlier.order_by("name", "pk")),
        )
    )
    by_slug: dict[str, list[Edition]] = {}
    for row in rows:
        by_slug.setdefault(row.programme.slug, []).append(row)
    return [_programme(by_slug[slug], beside) for slug in sorted(by_slug)]


def _programme(rows: Sequence[Edition], beside: Around) -> shapes.Programme:
    programme = rows[0].programme
    return shapes.Programme(
        **beside.record(Kind.PROGRAMME, programme.slug, rows[0].sources),
        slug=programme.slug,
        name=programme.name,
        reading=programme.reading,
        desks=_named(programme.desks.all()),
        predecessors=_named(programme.predecessors.all()),
        editions=[_edition(row, beside) for row in rows],
    )


def _edition(row: Edition, beside: Around) -> shapes.Edition:
    slug = row.programme.slug
    carried = beside.record(Kind.PROGRAMME, slug, row.sources, page=edition_url(slug, row.fiscal_year)) | {
        "updated_at": instant(row.published_at)
    }
    return shapes.Edition(
        **carried,
        programme=slug,
        fiscal_year=row.fiscal_year,
        revision=row.revision,
        name=row.name,
        summary=row.summary,
        easy=row.easy,
        headline=row.headline,
        who=row.who,
        where=row.where,
        fee=row.fee,
        is_free=row.is_free,
        visits=row.visits,
        kinds=beside.coded("kinds", row.kinds),
        purposes=beside.coded("purposes", row.purposes),
        stages=beside.coded("stages", row.stages),
        uses=beside.coded("uses", row.uses),
        audiences=beside.coded("audiences", row.audiences),
        industries=industries_of(row.industries),
        areas=beside.areas(row.areas),
        frames=[_frame(frame) for frame in row.frames.all()],
        reception=_reception(row),
        requirements=row.requirements,
        benefits=row.benefits,
        steps=row.steps,
        documents=row.documents,
        results=row.results,
        notes=row.notes,
        links=row.links,
        contacts=contacts(row.contacts.all()),
        roles={role.role: _who(role) for role in row.roles.all()},
        keywords=row.keywords,
    )


def _who(role: EditionRole) -> str:
    return role.unit.full_name if role.unit else role.organisation.name if role.organisation else role.text


def _frame(row: Frame) -> shapes.Frame:
    return shapes.Frame(
        name=row.name,
        variant=row.variant,
        target=row.target,
        rate=_rate(row.rate),
        rate_low=_rate(row.rate_low),
        on_top_of=_rate(row.on_top_of),
        own_share=_rate(row.own_share),
        cap_yen=row.cap_yen,
        cap_low_yen=row.cap_low_yen,
        amount_yen=row.amount_yen,
        visits=row.visits,
        note=row.note,
    )


def _rate(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _reception(row: Edition) -> shapes.Reception:
    return shapes.Reception(
        mode=ReceptionMode(row.reception_mode),
        text=row.reception_text,
        windows=[
            shapes.Window(
                opens_at=instant(window.opens_at),
                closes_at=instant(window.closes_at),
                closed_early=window.closed_early,
                note=window.note,
            )
            for window in row.windows.all()
        ],
    )


def _desks(slugs: Sequence[str], beside: Around) -> list[shapes.Findable]:
    rows = (
        institutions.desks().filter(slug__in=slugs).prefetch_related("contacts__desk").order_by("slug", "pk")
    )
    return [
        shapes.Desk(
            **beside.record(Kind.DESK, row.slug, row.sources),
            **_plain(row, shapes.Desk),
            organisation=_one(row.organisation),
            unit=row.unit.full_name if row.unit else "",
            parent=_one(row.parent) if row.parent else None,
            purposes=beside.coded("purposes", row.purposes),
            industries=industries_of(row.industries),
            covers=beside.areas(row.covers),
            area=beside.area(row.area_code),
            contacts=contacts(row.contacts.all()),
        )
        for row in rows
    ]


def _events(slugs: Sequence[str], beside: Around) -> list[shapes.Findable]:
    rows = events.events().filter(slug__in=slugs).order_by("slug", "pk")
    return [
        shapes.Event(
            **beside.record(Kind.EVENT, row.slug, row.sources),
            **_plain(row, shapes.Event),
            kind=beside.coded("event_kinds", [row.kind])[0],
            organiser=_one(row.organiser),
            unit=row.unit.full_name if row.unit else "",
            programme=_one(row.programme) if row.programme else None,
            purposes=beside.coded("purposes", row.purposes),
            industries=industries_of(row.industries),
            areas=beside.areas(row.areas),
            occurrences=[
                shapes.Occurrence(**_plain(date, shapes.Occurrence), area=beside.area(date.area_code))
                for date in row.occurrences.all()
            ],
            contacts=contacts(row.contacts.all()),
        )
        for row in rows
    ]


def _projects(slugs: Sequence[str], beside: Around) -> list[shapes.Findable]:
    rows = results.projects().filter(slug__in=slugs).order_by("slug", "pk")
    return [
        shapes.Project(
            **beside.record(Kind.PROJECT, row.slug, row.sources),
            **_plain(row, shapes.Project),
            units=[unit.full_name for unit in row.units.all()],
            programmes=_named(row.programmes.all()),
            purposes=beside.coded("purposes", row.purposes),
            industries=industries_of(row.industries),
            areas=beside.areas(row.areas),
        )
        for row in rows
    ]


def _organisations(slugs: Sequence[str], beside: Around) -> list[shapes.Findable]:
    rows = institutions.organisations().filter(slug__in=slugs).order_by("slug", "pk")
    return [
        shapes.Organisation(
            **beside.record(Kind.ORGANISATION, row.slug, row.sources),
            **_plain(row, shapes.Organisation),
            kind=shapes.Coded(code=row.kind, label=str(row.get_kind_display())),
            parent=_one(row.parent) if row.parent else None,
            area=beside.area(row.area_code),
            homepage=row.url,
        )
        for row in rows
    ]


_READ: Mapping[str, Callable[[Sequence[str], Around], list[shapes.Findable]]] = {
    Kind.PROGRAMME: _programmes,
    Kind.DESK: _desks,
    Kind.EVENT: _events,
    Kind.PROJECT: _projects,
    Kind.ORGANISATION: _organisations,
}


def _plain(row: Model, shape: type[shapes.Shape]) -> dict[str, Any]:
    """The columns that stand in the shape under their own names and need no other words."""
    columns = {field.name for field in row._meta.concrete_fields if not field.is_relation}
    names = (columns & shape.model_fields.keys()) - _TOLD_OTHERWISE
    return {name: getattr(row, name) for name in names}


_TOLD_OTHERWISE = {"url", "sources", "kind", "purposes", "industries", "areas", "covers"}


def _one(row: Programme | Desk | Organisation) -> shapes.Named:
    return shapes.Named(slug=row.slug, name=row.name)


def _named(rows: Iterable[Programme | Desk]) -> list[shapes.Named]:
    return [_one(row) for row in rows]
