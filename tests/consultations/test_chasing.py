"""Who does not answer is reminded: each step once, each person once a week, nobody after the answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from madoguchi.accounts.roles import Role
from madoguchi.consultations import tasks
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.models import Chase, Involvement, Policy
from madoguchi.consultations.operations import chasing, moves
from madoguchi.foundation.audit import ANONYMOUS
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail import stops
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Mail
from madoguchi.mail.operations import delivering, sending
from madoguchi.mail.states import MailState
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import (
    AT,
    a_referral,
    a_request,
    a_taken_case,
    a_topic,
    its_organisation,
    the_involvement,
    the_person,
)

pytestmark = pytest.mark.django_db

# Sent on Monday, 30 November 2026 (AT): the steps of the usual ladder fall on these days.
THIRD, SEVENTH, FOURTEENTH = date(2026, 12, 3), date(2026, 12, 9), date(2026, 12, 18)


@pytest.fixture
def sender():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def receiver():
    return a_hat(at=AT, organisation=an_organisation("乙"))


@pytest.fixture
def manager(receiver):
    return a_hat(at=AT, organisation=its_organisation(receiver), role=Role.MANAGER)


def run(on):
    return chasing.chase(on=on, at=AT, access_at=AT)


def run_on(day):
    """The same with the time of that day."""
    return chasing.chase(on=day, at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC), access_at=AT)


def series_of(hat):
    """Which of the mails of a person they may stop, in their order."""
    mails = Mail.objects.filter(kind="consultations.digest", user_id=str(hat.user_id)).order_by("pk")
    return list(mails.values_list("series", flat=True))


def digests():
    mails = Mail.objects.filter(kind="consultations.digest").order_by("pk")
    return [(int(mail.user_id), mail.text) for mail in mails]


def told():
    return sorted(user for user, _text in digests())


def test_nothing_happens_before_the_first_step(sender, receiver):
    a_referral(a_taken_case(sender), sender, receiver)
    assert run(THIRD - timedelta(days=1)) == 0
    assert not Chase.objects.exists()


def test_the_desk_is_told_the_numbers_and_nothing_more(sender, receiver):
    case = a_taken_case(sender)
    a_referral(case, sender, receiver)
    assert run(THIRD) == 1
    [(user, text)] = digests()
    assert user == receiver.user_id
    assert case.number in text
    assert case.title not in text


def test_the_numbers_stand_below_the_sentence_that_they_belong_to(sender, receiver):
    cases = [a_taken_case(sender) for _ in range(2)]
    for case in cases:
        a_referral(case, sender, receiver)
    run(THIRD)
    [(_user, text)] = digests()
    assert f"。\n{cases[0].number}\n{cases[1].number}\n" in text
    assert "。：" not in text


def test_each_step_is_on_record_once(sender, receiver):
    case = a_taken_case(sender)
    sent = a_referral(case, sender, receiver)
    for _ in range(2):
        run(THIRD)
    event = AuditEvent.objects.get(action="consultations.chased")
    assert (event.subject_id, event.data) == (str(case.pk), {"involvement": sent.pk, "step": 1})


def test_running_again_and_again_changes_nothing(sender, receiver):
    a_referral(a_taken_case(sender), sender, receiver)
    for on in (THIRD, THIRD, THIRD + timedelta(days=1)):
        run(on)
    assert (Chase.objects.count(), len(digests())) == (1, 1)


def test_one_mail_a_week_lists_everything_that_waits(sender, receiver):
    cases = [a_taken_case(sender, title=f"案件{n}") for n in range(3)]
    for case in cases:
        a_referral(case, sender, receiver)
    run(THIRD)
    [(_user, text)] = digests()
    assert all(case.number in text for case in cases)


def test_the_manager_is_told_at_the_second_step(sender, receiver, manager):
    a_referral(a_taken_case(sender), sender, receiver, at=AT)
    Involvement.objects.filter(organisation=receiver.organisation_id).update(adviser=receiver.user_id)
    run(THIRD)
    assert told() == [receiver.user_id]
    run(SEVENTH)
    assert told() == sorted([receiver.user_id, receiver.user_id, manager.user_id])


def test_the_sender_is_told_at_the_last_step(sender, receiver):
    a_referral(a_taken_case(sender), sender, receiver)
    run(FOURTEENTH)
    assert sender.user_id in told()
    assert Chase.objects.count() == 4


def test_a_pause_of_the_worker_leaves_no_step_out_and_sends_one_mail(sender, receiver, manager):
    a_referral(a_taken_case(sender), sender, receiver)
    assert run(FOURTEENTH) == 4
    # Without an adviser the managers are asked; the first step and the second meet in one mail.
    assert told() == sorted([manager.user_id, sender.user_id])


# ── Managers and senders, who answer for what waits ──
MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 21)


@pytest.fixture
def two_waiting(sender, receiver, manager):
    """Two referrals at an adviser, whose managers' step falls on Monday and on Tuesday; their numbers."""
    found = []
    for day in (3, 4):
        case = a_taken_case(sender)
        a_referral(case, sender, receiver, at=datetime(2026, 12, day, 3, tzinfo=UTC))
        found.append(case.number)
    Involvement.objects.filter(organisation=receiver.organisation_id).update(adviser=receiver.user_id)
    return found


