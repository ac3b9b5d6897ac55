"""What a recipient may stop."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Series(TextChoices):
    """Mail that comes again and again, and that nobody needs to get on."""

    DIGEST = "digest", _("週に1度のまとめ")
    ALERTS = "alerts", _("支援情報のお知らせ")
    FOLLOW_UP = "follow_up", _("相談のあとのうかがい")
    CASE_NEWS = "case_news", _("相談のページのお知らせ")
