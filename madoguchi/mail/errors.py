"""What can go wrong with mail."""

from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class AddressUnusable(DomainError):
    """Nothing can be sent to this address."""

    code = "mail.address_unusable"
    sentence = _("メールアドレスの形を確かめてください。例：hanako@example.jp")


class ContentGone(DomainError):
    """The mail waited too long: its content was erased and cannot be sent any more."""

    code = "mail.content_gone"
    sentence = _("このメールの中身は、もう消してあります。送り直せません。")


class Undelivered(Exception):
    """This try came to nothing and another may succeed; says why without address or text."""
