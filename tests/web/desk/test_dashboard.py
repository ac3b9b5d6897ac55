"""The dashboard: the same figures as the statistics and the report, this year beside last."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Case, Introduction
from madoguchi.consultations.operations.recording import Talk, record_consultation
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.reporting import dashboards
from madoguchi.usage.models import ResultsBucket, SearchCount
from tests.accounts.people import an_organisation
from tests.consultations.cases import AT, a_taken_case, the_involvement
from tests.factories import a_project, a_row, an_edition
from tests.web.desk.signed_in import a_desk
from tests.web.portal.report_world import a_report, a_value, an_indicator

pytestmark = pytest.mark.django_db

URL = reverse("desk:dashboard")
TODAY = date(2026, 11, 30)
FACES = ("year", "area", "policy", "unit", "indicator")


@pytest.fixture(autouse=True)
def _at_the_end_of_november(settings):
    settings.TODAY = TODAY


def talks(hat, case, *days):
    for day in days:
        talk = Talk(channel=Channel.DESK, held_on=day)
        record_consultation(involvement=the_involvement(case, hat), talk=talk, hat=hat, at=AT)


def shown(client, **asked):
    response = client.get(URL, asked)
    assert response.status_code == 200
    return response.content.decode().replace("<wbr>", "")


def test_this_year_to_date_stands_beside_the_same_days_of_last_year(client):
    hat = a_desk(client, role=Role.MANAGER)
    case = a_taken_case(hat)
    talks(hat, case, TODAY, TODAY - timedelta(days=1), date(2025, 11, 30))
    talks(hat, case, date(2025, 12, 1), date(2026, 3, 31))  # last year, but after this day
    scope = dashboards.to_date(TODAY, organisation_id=hat.organisation_id)
    [figure] = [each for each in dashboards.figures(scope) if each.measure.key == "consultations"]
    assert (figure.now, figure.before) == (2, 1)
    html = shown(client)
    for fact in ("<b>2</b>件", "＋1", "令和8年11月30日", "令和7年11月30日"):
        assert fact in html


def test_the_figures_are_those_of_the_statistics(client):
    hat = a_desk(client, role=Role.MANAGER)
    talks(hat, a_taken_case(hat), *[TODAY] * 7)
    days = {"first": "2026-04-01", "last": "2026-11-30"}
    assert "<b>7</b>件" in client.get(reverse("desk:statistics"), days).content.decode()
    assert "<b>7</b>件" in shown(client)


def test_the_region_is_counted_in_whole_months_that_are_over():
    scope = dashboards.to_date(date(2026, 11, 15), organisation_id=None)
    assert (scope.first, scope.last) == (date(2026, 4, 1), date(2026, 10, 31))
    april = dashboards.to_date(date(2026, 4, 10), organisation_id=None)
    assert (april.first, april.last) == (date(2025, 4, 1), date(2026, 3, 31))


def test_a_leap_day_is_compared_with_the_last_of_february():
    organisation = Scope(date(2023, 4, 1), date(2024, 2, 29), organisation_id=1)
    assert dashboards.year_before(organisation).last == date(2023, 2, 28)
    region = Scope(date(2024, 4, 1), date(2025, 2, 28))
    assert dashboards.year_before(region).last == date(2024, 2, 29)


def test_only_who_may_sees_the_whole_region(client):
    a_desk(client, role=Role.ADVISER)
    assert "地域のすべての機関" not in shown(client, whose="region")
    a_desk(client, role=Role.MANAGER, organisation=an_organisation("別の商工会"))
    assert "地域のすべての機関" in shown(client, whose="region")


def test_small_counts_of_areas_are_hidden(client):
    hat = a_desk(client, role=Role.MANAGER)
    talks(hat, a_taken_case(hat, area_code="022039"), *[TODAY] * 6)
    talks(hat, a_taken_case(hat, area_code="022063"), TODAY)
    html = shown(client, by="area")
    assert "八戸市" in html
    assert "非公表" in html


def test_a_desk_that_answered_late_or_not_yet_is_named_with_how_many(client):
    hat = a_desk(client, role=Role.MANAGER)
    in_time, late, waiting = (a_taken_case(hat) for _ in range(3))
    noon = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    opened = {"opened_at": noon - timedelta(days=9), "promised_on": date(2026, 11, 20)}
    Case.objects.filter(pk=in_time.pk).update(responded_at=noon, **opened)
    Case.objects.filter(pk=late.pk).update(responded_at=noon + timedelta(days=1), **opened)
    Case.objects.filter(pk=waiting.pk).update(responded_at=None, **opened)
    scope = dashboards.to_date(TODAY, organisation_id=hat.organisation_id)
    [desk] = dashboards.answering(scope, today=TODAY)
    assert (desk.cases, desk.late) == (3, 2)
    assert "返事がおそい窓口" in shown(client)


def test_of_the_region_small_counts_of_late_answers_are_hidden(client):
    hat = a_desk(client, role=Role.MANAGER)
    case = a_taken_case(hat)
    day = datetime(2026, 10, 5, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    Case.objects.filter(pk=case.pk).update(opened_at=day, responded_at=None, promised_on=date(2026, 10, 8))
    [desk] = dashboards.answering(dashboards.to_date(TODAY, organisation_id=None), today=TODAY)
    assert (desk.cases, desk.late) == (None, None)


def test_programmes_that_no_business_was_told_of_are_named(client):
    hat = a_desk(client, role=Role.MANAGER)
    told, untold = an_edition("shokai-zumi"), an_edition("mada")
    an_edition("shitagaki", state="draft")
    Introduction.objects.create(
        case=a_taken_case(hat),
        organisation_id=hat.organisation_id,
        edition=told,
        introduced_by_id=hat.user_id,
        introduced_at=AT,
    )
    scope = dashboards.to_date(TODAY, organisation_id=hat.organisation_id)
    count, found = dashboards.untold(scope, limit=5)
    assert (count, [each.programme.slug for each in found]) == (1, [untold.programme.slug])
    html = shown(client)
    assert "/programmes/mada/" in html
    assert "/programmes/shokai-zumi/" not in html


def test_searches_that_found_nothing_are_named_unless_they_are_rare(client):
    a_desk(client, role=Role.MANAGER)
    for query, count in (("宇宙の補助金", 3), ("山田太郎", 2)):
        SearchCount.objects.create(day=TODAY, query=query, results=ResultsBucket.ZERO, count=count)
    html = shown(client)
    assert "宇宙の補助金" in html
    assert "山田太郎" not in html


def test_the_policies_show_the_sums_of_the_report(client):
    a_report()
    a_desk(client, role=Role.MANAGER)
    html = shown(client, by="policy")
    for fact in ("2,500千円", "1,500千円", "1,000千円"):
        assert fact in html


def test_the_units_add_up_to_the_sum_of_the_report(client):
    listing = a_report()
    a_row(listing, a_project("kawa", department="河川課", cost_yen=7_000))
    a_desk(client, role=Role.MANAGER)
    html = shown(client, by="unit")
    assert "河川課" in html
    assert html.count("1,507千円") == 1
    assert "1,500千円" in html


def test_the_indicators_that_moved_most_come_first(client):
    listing = a_report()
    project = a_project("kawa")
    a_row(listing, project)
    for key, before, now in (("heru", "10件", "1件"), ("onaji", "5件", "5件"), ("bai", "1件", "9件")):
        indicator = an_indicator(project, key=key, name=f"指標{key}")
        a_value(indicator, 2022, before)
        a_value(indicator, 2023, now)
    a_desk(client, role=Role.MANAGER)
    html = shown(client, by="indicator")
    assert html.index("指標bai") < html.index("指標heru") < html.index("相談件数")
    assert "指標onaji" not in html
    assert "4項目のうち" in html


@pytest.mark.parametrize("face", ["policy", "unit", "indicator"])
def test_without_a_public_report_the_page_says_so(client, face):
    a_desk(client, role=Role.MANAGER)
    assert "公表された年次報告が、まだありません。" in shown(client, by=face)


def test_an_unknown_face_is_the_year(client):
    a_desk(client, role=Role.MANAGER)
    assert "ことしの相談" in shown(client, by="nani", whose="dare")


@pytest.mark.parametrize("role", [Role.EXPERT, Role.OPERATOR])
def test_who_may_not_read_statistics_is_refused(client, role):
    a_desk(client, role=role)
    assert client.get(URL).status_code in (302, 403)


@pytest.mark.parametrize("face", FACES)
def test_more_of_everything_costs_no_more_queries(client, face):
    listing = a_report()
    hat = a_desk(client, role=Role.MANAGER)
    talks(hat, a_taken_case(hat, area_code="022039"), TODAY)
    an_edition("h")
    shown(client, by=face)
    with CaptureQueriesContext(connection) as one:
        shown(client, by=face)
    for number in range(6):
        project = a_project(f"jigyo-{number}", department=f"課{number}")
        a_row(listing, project)
        indicator = an_indicator(project, key=f"k{number}")
        a_value(indicator, 2022, "1件")
        a_value(indicator, 2023, "2件")
        an_edition(f"h{number}")
        talks(hat, a_taken_case(hat, area_code=f"02{201 + number:03d}0"), TODAY)
    with CaptureQueriesContext(connection) as many:
        shown(client, by=face)
    assert len(many) == len(one)
