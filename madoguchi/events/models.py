"""Events: seminars, consultation days, fairs, with their dated occurrences and places."""

from django.db import models

from madoguchi.catalogue.models import Programme
from madoguchi.institutions.models import ContactFields, Organisation, Unit


class Event(models.Model):
    """Something held once or many times in a fiscal year."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    breaks = models.CharField(max_length=220, blank=True)
    fiscal_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT, related_name="+")
    purposes = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    areas = models.JSONField()
    summary = models.TextField()
    easy = models.TextField(blank=True)
    audience = models.CharField(max_length=300, blank=True)
    fee = models.CharField(max_length=200, blank=True)
    is_free = models.BooleanField(null=True)
    booking = models.CharField(max_length=200, blank=True)
    capacity = models.CharField(max_length=100, blank=True)
    attendance = models.CharField(max_length=200, blank=True, help_text="参加した人や会社の数（実績）")
    links = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    sources = models.JSONField()
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Precision(models.TextChoices):
    """How exactly the document dates an occurrence."""

    DAY = "day", "日"
    MONTH = "month", "月"


class Occurrence(models.Model):
    """One time an event is held. With month precision the dates span the month that is named."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="occurrences")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.DAY)
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    place_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    area_code = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "position"], name="events_occurrence_order"),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="events_occurrence_period"
            ),
            models.CheckConstraint(
                condition=models.Q(precision__in=Precision.values), name="events_occurrence_precision"
            ),
        ]
        indexes = [
            # The calendar reads occurrences by date.
            models.Index(fields=["starts_on"], name="events_occurrence_starts_on"),
        ]


class EventContact(ContactFields):
    """Whom to ask about an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="contacts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "position"], name="events_contact_order"),
        ]
