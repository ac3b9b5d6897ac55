"""By what figures are broken down, and what each part is called."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as When_
from django.db.models import CharField, DateField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import User
from madoguchi.consultations.kinds import Channel, Outcome
from madoguchi.consultations.models import Closing, Topic
from madoguchi.consultations.statistics.measures import Subject
from madoguchi.institutions.models import Organisation
from madoguchi.japan import areas, industries

Labels = Callable[[Collection[Any]], Mapping[Any, str]]


@dataclass(frozen=True)
class Dimension:
    """One way to break a figure down: the expression for each kind of rows, and names for its values."""

    key: str
    label: str | Promise
    expressions: Mapping[Subject, Combinable]
    labels: Labels
    in_order: bool = False  # by the value itself and not by the count
    is_short: bool = False  # few enough parts to stand side by side

    def fits(self, subject: Subject) -> bool:
        """Whether these rows can be broken down this way."""
        return subject in self.expressions


_SIZES = (
    (5, _("5人以下")),
    (20, _("6〜20人")),
    (50, _("21〜50人")),
    (100, _("51〜100人")),
    (300, _("101〜300人")),
)


class _MonthOfDay(TruncMonth):
    """The first of a day's month. SQLite calls Python for Django's own, for each row of a year."""

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> tuple[str, Any]:
        """A day is kept as text there: YYYY-MM-DD."""
        sql, params = compiler.compile(self.lhs)
        return f"substr({sql}, 1, 7) || '-01'", params


def _size(path: str) -> Combinable:
    bounds = [
        When(**{f"{path}__lte": most}, then=Value(f"{most:03d}", output_field=CharField()))
        for most, _label in _SIZES
    ]
    return When_(
        When(**{f"{path}__isnull": True}, then=Value("")),
        *bounds,
        default=Value("301"),
        output_field=CharField(),
    )


def _division(path: str) -> Combinable:
    whens = []
    for division in industries.divisions():
        codes = [division.code, *(group.code for group in industries.major_groups(division.code))]
        # finer codes begin with the two digits of their major group
        finer = Q()
        for code in codes[1:]:
            finer |= Q(**{f"{path}__startswith": code})
        whens.append(When(Q(**{f"{path}__startswith": division.code}) | finer, then=Value(division.code)))
    return When_(*whens, default=Value(""), output_field=CharField())


def _not_known(label: Callable[[Any], str]) -> Labels:
    """Names from a function; what is empty or unknown to it is 記載なし."""

    def named(values: Collection[Any]) -> Mapping[Any, str]:
        return {value: _name(label, value) for value in values}

    return named


def _name(label: Callable[[Any], str], value: Any) -> str:
    if value in (None, ""):
        return gettext("記載なし")
    try:
        return label(value)
    except (KeyError, ValueError):
        return str(value)


def _from_rows(model: type[Topic] | type[User] | type[Organisation], field: str, missing: Promise) -> Labels:
    def named(values: Collection[Any]) -> Mapping[Any, str]:
        # Those too that are no longer there: figures of years past name them.
        found = dict(model._base_manager.filter(pk__in=[v for v in values if v]).values_list("pk", field))
        return {value: found.get(value, str(missing)) for value in values}

    return named


def _month(value: date) -> str:
    return gettext("%(year)s年%(month)s月") % {"year": value.year, "month": value.month}


def _sizes(value: str) -> str:
    names = {f"{most:03d}": str(label) for most, label in _SIZES} | {"301": gettext("301人以上")}
    return names[value]


_FIRST = {True: _("新規"), False: _("継続")}

DIMENSIONS: dict[str, Dimension] = {
    dimension.key: dimension
    for dimension in (
        Dimension(
            "channel",
            _("方法"),
            {
                Subject.CONSULTATION: F("channel"),
                Subject.CASE: F("channel"),
                Subject.REFERRAL: F("case__channel"),
                Subject.DISPATCH: F("channel"),
            },
            _not_known(lambda value: str(Channel(value).label)),
            is_short=True,
        ),
        Dimension(
            "topic",
            _("相談の内容"),
            {
                Subject.CONSULTATION: F("topic_id"),
                Subject.CASE: F("main_topic_id"),
                Subject.REFERRAL: F("case__main_topic_id"),
                Subject.DISPATCH: F("request__case__main_topic_id"),
            },
            _from_rows(Topic, "label", _("記載なし")),
        ),
        Dimension(
            "industry",
            _("業種"),
            {
                Subject.CONSULTATION: _division("industry"),
                Subject.CASE: _division("industry"),
                Subject.REFERRAL: _division("case__industry"),
                Subject.DISPATCH: _division("request__case__industry"),
            },
            _not_known(lambda code: industries.get(code).name),
        ),
        Dimension(
            "area",
            _("地域"),
            {
                Subject.CONSULTATION: F("area_code"),
                Subject.CASE: F("area_code"),
                Subject.REFERRAL: F("case__area_code"),
                Subject.DISPATCH: F("request__case__area_code"),
            },
            _not_known(lambda code: areas.get(code).name),
        ),
        Dimension(
            "size",
            _("従業員の数"),
            {
                Subject.CONSULTATION: _size("employees"),
                Subject.CASE: _size("employees"),
                Subject.REFERRAL: _size("case__employees"),
                Subject.DISPATCH: _size("request__case__employees"),
            },
            _not_known(_sizes),
            in_order=True,
            is_short=True,
        ),
        Dimension(
            "first",
            _("新規・継続"),
            {Subject.CONSULTATION: F("is_first")},
            lambda values: {value: str(_FIRST[value]) for value in values},
            is_short=True,
        ),
        Dimension(
            "outcome",
            _("結果"),
            {
                Subject.CASE: Subquery(
                    Closing.objects.filter(case=OuterRef("pk"), reopened_at=None).values("outcome")
                )
            },
            _not_known(lambda value: str(Outcome(value).label)),
            is_short=True,
        ),
        Dimension(
            "month",
            _("月"),
            {
                Subject.CONSULTATION: _MonthOfDay("held_on"),
                Subject.CASE: TruncMonth("opened_at", output_field=DateField()),
                Subject.REFERRAL: TruncMonth("sent_at", output_field=DateField()),
                Subject.DISPATCH: _MonthOfDay("held_on"),
            },
            _not_known(_month),
            in_order=True,
            is_short=True,
        ),
        Dimension(
            "adviser",
            _("相談員"),
            {
                Subject.CONSULTATION: F("adviser_id"),
                Subject.REFERRAL: F("sent_by_id"),
                Subject.DISPATCH: F("request__asked_by_id"),
            },
            _from_rows(User, "display_name", _("記載なし")),
        ),
        Dimension(
            "organisation",
            _("機関"),
            {
                Subject.CONSULTATION: F("organisation_id"),
                Subject.REFERRAL: F("sent_by_organisation_id"),
                Subject.DISPATCH: F("request__asked_by_organisation_id"),
            },
            _from_rows(Organisation, "name", _("記載なし")),
        ),
        Dimension(
            "destination",
            _("引き継ぎ先"),
            {Subject.REFERRAL: F("organisation_id")},
            _from_rows(Organisation, "name", _("アカウントのない相手")),
        ),
    )
}
