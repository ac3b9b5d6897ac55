"""What a business does with its request: nudges, withdraws, takes a consent back, adds, ticks."""

from datetime import timedelta

import pytest

from madoguchi.consultations import rules
from madoguchi.consultations.errors import AlreadySent, NotAllowed, TextMissing
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case, Consent, Involvement, Note, Task
from madoguchi.consultations.operations import (
    holding,
    recording,
    requester,
)
from madoguchi.consultations.queries import trays
from madoguchi.consultations.queries.finding import cases_with
from madoguchi.consultations.queries.request_state import request_state
from madoguchi.consultations.queries.trays import Narrowing, Tray
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Organisation
from madoguchi.mail.models import Mail
from tests.consultations.cases import another_involvement, its_organisation, the_involvement
from tests.consultations.requests import (
    AT,
    PROMISED,
    THE_BUSINESS,
    a_read_desk,
    a_region,
    an_adviser,
    close,
    received,
)
from tests.consultations.test_moves import take
from tests.queries import cost

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=4)
AFTER = PROMISED + timedelta(days=1)


def lead(case: Case):
    return case.involvements.select_related("desk").get(is_lead=True)


# ── What the business does ──────────────────────────────────────────────────────────────────────────
def test_a_business_nudges_once_after_the_promised_day():
    a_region()
    case = received()
    requester.nudge(case=case, on=AFTER, requester=THE_BUSINESS, at=LATER)
    assert lead(case).nudged_at == LATER
    with pytest.raises(NotAllowed, match="もう届けました"):
        requester.nudge(case=case, on=AFTER, requester=THE_BUSINESS, at=LATER)


def test_not_on_the_promised_day_itself():
    a_region()
    with pytest.raises(NotAllowed, match="約束した日まで"):
        requester.nudge(case=received(), on=PROMISED, requester=THE_BUSINESS, at=LATER)


def test_not_once_somebody_has_it():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    take(the_involvement(case, hat), hat)
    case.refresh_from_db()
    with pytest.raises(NotAllowed, match="もう返事がきています"):
        requester.nudge(case=case, on=AFTER, requester=THE_BUSINESS, at=LATER)


def a_referral_that_waits(desk):
    """A request that its desk works on, and that another organisation was asked to help with."""
    case, hat = received(shares_with_others=True), an_adviser(desk)
    take(the_involvement(case, hat), hat)
    case.refresh_from_db()
    asked = a_read_desk("other")
    an_adviser(asked)
    return case, another_involvement(case, asked.organisation)


def test_a_referral_that_waits_while_the_lead_works_is_nudged_for_itself():
    case, waits = a_referral_that_waits(a_region())
    with pytest.raises(NotAllowed, match="約束した日まで"):
        requester.nudge(case=case, part=waits.pk, on=AT.date(), requester=THE_BUSINESS, at=LATER)
    assert [part.nudge_refused for part in request_state(case, on=AFTER).parts] == [rules.NOT_WAITING, None]
    requester.nudge(case=case, part=waits.pk, on=AFTER, requester=THE_BUSINESS, at=LATER)
    waits.refresh_from_db()
    assert (waits.nudged_at, lead(case).nudged_at) == (LATER, None)
    assert Mail.objects.filter(kind="consultations.nudged").exists()
    assert AuditEvent.objects.get(action="consultations.nudged").data == {"involvement": waits.pk}
    with pytest.raises(NotAllowed, match="もう届けました"):
        requester.nudge(case=case, part=waits.pk, on=AFTER, requester=THE_BUSINESS, at=LATER)


def test_a_part_of_another_case_or_without_sight_is_not_nudged():
    desk = a_region()
    case, waits = a_referral_that_waits(desk)
    with pytest.raises(NotAllowed):
        requester.nudge(case=received(), part=waits.pk, on=AFTER, requester=THE_BUSINESS, at=LATER)
    Involvement.objects.filter(pk=waits.pk).update(access_ended_at=AT)
    with pytest.raises(NotAllowed):
        requester.nudge(case=case, part=waits.pk, on=AFTER, requester=THE_BUSINESS, at=LATER)
    assert not AuditEvent.objects.filter(action="consultations.nudged").exists()


