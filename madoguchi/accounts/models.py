"""People who can sign in, the organisations they act for, and invitations to do so."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.roles import Role
from madoguchi.foundation.audit import Actor

if TYPE_CHECKING:
    from madoguchi.accounts.hats import Hat

# Who may see and change who works in an organisation.
MANAGE = "accounts.manage"


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


def _managed(hat: "Hat") -> list[int]:
    """The organisation that this hat manages, if it manages one."""
    return [hat.organisation_id] if hat.organisation_id is not None and hat.may(MANAGE) else []


class TeamQuerySet(models.QuerySet["Team"]):
    """Reads of teams."""

    def visible_to(self, hat: "Hat") -> "TeamQuerySet":
        """Those of the organisation that this hat manages."""
        return self.filter(organisation__in=_managed(hat))


class Team(models.Model):
    """People of one organisation who share a tray."""

    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("institutions.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("班の名前"), max_length=60)

    objects = TeamQuerySet.as_manager()

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

    def visible_to(self, hat: "Hat") -> "MembershipQuerySet":
        """Those that this hat manages: of its own organisation, and none for anybody else."""
        return self.filter(organisation__in=_managed(hat))


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


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def open(self, *, at: datetime) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)

    def visible_to(self, hat: "Hat") -> "InvitationQuerySet":
        """Those into the organisation that this hat manages."""
        return self.filter(organisation__in=_managed(hat))


class Invitation(models.Model):
    """A way in for one person: whoever holds the link and the mail address becomes a member."""

    email = models.EmailField(_("メールアドレス"), max_length=254)
    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("institutions.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret")
    # None: by whoever runs the installation, for the first people of an organisation.
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_invitation_role"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="accounts_invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"


class OperatorSession(models.Model):
    """A stretch of time in which an operator may run the machine: with a reason, and over by itself."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=200)
    begun_at = models.DateTimeField(help_text="Real time")
    ends_at = models.DateTimeField(help_text="この瞬間から、できなくなる")
    ended_at = models.DateTimeField(null=True, help_text="When it was ended before its time")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="accounts_operatorsession_reasoned"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begun_at")), name="accounts_operatorsession_period"
            ),
        ]
        indexes = [
            # whether one is running
            models.Index(fields=["membership", "ends_at"], name="accounts_operatorsession_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.begun_at}"


class KeptForm(models.Model):
    """What somebody typed when their session had ended: sealed with a key that only their browser has."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=64, help_text="SHA-256 of what names the browser, not its key")
    sealed = models.BinaryField(help_text="AES-256-GCM: address and fields; the key is in the cookie alone")
    kept_at = models.DateTimeField(help_text="Real time")
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            # what this browser holds for a person
            models.Index(fields=["user", "browser"], name="accounts_keptform_browser"),
            models.Index(fields=["expires_at"], name="accounts_keptform_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kept_at}"


class GBizId(models.Model):
    """What GビズID said of a person and their business at their last sign-in with it, as is."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="gbizids")
    provider = models.CharField(max_length=50, help_text="The key of the provider in the configuration")
    subject = models.CharField(max_length=191, help_text="`sub`: the account at the provider")
    account_type = models.CharField(max_length=1, help_text="1 エントリー, 2 プライム, 3 メンバー")
    corp_type = models.CharField(max_length=1, blank=True, help_text="1 法人, 2 個人事業主")
    corporate_number = models.CharField(max_length=13, blank=True)
    business_name = models.CharField(max_length=200, blank=True)
    person_name = models.CharField(max_length=100, blank=True)
    mandates = models.JSONField(default=list, help_text="`mandate_info`: whom the person may act for")
    said_at = models.DateTimeField(help_text="When the provider said so")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="accounts_gbizid_once"),
            models.CheckConstraint(
                condition=Q(account_type__in=["1", "2", "3"]), name="accounts_gbizid_account_type"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.user_id}"
