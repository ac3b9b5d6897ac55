"""Choosing what to introduce: suggestions of eligibility, finds of the search, and what was picked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from madoguchi.businesses.models import Business
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.states import EditionState
from madoguchi.consultations.models import Case, Introduction
from madoguchi.finding import ask
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk
from madoguchi.search.results import Hit
from madoguchi.web.desk.shapes import supports
from madoguchi.web.desk.shapes.supports import Support
from madoguchi.web.shared import wording

_SUGGESTED, _FOUND, _LONGEST = 8, 12, 100
DESK, PROGRAMME = "desk", "programme"


@dataclass(frozen=True)
class Find:
    """Something that the search found."""

    pick: str
    name: str
    url: str
    note: str


@dataclass(frozen=True)
class Seeking:
    """What was searched for, what was found, what eligibility suggests, and from which facts."""

    words: str
    what: str
    suggested: Sequence[Support]
    found: Sequence[Find]
    facts: Mapping[str, Any]
    hint: str


@dataclass(frozen=True)
class Picked:
    """A programme that was picked, as it is to be kept."""

    edition: Edition
    verdict: str
    reasons: Sequence[Mapping[str, str]]
    deadline_on: date | None


def seek(
    asked: Mapping[str, str], case: Case, business: Business | None, *, at: datetime, on: date
) -> Seeking:
    """What the address asks for; without words, desks and programmes for the topic of the case."""
    words = asked.get("q", "").strip()[:_LONGEST]
    what = DESK if asked.get("what") == DESK else PROGRAMME
    facts = supports.facts_of_case(case, business, on=on)
    suggested = supports.supports(case, facts, at=at, on=on, limit=_SUGGESTED) if what == PROGRAMME else []
    listed = set() if words else {each.slug for each in suggested}
    parameters = {"type": [what], "q": [words]}
    if not words and case.main_topic:
        parameters |= {"purpose": list(case.main_topic.purposes)}
    result = ask.answer(ask.read(parameters, today=on), limit=_FOUND)
    return Seeking(
        words=words,
        what=what,
        suggested=suggested,
        found=[_find(hit, on) for hit in result.hits if hit.type == what and hit.slug not in listed],
        facts=facts,
        hint=supports.no_facts_hint(facts),
    )


def _find(hit: Hit, on: date) -> Find:
    note = wording.day(hit.deadline, today=on) if hit.deadline else ""
    return Find(f"{hit.type}:{hit.slug}", hit.name, ask.url_of(hit.type, hit.slug), note)


def chosen(sent: QueryDict, seeking: Seeking, *, at: datetime, on: date) -> tuple[list[Desk], list[Picked]]:
    """The desks and programmes behind the picked names; one that is not there is left out.

    Programmes carry the verdict and the reasons of today, whether they were suggested or searched for.
    """
    picks = [pick.partition(":") for pick in sent.getlist("pick")[: _SUGGESTED + _FOUND]]
    desk_slugs = [slug for what, _colon, slug in picks if what == DESK]
    slugs = [slug for what, _colon, slug in picks if what == PROGRAMME]
    desks = list(institutions.desks().filter(slug__in=desk_slugs))
    judged = supports.of_programmes(slugs, seeking.facts, at=at, on=on) if slugs else {}
    return desks, [_picked(edition, judged.get(slug), at) for slug, edition in _newest(slugs).items()]


def _newest(slugs: Iterable[str]) -> dict[str, Edition]:
    """The newest published edition of each programme, in the order given."""
    wanted = list(dict.fromkeys(slugs))
    rows = (
        Edition.objects.filter(programme__slug__in=wanted, state=EditionState.PUBLISHED)
        .select_related("programme")
        .prefetch_related("windows")
        .order_by("fiscal_year", "pk")
    )
    found = {edition.programme.slug: edition for edition in rows}
    return {slug: found[slug] for slug in wanted if slug in found}


def _picked(edition: Edition, judged: Support | None, at: datetime) -> Picked:
    if judged is not None and judged.edition_pk == edition.pk:
        return Picked(edition, judged.verdict, judged.reasons, judged.deadline_on)
    closes_at = catalogue.reception_of(edition, at=at).closes_at
    return Picked(edition, "", (), wording.closing_day(closes_at) if closes_at else None)


def known(introduced: Iterable[Introduction]) -> set[str]:
    """What the business was told of already, by the names that are picked."""
    rows = list(introduced)
    desks = {f"{DESK}:{row.desk.slug}" for row in rows if row.desk}
    return desks | {f"{PROGRAMME}:{row.edition.programme.slug}" for row in rows if row.edition}
