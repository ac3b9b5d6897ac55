"""What the open data remembers: each record as it was last told, every change in order, and keys."""

from django.db import models


class Kind(models.TextChoices):
    """The kinds of records that are told of, by the words of their addresses."""

    PROGRAMME = "programme", "支援制度"
    DESK = "desk", "窓口"
    EVENT = "event", "催し"
    PROJECT = "project", "事業"
    ORGANISATION = "organisation", "支援機関"


class Told(models.Model):
    """A record as it was last told of: the digest of its content, and since when it has been so."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    slug = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="公開データの SHA-256")
    changed_at = models.DateTimeField(help_text="機械の時刻")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="opendata_told_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="opendata_told_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug}"


class Change(models.Model):
    """One change of a public record, numbered in the order in which changes became visible."""

    class What(models.TextChoices):
        """What happened to the record."""

        ADDED = "added", "新しい"
        CHANGED = "changed", "変わった"
        WITHDRAWN = "withdrawn", "なくなった"

    position = models.BigIntegerField(primary_key=True, help_text="1、2、3…と、すき間なく")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    slug = models.CharField(max_length=80)
    what = models.CharField(max_length=10, choices=What.choices)
    happened_at = models.DateTimeField(help_text="機械の時刻")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=1), name="opendata_change_from_1"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="opendata_change_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.kind}:{self.slug} {self.what}"


class ApiKey(models.Model):
    """Somebody who may ask more often. The key itself is nowhere: only its SHA-256."""

    name = models.CharField(max_length=100, help_text="だれの、何のための鍵か")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Webhook(models.Model):
    """An address that is told of changes. Its secret follows from the installation's key."""

    url = models.URLField(max_length=500, unique=True)
    made_at = models.DateTimeField()
    position = models.BigIntegerField(help_text="ここまでの変更を、もう知らせた")
    queued_at = models.DateTimeField(null=True, help_text="いま知らせる仕事を頼んだ時刻")
    failing_since = models.DateTimeField(null=True, help_text="この時刻から、届いていない")
    disabled_at = models.DateTimeField(null=True, help_text="何日も届かず、あきらめた時刻")

    def __str__(self) -> str:
        return self.url
