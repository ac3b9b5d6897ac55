from datetime import date

import pytest

from madoguchi.accounts.models import User
from madoguchi.consultations.errors import NotAllowed, ReasonMissing, TextMissing
from madoguchi.consultations.kinds import Channel, DeclineReason, Result, Visibility
from madoguchi.consultations.models import Case, Consultation, Involvement, Note, NoteRevision, Task
from madoguchi.consultations.operations import moves, planning, recording
from madoguchi.consultations.operations.opening import Destination, Matter, open_case
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_request, a_taken_case, another_involvement, the_involvement

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation())


def person(hat) -> User:
    return User.objects.get(pk=hat.user_id)


def a_request_for(hat) -> tuple[Case, Involvement]:
    case = a_request(an_organisation_of(hat))
    return case, the_involvement(case, hat)


def an_organisation_of(hat):
    from madoguchi.institutions.models import Organisation

    return Organisation.objects.get(pk=hat.organisation_id)


def take(involvement, hat):
    moves.take(involvement=involvement, adviser=person(hat), hat=hat, at=AT)


def a_talk(**changes) -> Talk:
    return Talk(**({"channel": Channel.DESK, "held_on": date(2026, 11, 30)} | changes))


def test_a_case_from_the_desk_is_taken_at_once_and_numbered_by_the_year(hat):
    first, second = a_taken_case(hat), a_taken_case(hat)
    assert (first.number, second.number) == ("2026-0001", "2026-0002")
    assert first.state == CaseState.WORKING
    assert first.responded_at == AT


def test_who_finishes_leaves_nothing_to_do_and_the_business_keeps_what_is_theirs(hat):
    case = a_taken_case(hat)
    for for_business in (False, True):
        planning.add_task(case=case, title="電話する", for_business=for_business, hat=hat, at=AT)
    moves.finish(involvement=the_involvement(case, hat), result=Result.HELPED, note="", hat=hat, at=AT)
    assert dict(Task.objects.values_list("involvement", "state")) == {
        the_involvement(case, hat).pk: TaskState.DROPPED,
        None: TaskState.OPEN,
    }


def test_a_case_without_a_title_is_refused(hat):
    with pytest.raises(TextMissing):
        a_taken_case(hat, title="  ")


def test_a_request_sent_twice_is_one_case():
    organisation = an_organisation()
    matter = Matter(title="融資について", channel=Channel.WEB)
    keys = {
        open_case(matter=matter, to=Destination(organisation), at=AT, by=SYSTEM, once="the-same").key
        for _ in range(2)
    }
    assert len(keys) == Case.objects.count() == 1


def test_the_year_of_a_case_is_the_fiscal_year_in_tokyo():
    from datetime import UTC, datetime

    # 15:30 UTC on 31 March is half past midnight of 1 April in Tokyo.
    at = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    matter = Matter(title="融資について", channel=Channel.WEB)
    case = open_case(matter=matter, to=Destination(an_organisation()), at=at, by=SYSTEM)
    assert case.number == "2026-0001"


def test_taking_a_request_moves_the_case(hat):
    case, involvement = a_request_for(hat)
    take(involvement, hat)
    case.refresh_from_db()
    assert (involvement.state, case.state) == (InvolvementState.ACCEPTED, CaseState.WORKING)
    assert case.responded_at == AT
    assert AuditEvent.objects.filter(action="consultations.involvement_accepted").count() == 1


def test_another_organisation_cannot_take_it(hat):
    _case, involvement = a_request_for(hat)
    stranger = a_hat(at=AT, organisation=an_organisation())
    with pytest.raises(NotAllowed):
        take(involvement, stranger)


def test_two_advisers_take_it_and_one_is_told(hat):
    case, involvement = a_request_for(hat)
    colleague = a_hat(at=AT, organisation=an_organisation_of(hat))
    seen_before = the_involvement(case, colleague)
    take(involvement, hat)
    with pytest.raises(Conflict):
        take(seen_before, colleague)
    involvement.refresh_from_db()
    assert involvement.adviser_id == hat.user_id


