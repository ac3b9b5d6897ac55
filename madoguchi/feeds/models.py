"""What feeds brought: the items, the values read in them, the runs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.catalogue.models import Programme
from madoguchi.feeds.states import ItemState, ReadingState


class Feed(models.TextChoices):
    """From where items come."""

    JGRANTS = "jgrants", _("Jグランツ")
    OPEN_DATA = "open-data", _("自治体のオープンデータ")
    JNET21 = "j-net21", _("J-Net21")


class What(models.TextChoices):
    """The values that are read, confirmed and corrected one by one."""

    SHARE = "share", _("補助率")
    CAP = "cap", _("上限額")
    PERIOD = "period", _("受付期間")
    STAFF = "staff", _("従業員数")
    AREAS = "areas", _("対象の地域")


class FeedItem(models.Model):
    """One programme of a feed. `record` is what it says, cleaned; `reading` the digest of what was read."""

    feed = models.CharField(max_length=12, choices=Feed.choices)
    external_id = models.CharField(max_length=100)
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ItemState])
    record = models.JSONField()
    reading = models.CharField(max_length=64)
    closes_at = models.DateTimeField(null=True)
    missed_runs = models.PositiveSmallIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "external_id"], name="feeds_item_once"),
            models.CheckConstraint(condition=Q(feed__in=Feed.values), name="feeds_item_feed"),
            models.CheckConstraint(condition=Q(state__in=list(ItemState)), name="feeds_item_state"),
            models.CheckConstraint(
                condition=Q(state=ItemState.DRAFT) | Q(state=ItemState.HIDDEN) | Q(programme__isnull=False),
                name="feeds_item_programme",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """One value as read, and what somebody made of it; `version` grows with every decision.

    `value` is kept as `values.kept` writes it. `is_stated` when the feed has a field for it."""

    item = models.ForeignKey(FeedItem, on_delete=models.CASCADE, related_name="readings")
    what = models.CharField(max_length=8, choices=What.choices)
    value = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=500, blank=True)
    confidence = models.DecimalField(max_digits=3, decimal_places=2)
    reason = models.CharField(max_length=300, blank=True)
    is_stated = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ReadingState], default=ReadingState.OPEN
    )
    corrected = models.CharField(max_length=500, blank=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "what"], name="feeds_reading_once"),
            models.CheckConstraint(condition=Q(what__in=What.values), name="feeds_reading_what"),
            models.CheckConstraint(condition=Q(state__in=list(ReadingState)), name="feeds_reading_state"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="feeds_reading_confidence"
            ),
            models.CheckConstraint(
                condition=Q(state=ReadingState.OPEN, decided_at=None)
                | (~Q(state=ReadingState.OPEN) & Q(decided_at__isnull=False)),
                name="feeds_reading_decided_at",
            ),
        ]

    @property
    def is_unconfirmed(self) -> bool:
        """Whether a visitor has to be told that nobody has looked at it."""
        return self.state == ReadingState.OPEN and self.confidence < 1


class FeedRun(models.Model):
    """One look at a feed: how many items were added, changed and so on; the odd ones with their reasons."""

    feed = models.CharField(max_length=12, choices=Feed.choices)
    finished_at = models.DateTimeField()
    is_complete = models.BooleanField(help_text="配信元の全部を見たか")
    counts = models.JSONField()
    odd = models.JSONField(default=list, help_text="[{where, sentence}]")
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(feed__in=Feed.values), name="feeds_run_feed")]
