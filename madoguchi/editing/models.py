"""Drafts of editions, and what an institution wants of them."""

from django.db import models
from django.db.models import Q

from madoguchi.accounts.hats import Hat
from madoguchi.catalogue.models import Edition, Programme
from madoguchi.editing.states import OPEN, DraftState
from madoguchi.institutions.models import Organisation


class DraftQuerySet(models.QuerySet["Draft"]):
    """Reads that respect who asks."""

    def visible_to(self, hat: Hat) -> "DraftQuerySet":
        """Drafts of the hat's own organisation, for those who write programmes."""
        if hat.organisation_id is None or not hat.may("programmes.write"):
            return self.none()
        return self.filter(organisation=hat.organisation_id)

    def open(self) -> "DraftQuerySet":
        """Those with which somebody still has something to do."""
        return self.filter(state__in=OPEN)


class Draft(models.Model):
    """An edition that is being written; `document` is in the words of a region pack, incomplete at first.

    `seen` is the edition of that year that was public when the draft was begun: it replaces that one only.
    `version` grows with every change."""

    key = models.SlugField(max_length=12, unique=True)
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    document = models.JSONField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in DraftState], default=DraftState.WRITING
    )
    version = models.PositiveIntegerField(default=1)
    seen = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    publish_at = models.DateTimeField(null=True)
    expire_at = models.DateTimeField(null=True)
    returned = models.CharField(max_length=500, blank=True, help_text="差し戻しのときの一言")
    author_id = models.CharField(max_length=64)
    author_label = models.CharField(max_length=200)
    approved_by_id = models.CharField(max_length=64, blank=True)
    approved_by_label = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(DraftState)), name="editing_draft_state"),
            models.CheckConstraint(
                condition=~Q(state=DraftState.PLANNED) | Q(publish_at__isnull=False),
                name="editing_draft_planned_for",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DraftState.PUBLISHED, DraftState.EXPIRED]) | Q(edition__isnull=False),
                name="editing_draft_published_as",
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(expire_at=None) | Q(publish_at__lt=models.F("expire_at")),
                name="editing_draft_period",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="editing_draft_state_idx")]

    @property
    def name(self) -> str:
        """What the programme is called in the draft; empty while it has no name."""
        return str(self.document.get("name", ""))


class DraftWriter(models.Model):
    """Somebody who changed a draft: none of them approves it."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="writers")
    person_id = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "person_id"], name="editing_writer_once")]


class Wish(models.Model):
    """What an institution wants: whether a second person looks at everything before it is public."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    needs_second = models.BooleanField(default=False)
