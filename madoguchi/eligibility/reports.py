"""Matches, facts and troubles as plain data: what the API, the command line and assistants answer."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from madoguchi.eligibility.amounts import wording
from madoguchi.eligibility.amounts.grant import Grant, Path
from madoguchi.eligibility.combining import Bundle, Left, Plan
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
        **_entry_report(match),
        "reception": match.reception.status.value,
        "closes_at": _in_tokyo(match.reception.closes_at),
        "reasons": [reason_report(reason) for reason in reasons],
        "nearest_miss": [condition.because for condition in miss.changes] if miss else [],
        "ask": list(match.ask),
        "grant_yen": grant.grant_yen if grant else None,
        "grant": grant_report(grant) if grant else None,
    }


def grant_report(grant: Grant) -> dict[str, Any]:
    """A grant with its path, line by line; of a range both ends, and why it is not known to the yen."""
    return {
        "low_yen": grant.low_yen,
        "high_yen": grant.high_yen,
        "own_share_yen": grant.own_share_yen,
        "lines": _lines(grant.high) if grant.high else [],
        "lines_low": _lines(grant.low) if grant.low and not grant.is_determined else [],
        "undetermined": wording.UNDETERMINED[grant.undetermined] if grant.undetermined else "",
    }


def _lines(path: Path) -> list[dict[str, Any]]:
    return [{"text": wording.say(line, str), "yen": line.yen} for line in path.lines]


def combination_report(plan: Plan) -> dict[str, Any]:
    """The best lawful combination, what the desks might add, and why others are not in it."""
    return {
        "costs": [{"name": row.key, "kind": row.class_name, "yen": row.yen} for row in plan.rows],
        "cost_yen": plan.cost_yen,
        **_bundle_report(plan.settled),
        "if_allowed": _bundle_report(plan.if_allowed) if plan.if_allowed else None,
        "left_out": [_left_report(left) for left in plan.left_out],
        "ask_the_desk": [
            {**_entry_report(match), "because": condition.because, "source": source_report(condition.source)}
            for match, condition in plan.similar_aid
        ],
        "untold_costs": list(plan.untold_rows),
        "is_exact": plan.is_exact,
    }


def _bundle_report(bundle: Bundle) -> dict[str, Any]:
    return {
        "total_yen": bundle.total_yen,
        "own_share_yen": bundle.own_share_yen,
        "grants": [
            {
                **(_entry_report(part.match) if part.match else _ELSEWHERE | {"name": part.name}),
                "costs": list(part.chosen.rows),
                "grant_yen": part.chosen.counted_yen,
                "lines": _lines(part.chosen.grant.low) if part.chosen.grant.low else [],
            }
            for part in bundle.parts
        ],
    }


# A grant of others that is topped up is no programme here.
_ELSEWHERE = {"programme": "", "name": "", "fiscal_year": None, "frame": "", "verdict": ""}


def _left_report(left: Left) -> dict[str, Any]:
    said = {"reason": left.reason.value, "because": wording.LEFT_OUT[left.reason], "by": left.by}
    return {**_entry_report(left.match), **said}


def _entry_report(match: Match) -> dict[str, Any]:
    return {
        "programme": match.entry.programme,
        "name": match.entry.edition.name,
        "fiscal_year": match.entry.edition.fiscal_year,
        "frame": match.entry.rule.frame,
        "verdict": match.verdict.value,
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
