"""Organisations, their units and desks, as the documents of their day name them."""

from typing import TypeVar

from django.db import models

from madoguchi.institutions.kinds import OrganisationKind, UnitLevel
from madoguchi.japan import areas

Row = TypeVar("Row", bound=models.Model)


class CurrentManager(models.Manager[Row]):
    """What the region pack holds now. What it dropped but an earlier edition still names is hidden."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Rows of the present; a foreign key still reaches the hidden ones."""
        return super().get_queryset().filter(is_current=True)


class Region(models.Model):
    """Who this installation belongs to: written by the region pack, one row."""

    key = models.SlugField(unique=True)
    site_name = models.CharField(max_length=60)
    tagline = models.CharField(max_length=120)
    prefecture_code = models.CharField(max_length=6)
    believed_today = models.DateField(null=True)
    general_desk = models.ForeignKey("institutions.Desk", on_delete=models.PROTECT, related_name="+")
    general_telephone = models.CharField(max_length=20)
    general_hours = models.CharField(max_length=60)
    groupings = models.JSONField(help_text="圏域: [{code, name, seat, members}]")
    often_searched = models.JSONField(default=list)
    credit = models.CharField(max_length=300)
    licence_name = models.CharField(max_length=100, default="", help_text="公開データを使うときの決まり")
    licence_url = models.URLField(default="")

    @property
    def prefecture_name(self) -> str:
        """The full name of its prefecture."""
        return areas.get(self.prefecture_code).name


class ThemeFile(models.Model):
    """A file of the region's looks: colours (CSS) and pictures (SVG), trusted as the pack is."""

    name = models.CharField(max_length=60, unique=True)
    content = models.TextField()
    content_hash = models.CharField(max_length=64)


class PackFile(models.Model):
    """A public file of the region pack as it was loaded, for whoever takes the whole pack along."""

    name = models.CharField(max_length=200, unique=True, help_text="パックの中の場所")
    content = models.TextField()


class SourceDocument(models.Model):
    """A document that facts come from; a record names it by key, section and lines."""

    key = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=60, help_text="本文の出典に添える短い名前")
    publisher = models.CharField(max_length=100)
    fiscal_year = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    sections = models.JSONField(help_text="[{section, title, line, becomes, note}]")
    content_hash = models.CharField(max_length=64)


class Organisation(models.Model):
    """A body: prefecture, city, chamber, support centre, association."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    breaks = models.CharField(max_length=220, blank=True)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    area_code = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    url = models.URLField(blank=True)
    summary = models.TextField(blank=True)
    sources = models.JSONField(help_text="[{file, section, lines, note}]")
    content_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True, help_text="いまの地域パックにあるか")

    objects = CurrentManager()
    everything = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values), name="institutions_organisation_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A department, division or group; `named_in` holds the fiscal years whose documents use the name."""

    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=120)
    full_name = models.CharField(max_length=300, help_text="機関の略称と上の部署から書いた名前")
    level = models.CharField(max_length=20, choices=UnitLevel.choices)
    named_in = models.JSONField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    telephone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    sources = models.JSONField()
    content_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True, help_text="いまの地域パックにあるか")

    objects = CurrentManager()
    everything = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=UnitLevel.values), name="institutions_unit_level"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_from__lte=models.F("valid_until")),
                name="institutions_unit_valid_period",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Succession(models.Model):
    """Work passed from one unit to another; several rows make n:m."""

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="precessions")
    happened_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    is_assumed = models.BooleanField(default=False, help_text="資料に明記がなく、推定したもの")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="institutions_succession_once")
        ]


class ContactFields(models.Model):
    """Whom to ask, in the order the document prints them; numbers stand as printed there."""

    position = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey("institutions.Desk", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    extension = models.CharField(max_length=10, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    url = models.URLField(blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Desk(models.Model):
    """A place or number where people may ask; a satellite names its parent desk."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    breaks = models.CharField(max_length=220, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="desks")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="satellites")
    purposes = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    audience = models.CharField(max_length=300, blank=True)
    summary = models.TextField()
    easy = models.TextField(blank=True)
    place_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    area_code = models.CharField(max_length=20, blank=True)
    covers = models.JSONField(help_text="受け持つ地域のコード")
    hours = models.JSONField(default=list, help_text="[{days, opens, closes, note}]")
    closed = models.CharField(max_length=200, blank=True)
    by_appointment = models.BooleanField(default=False)
    is_free = models.BooleanField(null=True)
    fee = models.CharField(max_length=200, blank=True)
    is_confidential = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    links = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    sources = models.JSONField()
    content_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True, help_text="いまの地域パックにあるか")

    objects = CurrentManager()
    everything = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_from__lte=models.F("valid_until")),
                name="institutions_desk_valid_period",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DeskContact(ContactFields):
    """How to reach a desk."""

    of_desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="contacts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of_desk", "position"], name="institutions_deskcontact_order")
        ]
