"""The public pages."""

from django.urls import path

from madoguchi.web.portal.views import (
    desks,
    events,
    favourites,
    home,
    organisations,
    policies,
    programme,
    projects,
    search,
    texts,
    theme,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("programmes/<slug:slug>/", programme.programme, name="programme"),
    path("programmes/<slug:slug>/<int:fiscal_year>/", programme.programme, name="edition"),
    path("programmes/<slug:slug>/sheet/", programme.sheet, name="programme_sheet"),
    path("programmes/<slug:slug>/calendar.ics", programme.calendar, name="programme_calendar"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    path("policies/", policies.policies, name="policies"),
    path("policies/<slug:code>/", policies.policy, name="policy"),
    path("desks/", desks.desks, name="desks"),
    path("desks/<slug:slug>/", desks.desk, name="desk"),
    path("events/", events.events, name="events"),
    path("events/feed.ics", events.feed, name="events_feed"),
    path("events/month/<int:year>/<int:month>/", events.month, name="events_month"),
    path("events/<slug:slug>/", events.event, name="event"),
    path("events/<slug:slug>/calendar.ics", events.calendar, name="event_calendar"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path("favourites/", favourites.favourites, name="favourites"),
    path("favourites/change/", favourites.change, name="favourites_change"),
    path("flow/", texts.flow, name="flow"),
    path("about/", texts.about, name="about"),
    path("accessibility/", texts.accessibility, name="accessibility"),
    path("privacy/", texts.privacy, name="privacy"),
    path("theme/<str:name>", theme.theme, name="theme"),
]
