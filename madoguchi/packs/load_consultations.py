"""What the region decides about consultations: topics, routing rules, policy."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from madoguchi.consultations.models import Policy, RoutingRule, Topic
from madoguchi.institutions.models import Desk
from madoguchi.packs.pack import Pack
from madoguchi.packs.schema_consultations import Consultations
from madoguchi.packs.sync import Changes, digest, noting

KIND = "consultations"


def load(pack: Pack, changes: Changes) -> None:
    """Write topics, rules and policy; a topic that cases still name is hidden, not deleted."""
    with noting(changes, KIND, KIND, Topic, RoutingRule, Policy):
        # Rules hold nothing that points at them: they are written anew.
        RoutingRule.objects.all().delete()
        _topics(pack.consultations)
        if pack.consultations is None:
            Policy.objects.all().delete()
            return
        _rules(pack.consultations)
        _policy(pack.consultations)


def _topics(record: Consultations | None) -> None:
    topics = record.topics if record else []
    for position, topic in enumerate(topics):
        columns: dict[str, Any] = topic.model_dump(include={"label", "say", "words", "purposes"})
        Topic.objects.update_or_create(
            code=topic.code,
            defaults={
                **columns,
                "is_secret": topic.secret is not None,
                "position": position,
                "is_current": True,
            },
        )
    for gone in Topic.objects.exclude(code__in=[topic.code for topic in topics]):
        try:
            with transaction.atomic():
                gone.delete()
        except ProtectedError:
            Topic.objects.filter(pk=gone.pk).update(is_current=False)


def _rules(record: Consultations) -> None:
    desks = Desk.objects.in_bulk([rule.desk for rule in record.rules], field_name="slug")
    RoutingRule.objects.bulk_create(
        RoutingRule(
            position=position,
            conditions=rule.when.model_dump(mode="json", exclude_defaults=True),
            desk=desks[rule.desk],
            because=rule.because,
        )
        for position, rule in enumerate(record.rules)
    )


def _policy(record: Consultations) -> None:
    row = Policy.objects.order_by("pk").first() or Policy()
    columns = record.policy.model_dump(mode="json", by_alias=True, exclude={"notes"})
    for name, value in columns.items():
        setattr(row, name, value)
    row.content_hash = digest(KIND, record.policy)
    row.save()
