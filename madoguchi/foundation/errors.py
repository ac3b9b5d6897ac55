"""Errors that a person can understand and act on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A stable code for machines and a Japanese sentence to show; the base of every room's errors."""

    code: str = "invalid"
    sentence: str | Promise = _("この操作はできませんでした。内容をお確かめください。")

    def __init__(self, sentence: str | Promise | None = None) -> None:
        """Take the sentence that fits this case; without one the class's own is shown."""
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.code)

    def __str__(self) -> str:
        """Return the sentence in the language of whoever reads it now."""
        return str(self.sentence)


class Conflict(DomainError):
    """Somebody else was faster: the record is no longer as the person saw it."""

    code = "conflict"
    sentence = _("ほかの方が先に更新しました。画面を読み込み直して、もう一度お試しください。")
