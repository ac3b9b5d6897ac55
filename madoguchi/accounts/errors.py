"""What can go wrong with accounts."""

from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class AddressTaken(DomainError):
    """An account with this mail address exists."""

    code = "accounts.address_taken"
    sentence = _("このメールアドレスは、すでに登録されています。")


class AddressInvalid(DomainError):
    """This is no mail address."""

    code = "accounts.address_invalid"
    sentence = _("メールアドレスの形を確かめてください。例：hanako@example.jp")


class NameMissing(DomainError):
    """The display name is empty."""

    code = "accounts.name_missing"
    sentence = _("表示名を入力してください。")
