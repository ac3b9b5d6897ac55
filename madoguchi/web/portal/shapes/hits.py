"""What was found, as cards."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from madoguchi.finding import ask
from madoguchi.institutions.models import Region
from madoguchi.search.results import Edition, Hit
from madoguchi.web.portal.shapes import offers, places
from madoguchi.web.shared import folding, kept, wording
from madoguchi.web.shared.fragments import hit as fragment
from madoguchi.web.shared.fragments import marks
from madoguchi.web.shared.fragments.hit import HitCard, HitFact, OtherEdition, Shell
from madoguchi.web.shared.templatetags import madoguchi as tags

_SHELLS: kept.Kept[Shell] = kept.Kept(4096)


def items(
    hits: Iterable[Hit], *, on: date, region: Region | None, now: kept.State, pick: bool = True
) -> SafeString:
    """The hits in their order as the items of a list; nothing is read from the database.

    With `pick`, programmes can be ticked for the comparison whose form stands on the page.

    Raises KeyError for a type of hit that no card is known for.
    """
    return format_html_join(
        "", "<li>{}{}</li>", ((_article(hit, on, region, now), _pick(hit) if pick else "") for hit in hits)
    )


def _pick(hit: Hit) -> SafeString:
    """The tick by which a programme is compared with others; it belongs to the form below the list."""
    if hit.type != "programme":
        return SafeString("")
    return format_html(
        '<label class="pick noprint"><input type="checkbox" name="p" value="{}" form="compare">'
        '<span>{}<span class="vh">：{}</span></span></label>',
        hit.slug,
        gettext("くらべる"),
        hit.name,
    )


def _article(hit: Hit, on: date, region: Region | None, now: kept.State) -> SafeString:
    shell = _SHELLS.get(
        now, (hit.key, on, hit.other_editions), lambda: fragment.shell(_card(hit, on, region))
    )
    title = marks.marked_name(hit.name_pieces, str(hit.payload.get("breaks", "")))
    return fragment.article(shell, title, marks.marked(hit.snippet))


def _card(hit: Hit, on: date, region: Region | None) -> HitCard:
    payload = hit.payload
    has_reception = hit.type == "programme"
    return HitCard(
        url=ask.url_of_hit(hit),
        kinds=_kinds(hit, region),
        status=hit.status.value if has_reception else "",
        edition=_edition(hit),
        facts=[fact for fact in _FACTS[hit.type](hit, payload, on) if fact.value],
        others=[_other(other) for other in hit.other_editions] if has_reception else [],
        is_past=hit.type in ("programme", "event") and hit.status.value == "closed",
    )


def _other(edition: Edition) -> OtherEdition:
    url = reverse("portal:edition", args=[edition.slug, edition.fiscal_year])
    return OtherEdition(url, _year(edition.fiscal_year))


def _year(fiscal_year: int | None) -> str:
    return wording.fiscal_year(fiscal_year) if fiscal_year else ""


def _edition(hit: Hit) -> str:
    year = _year(hit.fiscal_year)
    return gettext("%(year)s版") % {"year": year} if year and hit.type == "programme" else year


def _kinds(hit: Hit, region: Region | None) -> list[str]:
    own = {
        "desk": gettext("相談窓口"),
        "project": places.projects_title(region),
        "organisation": gettext("支援機関"),
        "event": gettext("セミナー・相談会"),
    }
    if hit.type in own:
        return [own[hit.type]]
    kinds = [ask.value_label("kind", code) for code in hit.payload.get("kinds", ())]
    return [*kinds, gettext("自動で取り込んだ情報")] if hit.payload.get("feed") else kinds


def _ask_at_desk() -> str:
    return gettext("窓口で確認")


def _programme(hit: Hit, payload: Mapping[str, Any], on: date) -> list[HitFact]:
    money = offers.short(
        headline=payload["headline"],
        caps_yen=payload["caps_yen"],
        amounts_yen=payload["amounts_yen"],
        rate=offers.shared_rate([Fraction(share) for share in payload["rates"]]),
        fee=payload["fee"],
    ).money
    unsure = gettext("（未確認）") if money and payload.get("is_unconfirmed") else ""
    return [
        HitFact(
            gettext("いくら"),
            format_html('<span class="hit__money">{}</span>{}', money or _ask_at_desk(), unsure),
        ),
        HitFact(gettext("いつまで"), _until(hit, on)),
        HitFact(
            gettext("実施"),
            folding.phrases(payload["contact"] or payload["where"] or _ask_at_desk()),
            wide=True,
        ),
    ]


def _until(hit: Hit, on: date) -> SafeString | str:
    if hit.deadline is not None and hit.status.value in ("open", "upcoming"):
        left = wording.days_left(hit.deadline, today=on)
        return format_html('<span class="nb">{}</span>　{}', wording.day(hit.deadline, today=on), left)
    says = {
        "open": gettext("受付中"),
        "upcoming": gettext("これから受け付けます"),
        "rolling": gettext("いつでも"),
        "booking": gettext("予約制"),
        "closed": gettext("受付は終わりました"),
    }
    return says.get(hit.status.value, _ask_at_desk())


def _desk(_hit: Hit, payload: Mapping[str, Any], _on: date) -> list[HitFact]:
    place = " ".join(part for part in (payload["place"], payload["address"]) if part)
    telephone = tags.tel(payload["telephone"], payload["extension"]) if payload["telephone"] else ""
    return [
        HitFact(gettext("電話"), telephone),
        HitFact(gettext("費用"), payload["fee"]),
        HitFact(gettext("場所"), folding.phrases(place or _ask_at_desk()), wide=True),
        HitFact(gettext("機関"), folding.phrases(payload["organisation"]), wide=True),
    ]


def _event(_hit: Hit, payload: Mapping[str, Any], on: date) -> list[HitFact]:
    dates = [(date.fromisoformat(day), label, precision) for day, label, precision in payload["dates"]]
    coming = min((each for each in dates if _not_past(each[0], each[2], on)), default=None)
    return [
        HitFact(gettext("費用"), payload["fee"] or _ask_at_desk()),
        HitFact(gettext("次の開催"), _next_date(coming, on)),
        HitFact(gettext("主催"), folding.phrases(payload["organiser"]), wide=True),
    ]


def _not_past(day: date, precision: str, on: date) -> bool:
    return day >= on or (precision == "month" and (day.year, day.month) == (on.year, on.month))


def _next_date(coming: tuple[date, str, str] | None, on: date) -> SafeString | str:
    if coming is None:
        return gettext("終わりました")
    day, label, precision = coming
    if precision == "month":
        return wording.month(day, today=on)
    left = wording.days_left(day, today=on)
    return format_html('<span class="nb">{}</span>{}　{}', wording.day(day, today=on), label, left)


def _project(_hit: Hit, payload: Mapping[str, Any], _on: date) -> list[HitFact]:
    cost = payload["cost_yen"]
    return [
        HitFact(gettext("事業費"), tags.sen(cost) if cost is not None else gettext("資料にありません")),
        HitFact(gettext("担当"), folding.phrases(payload["department"]), wide=True),
    ]


def _organisation(_hit: Hit, payload: Mapping[str, Any], _on: date) -> list[HitFact]:
    telephone = tags.tel(payload["telephone"]) if payload["telephone"] else ""
    return [HitFact(gettext("種類"), str(payload["kind"])), HitFact(gettext("電話"), telephone)]


_FACTS: dict[str, Callable[[Hit, Mapping[str, Any], date], list[HitFact]]] = {
    "programme": _programme,
    "desk": _desk,
    "event": _event,
    "project": _project,
    "organisation": _organisation,
}
