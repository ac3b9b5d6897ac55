"""Every two of the organisations, every role, every guarded address, every object, every method."""

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import Case
from madoguchi.web.desk.views import home
from tests.matrix import world
from tests.matrix.addresses import addresses
from tests.matrix.straight import asker_of

pytestmark = pytest.mark.django_db

REFUSED = {403, 404, 405}
OTHERS = ("put", "patch", "delete")


def opened(asker, place, *, methods, canaries) -> tuple[int, list[str]]:
    """How much was tried, and what was not refused or told somebody else's words."""
    wrong, tried = [], 0
    for address in addresses(place):
        for method in methods if address.names else ():
            tried += 1
            answer = asker.ask(method, address.url)
            if answer.status not in REFUSED:
                wrong.append(f"{method} {address.url}: {answer.status}")
            if any(canary in answer.text for canary in canaries):
                wrong.append(f"{method} {address.url}: the canary of another place")
    return tried, wrong


@pytest.mark.parametrize("number", range(world.ORGANISATIONS))
def test_no_role_of_any_organisation_opens_anything_of_any_other(places, number):
    own, wrong, tried = places[number], [], 0
    canaries = [place.canary for place in places if place is not own]
    for role in Role:
        asker = asker_of(own.members[role].user, own.members[role])
        for other in places:
            if other is not own:
                count, found = opened(asker, other, methods=("get", "post"), canaries=canaries)
                tried, wrong = tried + count, wrong + [f"{role} {line}" for line in found]
    print(f"\n{tried} requests for foreign objects, {len(wrong)} opened")  # noqa: T201
    assert wrong == []
    assert tried > 3000


def test_no_method_opens_anything_of_another_organisation_or_fails(places):
    """HEAD is refused as GET is; PUT, PATCH and DELETE wherever nothing takes them."""
    own, other = places[0], places[1]
    wrong = []
    for role in Role:
        asker = asker_of(own.members[role].user, own.members[role])
        _tried, found = opened(asker, other, methods=("head", *OTHERS), canaries=[other.canary])
        wrong += [f"{role} {line}" for line in found]
    assert wrong == []


def test_pages_without_an_object_take_no_method_that_they_do_not_name(places):
    """Forms of allauth, which stand under account/, take PUT as they take POST: with all its checks."""
    own, wrong = places[0], []
    for role in (Role.ADVISER, Role.MANAGER, Role.OPERATOR):
        asker = asker_of(own.members[role].user, own.members[role])
        for address in addresses(own):
            for method in OTHERS if not address.names else ():
                answer = asker.ask(method, address.url)
                is_fine = answer.status < 500 if "/account/" in address.url else answer.status in REFUSED
                if not is_fine:
                    wrong.append(f"{role} {method} {address.url}: {answer.status}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("number", range(world.ORGANISATIONS))
def test_pages_without_an_object_show_nothing_of_any_other_organisation(places, number):
    """Lists, statistics, searches, files to take home: every address without an object, for every role."""
    own = places[number]
    canaries = [place.canary for place in places if place is not own]
    wrong = []
    for role in Role:
        asker = asker_of(own.members[role].user, own.members[role])
        for address in addresses(own):
            if address.names:
                continue
            answer = asker.ask("get", address.url + "?q=canary&case=2023-0001&words=canary")
            if answer.status >= 500:
                wrong.append(f"{role} {address.url}: {answer.status}")
            if any(canary in answer.text for canary in canaries):
                wrong.append(f"{role} {address.url}: the canary of another place")
    assert wrong == []


def test_with_the_filter_off_other_organisations_would_open_doors(places, monkeypatch):
    """The twin: without `visible_to` the same requests are answered, and tell the canary."""
    monkeypatch.setattr(type(Case.objects.all()), "visible_to", lambda self, hat: self)
    own, other = places[0], places[3]
    asker = asker_of(own.members[Role.ADVISER].user, own.members[Role.ADVISER])
    _tried, found = opened(asker, other, methods=("get",), canaries=[other.canary])
    assert len([line for line in found if "the canary" in line]) > 5


def test_a_view_that_takes_every_method_would_be_found(places, monkeypatch):
    """The twin: a page of ours whose view names no methods answers PUT."""
    monkeypatch.setattr("tests.matrix.straight.resolve", lambda url: _Bare(home.home))
    own = places[0]
    asker = asker_of(own.members[Role.ADVISER].user, own.members[Role.ADVISER])
    assert asker.ask("put", "/desk/").status not in REFUSED


class _Bare:
    """A view without what stands around it."""

    args, kwargs, url_name, namespaces = (), {}, "home", ["desk"]

    def __init__(self, view) -> None:
        while hasattr(view, "__wrapped__"):
            view = view.__wrapped__
        self.func = view
