"""Counts of page views and searches: no addresses, no cookies, no persons."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DailyCount(models.Model):
    """How often something was looked at on one day."""

    day = models.DateField()
    kind = models.CharField(max_length=50, help_text="What was looked at: programme, event ...")
    key = models.CharField(max_length=200, help_text="Which one: its slug")
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            # also serves the views of one object over a period
            models.UniqueConstraint(fields=["kind", "key", "day"], name="usage_dailycount_once_a_day"),
        ]
        indexes = [
            # the totals of a month over all objects of one kind
            models.Index(fields=["kind", "day"], name="usage_dailycount_kind_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}: {self.count}"


class ResultsBucket(models.TextChoices):
    """Whether a search found anything."""

    ZERO = "zero", _("見つからなかった")
    SOME = "some", _("見つかった")


class SearchCount(models.Model):
    """How often a text was searched for on one day. Texts that may hold personal data are never kept."""

    day = models.DateField()
    query = models.CharField(max_length=100, help_text="Folded text")
    area = models.CharField(
        max_length=50, blank=True, help_text="Code of the place that was read in the text, if any"
    )
    results = models.CharField(max_length=4, choices=ResultsBucket.choices)
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "results", "area", "query"], name="usage_searchcount_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(results__in=ResultsBucket.values), name="usage_searchcount_results_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.query}: {self.count}"
