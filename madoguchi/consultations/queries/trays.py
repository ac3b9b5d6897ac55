"""The trays of an adviser: what lies in each, how many, and what a page of one shows.

Everything starts from the involvements of the reader's organisation, which an index holds by state and
deadline; no reading here goes through the cases of others.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import CasePerson, Consultation, Involvement, Task
from madoguchi.consultations.queries import finding
from madoguchi.consultations.queries.waiting import LEFT_OVER, STILL_ASKED
from madoguchi.consultations.states import RUNNING, CaseState, InvolvementState, TaskState
from madoguchi.foundation.among import IsAmong
from madoguchi.foundation.paging import Page, page_of

_SENT = (InvolvementState.SENT,)
AT_WORK = (InvolvementState.ACCEPTED, InvolvementState.WORKING)


_ON_A_TRAY = ~Q(case__state__in=(CaseState.HELD, CaseState.CLOSED)) | STILL_ASKED


class Tray(TextChoices):
    """What an adviser looks into, in the order of the side."""

    TODAY = "today", _("今日やること")
    NEW = "new", _("新しい相談")
    MINE = "mine", _("担当中")
    WAITING = "waiting", _("返事待ち")
    LATE = "late", _("期限過ぎ")
    ALL = "all", _("所属の全件")
    UNTAKEN = "untaken", _("引き受け先なし")
    HELD = "held", _("確認待ち")


class Stand(TextChoices):
    """How far the own organisation is: the states that the list of everything is narrowed down by."""

    RUNNING = "running", _("動いている")
    SENT = "sent", _("受け付け前")
    AT_WORK = "at_work", _("対応中")
    FINISHED = "finished", _("対応済み")
    CLOSED = "closed", _("終了")
    ANY = "any", _("すべて")


_MINE = (Tray.TODAY, Tray.MINE, Tray.WAITING, Tray.LATE)
_OURS = (Tray.NEW, Tray.ALL, Tray.HELD)


@dataclass(frozen=True)
class Narrowing:
    """What the list of everything is narrowed down by; empty values take in all."""

    stand: Stand = Stand.RUNNING
    topic: str = ""
    adviser: int | None = None
    areas: frozenset[str] = frozenset()
    words: str = ""


@dataclass(frozen=True)
class Waiting:
    """What a case waits for: what the business has to do, and who has not answered yet."""

    business_tasks: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


def seen_by(hat: Hat) -> QuerySet[Involvement]:
    """The involvements of the hat's organisation in the cases that the hat may see, and no other.

    The same cases as `Case.objects.visible_to(hat)` (a test compares them), asked from the other end.
    """
    if not hat.may("cases.read"):
        return Involvement.objects.none()
    named = CasePerson.objects.filter(case=OuterRef("case"), user=hat.user_id, until=None)
    return Involvement.objects.filter(organisation=hat.organisation_id, access_ended_at=None).filter(
        Q(case__is_secret=False) | Exists(named)
    )


def lying_in(tray: Tray, hat: Hat, *, on: date) -> QuerySet[Involvement]:
    """What lies in a tray, in the order in which one works through it."""
    rows = seen_by(hat).filter(_within(tray, hat, on=on))
    if tray in (Tray.NEW, Tray.UNTAKEN, Tray.HELD):
        # As an expression: SQLite would go through everything of the organisation in the order of an index.
        return rows.order_by(Coalesce("sent_at", "sent_at"), "pk")
    return rows.order_by(F("next_due_on").asc(nulls_last=True), "pk")


def narrowed(hat: Hat, narrowing: Narrowing) -> QuerySet[Involvement]:
    """Everything of the organisation, narrowed down, each case once; the nearest deadline first."""
    rows = seen_by(hat).filter(_standing(narrowing.stand, hat))
    if narrowing.stand in (Stand.FINISHED, Stand.CLOSED, Stand.ANY):
        rows = rows.exclude(~Q(state__in=RUNNING), Exists(_asked_again(hat)))
    if narrowing.topic:
        rows = rows.filter(case__main_topic__code=narrowing.topic)
    if narrowing.adviser:
        rows = rows.filter(adviser=narrowing.adviser)
    if narrowing.areas:
        rows = rows.filter(case__area_code__in=narrowing.areas)
    if narrowing.words:
        rows = rows.filter(IsAmong("case_id", finding.cases_with(narrowing.words, hat)))
    return rows.order_by(F("next_due_on").asc(nulls_last=True), "-pk")


def _asked_again(hat: Hat) -> QuerySet[Involvement]:
    """Another part of the organisation in the same case that runs, or is the later one."""
    others = Involvement.objects.filter(
        case=OuterRef("case"), organisation=hat.organisation_id, access_ended_at=None
    ).exclude(pk=OuterRef("pk"))
    return others.filter(Q(state__in=RUNNING) | Q(pk__gt=OuterRef("pk")))


def page_of_rows(rows: QuerySet[Involvement], wanted: object, *, size: int) -> Page[Involvement]:
    """One page with what a row shows: the numbers of all are read once, and what stands on them for a page.

    To count first and then to sort whole rows would go through them twice.
    """
    ids = page_of(list(rows.values_list("pk", flat=True)), wanted, size=size)
    related = Involvement.objects.select_related("case__main_topic", "case__business", "adviser")
    found = related.in_bulk(ids.rows)
    return Page(
        rows=[found[pk] for pk in ids.rows if pk in found],
        number=ids.number,
        page_count=ids.page_count,
        total=ids.total,
        first=ids.first,
        last=ids.last,
    )


def counts(hat: Hat, *, on: date) -> dict[Tray, int]:
    """How many lie in each tray: the person's own, the organisation's, and for managers what nobody took."""
    rows = seen_by(hat)
    found = dict.fromkeys(Tray, 0)
    for lying, among in ((_MINE, _lying(AT_WORK, hat, is_own=True)), (_OURS, _lying(RUNNING, hat))):
        counted = {tray.value: Count("pk", filter=_is_in(tray, on=on)) for tray in lying}
        numbers = rows.filter(among).aggregate(**counted)
        found |= {tray: numbers[tray.value] for tray in lying}
    if hat.may("cases.manage"):
        found[Tray.UNTAKEN] = rows.filter(LEFT_OVER).count()
    return found


def _within(tray: Tray, hat: Hat, *, on: date) -> Q:
    if tray is Tray.UNTAKEN:
        return LEFT_OVER if hat.may("cases.manage") else Q(pk__in=())
    states = {Tray.NEW: _SENT} | dict.fromkeys(_MINE, AT_WORK)
    return _lying(states.get(tray, RUNNING), hat, is_own=tray in _MINE) & _is_in(tray, on=on)


def _lying(states: Collection[InvolvementState], hat: Hat, *, is_own: bool = False) -> Q:
    """In one of these states, or ended with something left to do: a withdrawn case that is to be closed.

    By numbers, in two parts that an index holds each: as an either-or all that ever ended is read.
    """
    rows = Involvement.objects.filter(organisation=hat.organisation_id)
    if is_own:
        rows = rows.filter(adviser=hat.user_id)
    left = rows.filter(state=InvolvementState.FINISHED, next_due_on__isnull=False)
    return Q(pk__in=rows.filter(state__in=states).values("pk").union(left.values("pk"), all=True))


def _is_in(tray: Tray, *, on: date) -> Q:
    """What puts a row that lies somewhere into this tray."""
    if tray is Tray.HELD:
        return Q(case__state=CaseState.HELD)
    belongs = {
        Tray.TODAY: Q(next_due_on__lte=on) | (Q(next_step="") & ~_waits()),
        Tray.NEW: Q(state__in=_SENT) | Q(state=InvolvementState.FINISHED, adviser=None),
        Tray.MINE: Q(),
        Tray.WAITING: _waits(),
        Tray.LATE: Q(next_due_on__lt=on),
        Tray.ALL: Q(),
    }[tray]
    return _ON_A_TRAY & belongs


def _waits() -> Q:
    """Somebody else has to act: the business has something to do, or an organisation has not answered."""
    of_business = Task.objects.filter(case=OuterRef("case"), involvement=None, state=TaskState.OPEN)
    asked = Involvement.objects.filter(case=OuterRef("case"), state=InvolvementState.SENT)
    return Q(Exists(of_business)) | Q(Exists(asked.exclude(pk=OuterRef("pk"))))


def _standing(stand: Stand, hat: Hat) -> Q:
    closed = Q(case__state=CaseState.CLOSED)
    if stand is Stand.CLOSED:
        return closed
    if stand is Stand.ANY:
        return ~Q(case__state=CaseState.HELD)
    states = {
        Stand.RUNNING: _lying(RUNNING, hat),
        Stand.SENT: Q(state__in=_SENT),
        Stand.AT_WORK: Q(state__in=AT_WORK),
        Stand.FINISHED: Q(state=InvolvementState.FINISHED),
    }[stand]
    return states & _ON_A_TRAY


def talks_of(case_ids: Collection[int]) -> dict[int, int]:
    """How often each of the cases was talked about."""
    rows = Consultation.objects.filter(case__in=case_ids).values("case").annotate(talks=Count("pk"))
    return {row["case"]: row["talks"] for row in rows}


def waiting_of(involvements: Collection[Involvement]) -> dict[int, Waiting]:
    """What the cases of these involvements wait for, by case; the own involvement is no answer awaited."""
    case_ids = {row.case_id for row in involvements}
    tasks, asked = defaultdict(list), defaultdict(list)
    open_tasks = Task.objects.filter(case__in=case_ids, involvement=None, state=TaskState.OPEN)
    for case_id, title in open_tasks.order_by("due_on", "pk").values_list("case", "title"):
        tasks[case_id].append(title)
    unanswered = Involvement.objects.filter(case__in=case_ids, state=InvolvementState.SENT)
    own = {row.pk for row in involvements}
    for row in unanswered.exclude(pk__in=own).select_related("organisation").order_by("sent_at", "pk"):
        asked[row.case_id].append(row.organisation.name if row.organisation else row.outside_name)
    return {
        case_id: Waiting(tuple(tasks[case_id]), tuple(asked[case_id]))
        for case_id in case_ids
        if tasks[case_id] or asked[case_id]
    }
