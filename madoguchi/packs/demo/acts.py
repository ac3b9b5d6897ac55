"""What people of a demonstration do with a case: each word of demo.yaml is one operation of the room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.states import EditionState
from madoguchi.consultations.kinds import FollowUpKind
from madoguchi.consultations.models import Case, ExpertRequest, FollowUp, Goal, Involvement, Task, Topic
from madoguchi.consultations.operations import (
    chasing,
    closing,
    consenting,
    experts,
    handing_over,
    linking,
    moves,
    planning,
    referring,
    responding,
    surveying,
)
from madoguchi.consultations.operations.acting import own_involvement
from madoguchi.consultations.operations.journal import Entry, write_entry
from madoguchi.consultations.operations.reading import read_case
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.queries import receivers
from madoguchi.consultations.states import InvolvementState, TaskState
from madoguchi.foundation.audit import ANONYMOUS, Actor
from madoguchi.institutions.models import Desk, Organisation
from madoguchi.packs import schema_demo
from madoguchi.packs.demo.days import Days


@dataclass(frozen=True)
class Doing:
    """Somebody does something: with which case, as whom, when; `once` names it."""

    case: Case
    hat: Hat | None
    users: Mapping[str, User]
    days: Days
    at: datetime
    once: str

    @property
    def worn(self) -> Hat:
        """The hat; the schema sees to it that there is one."""
        assert self.hat is not None  # noqa: S101
        return self.hat

    @property
    def own(self) -> Involvement:
        """The part of the own organisation. Raises LookupError when it has none."""
        involvement = own_involvement(self.case, self.worn)
        if involvement is None:
            raise LookupError("この人の機関は、この案件に関わっていません")
        return involvement

    @property
    def by_business(self) -> Actor:
        """Whoever asked, as the audit names them."""
        requester = self.case.requester
        return requester.as_actor() if requester else ANONYMOUS

    def due(self, in_days: int | None) -> date | None:
        """The day of a task."""
        return None if in_days is None else self.days.ahead(in_days)


def do(doing: Doing, name: str, what: Any) -> None:
    """Do it, as somebody does who has opened the case before."""
    if doing.hat is not None:
        read_case(key=doing.case.key, hat=doing.hat, at=doing.at)
    _ACTS[name](doing, what)


def _read(_doing: Doing, _what: object) -> None:
    """Reading alone: it is on record already."""


def _talk(doing: Doing, what: schema_demo.Talk) -> None:
    local = timezone.localtime(doing.at)
    talk = Talk(
        channel=what.channel,
        held_on=local.date(),
        held_at=local.time().replace(minute=local.minute // 5 * 5, second=0, microsecond=0),
        minutes=what.minutes,
        place=what.place,
        topic=Topic.objects.get(code=what.topic) if what.topic else None,
    )
    entry = Entry(body=what.note, visibility=what.visibility, talk=talk)
    write_entry(case=doing.case, entry=entry, hat=doing.worn, at=doing.at, once=doing.once)


def _note(doing: Doing, what: schema_demo.Note) -> None:
    entry = Entry(body=what.text, visibility=what.visibility)
    write_entry(case=doing.case, entry=entry, hat=doing.worn, at=doing.at, once=doing.once)


def _take(doing: Doing, _what: object) -> None:
    adviser = User.objects.get(pk=doing.worn.user_id)
    moves.take(involvement=doing.own, adviser=adviser, hat=doing.worn, at=doing.at)


def _decline(doing: Doing, what: schema_demo.Declined) -> None:
    moves.decline(involvement=doing.own, reason=what.reason, note=what.note, hat=doing.worn, at=doing.at)


def _finish(doing: Doing, what: schema_demo.Finished) -> None:
    moves.finish(involvement=doing.own, result=what.result, note=what.note, hat=doing.worn, at=doing.at)


def _refer(doing: Doing, what: schema_demo.Referral) -> None:
    organisation = Organisation.objects.get(slug=what.organisation) if what.organisation else None
    desk = Desk.objects.get(slug=what.desk) if what.desk else None
    agreed = None
    if what.consent != "given":
        scope = consenting.Scope(
            organisations=[organisation] if organisation and what.consent == "named" else [],
            is_general=what.consent == "general",
            outside_name=what.outside,
        )
        agreed = referring.Agreed(scope=scope, means=what.means)
    referring.refer(
        case=doing.case,
        to=referring.Receiver(
            organisation=organisation,
            unit=desk.unit if desk else None,
            desk=desk,
            people=[doing.users[key] for key in what.people],
            outside_name=what.outside,
        ),
        message=what.message,
        hat=doing.worn,
        at=doing.at,
        agreed=agreed,
    )


def _ask_expert(doing: Doing, what: schema_demo.AskedExpert) -> None:
    expert = receivers.experts(at=doing.worn.at).get(user=doing.users[what.expert])
    if what.means:
        scope = consenting.Scope(organisations=[expert.organisation])
        consenting.give(case=doing.case, scope=scope, means=what.means, hat=doing.worn, at=doing.at)
    experts.ask(
        case=doing.case,
        expert=expert,
        question=what.question,
        shows_figures=what.shows_figures,
        hat=doing.worn,
        at=doing.at,
    )


def _asked_of(doing: Doing) -> ExpertRequest:
    """What the expert was asked about this case."""
    rows = ExpertRequest.objects.visible_to(doing.worn).select_related("case", "expert__user")
    return rows.get(case=doing.case)


def _expert_accept(doing: Doing, _what: object) -> None:
    experts.accept(request=_asked_of(doing), hat=doing.worn, at=doing.at)


def _expert_report(doing: Doing, what: schema_demo.ExpertReport) -> None:
    told = experts.Report(
        body=what.note, held_on=timezone.localdate(doing.at), minutes=what.minutes, channel=what.channel
    )
    experts.report(request=_asked_of(doing), told=told, hat=doing.worn, at=doing.at, once=doing.once)


def _outside_answer(doing: Doing, what: schema_demo.OutsideAnswer) -> None:
    outside = doing.case.involvements.select_related("case").filter(organisation=None)
    answer = linking.Answer(
        to=what.to, name=what.name, reason=what.reason, result=what.result, note=what.note
    )
    linking.answer_for_outside(involvement=outside.latest("pk"), answer=answer, hat=doing.worn, at=doing.at)


def _withdraw_consent(doing: Doing, _what: object) -> None:
    consent = doing.case.consents.filter(withdrawn_at=None).latest("pk")
    consenting.withdraw(consent=consent, hat=doing.worn, at=doing.at)


def _introduce(doing: Doing, what: schema_demo.Introduced) -> None:
    desks = Desk.objects.in_bulk(what.desks, field_name="slug")
    responding.introduce(
        case=doing.case,
        desks=[desks[slug] for slug in what.desks],
        programmes=[responding.Programme(edition=_edition(slug)) for slug in what.programmes],
        remark=what.remark,
        hat=doing.worn,
        at=doing.at,
        once=doing.once,
    )


def _edition(slug: str) -> Edition:
    published = Edition.objects.filter(programme__slug=slug, state=EditionState.PUBLISHED)
    return published.select_related("programme").latest("fiscal_year")


def _situation(doing: Doing, what: schema_demo.Situation) -> None:
    sheet = responding.Sheet(what.figures, what.strengths, what.problems, what.wishes)
    responding.keep_situation(case=doing.case, sheet=sheet, hat=doing.worn, at=doing.at)


def _not_needed(doing: Doing, what: schema_demo.NotNeeded) -> None:
    responding.mark_not_needed(case=doing.case, step=what.step, why=what.why, hat=doing.worn, at=doing.at)


def _goal(doing: Doing, what: schema_demo.Goal) -> None:
    by_day = doing.due(what.in_days)
    planning.add_goal(case=doing.case, text=what.text, by_day=by_day, hat=doing.worn, at=doing.at)


def _reach_goal(doing: Doing, text: str) -> None:
    goal = Goal.objects.select_related("case").get(case=doing.case, text=text)
    planning.reach_goal(goal=goal, on=timezone.localdate(doing.at), hat=doing.worn, at=doing.at)


def _task(doing: Doing, what: schema_demo.Task) -> None:
    planning.add_task(
        case=doing.case,
        title=what.title,
        due_on=doing.days.back(what.days_late) if what.days_late else doing.due(what.in_days),
        for_business=what.is_for_business,
        hat=doing.worn,
        at=doing.at,
    )


def _task_done(doing: Doing, title: str) -> None:
    task = Task.objects.select_related("case").get(case=doing.case, title=title, state=TaskState.OPEN)
    planning.end_task(task=task, as_=TaskState.DONE, hat=doing.worn, at=doing.at)


def _follow_up(doing: Doing, in_days: int) -> None:
    planning.plan_follow_up(case=doing.case, due_on=doing.days.ahead(in_days), hat=doing.worn, at=doing.at)


def _hand_over(doing: Doing, to: str) -> None:
    handing_over.hand_over(involvement=doing.own, to=doing.users[to], hat=doing.worn, at=doing.at)


def _name_person(doing: Doing, key: str) -> None:
    handing_over.name_person(case=doing.case, user=doing.users[key], hat=doing.worn, at=doing.at)


def _close(doing: Doing, what: schema_demo.Closed) -> None:
    told = closing.CameOfIt(**{name: getattr(what, name) for name in schema_demo.Closed.model_fields})
    closing.close_case(case=doing.case, told=told, hat=doing.worn, at=doing.at)


def _reopen(doing: Doing, _what: object) -> None:
    closing.reopen_case(case=doing.case, hat=doing.worn, at=doing.at)


def _survey(doing: Doing, what: schema_demo.Survey) -> None:
    follow_up = FollowUp.objects.select_related("case", "involvement").get(
        case=doing.case, kind=FollowUpKind.AFTER_3_MONTHS, done_at=None
    )
    asked_at = doing.at - timedelta(hours=20)
    secret = closing.make_survey_link(follow_up=follow_up, hat=doing.worn, at=asked_at)
    answers = surveying.Answers(**what.model_dump())
    surveying.answer_survey(secret=secret, answers=answers, at=doing.at)


def _nudge(doing: Doing, _what: object) -> None:
    waiting = doing.case.involvements.select_related(
        "case", "organisation", "unit", "desk", "adviser"
    ).filter(state=InvolvementState.SENT)
    chasing.nudge(
        involvement=waiting.latest("pk"), by=doing.by_business, on=timezone.localdate(doing.at), at=doing.at
    )


_ACTS: dict[str, Callable[[Doing, Any], None]] = {
    "read": _read,
    "talk": _talk,
    "note": _note,
    "take": _take,
    "decline": _decline,
    "finish": _finish,
    "refer": _refer,
    "ask_expert": _ask_expert,
    "expert_accept": _expert_accept,
    "expert_report": _expert_report,
    "outside_answer": _outside_answer,
    "withdraw_consent": _withdraw_consent,
    "introduce": _introduce,
    "situation": _situation,
    "not_needed": _not_needed,
    "goal": _goal,
    "reach_goal": _reach_goal,
    "task": _task,
    "task_done": _task_done,
    "follow_up": _follow_up,
    "hand_over": _hand_over,
    "name_person": _name_person,
    "close": _close,
    "reopen": _reopen,
    "survey": _survey,
    "nudge": _nudge,
}
