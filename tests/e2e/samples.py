"""A sample address of every kind of page, by the name of its route."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from django.urls import URLPattern, URLResolver

SUCCESSION = quote("後を継ぐ人がいない")

# Several where a page has several faces. The first of each is the one with its own title.
SAMPLES: dict[str, tuple[str, ...]] = {
    "portal:home": ("/",),
    "portal:search": (
        f"/search/?q={SUCCESSION}",
        "/search/?q=qqqqqzzzz",
        f"/search/?q={SUCCESSION}&kind=loan&area=shimokita&status=closed",
    ),
    "portal:programme": (
        "/programmes/senryaku-monozukuri/",
        "/programmes/business-support-station/",
        "/programmes/fb-sodankai/",
    ),
    "portal:edition": ("/programmes/senryaku-monozukuri/2021/",),
    "portal:programme_sheet": ("/programmes/senryaku-monozukuri/sheet/",),
    "portal:project": ("/projects/r5-seihoku-digital/",),
    "portal:policies": ("/policies/",),
    "portal:policy": ("/policies/p5/",),
    "portal:desks": ("/desks/", "/desks/?area=sanpachi&purpose=ip"),
    "portal:desk": ("/desks/chizai/",),
    "portal:events": ("/events/", "/events/?kind=seminar&area=shimokita"),
    "portal:events_month": ("/events/month/2023/11/",),
    "portal:event": ("/events/fb-sodankai-2023/",),
    "portal:organisations": ("/organisations/",),
    "portal:organisation": ("/organisations/aomori-ken/", "/organisations/aomori21/"),
    "portal:favourites": ("/favourites/",),
    "portal:fit": ("/fit/",),
    "portal:fit_question": (
        "/fit/question/employees/",
        "/fit/question/intents/",
        "/fit/question/industry/?more=1&within=E",
        "/fit/question/area/",
        "/fit/question/established_on/",
        "/fit/question/sales_monthly/",
    ),
    "portal:fit_answers": ("/fit/answers/",),
    "portal:fit_results": ("/fit/results/",),
    "portal:fit_group": ("/fit/results/unknown/", "/fit/results/ineligible/"),
    "portal:fit_sheet": ("/fit/sheet/",),
    "portal:fit_costs": ("/fit/costs/",),
    "portal:fit_plan": ("/fit/plan/",),
    "portal:fit_sales_drop": ("/fit/sales-drop/",),
    "portal:flow": ("/flow/",),
    "portal:about": ("/about/",),
    "portal:accessibility": ("/accessibility/",),
    "portal:privacy": ("/privacy/",),
}
NO_PAGE = {
    "portal:programme_calendar": "a download",
    "portal:event_calendar": "a download",
    "portal:events_feed": "a download",
    "portal:robots": "for machines",
    "portal:sitemap": "for machines",
    "portal:favourites_change": "takes a form and leads on",
    "portal:fit_following": "leads on",
    "portal:fit_erase": "takes a form and leads on",
    "portal:theme": "a stylesheet or drawing",
    "set_language": "takes a form and leads on",
    "api:": "answers programs",
}


def route_names(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The full name of every route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{before}{pattern.namespace}:" if pattern.namespace else before
            yield from route_names(pattern.url_patterns, inner)
        else:
            yield f"{before}{pattern.name or pattern.pattern}"


def without_sample(names: Iterable[str]) -> list[str]:
    """Routes that nobody looks at."""
    return [
        name
        for name in names
        if name not in SAMPLES and not any(name == known or name.startswith(known) for known in NO_PAGE)
    ]
