"""Indicators (成果指標), their values, and every change of a value."""

from django.db import models
from django.db.models import Q

from madoguchi.catalogue.models import Programme
from madoguchi.institutions.models import CurrentManager, Unit
from madoguchi.results.cells import CellKind
from madoguchi.results.kinds import Counting, Good
from madoguchi.results.models.entries import Entry, entry_constraints
from madoguchi.results.models.projects import Project


class Indicator(models.Model):
    """What is measured. It outlives its projects: those of several years carry the same one."""

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    counting = models.CharField(max_length=12, choices=Counting.choices)
    good = models.CharField(max_length=8, choices=Good.choices)
    question = models.CharField(max_length=200, help_text="この数字が答える問い")
    owner = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", help_text="空は、事業の担当課"
    )
    measure = models.CharField(
        max_length=80, blank=True, help_text="記録から数える計算の名前。空は、人が入力する"
    )
    programme = models.ForeignKey(
        Programme,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="事業ではなく支援制度の実績のとき",
    )
    content_hash = models.CharField(max_length=64, blank=True, help_text="空は、画面で作ったもの")
    is_current = models.BooleanField(default=True, help_text="いまの地域パックにあるか")

    objects = CurrentManager()
    everything = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(counting__in=Counting.values), name="results_indicator_counting"
            ),
            models.CheckConstraint(condition=Q(good__in=Good.values), name="results_indicator_good"),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectIndicator(models.Model):
    """One row of a project's table; `printed_name` only where the page names it otherwise."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="indicator_rows")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="project_rows")
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=200, blank=True)
    in_report = models.BooleanField(
        default=True, help_text="ほかの資料だけにある数字は、報告書の表に載せない"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "indicator"], name="results_projectindicator_once"),
        ]


class IndicatorValue(Entry):
    """What an indicator says for a fiscal year, or over years: as printed, and as read.

    `parts` is [{number, unit, cumulative, as_of, label}], the numbers as texts so that none loses a digit."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="values")
    fiscal_year = models.PositiveSmallIntegerField(null=True, help_text="空は、一つの年度の値ではないもの")
    period = models.CharField(max_length=60, blank=True, help_text="一つの年度の値ではないときの期間")
    raw = models.CharField(max_length=600)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in CellKind])
    parts = models.JSONField(default=list)
    provisional = models.BooleanField(default=False, help_text="暫定値")
    note = models.CharField(max_length=300, blank=True, help_text="表を読む人に要る説明")
    evidence = models.CharField(max_length=300, blank=True, help_text="数字の根拠")

    class Meta:
        constraints = [
            *entry_constraints("value"),
            models.CheckConstraint(condition=Q(kind__in=list(CellKind)), name="results_value_kind"),
            models.UniqueConstraint(fields=["indicator", "fiscal_year"], name="results_value_once_a_year"),
            # Of several rows without a year neither database sees one above: nulls differ from each other.
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(fiscal_year=None), name="results_value_one_undated"
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year", "state"], name="results_value_year")]


class ValueChange(models.Model):
    """One change of a value, for good: the database refuses to rewrite it.

    `before` and `after` are {raw, kind, parts, provisional, note}; `before` is null for the first entry.
    `version` is the one that the change led to."""

    value = models.ForeignKey(IndicatorValue, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value", "version"], name="results_valuechange_once"),
        ]
