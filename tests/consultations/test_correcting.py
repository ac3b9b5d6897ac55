"""What a case says of itself can be put right, by one person at a time, and a secret is one from then on."""

from dataclasses import replace
from datetime import date

import pytest

from madoguchi.accounts.hats import hat_of
from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import Role
from madoguchi.businesses.errors import RegisteredElsewhere
from madoguchi.businesses.models import Business, Custody
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed, ReasonMissing, TextMissing
from madoguchi.consultations.kinds import Channel, Urgency
from madoguchi.consultations.models import Case, CasePerson, CaseWords, Consultation, Note
from madoguchi.consultations.operations import closing, consenting, correcting, moves, recording
from madoguchi.consultations.operations.correcting import Correction
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.queries import finding, trays
from madoguchi.consultations.queries.trays import Tray
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, a_person, an_organisation
from tests.businesses.businesses import a_business, a_business_member, on_the_books, own_hat
from tests.consultations.cases import (
    AT,
    a_referral,
    a_request,
    a_taken_case,
    a_topic,
    agreed,
    its_organisation,
    the_involvement,
    the_person,
)

pytestmark = pytest.mark.django_db
TODAY = AT.date()
NUMBER = "7000012050002"


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def colleague(hat):
    return a_hat(at=AT, organisation=its_organisation(hat))


@pytest.fixture
def manager(hat):
    return a_hat(at=AT, organisation=its_organisation(hat), role=Role.MANAGER)


@pytest.fixture
def receiver():
    return a_hat(at=AT, organisation=an_organisation("乙"))


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


@pytest.fixture
def secret_topic():
    return a_topic("事業承継", is_secret=True)


def as_it_is(case) -> Correction:
    return Correction(
        title=case.title,
        topics=list(case.topics.order_by("pk")),
        urgency=Urgency(case.urgency),
        is_secret=case.is_secret,
        contact={},
        area_code=case.area_code,
        industry=case.industry,
        employees=case.employees,
    )


def correct(case, hat, *, version=None, why="", **changes):
    return correcting.correct(
        case=case,
        to=replace(as_it_is(case), **changes),
        version=version or case.version,
        hat=hat,
        at=AT,
        why=why,
    )


def link(case, business, hat, *, version=None):
    correcting.link(case=case, business=business, version=version or case.version, hat=hat, at=AT)


def sees(hat, case):
    return Case.objects.visible_to(hat).filter(pk=case.pk).exists()


def found(words, hat):
    return case_ids(trays.narrowed(hat, trays.Narrowing(stand=trays.Stand.ANY, words=words)))


def case_ids(rows):
    return [row.case_id for row in rows]


# ── Saying something else ───────────────────────────────────────────────────────────────────────────
def test_what_was_misheard_is_put_right_and_its_names_are_on_record(case, hat):
    topic = a_topic("融資")
    changed = correct(
        case, hat, title="借りたい", topics=[topic], urgency=Urgency.TODAY, contact={"name": "見本 花子"}
    )
    case.refresh_from_db()
    assert (case.title, case.main_topic, case.urgency, case.contact_name) == (
        "借りたい",
        topic,
        "today",
        "見本 花子",
    )
    assert list(case.topics.all()) == [topic]
    assert set(changed) == {"title", "main_topic", "topics", "urgency", "contact_name"}
    event = AuditEvent.objects.get(action="consultations.case_corrected")
    assert event.data == {"fields": sorted(changed)}


def test_it_is_found_by_what_it_says_now(case, hat):
    correct(case, hat, title="ろぼっとを入れたい")
    assert found("ろぼっと", hat) == [case.pk]
    assert found("首都圏", hat) == []


def test_nothing_new_leaves_nothing_behind(case, hat):
    assert correct(case, hat) == ()
    assert not AuditEvent.objects.filter(action="consultations.case_corrected").exists()


def test_a_case_keeps_a_title(case, hat):
    with pytest.raises(TextMissing):
        correct(case, hat, title=" ")


def test_of_two_at_once_one_is_saved_and_one_is_told(case, hat, colleague):
    theirs = Case.objects.get(pk=case.pk)
    correct(case, hat, title="一人目")
    with pytest.raises(Conflict):
        correct(theirs, colleague, title="二人目")
    with pytest.raises(Conflict):
        correct(Case.objects.get(pk=case.pk), colleague, title="二人目", version=1)
    assert Case.objects.get().title == "一人目"


def test_without_the_version_the_second_would_overwrite_the_first(case, hat, colleague):
    seen_by_the_second = Case.objects.get(pk=case.pk).version
    correct(case, hat, title="一人目")
    assert seen_by_the_second == 1
    correct(Case.objects.get(pk=case.pk), colleague, title="二人目")
    assert Case.objects.get().title == "二人目"


def test_who_was_asked_as_a_second_one_corrects_nothing_before_taking_it(case, hat, receiver):
    sent = a_referral(case, hat, receiver)
    with pytest.raises(NotAllowed):
        correct(case, receiver, title="x")
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    correct(Case.objects.get(pk=case.pk), receiver, title="借りたい")


