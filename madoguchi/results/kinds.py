"""The words in which indicators and chapters are described."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Counting(TextChoices):
    """Whether the same person counts once or each time, or whether nothing is counted."""

    EACH = "each", _("実数")
    CUMULATIVE = "cumulative", _("延べ")
    OTHER = "other", _("金額・割合など")


class Good(TextChoices):
    """Which direction of an indicator is the good one."""

    MORE = "more", _("多いほどよい")
    LESS = "less", _("少ないほどよい")
    NEITHER = "neither", _("どちらともいえない")


class ChapterPlace(TextChoices):
    """Where a free chapter stands."""

    BEFORE = "before", _("基本方針の前")
    AFTER = "after", _("基本方針の後")
