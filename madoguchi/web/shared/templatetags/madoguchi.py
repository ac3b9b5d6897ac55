"""Tags for all that templates must not compose themselves: dates, money, names, icons, chips."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from django import template
from django.forms import BoundField
from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.foundation import clock
from madoguchi.japan import contact, rates
from madoguchi.web.shared import folding, wording
from madoguchi.web.shared import frame as frames
from madoguchi.web.shared.icons import ICONS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

register = template.Library()

# The look of a status chip, and its word.
STATUSES: dict[str, tuple[str, "StrPromise"]] = {
    ReceptionStatus.OPEN: ("open", gettext_lazy("受付中")),
    ReceptionStatus.ROLLING: ("any", gettext_lazy("随時")),
    ReceptionStatus.BOOKING: ("any", gettext_lazy("予約制")),
    ReceptionStatus.UPCOMING: ("soon", gettext_lazy("予定")),
    ReceptionStatus.CLOSED: ("end", gettext_lazy("終了")),
    ReceptionStatus.NOT_STATED: ("ask", gettext_lazy("受付は窓口で確認")),
}


class Crumb(Hashable, Protocol):
    """A step of the way to a page; its label may hold `|` at fold points."""

    @property
    def url(self) -> str: ...
    @property
    def label(self) -> str: ...


class Named(Protocol):
    """A record with a proper name; `breaks` is the same name with `|` at its fold points, or empty."""

    name: str
    breaks: str


# ── Dates ───────────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag
def day(moment: date | datetime, today: date | None = None) -> SafeString:
    """11月10日（金）, with the era year when it is not the year of today."""
    return format_html('<span class="nb">{}</span>', wording.day(moment, today=today or clock.today()))


@register.simple_tag
def day_full(moment: date | datetime) -> SafeString:
    """令和5年11月10日（金）"""
    return format_html('<span class="nb">{}</span>', wording.day_full(moment))


@register.simple_tag
def month(moment: date | datetime, today: date | None = None) -> SafeString:
    """11月, or 令和6年1月 in another year than today's."""
    return format_html('<span class="nb">{}</span>', wording.month(moment, today=today or clock.today()))


@register.simple_tag
def time_of_day(moment: datetime) -> SafeString:
    """午後5時"""
    return format_html('<span class="nb">{}</span>', wording.time_of_day(moment))


@register.simple_tag
def closing_day(closes_at: date | datetime, today: date | None = None) -> SafeString:
    """11月10日（金） of a deadline; the midnight that ends a day is that day."""
    return day(wording.closing_day(closes_at), today)


@register.simple_tag
def until_time(closes_at: date | datetime) -> SafeString:
    """午後5時まで, or nothing when no time is stated."""
    return format_html('<span class="nb">{}</span>', wording.until_time(closes_at))


@register.simple_tag
def deadline(closes_at: date | datetime, today: date | None = None) -> SafeString:
    """11月10日（金）午後5時, each on one line; a day alone when no time is stated."""
    return wording.deadline(closes_at, today=today or clock.today())


@register.simple_tag
def days_left(closes_at: date | datetime, today: date | None = None) -> SafeString:
    """あと6日, きょうまで, or nothing once it is over."""
    return wording.days_left(closes_at, today=today or clock.today())


@register.inclusion_tag("shared/components/day_tile.html")
def day_tile(closes_at: date | datetime) -> dict[str, object]:
    """The small calendar leaf in front of a deadline (its instant) or an event (its date)."""
    return wording.leaf(closes_at)


# ── Money ───────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def man(amount_yen: int) -> SafeString:
    """300万円 of an amount in yen, as owners read it."""
    return format_html('<span class="nb">{}</span>', wording.in_man(amount_yen))


@register.filter
def sen(amount_yen: int) -> SafeString:
    """26,325千円 of an amount in yen, as the annual report prints it."""
    return format_html('<span class="nb">{}</span>', wording.in_thousand(amount_yen))


@register.filter
def rate(value: Fraction | str) -> SafeString:
    """2/3 of a share, or of its text such as 3分の2."""
    share = rates.parse_rate(value) if isinstance(value, str) else value
    return format_html('<span class="nb">{}</span>', rates.as_slash(share))


# ── Names and words ─────────────────────────────────────────────────────────────────────────────────
@register.filter
def breaks(text: str) -> SafeString:
    """A proper name that breaks only where `|` stands in it."""
    return folding.breaks(str(text))


@register.filter
def phrase(text: str) -> SafeString:
    """A heading or label that breaks only between phrases."""
    return folding.phrases(str(text))


@register.simple_tag
def name(record: Named) -> SafeString:
    """The record's proper name with its own fold points."""
    return folding.breaks(record.breaks or record.name)


@register.simple_tag
def content_lang() -> SafeString:
    """` lang="ja"` for an element with the catalogue's own words, on pages in another language."""
    return folding.lang_of_content()


# ── Drawings and chips ──────────────────────────────────────────────────────────────────────────────
@register.simple_tag
def icon(key: str) -> SafeString:
    """The drawing of that key; the words beside it carry the meaning."""
    if key not in ICONS:
        raise template.TemplateSyntaxError(f"No icon is called {key!r}")
    return format_html(
        '<svg class="ico" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        SafeString(ICONS[key]),
    )


@register.simple_tag
def kind(label: str) -> SafeString:
    """The square chip of a kind: 補助金, 融資, 相談."""
    return format_html('<span class="kind">{}</span>', label)


@register.simple_tag
def status(code: str) -> SafeString:
    """The round chip of a reception status (catalogue.states.ReceptionStatus)."""
    look, word = STATUSES[code]
    return format_html('<span class="status status--{}">{}</span>', look, word)


@register.simple_tag
def tel(number: str, extension: str = "") -> SafeString:
    """A telephone number to press, with its extension beside it; a number nobody can dial stays text."""
    try:
        phone = contact.parse_phone(number)
    except ValueError:
        return conditional_escape(number)
    link = format_html('<a class="tel" href="tel:{}">{}{}</a>', phone.digits, icon("phone"), phone.written)
    inner = extension or phone.extension
    if not inner:
        return link
    return format_html(
        '{} <span class="sub nb">{}</span>', link, gettext("内線%(number)s") % {"number": inner}
    )


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a form field in the look of the site."""
    return field.as_widget(attrs={"class": "input"})


# ── The frame ───────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag
def crumbs(trail: Iterable[Crumb]) -> SafeString:
    """Where we are: the steps from the home page to this one, the last with an empty url."""
    return _crumbs(get_language(), tuple(trail))


@lru_cache(maxsize=512)
def _crumbs(_language: str | None, trail: tuple[Crumb, ...]) -> SafeString:
    return render_to_string("shared/components/crumbs.html", {"trail": trail})


@register.simple_tag(takes_context=True)
def frame_part(context: RequestContext, template: str) -> SafeString:
    """A template of the frame around every page, kept for all that show the same."""
    path = context["request"].path if "request" in context else ""
    return frames.part(template, region=context["region"], frame=context["frame"], path=path)


@register.simple_tag
def area_map(drawing: str, urls: Mapping[str, str] | None = None, current: str = "") -> SafeString:
    """The region's map inline: each area's link `#area-KEY` leads to urls[KEY], or stays on the page.

    `drawing` is the pack's own areas.svg, trusted like the rest of the pack.
    """
    for key, url in (urls or {}).items():
        drawing = drawing.replace(f'href="#area-{key}"', format_html('href="{}"', url))
    if current:
        drawing = drawing.replace(f'data-area="{current}"', f'data-area="{current}" aria-current="true"')
    return SafeString(drawing)
