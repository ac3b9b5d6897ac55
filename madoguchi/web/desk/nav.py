"""What stands in the header of the staff pages: each entry for those who hold its permission."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import MANAGE
from madoguchi.feeds.queries import may_look_after
from madoguchi.results.models import ReportYear
from madoguchi.reviewing.queries import may_review
from madoguchi.web.shared.site import NavLink


@dataclass(frozen=True)
class Entry:
    """One entry: the name of its route, its word, and the permission of the page behind it."""

    route: str
    label: str | Promise
    permission: str
    # Whether there is something behind the entry for this hat, where the permission alone does not tell.
    is_for: Callable[[Hat], bool] = lambda _hat: True


def _has_report(hat: Hat) -> bool:
    """Whether the hat's organisation owes something to a report, or keeps one together."""
    own = hat.organisation_id
    involved = Q(returns__unit__organisation=own) | Q(secretariat__organisation=own)
    return ReportYear.objects.filter(involved).exists()


# In the order in which they stand; a room with a staff page adds its entry here.
ENTRIES: tuple[Entry, ...] = (
    Entry("desk:home", _("案件"), "cases.read"),
    Entry("desk:assigned", _("頼まれたこと"), "cases.assigned"),
    Entry("desk:intake", _("相談を受ける"), "cases.write"),
    Entry("desk:businesses", _("事業者"), "businesses.read"),
    Entry("desk:monthly", _("指導実績"), "cases.write"),
    Entry("desk:calendar", _("予定"), "cases.read"),
    Entry("desk:meetings", _("ケース会議"), "cases.read"),
    Entry("desk:team", _("班のようす"), "cases.manage"),
    Entry("desk:statistics", _("集計"), "cases.statistics"),
    Entry("desk:programmes", _("支援制度"), "programmes.write"),
    Entry("desk:report_home", _("年次報告"), "results.write", _has_report),
    Entry("desk:imports", _("取り込み"), "results.write", may_review),
    Entry("desk:feeds", _("配信からの制度"), "feeds.review", may_look_after),
    Entry("desk:audit", _("操作の記録"), "audit.read"),
    Entry("desk:people", _("所属の人"), MANAGE),
    Entry("desk:operations", _("運用"), "operations.run"),
)


def links(hat: Hat) -> tuple[NavLink, ...]:
    """The entries that this hat may open."""
    return tuple(
        NavLink(reverse(entry.route), str(entry.label))
        for entry in ENTRIES
        if hat.may(entry.permission) and entry.is_for(hat)
    )