def test_the_desk_that_a_request_reached_corrects_it_before_taking_it(hat):
    case = a_request(its_organisation(hat))
    correct(case, hat, title="借りたい")
    assert Case.objects.get().title == "借りたい"


def test_a_closed_case_stays_as_it_is(case, hat):
    told = closing.CameOfIt(outcome="sales", result="helped")
    closing.close_case(case=case, told=told, hat=hat, at=AT)
    case.refresh_from_db()
    with pytest.raises(NotAllowed):
        correct(case, hat, title="x")


# ── A secret ────────────────────────────────────────────────────────────────────────────────────────
def test_a_secret_topic_takes_the_case_from_trays_and_searches_of_the_unnamed(
    case, hat, colleague, manager, secret_topic
):
    CasePerson.objects.create(case=case, user=the_person(colleague), since=AT)  # had it before
    assert found("首都圏", colleague) == [case.pk]
    correct(case, hat, topics=[secret_topic])
    for unnamed in (colleague, manager):
        assert not sees(unnamed, case)
        assert found("首都圏", unnamed) == []
        assert case_ids(trays.lying_in(Tray.ALL, unnamed, on=TODAY)) == []
    assert sees(hat, case)
    assert not CaseWords.objects.exists()
    assert finding.cases_with("首都圏", hat) == set()
    assert list(case.people.filter(until=None).values_list("user", flat=True)) == [hat.user_id]


def test_an_ordinary_topic_would_have_left_it_there(case, hat, colleague):
    correct(case, hat, topics=[a_topic("融資")])
    assert sees(colleague, case)
    assert found("首都圏", colleague) == [case.pk]
    assert case_ids(trays.lying_in(Tray.ALL, colleague, on=TODAY)) == [case.pk]


def test_it_is_made_secret_by_hand_as_well(case, hat, colleague):
    correct(case, hat, is_secret=True)
    assert not sees(colleague, case)
    assert sees(hat, case)


def test_of_an_untaken_request_its_managers_and_who_found_out_are_named(hat, colleague, manager):
    case = a_request(its_organisation(hat))
    correct(case, hat, is_secret=True)
    assert [sees(one, case) for one in (hat, manager, colleague)] == [True, True, False]


def test_what_was_shared_by_a_general_consent_ends(case, hat, receiver):
    sent = a_referral(case, hat, receiver)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    case.refresh_from_db()
    correct(case, hat, is_secret=True)
    assert not sees(receiver, case)
    assert sees(hat, case)
    assert not case.consents.filter(withdrawn_at=None).exists()


def test_who_was_named_by_the_business_stays_with_their_adviser(case, hat, receiver):
    consent = agreed(with_all=False, organisations=[its_organisation(receiver)])
    sent = a_referral(case, hat, receiver, agreed=consent)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    other = a_hat(at=AT, organisation=its_organisation(receiver))
    case.refresh_from_db()
    correct(case, hat, is_secret=True)
    assert [sees(one, case) for one in (receiver, other)] == [True, False]


def test_without_ending_it_the_other_organisation_would_still_be_in_the_case(
    case, hat, receiver, monkeypatch
):
    monkeypatch.setattr(consenting, "end_general", lambda *_, **__: None)
    sent = a_referral(case, hat, receiver)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    case.refresh_from_db()
    correct(case, hat, is_secret=True)
    assert sees(receiver, case)


def test_a_named_manager_opens_it_again_with_a_reason(case, hat, colleague, manager):
    correct(case, hat, is_secret=True)
    CasePerson.objects.create(case=case, user=the_person(manager), since=AT)
    with pytest.raises(ReasonMissing):
        correct(case, manager, is_secret=False)
    correct(case, manager, is_secret=False, why="まちがえて選びました。")
    assert sees(colleague, case)
    assert found("首都圏", colleague) == [case.pk]
    note = Note.objects.get()
    assert (note.visibility, "まちがえて選びました。" in note.body) == ("internal", True)


def test_an_adviser_or_a_manager_who_is_not_named_does_not(case, hat, manager):
    correct(case, hat, is_secret=True)
    for somebody in (hat, manager):
        with pytest.raises(NotAllowed) as refused:
            correct(case, somebody, is_secret=False, why="x")
        assert str(refused.value) == rules.NOT_A_NAMED_MANAGER


def test_with_a_secret_topic_it_stays_secret(case, hat, secret_topic):
    correct(case, hat, topics=[secret_topic], is_secret=False)
    assert case.is_secret


# ── Whose it is ─────────────────────────────────────────────────────────────────────────────────────
def test_a_case_is_linked_to_a_business_which_everybody_at_work_knows_then(case, hat, receiver):
    sent = a_referral(case, hat, receiver)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    case.refresh_from_db()
    business = a_business(at=AT, area_code="131016", industry="09", employees=12)
    on_the_books(business, its_organisation(hat), at=AT)
    link(case, business, hat)
    assert (case.business, case.area_code, case.industry, case.employees) == (business, "131016", "09", 12)
    assert Business.objects.visible_to(receiver).get() == business
    event = AuditEvent.objects.get(action="consultations.case_corrected")
    assert event.data == {"fields": ["area_code", "business", "employees", "industry"]}


