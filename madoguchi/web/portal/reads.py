"""Reads for pages that look across several rooms."""

from django.db.models import Q
from django.urls import reverse

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.events.models import Event
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Organisation
from madoguchi.japan import areas
from madoguchi.results.models import Listing, Policy, Project


def programmes_at(desk: Desk) -> list[Programme]:
    """The programmes one can ask about at a desk, those with a published edition alone, by name."""
    rows = Programme.objects.filter(desks=desk, editions__state=EditionState.PUBLISHED)
    return list(rows.distinct().order_by("name", "pk"))


def desks_of(programme: Programme) -> list[Desk]:
    """The desks at which one can ask about a programme, by name."""
    return list(programme.desks.order_by("name", "pk"))


def editions_of_organisation(organisation: Organisation) -> list[Edition]:
    """The newest published edition of each programme that names the organisation, a unit or a desk of it."""
    part_in_it = (
        Q(roles__organisation=organisation)
        | Q(roles__unit__organisation=organisation)
        | Q(contacts__organisation=organisation)
        | Q(contacts__unit__organisation=organisation)
        | Q(contacts__desk__organisation=organisation)
    )
    programmes = Edition.objects.filter(part_in_it, state=EditionState.PUBLISHED).values("programme")
    newest: dict[int, Edition] = {}
    for edition in catalogue.published_editions().filter(programme__in=programmes):
        newest.setdefault(edition.programme_id, edition)
    return sorted(newest.values(), key=lambda edition: (edition.name, edition.pk))


def addresses() -> list[str]:
    """The addresses of all that has a page of its own, by kind and slug."""
    published = Programme.objects.filter(editions__state=EditionState.PUBLISHED).distinct()
    projects = Project.objects.filter(is_draft=False)
    kinds = {
        "programme": published.order_by("slug", "pk").values_list("slug", flat=True),
        "desk": Desk.objects.order_by("slug", "pk").values_list("slug", flat=True),
        "event": Event.objects.order_by("slug", "pk").values_list("slug", flat=True),
        "organisation": Organisation.objects.order_by("slug", "pk").values_list("slug", flat=True),
        "project": projects.order_by("slug", "pk").values_list("slug", flat=True),
        "policy": Policy.objects.order_by("code", "pk").values_list("code", flat=True),
    }
    found = [reverse(f"portal:{kind}", args=[key]) for kind, keys in kinds.items() for key in keys]
    return [*found, *_areas(), *_reports()]


def _areas() -> list[str]:
    """The pages of the region's municipalities."""
    region = institutions.region()
    if region is None:
        return []
    own = areas.municipalities(region.prefecture_code)
    return [reverse("portal:area", args=[area.code]) for area in own]


def _reports() -> list[str]:
    """The pages of the public annual reports."""
    rows = Listing.objects.filter(is_draft=False).order_by("-fiscal_year", "code", "pk")
    listed = list(rows.values_list("fiscal_year", "code"))
    years = dict.fromkeys(year for year, _code in listed)
    return [
        *(reverse("portal:report", args=[year]) for year in years),
        *(reverse("portal:report_section", args=[year, code]) for year, code in listed),
    ]
