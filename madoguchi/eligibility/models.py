"""Rule sets as they were published, and the words they are written in."""

from django.db import models

from madoguchi.catalogue.models import Programme


class RuleSet(models.Model):
    """The rule of one edition in one revision. Triggers keep it as it was published; the newest holds.

    `document` is complete in itself: the rule, those of the frames, and every definition they name."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="差し替えまたは取り下げの時刻")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "fiscal_year", "revision"], name="eligibility_ruleset_revision"
            ),
            models.UniqueConstraint(
                fields=["programme", "fiscal_year"],
                condition=models.Q(ended_at=None),
                name="eligibility_ruleset_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("published_at")),
                name="eligibility_ruleset_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} ({self.fiscal_year}) r{self.revision}"


class FactAdditions(models.Model):
    """What the region pack adds to the nationwide facts; one row."""

    facts = models.JSONField(default=list)
    choices = models.JSONField(default=list)
    elsewhere = models.JSONField(default=list, help_text="規則が名前を挙げる、よその制度")
    content_hash = models.CharField(max_length=64)
