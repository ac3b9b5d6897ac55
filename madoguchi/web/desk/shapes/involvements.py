"""Who takes part in a case, as cards: how far each is, what was said, and what can be done now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import ladder
from madoguchi.consultations.kinds import DeclineReason, Result
from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.queries import sharing
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.institutions import naming
from madoguchi.web.desk.shapes import labels
from madoguchi.web.shared import wording

DONE, NOW, LATER = "done", "now", ""


@dataclass(frozen=True)
class Step:
    """One point of the way of a referral; `mark` is done, now or empty."""

    label: str
    when: str
    mark: str


@dataclass(frozen=True)
class Deed:
    """Something that can be done now; `is_post` where it changes or makes something."""

    label: str
    url: str
    is_post: bool = False


@dataclass(frozen=True)
class Card:
    """One involvement."""

    name: str
    role: str
    state: str
    since: str
    adviser: str
    steps: tuple[Step, ...]
    message: str
    said: str
    note: str
    waits: str
    deeds: tuple[Deed, ...]


def cards(case: Case, involvements: Iterable[Involvement], *, hat: Hat, on: date) -> list[Card]:
    """Everybody who takes or took part; `involvements` come with organisation, unit, desk and adviser."""
    return [_card(case, each, hat=hat, on=on) for each in involvements]


def _card(case: Case, row: Involvement, *, hat: Hat, on: date) -> Card:
    return Card(
        name=name_of(row),
        role=gettext("責任をもつ機関") if row.is_lead else gettext("引き継ぎ先"),
        state=labels.involvement_state(row.state),
        since=gettext("%(day)sから") % {"day": wording.day(sharing.since(row), today=on)},
        adviser=row.adviser.display_name if row.adviser else row.answered_by_name,
        steps=_steps(row, on=on),
        message=row.message,
        said=_said(row),
        note=row.result_note or row.answer_note,
        waits=_waits(row, on=on),
        deeds=_deeds(case, row, hat=hat),
    )


def name_of(row: Involvement) -> str:
    """Who it is; may hold `|` at fold points."""
    if row.organisation is None:
        return row.outside_name
    part = (row.desk.breaks or row.desk.name) if row.desk else row.unit.name if row.unit else ""
    return naming.of_part(row.organisation.breaks or row.organisation.name, part)


def _steps(row: Involvement, *, on: date) -> tuple[Step, ...]:
    state = InvolvementState(row.state)
    sent = Step(gettext("打診"), _short(row.sent_at), DONE)
    if state == InvolvementState.DECLINED:
        return (sent, Step(gettext("辞退"), _short(row.answered_at or row.access_ended_at), NOW))
    order = [InvolvementState.ACCEPTED, InvolvementState.WORKING, InvolvementState.FINISHED]
    reached = order.index(state) if state in order else -1
    words = (gettext("受理"), gettext("対応中"), gettext("完了"))
    when = (_short(row.taken_at), "", _short(row.finished_at))
    if state == InvolvementState.SENT:
        words = (gettext("受理待ち"), *words[1:])
    marks = [DONE if place < reached else NOW if place == max(reached, 0) else LATER for place in range(3)]
    return (sent, *(Step(*each) for each in zip(words, when, marks, strict=True)))


def _short(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.month}/{local.day}"


def _said(row: Involvement) -> str:
    if row.result:
        return str(Result(row.result).label)
    return str(DeclineReason(row.answer).label) if row.answer else ""


def _waits(row: Involvement, *, on: date) -> str:
    """How long an answer has been waited for, where it has."""
    if row.state != InvolvementState.SENT:
        return ""
    days = ladder.days_waited(sent_on=timezone.localdate(row.sent_at), on=on)
    if not days:
        return ""
    return ngettext(
        "%(days)d開庁日のあいだ、返事を待っています", "%(days)d開庁日のあいだ、返事を待っています", days
    ) % {"days": days}


def _deeds(case: Case, row: Involvement, *, hat: Hat) -> tuple[Deed, ...]:
    if row.access_ended_at is not None:
        return ()
    own = row.organisation_id == hat.organisation_id
    running = {InvolvementState.ACCEPTED, InvolvementState.WORKING}
    if own and row.state == InvolvementState.SENT:
        return (Deed(gettext("読んで返事をする"), reverse("desk:answer", args=[case.key])),)
    if case.state == CaseState.CLOSED:
        return ()
    if own and row.state in running:
        return (
            Deed(gettext("対応を終える"), reverse("desk:finish", args=[case.key])),
            Deed(gettext("担当を変える"), reverse("desk:case_people", args=[case.key])),
        )
    if row.organisation_id is None and row.state in running | {InvolvementState.SENT}:
        deeds = [Deed(gettext("返事を書き入れる"), reverse("desk:outside_answer", args=[case.key, row.pk]))]
        if row.state == InvolvementState.SENT:
            letter = reverse("desk:referral_letter", args=[case.key, row.pk])
            deeds.append(Deed(gettext("紹介状を印刷する"), letter, is_post=True))
        back = reverse("desk:referral_link_withdraw", args=[case.key, row.pk])
        deeds.append(Deed(gettext("渡したリンクを取り消す"), back, is_post=True))
        return tuple(deeds)
    return ()
