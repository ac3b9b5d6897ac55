"""伴走支援: goals, tasks, follow-ups, how a case was closed and what came of it."""

from django.db import models
from django.db.models import F, Q

from madoguchi.consultations.kinds import FollowUpKind, Outcome, PlaceKind
from madoguchi.consultations.models.cases import Case, Involvement
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState


class Goal(models.Model):
    """What the business wants to have reached, and by when; shared with it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="goals")
    text = models.CharField(max_length=200)
    by_day = models.DateField(null=True)
    position = models.PositiveSmallIntegerField()
    reached_on = models.DateField(null=True)
    dropped_at = models.DateTimeField(null=True)


class Task(models.Model):
    """Something to do, for an organisation at work on the case or for the business."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    goal = models.ForeignKey(Goal, null=True, on_delete=models.SET_NULL, related_name="tasks")
    involvement = models.ForeignKey(
        Involvement,
        null=True,
        on_delete=models.CASCADE,
        related_name="tasks",
        help_text="空は、事業者がすること",
    )
    title = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in TaskState], default=TaskState.OPEN
    )
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(TaskState)), name="consultations_task_state"),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, ended_at=None)
                | (~Q(state=TaskState.OPEN) & Q(ended_at__isnull=False)),
                name="consultations_task_ended_at",
            ),
        ]
        indexes = [models.Index(fields=["case", "state", "due_on"], name="consultations_task_case")]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Reads of appointments."""

    def standing(self) -> "AppointmentQuerySet":
        """Those that nobody cancelled, of organisations that are still at work on an open case."""
        at_work = (InvolvementState.ACCEPTED, InvolvementState.WORKING)
        return self.filter(cancelled_at=None, involvement__state__in=at_work).exclude(
            case__state=CaseState.CLOSED
        )


class Appointment(models.Model):
    """A time at which an adviser meets the business; `uid` and `sequence` are those of its iCalendar mail."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="appointments")
    involvement = models.ForeignKey(Involvement, on_delete=models.CASCADE, related_name="appointments")
    adviser = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place_kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    place = models.CharField(max_length=200, blank=True, help_text="場所、住所、またはつなぎ方")
    note = models.CharField(max_length=500, blank=True, help_text="事業者に伝えること：持ち物など")
    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    once = models.CharField(max_length=64, null=True, unique=True, help_text="二重送信をふせぐ鍵")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place_kind__in=PlaceKind.values), name="consultations_appointment_place_kind"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="consultations_appointment_period"
            ),
        ]
        indexes = [
            models.Index(fields=["adviser", "starts_at"], name="consultations_appointment_when"),
            models.Index(fields=["case", "starts_at"], name="consultations_appointment_case"),
        ]


class FollowUp(models.Model):
    """A day on which somebody asks how things went."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups")
    involvement = models.ForeignKey(Involvement, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=FollowUpKind.choices)
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "due_on"], name="consultations_followup_once")
        ]
        indexes = [models.Index(fields=["done_at", "due_on"], name="consultations_followup_due")]


class Closing(models.Model):
    """How a case ended, and what came of it; a reopened case keeps the earlier ones."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="closings")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    summary = models.TextField(blank=True)
    sales_yen = models.BigIntegerField(null=True)
    jobs = models.IntegerField(null=True)
    raised_yen = models.BigIntegerField(null=True)
    plan_approved = models.BooleanField(null=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="consultations_closing_outcome"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened_at=None), name="consultations_closing_one_standing"
            ),
        ]
        indexes = [
            # With all that the statistics add up.
            models.Index(
                fields=[
                    "closed_at",
                    "reopened_at",
                    "case",
                    "sales_yen",
                    "jobs",
                    "raised_yen",
                    "plan_approved",
                ],
                name="consultations_closing_at",
            )
        ]


class SurveyAnswer(models.Model):
    """What a business answered: at the closing, after 3 and after 12 months."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="survey_answers")
    follow_up = models.OneToOneField(FollowUp, null=True, on_delete=models.CASCADE, related_name="answer")
    satisfaction = models.PositiveSmallIntegerField(null=True, help_text="1（不満）〜5（満足）")
    answers = models.JSONField(default=dict, help_text="{よくなったか, 続けているか, 次に困っていること}")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)),
                name="consultations_survey_range",
            ),
        ]
        indexes = [models.Index(fields=["answered_at"], name="consultations_survey_at")]


class CalendarFeed(models.Model):
    """The secret address of a person's calendar in one membership; renewing it ends the one before."""

    membership = models.OneToOneField("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
