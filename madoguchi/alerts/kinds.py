"""What somebody may subscribe to, and how often they hear of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Where a subscription begins."""

    SEARCH = "search", _("検索の条件")
    FACTS = "facts", _("わが社に合う支援")
    FAVOURITES = "favourites", _("お気に入り")


class Rhythm(TextChoices):
    """How often a digest comes at most; without news none comes."""

    DAILY = "daily", _("毎日（新しいことがある日だけ）")
    WEEKLY = "weekly", _("週に1度（新しいことがある週だけ）")


class What(TextChoices):
    """What there is to tell of an entry."""

    NEW = "new", _("新しく加わりました")
    NEW_YEAR = "new_year", _("新しい年度の内容になりました")
    CHANGED = "changed", _("内容が変わりました")
    OPENING = "opening", _("受付が始まりました")
    DEADLINE = "deadline", _("締切が近づいています")
    HELD = "held", _("開催日が近づいています")