def texts_of(hat):
    return [text for user, text in digests() if user == hat.user_id]


def test_a_manager_told_on_monday_hears_of_tuesdays_step_the_same_week(two_waiting, receiver, manager):
    first, second = two_waiting
    run_on(MONDAY)
    run_on(MONDAY)
    [text] = texts_of(manager)
    assert (first in text, second in text) == (True, False)
    run_on(TUESDAY)
    run_on(TUESDAY)
    _first, text = texts_of(manager)
    assert (first in text, second in text) == (True, True)
    # The desk itself has its one mail of the week.
    assert len(texts_of(receiver)) == 1


def test_without_a_new_step_a_manager_is_reminded_once_a_week(two_waiting, manager):
    for day in (MONDAY, TUESDAY, date(2026, 12, 16), NEXT_MONDAY, date(2026, 12, 22)):
        run_on(day)
    assert len(texts_of(manager)) == 3


def test_an_answer_to_the_newest_brings_no_mail_about_the_older_ones(two_waiting, receiver, manager):
    run_on(MONDAY)
    run_on(TUESDAY)
    newest = Involvement.objects.filter(organisation=receiver.organisation_id).latest("sent_at")
    moves.take(involvement=newest, adviser=the_person(receiver), hat=receiver, at=AT)
    run_on(TUESDAY)
    assert len(texts_of(manager)) == 2


def test_managers_and_senders_cannot_stop_what_they_answer_for(two_waiting, sender, receiver, manager):
    run_on(date(2026, 12, 28))
    assert series_of(receiver) == ["digest"]
    assert series_of(manager) == series_of(sender) == [""]
    for hat in (receiver, manager):
        sending.stop(way=stops.Way(recipient_hash(the_person(hat).email), Series.DIGEST), at=AT)
    for mail in Mail.objects.filter(kind="consultations.digest"):
        delivering.deliver(mail_id=mail.pk, at=AT)
    sent = dict(Mail.objects.filter(kind="consultations.digest").values_list("user_id", "state"))
    assert sent[str(receiver.user_id)] == MailState.STOPPED
    assert sent[str(manager.user_id)] == MailState.SENT


def test_an_answer_dissolves_what_would_have_come(sender, receiver):
    sent = a_referral(a_taken_case(sender), sender, receiver)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    assert run(FOURTEENTH) == 0
    assert digests() == []


def test_an_answer_between_two_steps_ends_the_reminders(sender, receiver):
    sent = a_referral(a_taken_case(sender), sender, receiver)
    run(THIRD)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    run(SEVENTH)
    assert (Chase.objects.count(), len(digests())) == (1, 1)


def test_an_answer_that_comes_while_the_ladder_is_climbed_is_not_overlooked(sender, receiver, monkeypatch):
    sent = a_referral(a_taken_case(sender), sender, receiver)
    below = chasing.waiting.below

    def then_answered(height):
        found = below(height)
        moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
        return found

    monkeypatch.setattr(chasing.waiting, "below", then_answered)
    assert run(FOURTEENTH) == 0
    assert digests() == []


def test_the_business_is_told_once_that_nobody_has_taken_its_case(receiver):
    case = a_request(its_organisation(receiver), contact={"email": "owner@example.jp"})
    run(SEVENTH)
    run(FOURTEENTH)
    mail = Mail.objects.get(kind="consultations.not_yet_taken")
    assert (mail.to, mail.subject_id) == ("owner@example.jp", str(case.pk))
    assert "まだ引き受け手がありません" in mail.text


def test_a_business_whose_case_somebody_works_on_is_not_alarmed(sender, receiver):
    case = a_taken_case(sender, contact={"email": "owner@example.jp"})
    a_referral(case, sender, receiver)
    run(SEVENTH)
    assert not Mail.objects.filter(kind="consultations.not_yet_taken").exists()


def test_of_a_secret_case_the_named_people_alone_are_told(sender, receiver, manager):
    case = a_taken_case(sender, topics=[a_topic("事業承継", is_secret=True)])
    a_referral(case, sender, receiver, people=[the_person(receiver)])
    run(FOURTEENTH)
    assert manager.user_id not in told()
    assert receiver.user_id in told()


