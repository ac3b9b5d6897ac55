"""The deadline of a report, and mail about it: reminders, and word that something came back."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import PERMISSIONS, Role
from madoguchi.institutions.models import Unit
from madoguchi.mail.addresses import absolute
from madoguchi.mail.letters import Action, Letter
from madoguchi.mail.operations import sending
from madoguchi.results.errors import YearClosed
from madoguchi.results.models import ReportYear, UnitReturn
from madoguchi.results.operations.acting import require_review, say
from madoguchi.results.states import WITH_UNIT, YearState

_WRITERS = tuple(role for role in Role if "results.write" in PERMISSIONS[role])


def set_deadline(*, year: ReportYear, on: date | None, hat: Hat, at: datetime) -> None:
    """Say until when units hand in. Raises NotAllowed, and YearClosed unless the year is open."""
    with transaction.atomic():
        require_review(year, hat)
        if not ReportYear.objects.filter(pk=year.pk, state=YearState.OPEN).update(deadline_on=on):
            raise YearClosed
        say("deadline_set", subject="year", key=year.pk, hat=hat, at=at, fiscal_year=year.fiscal_year)


def remind(
    *, year: ReportYear, hat: Hat, on: date, at: datetime, units: Collection[int] | None = None
) -> int:
    """Remind everybody whose units still owe, of these units or of all; returns how many people were told.

    One mail a person, whatever they owe, and one a day. Raises NotAllowed, and YearClosed unless it is open.
    """
    require_review(year, hat)
    if year.state != YearState.OPEN:
        raise YearClosed
    told = _remind(year, on=on, access_at=hat.at, units=units, say_so=lambda: _say(year, hat, at=at))
    return len(told)


def remind_by_calendar(*, on: date, access_at: datetime) -> int:
    """Send the reminders that are planned for this day; safe to run again and again."""
    told = 0
    for year in ReportYear.objects.filter(state=YearState.OPEN, deadline_on__gte=on).order_by("pk"):
        if year.deadline_on and (year.deadline_on - on).days in year.reminders:
            told += len(_remind(year, on=on, access_at=access_at, units=None))
    return told


def _say(year: ReportYear, hat: Hat, *, at: datetime) -> None:
    say("reminded", subject="year", key=year.pk, hat=hat, at=at, fiscal_year=year.fiscal_year)


def _remind(
    year: ReportYear,
    *,
    on: date,
    access_at: datetime,
    units: Collection[int] | None,
    say_so: Callable[[], None] = lambda: None,
) -> dict[User, list[UnitReturn]]:
    waiting = year.returns.filter(state__in=WITH_UNIT).select_related("unit")
    if units is not None:
        waiting = waiting.filter(unit__in=units)
    told = people_of(list(waiting.order_by("unit__full_name", "pk")), access_at=access_at)
    with transaction.atomic():
        for user, theirs in told.items():
            sending.send_to(
                user,
                kind="results.reminder",
                write=_reminder(year, [row.unit.name for row in theirs], on=on),
                subject_type="results.year",
                subject_id=year.pk,
                dedupe=f"results.reminder:{year.pk}:{on.isoformat()}:{user.pk}",
            )
        if told:
            say_so()
    return told


def people_of(returns: Collection[UnitReturn], *, access_at: datetime) -> dict[User, list[UnitReturn]]:
    """Who writes what is owed: the people of the unit, else those of the nearest one above it."""
    organisations = {row.unit.organisation_id for row in returns}
    parents = dict(Unit.everything.filter(organisation__in=organisations).values_list("pk", "parent_id"))
    members: dict[int | None, list[User]] = defaultdict(list)
    running = Membership.objects.running(at=access_at).filter(role__in=_WRITERS, unit__in=list(parents))
    for membership in running.select_related("user").order_by("pk"):
        members[membership.unit_id].append(membership.user)
    found: dict[User, list[UnitReturn]] = defaultdict(list)
    for row in returns:
        for user in dict.fromkeys(_nearest(row.unit_id, parents, members)):
            found[user].append(row)
    return dict(found)


def _nearest(
    unit: int, parents: Mapping[int, int | None], members: Mapping[int | None, list[User]]
) -> list[User]:
    step: int | None = unit
    while step is not None:
        if members.get(step):
            return members[step]
        step = parents.get(step)
    return []


def returned(row: UnitReturn, *, access_at: datetime) -> int:
    """Tell a unit's people that something is to be mended; returns how many were told."""

    def letter() -> Letter:
        return Letter(
            subject=gettext("年次報告で、直してほしいところがあります"),
            paragraphs=[
                gettext("出していただいた内容を見ました。直してほしいところがあります。"),
                gettext("直すと、そのまま出し直せます。"),
            ],
            facts=[(gettext("部署"), row.unit.name)],
            action=Action(gettext("直すところを見る"), absolute(_path(row.report_year))),
        )

    told = people_of([row], access_at=access_at)
    for user in told:
        sending.send_to(
            user,
            kind="results.returned",
            write=letter,
            subject_type="results.unit_return",
            subject_id=row.pk,
            dedupe=f"results.returned:{row.pk}:{row.moved_at.isoformat() if row.moved_at else ''}:{user.pk}",
        )
    return len(told)


def _reminder(year: ReportYear, units: list[str], *, on: date) -> Callable[[], Letter]:
    def letter() -> Letter:
        facts = [(gettext("部署"), "\n".join(units))]
        if year.deadline_on:
            left = (year.deadline_on - on).days
            words = gettext("%(day)s（あと%(left)d日）") if left >= 0 else gettext("%(day)s（過ぎています）")
            facts.append((gettext("締切"), words % {"day": _day(year.deadline_on), "left": left}))
        return Letter(
            subject=gettext("年次報告の入力をお願いします"),
            paragraphs=[gettext("次の部署の分が、まだ出ていません。書けたところまで保存できます。")],
            facts=facts,
            action=Action(gettext("入力のページを開く"), absolute(_path(year))),
        )

    return letter


def _path(year: ReportYear) -> str:
    return reverse("desk:report", args=[year.fiscal_year])


def _day(day: date) -> str:
    return gettext("%(month)s%(day)d日（%(weekday)s）") % {
        "month": str(MONTHS_3[day.month]).capitalize(),
        "day": day.day,
        "weekday": WEEKDAYS_ABBR[day.weekday()],
    }
