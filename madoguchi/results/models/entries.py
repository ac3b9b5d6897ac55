"""What everything shares that is written for a report: by whom, how far it is, which edit it is."""

from typing import Any

from django.db import models

from madoguchi.results.states import EntryState


class Entry(models.Model):
    """Who wrote something and who approved it.

    `version` grows with every edit (compare-and-set). `content_hash` is that of the pack's record, empty for
    what was made at the desk; what was edited there since (`edited_at`) is not written over by the pack."""

    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in EntryState], default=EntryState.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    entered_by_id = models.CharField(max_length=64, blank=True)
    entered_by_label = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(null=True)
    approved_by_id = models.CharField(max_length=64, blank=True)
    approved_by_label = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True, help_text="画面で直した日時。空は、地域パックのまま")
    source = models.JSONField(default=dict, help_text="{file, section, lines, note}")
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


def entry_constraints(name: str) -> list[Any]:
    """The constraints of an entry, under names of its own table."""
    return [
        models.CheckConstraint(condition=models.Q(state__in=list(EntryState)), name=f"results_{name}_state"),
        models.CheckConstraint(
            condition=models.Q(state=EntryState.DRAFT, approved_at=None)
            | models.Q(state=EntryState.APPROVED, approved_at__isnull=False),
            name=f"results_{name}_approved_at",
        ),
    ]
