"""The open data as its page shows it: what there is, its columns, and the API by example."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.opendata.files import DATASETS


@dataclass(frozen=True)
class Offered:
    """One kind of records: how many, its files, and each column with what it holds."""

    name: str
    title: str | Promise
    standard: str | Promise
    count: int
    has_csv: bool
    columns: list[tuple[str, str]]


@dataclass(frozen=True)
class Example:
    """A question to the API: what one wants to know, and the address."""

    what: str | Promise
    path: str


# Every one is asked by a test, and must answer.
EXAMPLES = (
    Example(_("いま申し込める補助金"), f"/api/v1/programmes?status=open&kind={quote('補助金')}"),
    Example(_("一つの制度の、すべての年度版"), "/api/v1/programmes/{programme}"),
    Example(_("ことばでさがす"), f"/api/v1/search?q={quote('販路を広げたい')}"),
    Example(_("ことし開く催し"), "/api/v1/events?first={today}"),
    Example(_("コードと名前の対応"), "/api/v1/vocabularies"),
    Example(_("前に聞いたときから変わったもの"), "/api/v1/changes"),
)


def offered(counts: Mapping[str, int]) -> list[Offered]:
    """Every dataset, in the order in which people ask for them."""
    return [
        Offered(
            each.name,
            each.title,
            each.standard,
            counts[each.name],
            bool(each.columns),
            [(column.name, gettext(column.what) if column.what else "") for column in each.columns],
        )
        for each in DATASETS
    ]
