"""What was never closed, minutes and drafts: kept as long as the region says, and never erased untold."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from madoguchi.consultations import tasks
from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.models import Case, Consultation, Draft, Involvement, Meeting, Note, Policy, Task
from madoguchi.consultations.operations import experts, meetings, recording, retention
from madoguchi.consultations.operations.meetings import Minutes
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.queries import trays
from madoguchi.consultations.queries.retention import leaves_on
from madoguchi.consultations.queries.waiting import unanswered
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, a_member, an_organisation, sign_in
from tests.consultations.cases import a_request, a_taken_case, a_topic, the_involvement, the_person
from tests.consultations.test_erasing import figures
from tests.database import every_text

pytestmark = pytest.mark.django_db

CANARY = "カナリア鳥"
# The last entry is of fiscal year 2020; with five years, all of April 2026 is too late.
LAST = datetime(2020, 11, 30, 3, tzinfo=UTC)
TOLD = datetime(2026, 2, 2, 3, tzinfo=UTC)
OVER = datetime(2026, 4, 6, 3, tzinfo=UTC)
JAPAN = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def policy():
    return Policy.objects.create(
        promised_days=3,
        chasing=[],
        retention_years=5,
        abandoned_years=5,
        minutes_years=5,
        draft_days=90,
        notice_days=60,
        content_hash="",
    )


@pytest.fixture
def organisation():
    return an_organisation()


@pytest.fixture
def manager(organisation):
    return a_hat(at=LAST, organisation=organisation, role=Role.MANAGER)


@pytest.fixture
def adviser(organisation):
    return a_hat(at=LAST, organisation=organisation)


def age(case, at=LAST):
    """Let everything of a case have happened at this moment."""
    Case.objects.filter(pk=case.pk).update(opened_at=at)
    Involvement.objects.filter(case=case).update(sent_at=at, taken_at=at)
    Note.objects.filter(case=case).update(written_at=at)
    Consultation.objects.filter(case=case).update(held_on=at.date(), recorded_at=at)
    Task.objects.filter(case=case).update(made_at=at)
    return case


@pytest.fixture
def case(adviser):
    """An open case with the canary in it, silent since the last entry."""
    business = Business.objects.create(name="みほん商店", name_folded="みほん商店", created_at=LAST)
    case = a_taken_case(
        adviser, title=CANARY, words=CANARY, business=business, topics=[a_topic()], area_code="022039"
    )
    talk = Talk(channel=Channel.VISIT, held_on=date(2020, 11, 30), place=CANARY)
    recording.record_consultation(
        involvement=the_involvement(case, adviser), talk=talk, hat=adviser, at=LAST, body=CANARY
    )
    Task.objects.create(
        case=case,
        involvement=the_involvement(case, adviser),
        title=CANARY,
        made_at=LAST,
        due_on=date(2020, 12, 1),
    )
    return age(case)


def warn(at=TOLD):
    return retention.warn(on=at.date(), at=at)


def sweep(at=OVER):
    return retention.erase_what_ran_out(on=at.date(), at=at)


# ── cases that were never closed ────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("policy", "manager")
def test_a_case_that_nobody_closed_goes_after_its_years_and_the_notice(case):
    assert (warn(), sweep()) == (1, 1)
    case.refresh_from_db()
    assert case.erased_at == OVER
    assert CANARY not in every_text()
    event = AuditEvent.objects.get(action="consultations.case_erased")
    assert event.data == {"because": "abandoned"}
    assert (warn(OVER), sweep(OVER + timedelta(days=99))) == (0, 0)


@pytest.mark.usefixtures("policy", "manager")
def test_its_talks_stay_counted_and_it_counts_as_never_closed(case):
    before = figures()
    warn()
    sweep()
    assert figures() == before
    case.refresh_from_db()
    assert (case.closed_at, case.state) == (None, CaseState.FINISHED)


@pytest.mark.usefixtures("policy")
def test_the_managers_are_told_by_number_and_once(case, manager):
    warn()
    warn(TOLD + timedelta(days=1))
    mail = Mail.objects.get(kind="consultations.leaving")
    assert mail.to == the_person(manager).email
    assert (case.number in mail.text, "60日" in mail.text, CANARY in mail.text) == (True, True, False)
    event = AuditEvent.objects.get(action="consultations.case_leaving")
    assert event.data == {"told": [manager.user_id]}


@pytest.mark.usefixtures("policy", "manager")
def test_nothing_goes_untold_or_before_the_notice_is_over(case):
    assert sweep() == 0
    warn(OVER)
    assert sweep(OVER + timedelta(days=59)) == 0
    assert sweep(OVER + timedelta(days=60)) == 1


@pytest.mark.usefixtures("policy", "manager")
def test_who_is_told_early_keeps_the_whole_time(case):
    warn(TOLD)
    assert sweep(datetime(2026, 3, 31, 3, tzinfo=UTC)) == 0
    case.refresh_from_db()
    assert case.title == CANARY


def write_a_note(case, hat):
    recording.write_note(case=case, body="続いています", visibility=Visibility.INTERNAL, hat=hat, at=OVER)


def plan_a_task(case, hat):
    Task.objects.create(case=case, title="する", made_at=LAST, due_on=date(2027, 1, 1))


def ask_another(case, hat):
    Involvement.objects.create(
        case=case, organisation=an_organisation(), state=InvolvementState.SENT, sent_at=OVER
    )


@pytest.mark.usefixtures("policy", "manager")
@pytest.mark.parametrize("live", [write_a_note, plan_a_task, ask_another])
def test_what_is_entered_meanwhile_keeps_the_case(case, adviser, live):
    warn()
    live(case, adviser)
    assert sweep(OVER + timedelta(days=99)) == 0
    case.refresh_from_db()
    assert case.title == CANARY


@pytest.mark.usefixtures("policy", "manager")
def test_a_case_that_went_on_is_told_of_again_when_it_falls_silent_again(case, adviser):
    warn()
    write_a_note(case, adviser)
    later = datetime(2032, 4, 2, 3, tzinfo=UTC)
    assert sweep(later) == 0
    assert warn(later) == 1
    assert sweep(later + timedelta(days=60)) == 1


@pytest.mark.usefixtures("policy", "manager")
def test_a_sweep_that_began_before_a_note_was_written_leaves_the_case(case, adviser, monkeypatch):
    warn()
    erase = retention.erase_abandoned

    def while_somebody_writes(*, case, still, at):
        write_a_note(case, adviser)
        return erase(case=case, still=still, at=at)

    monkeypatch.setattr(retention, "erase_abandoned", while_somebody_writes)
    assert sweep() == 0
    assert CANARY in every_text()


@pytest.mark.usefixtures("policy", "manager")
def test_without_the_second_look_the_note_would_be_lost(case, adviser, monkeypatch):
    warn()
    erase = retention.erase_abandoned

    def while_somebody_writes(*, case, still, at):
        write_a_note(case, adviser)
        return erase(case=case, still=Case.objects.all(), at=at)

    monkeypatch.setattr(retention, "erase_abandoned", while_somebody_writes)
    assert sweep() == 1
    assert not Note.objects.exists()


@pytest.mark.usefixtures("policy", "manager")
def test_a_closed_case_is_left_to_its_own_period(case):
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_at=LAST)
    assert (warn(), sweep()) == (0, 0)


@pytest.mark.usefixtures("policy")
def test_of_a_secret_case_only_named_managers_are_told_and_else_its_people(organisation, adviser, manager):
    case = age(a_taken_case(adviser, topics=[a_topic(is_secret=True)]))
    warn()
    assert Mail.objects.get(kind="consultations.leaving").to == the_person(adviser).email
    assert case.number in Mail.objects.get(kind="consultations.leaving").text


@pytest.mark.usefixtures("policy")
def test_where_nobody_is_there_to_be_told_the_time_begins_all_the_same(case):
    Membership.objects.update(ends_at=LAST)
    assert (warn(), sweep()) == (1, 1)
    assert not Mail.objects.filter(kind="consultations.leaving").exists()


@pytest.mark.usefixtures("policy")
def test_nothing_is_left_in_a_tray_or_on_the_ladder(organisation, manager):
    declined, held, _asked = (age(a_request(organisation)) for _ in range(3))
    Involvement.objects.filter(case=declined).update(state=InvolvementState.DECLINED)
    Case.objects.filter(pk=declined.pk).update(state=CaseState.UNTAKEN)
    Case.objects.filter(pk=held.pk).update(state=CaseState.HELD, held_because="link")
    assert (warn(), sweep()) == (3, 3)
    assert not unanswered().exists()
    assert set(trays.counts(manager, on=OVER.date()).values()) == {0}


@pytest.mark.usefixtures("policy", "manager")
def test_an_expert_who_was_asked_is_told_that_it_ended(case, adviser, organisation):
    expert = a_member(at=LAST, organisation=organisation, role=Role.EXPERT)
    experts.ask(case=case, expert=expert, question=CANARY, shows_figures=False, hat=adviser, at=LAST)
    warn()
    sweep()
    assert case.expert_requests.get().ended_at == OVER


def test_without_a_period_nothing_is_erased(case, manager):
    assert (warn(), sweep()) == (0, 0)
    Policy.objects.create(promised_days=3, chasing=[], retention_years=5, content_hash="")
    assert (warn(), sweep()) == (0, 0)


@pytest.mark.usefixtures("policy")
def test_the_page_of_the_case_says_so_until_something_is_entered(client, case, adviser, monkeypatch):
    warn()
    case.refresh_from_db()
    assert leaves_on(case, on=TOLD.date()) == date(2026, 4, 3)
    monkeypatch.setattr(clock, "actual_now", lambda: TOLD)
    sign_in(client, the_person(adviser), Membership.objects.get(user=adviser.user_id))
    page = reverse("desk:case", args=[case.key])
    words = "を過ぎると、この案件の内容が消えます"
    assert words in client.get(page).content.decode()
    write_a_note(case, adviser)
    assert words not in client.get(page).content.decode()


# ── minutes ─────────────────────────────────────────────────────────────────────────────────────────
def a_meeting(hat, held_on=date(2020, 11, 30)):
    told = Minutes(held_on=held_on, attendees=CANARY, minutes=CANARY)
    return meetings.keep_meeting(told=told, hat=hat, at=LAST)


@pytest.mark.usefixtures("policy")
def test_minutes_go_after_their_years_and_the_notice(manager, adviser):
    a_meeting(adviser)
    kept = a_meeting(adviser, held_on=date(2021, 4, 1))
    assert sweep() == 0
    assert (warn(), sweep()) == (1, 1)
    assert Meeting.objects.get() == kept
    mail = Mail.objects.get(kind="consultations.leaving")
    assert ("2020-11-30" in mail.text, CANARY in mail.text) == (True, False)
    assert AuditEvent.objects.filter(action="consultations.meeting_erased").count() == 1


# ── drafts ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("policy")
def test_what_lay_half_typed_for_so_many_days_goes(adviser):
    user = User.objects.get(pk=adviser.user_id)
    old, young = OVER - timedelta(days=91), OVER - timedelta(days=89)
    Draft.objects.create(user=user, form="intake", content={"body": CANARY}, saved_at=old)
    Draft.objects.create(user=user, form="note:x", content={"body": "新しい"}, saved_at=young)
    assert sweep() == 1
    assert Draft.objects.get().saved_at == young


# ── the worker ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("policy", "manager")
@pytest.mark.parametrize(("hour", "told"), [(9, 1), (22, 0)])
def test_the_worker_tells_in_office_hours_and_erases_at_any(case, monkeypatch, hour, told):
    monkeypatch.setattr(clock, "actual_now", lambda: TOLD.astimezone(JAPAN).replace(hour=hour))
    assert tasks.warn() == told
    monkeypatch.setattr(clock, "actual_now", lambda: OVER.astimezone(JAPAN).replace(hour=23))
    assert tasks.erase() == told


@pytest.mark.usefixtures("policy", "manager")
def test_many_cases_cost_no_more_questions_to_find(case, adviser, django_assert_max_num_queries):
    for _ in range(5):
        age(a_taken_case(adviser))
    with django_assert_max_num_queries(60):
        warn()
