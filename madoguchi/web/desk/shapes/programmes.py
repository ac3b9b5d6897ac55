"""Programmes and their drafts as the desk pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import labels
from madoguchi.editing.attention import Doubt, look_at
from madoguchi.editing.models import Draft
from madoguchi.editing.states import DraftState
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Organisation, Unit
from madoguchi.japan import areas, industries
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.web.desk.forms.programme import Choices, Offered
from madoguchi.web.portal.shapes.crumbs import Step
from madoguchi.web.shared import wording


def to_programmes(*steps: tuple[str, str]) -> list[Step]:
    """The way: the list of programmes, then each (address, label), the last without an address."""
    home = reverse("desk:programmes") if steps else ""
    return [Step(home, gettext("支援制度")), *(Step(url, words) for url, words in steps)]


@dataclass(frozen=True)
class DraftLine:
    """A draft in a list or above its page: what it is called, where it stands, what comes next."""

    key: str
    name: str
    year: str
    state: str
    look: str
    said: str
    url: str


def draft_line(draft: Draft) -> DraftLine:
    """Shape a draft."""
    state, look = _state(draft)
    address = "desk:programme_edit" if draft.state == DraftState.WRITING else "desk:programme_publish"
    return DraftLine(
        draft.key,
        draft.name or gettext("名前のない下書き"),
        wording.fiscal_year(draft.fiscal_year),
        state,
        look,
        draft.author_label,
        reverse(address, args=[draft.key]),
    )


def _state(draft: Draft) -> tuple[str, str]:
    if draft.state == DraftState.WAITING:
        return gettext("確認待ち"), "soon"
    if draft.state == DraftState.PLANNED:
        return gettext("公開の予約"), "any"
    return (gettext("差し戻し"), "ask") if draft.returned else (gettext("下書き"), "any")


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme of the institution: its newest edition, what is doubtful about it, how much it tells."""

    edition: Edition
    year: str
    page_url: str
    history_url: str
    next_year: int
    next_year_words: str
    doubts: list[str]
    points: int


def programme_line(edition: Edition, *, at: datetime) -> ProgrammeLine:
    """Shape the newest edition of a programme."""
    this_year = FiscalYear.of(at.date()).start_year
    looked = look_at(edition, at=at)
    said = {
        Doubt.NO_EDITION: gettext("今年度版がない"),
        Doubt.DEADLINE_PASSED: gettext("期限が過ぎた"),
        Doubt.NO_CONTACT: gettext("連絡先がない"),
    }
    upcoming = max(this_year, edition.fiscal_year + 1)
    return ProgrammeLine(
        edition,
        wording.fiscal_year(edition.fiscal_year),
        reverse("portal:programme", args=[edition.programme.slug]),
        reverse("desk:programme_history", args=[edition.programme.slug, edition.fiscal_year]),
        upcoming,
        wording.fiscal_year(upcoming),
        [said[doubt] for doubt in looked.doubts],
        looked.points,
    )


def offered(organisation: Organisation, document: Mapping[str, object]) -> Offered:
    """What may be chosen in the form of a draft; what it already names stays on the list."""
    words = {name: tuple(terms.items()) for name, terms in labels().items()}
    region = institutions.region()
    home = [(region.prefecture_code, region.prefecture_name)] if region else []
    groupings = [(grouping.code, grouping.name) for grouping in institutions.groupings(region)]
    towns = (
        [(area.code, area.name) for area in areas.municipalities(region.prefecture_code)] if region else []
    )
    named = [area for area in _named(document, "areas") if area.isdigit()]
    known = {code for code, _name in (*home, *towns)}
    others = [(code, areas.get(code).name) for code in named if code not in known]
    return Offered(
        words={name: words.get(name, ()) for name in ("kinds", "purposes", "stages", "uses", "audiences")},
        areas=[*home, *groupings, *towns, *others],
        industries=_industries(_named(document, "industries")),
        contacts=_contacts(organisation, document),
    )


def _named(document: Mapping[str, object], name: str) -> list[str]:
    found = document.get(name)
    return [str(each) for each in found] if isinstance(found, list) else []


def _industries(named: Iterable[str]) -> Choices:
    listed = [(each.code, each.name) for each in industries.divisions()]
    known = {code for code, _name in listed}
    return [*listed, *((code, industries.get(code).name) for code in named if code not in known)]


def _contacts(organisation: Organisation, document: Mapping[str, object]) -> Choices:
    choices = {f"organisation:{organisation.slug}": organisation.name}
    units = Unit.objects.filter(organisation=organisation).order_by("full_name", "pk")
    choices |= {f"unit:{unit.slug}": unit.full_name for unit in units}
    desks = Desk.objects.filter(organisation=organisation).order_by("name", "pk")
    choices |= {f"desk:{desk.slug}": desk.name for desk in desks}
    rows = document.get("contacts")
    for row in rows if isinstance(rows, list) else []:
        for kind, model in (("unit", Unit), ("desk", Desk), ("organisation", Organisation)):
            slug = row.get(kind)
            if slug and f"{kind}:{slug}" not in choices:
                found = model._base_manager.filter(slug=slug).first()
                choices[f"{kind}:{slug}"] = str(found) if found else slug
    return list(choices.items())


def moment_words(moment: datetime | None) -> str:
    """An instant in full, for a sentence; empty for none."""
    return f"{wording.day_full(moment)} {wording.time_of_day(moment)}" if moment else ""