def test_of_a_closed_case_nobody_is_nudged():
    case, waits = a_referral_that_waits(a_region())
    Case.objects.filter(pk=case.pk).update(closed_at=AT, state=CaseState.CLOSED)
    with pytest.raises(NotAllowed):
        requester.nudge(case=case, part=waits.pk, on=AFTER, requester=THE_BUSINESS, at=LATER)


def test_a_withdrawn_request_is_finished_everywhere_and_says_so():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)
    assert case.state == CaseState.FINISHED
    assert (lead(case).state, lead(case).result) == (InvolvementState.FINISHED, "withdrawn")
    assert Note.objects.get().body == requester.WITHDRAWN
    assert Case.objects.visible_to(hat).exists()
    with pytest.raises(NotAllowed):
        requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)


def test_a_closed_case_is_not_withdrawn_where_others_rest():
    desk, other = a_region(), a_read_desk("other")
    case, hat = received(), an_adviser(desk)
    take(lead(case), hat)
    part = another_involvement(case, other.organisation, InvolvementState.WORKING)
    close(case, hat, at=LATER)
    with pytest.raises(NotAllowed):
        requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)
    part.refresh_from_db()
    assert part.state == InvolvementState.WORKING


def test_a_withdrawn_request_lies_in_a_tray_until_it_is_closed():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)
    lying = {tray for tray, count in trays.counts(hat, on=AFTER).items() if count}
    assert lying == {Tray.NEW, Tray.ALL}
    assert lead(case).next_step == requester.TO_CLOSE
    close(case, hat, at=LATER)
    assert not any(trays.counts(hat, on=AFTER).values())


def test_withdrawn_at_work_it_is_among_what_its_adviser_does_today():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    take(lead(case), hat)
    requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)
    for tray in (Tray.TODAY, Tray.MINE):
        assert [row.case for row in trays.lying_in(tray, hat, on=AFTER)] == [case]
    assert not trays.lying_in(Tray.NEW, hat, on=AFTER)
    assert [row.case for row in trays.narrowed(hat, Narrowing())] == [case]


def test_what_others_had_to_do_is_dropped_when_the_request_or_the_consent_is_withdrawn():
    a_region()
    other = an_adviser(a_read_desk("other"))
    for withdraw in (requester.withdraw, requester.withdraw_consent):
        case = received(shares_with_others=True)
        part = another_involvement(case, its_organisation(other), InvolvementState.WORKING)
        Task.objects.create(case=case, involvement=part, title="電話する", made_at=AT)
        withdraw(case=case, requester=THE_BUSINESS, at=LATER)
        assert part.tasks.get().state == TaskState.DROPPED


def test_a_held_request_that_is_withdrawn_still_lies_where_it_is_judged():
    desk = a_region()
    case, hat = received(held_because="速すぎます。"), an_adviser(desk)
    requester.withdraw(case=case, requester=THE_BUSINESS, at=LATER)
    assert [row.case for row in trays.lying_in(Tray.HELD, hat, on=AFTER)] == [case]
    holding.release(case=case, hat=hat, at=LATER)
    assert [row.case for row in trays.lying_in(Tray.NEW, hat, on=AFTER)] == [case]


def test_without_its_consent_others_no_longer_see_the_case_but_the_desk_does():
    desk, other = a_region(), a_read_desk("other")
    case = received(shares_with_others=True)
    another_involvement(case, other.organisation)
    assert Case.objects.visible_to(an_adviser(other)).exists()
    requester.withdraw_consent(case=case, requester=THE_BUSINESS, at=LATER)
    assert not Case.objects.visible_to(an_adviser(other)).exists()
    assert Case.objects.visible_to(an_adviser(desk)).exists()
    assert case.state == CaseState.NEW


