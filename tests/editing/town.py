"""A made-up town with the words of a region, and people who write its programmes."""

from datetime import UTC, datetime

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.roles import Role
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.states import EditionState
from madoguchi.editing.models import Draft
from madoguchi.editing.operations import publishing, writing
from madoguchi.institutions.models import Organisation
from tests.accounts.people import a_hat, an_organisation
from tests.factories import PREFECTURE, a_region, a_term

AT = datetime(2026, 5, 1, 3, tzinfo=UTC)
YEAR = 2026
# What has to be told before anything is public.
DOCUMENT = {
    "fiscal_year": YEAR,
    "name": "店がまえ応援補助金",
    "kinds": ["subsidy"],
    "areas": [PREFECTURE],
    "summary": "店を直す費用の一部を町が補助します。",
    "easy": "お店を直すお金を町がたします。",
    "reception": {"mode": "rolling"},
}


def a_town(name: str = "みなと町", **changes) -> Organisation:
    return an_organisation(name, **({"kind": "municipality", "area_code": PREFECTURE} | changes))


def a_region_with_words() -> None:
    a_region()
    a_term("kinds", "subsidy", "補助金")
    a_term("purposes", "equipment", "設備を入れたい")


def an_officer(town: Organisation, role: Role = Role.OFFICER) -> Hat:
    return a_hat(at=AT, organisation=town, role=role)


def a_draft(hat: Hat, *, at: datetime = AT, edition: Edition | None = None, **document) -> Draft:
    """A draft that is ready to be published."""
    draft = writing.begin(hat=hat, fiscal_year=YEAR, edition=edition, at=at)
    told = {**draft.document, **({} if edition else DOCUMENT), **document}
    writing.write(draft=draft, document=told, version=draft.version, hat=hat, at=at)
    return draft


def hand_on(draft: Draft, hat: Hat, *, at: datetime = AT, **when) -> None:
    publishing.hand_on(draft=draft, version=draft.version, hat=hat, at=at, **when)


def published() -> list[Edition]:
    return list(Edition.objects.filter(state=EditionState.PUBLISHED).order_by("pk"))
