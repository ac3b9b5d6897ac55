"""The published rules of every edition in memory, compiled, beside what a match shows of the edition."""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Max

from madoguchi.catalogue.models import Edition, Programme
from madoguchi.catalogue.queries import Reception, reception_of
from madoguchi.catalogue.states import EditionState
from madoguchi.eligibility import dictionary
from madoguchi.eligibility.amounts.grant import Grant
from madoguchi.eligibility.grants import GrantTerms, terms_of
from madoguchi.eligibility.models import FactAdditions, RuleSet
from madoguchi.eligibility.rules.book import Book, Rule
from madoguchi.eligibility.rules.conditions import Condition, Node, Source, leaves
from madoguchi.eligibility.rules.explain import Explanation
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.leaves import Unwritten
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.eligibility.rules.values import Facts
from madoguchi.eligibility.rulesets import NO_FRAME, FrameKey, frame_label, grant_terms_of, rules_of
from madoguchi.institutions import queries as institutions
from madoguchi.japan.fiscal_year import FiscalYear

# What stands for the rule of an edition that has none yet.
_UNWRITTEN = Condition(Unwritten(), "条件は、まだここに登録されていません（窓口で確かめられます）", Source())
_FRAME_COLUMNS = ("rate", "rate_low", "own_share", "on_top_of", "cap_yen", "cap_low_yen", "amount_yen")


@dataclass(frozen=True, eq=False)
class Entry:
    """One edition, or one frame of it, with its rule and its grant."""

    edition: Edition
    frame: FrameKey
    rule: Rule
    terms: GrantTerms | None

    @property
    def programme(self) -> str:
        """The slug of the programme."""
        return self.rule.programme


@dataclass(frozen=True, eq=False)
class Match:
    """How one entry stands for a business on a day."""

    entry: Entry
    explanation: Explanation
    reception: Reception
    facts: Facts

    @property
    def verdict(self) -> Verdict:
        """該当, 該当見込み, 要確認 or 非該当."""
        return self.explanation.verdict

    @property
    def ask(self) -> tuple[str, ...]:
        """The facts that could still settle it; none once it is settled."""
        return self.explanation.ask

    @property
    def grant(self) -> Grant | None:
        """What it would give for the cost that is told; None where nothing is said or nothing is given."""
        if self.entry.terms is None or self.verdict is Verdict.INELIGIBLE:
            return None
        return self.entry.terms.grant(self.facts)


# Without repr: an error page would print every rule.
@dataclass(frozen=True, eq=False, repr=False)
class Rulebook:
    """Every published edition with its rules, as of one state of the database."""

    dictionary: Dictionary
    entries: tuple[Entry, ...]
    _selections: dict[Any, tuple[tuple[Entry, ...], Book]] = field(default_factory=dict)

    def match(self, facts: Facts, *, at: datetime, on: date, fiscal_year: int | None = None) -> list[Match]:
        """Every entry in reach: of one fiscal year, or of each programme's newest edition on that day."""
        entries, book = self.in_reach(on=on, fiscal_year=fiscal_year)
        receptions: dict[int, Reception] = {}
        for entry in entries:
            if entry.edition.pk not in receptions:
                receptions[entry.edition.pk] = reception_of(entry.edition, at=at)
        return [
            Match(entry, explanation, receptions[entry.edition.pk], facts)
            for entry, explanation in zip(entries, book.match(facts, on=on), strict=True)
        ]

    def in_reach(self, *, on: date, fiscal_year: int | None = None) -> tuple[tuple[Entry, ...], Book]:
        """The entries of a fiscal year, or of the newest editions up to that of a day, and their book."""
        newest_up_to = None if fiscal_year is not None else self._within_years(FiscalYear.of(on).start_year)
        if fiscal_year is not None and fiscal_year not in self._years:
            return (), Book((), self.dictionary)
        key = (fiscal_year, newest_up_to)
        if key not in self._selections:
            if fiscal_year is not None:
                chosen = tuple(e for e in self.entries if e.edition.fiscal_year == fiscal_year)
            else:
                chosen = self._newest(newest_up_to)
            self._selections[key] = (chosen, Book((entry.rule for entry in chosen), self.dictionary))
        return self._selections[key]

    @cached_property
    def _years(self) -> frozenset[int]:
        return frozenset(entry.edition.fiscal_year for entry in self.entries)

    def _within_years(self, year: int) -> int:
        """The nearest year that makes a difference, so that no more than those are ever compiled."""
        if not self._years:
            return 0
        return max(min(self._years), min(year, max(self._years)))

    def _newest(self, up_to: int | None) -> tuple[Entry, ...]:
        """Of each programme the newest edition up to a year, or the first one where all are later."""
        newest: dict[str, int] = {}
        for entry in self.entries:
            year, best = entry.edition.fiscal_year, newest.get(entry.programme)
            if best is None or _rank(year, up_to) > _rank(best, up_to):
                newest[entry.programme] = year
        return tuple(e for e in self.entries if newest[e.programme] == e.edition.fiscal_year)

    def asked_facts(self) -> list[str]:
        """The keys that some rule looks at, sorted."""
        return sorted(
            {key for entry in self.entries for leaf in leaves(entry.rule.node) for key in leaf.facts}
        )

    @cached_property
    def cost_kinds(self) -> tuple[str, ...]:
        """The kinds of cost that some grant tells apart, as a visitor may choose among them."""
        return tuple(dict.fromkeys(k for entry in self.entries if entry.terms for k in entry.terms.kinds))

    def of(self, slug: str, fiscal_year: int) -> list[int]:
        """The places of one edition's entries."""
        return [
            place
            for place, entry in enumerate(self.entries)
            if entry.programme == slug and entry.edition.fiscal_year == fiscal_year
        ]


