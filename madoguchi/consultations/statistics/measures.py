"""What is counted: each figure has its one definition here, under a key that reports name.

延べ counts talks, 実 counts the businesses behind them: a case without a business in the records (somebody
anonymous, a founder) counts as one of its own, because nobody can tell whether two of them are the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Case, Consultation, Involvement
from madoguchi.consultations.statistics.scope import Scope

Rows = QuerySet[Consultation] | QuerySet[Case] | QuerySet[Involvement]


class Subject(StrEnum):
    """What the rows behind a figure are."""

    CONSULTATION = "consultation"
    CASE = "case"
    REFERRAL = "referral"


@dataclass(frozen=True)
class Measure:
    """One figure: its rows in a scope, and how they are counted."""

    key: str
    label: str | Promise
    unit: str | Promise
    meaning: str | Promise
    subject: Subject
    rows: Callable[[Scope], Rows]
    count: Count

    def value(self, scope: Scope) -> int:
        """The figure over the whole scope."""
        return int(self.rows(scope).aggregate(value=self.count)["value"])


def consultations_in(scope: Scope) -> QuerySet[Consultation]:
    """The talks of these days."""
    rows = Consultation.objects.filter(held_on__range=(scope.first, scope.last))
    if scope.organisation_id is not None:
        rows = rows.filter(organisation=scope.organisation_id)
    return rows if scope.adviser_id is None else rows.filter(adviser=scope.adviser_id)


def _by(channel: Channel) -> Callable[[Scope], QuerySet[Consultation]]:
    return lambda scope: consultations_in(scope).filter(channel=channel)


def _led(scope: Scope, moment: str) -> QuerySet[Case]:
    """Cases for which the organisation answers to the business, whose moment lies in the scope."""
    rows = Case.objects.filter(**{f"{moment}__gte": scope.begins_at, f"{moment}__lt": scope.ends_at})
    lead = {"involvements__is_lead": True}
    if scope.organisation_id is not None:
        lead["involvements__organisation"] = scope.organisation_id  # type: ignore[assignment]
    if scope.adviser_id is not None:
        lead["involvements__adviser"] = scope.adviser_id  # type: ignore[assignment]
    return rows.filter(**lead)


def opened_in(scope: Scope) -> QuerySet[Case]:
    """Cases that were opened; what is held as spam is none."""
    return _led(scope, "opened_at").filter(held_because="")


def closed_in(scope: Scope) -> QuerySet[Case]:
    """Cases that were closed and are closed."""
    return _led(scope, "closed_at")


def referrals_in(scope: Scope) -> QuerySet[Involvement]:
    """Cases that an organisation of the scope passed on to somebody."""
    rows = Involvement.objects.filter(
        sent_by_organisation__isnull=False, sent_at__gte=scope.begins_at, sent_at__lt=scope.ends_at
    )
    if scope.organisation_id is not None:
        rows = rows.filter(sent_by_organisation=scope.organisation_id)
    return rows if scope.adviser_id is None else rows.filter(sent_by=scope.adviser_id)


def received_in(scope: Scope) -> QuerySet[Involvement]:
    """Cases that an organisation of the scope was asked to take over by another."""
    rows = Involvement.objects.filter(
        sent_by_organisation__isnull=False, sent_at__gte=scope.begins_at, sent_at__lt=scope.ends_at
    )
    if scope.organisation_id is not None:
        rows = rows.filter(organisation=scope.organisation_id)
    return rows if scope.adviser_id is None else rows.filter(adviser=scope.adviser_id)


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure(
            "consultations",
            _("相談件数（延べ）"),
            _("件"),
            _("記録した相談・対応の数です。同じ事業者の2回の相談は、2件と数えます。"),
            Subject.CONSULTATION,
            consultations_in,
            Count("pk"),
        ),
        Measure(
            "visits",
            _("巡回の件数（延べ）"),
            _("件"),
            _("相談員が事業者を訪ねた相談の数です。"),
            Subject.CONSULTATION,
            _by(Channel.VISIT),
            Count("pk"),
        ),
        Measure(
            "desk_talks",
            _("窓口の件数（延べ）"),
            _("件"),
            _("窓口で受けた相談の数です。"),
            Subject.CONSULTATION,
            _by(Channel.DESK),
            Count("pk"),
        ),
        Measure(
            "businesses",
            _("相談した事業者（実数）"),
            _("者"),
            _(
                "相談のあった事業者を、1者を1回だけ数えます。事業者の記録がない案件は、案件ごとに1と数えます。"
            ),
            Subject.CONSULTATION,
            consultations_in,
            Count("counted_as", distinct=True),
        ),
        Measure(
            "cases_opened",
            _("新しい案件"),
            _("件"),
            _("この期間に始まり、この機関が責任をもつ案件です。確認待ちの申込みは含みません。"),
            Subject.CASE,
            opened_in,
            Count("pk"),
        ),
        Measure(
            "cases_closed",
            _("閉じた案件"),
            _("件"),
            _("この期間に閉じ、いまも閉じている案件です。"),
            Subject.CASE,
            closed_in,
            Count("pk"),
        ),
        Measure(
            "referrals",
            _("引き継いだ件数"),
            _("件"),
            _("ほかの機関や専門家に引き継いだ数です。返事の前のものも含みます。"),
            Subject.REFERRAL,
            referrals_in,
            Count("pk"),
        ),
        Measure(
            "referrals_received",
            _("引き継がれた件数"),
            _("件"),
            _("ほかの機関から引き継ぎを受けた数です。断ったものも含みます。"),
            Subject.REFERRAL,
            received_in,
            Count("pk"),
        ),
    )
}
