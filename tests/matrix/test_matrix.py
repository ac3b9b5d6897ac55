"""Who may open what, tried out the whole way in: one organisation and what others have.

Every two of the five organisations are tried by `test_all_pairs`, at the views themselves.

A new address joins by itself; one with a part that the tables in `addresses` do not know fails with its name.
"""

import re

import pytest
from django.db import transaction

from madoguchi.accounts.roles import PERMISSIONS, Role
from madoguchi.consultations.models import Case, ExpertRequest, Involvement, Note
from tests.accounts.people import a_member, a_person
from tests.matrix import world
from tests.matrix.addresses import absent, addresses, field_names, unknown_parts
from tests.matrix.straight import text_of

pytestmark = pytest.mark.django_db

REFUSED = {403, 404, 405}
_DIFFERS = re.compile(r'(csrfmiddlewaretoken" value="|nonce-|name="once" value=")[^"]+')


def ask(client, method, url, fields=None):
    """The answer, with everything it changed taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url, fields)
        transaction.set_rollback(True)
    return response


def stated(page: str, url: str) -> str:
    """A page without its own address and what is drawn anew for each answer."""
    return _DIFFERS.sub(r"\1", page).replace(url, "")


def test_every_part_of_every_guarded_address_is_known():
    assert unknown_parts() == []


def test_no_role_opens_what_belongs_to_another_organisation(places):
    """Every role of one organisation, every address with every object of one other, the whole way in."""
    own, other = places[0], places[1]
    wrong, tried = [], 0
    for role in Role:
        membership = own.members[role]
        client = world.client_of(membership.user, membership)
        for address in addresses(other):
            if not address.names:
                continue
            for method in ("get", "post"):
                tried += 1
                response = ask(client, method, address.url)
                if response.status_code not in REFUSED:
                    wrong.append(f"{role} {method} {address.url}: {response.status_code}")
                if other.canary in text_of(response):
                    wrong.append(f"{role} {method} {address.url}: the canary of another place")
    print(f"\n{tried} requests for foreign objects, {len(wrong)} opened")  # noqa: T201
    assert wrong == []
    assert tried > 500


def test_pages_without_an_object_show_nothing_of_other_organisations(places):
    """Lists, statistics, searches, files: every address without an object, for every role."""
    own = places[0]
    others = [place.canary for place in places if place is not own]
    wrong = []
    for role in Role:
        client = world.client_of(own.members[role].user, own.members[role])
        for address in addresses(own):
            if address.names:
                continue
            query = "" if "?" in address.url else f"?q=canary&case={'2023-0001'}"
            response = ask(client, "get", address.url + query)
            if response.status_code >= 500:
                wrong.append(f"{role} {address.url}: {response.status_code}")
            if any(canary in text_of(response) for canary in others):
                wrong.append(f"{role} {address.url}: the canary of another place")
    assert wrong == []


@pytest.mark.parametrize("value", ["\x00" + "9" * 30, "\U0010ffff" * 200], ids=["number", "text"])
def test_no_value_that_makes_no_sense_is_a_fault_of_ours(places, value):
    """Every address, with this value under every name that any page reads."""
    own = places[0]
    client = world.client_of(own.members[Role.MANAGER].user, own.members[Role.MANAGER])
    fields = dict.fromkeys(field_names(), value)
    wrong = []
    for address in addresses(own):
        for method in ("get", "post"):
            response = ask(client, method, address.url, fields)
            text_of(response)  # reads a file to its end, which closes it
            if response.status_code >= 500:
                wrong.append(f"{method} {address.url}: {response.status_code}")
    assert len(fields) > 50
    assert wrong == []


def test_in_the_own_organisation_roles_without_cases_open_none(places):
    own = places[0]
    wrong = []
    for role in (Role.OPERATOR, Role.AUDITOR, Role.EXPERT):
        client = world.client_of(own.members[role].user, own.members[role])
        for address in addresses(own):
            if address.permission in PERMISSIONS[role] and not address.names:
                continue
            for method in ("get", "post"):
                response = ask(client, method, address.url)
                is_asked = role == Role.EXPERT and address.names == ("assigned",)
                if address.names and not is_asked and response.status_code not in REFUSED:
                    wrong.append(f"{role} {method} {address.url}: {response.status_code}")
                if "case" in address.names and own.canary in text_of(response):
                    wrong.append(f"{role} {method} {address.url}: content of a case")
    assert wrong == []


def test_an_expert_opens_what_they_were_asked_and_reads_nothing_internal(places):
    own = places[0]
    client = world.client_of(own.members[Role.EXPERT].user, own.members[Role.EXPERT])
    (asked,) = own.objects["assigned"]
    assert own.canary in text_of(ask(client, "get", f"/desk/assigned/{asked}/"))
    wrong = [
        address.url for address in addresses(own) if own.inner in text_of(ask(client, "get", address.url))
    ]
    assert wrong == []


def test_with_every_note_readable_an_expert_would_read_internal_ones(places, monkeypatch):
    """The twin: it is `readable_by` that keeps them from the expert."""
    own = places[0]
    monkeypatch.setattr(type(Note.objects.all()), "readable_by", lambda self, hat: self)
    client = world.client_of(own.members[Role.EXPERT].user, own.members[Role.EXPERT])
    assert own.inner in text_of(ask(client, "get", f"/desk/assigned/{own.objects['assigned'][0]}/"))


def opened_by_another_expert(place) -> list[str]:
    """What a second expert of the same organisation opens of what the first was asked."""
    membership = a_member(
        at=place.members[Role.EXPERT].starts_at, organisation=place.organisation, role=Role.EXPERT
    )
    client = world.client_of(membership.user, membership)
    return [
        f"{method} {address.url}"
        for address in addresses(place)
        if address.names
        for method in ("get", "post")
        if ask(client, method, address.url).status_code not in REFUSED
    ]


def test_no_other_expert_opens_what_one_was_asked(places):
    with transaction.atomic():
        assert opened_by_another_expert(places[0]) == []
        transaction.set_rollback(True)


def test_with_the_filters_off_another_expert_would_open_it(places, monkeypatch):
    """The twin: both filters, of questions and of cases, keep another expert out."""
    for model in (ExpertRequest, Case):
        monkeypatch.setattr(type(model.objects.all()), "visible_to", lambda self, hat: self)
    with transaction.atomic():
        assert f"get /desk/assigned/{places[0].objects['assigned'][0]}/" in opened_by_another_expert(
            places[0]
        )
        transaction.set_rollback(True)


def test_a_colleague_who_is_not_named_opens_no_secret_case(places):
    own = places[0]
    secret = own.objects["case"][1]
    client = world.client_of(own.members[Role.MANAGER].user, own.members[Role.MANAGER])
    opened = [
        address.url
        for address in addresses(own)
        if f"/{secret}/" in address.url and ask(client, "get", address.url).status_code not in REFUSED
    ]
    assert opened == []


def test_nobody_without_an_account_and_no_stranger_opens_anything_guarded(places):
    stranger, nobody = world.client_of(a_person(at=places[0].members[Role.ADVISER].starts_at)), world.Client()
    wrong = []
    for address in addresses(places[0]):
        answer = ask(nobody, "get", address.url)
        if answer.status_code not in REFUSED | {302} or places[0].canary in text_of(answer):
            wrong.append(f"nobody {address.url}: {answer.status_code}")
        if address.names:
            for method in ("get", "post"):
                answer = ask(stranger, method, address.url)
                if answer.status_code not in REFUSED or places[0].canary in text_of(answer):
                    wrong.append(f"stranger {method} {address.url}: {answer.status_code}")
    assert wrong == []


def test_the_owner_of_one_business_opens_nothing_of_another(places):
    owner = world.client_of(places[0].owner)
    wrong = [
        f"{method} {address.url}"
        for address in addresses(places[1])
        if address.names
        for method in ("get", "post")
        if ask(owner, method, address.url).status_code not in REFUSED
    ]
    assert wrong == []


@pytest.mark.parametrize("role", [Role.ADVISER, Role.MANAGER])
def test_a_foreign_object_and_one_that_does_not_exist_look_the_same(places, role):
    own, other = places[0], places[1]
    client = world.client_of(own.members[role].user, own.members[role])
    differing = []
    for address in addresses(other):
        if not address.names:
            continue
        nobodys = absent(address, other)
        foreign, missing = ask(client, "get", address.url), ask(client, "get", nobodys)
        pages = (stated(text_of(foreign), address.url), stated(text_of(missing), nobodys))
        if foreign.status_code != missing.status_code or pages[0] != pages[1]:
            differing.append(f"{address.route}: {foreign.status_code} {missing.status_code}")
    assert "\n".join(differing) == ""


def test_with_a_part_in_the_case_it_would_be_opened(places):
    """The twin: the same question is answered with 200 as soon as the protection has no reason to refuse."""
    with transaction.atomic():
        key = world.share(places[0], places[1])
        client = world.client_of(places[1].members[Role.ADVISER].user, places[1].members[Role.ADVISER])
        assert client.get(f"/desk/cases/{key}/").status_code == 200
        transaction.set_rollback(True)


def test_without_visible_to_the_matrix_would_find_open_doors(places, monkeypatch):
    """The twin of the whole matrix: with the filter off, addresses of another organisation open."""
    monkeypatch.setattr(type(Case.objects.all()), "visible_to", lambda self, hat: self)
    client = world.client_of(places[1].members[Role.ADVISER].user, places[1].members[Role.ADVISER])
    opened = [
        address.url
        for address in addresses(places[0])
        if "case" in address.names and ask(client, "get", address.url).status_code == 200
    ]
    assert len(opened) > 5


def test_the_objects_are_those_of_the_places(places):
    assert Case.objects.count() == 2 * world.ORGANISATIONS
    assert Involvement.objects.filter(organisation=places[0].organisation).count() == 2
