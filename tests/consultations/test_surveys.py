"""The question how things went: sent once, in office hours, to those who can be reached, to nobody else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.models import QuerySet

from madoguchi.consultations import tasks
from madoguchi.consultations.kinds import FollowUpKind, Outcome, Result
from madoguchi.consultations.models import Case, FollowUp, Link
from madoguchi.consultations.operations import closing, planning, surveying
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail import stops
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Mail
from madoguchi.mail.operations import delivering, sending
from madoguchi.mail.states import MailState
from tests.accounts.people import a_hat, a_person, an_organisation
from tests.businesses.businesses import a_business
from tests.consultations.cases import AT, a_taken_case, a_topic

pytestmark = pytest.mark.django_db
# Closed on 30 November 2026 (AT).
AFTER_3, AFTER_12 = date(2027, 2, 28), date(2027, 11, 30)
LATER = datetime(2027, 3, 1, 3, tzinfo=UTC)
OWNER = "owner@example.jp"


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation())


def a_closed_case(hat, *, email: str = OWNER, **changes) -> Case:
    case = a_taken_case(hat, contact={"email": email}, **changes)
    closing.close_case(case=case, told=CameOfIt(Outcome.SALES, Result.HELPED), hat=hat, at=AT)
    return case


def ask(on=AFTER_3):
    return closing.ask_businesses(on=on, at=LATER)


def asked():
    return sorted(Mail.objects.filter(kind="consultations.survey").values_list("to", flat=True))


def test_a_business_is_asked_on_the_day_and_not_before(hat):
    case = a_closed_case(hat)
    assert ask(date(2027, 2, 27)) == 0
    assert ask() == 1
    mail = Mail.objects.get(kind="consultations.survey")
    assert (mail.to, mail.series) == (OWNER, Series.FOLLOW_UP)
    assert case.title not in mail.text
    [secret] = [word.split("/")[-2] for word in mail.text.split() if "/consult/survey/" in word]
    assert surveying.open_survey(secret=secret, at=LATER).case == case
    event = AuditEvent.objects.get(action="consultations.survey_sent")
    assert (event.subject_id, event.organisation_id) == (str(case.pk), str(hat.organisation_id))


def test_it_is_asked_once_and_again_after_a_year(hat):
    a_closed_case(hat)
    assert [ask(), ask()] == [1, 0]
    assert [ask(AFTER_12), ask(AFTER_12)] == [1, 0]
    assert asked() == [OWNER, OWNER]


def test_what_the_adviser_asked_by_hand_is_not_asked_by_mail(hat):
    a_closed_case(hat)
    first, second = FollowUp.objects.order_by("due_on")
    closing.make_survey_link(follow_up=first, hat=hat, at=AT)
    planning.end_follow_up(follow_up=second, hat=hat, at=AT)
    assert ask(AFTER_12) == 0


def test_a_day_for_a_call_asks_nobody(hat):
    case = a_taken_case(hat, contact={"email": OWNER})
    planning.plan_follow_up(case=case, due_on=AFTER_3, hat=hat, at=AT)
    assert FollowUp.objects.get().kind == FollowUpKind.CONTACT
    assert ask() == 0


def test_many_without_an_address_block_nobody(hat, monkeypatch):
    monkeypatch.setattr(closing, "_AT_ONCE", 2)
    for _ in range(5):
        a_closed_case(hat, email="")
    for email in ("a@example.jp", "b@example.jp", "c@example.jp"):
        a_closed_case(hat, email=email)
    assert [ask(), ask(), ask()] == [2, 1, 0]
    assert asked() == ["a@example.jp", "b@example.jp", "c@example.jp"]


def test_looking_for_those_who_can_be_asked_costs_nothing_for_those_who_cannot(
    hat, django_assert_num_queries
):
    for _ in range(3):
        a_closed_case(hat, email="")
    with django_assert_num_queries(1):
        ask()


def test_the_address_of_the_business_serves_where_the_case_has_none(hat):
    business = a_business(at=AT, email="shop@example.jp")
    a_closed_case(hat, email="", business=business)
    a_closed_case(hat, email=OWNER, business=business)
    assert ask() == 2
    assert asked() == [OWNER, "shop@example.jp"]


def test_a_person_with_an_account_is_asked_at_the_address_of_the_account(hat):
    person = a_person(at=AT)
    a_closed_case(hat, requester=person)
    ask()
    assert asked() == [person.email]


def test_a_secret_case_is_never_told_to_the_common_address_of_a_business(hat):
    secret, business = a_topic("事業承継", is_secret=True), a_business(at=AT, email="shop@example.jp")
    a_closed_case(hat, email="", business=business, topics=[secret])
    assert ask() == 0
    a_closed_case(hat, email=OWNER, business=business, topics=[secret])
    assert ask() == 1
    assert asked() == [OWNER]


def test_without_its_secrecy_the_common_address_would_be_used(hat):
    secret, business = a_topic("事業承継", is_secret=True), a_business(at=AT, email="shop@example.jp")
    case = a_closed_case(hat, email="", business=business, topics=[secret])
    Case.objects.filter(pk=case.pk).update(is_secret=False)
    assert ask() == 1


@pytest.mark.parametrize("changes", [{"held_because": "x"}, {"erased_at": AT}])
def test_of_a_held_or_erased_case_nobody_is_asked(hat, changes):
    case = a_closed_case(hat)
    Case.objects.filter(pk=case.pk).update(**changes)
    assert ask() == 0


def test_of_a_case_that_was_opened_again_nobody_is_asked(hat):
    case = a_closed_case(hat)
    closing.reopen_case(case=case, hat=hat, at=AT)
    assert ask(AFTER_12) == 0
    assert not Link.objects.exists()


def test_a_case_that_is_opened_while_the_worker_asks_stops_nothing(hat, monkeypatch):
    case, ask_one = a_closed_case(hat), closing._ask
    a_closed_case(hat, email="other@example.jp")

    def after_reopening(pk, *, at):
        if Case.objects.filter(pk=case.pk).exclude(closed_at=None).exists():
            closing.reopen_case(case=case, hat=hat, at=AT)
        return ask_one(pk, at=at)

    monkeypatch.setattr(closing, "_ask", after_reopening)
    assert ask() == 1
    assert asked() == ["other@example.jp"]


def test_who_stopped_these_mails_gets_none(hat):
    a_closed_case(hat)
    sending.stop(way=stops.Way(recipient_hash(OWNER), Series.FOLLOW_UP), at=AT)
    ask()
    mail = Mail.objects.get(kind="consultations.survey")
    delivering.deliver(mail_id=mail.pk, at=LATER)
    mail.refresh_from_db()
    assert (mail.state, mail.text) == (MailState.STOPPED, "")


@pytest.mark.parametrize(
    ("local", "works"),
    [
        ((2027, 3, 1, 9), True),
        ((2027, 3, 1, 7), False),
        ((2027, 3, 1, 18), False),
        ((2027, 2, 28, 10), False),
    ],
)
def test_businesses_are_asked_in_office_hours(hat, local, works):
    a_closed_case(hat)
    with time_machine.travel(datetime(*local, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        assert tasks.ask_businesses() == works


def ask_side_by_side(monkeypatch, hat):
    """Two workers that have both found the same business before one asks it."""
    a_closed_case(hat)
    both, ask_one = threading.Barrier(2, timeout=30), closing._ask

    def together(pk, *, at):
        both.wait()
        return ask_one(pk, at=at)

    monkeypatch.setattr(closing, "_ask", together)

    def work(_number):
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(work, range(2)))


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_asks(monkeypatch, hat):
    assert ask_side_by_side(monkeypatch, hat) == 1
    assert (len(asked()), Link.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_looking_again_both_would(monkeypatch, hat):
    filter_as_told = QuerySet.filter

    def without_asked_at(rows, *conditions, **named):
        named.pop("asked_at", None)
        return filter_as_told(rows, *conditions, **named)

    monkeypatch.setattr(QuerySet, "filter", without_asked_at)
    assert ask_side_by_side(monkeypatch, hat) == 2
