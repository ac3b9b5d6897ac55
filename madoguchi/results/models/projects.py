"""Budget projects (事業) and the printed listings per basic policy.

A project is not a programme (支援制度): many cannot be applied for, others bundle several. They link m:n.
"""

from django.db import models

from madoguchi.catalogue.models import Programme
from madoguchi.institutions.models import Unit


class Policy(models.Model):
    """A 基本方針 of the ordinance."""

    code = models.CharField(max_length=20, unique=True)
    mark = models.CharField(max_length=4)
    title = models.CharField(max_length=200)
    short = models.CharField(max_length=60)
    summary = models.TextField()
    position = models.PositiveSmallIntegerField(unique=True)
    ordinance = models.CharField(max_length=120)
    article = models.CharField(max_length=40)
    source = models.JSONField()

    def __str__(self) -> str:
        return f"{self.mark} {self.short}"


class CostBasis(models.TextChoices):
    """What the cost of a project is: its budget, settled accounts, or not said by the document."""

    BUDGET = "budget", "予算"
    SUPPLEMENTARY = "supplementary", "補正予算"
    SETTLED = "settled", "決算"
    NOT_STATED = "not_stated", "記載なし"


class Project(models.Model):
    """A budget line in one fiscal year."""

    slug = models.SlugField(max_length=80, unique=True)
    fiscal_year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    breaks = models.CharField(max_length=220, blank=True)
    parts = models.JSONField(default=list, help_text="一つの行に並べて書かれた事業の名前")
    cost_yen = models.BigIntegerField(null=True)
    cost_basis = models.CharField(max_length=16, choices=CostBasis.choices)
    cost_note = models.CharField(max_length=300, blank=True)
    is_new = models.BooleanField(default=False)
    department = models.CharField(max_length=200, help_text="一覧に書かれたままの担当課")
    responsible = models.CharField(
        max_length=300, blank=True, help_text="事業のページに書かれたままの課とグループ"
    )
    units = models.ManyToManyField(Unit, related_name="+")
    programmes = models.ManyToManyField(Programme, related_name="+")
    purposes = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    areas = models.JSONField()
    summary = models.TextField()
    keywords = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    sources = models.JSONField()
    predecessor = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="successors")
    is_draft = models.BooleanField(default=False, help_text="次の年度のために用意した、公表前のもの")
    edited_at = models.DateTimeField(null=True, help_text="画面で直した日時。空は、地域パックのまま")
    content_hash = models.CharField(max_length=64, blank=True, help_text="空は、画面で作ったもの")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cost_yen=None) | models.Q(cost_yen__gte=0), name="results_project_cost"
            ),
            models.CheckConstraint(
                condition=models.Q(cost_basis__in=CostBasis.values), name="results_project_cost_basis"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """One printed table of projects, under one policy or several that share it."""

    code = models.SlugField(max_length=80)
    fiscal_year = models.PositiveSmallIntegerField()
    policies = models.ManyToManyField(Policy, related_name="listings")
    stated_subtotal_yen = models.BigIntegerField(null=True)
    source = models.JSONField()
    is_draft = models.BooleanField(default=False, help_text="次の年度のために用意した、公表前のもの")
    content_hash = models.CharField(max_length=64, default="", blank=True, help_text="空は、画面で作ったもの")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "fiscal_year"], name="results_listing_once"),
        ]


class ListingRow(models.Model):
    """One printed row. A repeat (再掲) points to the same project again and is never a copy."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveSmallIntegerField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rows")
    printed_name = models.CharField(max_length=200, blank=True)
    printed_department = models.CharField(max_length=200, blank=True)
    printed_responsible = models.CharField(
        max_length=300, blank=True, help_text="この一覧のページの課とグループが、ほかと違うとき"
    )
    printed_cost_yen = models.BigIntegerField(null=True, help_text="空は、まだ決まっていないもの")
    is_new = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False)
    policies = models.JSONField(null=True, help_text="印のある基本方針。列が失われて分からないときは null")
    page = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "number"], name="results_row_number"),
        ]
