"""People who can sign in, the organisations they act for, and invitations to do so."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.roles import Role
from madoguchi.foundation.audit import Actor


class Language(models.TextChoices):
    """The languages a person can choose for the screens."""

    JAPANESE = "ja", _("日本語")
    ENGLISH = "en", _("英語")


class UserManager(BaseUserManager["User"]):
    """Finds people by mail address. It makes none: that is `operations.create_user`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this address, whatever its case; raise User.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. The mail address is the name to sign in with, kept in lower case."""

    email = models.EmailField(_("メールアドレス"), max_length=254)
    display_name = models.CharField(_("表示名"), max_length=100)
    language = models.CharField(
        _("画面の言語"), max_length=2, choices=Language.choices, default=Language.JAPANESE
    )
    is_active = models.BooleanField(_("利用中"), default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="accounts_user_email_once"),
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="accounts_user_email_lower"),
            models.CheckConstraint(
                condition=Q(language__in=Language.values), name="accounts_user_language_known"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def as_actor(self) -> Actor:
        """This person as the audit names them."""
        return Actor(id=str(self.pk), label=self.display_name)


class Team(models.Model):
    """People of one organisation who share a tray."""

    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("institutions.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("班の名前"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="accounts_team_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def running(self, *, at: datetime) -> "MembershipQuerySet":
        """Those that hold at this moment: from the start to the very second of the end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, user__is_active=True)


class Membership(models.Model):
    """A person acts for an organisation in one role, from an instant until another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("institutions.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="この瞬間から、できなくなる")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_membership_role"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="accounts_membership_period"
            ),
        ]
        indexes = [
            # who works in an organisation
            models.Index(fields=["organisation", "role"], name="accounts_membership_org"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"


class Invitation(models.Model):
    """A way in for one person: whoever holds the link and the mail address becomes a member."""

    email = models.EmailField(_("メールアドレス"), max_length=254)
    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("institutions.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_invitation_role"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="accounts_invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"
