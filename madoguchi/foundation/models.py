"""The tables of the foundation: what happened, its seals, what is waiting to be done, who is working."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class AuditEvent(models.Model):
    """One thing that happened: ids and changed field names, never content. Written by `audit.record` only."""

    occurred_at = models.DateTimeField()
    actor_id = models.CharField(max_length=64, blank=True, help_text="Empty: nobody signed in, or the system")
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=100, help_text="Dotted: catalogue.programme_published")
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    organisation_id = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(action=""), name="foundation_auditevent_action_named"),
        ]
        indexes = [
            # the timeline of a record; who saw or changed it
            models.Index(fields=["subject_type", "subject_id", "id"], name="foundation_audit_subject"),
            # what one person did
            models.Index(fields=["actor_id", "id"], name="foundation_audit_actor"),
            # what was done in the name of one organisation
            models.Index(fields=["organisation_id", "id"], name="foundation_audit_org"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"


class AuditSeal(models.Model):
    """One link of the hash chain over the audit events, in the order in which they were sealed.

    `event_id` is a plain number: the seal of a deleted event has to stay, so that the deletion is seen.
    """

    position = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 ... without gaps")
    event_id = models.BigIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the event's content")
    head = models.CharField(max_length=64, help_text="SHA-256 of the previous head and this link")
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id"], name="foundation_auditseal_event_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="foundation_auditseal_position_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: event {self.event_id}"


class OutboxEntry(models.Model):
    """A note, written in the transaction of a change, that something outside has to follow it."""

    topic = models.CharField(max_length=50)
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        # Not unique(topic, key): an insert that is skipped because an older entry exists is lost when
        # the consumer has already read that older entry and removes it.
        indexes = [
            # the oldest entries of one topic
            models.Index(fields=["topic", "id"], name="foundation_outbox_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.key}"


class WorkerBeat(models.Model):
    """The last sign of life of a worker process; jobs of a silent worker are given to another."""

    worker_id = models.CharField(max_length=64)
    seen_at = models.DateTimeField(help_text="Real time, not the believed date")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker_id"], name="foundation_workerbeat_worker_once"),
        ]

    def __str__(self) -> str:
        return self.worker_id


class CacheEntry(models.Model):
    """A row of Django's database cache, which counts attempts for all server processes together.

    The columns are those that `django.core.cache.backends.db` asks for; nothing else reads or writes them.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["expires"], name="foundation_cacheentry_expires"),
        ]

    def __str__(self) -> str:
        return self.cache_key
