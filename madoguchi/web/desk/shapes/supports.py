"""使えそうな支援: what eligibility says of a case's business, the best first, with the reasons of today."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.businesses.facts import facts_of
from madoguchi.businesses.models import Business
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.consultations.models import Case
from madoguchi.eligibility import rulebook
from madoguchi.eligibility.rulebook import Match
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Status, Verdict
from madoguchi.web.desk.shapes import labels
from madoguchi.web.portal.shapes import fit_results
from madoguchi.web.shared import wording

_HOPEFUL = (Verdict.ELIGIBLE, Verdict.LIKELY, Verdict.UNKNOWN)
_REASONS = 4
_STATUS_WORDS = {
    Status.MET: "met",
    Status.UNMET: "unmet",
    Status.UNKNOWN: "unknown",
    Status.JUDGEMENT: "judgement",
}


@dataclass(frozen=True)
class Support:
    """One programme and how it stands for this business."""

    edition_pk: int
    slug: str
    title: str
    url: str
    verdict: str
    look: str
    until: str
    is_near: bool
    deadline_on: date | None
    reasons: tuple[dict[str, str], ...]


def facts_of_case(case: Case, business: Business | None, *, on: date) -> Mapping[str, Any]:
    """What is known of the business: its record, or what the case says where there is none to see."""
    if business is not None:
        return facts_of(business, on=on)
    told = {"area": case.area_code, "industry": case.industry, "employees": case.employees}
    return {key: value for key, value in told.items() if value not in ("", None)}


def supports(case: Case, facts: Mapping[str, Any], *, at: datetime, on: date, limit: int) -> list[Support]:
    """The programmes that may fit and are not over: those for the case's topics first, then by verdict."""
    wanted = frozenset(case.main_topic.purposes if case.main_topic else ())
    by_verdict = fit_results.by_verdict(_matches(facts, at=at, on=on))
    ranked = [
        (not wanted & set(frames[0].entry.edition.purposes), place, frames[0])
        for place, verdict in enumerate(_HOPEFUL)
        for frames in by_verdict[verdict]
        if frames[0].reception.status is not ReceptionStatus.CLOSED
    ]
    ranked.sort(key=lambda row: row[:2])
    return [_support(match, on) for _fits, _place, match in ranked[:limit]]


def of_programmes(
    slugs: Collection[str], facts: Mapping[str, Any], *, at: datetime, on: date
) -> dict[str, Support]:
    """How these programmes stand for the business, whatever the verdict: by slug, the best frame of each."""
    best = [frames[0] for frames in fit_results.by_programme(_matches(facts, at=at, on=on))]
    return {match.entry.programme: _support(match, on) for match in best if match.entry.programme in slugs}


def _matches(facts: Mapping[str, Any], *, at: datetime, on: date) -> list[Match]:
    book = rulebook.current()
    return book.match(read_profile(facts, book.dictionary).facts, at=at, on=on)


def _support(match: Match, on: date) -> Support:
    edition, closes_at = match.entry.edition, match.reception.closes_at
    due = labels.due(wording.closing_day(closes_at), on=on) if closes_at else None
    return Support(
        edition_pk=edition.pk,
        slug=match.entry.programme,
        title=edition.programme.name,
        url=reverse("portal:programme", args=[match.entry.programme]),
        verdict=fit_results.verdict_word(match.verdict),
        look=fit_results.ANCHORS[match.verdict],
        until=f"{due.words}（{due.date_words}）" if due else "",
        is_near=bool(due and closes_at and (wording.closing_day(closes_at) - on).days <= wording.NEAR_DAYS),
        deadline_on=wording.closing_day(closes_at) if closes_at else None,
        reasons=tuple(_reasons(match)),
    )


def _reasons(match: Match) -> Iterable[dict[str, str]]:
    """The requirements that settle it, as they are kept with an introduction."""
    for reason in match.explanation.reasons[:_REASONS]:
        source = reason.source
        written = f"{source.law}{source.clause}" or " ".join(p for p in (source.file, source.section) if p)
        yield {"status": _STATUS_WORDS[reason.status], "because": reason.because, "source": written}


def no_facts_hint(facts: Mapping[str, Any]) -> str:
    """What to say where hardly anything is known; empty otherwise."""
    if {"area", "industry"} & facts.keys():
        return ""
    return gettext("所在地と業種がわかると、判定がはっきりします。")
