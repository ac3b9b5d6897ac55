"""What can go wrong with items, as somebody can act on it."""

from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class UnreadableValue(DomainError):
    """What was typed is no value of this kind."""

    code = "feeds.unreadable_value"
    sentence = _("値を読み取れません。例のように書いてください。")


class NotAllowed(DomainError):
    """Somebody whose task this is not."""

    code = "feeds.not_allowed"
    sentence = _("配信から取り込んだ制度を確かめるのは、施策担当と管理者です。")


class WrongState(DomainError):
    """The item or the value cannot move there."""

    code = "feeds.wrong_state"
    sentence = _("いまの状態からは変えられません。画面を読み込み直してください。")


class NotPublishable(DomainError):
    """What the feed says cannot become an edition."""

    code = "feeds.not_publishable"
    sentence = _("この値では公開できません。値を直してください。")
