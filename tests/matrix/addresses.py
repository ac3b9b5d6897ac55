"""Every guarded route with the objects that could stand in it; a new route joins by itself or is named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from django.urls import get_resolver

from tests.house.access_map import routes
from tests.matrix.world import Place

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_WEB = Path(__file__).parents[2] / "madoguchi" / "web"
_FIELD = re.compile(
    r"""(?:GET|POST)\.get(?:list)?\(\s*"(\w+)"|name="(\w+)"|^    (\w+) = forms\.""", re.MULTILINE
)

# What stands for a part of an address: by the beginning of the route and the part's name, the longest first.
_OBJECTS = {
    ("desk/cases/", "key"): "case",
    ("desk/held/", "key"): "case",
    ("consult/mine/", "key"): "case",
    ("desk/cases/<slug:key>/notes/", "pk"): "note",
    ("desk/cases/<slug:key>/talks/", "pk"): "talk",
    ("desk/cases/<slug:key>/files/", "file"): "file",
    ("desk/cases/<slug:key>/appointments/", "pk"): "appointment",
    ("consult/mine/<str:key>/appointments/", "pk"): "appointment",
    ("desk/cases/<slug:key>/consents/", "pk"): "consent",
    ("desk/cases/<slug:key>/referrals/", "pk"): "involvement",
    ("desk/assigned/", "key"): "assigned",
    ("desk/assigned/<slug:key>/files/", "file"): "file",
    ("desk/businesses/", "key"): "business",
    ("desk/businesses/", "other"): "business",
    ("desk/businesses/<str:key>/members/", "number"): "member",
    ("desk/meetings/", "key"): "meeting",
    ("desk/people/", "number"): "membership",
    ("desk/people/teams/", "number"): "team",
    ("desk/people/invitations/", "number"): "invitation",
    ("desk/imports/", "key"): "import",
    ("desk/imports/", "record"): "draft_record",
    ("desk/imports/", "field"): "draft_field",
    ("desk/programmes/drafts/", "key"): "programme_draft",
    ("desk/programmes/", "slug"): "programme",
    ("desk/report/<int:year>/units/", "unit"): "unit",
    ("desk/report/projects/", "slug"): "project",
    ("desk/report/values/", "pk"): "value",
    ("account/data/business/", "key"): "business",
    ("fit/record/", "key"): "business",
    ("my/business/", "key"): "business",
    ("my/business/<str:key>/members/", "number"): "member",
}
# Parts that name no object of anybody: any value will do.
_WORDS = {
    ("desk/cases/<slug:key>/plan/", "what"): ["goal", "task"],
    ("desk/cases/<slug:key>/first/", "step"): ["situation", "desks", "programmes", "advice"],
    ("desk/businesses/<str:key>/figures/", "ends_on"): ["2023-03-31"],
    ("desk/businesses/<str:key>/rows/", "kind"): ["officers", "sites", "holdings", "contacts"],
    ("desk/trays/", "name"): ["today", "new", "mine", "waiting", "late", "all", "untaken", "held"],
    ("desk/drafts/", "form"): ["intake"],
    # what feeds brought is the region's, nobody's own
    ("desk/feeds/", "pk"): ["1"],
    ("desk/feeds/", "reading"): ["1"],
    # figures of public reports are nobody's own
    ("desk/report/trace/", "key"): ["sodan"],
    ("desk/report/trace/", "fiscal_year"): ["2023"],
    ("desk/report/<int:year>/", "year"): ["2023"],
    ("desk/programmes/<slug:slug>/", "fiscal_year"): ["2023"],
    # numbers of what belongs to one person alone; a number of nobody's has to be refused like any other
    ("account/kept/", "number"): ["1"],
    ("account/2fa/passkeys/", "pk"): ["1"],
    ("desk/businesses/import/", "number"): ["1"],
    ("desk/operations/", "pk"): ["1", "00000000-0000-4000-8000-000000000000"],
    ("my/business/<str:key>/invitations/", "number"): ["1"],
    ("my/business/invitations/", "secret"): ["x"],
}


@dataclass(frozen=True)
class Address:
    """One address; `names` says which kinds of objects of the place stand in it."""

    url: str
    route: str
    permission: str
    names: tuple[str, ...]


def unknown_parts() -> list[str]:
    """Parts of guarded routes for which nothing is known yet."""
    return [
        f"/{route}: what stands for <{part}>?"
        for route, _access in guarded()
        for part in _PART.findall(route)
        if _lookup(_OBJECTS, route, part) is None and _lookup(_WORDS, route, part) is None
    ]


def guarded() -> list[tuple[str, str]]:
    """Every route that asks for a permission."""
    found = sorted(routes(get_resolver().url_patterns))
    return [(route, access) for route, access in found if access != "public"]


def addresses(place: Place) -> Iterator[Address]:
    """Every guarded address with the objects of a place in it."""
    for route, permission in guarded():
        parts = _PART.findall(route)
        names = tuple(name for part in parts if (name := _lookup(_OBJECTS, route, part)))
        values = [_values(place, route, part) for part in parts]
        for chosen in product(*values):
            url = route
            for value in chosen:
                url = _PART.sub(value, url, count=1)
            yield Address(f"/{url}", route, permission, names)


def field_names() -> list[str]:
    """Every name under which a page of the site reads a value from an address or a form."""
    sources = [path.read_text() for kind in ("*.py", "*.html") for path in _WEB.rglob(kind)]
    return sorted({name for text in sources for found in _FIELD.findall(text) for name in found if name})


def absent(address: Address, place: Place) -> str:
    """The same address with objects that do not exist."""
    url = address.url
    for name in address.names:
        for value in place.objects[name]:
            nobodys = "999999999" if value.isdigit() else "z" * len(value)
            url = url.replace(f"/{value}/", f"/{nobodys}/")
    return url


def _values(place: Place, route: str, part: str) -> list[str]:
    name = _lookup(_OBJECTS, route, part)
    return place.objects[name] if name else _lookup(_WORDS, route, part) or []


def _lookup(table, route: str, part: str):
    fitting = [key for key in table if route.startswith(key[0]) and key[1] == part]
    return table[max(fitting, key=lambda key: len(key[0]))] if fitting else None
