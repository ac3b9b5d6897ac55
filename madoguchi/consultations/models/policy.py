"""What a region decides about consultations: written by the region pack."""

from django.db import models


class Topic(models.Model):
    """What a consultation is about. Strictly secret ones are visible to named people only."""

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=60)
    say = models.CharField(max_length=100, help_text="事業者の言葉で")
    words = models.JSONField(default=list, help_text="自由な文から見つけるための言葉")
    purposes = models.JSONField(default=list, help_text="支援をさがすときの目的のコード")
    is_secret = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.label


class RoutingRule(models.Model):
    """Which desk a request goes to; the first that fits decides, and says why."""

    position = models.PositiveSmallIntegerField(unique=True)
    conditions = models.JSONField(
        help_text="{topics, areas, industries, employees_at_most, answers, languages …}"
    )
    desk = models.ForeignKey("institutions.Desk", on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.because


class Policy(models.Model):
    """One row: chasing, follow-ups, retention and what is promised to a business."""

    promised_days = models.PositiveSmallIntegerField(help_text="返事までの開庁日の約束")
    chasing = models.JSONField(help_text="[{after_business_days, to, text}]")
    absences = models.JSONField(default=list, help_text="[{desk, from, until, instead, note}]")
    retention_years = models.PositiveSmallIntegerField()
    # Where a pack says nothing of these, nothing is erased.
    abandoned_years = models.PositiveSmallIntegerField(
        null=True, help_text="閉じないまま、記録のとだえた案件"
    )
    minutes_years = models.PositiveSmallIntegerField(null=True, help_text="ケース会議の記録")
    draft_days = models.PositiveSmallIntegerField(null=True, help_text="書きかけの入力")
    notice_days = models.PositiveSmallIntegerField(default=60, help_text="消える前に、管理者に知らせる日数")
    situation_fields = models.JSONField(default=list, help_text="[{key, label, unit, help}]")
    content_hash = models.CharField(max_length=64)


class ReportTemplate(models.Model):
    """An organisation's own workbook for the monthly report, as its members filled it in before."""

    organisation = models.OneToOneField(
        "institutions.Organisation", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    kept_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
