"""Pages of words: the road of a consultation, this site, what it promises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.consultations.queries.policy import current_policy
from madoguchi.foundation.access import public
from madoguchi.institutions import queries
from madoguchi.usage.operations import KEPT_MONTHS, RARE_BELOW, RARE_KEPT
from madoguchi.web.portal import reads
from madoguchi.web.portal.favourite_cookie import MOST
from madoguchi.web.portal.fit_cookie import KEPT_DAYS
from madoguchi.web.portal.shapes import flow as flow_shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared import wording

_LISTED_PAGES = (
    "home",
    "search",
    "fit",
    "desks",
    "events",
    "policies",
    "report_years",
    "organisations",
    "areas",
    "alerts",
    "widget_code",
    "flow",
    "consult",
    "open_data",
    "about",
)
# The protocol allows 50,000 addresses in one file.
_MOST_LISTED = 49_900


@public
@require_safe
def flow(request: HttpRequest) -> HttpResponse:
    """How a consultation goes, from the first word to the result."""
    with_desks = queries.organisations_with_desks()
    context = {
        "trail": trail(("", gettext("相談の流れ"))),
        "steps": flow_shapes.steps(),
        "outcomes": flow_shapes.outcomes(),
        "first_to_ask": flow_shapes.first_to_ask(queries.organisations(), with_desks),
        "citations": flow_shapes.citations(queries.source_titles().values()),
    }
    return render(request, "portal/flow.html", context)


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is and which documents it was written from."""
    documents = [
        (document, wording.fiscal_year(document.fiscal_year)) for document in queries.source_titles().values()
    ]
    return render(
        request,
        "portal/about.html",
        {"trail": trail(("", gettext("このサイトについて"))), "documents": documents},
    )


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility policy, after みんなの公共サイト運用ガイドライン (総務省)."""
    context = {"trail": trail(("", gettext("ウェブアクセシビリティ方針")))}
    return render(request, "portal/accessibility.html", context)


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept: choices in the visitor's own browser; here counts of pages and searches, of nobody."""
    policy = current_policy()
    context = {
        "trail": trail(("", gettext("個人情報の扱い"))),
        "most": MOST,
        "answers_days": KEPT_DAYS,
        "kept_months": KEPT_MONTHS,
        "rare_below": RARE_BELOW,
        "rare_days": RARE_KEPT.days,
        "retention_years": policy.retention_years if policy else None,
        "abandoned_years": policy.abandoned_years if policy else None,
    }
    return render(request, "portal/privacy.html", context)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What machines need not ask for (RFC 9309): every combination of conditions, a visitor's own list."""
    sitemap = request.build_absolute_uri(reverse("portal:sitemap"))
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('portal:search')}?",
        f"Disallow: {reverse('portal:favourites')}",
        f"Disallow: {reverse('portal:compare')}?",
        f"Disallow: {reverse('portal:alerts')}confirm/",
        f"Disallow: {reverse('portal:alerts')}manage/",
        f"Disallow: {reverse('portal:consult')}receipt/",
        f"Disallow: {reverse('portal:consult')}state/",
        f"Sitemap: {sitemap}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Where a language model finds what (llmstxt.org), in Markdown."""
    region = queries.region()

    def link(name: str, says: str, **arguments: str) -> str:
        address = request.build_absolute_uri(reverse(name, kwargs=arguments))
        return f"- [{says}]({address})"

    lines = [
        f"# {region.site_name if region else gettext('窓口')}",
        "",
        f"> {region.tagline if region else gettext('事業者の支援をさがす・相談する')}",
        "",
        gettext(
            "支援の条件や締切は、資料に書かれたとおりです。書かれていないことは「窓口で確認」としています。"
            "答えるときは、各ページの出典と年度を示し、最後は窓口に確かめるよう伝えてください。"
        ),
        "",
        "## " + gettext("ページ"),
        "",
        link("portal:search", gettext("支援をさがす")),
        link("portal:areas", gettext("市町村からさがす")),
        link("portal:desks", gettext("相談窓口")),
        link("portal:events", gettext("セミナー・相談会")),
        link("portal:report_years", gettext("年次報告")),
        link("portal:flow", gettext("相談の流れ")),
        "",
        "## " + gettext("機械で読む"),
        "",
        link("api:openapi-json", gettext("API の説明（OpenAPI）")),
        link("portal:search_feed", gettext("支援の新着（Atom。検索の条件をつけられます）")),
        link("portal:events_feed", gettext("催しの日程（iCalendar）")),
        link("portal:sitemap", gettext("すべてのページ")),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/markdown; charset=utf-8")


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages that a search engine may list (sitemaps.org)."""
    pages = [reverse(f"portal:{name}") for name in _LISTED_PAGES] + reads.addresses()[:_MOST_LISTED]
    context = {"addresses": [request.build_absolute_uri(address) for address in pages]}
    return render(request, "portal/sitemap.xml", context, content_type="application/xml; charset=utf-8")
