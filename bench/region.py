"""A made-up region at work for some years: institutions, staff, businesses, cases and the audit of it all.

Written past the operations, straight into the tables, because they would take hours; what they keep in order
(numbers, folded words, who is counted, the earliest task) is kept in order here, and every constraint holds.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from bench import businesses
from bench.rows import careless, put
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business, Custody
from madoguchi.catalogue.models import Edition
from madoguchi.consultations import models as m
from madoguchi.consultations.kinds import Channel, Outcome, Result, Visibility
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState
from madoguchi.foundation import table_statistics
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Organisation, Region
from madoguchi.japan import areas
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.japan.text import fold
from tests.accounts.people import an_organisation

_YEARS_BACK = 4
_SLUG = "bench-"
_RECENT = timedelta(days=60)
_AT_ONCE = 20_000
# An institution of rank n has this share: the first of forty a seventh, the middle one a seventieth.
_STEEPNESS = 0.8
# The first case of an institution is one that everybody works on.
_BIG_TALKS, _BIG_NOTES, _BIG_TASKS, _BIG_READS = 100, 200, 30, 2_000
_TITLES = (
    "首都圏で売りたい", "店を継ぐ人がいない", "機械を入れかえたい", "資金ぐりが苦しい", "はじめて人を雇う",
    "ネットで売りたい", "商標を取りたい", "工場を広げたい", "電気代を減らしたい", "海外に出したい",
    "創業したい", "特許について聞きたい", "借入を返す計画", "新しい菓子をつくる",
)  # fmt: skip
_SENTENCES = (
    "来年の春までに新しい設備を入れたいとのこと。", "見積りを2社から取り、次回までに持ってきてもらう。",
    "売上は前の年より1割ほど減り、原材料の値上がりが響いている。", "金融機関との話し合いは月末の予定。",
    "補助金の公募要領を渡し、対象になる経費を説明した。", "後継者は長男、5年のうちに代を替わりたい。",
    "首都圏の百貨店の催事に出たが、続けて売れる先がない。", "商品の名前を変え、包みを新しくする。",
    "事業計画書の下書きを一緒に読み、数字の根拠を足すよう伝えた。", "専門家派遣を使うことにした。",
    "工場の電気の使い方を調べ、省エネの診断を勧めた。", "求人を出しているが応募がない。",
    "海外の取引先から問合せがあり、契約書の見方を知りたい。", "特許事務所に相談する前に先行技術を調べる。",
    "冬場の売上を支える商品を考えている。", "ほかの機関にも声をかけ、次は三者で会う。",
    "許可の更新を忘れずに行うよう伝えた。", "従業員の賃金を上げるための助成金を知りたい。",
    "インボイスの登録をどうするか迷っている。", "ホームページを作り直し、通信販売を始める。",
    "店の前の道路工事で客が減っている。", "新しい菓子の試作は来月から。", "在庫が多く、倉庫の費用がかさむ。",
    "取引先が一社にかたよっている。",
)  # fmt: skip
_STEPS = (
    "見積りを確かめる",
    "計画書の下書きを読む",
    "電話で様子を聞く",
    "専門家の日を決める",
    "申請書を送る",
)


@dataclass(frozen=True)
class Institution:
    """One institution: its row, its people (the first manages, the last audits), businesses and big case."""

    pk: int
    staff: Sequence[int]
    businesses: Sequence[int]
    cases: int

    @property
    def manager(self) -> int:
        """Who manages it."""
        return self.staff[0]

    @property
    def adviser(self) -> int:
        """The busiest of its advisers."""
        return self.staff[1]


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    cases: int
    businesses: int
    institutions: int = 40

    @property
    def staff(self) -> int:
        """One for a hundred cases, and never fewer than three for an institution."""
        return max(self.cases // 100, 3 * self.institutions)

    @property
    def events(self) -> int:
        """Five for a case."""
        return self.cases * 5


def grow(size: Size, *, today: date, seed: int = 2026) -> list[Institution]:
    """Fill a database that has a region pack, the largest institution first. Returns the institutions."""
    some = random.Random(seed)
    institutions = []
    with careless(), transaction.atomic():
        for number, share in enumerate(_shares(size.institutions)):
            organisation = an_organisation(f"みほん支援機関{number + 1}", slug=f"{_SLUG}{number + 1}")
            held = businesses.fill(max(10, round(size.businesses * share)), [organisation.pk], seed=number)
            staff = _staff(organisation, max(3, round(size.staff * share)), today)
            institutions.append(Institution(organisation.pk, staff, held, round(size.cases * share)))
        _Cases(institutions, size, today, some).write()
        _settle()
    return institutions


def grown() -> list[Institution]:
    """The institutions of a region that was made before, the largest first."""
    return [
        Institution(
            each.pk,
            list(_pks(Membership.objects.filter(organisation=each), "user")),
            list(_pks(Custody.objects.filter(organisation=each), "business")),
            m.Involvement.objects.filter(organisation=each, is_lead=True).count(),
        )
        for each in Organisation.objects.filter(slug__startswith=_SLUG).order_by("pk")
    ]


def cases_of(institution: Institution, *, count: int = 500) -> tuple[m.Case, list[str]]:
    """The big case of an institution, and keys of cases of its busiest adviser, the newest first."""
    led = m.Case.objects.filter(involvements__organisation=institution.pk, involvements__is_lead=True)
    own = led.filter(involvements__adviser=institution.adviser, is_secret=False).order_by("-pk")
    return led.order_by("pk")[0], list(own.values_list("key", flat=True)[:count])


def describe() -> str:
    """How much there is."""
    kinds = {
        "institutions": Organisation.objects.filter(slug__startswith=_SLUG),
        "staff": Membership.objects,
        "businesses": Business.objects,
        "cases": m.Case.objects,
        "involvements": m.Involvement.objects,
        "talks": m.Consultation.objects,
        "notes": m.Note.objects,
        "tasks": m.Task.objects,
        "audit events": AuditEvent.objects,
    }
    return ", ".join(f"{rows.count():,} {name}" for name, rows in kinds.items())


def _pks(rows: QuerySet[Model], name: str) -> Iterator[int]:
    return rows.order_by("pk").values_list(name, flat=True).iterator()


def _shares(count: int) -> list[float]:
    weights = [1 / (number + 1) ** _STEEPNESS for number in range(count)]
    return [weight / sum(weights) for weight in weights]


def _staff(organisation: Organisation, count: int, today: date) -> list[int]:
    since = f"{today.year - _YEARS_BACK}-04-01 00:00:00"
    first = (User.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    pks = range(first, first + count)
    put(
        User,
        "id email display_name created_at password",
        ((pk, f"staff-{pk}@example.jp", f"窓口 {pk}", since, "!") for pk in pks),
    )
    put(
        Membership,
        "user_id organisation_id role starts_at",
        ((pk, organisation.pk, _role(number, count), since) for number, pk in enumerate(pks)),
    )
    return list(pks)


def _role(number: int, count: int) -> str:
    if number == 0:
        return Role.MANAGER.value
    return Role.AUDITOR.value if number == count - 1 else Role.ADVISER.value


@dataclass
class _Case:
    """A case while it is being written."""

    pk: int
    opened: datetime
    institution: Institution
    adviser: int
    topic: int
    is_secret: bool
    business: int | None
    area: str
    industry: str
    state: str
    lead: str
    closed: datetime | None
    is_big: bool


class _Cases:
    """All the rows about cases, table by table in memory for a few thousand cases at a time."""

    def __init__(
        self, institutions: Sequence[Institution], size: Size, today: date, some: random.Random
    ) -> None:
        self.institutions, self.size, self.today, self.some = institutions, size, today, some
        self.rows: dict[tuple[type[Model], str], list[tuple[object, ...]]] = defaultdict(list)
        self.topics = list(m.Topic.objects.order_by("position", "pk").values_list("pk", "is_secret"))
        self.editions = list(Edition.objects.order_by("pk").values_list("pk", flat=True)[:200])
        home = Region.objects.get().prefecture_code
        self.areas = [each.code for each in areas.municipalities(home)]
        self.folded = [fold(each, fold_kana=True) for each in _SENTENCES]
        self.numbers: dict[int, int] = defaultdict(int)
        self.counted: dict[int, int] = {}
        self.big_started: set[int] = set()
        self.leads: list[tuple[int, int, int]] = []
        self.big: list[tuple[int, Institution]] = []
        self.talk = self.involvement = 0

    def write(self) -> None:
        """Everything, the oldest case first."""
        weights = [each.cases for each in self.institutions]
        begin = datetime(self.today.year - _YEARS_BACK, 4, 1, tzinfo=UTC)
        end = datetime.combine(self.today, datetime.min.time(), tzinfo=UTC)
        moments = sorted(
            begin + timedelta(seconds=int(self.some.random() * (end - begin).total_seconds()))
            for _ in range(self.size.cases)
        )
        of = self.some.choices(self.institutions, weights=weights, k=self.size.cases)
        for number, (opened, institution) in enumerate(zip(moments, of, strict=True)):
            self._case(number + 1, opened, institution, end)
            if number % _AT_ONCE == _AT_ONCE - 1:
                self._flush()
        self._flush()
        put(m.CountedBusiness, "business_id number", self.counted.items())
        put(m.CaseNumber, "fiscal_year last", self.numbers.items())
        put(
            AuditEvent,
            "occurred_at actor_id actor_label action subject_type subject_id organisation_id data",
            self._events(begin, end),
        )

    def _flush(self) -> None:
        for (model, columns), rows in self.rows.items():
            put(model, columns, rows)
        self.rows.clear()

    def _add(self, model: type[Model], columns: str, *row: object) -> None:
        self.rows[model, columns].append(row)

    def _case(self, pk: int, opened: datetime, institution: Institution, end: datetime) -> None:
        some = self.some
        is_big = institution.pk not in self.big_started
        self.big_started.add(institution.pk)
        topic, is_secret = some.choice(self.topics)
        if is_big:
            topic, is_secret = next(each for each in self.topics if not each[1])
        state, lead = self._stand(opened, end, is_big=is_big)
        closed = opened + (end - opened) * some.random() if state == CaseState.CLOSED else None
        advisers = institution.staff[1:-1] or institution.staff[:1]
        # The first adviser has ten times the load of another.
        adviser = (
            advisers[0]
            if some.random() < min(0.5, 10 / len(advisers)) and lead != "sent"
            else some.choice(advisers)
        )
        case = _Case(
            pk, opened, institution, adviser, topic, is_secret,
            some.choice(institution.businesses) if some.random() < 0.9 else None,
            some.choice(self.areas), f"{some.randrange(9, 95):02}", state, lead, closed, is_big,
        )  # fmt: skip
        self.leads.append((pk, adviser, institution.pk))
        if is_big:
            self.big.append((pk, institution))
        texts = self._about(case)
        self._involvements(case)
        self._talks(case, texts)
        self._tasks(case)

    def _stand(self, opened: datetime, end: datetime, *, is_big: bool) -> tuple[str, str]:
        """The state of the case, and of the involvement that leads it."""
        chance = self.some.random()
        if is_big:
            return CaseState.WORKING.value, InvolvementState.WORKING.value
        if chance >= (0.6 if end - opened < _RECENT else 0.04):
            is_open = chance > 0.97
            finished = InvolvementState.FINISHED.value
            return (CaseState.FINISHED.value if is_open else CaseState.CLOSED.value), finished
        if end - opened < _RECENT / 4 and chance < 0.3:
            return CaseState.NEW.value, InvolvementState.SENT.value
        return CaseState.WORKING.value, (
            InvolvementState.ACCEPTED if chance < 0.005 else InvolvementState.WORKING
        ).value

    def _about(self, case: _Case) -> list[str]:
        """The case itself, whom it names and how it was closed. Returns its folded words so far."""
        some = self.some
        year = FiscalYear.of(case.opened.date()).start_year
        self.numbers[year] += 1
        number = f"{year}-{self.numbers[year]:04d}"
        title = some.choice(_TITLES)
        at = some.randrange(len(_SENTENCES))
        channel = some.choice(Channel.values)
        self._add(
            m.Case,
            "id key number fiscal_year title words main_topic_id channel is_secret business_id contact_name"
            " area_code industry employees state opened_at responded_at closed_at",
            case.pk, f"bench{case.pk:07d}", number, year, title, _SENTENCES[at], case.topic, channel,
            case.is_secret, case.business, "窓口 太郎", case.area, case.industry, some.randrange(400),
            case.state, _moment(case.opened),
            None if case.lead == "sent" else _moment(case.opened + timedelta(hours=some.randrange(96))),
            _moment(case.closed),
        )  # fmt: skip
        self._add(m.Case.topics.through, "case_id topic_id", case.pk, case.topic)
        if case.lead != InvolvementState.SENT:
            self._add(m.CasePerson, "case_id user_id since", case.pk, case.adviser, _moment(case.opened))
        if case.closed:
            self._add(
                m.Closing,
                "case_id outcome summary closed_by_id closed_at",
                case.pk, some.choice(Outcome.values), some.choice(_SENTENCES), case.adviser,
                _moment(case.closed),
            )  # fmt: skip
        if self.editions and some.random() < 0.3:
            self._add(
                m.Introduction,
                "case_id organisation_id edition_id introduced_by_id introduced_at",
                case.pk, case.institution.pk, some.choice(self.editions), case.adviser, _moment(case.opened),
            )  # fmt: skip
        return [fold(number, fold_kana=True), fold(title, fold_kana=True), self.folded[at]]

    def _involvements(self, case: _Case) -> None:
        is_at_work = case.lead in (InvolvementState.ACCEPTED, InvolvementState.WORKING)
        self._involve(case, case.institution, case.lead, is_lead=True, is_at_work=is_at_work)
        if self.some.random() < 0.25 or case.is_big:
            other = self.some.choice(self.institutions)
            if other.pk == case.institution.pk or case.lead == InvolvementState.SENT:
                return
            chance = self.some.random()
            if case.lead == InvolvementState.FINISHED:
                state = InvolvementState.FINISHED if chance < 0.8 else InvolvementState.DECLINED
            else:
                state = InvolvementState.SENT if chance < 0.3 else InvolvementState.WORKING
            self._involve(
                case, other, state.value, is_lead=False, is_at_work=state == InvolvementState.WORKING
            )
            self._add(
                m.Consent, "case_id is_general means given_at", case.pk, True, "spoken", _moment(case.opened)
            )

    def _involve(
        self, case: _Case, institution: Institution, state: str, *, is_lead: bool, is_at_work: bool
    ) -> None:
        some = self.some
        self.involvement += 1
        has_step = is_at_work and some.random() < 0.85
        adviser = case.adviser if is_lead else some.choice(institution.staff)
        is_sent = state == InvolvementState.SENT
        is_done = state == InvolvementState.FINISHED
        due = (self.today + timedelta(days=some.randrange(-10, 40))).isoformat() if has_step else None
        step = some.choice(_STEPS) if has_step else ""
        self._add(
            m.Involvement,
            "id case_id organisation_id adviser_id is_lead state sent_at sent_by_id sent_by_organisation_id"
            " taken_at finished_at result next_step next_due_on answer",
            self.involvement, case.pk, institution.pk, None if is_sent else adviser, is_lead, state,
            _moment(case.opened), None if is_lead else case.adviser,
            None if is_lead else case.institution.pk, None if is_sent else _moment(case.opened),
            _moment(case.closed or case.opened + timedelta(days=1)) if is_done else None,
            Result.HELPED.value if is_done else "", step, due,
            "no_capacity" if state == InvolvementState.DECLINED else "",
        )  # fmt: skip
        if has_step:
            self._task(case, self.involvement, step, due, is_open=True)
        if is_lead:
            self.lead = self.involvement

    def _talks(self, case: _Case, texts: list[str]) -> None:
        some = self.some
        talks = _BIG_TALKS if case.is_big else some.choice((1, 1, 1, 2, 2, 3, 4))
        if case.lead == InvolvementState.SENT:
            talks = 0
        until = case.closed or datetime.combine(self.today, datetime.min.time(), tzinfo=UTC)
        for number in range(talks):
            held = case.opened + (until - case.opened) * (number / talks)
            self.talk += 1
            counted = -case.pk
            if case.business is not None:
                counted = self.counted.setdefault(case.business, some.getrandbits(62))
            self._add(
                m.Consultation,
                "id case_id involvement_id organisation_id adviser_id channel held_on minutes is_first"
                " topic_id business_id area_code industry employees counted_as recorded_at",
                self.talk, case.pk, self.lead, case.institution.pk, case.adviser, some.choice(Channel.values),
                held.date().isoformat(), some.randrange(10, 120), number == 0, case.topic, case.business,
                case.area, case.industry, some.randrange(400), counted, _moment(held),
            )  # fmt: skip
            self._note(case, self.talk, held, texts)
        for _ in range(_BIG_NOTES if case.is_big else some.choice((0, 1, 1, 1, 2))):
            self._note(case, None, case.opened + (until - case.opened) * some.random(), texts)
        if not case.is_secret:
            self._add(m.CaseWords, "case_id text", case.pk, " ".join(texts))

    def _note(self, case: _Case, talk: int | None, at: datetime, texts: list[str]) -> None:
        picked = self.some.sample(range(len(_SENTENCES)), 3)
        chance = self.some.random()
        visibility = (
            Visibility.SHARED
            if chance < 0.7
            else Visibility.INTERNAL
            if chance < 0.9
            else Visibility.PERSONAL
        )
        if visibility == Visibility.SHARED:
            texts.extend(self.folded[each] for each in picked)
        self._add(
            m.Note,
            "case_id consultation_id organisation_id author_id author_name visibility body written_at",
            case.pk, talk, case.institution.pk, case.adviser, f"窓口 {case.adviser}", visibility.value,
            "".join(_SENTENCES[each] for each in picked), _moment(at),
        )  # fmt: skip

    def _tasks(self, case: _Case) -> None:
        is_running = case.lead == InvolvementState.WORKING
        for _ in range(_BIG_TASKS if case.is_big else self.some.randrange(2)):
            self._task(case, self.lead, self.some.choice(_STEPS), None, is_open=False)
        if is_running and self.some.random() < 0.3:
            due = (self.today + timedelta(days=self.some.randrange(-5, 30))).isoformat()
            self._task(case, None, "決算書をそろえる", due, is_open=True)

    def _task(
        self, case: _Case, involvement: int | None, title: str, due: str | None, *, is_open: bool
    ) -> None:
        self._add(
            m.Task,
            "case_id involvement_id title due_on state made_by_id made_at ended_at",
            case.pk, involvement, title, due, (TaskState.OPEN if is_open else TaskState.DONE).value,
            case.adviser, _moment(case.opened), None if is_open else _moment(case.opened + timedelta(days=9)),
        )  # fmt: skip

    def _events(self, begin: datetime, end: datetime) -> Iterator[tuple[object, ...]]:
        """Mostly readings; some thousand of each big case by everybody of its institution."""
        some, count = self.some, self.size.events
        step = (end - begin) / count
        actions = ("case_read",) * 7 + ("note_written", "consultation_recorded", "case_opened")
        page = json.dumps({"what": "page"})
        visits = [(pk, some.choice(each.staff), each.pk) for pk, each in self.big for _ in range(_BIG_READS)]
        rate = len(visits) / count
        for number in range(count):
            is_visit = visits and some.random() < rate
            case, person, organisation = visits.pop() if is_visit else some.choice(self.leads)
            yield (
                _moment(begin + step * number), str(person), f"窓口 {person}",
                f"consultations.{some.choice(actions)}", "consultations.case", str(case),
                str(organisation), page,
            )  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    """As both databases take it: UTC, without saying so."""
    return at.strftime("%Y-%m-%d %H:%M:%S") if at else None


def _settle() -> None:
    """Sequences behind the numbers given here, and the statistics that database and worker take in time."""
    written = [User, Membership, m.Case, m.Involvement, m.Consultation]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    table_statistics.refresh()
