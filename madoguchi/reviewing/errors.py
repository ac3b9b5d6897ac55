"""What can go wrong with drafts, as somebody can act on it."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class UnreadableValue(DomainError):
    """What was typed is no value of this field."""

    code = "reviewing.unreadable_value"
    sentence = _("値を書いてください。書かれていないものは「使わない」を選びます。")


class AlreadyTakenOver(DomainError):
    """The record was taken over: its fields are history."""

    code = "reviewing.already_taken_over"
    sentence = _("もう取り込みが終わっています。直すときは、年次報告の画面で直してください。")


class StillOpen(DomainError):
    """Somebody has to look at a field first."""

    code = "reviewing.still_open"
    sentence = _("まだ確かめていない欄があります。先に「よい」「直す」「使わない」を選んでください。")


class NameRejected(DomainError):
    """A record without a name becomes nothing."""

    code = "reviewing.name_rejected"
    sentence = _("名前を使わないとしたものは、取り込めません。")


class NoFiscalYear(DomainError):
    """Nobody has said to which year the document belongs."""

    code = "reviewing.no_fiscal_year"
    sentence = _("どの年度の文書か分かりません。年度を書いて、同じ文書をもう一度取り込んでください。")


class UnknownPolicy(DomainError):
    """The region pack has no policy with this mark."""

    code = "reviewing.unknown_policy"

    @classmethod
    def of(cls, marks: str) -> "UnknownPolicy":
        """Which mark it is."""
        return cls(format_lazy(_("基本方針「{marks}」が地域パックにないので、取り込めません。"), marks=marks))


class NotForTheDesk(DomainError):
    """Programmes are published by the region pack."""

    code = "reviewing.not_for_the_desk"
    sentence = _("支援制度は、下書きを受け取って地域パックに加えます。")


class FileRefused(DomainError):
    """The file is not one that can be read."""

    code = "reviewing.file_refused"
    sentence = _("PDF かテキストのファイルを選んでください。")
