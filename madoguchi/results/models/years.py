"""The report of a fiscal year: how far it is, what each unit owes to it, the region's own chapters."""

from django.db import models
from django.db.models import Q

from madoguchi.institutions.models import Unit
from madoguchi.results.kinds import ChapterPlace
from madoguchi.results.states import ReturnState, YearState


class ReportYear(models.Model):
    """The report of one fiscal year. `reminders` is how many days before the deadline units are reminded."""

    fiscal_year = models.PositiveSmallIntegerField(unique=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in YearState], default=YearState.OPEN
    )
    title = models.CharField(max_length=200, blank=True)
    article = models.CharField(max_length=40, blank=True, help_text="報告を義務づける条（例: 第10条）")
    publisher = models.CharField(max_length=100, blank=True)
    secretariat = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", help_text="とりまとめる部署"
    )
    first_chapter = models.PositiveSmallIntegerField(default=1, help_text="はじめの基本方針の章の番号")
    deadline_on = models.DateField(null=True)
    reminders = models.JSONField(default=list)
    locked_by_id = models.CharField(max_length=64, blank=True)
    locked_by_label = models.CharField(max_length=200, blank=True)
    locked_at = models.DateTimeField(null=True)
    published_by_id = models.CharField(max_length=64, blank=True)
    published_by_label = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(YearState)), name="results_year_state"),
            models.CheckConstraint(
                condition=Q(state=YearState.OPEN, locked_at=None)
                | (~Q(state=YearState.OPEN) & Q(locked_at__isnull=False)),
                name="results_year_locked_at",
            ),
            models.CheckConstraint(
                condition=(~Q(state=YearState.PUBLISHED) & Q(published_at=None))
                | Q(state=YearState.PUBLISHED, published_at__isnull=False),
                name="results_year_published_at",
            ),
        ]


class UnitReturn(models.Model):
    """What a unit owes to a report, as one thing that is handed in and accepted, or returned with a note."""

    report_year = models.ForeignKey(ReportYear, on_delete=models.CASCADE, related_name="returns")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in ReturnState], default=ReturnState.OWED
    )
    note = models.CharField(max_length=500, blank=True)
    moved_by_id = models.CharField(max_length=64, blank=True)
    moved_by_label = models.CharField(max_length=200, blank=True)
    moved_at = models.DateTimeField(null=True)

    @property
    def version(self) -> int:
        """Which move it stands after, so that what somebody saw can be told from what came since."""
        return int(self.moved_at.timestamp() * 1_000_000) if self.moved_at else 0

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report_year", "unit"], name="results_return_once"),
            models.CheckConstraint(condition=Q(state__in=list(ReturnState)), name="results_return_state"),
        ]


class RegionChapter(models.Model):
    """A free chapter of the region: headings with paragraphs, or a table.

    `blocks` is [{heading, text}], `table` rows of cells with the headings first."""

    code = models.SlugField(max_length=80, unique=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True, help_text="空は、どの年度の報告にも載せるもの")
    place = models.CharField(max_length=8, choices=ChapterPlace.choices)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    blocks = models.JSONField(default=list)
    table = models.JSONField(default=list)
    source = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64, blank=True, help_text="空は、画面で作ったもの")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(place__in=ChapterPlace.values), name="results_chapter_place"),
        ]

    def __str__(self) -> str:
        return self.title
