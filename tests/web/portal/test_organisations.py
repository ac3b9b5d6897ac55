from datetime import date

import pytest

from madoguchi.institutions.kinds import OrganisationKind
from madoguchi.institutions.models import Succession
from tests.factories import a_desk, a_region, a_unit, an_edition, an_event, an_organisation
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


def test_organisations_stand_under_their_kinds(client):
    an_organisation("kaigisho", kind=OrganisationKind.CHAMBER)
    an_organisation("kuni", kind=OrganisationKind.NATION)
    html = page(client, "/organisations/")
    assert html.index("/organisations/kuni/") < html.index("商工会議所・商工会")
    assert html.index("商工会議所・商工会") < html.index("/organisations/kaigisho/")
    assert "金融機関" not in html


def test_an_organisation_shows_desks_programmes_dates_and_what_it_runs(client):
    body = an_organisation("kikan", telephone="03-1234-5678", address="千代田1")
    an_organisation("kyoten", parent=body)
    a_desk("mado", body)
    an_event("kai", date(2023, 11, 20), organiser=body)
    an_edition("hojo", roles=[{"role": "operator", "organisation": body}])
    html = page(client, "/organisations/kikan/")
    for fact in ("tel:0312345678", "千代田1", "/organisations/kyoten/", "/desks/mado/", "/events/kai/"):
        assert fact in html
    assert "/programmes/hojo/" in html


def test_a_programme_counts_through_units_and_desks_once(client):
    body = an_organisation("kikan")
    an_edition("hojo", contacts=[{"unit": a_unit("ka", body)}, {"desk": a_desk("mado", body)}])
    an_edition("yoso", contacts=[{"organisation": an_organisation("hoka")}])
    html = page(client, "/organisations/kikan/")
    assert html.count('href="/programmes/hojo/"') == 1
    assert "/programmes/yoso/" not in html


def test_many_programmes_are_folded_after_the_first(client):
    body = an_organisation("kikan")
    for number in range(10):
        an_edition(f"h{number}", roles=[{"role": "owner", "organisation": body}])
    assert "ほかの支援（2件）" in page(client, "/organisations/kikan/")


def test_units_stand_below_their_parents_with_the_years_that_name_them(client):
    body = an_organisation("ken")
    above = a_unit("bu", body, name="商工部", named_in=[2021, 2023])
    a_unit("ka", body, name="商工課", parent=above)
    html = page(client, "/organisations/ken/")
    assert html.index("商工部") < html.index("商工課")
    assert "令和3年度、令和5年度の資料" in html


def test_what_a_unit_became_is_said_on_both_sides_and_marked_when_assumed(client):
    body = an_organisation("ken")
    old, east, west = (a_unit(slug, body, full_name=f"県 {slug}") for slug in ("old", "east", "west"))
    Succession.objects.create(predecessor=old, successor=east, is_assumed=True, note="推定：名前から")
    Succession.objects.create(predecessor=old, successor=west)
    html = page(client, "/organisations/ken/")
    assert html.count(">県 old<") == 2
    assert ">県 east<" in html
    assert ">県 west<" in html
    assert html.count(">推定<") == 2


def test_an_unknown_organisation_is_not_found(client):
    page(client, "/organisations/nani/", status=404)


def test_the_list_and_the_page_cost_no_more_queries_when_there_is_more():
    a_region()
    body = an_organisation("ken", telephone="03-1234-5678")
    top = a_unit("u", body)
    desk = a_desk("d", body)
    an_event("e", date(2023, 11, 20), organiser=body)
    an_edition("h", roles=[{"role": "owner", "organisation": body}])
    Succession.objects.create(predecessor=top, successor=a_unit("v", body))
    costs = [queries_of(address) for address in ("/organisations/", "/organisations/ken/")]
    for number in range(15):
        an_organisation(f"o{number}", parent=body)
        unit = a_unit(f"u{number}", body, parent=top)
        Succession.objects.create(predecessor=top, successor=unit)
        a_desk(f"d{number}", body, parent=desk, telephone="03-1234-5678")
        an_event(f"e{number}", date(2023, 11, 20), organiser=body)
        an_edition(f"h{number}", roles=[{"role": "owner", "unit": unit}])
    assert [queries_of(address) for address in ("/organisations/", "/organisations/ken/")] == costs
