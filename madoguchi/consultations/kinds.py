"""The fixed choices of a consultation, with what people read."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How a business and an adviser met."""

    DESK = "desk", _("窓口")
    VISIT = "visit", _("巡回")
    TELEPHONE = "telephone", _("電話")
    WEB = "web", _("Web")
    SATELLITE = "satellite", _("サテライト")
    CONSULTATION_DAY = "consultation_day", _("出張相談会")
    EVENT = "event", _("イベント")


class PlaceKind(TextChoices):
    """How a business and an adviser are going to meet."""

    DESK = "desk", _("窓口")
    VISIT = "visit", _("訪問")
    TELEPHONE = "telephone", _("電話")
    ONLINE = "online", _("オンライン")


class Urgency(TextChoices):
    """How soon somebody has to act."""

    NORMAL = "normal", _("ふつう")
    SOON = "soon", _("早めに")
    TODAY = "today", _("今日中に")


class Visibility(TextChoices):
    """Who may read a note."""

    SHARED = "shared", _("共有")
    INTERNAL = "internal", _("内部")
    PERSONAL = "personal", _("自分だけ")


class ContactMode(TextChoices):
    """How a business wishes to be answered."""

    TELEPHONE = "telephone", _("電話")
    MAIL = "mail", _("メール")
    MEETING = "meeting", _("会って")
    VIDEO = "video", _("オンライン")


class DeclineReason(TextChoices):
    """Why an organisation does not take a case."""

    NOT_FOR_US = "not_for_us", _("担当の外")
    OUT_OF_AREA = "out_of_area", _("地域の外")
    NO_CAPACITY = "no_capacity", _("いまは受けられない")
    ALREADY_HELPED = "already_helped", _("ほかで対応ずみ")
    OTHER = "other", _("その他")
    # Nobody's answer: the business no longer wishes it.
    WITHDRAWN = "withdrawn", _("取り下げ")


# What an organisation can say itself.
DECLINE_REASONS = tuple(reason for reason in DeclineReason if reason != DeclineReason.WITHDRAWN)


class Result(TextChoices):
    """How an organisation's work on a case ended."""

    HELPED = "helped", _("支援した")
    INFORMED = "informed", _("情報を伝えた")
    NOT_REACHABLE = "not_reachable", _("連絡がつかなかった")
    NO_HELP = "no_help", _("支援できなかった")
    WITHDRAWN = "withdrawn", _("取り下げ")


class Outcome(TextChoices):
    """What a case led to: the five ends of the consultation flow chart, and none of them."""

    FINANCE = "finance", _("資金調達")
    EXPERTISE = "expertise", _("高度アドバイス")
    INNOVATION = "innovation", _("事業・経営革新支援")
    MATCHING = "matching", _("各種マッチング")
    SALES = "sales", _("販路開拓")
    NONE = "none", _("情報提供・助言で終わった")


class FirstStep(TextChoices):
    """The first response of the flow chart."""

    SITUATION = "situation", _("経営状況・課題をつかむ")
    DESKS = "desks", _("相談窓口を紹介する")
    PROGRAMMES = "programmes", _("公的支援策を紹介する")
    ADVICE = "advice", _("アドバイス・情報提供")


class ConsentMeans(TextChoices):
    """How a business agreed."""

    SPOKEN = "spoken", _("口頭で")
    WRITTEN = "written", _("書面で")
    ONLINE = "online", _("画面で")


class FollowUpKind(TextChoices):
    """What is asked of a business some time after."""

    CONTACT = "contact", _("連絡する")
    AFTER_3_MONTHS = "after_3_months", _("3か月後のうかがい")
    AFTER_12_MONTHS = "after_12_months", _("12か月後のうかがい")


# Those that closing a case plans, and opening it again takes back.
AFTER_CLOSING = (FollowUpKind.AFTER_3_MONTHS, FollowUpKind.AFTER_12_MONTHS)


class Satisfaction(IntegerChoices):
    """How content a business is with how it was helped."""

    FULLY = 5, _("満足している")
    RATHER = 4, _("どちらかといえば満足")
    NEITHER = 3, _("どちらともいえない")
    RATHER_NOT = 2, _("どちらかといえば不満")
    NOT = 1, _("不満がある")


class Improved(TextChoices):
    """Whether what a business asked about got better."""

    YES = "yes", _("よくなった")
    SOME = "some", _("少しよくなった")
    NO = "no", _("変わらない")
    WORSE = "worse", _("悪くなった")


class Continued(TextChoices):
    """Whether a business goes on with what it began."""

    YES = "yes", _("続けている")
    PARTLY = "partly", _("一部を続けている")
    NO = "no", _("続けていない")


class LinkPurpose(TextChoices):
    """What a one-time link opens."""

    REQUEST_STATE = "request_state", _("相談の状況")
    REFERRAL = "referral", _("紹介への返事")
    SURVEY = "survey", _("うかがい")


class PageMeans(TextChoices):
    """How a business gets the way to its page."""

    MAIL = "mail", _("メール")
    PAPER = "paper", _("紙")


class Scan(TextChoices):
    """What the search for viruses found in a file."""

    WAITING = "waiting", _("まだ調べていない")
    CLEAN = "clean", _("問題なし")
    INFECTED = "infected", _("ウイルスの疑い")
