"""Making people: the only way in. The other changes of accounts stand in the modules of this package."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from madoguchi.accounts.errors import AddressInvalid, AddressTaken, NameMissing
from madoguchi.accounts.models import Language, User
from madoguchi.foundation import audit


def create_user(
    *,
    email: str,
    display_name: str,
    at: datetime,
    by: audit.Actor,
    password: str | None = None,
    language: Language = Language.JAPANESE,
    address_is_verified: bool = False,
) -> User:
    """Make an account and return it; without a password nobody can sign in to it with one.

    `address_is_verified` says that the person has shown that the address is theirs: by a link that was sent
    there, or to a provider that we trust in this. Otherwise they are asked to at their first sign-in.
    Raises AddressInvalid, AddressTaken and NameMissing.
    """
    address, name = email.strip().lower(), display_name.strip()
    if not name:
        raise NameMissing
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressInvalid from error
    with transaction.atomic():
        user = User(
            email=address,
            display_name=name,
            language=language,
            password=make_password(password),
            created_at=at,
        )
        _save_new(user)
        if address_is_verified:
            EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
        audit.record("accounts.user_created", at=at, by=by, subject_type="accounts.user", subject_id=user.pk)
    return user


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            user.save(force_insert=True)
    except IntegrityError as error:
        if "email" in str(error):
            raise AddressTaken from error
        raise