def test_saving_without_comparing_would_take_it_from_the_first(hat):
    case, involvement = a_request_for(hat)
    colleague = a_hat(at=AT, organisation=an_organisation_of(hat))
    seen_before = the_involvement(case, colleague)
    take(involvement, hat)
    seen_before.adviser = person(colleague)
    seen_before.save()
    involvement.refresh_from_db()
    assert involvement.adviser_id == colleague.user_id


def test_a_case_that_everybody_declines_is_untaken(hat):
    case, involvement = a_request_for(hat)
    moves.decline(involvement=involvement, reason=DeclineReason.OUT_OF_AREA, note="", hat=hat, at=AT)
    case.refresh_from_db()
    assert case.state == CaseState.UNTAKEN


def test_another_reason_has_to_be_told(hat):
    _case, involvement = a_request_for(hat)
    with pytest.raises(ReasonMissing):
        moves.decline(involvement=involvement, reason=DeclineReason.OTHER, note=" ", hat=hat, at=AT)


def test_that_one_organisation_finished_does_not_finish_the_case(hat):
    case = a_taken_case(hat)
    other = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, an_organisation_of(other))
    take(the_involvement(case, other), other)
    moves.finish(involvement=the_involvement(case, hat), result=Result.HELPED, note="", hat=hat, at=AT)
    case.refresh_from_db()
    assert case.state == CaseState.WORKING
    moves.finish(involvement=the_involvement(case, other), result=Result.HELPED, note="", hat=other, at=AT)
    case.refresh_from_db()
    assert case.state == CaseState.FINISHED


def test_the_first_talk_begins_the_work_and_only_one_is_the_first(hat):
    case = a_taken_case(hat)
    involvement = the_involvement(case, hat)
    for body in ("はじめまして", ""):
        recording.record_consultation(involvement=involvement, talk=a_talk(), hat=hat, at=AT, body=body)
    assert involvement.state == InvolvementState.WORKING
    assert list(Consultation.objects.order_by("pk").values_list("is_first", flat=True)) == [True, False]
    assert Note.objects.get().body == "はじめまして"


def test_a_talk_sent_twice_is_recorded_once(hat):
    case = a_taken_case(hat)
    for _ in range(2):
        recording.record_consultation(
            involvement=the_involvement(case, hat), talk=a_talk(), hat=hat, at=AT, body="一度", once="visit-1"
        )
    assert (Consultation.objects.count(), Note.objects.count()) == (1, 1)


def test_who_has_not_taken_the_case_cannot_record_a_talk(hat):
    _case, involvement = a_request_for(hat)
    with pytest.raises(NotAllowed):
        recording.record_consultation(involvement=involvement, talk=a_talk(), hat=hat, at=AT)


def test_a_changed_note_keeps_what_it_said_before(hat):
    note = recording.write_note(
        case=a_taken_case(hat), body="はじめ", visibility=Visibility.SHARED, hat=hat, at=AT
    )
    recording.change_note(
        note=note, body="あとから", visibility=Visibility.INTERNAL, version=1, hat=hat, at=AT
    )
    assert (note.body, note.version) == ("あとから", 2)
    assert NoteRevision.objects.get().body == "はじめ"


def test_two_windows_on_one_note_do_not_overwrite_each_other(hat):
    case = a_taken_case(hat)
    note = recording.write_note(case=case, body="はじめ", visibility=Visibility.SHARED, hat=hat, at=AT)
    other_window = Note.objects.get(pk=note.pk)
    recording.change_note(note=note, body="一", visibility=Visibility.SHARED, version=1, hat=hat, at=AT)
    with pytest.raises(Conflict):
        recording.change_note(
            note=other_window, body="二", visibility=Visibility.SHARED, version=1, hat=hat, at=AT
        )
    assert Note.objects.get().body == "一"
    assert NoteRevision.objects.count() == 1


def test_nobody_changes_the_note_of_another(hat):
    note = recording.write_note(
        case=a_taken_case(hat), body="はじめ", visibility=Visibility.SHARED, hat=hat, at=AT
    )
    colleague = a_hat(at=AT, organisation=an_organisation_of(hat))
    with pytest.raises(NotAllowed):
        recording.change_note(
            note=note, body="別の人", visibility=Visibility.SHARED, version=1, hat=colleague, at=AT
        )
