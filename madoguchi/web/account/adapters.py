"""What allauth asks of us: people are made by our operation alone, and it says things in our words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from madoguchi.accounts.models import User
from madoguchi.accounts.operations import create_user
from madoguchi.foundation import clock
from madoguchi.foundation.audit import ANONYMOUS


class AccountAdapter(DefaultAccountAdapter):
    """Signing up, in and out with a mail address and a password."""

    def save_user(self, request: HttpRequest, user: AbstractBaseUser, form: Any, commit: bool = True) -> User:
        """Make the person who signed up."""
        return create_user(
            email=form.cleaned_data["email"],
            display_name=form.cleaned_data["display_name"],
            password=form.cleaned_data["password1"],
            at=clock.now(),
            by=ANONYMOUS,
        )
