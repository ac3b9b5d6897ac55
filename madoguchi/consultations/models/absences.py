"""Days on which a desk takes nothing, or an adviser is away; entered by hand beside those of the pack."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from madoguchi.accounts.hats import Hat


class DeskAbsenceQuerySet(models.QuerySet["DeskAbsence"]):
    """Reads of absences of desks."""

    def visible_to(self, hat: Hat) -> "DeskAbsenceQuerySet":
        """Those of the desks that the hat manages: of its own organisation."""
        managed = [hat.organisation_id] if hat.organisation_id and hat.may("cases.manage") else []
        return self.filter(desk__organisation__in=managed)

    def not_over(self, *, on: date) -> "DeskAbsenceQuerySet":
        """Those that are running on a day or still to come."""
        return self.filter(ends_on__gte=on)


class DeskAbsence(models.Model):
    """Another desk takes what comes for one on these days; both count."""

    desk = models.ForeignKey("institutions.Desk", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    ends_on = models.DateField()
    instead = models.ForeignKey(
        "institutions.Desk",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="空なら総合の窓口",
    )
    reason = models.CharField(max_length=100)
    entered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = DeskAbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="consultations_deskabsence_period"
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="consultations_deskabsence_ends")]


class AdviserAbsence(models.Model):
    """An adviser is away on these days, both counted; colleagues are asked first."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    ends_on = models.DateField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="consultations_adviserabsence_period"
            ),
        ]
        indexes = [models.Index(fields=["user", "ends_on"], name="consultations_away_user")]
