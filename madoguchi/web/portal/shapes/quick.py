"""いくら・だれが・いつまで・どこに: the four answers every programme begins with."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import Reception
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.web.portal.shapes import offers
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Quick:
    """The four answers and what to add to each; an empty answer is 窓口で確認."""

    money: str
    money_note: str
    who: str
    who_note: str
    until: str
    until_note: str
    where: str
    where_note: str


def quick(edition: Edition, reception: Reception, *, today: date) -> Quick:
    """The four answers of a fetched edition."""
    offer = offers.offer(edition)
    until, until_note = _until(reception, today)
    return Quick(offer.money, offer.note, edition.who, "", until, until_note, edition.where, "")


def _until(reception: Reception, today: date) -> tuple[str, str]:
    if reception.status is ReceptionStatus.OPEN and reception.closes_at:
        left = wording.days_left(reception.closes_at, today=today)
        note = format_html("{}　{}", wording.until_time(reception.closes_at), left)
        return _kept(wording.day(wording.closing_day(reception.closes_at), today=today)), note
    if reception.status is ReceptionStatus.UPCOMING and reception.opens_at:
        opening = wording.day(reception.opens_at, today=today)
        return gettext("%(day)sから受け付けます") % {"day": opening}, reception.text
    says = {
        ReceptionStatus.OPEN: gettext("受付中"),
        ReceptionStatus.UPCOMING: gettext("これから受け付けます"),
        ReceptionStatus.ROLLING: gettext("いつでも"),
        ReceptionStatus.BOOKING: gettext("予約制"),
        ReceptionStatus.CLOSED: gettext("受付は終わりました"),
        ReceptionStatus.NOT_STATED: "",
    }
    return says[reception.status], reception.text


def _kept(text: str) -> SafeString:
    return format_html('<span class="nb">{}</span>', text)