def test_a_consent_that_names_the_desk_and_another_is_withdrawn_too():
    desk, other = a_region(), a_read_desk("other")
    case = received()
    another_involvement(case, other.organisation)
    Consent.objects.get().organisations.add(other.organisation)
    assert request_state(case, on=PROMISED).shares_with_others
    requester.withdraw_consent(case=case, requester=THE_BUSINESS, at=LATER)
    assert not Case.objects.visible_to(an_adviser(other)).exists()
    assert Case.objects.visible_to(an_adviser(desk)).exists()


def test_agreeing_to_a_desk_that_the_pack_dropped_is_no_sharing_with_others():
    a_region()
    case = received()
    Organisation.objects.update(is_current=False)
    assert not request_state(case, on=PROMISED).shares_with_others


def test_who_never_agreed_has_no_consent_to_withdraw():
    a_region()
    with pytest.raises(NotAllowed):
        requester.withdraw_consent(case=received(), requester=THE_BUSINESS, at=LATER)


def test_what_a_business_adds_is_found_by_searching():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    requester.add_words(case=case, body="瓶のラベルも変えたい", requester=THE_BUSINESS, at=LATER)
    assert cases_with("ラベル", hat) == {case.pk}


def test_what_a_business_adds_everybody_at_work_reads_and_twice_is_once():
    desk = a_region()
    case = received()
    for _ in range(2):
        requester.add_words(case=case, body=" 追伸 ", requester=THE_BUSINESS, at=AT, once="words-1")
    note = Note.objects.readable_by(an_adviser(desk)).get()
    assert (note.body, note.author_name, note.organisation) == ("追伸", "みほん商店", None)
    with pytest.raises(AlreadySent):
        requester.add_words(case=case, body="べつのこと", requester=THE_BUSINESS, at=AT, once="words-1")
    with pytest.raises(TextMissing):
        requester.add_words(case=case, body="  ", requester=THE_BUSINESS, at=AT)


def test_a_business_ticks_its_own_tasks_only():
    a_region()
    case, foreign = received(), received()
    own = Task.objects.create(case=case, title="決算書を用意する", made_at=AT)
    theirs = Task.objects.create(case=case, title="電話する", made_at=AT, involvement=lead(case))
    for _ in range(2):
        requester.tick(case=case, task_id=own.pk, requester=THE_BUSINESS, at=LATER)
    own.refresh_from_db()
    assert (own.state, own.ended_at) == (TaskState.DONE, LATER)
    for of_case, task in ((case, theirs), (foreign, own)):
        with pytest.raises(NotAllowed):
            requester.tick(case=of_case, task_id=task.pk, requester=THE_BUSINESS, at=LATER)
    assert AuditEvent.objects.filter(action="consultations.task_done").count() == 1


# ── What the business sees ──────────────────────────────────────────────────────────────────────────
def test_the_page_of_a_request_holds_what_is_shared_and_nothing_internal():
    desk = a_region()
    case, hat = received(), an_adviser(desk)
    take(the_involvement(case, hat), hat)
    for visibility in Visibility:
        recording.write_note(case=case, body=f"{visibility}の記録", visibility=visibility, hat=hat, at=AT)
    case.refresh_from_db()
    seen = request_state(case, on=AFTER)
    assert [note.body for note in seen.notes] == ["sharedの記録"]
    assert (seen.lead.name, seen.lead.telephone, seen.lead.state) == ("general", "03-0000-0001", "accepted")
    assert seen.lead.nudge_refused is not None


def test_a_long_story_takes_the_same_queries():
    a_region()
    case = received(shares_with_others=True)

    def queries() -> int:
        return cost(lambda: request_state(case, on=AFTER))

    before = queries()
    for number in range(20):
        requester.add_words(case=case, body=f"追伸{number}", requester=THE_BUSINESS, at=AT)
        Task.objects.create(case=case, title=f"{number}", made_at=AT)
        another_involvement(case, a_read_desk(f"other-{number}").organisation)
    assert queries() == before
