"""Desks as the pages show them: the telephone first, satellites under their parent."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.utils.translation import gettext

from madoguchi.institutions.models import Desk
from madoguchi.japan.areas import Grouping
from madoguchi.web.portal.shapes import places


@dataclass
class DeskEntry:
    """One desk of a list. `title` may hold `|` at fold points; empty texts are asked for at the desk."""

    slug: str
    title: str
    summary: str
    organisation: str
    telephone: str
    extension: str
    hours: list[str]
    place: str
    fee: str
    by_appointment: bool
    is_confidential: bool
    parent_title: str
    satellites: list["DeskEntry"] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """Desks under one heading."""

    code: str
    heading: str
    entries: list[DeskEntry]


def hours_lines(hours: Iterable[Mapping[str, Any]]) -> list[str]:
    """Opening hours, one line a row: 平日 8:30〜17:15."""
    return [_hours(row) for row in hours]


def _hours(row: Mapping[str, Any]) -> str:
    parts = [row["days"]]
    opens, closes = (_clock(row.get(end)) for end in ("opens", "closes"))
    if opens or closes:
        parts.append(f"{opens}〜{closes}")
    if row.get("note"):
        parts.append(f"（{row['note']}）")
    return " ".join(parts)


def _clock(value: str | None) -> str:
    if not value:
        return ""
    at = time.fromisoformat(value)
    return f"{at.hour}:{at.minute:02d}"


def fee_text(desk: Desk) -> str:
    """What the desk costs in words; empty when the document does not say."""
    return desk.fee or (gettext("無料") if desk.is_free else "")


def is_standing(desk: Desk, *, on: date) -> bool:
    """Whether the desk exists on a day."""
    return not ((desk.valid_from and on < desk.valid_from) or (desk.valid_until and on > desk.valid_until))


def entry(desk: Desk) -> DeskEntry:
    """A fetched desk as an entry without its satellites."""
    first = next((contact for contact in desk.contacts.all() if contact.telephone), None)
    return DeskEntry(
        slug=desk.slug,
        title=desk.breaks or desk.name,
        summary=desk.summary,
        organisation=desk.unit.full_name if desk.unit else desk.organisation.name,
        telephone=first.telephone if first else "",
        extension=first.extension if first else "",
        hours=hours_lines(desk.hours),
        place=desk.place_name,
        fee=fee_text(desk),
        by_appointment=desk.by_appointment,
        is_confidential=desk.is_confidential,
        parent_title=(desk.parent.breaks or desk.parent.name) if desk.parent else "",
    )


def nested(desks: Iterable[Desk]) -> list[DeskEntry]:
    """Entries with each satellite under its parent where the parent is among them too."""
    entries = {desk.pk: (desk, entry(desk)) for desk in desks}
    tops = []
    for desk, shown in entries.values():
        if desk.parent_id in entries:
            entries[desk.parent_id][1].satellites.append(shown)
        else:
            tops.append(shown)
    return tops


def all_sections(desks: Collection[Desk], groupings: Collection[Grouping]) -> list[Section]:
    """Every desk under the 圏域 it stands in; a satellite stays with its parent. No section is empty."""
    by_pk = {desk.pk: desk for desk in desks}
    found: dict[str, list[Desk]] = {grouping.code: [] for grouping in groupings}
    elsewhere: list[Desk] = []
    for desk in desks:
        code = _home(by_pk.get(desk.parent_id or 0, desk), groupings)
        found.get(code, elsewhere).append(desk)
    sections = [Section(grouping.code, grouping.name, nested(found[grouping.code])) for grouping in groupings]
    sections.append(Section("elsewhere", gettext("場所の決まっていない窓口"), nested(elsewhere)))
    return [section for section in sections if section.entries]


def _home(desk: Desk, groupings: Collection[Grouping]) -> str:
    """The 圏域 a desk stands in; without an address, the one it alone looks after; else empty."""
    known = [desk.area_code] if desk.area_code else desk.covers
    for grouping in groupings:
        if known and all(places.within(code, grouping.code, groupings) for code in known):
            return grouping.code
    return ""


def area_sections(desks: Collection[Desk], area: Grouping, groupings: Collection[Grouping]) -> list[Section]:
    """The desks in or for one 圏域, then those that look after it among others. No section is empty."""
    near = [desk for desk in desks if _is_near(desk, area, groupings)]
    wide = [
        desk
        for desk in desks
        if desk not in near and any(places.within(area.code, code, groupings) for code in desk.covers)
    ]
    sections = [
        Section(area.code, gettext("%(area)sの窓口") % {"area": area.name}, nested(near)),
        Section("wide", gettext("ほかの地域にありますが、相談できる窓口"), nested(wide)),
    ]
    return [section for section in sections if section.entries]


def _is_near(desk: Desk, area: Grouping, groupings: Collection[Grouping]) -> bool:
    codes = [desk.area_code, *desk.covers] if desk.area_code else desk.covers
    return any(places.within(code, area.code, groupings) for code in codes)
