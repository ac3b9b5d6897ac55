"""Matches, facts and troubles as plain data: what the API, the command line and assistants answer."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from madoguchi.eligibility.rulebook import Match
from madoguchi.eligibility.rules.conditions import Source
from madoguchi.eligibility.rules.explain import Reason
from madoguchi.eligibility.rules.facts import Dictionary, Fact
from madoguchi.eligibility.rules.status import Status, Verdict
from madoguchi.eligibility.rules.values import Trouble

_ORDER = {verdict: number for number, verdict in enumerate(Verdict)}
_FIRST = {Status.UNMET: 0, Status.UNKNOWN: 1, Status.JUDGEMENT: 2, Status.MET: 3}


def in_order(matches: Iterable[Match]) -> list[Match]:
    """該当 first and 非該当 last, then what takes applications, then by programme and frame."""
    return sorted(matches, key=_place)


def _place(match: Match) -> tuple[Any, ...]:
    reception = ["open", "rolling", "booking", "upcoming", "not_stated", "closed"]
    entry = match.entry
    return (
        _ORDER[match.verdict],
        reception.index(match.reception.status.value),
        entry.programme,
        -entry.edition.fiscal_year,
        entry.frame,
    )


def match_report(match: Match) -> dict[str, Any]:
    """One verdict with its reasons, the deciding ones first; `grant_yen` is null where not determined."""
    grant = match.grant
    deciding = match.explanation.status
    reasons = sorted(
        match.explanation.reasons, key=lambda reason: (reason.status is not deciding, _FIRST[reason.status])
    )
    miss = match.explanation.miss
    return {
        "programme": match.entry.programme,
        "name": match.entry.edition.name,
        "fiscal_year": match.entry.edition.fiscal_year,
        "frame": match.entry.rule.frame,
        "verdict": match.verdict.value,
        "reception": match.reception.status.value,
        "closes_at": _in_tokyo(match.reception.closes_at),
        "reasons": [reason_report(reason) for reason in reasons],
        "nearest_miss": [condition.because for condition in miss.changes] if miss else [],
        "ask": list(match.ask),
        "grant_yen": grant.grant_yen if grant else None,
    }


def _in_tokyo(instant: datetime | None) -> str | None:
    return timezone.localtime(instant).isoformat() if instant else None


def reason_report(reason: Reason) -> dict[str, Any]:
    """One requirement; `details` are the parts that decide it, where it has parts."""
    report: dict[str, Any] = {
        "status": reason.status.name.lower(),
        "because": reason.because,
        "source": source_report(reason.source),
    }
    if reason.details:
        report["details"] = [reason_report(detail) for detail in reason.details]
    return report


def source_report(source: Source) -> dict[str, str]:
    """Where it is written: a document's section and lines, or a law's clause."""
    return {name: value for name, value in asdict(source).items() if value}


def fact_report(fact: Fact) -> dict[str, Any]:
    """One fact of the dictionary."""
    return {
        "key": fact.key,
        "label": fact.label,
        "type": fact.type.value,
        "unit": fact.unit,
        "question": fact.question,
        "help": fact.help,
        "where": fact.where,
        "sensitivity": fact.sensitivity.value,
        "change": fact.change.name.lower(),
        "choices": [asdict(choice) for choice in fact.choices],
    }


def facts_report(dictionary: Dictionary, named: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every fact, and those about other programmes that are named (`used:SLUG` and so on)."""
    families = (dictionary.get(key) for key in named if key not in dictionary.facts)
    return [fact_report(fact) for fact in (*dictionary.facts.values(), *families) if fact]


def trouble_report(trouble: Trouble) -> dict[str, str]:
    """What was told and could not be used."""
    return {"fact": trouble.fact, "code": trouble.code, "message": trouble.message}