def test_a_new_business_is_registered_with_the_link_or_not_at_all(case, hat):
    link(case, {"name": "例示工房", "corporate_number": NUMBER}, hat)
    assert Business.objects.visible_to(hat).get() == case.business
    other = a_taken_case(a_hat(at=AT, organisation=an_organisation("丙")))
    with pytest.raises(RegisteredElsewhere):
        link(other, {"name": "例示工房", "corporate_number": NUMBER}, the_hat_of(other))
    assert Business.objects.count() == 1


def the_hat_of(case):
    adviser = case.involvements.get().adviser
    return hat_of(adviser, chosen=Membership.objects.get(user=adviser).pk, at=AT)


def test_talks_before_and_after_the_link_are_those_of_one_business(case, hat):
    for _ in range(2):
        recording.record_consultation(
            involvement=the_involvement(case, hat),
            talk=Talk(channel=Channel.DESK, held_on=date(2026, 11, 30)),
            hat=hat,
            at=AT,
        )
        case.refresh_from_db()
        if case.business is None:
            link(case, {"name": "例示工房"}, hat)
    assert Consultation.objects.values("counted_as").distinct().count() == 1
    assert set(Consultation.objects.values_list("business", flat=True)) == {case.business_id}


def test_a_wrong_link_leaves_the_books_of_the_others(case, hat, receiver):
    sent = a_referral(case, hat, receiver)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    case.refresh_from_db()
    wrong, right = a_business("まちがい", at=AT), a_business("ほんもの", at=AT)
    link(case, wrong, hat)
    link(case, right, hat)
    assert list(Business.objects.visible_to(receiver)) == [right]
    assert Custody.objects.filter(business=wrong, organisation=hat.organisation_id, ended_at=None).exists()


def test_a_link_and_a_correction_at_once_are_one_and_a_conflict(case, hat, colleague):
    theirs = Case.objects.get(pk=case.pk)
    correct(case, hat, title="一人目")
    with pytest.raises(Conflict):
        link(theirs, {"name": "例示工房"}, colleague)
    assert not Business.objects.exists()


# ── parted from a wrong business ────────────────────────────────────────────────────────────────────
def unlink(case, hat, *, version=None):
    correcting.unlink(case=case, version=version or case.version, hat=hat, at=AT)


def talk(case, hat):
    told = Talk(channel=Channel.DESK, held_on=date(2026, 11, 30))
    recording.record_consultation(involvement=the_involvement(case, hat), talk=told, hat=hat, at=AT)


def test_a_case_is_parted_from_a_wrong_business_with_its_talks(case, hat):
    wrong = a_business("まちがい", at=AT, industry="58")
    link(case, wrong, hat)
    talk(case, hat)
    unlink(case, hat)
    assert (case.business, case.industry) == (None, "58")
    row = Consultation.objects.get()
    assert (row.business, row.counted_as) == (None, -case.pk)
    event = AuditEvent.objects.filter(action="consultations.case_corrected").order_by("pk").last()
    assert event.data == {"fields": ["business"]}


def test_who_acts_for_the_wrong_business_no_longer_reads_the_case(case, hat):
    wrong, person = a_business("まちがい", at=AT), a_person(at=AT)
    a_business_member(wrong, person, at=AT)
    link(case, wrong, hat)
    assert Case.objects.of_person(own_hat(person, at=AT)).exists()
    unlink(case, hat)
    assert not Case.objects.of_person(own_hat(person, at=AT)).exists()


def test_the_wrong_business_leaves_the_books_of_who_knew_it_by_this_case(case, hat, receiver):
    moves.take(involvement=a_referral(case, hat, receiver), adviser=the_person(receiver), hat=receiver, at=AT)
    case.refresh_from_db()
    known, unknown = a_business("前から", at=AT), a_business("まちがい", at=AT)
    on_the_books(known, its_organisation(hat), at=AT)
    for wrong in (known, unknown):
        link(case, wrong, hat)
        unlink(case, hat)
    assert list(Business.objects.visible_to(receiver)) == []
    assert list(Business.objects.visible_to(hat)) == [known]


def test_only_who_may_correct_a_case_parts_it_and_by_the_version_they_saw(case, hat, receiver):
    link(case, a_business("まちがい", at=AT), hat)
    with pytest.raises(NotAllowed):
        unlink(case, receiver)
    with pytest.raises(Conflict):
        unlink(case, hat, version=case.version - 1)
    case.refresh_from_db()
    assert case.business is not None


def test_a_case_of_nobody_is_parted_from_nobody(case, hat):
    unlink(case, hat)
    assert not AuditEvent.objects.filter(action="consultations.case_corrected").exists()