def test_a_case_that_is_held_or_closed_reminds_nobody(receiver):
    from madoguchi.consultations.models import Case

    case = a_request(its_organisation(receiver))
    Case.objects.filter(pk=case.pk).update(state="held", held_because="x")
    assert run(FOURTEENTH) == 0


def test_the_ladder_is_the_regions(sender, receiver):
    Policy.objects.create(
        promised_days=1,
        chasing=[{"after_business_days": 1, "to": "desk", "text": "きのうからです。"}],
        retention_years=5,
        content_hash="",
    )
    a_referral(a_taken_case(sender), sender, receiver)
    assert run(date(2026, 12, 1)) == 1
    assert "きのうからです。" in Mail.objects.get(kind="consultations.digest").text


@pytest.mark.parametrize(
    ("local", "works"),
    [
        ((2026, 12, 3, 9), True),
        ((2026, 12, 3, 5), False),
        ((2026, 12, 3, 22), False),
        ((2026, 12, 5, 10), False),
        ((2026, 12, 30, 10), False),
    ],
)
def test_reminders_go_out_in_office_hours(sender, receiver, local, works):
    a_referral(a_taken_case(sender), sender, receiver)
    with time_machine.travel(datetime(*local, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        tasks.chase()
    assert Chase.objects.exists() is works


def test_a_shifted_clock_climbs_by_the_day_it_believes_in(sender, receiver, settings):
    then = datetime(2023, 11, 6, 3, tzinfo=ZoneInfo("UTC"))
    a_referral(a_taken_case(sender), sender, receiver, at=then)
    with time_machine.travel(datetime(2026, 12, 3, 9, tzinfo=ZoneInfo("Asia/Tokyo")), tick=False):
        settings.TODAY = date(2023, 11, 8)
        tasks.chase()
        assert not Chase.objects.exists()
        settings.TODAY = date(2023, 11, 9)
        tasks.chase()
    assert Chase.objects.count() == 1


def test_the_ladder_costs_the_same_for_one_referral_and_for_twenty(
    sender, receiver, django_assert_num_queries
):
    def climb_again():
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            run(THIRD)
        return len(queries)

    a_referral(a_taken_case(sender), sender, receiver)
    run(THIRD)
    for_one = climb_again()
    for _ in range(19):
        a_referral(a_taken_case(sender), sender, receiver)
    run(THIRD)
    assert climb_again() == for_one


def climb_side_by_side(monkeypatch, sender, receiver):
    """Two workers that have both read the same referral before one takes the step."""
    a_referral(a_taken_case(sender), sender, receiver)
    both, below = threading.Barrier(2, timeout=30), chasing.waiting.below

    def together(height):
        found = below(height)
        both.wait()
        return found

    monkeypatch.setattr(chasing.waiting, "below", together)

    def climb(_number):
        try:
            return run(THIRD)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(climb, range(2)))


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_takes_a_step(monkeypatch, sender, receiver):
    assert climb_side_by_side(monkeypatch, sender, receiver) == 1
    assert (Chase.objects.count(), len(digests())) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_row_both_would(monkeypatch, sender, receiver):
    monkeypatch.setattr(chasing.Chase.objects, "create", lambda **_columns: None)
    assert climb_side_by_side(monkeypatch, sender, receiver) == 2


# ── the business asks ──


def nudge(involvement, on):
    chasing.nudge(involvement=involvement, by=ANONYMOUS, on=on, at=AT)


def test_a_business_asks_for_its_answer_after_the_promised_day(receiver):
    case = a_request(its_organisation(receiver))
    involvement = the_involvement(case, receiver)
    with pytest.raises(NotAllowed):
        nudge(involvement, THIRD)
    nudge(involvement, THIRD + timedelta(days=1))
    assert Mail.objects.get(kind="consultations.nudged").user_id == str(receiver.user_id)
    assert AuditEvent.objects.filter(action="consultations.nudged").count() == 1


def test_it_asks_once(receiver):
    case = a_request(its_organisation(receiver))
    first, stale = the_involvement(case, receiver), the_involvement(case, receiver)
    nudge(first, FOURTEENTH)
    for involvement in (first, stale):
        with pytest.raises(NotAllowed):
            nudge(involvement, FOURTEENTH)
    assert Mail.objects.filter(kind="consultations.nudged").count() == 1


def test_what_the_business_is_told_leads_to_the_page_of_its_request(receiver):
    from madoguchi.consultations.operations import request_links

    case = a_request(its_organisation(receiver), contact={"email": "owner@example.jp"})
    request_links.make_state_link(case, at=AT)
    run(SEVENTH)
    mail = Mail.objects.get(kind="consultations.not_yet_taken")
    assert request_links.state_secret(case) in mail.text
