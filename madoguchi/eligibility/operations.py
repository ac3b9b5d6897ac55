"""Writing rule sets: publishing and withdrawing."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from madoguchi.catalogue.models import Programme
from madoguchi.eligibility.dictionary import Additions
from madoguchi.eligibility.models import FactAdditions, RuleSet
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict


def content_hash(document: object) -> str:
    """SHA-256 of plain data; the same however it is written."""
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def publish(
    *, programme: Programme, fiscal_year: int, document: Mapping[str, Any], at: datetime, by: audit.Actor
) -> RuleSet | None:
    """Publish a rule set as a new revision that replaces the one before it.

    Returns None when the current one already says exactly this. Raises Conflict when somebody else
    published in between."""
    digest = content_hash(document)
    rows = RuleSet.objects.filter(programme=programme, fiscal_year=fiscal_year).order_by("-revision", "pk")
    newest, current = rows.first(), rows.filter(ended_at=None).first()
    if current and current.content_hash == digest:
        return None
    if current:
        _end(current, at=at)
    try:
        with transaction.atomic():
            rule_set = RuleSet.objects.create(
                programme=programme,
                fiscal_year=fiscal_year,
                revision=newest.revision + 1 if newest else 1,
                document=document,
                content_hash=digest,
                published_at=at,
            )
    except IntegrityError as error:
        raise Conflict from error
    _note("eligibility.rules_published", rule_set, programme, at=at, by=by)
    return rule_set


@transaction.atomic
def withdraw(*, rule_set: RuleSet, at: datetime, by: audit.Actor) -> None:
    """End a rule set without another; it stays in the record. Raises Conflict when it has ended already."""
    _end(rule_set, at=at)
    _note("eligibility.rules_withdrawn", rule_set, rule_set.programme, at=at, by=by)


def _end(rule_set: RuleSet, *, at: datetime) -> None:
    if RuleSet.objects.filter(pk=rule_set.pk, ended_at=None).update(ended_at=at) != 1:
        raise Conflict
    rule_set.ended_at = at


def _note(action: str, rule_set: RuleSet, programme: Programme, *, at: datetime, by: audit.Actor) -> None:
    audit.record(
        action,
        at=at,
        by=by,
        subject_type="ruleset",
        subject_id=rule_set.pk,
        data={
            "programme": programme.slug,
            "fiscal_year": rule_set.fiscal_year,
            "revision": rule_set.revision,
        },
    )


@transaction.atomic
def set_additions(additions: Additions) -> bool:
    """Keep what the pack adds to the facts; tells whether anything differs from before."""
    columns = {
        "facts": list(additions.facts),
        "choices": list(additions.choices),
        "elsewhere": list(additions.elsewhere),
    }
    digest = content_hash(columns)
    row = FactAdditions.objects.order_by("pk").first()
    if row and row.content_hash == digest:
        return False
    FactAdditions.objects.all().delete()
    FactAdditions.objects.create(**columns, content_hash=digest)
    return True
