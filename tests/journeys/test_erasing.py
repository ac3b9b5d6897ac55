"""Erasing the record of a business: nothing of it can be read any more, and every figure stays."""

from datetime import date, timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.businesses import queries
from madoguchi.businesses.choices import CustodyReason, MemberRole, Source
from madoguchi.businesses.errors import ConfirmationMissing, NotTheOwner
from madoguchi.businesses.models import Business, BusinessMember, Officer, YearlyFigures
from madoguchi.businesses.operations.custody import take_custody
from madoguchi.businesses.operations.register import register
from madoguchi.consultations.errors import CasesOpen, NotAllowed, ReasonMissing
from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.models import Case, CasePerson, Consultation, CountedBusiness, Draft
from madoguchi.consultations.operations import recording
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.states import CaseState
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.journeys import erasing, merging
from madoguchi.mail.letters import Letter
from madoguchi.mail.models import Mail
from madoguchi.mail.operations import sending
from tests.accounts.people import a_hat, a_person, an_organisation
from tests.businesses.businesses import a_business_member, own_hat
from tests.consultations.cases import (
    AT,
    a_taken_case,
    a_topic,
    another_involvement,
    its_organisation,
    the_involvement,
)
from tests.consultations.test_erasing import figures
from tests.database import every_text

pytestmark = pytest.mark.django_db

CANARY = "カナリア鳥"


@pytest.fixture
def manager():
    return a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)


@pytest.fixture
def owner():
    return a_person(at=AT, name="見本 太郎")


@pytest.fixture
def shop(owner, manager):
    """A business with the canary in what it told, on the books of the manager's organisation."""
    made = register(
        values={"name": CANARY, "telephone": "03-1234-5678", "email": "canary@example.jp"},
        source=Source.OWNER,
        at=AT,
        by=owner.as_actor(),
        owner=owner,
    )
    Officer.objects.create(business=made, position=1, name=CANARY)
    YearlyFigures.objects.create(
        business=made,
        begins_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
        amounts={"sales_yen": 1},
        source=Source.OWNER,
        actor_label="見本 太郎",
        at=AT,
    )
    onto_books(made, manager)
    return made


def onto_books(business, hat):
    take_custody(
        business=business,
        organisation_id=hat.organisation_id,
        at=AT,
        by=hat.as_actor(),
        reason=CustodyReason.CASE,
    )


def a_case_of(business, hat, *, state=CaseState.CLOSED, **changes):
    given = {"title": CANARY, "words": CANARY, "topics": [a_topic()], "area_code": "022039", "employees": 3}
    case = a_taken_case(hat, business=business, **(given | changes))
    talk = Talk(channel=Channel.VISIT, held_on=date(2026, 11, 30), place=CANARY)
    recording.record_consultation(
        involvement=the_involvement(case, hat), talk=talk, hat=hat, at=AT, body=CANARY
    )
    recording.write_note(case=case, body=CANARY, visibility=Visibility.INTERNAL, hat=hat, at=AT)
    if state == CaseState.CLOSED:
        Case.objects.filter(pk=case.pk).update(state=state, closed_at=AT)
    return case


def a_waiting_mail(case):
    def letter():
        return Letter(subject=CANARY, paragraphs=[CANARY])

    sending.send(
        to="canary@example.jp",
        kind="consultations.taken",
        write=letter,
        subject_type="consultations.case",
        subject_id=case.pk,
    )


def at_owner(owner):
    return own_hat(owner, at=AT + timedelta(days=1))


def by_owner(business, owner):
    erasing.erase_own(business=business, hat=at_owner(owner), at=AT + timedelta(days=1))


def by_desk(business, hat, why="本人の求め"):
    return erasing.erase_at_desk(business=business, why=why, hat=hat, at=AT)


# ── by the owner ────────────────────────────────────────────────────────────────────────────────────
def test_no_word_of_an_erased_business_is_left_in_the_database(shop, owner, manager):
    case = a_case_of(shop, manager)
    a_waiting_mail(case)
    Draft.objects.create(user=owner, form=f"note:{case.key}", content={"body": CANARY}, saved_at=AT)
    assert CANARY in every_text()
    by_owner(shop, owner)
    for word in (CANARY, "canary@example.jp", "03-1234-5678"):
        assert word not in every_text()
    assert not Business.objects.exists()


