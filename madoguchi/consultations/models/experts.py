"""専門家に頼む: a question about a case to one expert, and the talks that came of it (派遣)."""

from django.db import models
from django.db.models import Q

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models.cases import Case
from madoguchi.consultations.models.records import Note
from madoguchi.consultations.states import OPEN_TO_EXPERT, ExpertRequestState


class ExpertRequestQuerySet(models.QuerySet["ExpertRequest"]):
    """Reads of requests to experts."""

    def open(self) -> "ExpertRequestQuerySet":
        """Those by which an expert sees the case."""
        return self.filter(state__in=sorted(OPEN_TO_EXPERT))

    def visible_to(self, hat: Hat) -> "ExpertRequestQuerySet":
        """Those to this expert in this membership, while they are open; nobody else's, and no others."""
        return self.open().filter(expert=hat.membership_id, case__in=Case.objects.visible_to(hat))


class ExpertRequest(models.Model):
    """An expert is asked to help with a question; the case is seen by it until it ends."""

    key = models.CharField(max_length=16, unique=True, help_text="URL に使う、推測できない文字")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="expert_requests")
    expert = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    shows_figures = models.BooleanField(default=False, help_text="決算の数字も見せる")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_by_organisation = models.ForeignKey(
        "institutions.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ExpertRequestState])
    answered_at = models.DateTimeField(null=True)
    answer_note = models.TextField(blank=True, help_text="断る理由")
    ended_at = models.DateTimeField(null=True, help_text="この瞬間から、専門家は案件を読めない")

    objects = ExpertRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(ExpertRequestState)), name="consultations_expertrequest_state"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=sorted(OPEN_TO_EXPERT))
                | (Q(ended_at__isnull=False) & ~Q(state__in=sorted(OPEN_TO_EXPERT))),
                name="consultations_expertrequest_ended_at",
            ),
            models.UniqueConstraint(
                fields=["case", "expert"], condition=Q(ended_at=None), name="consultations_expertrequest_once"
            ),
        ]
        indexes = [models.Index(fields=["expert", "state"], name="consultations_expert_list")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Dispatch(models.Model):
    """One talk of an expert with a business, as the report tells it: what a count of 専門家派遣 counts."""

    request = models.ForeignKey(ExpertRequest, on_delete=models.CASCADE, related_name="dispatches")
    # The report itself; it goes when the case is erased, the count stays.
    note = models.OneToOneField(Note, null=True, on_delete=models.SET_NULL, related_name="dispatch")
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20, choices=Channel.choices)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="consultations_dispatch_channel"
            ),
        ]
        indexes = [models.Index(fields=["held_on"], name="consultations_dispatch_held")]
