from datetime import date

import pytest

from tests.factories import (
    FAR,
    NEAR,
    a_desk,
    a_region,
    a_source,
    a_term,
    an_edition,
    an_event,
    an_organisation,
)
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


def test_an_owner_in_a_hurry_sees_the_telephone_before_the_summary(client):
    a_desk("kawa", telephone="03-1234-5678", summary="川の相談です。")
    html = page(client, "/desks/")
    assert html.index('href="tel:0312345678"') < html.index("川の相談です。")


def test_a_desk_page_offers_its_number_with_extension_and_hours(client):
    desk = a_desk("kawa", hours=[{"days": "平日", "opens": "08:30:00", "closes": "17:15:00", "note": ""}])
    desk.contacts.create(position=0, telephone="03-1234-5678", extension="21")
    html = page(client, "/desks/kawa/")
    assert 'href="tel:0312345678"' in html
    assert "内線21" in html
    assert "平日 8:30〜17:15" in html


def test_what_a_document_does_not_say_is_asked_for_at_the_desk(client):
    a_desk("kawa")
    assert "窓口で確認" in page(client, "/desks/kawa/")


def test_an_area_shows_its_own_desks_before_those_elsewhere(client):
    a_region(a_desk("general", area_code=FAR))
    a_desk("chikaku", area_code=NEAR)
    html = page(client, "/desks/?area=near")
    assert html.index("/desks/chikaku/") < html.index("/desks/general/")
    assert "近い圏で相談できる窓口 2か所" in html


def test_a_desk_for_another_area_alone_is_left_out(client):
    a_region(a_desk("general"))
    a_desk("shima", area_code=FAR, covers=["far"])
    assert "/desks/shima/" not in page(client, "/desks/?area=near")


def test_the_map_and_the_list_lead_to_the_same_areas(client):
    a_region()
    html = page(client, "/desks/")
    assert 'href="/desks/?area=near"' in html
    assert "千代田区" in html


def test_a_theme_narrows_down_and_stays_when_an_area_is_chosen(client):
    a_region(a_desk("general"))
    a_term("purposes", "it", "IT化", say="デジタル化を進めたい")
    a_desk("dejitaru", purposes=["it"])
    html = page(client, "/desks/?purpose=it")
    assert "/desks/dejitaru/" in html
    assert "/desks/general/" not in html
    assert "/desks/?area=near&amp;purpose=it" in html


@pytest.mark.parametrize("nonsense", ["area=nowhere", "purpose=%00%0a", "area[]=1&purpose=" + "x" * 3000])
def test_an_unknown_condition_is_said_and_dropped(client, nonsense):
    a_region(a_desk("general"))
    html = page(client, f"/desks/?{nonsense}")
    assert "しぼりこめませんでした" in html
    assert "/desks/general/" in html


def test_nothing_is_said_about_conditions_that_are_known(client):
    a_region()
    assert "しぼりこめませんでした" not in page(client, "/desks/?area=near")


def test_satellites_stand_under_their_parent(client):
    parent = a_desk("oya", name="おやの窓口")
    a_desk("ko", name="こどもの窓口", parent=parent, organisation=parent.organisation)
    html = page(client, "/desks/")
    assert "すべての窓口 2か所" in html
    assert "ほかの場所・日にも相談できます（1）" in html
    assert "/desks/ko/" in page(client, "/desks/oya/")


def test_a_desk_that_keeps_secrets_says_so(client):
    a_desk("himitsu", is_confidential=True)
    assert "秘密を守ります" in page(client, "/desks/himitsu/")


def test_a_desk_that_has_closed_for_good_is_not_listed_and_says_so(client):
    a_desk("mukashi", valid_until=date(2023, 3, 31))
    assert "/desks/mukashi/" not in page(client, "/desks/")
    assert "いまは開いていません" in page(client, "/desks/mukashi/")


def test_a_desk_page_leads_to_programmes_dates_and_sources(client):
    a_source()
    body = an_organisation("kikan")
    desk = a_desk("kawa", body)
    an_edition("hojo").programme.desks.add(desk)
    an_event("kai", date(2023, 11, 20), organiser=body)
    html = page(client, "/desks/kawa/")
    assert "/programmes/hojo/" in html
    assert "/events/kai/" in html
    assert "支援ガイド" in html
    assert "10-12行目" in html


def test_an_unknown_desk_is_not_found(client):
    page(client, "/desks/nanimonai/", status=404)


def test_no_desk_at_all_still_gives_a_page(client):
    assert "合う窓口は、みつかりませんでした" in page(client, "/desks/")


def test_many_desks_cost_no_more_queries_than_one():
    a_region()
    parent = a_desk("d0", telephone="03-1234-5678")
    one = queries_of("/desks/")
    for number in range(20):
        a_desk(f"s{number}", parent=parent, organisation=parent.organisation, telephone="03-1234-5678")
        a_desk(f"t{number}", telephone="03-1234-5678")
    assert queries_of("/desks/") == one