def test_every_figure_stays_and_nothing_leads_back(shop, owner, manager):
    for _ in range(2):
        a_case_of(shop, manager)
    before = figures()
    by_owner(shop, owner)
    assert figures() == before
    assert not CountedBusiness.objects.exists()
    talks = Consultation.objects.values_list("business", "area_code", "employees", "topic__label")
    assert set(talks) == {(None, "022039", 3, "販路開拓")}


def test_what_was_erased_is_on_record_by_numbers_alone(shop, owner, manager):
    case, pk = a_case_of(shop, manager), shop.pk
    by_owner(shop, owner)
    event = AuditEvent.objects.get(action="businesses.erased")
    assert (event.subject_id, event.data) == (str(pk), {"because": "owner", "records": [pk]})
    erased = AuditEvent.objects.get(action="consultations.case_erased")
    assert (erased.subject_id, erased.data) == (str(case.pk), {"because": "business_erased"})


@pytest.mark.parametrize("state", [CaseState.NEW, CaseState.WORKING, CaseState.HELD])
def test_open_cases_end_first_and_are_named(shop, owner, manager, state):
    closed = a_case_of(shop, manager)
    still_open = a_case_of(shop, manager, state=state)
    Case.objects.filter(pk=still_open.pk).update(state=state)
    with pytest.raises(CasesOpen):
        by_owner(shop, owner)
    standing = erasing.in_the_way_of_owner(shop, at_owner(owner))
    assert [case.number for case in standing.cases] == [still_open.number]
    closed.refresh_from_db()
    assert closed.erased_at is None
    assert Business.objects.filter(pk=shop.pk).exists()


def open_a_case_meanwhile(business, manager, monkeypatch):
    """Let somebody open a case for the business when the look at its cases is over."""
    erase = erasing.erase_ended

    def and_then(**given):
        erase(**given)
        a_case_of(business, manager, state=CaseState.NEW)

    monkeypatch.setattr(erasing, "erase_ended", and_then)


def test_a_case_that_is_opened_at_this_moment_keeps_everything(shop, owner, manager, monkeypatch):
    closed = a_case_of(shop, manager)
    open_a_case_meanwhile(shop, manager, monkeypatch)
    with pytest.raises(Conflict):
        by_owner(shop, owner)
    closed.refresh_from_db()
    assert (closed.title, Business.objects.filter(pk=shop.pk).exists()) == (CANARY, True)


@pytest.mark.parametrize("role", [MemberRole.STAFF, MemberRole.DELEGATE])
def test_only_an_owner_erases(shop, role):
    other = a_person(at=AT)
    a_business_member(shop, other, at=AT, role=role, ends_at=AT + timedelta(days=9))
    with pytest.raises(NotTheOwner):
        by_owner(shop, other)
    with pytest.raises(NotTheOwner):
        by_owner(shop, a_person(at=AT))


def test_records_merged_into_it_go_with_it(shop, owner, manager):
    BusinessMember.objects.update(confirmed_at=AT)
    other = register(
        values={"name": f"旧{CANARY}"},
        source=Source.STAFF,
        at=AT,
        by=manager.as_actor(),
        organisation_id=manager.organisation_id,
    )
    a_case_of(other, manager)
    a_case_of(shop, manager)
    merging.merge(keep=shop, drop=other, take=(), hat=manager, at=AT)
    before = figures()
    by_owner(shop, owner)
    assert CANARY not in every_text()
    assert figures() == before
    assert not Business.objects.exists()


def test_an_owner_of_the_merged_record_erases_the_one_that_stands(shop, owner, manager):
    BusinessMember.objects.update(confirmed_at=AT)
    keep = register(
        values={"name": CANARY},
        source=Source.STAFF,
        at=AT,
        by=manager.as_actor(),
        organisation_id=manager.organisation_id,
    )
    merging.merge(keep=keep, drop=shop, take=(), hat=manager, at=AT)
    shop.refresh_from_db()
    by_owner(shop, owner)
    assert not Business.objects.exists()


