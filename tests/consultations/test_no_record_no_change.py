"""Where the record of an act cannot be written, nothing of the act stands either."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Channel, ConsentMeans, DeclineReason, Outcome, Result, Visibility
from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.operations import (
    appointing,
    closing,
    consenting,
    correcting_talks,
    erasing,
    experts,
    handing_over,
    linking,
    moves,
    planning,
    recording,
)
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.operations.consenting import Scope
from madoguchi.consultations.operations.open_referrals import Then
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.states import TaskState
from tests.accounts.people import a_hat, a_member, an_organisation
from tests.consultations.appointments import told
from tests.consultations.cases import (
    AT,
    a_referral,
    a_referral_outside,
    a_taken_case,
    its_organisation,
    the_involvement,
    the_person,
)
from tests.consultations.test_correcting import correct
from tests.database import every_text

pytestmark = pytest.mark.django_db
TOLD = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)
TALK = Talk(channel=Channel.DESK, held_on=AT.date(), minutes=30)


class RecordFailed(Exception):
    """The record of an act could not be written."""


class Desk:
    """A case at work with all that can be done in it."""

    def __init__(self) -> None:
        self.hat = a_hat(at=AT, organisation=an_organisation("甲"), role=Role.MANAGER)
        organisation = its_organisation(self.hat)
        self.colleague = a_hat(at=AT, organisation=organisation)
        self.expert = a_member(at=AT, organisation=organisation, role=Role.EXPERT)
        self.receiver = a_hat(at=AT, organisation=an_organisation("乙"))
        self.case = a_taken_case(self.hat)
        self.own: Involvement = the_involvement(self.case, self.hat)
        talk = {"involvement": self.own, "talk": TALK, "hat": self.hat, "at": AT, "body": "話した"}
        self.talk = recording.record_consultation(**talk)
        self.note = self.talk.notes.get()
        self.task = planning.add_task(case=self.case, title="電話する", hat=self.hat, at=AT)
        self.referral = a_referral(self.case, self.hat, self.receiver)
        self.outside = a_referral_outside(self.case, self.hat)
        self.appointment = appointing.make(case=self.case, told=told(self.hat), hat=self.hat, at=AT)
        self.case.refresh_from_db()
        self.own.refresh_from_db()
        self.by = {"hat": self.hat, "at": AT}

    def closed(self) -> Case:
        Case.objects.filter(pk=self.case.pk).update(state="closed", closed_at=AT)
        self.case.refresh_from_db()
        return self.case


def _consent(desk: Desk):
    scope = Scope(organisations=[], is_general=True, outside_name="")
    consenting.give(case=desk.case, scope=scope, means=ConsentMeans.WRITTEN, **desk.by)


def _withdraw_consent(desk: Desk):
    consenting.withdraw(consent=desk.case.consents.order_by("pk")[0], **desk.by)


def _close(desk: Desk):
    decided = dict.fromkeys((desk.referral.pk, desk.outside.pk), Then.WITHDRAW)
    closing.close_case(case=desk.case, told=TOLD, referrals=decided, **desk.by)


def _take(desk: Desk):
    part, adviser = the_involvement(desk.case, desk.receiver), the_person(desk.receiver)
    moves.take(involvement=part, adviser=adviser, hat=desk.receiver, at=AT)


def _decline(desk: Desk):
    part, reason = the_involvement(desk.case, desk.receiver), DeclineReason.NOT_FOR_US
    moves.decline(involvement=part, reason=reason, note="", hat=desk.receiver, at=AT)


def _ask_expert(desk: Desk):
    asked = {"expert": desk.expert, "question": "瓶の形", "shows_figures": False}
    experts.ask(case=desk.case, **asked, **desk.by)


def _change_note(desk: Desk):
    told_anew = {"body": "直した", "visibility": Visibility.INTERNAL, "version": 1}
    recording.change_note(note=desk.note, **told_anew, **desk.by)


def _correct_talk(desk: Desk):
    to = Talk(channel=Channel.VISIT, held_on=AT.date(), minutes=90)
    correcting_talks.correct_talk(talk=desk.talk, to=to, why="違う", version=1, **desk.by)


def _take_back(desk: Desk):
    correcting_talks.take_back(talk=desk.talk, why="二重", version=1, **desk.by)


def _move_appointment(desk: Desk):
    later = told(desk.hat, ends_at=told(desk.hat).ends_at + timedelta(hours=1))
    appointing.move(appointment=desk.appointment, told=later, sequence=0, **desk.by)


def _erase(desk: Desk):
    erasing.erase_case(case=desk.case, why="頼まれた", **desk.by)


ACTS = {
    "a talk is recorded": lambda desk: recording.record_consultation(
        involvement=desk.own, talk=TALK, body="また話した", **desk.by
    ),
    "a note is written": lambda desk: recording.write_note(
        case=desk.case, body="書いた", visibility=Visibility.SHARED, **desk.by
    ),
    "a note is changed": _change_note,
    "a talk is corrected": _correct_talk,
    "a talk is taken back": _take_back,
    "a case is corrected": lambda desk: correct(desk.case, desk.hat, title="別の題"),
    "a case is closed": _close,
    "a case is erased": _erase,
    "a referral is taken": _take,
    "a referral is declined": _decline,
    "a consent is given": _consent,
    "a consent is taken back": _withdraw_consent,
    "a task is added": lambda desk: planning.add_task(case=desk.case, title="送る", **desk.by),
    "a task is ended": lambda desk: planning.end_task(task=desk.task, as_=TaskState.DONE, **desk.by),
    "an appointment is made": lambda desk: appointing.make(case=desk.case, told=told(desk.hat), **desk.by),
    "an appointment is moved": _move_appointment,
    "an appointment is cancelled": lambda desk: appointing.cancel(
        appointment=desk.appointment, sequence=0, **desk.by
    ),
    "an expert is asked": _ask_expert,
    "a link is made": lambda desk: linking.make(involvement=desk.outside, **desk.by),
    "a case is handed over": lambda desk: handing_over.hand_over(
        involvement=desk.own, to=the_person(desk.colleague), **desk.by
    ),
}


def stands_after(act: str) -> bool:
    """Whether anything in the database is another than before an act whose record failed."""
    desk = Desk()
    if act == "a case is erased":
        desk.closed()
    before = every_text()
    with (
        patch("madoguchi.foundation.audit.record", side_effect=RecordFailed),
        pytest.raises(RecordFailed),
    ):
        ACTS[act](desk)
    return every_text() != before


@pytest.mark.parametrize("act", ACTS)
def test_without_a_record_no_act_stands(act):
    assert not stands_after(act)


@pytest.mark.parametrize("act", ACTS)
def test_with_a_record_that_is_thrown_away_each_of_them_would_stand(act):
    """The twin: every act does change something."""
    desk = Desk()
    if act == "a case is erased":
        desk.closed()
    before = every_text()
    with patch("madoguchi.foundation.audit.record"):
        ACTS[act](desk)
    assert every_text() != before


def test_an_act_outside_of_its_transaction_would_be_found(monkeypatch):
    """The twin."""

    def loose(desk: Desk) -> None:
        Case.objects.filter(pk=desk.case.pk).update(title="別の題")
        planning.add_task(case=desk.case, title="送る", **desk.by)

    monkeypatch.setitem(ACTS, "a task is added", loose)
    assert stands_after("a task is added")
