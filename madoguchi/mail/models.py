"""Mail on its way, and what is known of it afterwards."""

from django.db import models
from django.db.models import Q

from madoguchi.mail.kinds import Series
from madoguchi.mail.states import MailState


class Mail(models.Model):
    """One mail to one recipient. Its content is emptied as soon as it is handed over."""

    kind = models.CharField(max_length=60, help_text="Dotted: consultations.referral_sent")
    series = models.CharField(max_length=20, choices=Series.choices, blank=True)
    language = models.CharField(max_length=10)
    recipient_hash = models.CharField(max_length=64, help_text="Keyed hash of the address")
    user_id = models.CharField(max_length=64, blank=True, help_text="Empty: somebody without an account")
    subject_type = models.CharField(max_length=100, blank=True, help_text="What it tells of, as the audit")
    subject_id = models.CharField(max_length=64, blank=True)
    dedupe = models.CharField(max_length=200, null=True, unique=True, help_text="一度だけ送るための鍵")
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in MailState])

    # Content: only while the mail waits.
    to = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    invitation = models.TextField(blank=True, help_text="iCalendar")

    created_at = models.DateTimeField(help_text="Real time, like the others: retries go by it")
    tried_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=60, blank=True, help_text="What the last try came to, without words")
    sent_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(MailState)), name="mail_mail_state"),
            models.CheckConstraint(condition=~Q(kind=""), name="mail_mail_kind"),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at=None)),
                name="mail_mail_sent_at",
            ),
        ]
        indexes = [
            # what waits or failed; what is to be forgotten
            models.Index(fields=["state", "tried_at"], name="mail_mail_state_tried"),
            models.Index(fields=["subject_type", "subject_id"], name="mail_mail_subject"),
            models.Index(fields=["created_at"], name="mail_mail_created"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Stop(models.Model):
    """Somebody does not wish to get a series."""

    recipient_hash = models.CharField(max_length=64)
    series = models.CharField(max_length=20, choices=Series.choices)
    stopped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient_hash", "series"], name="mail_stop_once"),
        ]

    def __str__(self) -> str:
        return self.series
