"""いくら: what a programme gives, from its frames or from the document's own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from madoguchi.catalogue.models import Edition, Frame
from madoguchi.japan import rates
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class FrameRow:
    """One frame as the table shows it; texts may be empty, `name` may hold `|`."""

    name: str
    variant: str
    target: str
    rate_text: str
    rate_note: str
    money_text: str
    note: str


@dataclass(frozen=True)
class Offer:
    """The short answer to いくら and what to add; both may be empty."""

    money: str
    note: str


def rows(frames: Iterable[Frame]) -> list[FrameRow]:
    """The frames in the document's order."""
    return [
        FrameRow(
            frame.name,
            frame.variant,
            frame.target,
            _rate(frame.rate_low, frame.rate),
            _rate_note(frame),
            _money(frame),
            _note(frame),
        )
        for frame in frames
    ]


def offer(edition: Edition) -> Offer:
    """The short answer of a fetched edition."""
    frames = list(edition.frames.all())
    return short(
        headline=edition.headline,
        caps_yen=[frame.cap_yen for frame in frames if frame.cap_yen is not None],
        amounts_yen=[frame.amount_yen for frame in frames if frame.amount_yen is not None],
        rate=_all_rates(frames),
        fee=edition.fee,
    )


def short(
    *, headline: str, caps_yen: Sequence[int], amounts_yen: Sequence[int], rate: str, fee: str
) -> Offer:
    """The document's own headline, else the highest cap or amount, else the rate, else what it costs."""
    money = headline or _largest(caps_yen, amounts_yen)
    return Offer(money, rate) if money else Offer(rate or fee, "")


def shared_rate(shares: Sequence[Fraction]) -> str:
    """補助率1/3〜2/3, or nothing when no rate is stated."""
    if not shares:
        return ""
    return gettext("補助率%(rate)s") % {"rate": _rate(min(shares), max(shares))}


def _largest(caps_yen: Sequence[int], amounts_yen: Sequence[int]) -> str:
    """The highest cap (上限300万円), else the fixed amounts (5万円〜10万円), else nothing."""
    if caps_yen:
        return cap(max(caps_yen))
    return _span([wording.in_man(amount) for amount in sorted(set(amounts_yen))]) if amounts_yen else ""


def cap(amount_yen: int) -> str:
    """上限300万円"""
    return gettext("上限%(money)s") % {"money": wording.in_man(amount_yen)}


def _money(frame: Frame) -> str:
    if frame.amount_yen is not None:
        return wording.in_man(frame.amount_yen)
    if frame.cap_yen is None:
        return ""
    if frame.cap_low_yen is not None:
        span = _span([wording.in_man(frame.cap_low_yen), wording.in_man(frame.cap_yen)])
        return gettext("上限%(money)s") % {"money": span}
    return cap(frame.cap_yen)


def _rate_note(frame: Frame) -> str:
    notes = []
    if frame.on_top_of is not None:
        notes.append(gettext("もとの補助率%(rate)sに上乗せ") % {"rate": rates.as_slash(frame.on_top_of)})
    if frame.own_share is not None:
        notes.append(gettext("自己負担 %(rate)s") % {"rate": rates.as_slash(frame.own_share)})
    return "、".join(notes)


def _note(frame: Frame) -> str:
    # A note that speaks of visits says more than the number: 原則3回まで.
    if frame.visits is None or "回" in frame.note:
        return frame.note
    visits = gettext("%(count)d回まで") % {"count": frame.visits}
    return f"{visits}。{frame.note}" if frame.note else visits


def _all_rates(frames: Sequence[Frame]) -> str:
    said = shared_rate(
        [rate for frame in frames for rate in (frame.rate_low, frame.rate) if rate is not None]
    )
    if not said:
        return ""
    added = {_rate_note(frame) for frame in frames if frame.on_top_of is not None}
    return f"{said}（{added.pop()}）" if len(added) == 1 else said


def _rate(low: Fraction | None, high: Fraction | None) -> str:
    if high is None:
        return ""
    if low is None or low == high:
        return rates.as_slash(high)
    return _span([rates.as_slash(low), rates.as_slash(high)])


def _span(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{values[0]}〜{values[-1]}"
