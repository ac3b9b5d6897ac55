"""A closed account: nobody signs in with it, nothing of the person is left but what the records need."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session

from madoguchi.accounts.errors import StillAMember
from madoguchi.accounts.models import GBizId, KeptForm, Membership, User
from madoguchi.accounts.operations import create_user
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.errors import LastOwner
from madoguchi.businesses.models import BusinessMember
from madoguchi.businesses.operations.members import Mandate, invite
from madoguchi.consultations.errors import CasesOpen
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case, Draft, Note
from madoguchi.consultations.operations import recording
from madoguchi.consultations.states import CaseState
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.journeys import closing_account
from madoguchi.mail.letters import Letter
from madoguchi.mail.models import Mail
from madoguchi.mail.operations import sending
from tests.accounts.people import PASSWORD, a_hat, a_member, an_organisation, sign_in
from tests.businesses.businesses import a_business, a_business_member, own_hat
from tests.consultations.cases import AT, a_taken_case

pytestmark = pytest.mark.django_db

CANARY = "カナリア鳥"
ADDRESS = "canary@example.jp"


@pytest.fixture
def person():
    return create_user(
        email=ADDRESS,
        display_name=CANARY,
        at=AT,
        by=SYSTEM,
        password=PASSWORD,
        address_is_verified=True,
    )


@pytest.fixture
def adviser():
    return a_hat(at=AT, organisation=an_organisation())


def close(person, at=AT):
    person.refresh_from_db()
    closing_account.close(user=person, hat=own_hat(person, at=at), at=at, access_at=at)


def end(case):
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_at=AT)
    return case


def asked_for(person, adviser, **changes):
    contact = {"name": CANARY, "email": ADDRESS, "telephone": "0120-000-000", "when": CANARY}
    return a_taken_case(adviser, requester=person, contact=contact, **changes)


def every_text_but_the_audit():
    """The audit cannot be rewritten; it names who acted as they were called then."""
    return "\n".join(
        str(value)
        for model in apps.get_models()
        if model is not AuditEvent
        for row in model._base_manager.values_list()
        for value in row
        if value not in (None, "")
    )


def test_nothing_of_the_person_is_left_outside_the_audit(client, person, adviser):
    sign_in(client, person)
    end(asked_for(person, adviser, title=CANARY))
    Draft.objects.create(user=person, form="intake", content={"body": CANARY}, saved_at=AT)
    KeptForm.objects.create(user=person, browser="x", sealed=b"x", kept_at=AT, expires_at=AT)
    GBizId.objects.create(
        user=person, provider="g", subject="s", account_type="1", person_name=CANARY, said_at=AT
    )
    sending.send(
        to=ADDRESS,
        user_id=person.pk,
        kind="accounts.news",
        write=lambda: Letter(subject=CANARY, paragraphs=[CANARY]),
    )
    assert CANARY in every_text_but_the_audit()
    close(person)
    for word in (CANARY, ADDRESS, "0120-000-000"):
        assert word not in every_text_but_the_audit()
    assert Mail.objects.get(kind="accounts.news").user_id == ""


def test_nobody_signs_in_any_more_and_every_session_ends(client, person):
    sign_in(client, person)
    UserSession.objects.create(
        user=person, session_key=client.session.session_key, ip="127.0.0.1", last_seen_at=AT
    )
    close(person)
    assert not Session.objects.exists()
    assert client.get("/account/").status_code == 302
    client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    person.refresh_from_db()
    assert (person.is_active, person.has_usable_password()) == (False, False)
    assert not EmailAddress.objects.exists()


def test_the_address_is_free_for_a_new_account(person):
    close(person)
    again = create_user(email=ADDRESS, display_name="新しい人", at=AT, by=SYSTEM)
    assert again.pk != person.pk


def test_it_is_on_record_and_happens_once(person):
    close(person)
    event = AuditEvent.objects.get(action="accounts.account_closed")
    assert (event.subject_id, event.data) == (str(person.pk), {})
    with pytest.raises(Conflict):
        close(person)


def test_an_open_case_ends_first(person, adviser):
    case = asked_for(person, adviser)
    assert closing_account.in_the_way(own_hat(person, at=AT)).cases == (case,)
    with pytest.raises(CasesOpen):
        close(person)
    assert User.objects.get(pk=person.pk).is_active


def test_a_business_is_not_left_without_an_owner(person):
    shop = a_business(at=AT)
    a_business_member(shop, person, at=AT)
    assert closing_account.in_the_way(own_hat(person, at=AT)).businesses == (shop,)
    with pytest.raises(LastOwner):
        close(person)


def test_with_another_owner_the_business_and_its_cases_stay(person, adviser):
    shop = a_business(at=AT)
    a_business_member(shop, person, at=AT)
    a_business_member(shop, create_user(email="b@example.jp", display_name="別の人", at=AT, by=SYSTEM), at=AT)
    case = end(asked_for(person, adviser, business=shop, title="売りたい"))
    Note.objects.create(
        case=case, author=person, author_name=CANARY, visibility=Visibility.SHARED, body="追記", written_at=AT
    )
    close(person)
    case.refresh_from_db()
    assert (case.title, case.requester, case.contact_name, case.erased_at) == ("売りたい", None, "", None)
    # The law of records: who wrote a note stays with it until the case runs out.
    assert case.notes.get(author_name=CANARY).body == "追記"
    assert not BusinessMember.objects.filter(user=person).running(at=AT).exists()


def test_who_works_for_an_organisation_cannot_close(person):
    a_member(at=AT, organisation=an_organisation(), user=person)
    with pytest.raises(StillAMember):
        close(person)
    Membership.objects.update(ends_at=AT + timedelta(days=1))
    with pytest.raises(StillAMember):
        close(person)


def test_who_worked_for_one_keeps_the_name_under_what_they_did(person):
    hat = a_hat(at=AT, organisation=an_organisation(), user=person)
    case = a_taken_case(hat)
    note = recording.write_note(case=case, body="記録", visibility=Visibility.INTERNAL, hat=hat, at=AT)
    Membership.objects.update(ends_at=AT)
    close(person)
    person.refresh_from_db()
    note.refresh_from_db()
    assert (person.display_name, note.author_name) == (CANARY, CANARY)
    assert ADDRESS not in every_text_but_the_audit()


def test_an_invitation_forgets_the_address(person):
    owner = create_user(email="b@example.jp", display_name="代表", at=AT, by=SYSTEM)
    shop = a_business(at=AT)
    a_business_member(shop, owner, at=AT)
    mandate = Mandate(role=MemberRole.OWNER)
    invite(business=shop, email=ADDRESS, mandate=mandate, inviter=owner, at=AT)
    close(person)
    assert ADDRESS not in every_text_but_the_audit()
