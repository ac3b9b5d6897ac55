"""約束: made, moved and cancelled, with a mail that every calendar understands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.db import IntegrityError, transaction

from madoguchi.consultations.errors import (
    AppointmentEndsFirst,
    AppointmentPast,
    DayTooFar,
    NotAllowed,
    NotAMember,
)
from madoguchi.consultations.kinds import Outcome, Result
from madoguchi.consultations.models import Appointment
from madoguchi.consultations.operations import appointing, closing, handing_over, moves
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.queries import appointments
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.appointments import STARTS_AT, a_passed_appointment, an_appointment, told
from tests.consultations.cases import (
    AT,
    a_referral,
    a_taken_case,
    a_topic,
    its_organisation,
    the_involvement,
    the_person,
)

pytestmark = pytest.mark.django_db
SHOP = "shop@example.jp"


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("みほん商工会"))


@pytest.fixture
def case(hat):
    return a_taken_case(hat, contact={"name": "三本 花子", "email": SHOP})


@pytest.fixture
def secret(hat):
    topic = a_topic("事業承継", is_secret=True)
    return a_taken_case(
        hat, topics=[topic], title="後継ぎの相談", contact={"name": "三本 花子", "email": SHOP}
    )


def test_an_appointment_years_ahead_is_refused(case, hat):
    far = STARTS_AT + timedelta(days=3 * 366)
    with pytest.raises(DayTooFar):
        an_appointment(case, hat, starts_at=far, ends_at=far + timedelta(hours=1))


def mails(to=SHOP):
    return list(Mail.objects.filter(to=to, kind__contains="appointment").order_by("pk"))


def the_entry(mail):
    return next(iter(icalendar.Calendar.from_ical(mail.invitation).walk("VEVENT")))


def actions():
    rows = AuditEvent.objects.filter(action__contains="appointment").order_by("pk")
    return [row.action.removeprefix("consultations.appointment_") for row in rows]


def test_an_appointment_is_mailed_to_the_business_and_to_the_adviser(hat, case):
    appointment = an_appointment(case, hat)
    (to_shop,), (to_adviser,) = mails(), mails(the_person(hat).email)
    entry = the_entry(to_shop)
    assert (entry["uid"], entry["sequence"]) == (appointment.uid, 0)
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (appointment.starts_at, appointment.ends_at)
    assert (entry["location"], entry["attendee"]) == ("みほん町1-2", f"mailto:{SHOP}")
    assert "決算書" in to_shop.text
    assert case.title not in to_shop.text + to_adviser.text
    assert the_entry(to_adviser)["uid"] == appointment.uid
    assert case.number in the_entry(to_adviser)["summary"]
    assert to_shop.series == ""
    assert actions() == ["made"]


def test_the_hours_are_those_of_tokyo(hat, case):
    an_appointment(
        case,
        hat,
        starts_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        ends_at=datetime(2027, 1, 1, 1, 0, tzinfo=UTC),
    )
    (mail,) = mails()
    assert "1月1日" in mail.text
    assert "08:30〜10:00" in mail.text


def test_without_an_address_the_adviser_alone_is_told(hat):
    an_appointment(a_taken_case(hat, contact={"name": "三本 花子"}), hat)
    assert mails() == []
    assert len(mails(the_person(hat).email)) == 1


WORDS_OF_THE_MATTER = ("事業承継", "後継ぎ", "みほん町", "決算書", "みほん商工会")


def words_told(to=SHOP):
    """All that mails of appointments say, their calendar files included."""
    return "".join(
        mail.subject + mail.text + mail.html + mail.invitation.replace("\r\n ", "") for mail in mails(to)
    )


def test_mail_of_a_secret_case_names_nothing_of_its_topic(hat, secret):
    appointment = an_appointment(secret, hat)
    appointing.move(appointment=appointment, told=told(hat, place="みほん町3"), sequence=0, hat=hat, at=AT)
    appointing.cancel(appointment=appointment, sequence=1, hat=hat, at=AT)
    assert len(mails()) == 3
    for to in (SHOP, the_person(hat).email):
        assert not [word for word in WORDS_OF_THE_MATTER if word in words_told(to)]


def test_the_same_mail_of_a_plain_case_names_place_and_organisation(hat, case):
    an_appointment(case, hat)
    assert [word for word in WORDS_OF_THE_MATTER if word in words_told()] == [
        "みほん町",
        "決算書",
        "みほん商工会",
    ]


def test_moving_keeps_the_uid_and_raises_the_sequence(hat, case):
    appointment = an_appointment(case, hat)
    later = told(hat, starts_at=STARTS_AT + timedelta(days=1), ends_at=STARTS_AT + timedelta(days=1, hours=2))
    appointing.move(appointment=appointment, told=later, sequence=0, hat=hat, at=AT)
    entry = the_entry(mails()[-1])
    assert (entry["uid"], entry["sequence"]) == (appointment.uid, 1)
    assert entry["dtstart"].dt == later.starts_at
    assert actions() == ["made", "moved"]


def test_another_adviser_is_asked_and_the_first_one_let_go(hat, case):
    colleague = a_hat(at=AT, organisation=its_organisation(hat))
    appointment = an_appointment(case, hat)
    appointing.move(appointment=appointment, told=told(colleague), sequence=0, hat=hat, at=AT)
    (asked,) = mails(the_person(colleague).email)
    assert the_entry(asked)["status"] == "CONFIRMED"
    assert the_entry(mails(the_person(hat).email)[-1])["status"] == "CANCELLED"


def test_cancelling_takes_it_out_of_the_calendars_and_off_the_page(hat, case):
    appointment = an_appointment(case, hat)
    appointing.cancel(appointment=appointment, sequence=0, hat=hat, at=AT)
    entry = the_entry(mails()[-1])
    assert (entry["status"], entry["sequence"]) == ("CANCELLED", 1)
    assert appointments.ahead(case, at=AT) == []
    assert actions() == ["made", "cancelled"]


def test_who_saw_an_older_state_changes_nothing(hat, case):
    appointment = an_appointment(case, hat)
    appointing.move(appointment=appointment, told=told(hat, place="一階"), sequence=0, hat=hat, at=AT)
    with pytest.raises(Conflict):
        appointing.move(appointment=appointment, told=told(hat, place="二階"), sequence=0, hat=hat, at=AT)
    with pytest.raises(Conflict):
        appointing.cancel(appointment=appointment, sequence=0, hat=hat, at=AT)
    appointment.refresh_from_db()
    assert (appointment.place, appointment.sequence, appointment.cancelled_at) == ("一階", 1, None)
    assert len(mails()) == 2


def test_without_comparing_the_second_would_win(hat, case, monkeypatch):
    def set_without_comparing(appointment, _sequence, **columns):
        Appointment.objects.filter(pk=appointment.pk).update(**columns)
        appointment.refresh_from_db()

    monkeypatch.setattr(appointing, "_set", set_without_comparing)
    appointment = an_appointment(case, hat)
    appointing.move(appointment=appointment, told=told(hat, place="一階"), sequence=0, hat=hat, at=AT)
    appointing.move(appointment=appointment, told=told(hat, place="二階"), sequence=0, hat=hat, at=AT)
    assert appointment.place == "二階"


def test_a_form_sent_twice_makes_one(hat, case):
    made = [
        appointing.make(case=case, told=told(hat), hat=hat, at=AT, once="once-1") for _sending in range(2)
    ]
    assert made[0] == made[1]
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "error"),
    [(-60, 60, AppointmentPast), (0, 60, AppointmentPast), (60, 60, AppointmentEndsFirst)],
)
def test_a_time_that_cannot_be_is_refused(hat, case, starts_in, ends_in, error):
    times = {
        "starts_at": AT + timedelta(minutes=starts_in),
        "ends_at": AT + timedelta(minutes=ends_in),
    }
    with pytest.raises(error):
        an_appointment(case, hat, **times)


def test_a_period_that_ends_first_is_refused_by_the_database_as_well(hat, case):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_passed_appointment(case, hat, starts_at=AT, ends_at=AT)


def test_only_who_works_there_meets_the_business(hat, case):
    with pytest.raises(NotAMember):
        an_appointment(case, hat, adviser=the_person(a_hat(at=AT, organisation=an_organisation("乙"))))


def test_in_a_secret_case_only_named_people_do(hat, secret):
    colleague = a_hat(at=AT, organisation=its_organisation(hat))
    with pytest.raises(NotAMember):
        an_appointment(secret, hat, adviser=the_person(colleague))
    handing_over.name_person(case=secret, user=the_person(colleague), hat=hat, at=AT)
    assert an_appointment(secret, hat, adviser=the_person(colleague)).adviser == the_person(colleague)


def test_another_organisation_does_not_change_it(hat, case):
    other = a_hat(at=AT, organisation=an_organisation("乙"))
    appointment = an_appointment(case, hat)
    moves.take(involvement=a_referral(case, hat, other), adviser=the_person(other), hat=other, at=AT)
    with pytest.raises(NotAllowed):
        appointing.cancel(appointment=appointment, sequence=0, hat=other, at=AT)
    assert appointments.own(case, other, appointment.pk) is None
    assert appointments.own(case, hat, appointment.pk) == appointment


def test_closing_a_case_cancels_what_is_ahead_and_leaves_what_was(hat, case):
    ahead = an_appointment(case, hat)
    passed = a_passed_appointment(case, hat, starts_at=AT - timedelta(days=1))
    ended = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)
    closing.close_case(case=case, told=ended, hat=hat, at=AT)
    for each in (ahead, passed):
        each.refresh_from_db()
    assert (ahead.cancelled_at, passed.cancelled_at) == (AT, None)
    assert the_entry(mails()[-1])["status"] == "CANCELLED"
    assert len(mails()) == 2


def test_an_organisation_that_is_done_cancels_its_own_alone(hat, case):
    other = a_hat(at=AT, organisation=an_organisation("乙"))
    moves.take(involvement=a_referral(case, hat, other), adviser=the_person(other), hat=other, at=AT)
    own, theirs = an_appointment(case, hat), an_appointment(case, other)
    involvement = the_involvement(case, other)
    moves.finish(involvement=involvement, result=Result.HELPED, note="", hat=other, at=AT)
    assert appointments.ahead(case, at=AT) == [own]
    theirs.refresh_from_db()
    assert theirs.cancelled_at == AT


def test_overlapping_ones_of_an_adviser_are_found_and_touching_ones_are_not(hat, case):
    first = an_appointment(case, hat)
    another = a_taken_case(hat)
    across = an_appointment(
        another, hat, starts_at=first.ends_at - timedelta(minutes=1), ends_at=first.ends_at + timedelta(1)
    )
    an_appointment(another, hat, starts_at=AT + timedelta(1), ends_at=first.starts_at)
    an_appointment(another, hat, starts_at=across.ends_at, ends_at=across.ends_at + timedelta(hours=1))
    assert appointments.at_same_time(first) == [across]
    colleague = a_hat(at=AT, organisation=its_organisation(hat))
    assert appointments.at_same_time(replaced(first, colleague)) == []


def replaced(appointment, hat):
    appointing.move(
        appointment=appointment,
        told=replace(told(hat), starts_at=appointment.starts_at, ends_at=appointment.ends_at),
        sequence=appointment.sequence,
        hat=hat,
        at=AT,
    )
    return appointment


# ── handed over with the case ───────────────────────────────────────────────────────────────────────
@pytest.fixture
def colleague(hat):
    return a_hat(at=AT, organisation=its_organisation(hat))


def hand_over(case, hat, to):
    handing_over.hand_over(involvement=the_involvement(case, hat), to=the_person(to), hat=hat, at=AT)


def test_with_the_case_a_colleague_takes_over_what_was_agreed(hat, case, colleague):
    appointment = an_appointment(case, hat)
    hand_over(case, hat, colleague)
    appointment.refresh_from_db()
    assert (appointment.adviser, appointment.sequence) == (the_person(colleague), 1)
    assert actions() == ["made", "moved"]


def test_the_business_and_both_advisers_are_told_with_a_new_calendar_file(hat, case, colleague):
    appointment = an_appointment(case, hat)
    hand_over(case, hat, colleague)
    to_shop, to_new, to_old = (
        mails(address)[-1] for address in (SHOP, the_person(colleague).email, the_person(hat).email)
    )
    assert "担当が変わりました。お約束の日時と場所は、変わりません。" in to_shop.text
    for mail, status in ((to_shop, None), (to_new, None), (to_old, "CANCELLED")):
        entry = the_entry(mail)
        assert (entry["uid"], entry["sequence"], entry.get("status") == "CANCELLED") == (
            appointment.uid,
            1,
            status == "CANCELLED",
        )
        assert entry["dtstart"].dt == appointment.starts_at


def test_what_is_over_or_a_colleagues_own_stays_with_who_had_it(hat, case, colleague):
    third = a_hat(at=AT, organisation=its_organisation(hat))
    passed = a_passed_appointment(case, hat, starts_at=AT - timedelta(days=1))
    theirs = an_appointment(case, hat, adviser=the_person(third))
    hand_over(case, hat, colleague)
    passed.refresh_from_db()
    theirs.refresh_from_db()
    assert (passed.adviser, theirs.adviser) == (the_person(hat), the_person(third))
    assert actions() == ["made"]


def test_in_a_secret_case_the_colleague_is_named_and_the_mail_says_no_more(hat, secret, colleague):
    appointment = an_appointment(secret, hat)
    hand_over(secret, hat, colleague)
    appointment.refresh_from_db()
    assert appointment.adviser == the_person(colleague)
    assert "みほん町" not in mails()[-1].text
