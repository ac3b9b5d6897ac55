"""Subscriptions for tests: the least that makes a sentence true."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from madoguchi.alerts.kinds import Kind, Rhythm
from madoguchi.alerts.models import Subscription
from madoguchi.alerts.operations import subscribing
from madoguchi.alerts.operations.subscribing import Wish
from madoguchi.mail.models import Mail

TOKYO = ZoneInfo("Asia/Tokyo")
AT = datetime(2023, 11, 1, 9, tzinfo=TOKYO)
ADDRESS = "hanako@example.jp"
HERE = {"Sec-Fetch-Site": "same-origin"}


def at(day, hour=9, month=11):
    return datetime(2023, month, day, hour, tzinfo=TOKYO)


def asked(
    question=("programme:hojo",),
    *,
    kind=Kind.FAVOURITES,
    address=ADDRESS,
    rhythm=Rhythm.DAILY,
    language="ja",
    when=AT,
):
    """Somebody has asked, and not confirmed."""
    kept = list(question) if kind == Kind.FAVOURITES else question
    subscribing.ask(address=address, wish=Wish(kind, kept, rhythm, language), at=when, actual=when)
    return Subscription.objects.to(address).order_by("-pk").first()


def a_subscription(question=("programme:hojo",), *, when=AT, **fields):
    """A confirmed one."""
    subscription = asked(question, when=when, **fields)
    with transaction.atomic():
        return subscribing.confirm(subscription_id=subscription.pk, at=when, actual=when)


def mails(kind="alerts.digest"):
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def the_link(mail, settings):
    """The path of the one action of a mail."""
    return re.search(r"^▼ .*\n(\S+)", mail.text, re.MULTILINE)[1].removeprefix(settings.SITE_URL)
