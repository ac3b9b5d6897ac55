"""The rules of a pack into the eligibility room."""

from datetime import datetime
from typing import Any

from madoguchi.catalogue.models import Programme
from madoguchi.eligibility import operations
from madoguchi.eligibility.models import RuleSet
from madoguchi.eligibility.rules.parse import Definitions
from madoguchi.foundation import audit
from madoguchi.packs.pack import Pack
from madoguchi.packs.rule_documents import additions, definitions_of, document_of
from madoguchi.packs.sync import Changes


def load(pack: Pack, changes: Changes, *, at: datetime, by: audit.Actor) -> None:
    """Publish what differs; end the rules that the pack no longer has."""
    if operations.set_additions(additions(pack)):
        changes.note(changes.changed, "facts", "facts")
    definitions = definitions_of(pack)
    rows = {row.slug: row for row in Programme.objects.all()}
    for rules in pack.rules:
        for edition in rules.editions:
            document = document_of(edition)
            document["definitions"] = _used(document, definitions)
            published = operations.publish(
                programme=rows[rules.programme],
                fiscal_year=edition.fiscal_year,
                document=document,
                at=at,
                by=by,
            )
            if published:
                what = changes.added if published.revision == 1 else changes.changed
                changes.note(what, "rules", f"{rules.programme}（{edition.fiscal_year}）")
    _end_missing(pack, changes, at=at, by=by)


def _end_missing(pack: Pack, changes: Changes, *, at: datetime, by: audit.Actor) -> None:
    wanted = {(rules.programme, edition.fiscal_year) for rules in pack.rules for edition in rules.editions}
    current = RuleSet.objects.filter(ended_at=None).select_related("programme").order_by("pk")
    for rule_set in current:
        if (rule_set.programme.slug, rule_set.fiscal_year) not in wanted:
            operations.withdraw(rule_set=rule_set, at=at, by=by)
            name = f"{rule_set.programme.slug}（{rule_set.fiscal_year}）"
            changes.note(changes.removed, "rules", name)


def _used(document: Any, definitions: Definitions) -> list[dict[str, Any]]:
    """The definitions a document names, and those that they name, each once."""
    found: dict[tuple[str, str], Any] = {}
    waiting = list(_named(document))
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = definitions[key]
            waiting.extend(_named(definitions[key]["rule"]))
    return [found[key] for key in sorted(found)]


def _named(data: Any) -> set[tuple[str, str]]:
    if isinstance(data, dict):
        own = {(data["define"], data.get("version", ""))} if "define" in data else set()
        return own.union(*(_named(value) for value in data.values()))
    if isinstance(data, list):
        return set().union(*(_named(item) for item in data))
    return set()
