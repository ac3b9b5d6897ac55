"""Programmes (支援制度) and their editions by fiscal year.

A published edition never changes (a trigger holds it); a new revision replaces it.
"""

from django.db import models

from madoguchi.catalogue.fields import FractionField
from madoguchi.catalogue.states import EditionState, ReceptionMode
from madoguchi.institutions.models import ContactFields, Desk, Organisation, Unit


class Term(models.Model):
    """A word of a vocabulary (kinds, purposes, stages, uses, audiences, event_kinds)."""

    vocabulary = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    say = models.CharField(max_length=60, blank=True, help_text="日ごろの言い方")
    icon = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vocabulary", "code"], name="catalogue_term_once")]


class SynonymGroup(models.Model):
    """Everyday and official words that find each other; with `targets`, one way only."""

    words = models.JSONField()
    targets = models.JSONField(default=list)
    position = models.PositiveIntegerField(unique=True)


class Programme(models.Model):
    """The lasting identity of a programme; what it offers stands in its editions."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    breaks = models.CharField(max_length=220, blank=True)
    reading = models.CharField(max_length=300, blank=True)
    predecessors = models.ManyToManyField("self", symmetrical=False, related_name="successors")
    desks = models.ManyToManyField(Desk, related_name="+")
    content_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class RelatedProgramme(models.Model):
    """Another programme worth knowing beside one, and why."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="related")
    other = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "other"], name="catalogue_related_once"),
        ]


class Edition(models.Model):
    """A programme in one fiscal year, as the document of that year describes it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="editions")
    fiscal_year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in EditionState])
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="差し替えまたは取り下げの時刻")

    name = models.CharField(max_length=200)
    kinds = models.JSONField()
    purposes = models.JSONField(default=list)
    stages = models.JSONField(default=list)
    uses = models.JSONField(default=list)
    industries = models.JSONField(default=list, help_text="日本標準産業分類。空はどの業種でも")
    areas = models.JSONField()
    audiences = models.JSONField(default=list)
    summary = models.TextField()
    easy = models.TextField()
    headline = models.CharField(max_length=120, blank=True)
    who = models.CharField(max_length=200, blank=True)
    where = models.CharField(max_length=120, blank=True)
    fee = models.CharField(max_length=200, blank=True)
    is_free = models.BooleanField(null=True)
    visits = models.CharField(max_length=120, blank=True)
    requirements = models.JSONField(default=list)
    benefits = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    documents = models.JSONField(default=list)
    links = models.JSONField(default=list)
    results = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    reception_mode = models.CharField(max_length=12, choices=[(m.value, m.value) for m in ReceptionMode])
    reception_text = models.CharField(max_length=200, blank=True)
    sources = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "fiscal_year", "revision"], name="catalogue_edition_revision"
            ),
            models.UniqueConstraint(
                fields=["programme", "fiscal_year"],
                condition=models.Q(state=EditionState.PUBLISHED),
                name="catalogue_edition_one_published",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in EditionState]), name="catalogue_edition_state"
            ),
            models.CheckConstraint(
                condition=models.Q(reception_mode__in=[m.value for m in ReceptionMode]),
                name="catalogue_edition_reception_mode",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.fiscal_year})"


class Frame(models.Model):
    """A 事業類型 or 枠 of an edition, with its own rate, cap and target. Amounts in yen."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="frames")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    variant = models.CharField(max_length=120, blank=True)
    target = models.CharField(max_length=300, blank=True)
    rate = FractionField(null=True)
    rate_low = FractionField(null=True, help_text="「1/3〜2/3」のように幅で書かれたときの下")
    on_top_of = FractionField(null=True, help_text="上乗せの元になる補助率")
    cap_yen = models.BigIntegerField(null=True)
    cap_low_yen = models.BigIntegerField(null=True)
    amount_yen = models.BigIntegerField(null=True, help_text="定額で支給する額")
    own_share = FractionField(null=True)
    visits = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="catalogue_frame_order"),
            models.CheckConstraint(
                condition=models.Q(cap_yen=None) | models.Q(cap_yen__gte=0), name="catalogue_frame_cap"
            ),
            models.CheckConstraint(
                condition=models.Q(cap_low_yen=None) | models.Q(cap_low_yen__lte=models.F("cap_yen")),
                name="catalogue_frame_cap_range",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_yen=None) | models.Q(amount_yen__gte=0),
                name="catalogue_frame_amount",
            ),
        ]


class ReceptionWindow(models.Model):
    """When an edition takes applications: instants, either end may be unstated."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="windows")
    position = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    closed_early = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="catalogue_window_order"),
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="catalogue_window_period",
            ),
        ]


class EditionContact(ContactFields):
    """Whom to ask about an edition, in the printed order."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="contacts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="catalogue_contact_order")
        ]


class EditionRole(models.Model):
    """Who stands where around the money: an organisation, one of its units, or words."""

    class Role(models.TextChoices):
        """Distinct on purpose: often one body operates, another decides and a third pays."""

        OWNER = "owner"
        OPERATOR = "operator"
        DECIDER = "decider"
        PAYER = "payer"
        PAYEE = "payee"
        BENEFICIARY = "beneficiary"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=12, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "role"], name="catalogue_role_once"),
        ]


class Origin(models.Model):
    """Where an edition comes from when it is not of the region pack."""

    class Kind(models.TextChoices):
        """A desk wrote it, or a feed of others brought it."""

        DESK = "desk"
        FEED = "feed"

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="origin")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    feed = models.CharField(max_length=20, blank=True, help_text="どの取り込み元から来たか")
