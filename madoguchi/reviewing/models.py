"""Documents that were read, their lines, and the drafts made of them."""

from django.db import models
from django.db.models import F, Q

from madoguchi.reviewing.kinds import DocumentKind, RecordKind, What
from madoguchi.reviewing.states import FieldState


class ImportedDocument(models.Model):
    """One file as it was read. `notes` and `left_out` are [{code, sentence, lines}].

    `reading` is the digest of what was read: the same file read by the same readers has the same."""

    key = models.SlugField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=DocumentKind.choices)
    name = models.CharField(max_length=200)
    layout = models.CharField(max_length=200, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True, help_text="空は、まだ分からないもの")
    reading = models.CharField(max_length=64)
    notes = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    imported_by_id = models.CharField(max_length=64, blank=True)
    imported_by_label = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "kind"], name="reviewing_document_once"),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="reviewing_document_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceLine(models.Model):
    """A line of a document as printed; `number` counts from 1 in the file."""

    document = models.ForeignKey(ImportedDocument, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="reviewing_line_once"),
        ]


class DraftRecord(models.Model):
    """Something found in a document. `path` is its place there and stays the same when it is read again.

    A project stands in a list (`within`); `spans` are the lines it takes, [[first, last]]."""

    document = models.ForeignKey(ImportedDocument, on_delete=models.CASCADE, related_name="records")
    path = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=RecordKind.choices)
    within = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    marks = models.JSONField(default=list, help_text="一覧の基本方針の印")
    is_repeat = models.BooleanField(default=False)
    listed_page = models.PositiveSmallIntegerField(null=True)
    spans = models.JSONField(default=list)
    page = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by_id = models.CharField(max_length=64, blank=True)
    taken_by_label = models.CharField(max_length=200, blank=True)
    taken_as = models.CharField(max_length=100, blank=True, help_text="取り込んだ先（事業か一覧）の名")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "path"], name="reviewing_record_once"),
            models.CheckConstraint(condition=Q(kind__in=RecordKind.values), name="reviewing_record_kind"),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_as="") | (Q(taken_at__isnull=False) & ~Q(taken_as="")),
                name="reviewing_record_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DraftField(models.Model):
    """One field as read, and what somebody made of it; `version` grows with every decision.

    `value` is kept as `kinds.kept_form` writes it. `about` is the indicator, `year` its column, `number`
    counts fields that say the same kind of thing."""

    record = models.ForeignKey(DraftRecord, on_delete=models.CASCADE, related_name="fields")
    what = models.CharField(max_length=16, choices=What.choices)
    about = models.CharField(max_length=300, blank=True)
    year = models.CharField(max_length=12, blank=True)
    number = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    value = models.TextField(blank=True)
    confidence = models.DecimalField(max_digits=3, decimal_places=2)
    reason = models.CharField(max_length=300, blank=True)
    first_line = models.PositiveIntegerField()
    last_line = models.PositiveIntegerField()
    page = models.PositiveIntegerField(null=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in FieldState], default=FieldState.OPEN
    )
    corrected = models.TextField(blank=True)
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "what", "about", "year", "number"], name="reviewing_field_once"
            ),
            models.CheckConstraint(condition=Q(state__in=list(FieldState)), name="reviewing_field_state"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="reviewing_field_confidence"
            ),
            models.CheckConstraint(condition=Q(last_line__gte=F("first_line")), name="reviewing_field_lines"),
            models.CheckConstraint(
                condition=Q(state=FieldState.OPEN, decided_at=None)
                | (~Q(state=FieldState.OPEN) & Q(decided_at__isnull=False)),
                name="reviewing_field_decided_at",
            ),
        ]
        indexes = [models.Index(fields=["record", "state"], name="reviewing_field_state_idx")]

    @property
    def kept(self) -> str:
        """The value that counts: the corrected one where there is one."""
        return self.corrected if self.state == FieldState.CORRECTED else self.value
