"""What can go wrong with drafts, as somebody can act on it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from madoguchi.editing.checking import Problem
from madoguchi.foundation.errors import Conflict, DomainError


class NotAllowed(DomainError):
    """This is not theirs to do; the sentence says why."""

    code = "editing.not_allowed"
    sentence = _("この操作は、あなたの立場ではできません。")


class NotReady(DomainError):
    """Something is missing or wrong; `problems` say what and where."""

    code = "editing.not_ready"
    sentence = _("まだ公開できません。足りないところを書いてください。")

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems beside the sentence."""
        self.problems = tuple(problems)
        super().__init__()


class WrongMoment(DomainError):
    """An instant that has passed, or an end before its beginning."""

    code = "editing.wrong_moment"
    sentence = _("公開する日時は、いまより後にしてください。")


class ReasonMissing(DomainError):
    """A return needs a reason."""

    code = "editing.reason_missing"
    sentence = _("どこを直すとよいかを書いてください。")


class PublishedMeanwhile(Conflict):
    """Another revision of the same year was published since the draft was begun."""

    code = "editing.published_meanwhile"
    sentence = _(
        "この下書きを書いているあいだに、ほかの版が公開されました。履歴で違いを確かめ、その版から書き直してください。"
    )


class NothingChanged(DomainError):
    """The published edition already says exactly this."""

    code = "editing.nothing_changed"
    sentence = _("いま公開している内容と同じです。変えたところがありません。")


class EditionThere(DomainError):
    """A year that has an edition is corrected, not begun anew."""

    code = "editing.edition_there"
    sentence = _("その年度の版は、もうあります。その版を直してください。")