def test_who_was_never_confirmed_takes_no_record_of_a_desk_along(shop, owner, manager):
    other = register(
        values={"name": "別の記録"},
        source=Source.STAFF,
        at=AT,
        by=manager.as_actor(),
        organisation_id=manager.organisation_id,
    )
    merging.merge(keep=shop, drop=other, take=(), hat=manager, at=AT)
    with pytest.raises(ConfirmationMissing):
        by_owner(shop, owner)
    assert Business.objects.count() == 2


def test_the_other_people_of_the_business_are_told(shop, owner):
    other = a_person(at=AT)
    a_business_member(shop, other, at=AT, role=MemberRole.STAFF)
    by_owner(shop, owner)
    mail = Mail.objects.get(kind="businesses.erased")
    assert (mail.to, CANARY in mail.text) == (other.email, False)


# ── by a manager ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def on_books(manager):
    """A business that a desk registered, without people of its own."""
    return register(
        values={"name": CANARY, "email": "canary@example.jp"},
        source=Source.STAFF,
        at=AT,
        by=manager.as_actor(),
        organisation_id=manager.organisation_id,
    )


def test_a_manager_erases_with_a_reason_that_is_not_kept(on_books, manager):
    a_case_of(on_books, manager)
    with pytest.raises(ReasonMissing):
        by_desk(on_books, manager, why=" ")
    assert by_desk(on_books, manager, why="本人の求めだったため") is True
    assert CANARY not in every_text()
    assert "本人の求めだったため" not in every_text()
    event = AuditEvent.objects.get(action="businesses.erased")
    assert (event.data["because"], event.organisation_id) == ("asked", str(manager.organisation_id))


@pytest.mark.parametrize("role", [Role.ADVISER, Role.OFFICER])
def test_nobody_but_a_manager_erases(on_books, manager, role):
    colleague = a_hat(at=AT, organisation=its_organisation(manager), role=role)
    stranger = a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)
    for hat in (colleague, stranger):
        with pytest.raises(NotAllowed):
            by_desk(on_books, hat)


def test_what_the_organisation_still_works_on_ends_first(on_books, manager):
    case = a_case_of(on_books, manager, state=CaseState.WORKING)
    standing = erasing.in_the_way_of_desk(on_books, manager)
    assert [each.pk for each in standing.cases] == [case.pk]
    with pytest.raises(CasesOpen):
        by_desk(on_books, manager)


def test_what_others_have_of_the_business_stays_theirs(on_books, manager):
    elsewhere = a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)
    onto_books(on_books, elsewhere)
    theirs, own = a_case_of(on_books, elsewhere), a_case_of(on_books, manager)
    assert by_desk(on_books, manager) is False
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.erased_at is None, theirs.erased_at, theirs.title) == (False, None, CANARY)
    assert not Business.objects.visible_to(manager).exists()
    assert Business.objects.visible_to(elsewhere).get().name == CANARY


def test_a_record_that_its_people_use_stays_with_them(shop, owner, manager):
    a_case_of(shop, manager)
    assert by_desk(shop, manager) is False
    assert Business.objects.of_person(owner.pk, at=AT + timedelta(days=1)).get().name == CANARY
    assert not Business.objects.visible_to(manager).exists()


def test_a_secret_case_that_the_manager_may_not_see_stays_and_is_not_told_of(on_books, manager):
    named = a_hat(at=AT, organisation=its_organisation(manager))
    secret = a_case_of(on_books, named, topics=[a_topic(is_secret=True)])
    assert not CasePerson.objects.filter(case=secret, user=manager.user_id).exists()
    assert erasing.in_the_way_of_desk(on_books, manager).cases == ()
    assert by_desk(on_books, manager) is False
    secret.refresh_from_db()
    assert (secret.erased_at, secret.title) == (None, CANARY)
    assert queries.custody_of(on_books, manager.organisation_id) is not None


def test_a_case_of_another_lead_is_not_the_managers_to_erase(on_books, manager):
    elsewhere = a_hat(at=AT, organisation=an_organisation())
    case = a_case_of(on_books, elsewhere)
    another_involvement(case, its_organisation(manager), state="finished")
    assert by_desk(on_books, manager) is False
    case.refresh_from_db()
    assert case.title == CANARY
