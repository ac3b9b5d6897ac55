"""Walking through the account pages as a person does."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from madoguchi.accounts.models import User
from madoguchi.accounts.operations import create_user
from madoguchi.foundation.audit import SYSTEM
from madoguchi.mail.models import Mail

PASSWORD = "midori no madoguchi 7"


def an_account(*, at, email="hanako@example.jp", name="窓口 花子", password=PASSWORD) -> User:
    """A person whose address is verified."""
    return create_user(
        email=email, display_name=name, password=password, at=at, by=SYSTEM, address_is_verified=True
    )


def log_in(client, *, email="hanako@example.jp", password=PASSWORD, **more):
    return client.post("/account/login/", {"login": email, "password": password, **more})


def code_from_mail() -> str:
    """The code in the mail that was sent last."""
    return re.search(r"：(\d{6})$", last_mail(), re.MULTILINE)[1]


def last_mail() -> str:
    """The text of the mail that was put on its way last."""
    return Mail.objects.latest("pk").text


def with_totp(user: User) -> str:
    """Give a person an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def totp_code(secret: str, *, steps: int = 0) -> str:
    """What the app shows now, or steps of 30 seconds away from it."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def recovery_codes(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
