"""Indicators that the records count: an indicator's `measure` is the key of one of these figures.

`visits` counts in the whole region, `visits@ORGANISATION` what that organisation did, `page_views` looks at
the portal."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.statistics.measures import MEASURES, values
from madoguchi.consultations.statistics.scope import Scope, of_year
from madoguchi.institutions.models import Organisation
from madoguchi.results.models import Indicator, IndicatorValue
from madoguchi.usage import queries as usage

PAGE_VIEWS = "page_views"
_VIEWS_LABEL = _("ページが見られた回数")
_VIEWS_MEANING = _(
    "支援・窓口・催しなどのページと、検索とはじめのページが見られた回数です。機械は数えません。"
)


@dataclass(frozen=True)
class Measured:
    """A figure of a fiscal year with its unit, what it counts, and over which days and whose work.

    `organisation` is the slug of the one whose work it is; empty for the whole region."""

    key: str
    number: int
    unit: str
    label: str
    meaning: str
    scope: Scope
    organisation: str = ""

    @property
    def raw(self) -> str:
        """The figure as a table prints it."""
        return f"{self.number:,}{self.unit}"


def is_known(key: str, organisations: Collection[str]) -> bool:
    """Whether a figure has this key, of an organisation among these slugs where it names one."""
    name, at, slug = key.partition("@")
    return name in MEASURES and slug in organisations if at else name in MEASURES or name == PAGE_VIEWS


def words(key: str) -> tuple[str | Promise, str | Promise] | None:
    """What the figure of a key is called and what it counts; None where no figure has it."""
    name = key.partition("@")[0]
    if name == PAGE_VIEWS:
        return _VIEWS_LABEL, _VIEWS_MEANING
    return (MEASURES[name].label, MEASURES[name].meaning) if name in MEASURES else None


def measured(keys: Collection[str], *, fiscal_year: int) -> dict[str, Measured]:
    """The figures of a year by their keys; a key that no figure has is left out.

    One reading for each organisation that the keys name."""
    whose: dict[str, list[str]] = {}
    for key in sorted(set(keys) - {PAGE_VIEWS}):
        name, _at, slug = key.partition("@")
        if name in MEASURES:
            whose.setdefault(slug, []).append(key)
    organisations = dict(Organisation.objects.filter(slug__in=whose).values_list("slug", "pk"))
    found: dict[str, Measured] = {}
    for slug, named in whose.items():
        if not slug or slug in organisations:
            scope = of_year(fiscal_year, organisation_id=organisations.get(slug))
            found |= _counted(named, scope, slug)
    if PAGE_VIEWS in keys:
        found[PAGE_VIEWS] = _views(of_year(fiscal_year))
    return found


def _counted(keys: Collection[str], scope: Scope, organisation: str) -> dict[str, Measured]:
    wanted = {key: MEASURES[key.partition("@")[0]] for key in keys}
    numbers = values(wanted.values(), scope)
    return {
        key: Measured(
            each.key,
            numbers[each.key],
            _unit(each.unit),
            str(each.label),
            str(each.meaning),
            scope,
            organisation,
        )
        for key, each in wanted.items()
    }


def _views(scope: Scope) -> Measured:
    number = sum(month.count for month in usage.views_by_month(since=scope.first, until=scope.last))
    return Measured(PAGE_VIEWS, number, _unit(_("件")), str(_VIEWS_LABEL), str(_VIEWS_MEANING), scope)


def _unit(unit: str | Promise) -> str:
    """The unit in the language of the report, whichever the person at the desk reads."""
    with override(settings.LANGUAGE_CODE):
        return str(unit)


# ── What was taken over ─────────────────────────────────────────────────────────────────────────────
def evidence(label: str) -> str:
    """What stands as the evidence of a figure that was taken over from the records."""
    return gettext("記録から：%s") % label


def is_counted(value: IndicatorValue, indicator: Indicator) -> bool:
    """Whether a value was taken over from the records, in whichever language the person worked."""
    named = words(indicator.measure)
    if named is None or not value.evidence:
        return False
    for language, _name in settings.LANGUAGES:
        with override(language):
            if value.evidence == evidence(str(named[0])):
                return True
    return False
