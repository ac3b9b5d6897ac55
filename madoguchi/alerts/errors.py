"""What can go wrong with a subscription."""

from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class QuestionTooLong(DomainError):
    """More conditions than a subscription keeps."""

    code = "alerts.question_too_long"
    sentence = _("条件が多すぎて登録できません。条件を減らしてから、もう一度お試しください。")


class SubscriptionGone(DomainError):
    """Never confirmed in time, stopped, or erased."""

    code = "alerts.subscription_gone"
    sentence = _("このお知らせは、期限が切れたか、もう止めてあります。")
