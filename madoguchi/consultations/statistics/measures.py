"""What is counted: each figure has its one definition here, under a key that reports name.

延べ counts talks, 実 counts the businesses behind them: a case without a business in the records (somebody
anonymous, a founder) counts as one of its own, because nobody can tell whether two of them are the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Case, Consultation, Dispatch, Involvement
from madoguchi.consultations.statistics.scope import Scope

Rows = QuerySet[Consultation] | QuerySet[Case] | QuerySet[Involvement] | QuerySet[Dispatch]


class Subject(StrEnum):
    """What the rows behind a figure are."""

    CONSULTATION = "consultation"
    CASE = "case"
    REFERRAL = "referral"
    DISPATCH = "dispatch"


@dataclass(frozen=True)
class Measure:
    """One figure: whose rows count, which moment of theirs lies in the scope, and how they are counted."""

    key: str
    label: str | Promise
    unit: str | Promise
    meaning: str | Promise
    subject: Subject
    whose: Callable[[Scope], Rows]
    moment: str
    counted: str = ""
    only: Q = field(default_factory=Q)
    # Of which figure, broken down by channel, it is the part of this channel; empty for one of its own.
    part_of: str = ""
    channel: str = ""

    def rows(self, scope: Scope) -> Rows:
        """The rows that are counted."""
        return self.whose(scope).filter(_within(scope, self.moment), self.only)

    def count(self, condition: Q | None = None) -> Count:
        """How the rows are counted: each, or each business once.

        As rows, not by their numbers, which the indexes do not hold.
        """
        return Count(self.counted or Value(1), distinct=bool(self.counted), filter=condition)

    def value(self, scope: Scope) -> int:
        """The figure over the whole scope."""
        return int(self.rows(scope).aggregate(value=self.count())["value"])


def values(measures: Iterable[Measure], scope: Scope) -> dict[str, int]:
    """The figures by their keys; those over the same rows are counted in one reading."""
    together: dict[tuple[object, str], list[Measure]] = {}
    for measure in measures:
        together.setdefault((measure.whose, measure.moment), []).append(measure)
    found: dict[str, int] = {}
    for (_whose, moment), group in together.items():
        counts = {each.key: each.count(each.only or None) for each in group}
        found |= group[0].whose(scope).filter(_within(scope, moment)).aggregate(**counts)
    return found


def _within(scope: Scope, moment: str) -> Q:
    if moment == "held_on":
        return Q(held_on__range=(scope.first, scope.last))
    return Q(**{f"{moment}__gte": scope.begins_at, f"{moment}__lt": scope.ends_at})


def _consultations(scope: Scope) -> QuerySet[Consultation]:
    rows = Consultation.objects.all()
    if scope.organisation_id is not None:
        rows = rows.filter(organisation=scope.organisation_id)
    return rows if scope.adviser_id is None else rows.filter(adviser=scope.adviser_id)


def led_by(scope: Scope) -> Q:
    """Whose case is that of who answers to the business, by the scope; of a region, every one.

    By their numbers: what else is asked of a case or its closing is then read from an index alone.
    """
    whose = {"organisation": scope.organisation_id, "adviser": scope.adviser_id}
    named = {name: pk for name, pk in whose.items() if pk is not None}
    led = Involvement.objects.filter(is_lead=True, **named).values("case")
    return Q(case__in=led) if named else Q()


def _cases(scope: Scope) -> QuerySet[Case]:
    """What is held as spam is no case."""
    return Case.objects.alias(case=F("pk")).filter(led_by(scope), held_because="")


def _sent(scope: Scope) -> QuerySet[Involvement]:
    """Cases that an organisation of the scope passed on to somebody."""
    rows = Involvement.objects.filter(sent_by_organisation__isnull=False)
    if scope.organisation_id is not None:
        rows = rows.filter(sent_by_organisation=scope.organisation_id)
    return rows if scope.adviser_id is None else rows.filter(sent_by=scope.adviser_id)


def _received(scope: Scope) -> QuerySet[Involvement]:
    """Cases that an organisation of the scope was asked to take over by another."""
    rows = Involvement.objects.filter(sent_by_organisation__isnull=False)
    if scope.organisation_id is not None:
        rows = rows.filter(organisation=scope.organisation_id)
    return rows if scope.adviser_id is None else rows.filter(adviser=scope.adviser_id)


def _dispatches(scope: Scope) -> QuerySet[Dispatch]:
    """Talks of experts whom an organisation of the scope had asked."""
    rows = Dispatch.objects.all()
    if scope.organisation_id is not None:
        rows = rows.filter(request__asked_by_organisation=scope.organisation_id)
    return rows if scope.adviser_id is None else rows.filter(request__asked_by=scope.adviser_id)


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure(
            "consultations",
            _("相談件数（延べ）"),
            _("件"),
            _("記録した相談・対応の数です。同じ事業者の2回の相談は、2件と数えます。"),
            Subject.CONSULTATION,
            _consultations,
            "held_on",
        ),
        Measure(
            "visits",
            _("巡回の件数（延べ）"),
            _("件"),
            _("相談員が事業者を訪ねた相談の数です。"),
            Subject.CONSULTATION,
            _consultations,
            "held_on",
            only=Q(channel=Channel.VISIT),
            part_of="consultations",
            channel=Channel.VISIT,
        ),
        Measure(
            "desk_talks",
            _("窓口の件数（延べ）"),
            _("件"),
            _("窓口で受けた相談の数です。"),
            Subject.CONSULTATION,
            _consultations,
            "held_on",
            only=Q(channel=Channel.DESK),
            part_of="consultations",
            channel=Channel.DESK,
        ),
        Measure(
            "businesses",
            _("相談した事業者（実数）"),
            _("者"),
            _(
                "相談のあった事業者を、1者を1回だけ数えます。事業者の記録がない案件は、案件ごとに1と数えます。"
            ),
            Subject.CONSULTATION,
            _consultations,
            "held_on",
            "counted_as",
        ),
        Measure(
            "cases_opened",
            _("新しい案件"),
            _("件"),
            _("この期間に始まり、この機関が責任をもつ案件です。確認待ちの申込みは含みません。"),
            Subject.CASE,
            _cases,
            "opened_at",
        ),
        Measure(
            "cases_closed",
            _("閉じた案件"),
            _("件"),
            _("この期間に閉じ、いまも閉じている案件です。"),
            Subject.CASE,
            _cases,
            "closed_at",
        ),
        Measure(
            "referrals",
            _("引き継いだ件数"),
            _("件"),
            _("ほかの機関や専門家に引き継いだ数です。返事の前のものも含みます。"),
            Subject.REFERRAL,
            _sent,
            "sent_at",
        ),
        Measure(
            "referrals_received",
            _("引き継がれた件数"),
            _("件"),
            _("ほかの機関から引き継ぎを受けた数です。断ったものも含みます。"),
            Subject.REFERRAL,
            _received,
            "sent_at",
        ),
        Measure(
            "dispatches",
            _("専門家の派遣（延べ）"),
            _("回"),
            _("頼んだ専門家が、事業者と話した回数です。専門家の報告で数えます。"),
            Subject.DISPATCH,
            _dispatches,
            "held_on",
        ),
    )
}
