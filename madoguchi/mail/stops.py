"""The way out of a series: a signed address that opens no account and tells no name."""

from dataclasses import dataclass

from django.core import signing

from madoguchi.mail.addresses import absolute
from madoguchi.mail.kinds import Series

_SALT = "madoguchi.mail.stop"


@dataclass(frozen=True)
class Way:
    """Whose series a link stops."""

    recipient_hash: str
    series: Series


def url_of(way: Way) -> str:
    """The address that stands in the mail and in its List-Unsubscribe."""
    return absolute(f"/mail/stop/{signing.dumps([way.recipient_hash, way.series], salt=_SALT)}/")


def read(token: str) -> Way | None:
    """Whose series it is; None for a link that we did not make. It never expires: old mail may be stopped."""
    try:
        recipient, series = signing.loads(token, salt=_SALT)
        return Way(recipient_hash=recipient, series=Series(series))
    except (signing.BadSignature, ValueError):
        return None
