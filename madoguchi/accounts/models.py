"""People who can sign in. Roles and memberships are not kept here yet."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

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
