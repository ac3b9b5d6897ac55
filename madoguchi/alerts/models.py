"""Subscriptions, and what each was told."""

from django.db import models
from django.db.models import Q

from madoguchi.alerts.kinds import Kind, Rhythm, What
from madoguchi.alerts.states import SubscriptionState
from madoguchi.mail.addresses import recipient_hash


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions by whose they are."""

    def to(self, address: str) -> "SubscriptionQuerySet":
        """Those of one address."""
        return self.filter(recipient_hash=recipient_hash(address))

    def active(self) -> "SubscriptionQuerySet":
        """Those whose owner has confirmed."""
        return self.filter(state=SubscriptionState.ACTIVE)


class Subscription(models.Model):
    """One address asks to hear what is new for one question. Erased when it ends."""

    address = models.CharField(max_length=320)
    recipient_hash = models.CharField(max_length=64, help_text="Keyed hash of the address, as mail knows it")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    question = models.JSONField(help_text="Pairs of a search, answers by fact, or favourites")
    question_hash = models.CharField(max_length=64)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in SubscriptionState])
    asked_at = models.DateTimeField(help_text="Real time: the link to confirm ends by it")
    confirmed_at = models.DateTimeField(null=True, help_text="What was published later is new")
    events_known = models.BigIntegerField(default=0, help_text="The newest event when it was confirmed")
    told_on = models.DateField(null=True, help_text="The last day on which was looked for news")

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient_hash", "kind", "question_hash"], name="alerts_subscription_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(SubscriptionState)), name="alerts_subscription_state"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="alerts_subscription_kind"),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="alerts_subscription_rhythm"),
            models.CheckConstraint(
                condition=Q(state=SubscriptionState.ACTIVE, confirmed_at__isnull=False)
                | Q(state=SubscriptionState.WAITING, confirmed_at=None),
                name="alerts_subscription_confirmed",
            ),
        ]
        indexes = [
            # whose turn it is
            models.Index(fields=["state", "told_on"], name="alerts_subscription_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Told(models.Model):
    """One thing that a subscription was told, and never again."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="told")
    entry = models.CharField(max_length=100, help_text="programme:slug, event:slug")
    what = models.CharField(max_length=8, choices=What.choices)
    mark = models.CharField(max_length=60, help_text="Which one: a revision, an opening, a deadline and days")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "entry", "what", "mark"], name="alerts_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.entry}"
