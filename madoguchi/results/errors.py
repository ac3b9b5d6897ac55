"""What can go wrong with results, as somebody can act on it."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class NotAllowed(DomainError):
    """This is not theirs to do; the sentence says why."""

    code = "results.not_allowed"
    sentence = _("この操作は、あなたの立場ではできません。")


class YearClosed(DomainError):
    """The report that prints this is locked, or public."""

    code = "results.year_closed"
    sentence = _("この年度の報告は締め切られています。直すときは、とりまとめの担当にお知らせください。")


class CorrectionOnly(DomainError):
    """The report is public: a figure is corrected, with a reason."""

    code = "results.correction_only"
    sentence = _("この年度の報告は公表されています。数字を直すときは、理由を添えて「訂正」してください。")


class NothingToCorrect(DomainError):
    """A correction is for a figure that was made public."""

    code = "results.nothing_to_correct"
    sentence = _("公表された数字ではありません。ふつうに入力してください。")


class ReasonMissing(DomainError):
    """A reason has to be given."""

    code = "results.reason_missing"
    sentence = _("理由を書いてください。")


class ValueMissing(DomainError):
    """A cell without anything: not measured is written as a dash."""

    code = "results.value_missing"
    sentence = _("値を入れてください。測っていないときは「－」と入れます。")


class NumberUnreadable(DomainError):
    """A figure that is none: 144.5.6件, 12,34件."""

    code = "results.number_unreadable"
    sentence = _("数として読めません。一つの数は「1,234件」、二つの数は「6件・8名」のように書いてください。")


class TooLong(DomainError):
    """More than the field keeps."""

    code = "results.too_long"
    sentence = _("長すぎます。短くしてください。")


class WrongState(DomainError):
    """The record is not at the point where this can be done."""

    code = "results.wrong_state"
    sentence = _("いまは、その操作ができる状態ではありません。画面を読み込み直してください。")


class NotFinished(DomainError):
    """Something of the year is still a draft, or still owed."""

    code = "results.not_finished"
    sentence = _("まだ終わっていないものがあります。")

    @classmethod
    def because(cls, *, owed: int, drafts: int) -> "NotFinished":
        """How many units have not been accepted, and how many drafts wait."""
        return cls(
            format_lazy(
                _("まだ締め切れません。受け取っていない課が{owed}、承認していない下書きが{drafts}あります。"),
                owed=owed,
                drafts=drafts,
            )
        )


class NothingToCarry(DomainError):
    """There is no listing of the year before."""

    code = "results.nothing_to_carry"
    sentence = _("前の年度の一覧がないので、引き継げません。")


class OriginalMissing(DomainError):
    """A row says that it is a repeat, and the project it repeats is not there."""

    code = "results.original_missing"
    sentence = _("再掲のもとになる事業が、まだありません。先に、もとの事業を取り込んでください。")


class ListIsPublic(DomainError):
    """The list of that year is public: a row more would be public at once."""

    code = "results.list_is_public"
    sentence = _("この年度の一覧は、もう公開されています。一覧にない事業は、地域パックに加えてください。")
