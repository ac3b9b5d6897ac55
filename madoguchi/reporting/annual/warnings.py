"""What to look at before a report is made public: sums that differ, figures nobody entered, drafts."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext

from madoguchi.japan.yen import in_thousand
from madoguchi.reporting.annual.shape import ProjectEntry, Section


def warnings(sections: Sequence[Section], *, fiscal_year: int, drafts: int = 0) -> tuple[str, ...]:
    """The sentences, in the order of the lists. Both sums are named wherever they differ."""
    found = [sentence for section in sections for sentence in _sums(section)]
    found += _costs(sections)
    missing = len(set(_missing(sections, fiscal_year)))
    if missing:
        found.append(gettext("値がまだない成果指標が%(count)sあります。") % {"count": missing})
    if drafts:
        found.append(gettext("承認していない下書きが%(count)sあります。") % {"count": drafts})
    return tuple(found)


def _sums(section: Section) -> Iterator[str]:
    listed, own, stated = section.listed_sum_yen, section.own_sum_yen, section.stated_subtotal_yen
    if stated is not None and stated != listed:
        yield gettext("%(mark)s：小計の記載（%(stated)s）と、行の合計（%(sum)s）が合いません。") % {
            "mark": section.mark,
            "stated": in_thousand(stated),
            "sum": in_thousand(listed),
        }
    if listed != own:
        yield gettext("%(mark)s：再掲を含む合計は%(listed)s、除いた合計は%(own)sです。") % {
            "mark": section.mark,
            "listed": in_thousand(listed),
            "own": in_thousand(own),
        }
    silent = sum(entry.cost_yen is None for entry in section.entries)
    if silent:
        yield gettext("%(mark)s：事業費のない事業が%(count)sあります。") % {
            "mark": section.mark,
            "count": silent,
        }


def _costs(sections: Sequence[Section]) -> Iterator[str]:
    """The projects that two lists print with different costs."""
    costs: dict[str, int | None] = {}
    told: set[str] = set()
    for entry in _entries(sections):
        first = costs.setdefault(entry.slug, entry.cost_yen)
        if first != entry.cost_yen and entry.slug not in told:
            told.add(entry.slug)
            yield gettext("「%(name)s」の事業費が、一覧によって違います。") % {"name": entry.name}


def _missing(sections: Sequence[Section], fiscal_year: int) -> Iterator[str]:
    for entry in _entries(sections):
        for line in entry.indicators:
            if fiscal_year not in line.cells and line.undated is None:
                yield line.key


def _entries(sections: Sequence[Section]) -> Iterator[ProjectEntry]:
    for section in sections:
        yield from section.entries
