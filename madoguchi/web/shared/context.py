"""What every page knows: whose site this is and what stands around the content."""

from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from madoguchi.foundation import clock
from madoguchi.institutions import models, queries
from madoguchi.web.shared import hats, kept
from madoguchi.web.shared.hats import Visitor
from madoguchi.web.shared.site import Frame, GeneralDesk, NavLink, Region

# The pictures of a region that has none of its own.
_NEUTRAL = "shared/img/window.svg"


_RECORDS: kept.Kept[models.Region | None] = kept.Kept(8)
_REGIONS: kept.Kept[Region] = kept.Kept(8)
_FRAMES: kept.Kept[Frame] = kept.Kept(8)


def site(request: HttpRequest) -> dict[str, Any]:
    """The region and the frame, read where a page shows them and kept until something is published."""
    now = kept.state()
    shown = cast("Region", SimpleLazyObject(lambda: _REGIONS.get(now, "", region)))

    def around() -> Frame:
        visitor = hats.visitor_of(request)
        of = (clock.today(), clock.is_shifted(), settings.DEMO, visitor)
        return _FRAMES.get(now, of, lambda: frame(shown, visitor))

    return {"region": shown, "frame": SimpleLazyObject(around)}


def region_record(now: kept.State) -> models.Region | None:
    """The region with its desk, or None before a pack is loaded; kept like the rest, so not to be changed."""
    return _RECORDS.get(now, "", queries.region)


def region() -> Region:
    """Whose site this is; before a pack is loaded, nobody's."""
    hashes = dict(models.ThemeFile.objects.values_list("name", "content_hash"))
    found = queries.region()
    return Region(
        site_name=found.site_name if found else gettext("窓口（Madoguchi）"),
        tagline=found.tagline if found else gettext("事業者の支援をさがす・相談する"),
        prefecture_name=found.prefecture_name if found else "",
        general_desk=_general_desk(found),
        stylesheet_url=_theme_url(hashes, "region.css") or "",
        logo_url=_theme_url(hashes, "logo.svg") or static(_NEUTRAL),
        hero_url=_theme_url(hashes, "hero.svg") or static(_NEUTRAL),
        area_drawing=_drawing(hashes.get("areas.svg", "")),
        credit=found.credit if found else "",
    )


def frame(around: Region, visitor: Visitor) -> Frame:
    """The addresses around the content as such a visitor sees them, and the date the site believes in."""
    return Frame(
        home_url=reverse("portal:home"),
        search_url=reverse("portal:search"),
        nav=(
            NavLink(reverse("portal:search"), gettext("支援をさがす")),
            NavLink(reverse("portal:fit"), gettext("わが社に合う支援")),
            NavLink(reverse("portal:desks"), gettext("相談窓口")),
            NavLink(reverse("portal:events"), gettext("セミナー・相談会")),
            NavLink(reverse("portal:flow"), gettext("相談の流れ")),
        ),
        tools=(
            NavLink(reverse("portal:consult"), gettext("相談する"), "mail"),
            NavLink(reverse("portal:favourites"), gettext("お気に入り"), "star"),
            _own_page(visitor),
        ),
        footer=(
            NavLink(reverse("portal:areas"), gettext("市町村からさがす")),
            NavLink(reverse("portal:alerts"), gettext("お知らせのメール")),
            NavLink(reverse("portal:organisations"), gettext("支援機関の一覧")),
            NavLink(reverse("portal:policies"), around.projects_title),
            NavLink(reverse("portal:report_years"), gettext("年次報告")),
            NavLink(reverse("portal:open_data"), gettext("オープンデータ")),
            NavLink(reverse("portal:about"), gettext("このサイトについて")),
            NavLink(reverse("portal:accessibility"), gettext("ウェブアクセシビリティ方針")),
            NavLink(reverse("portal:privacy"), gettext("個人情報の扱い")),
        ),
        language_url=reverse("set_language"),
        believed_today=clock.today() if clock.is_shifted() else None,
        demo_url=reverse("demo") if settings.DEMO else "",
    )


def _own_page(visitor: Visitor) -> NavLink:
    """The way in, or back to what is one's own."""
    if visitor is Visitor.STAFF:
        return NavLink(reverse("desk:home"), gettext("職員画面"), "user")
    label = gettext("ログイン") if visitor is Visitor.ANYBODY else gettext("マイページ")
    return NavLink(reverse("account_home"), label, "user")


def _general_desk(found: models.Region | None) -> GeneralDesk:
    if found is None:
        return GeneralDesk(gettext("最寄りの商工会議所・商工会"), "", "")
    desk = found.general_desk
    return GeneralDesk(desk.breaks or desk.name, found.general_telephone, found.general_hours)


def _theme_url(hashes: dict[str, str], name: str) -> str:
    if name not in hashes:
        return ""
    return f"{reverse('portal:theme', args=[name])}?v={hashes[name][:12]}"


@lru_cache(maxsize=2)
def _drawing(content_hash: str) -> str:
    """The text of areas.svg, read anew only when the pack's file changed."""
    if not content_hash:
        return ""
    content = models.ThemeFile.objects.filter(name="areas.svg").values_list("content", flat=True).first()
    return content or ""