def _rank(year: int, up_to: int | None) -> tuple[bool, int]:
    reached = up_to is None or year <= up_to
    return reached, year if reached else -year


def dictionary_now() -> Dictionary:
    """The facts of this installation: the nationwide ones, and what the region pack adds."""
    added = FactAdditions.objects.order_by("pk").first()
    additions = (
        dictionary.Additions(added.facts, added.choices, added.elsewhere) if added else dictionary.Additions()
    )
    names = dict(Programme.objects.order_by("pk").values_list("slug", "name"))
    return dictionary.build(
        additions, programmes=names, groupings=institutions.groupings(institutions.region())
    )


_lock = threading.Lock()
_kept: tuple[Any, Rulebook] | None = None


def current() -> Rulebook:
    """The rulebook as the database is now: read again when something was published, one query otherwise."""
    global _kept  # noqa: PLW0603 - one rulebook for all threads of a process
    stamp = _stamp()
    kept = _kept
    if kept is not None and kept[0] == stamp:
        return kept[1]
    with _lock:
        if _kept is None or _kept[0] != stamp:
            _kept = (stamp, _read())
        return _kept[1]


def _stamp() -> Any:
    """Differs once an edition, a rule set or the facts were published, ended or replaced."""
    rules = RuleSet.objects.aggregate(newest=Max("pk"), ended=Count("ended_at"))
    editions = Edition.objects.aggregate(newest=Max("pk"), ended=Count("ended_at"))
    added = FactAdditions.objects.order_by("pk").values_list("content_hash", flat=True).first()
    return (*rules.values(), *editions.values(), added)


def _read() -> Rulebook:
    words = dictionary_now()
    documents = {
        (row.programme_id, row.fiscal_year): row.document
        for row in RuleSet.objects.filter(ended_at=None).order_by("pk")
    }
    editions = (
        Edition.objects.filter(state=EditionState.PUBLISHED)
        .select_related("programme")
        .prefetch_related("frames", "windows")
        .order_by("programme__slug", "fiscal_year", "pk")
    )
    entries: list[Entry] = []
    apart = _costs_apart(documents.values())
    readings: dict[str, dict[tuple[str, str], Node]] = {}
    for edition in editions:
        document = documents.get((edition.programme_id, edition.fiscal_year), {})
        rows = document.get("definitions", [])
        definitions = {(row["name"], row["version"]): row for row in rows}
        # Documents with the same definitions share them read, so that a match works each out once.
        read = readings.setdefault(json.dumps(rows, sort_keys=True), {})
        parser = Parser(words, definitions, read=read)
        entries.extend(_entries(edition, document, parser, apart=apart))
    return Rulebook(words, tuple(entries))


def _costs_apart(documents: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The kinds of cost that some grant alone is for, or is a share of in place of the project's (保証料)."""
    rows = (row for document in documents for row in (document, *document.get("frames", ())))
    added = [row.get("grant") or {} for row in rows]
    covered = (kind for grant in added for kind in grant.get("covers", ()))
    return frozenset((*covered, *(grant["of"] for grant in added if grant.get("of"))))


def _entries(
    edition: Edition, document: Mapping[str, Any], parser: Parser, *, apart: frozenset[str]
) -> Iterable[Entry]:
    frames = {
        (frame.name, frame.variant): {name: getattr(frame, name) for name in _FRAME_COLUMNS}
        for frame in sorted(edition.frames.all(), key=lambda frame: frame.position)
    }
    nodes: Mapping[FrameKey, Node] = rules_of(document, tuple(frames), parser)
    for key in tuple(frames) or tuple(nodes) or (NO_FRAME,):
        rule = Rule(edition.programme.slug, edition.fiscal_year, frame_label(key), nodes.get(key, _UNWRITTEN))
        yield Entry(edition, key, rule, _terms(frames.get(key), grant_terms_of(document, key), apart))


def _terms(
    frame: Mapping[str, Any] | None, added: Mapping[str, Any], apart: frozenset[str]
) -> GrantTerms | None:
    """The terms of a frame; what cannot be (a pack that says so is refused) gives no amount, and no error."""
    try:
        return terms_of(frame, added, apart=apart)
    except ValueError:
        return None
