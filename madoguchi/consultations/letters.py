"""What mail says to a business about its request. No word of what it is about: only its page tells that."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.translation import gettext

from madoguchi.consultations import promises
from madoguchi.consultations.models import Case
from madoguchi.institutions.models import Desk
from madoguchi.mail.addresses import absolute
from madoguchi.mail.letters import Action, Letter


def state_path(secret: str) -> str:
    """The path of the page that a request's link opens."""
    return reverse("portal:consult_state", args=[secret])


def visit_words(*, by_appointment: bool, days: Sequence[str]) -> str:
    """How one is seen where that is by appointment or on certain days only; else empty."""
    parts = {"days": "・".join(days)}
    if by_appointment and days:
        return gettext("予約制で、会えるのは%(days)sです。窓口から連絡します。") % parts
    if by_appointment:
        return gettext("予約制です。窓口から連絡します。")
    return gettext("会えるのは%(days)sです。窓口から連絡します。") % parts if days else ""


def receipt(case: Case, desk: Desk, *, telephone: str, secret: str) -> Letter:
    """The receipt of a request: its number, who has it, until when an answer is promised, and the link."""
    facts = [(gettext("受付番号"), case.number)]
    if not case.held_because:
        visits = visit_words(by_appointment=desk.by_appointment, days=promises.special_days(desk.hours))
        facts += [
            (gettext("担当する窓口"), desk.name),
            (gettext("電話"), telephone),
            (gettext("会って話すとき"), visits),
        ]
    if case.promised_on and not case.held_because:
        until = gettext("%(day)sまで") % {"day": day_words(case.promised_on)}
        facts.append((gettext("お返事"), until))
    return Letter(
        subject=gettext("相談を受け付けました（%(number)s）") % {"number": case.number},
        paragraphs=[
            gettext("相談を受け付けました。"),
            gettext("次のページで、どこが担当しているか、どこまで進んだかがわかります。"),
        ],
        facts=[(word, value) for word, value in facts if value],
        action=Action(gettext("相談の状況を見る"), absolute(state_path(secret))),
        closing=[
            gettext(
                "このページは、リンクを知っている人ならだれでも見られます。ほかの人に転送しないでください。"
            )
        ],
    )


def day_words(day: date) -> str:
    """A day as mail writes it."""
    parts = {
        "month": str(MONTHS_3[day.month]).capitalize(),
        "day": day.day,
        "weekday": WEEKDAYS_ABBR[day.weekday()],
    }
    return gettext("%(month)s%(day)d日（%(weekday)s）") % parts
