from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.catalogue.models import ReceptionWindow
from madoguchi.catalogue.states import EditionState, ReceptionMode
from madoguchi.events.models import Precision
from madoguchi.finding import indexing
from tests.factories import FAR, NEAR, a_desk, a_region, a_term, an_edition, an_event

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def _in_november(settings, tmp_path, db):
    settings.TODAY = date(2023, 11, 1)
    settings.INDEX_DIR = tmp_path / "index"


def page(client, address="/"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_before_a_pack_is_loaded_the_page_still_asks_what_the_matter_is(client):
    html = page(client)
    assert "お困りですか。" in html
    assert 'action="/search/"' in html


def test_a_problem_says_how_much_there_is_for_it(client):
    a_term("purposes", "market", "販路開拓", say="売り先を広げたい", icon="market")
    an_edition(purposes=["market"])
    indexing.catch_up()
    html = page(client)
    assert "売り先を<wbr>広げたい" in html or "売り先を広げたい" in html
    assert 'href="/search/?purpose=market"' in html
    assert "1件" in html


def test_often_searched_words_lead_to_their_results(client):
    a_region(often_searched=["販路開拓"])
    assert f'href="/search/?q={"%E8%B2%A9%E8%B7%AF%E9%96%8B%E6%8B%93"}"' in page(client)


def test_deadlines_and_dates_stand_in_the_order_of_days(client):
    edition = an_edition("hojo", state=EditionState.DRAFT, reception_mode=ReceptionMode.WINDOW)
    ReceptionWindow.objects.create(
        edition=edition, position=0, closes_at=datetime(2023, 11, 10, 17, tzinfo=TOKYO)
    )
    edition.state = EditionState.PUBLISHED
    edition.save()
    an_event("early", date(2023, 11, 7))
    an_event("late", date(2023, 11, 20))
    an_event("over", date(2023, 10, 7))
    html = page(client)
    assert html.index("/events/early/") < html.index("/programmes/hojo/") < html.index("/events/late/")
    assert "/events/over/" not in html
    assert "午後5時まで" in html


def test_a_date_known_by_its_month_alone_gets_no_leaf(client):
    event = an_event("autumn")
    event.occurrences.create(
        position=0, starts_on=date(2023, 11, 1), ends_on=date(2023, 11, 30), precision=Precision.MONTH
    )
    assert "/events/autumn/" not in page(client)


def test_what_was_published_last_comes_first(client):
    an_edition("older", published_at=datetime(2023, 10, 1, tzinfo=TOKYO))
    an_edition("newer", published_at=datetime(2023, 10, 30, tzinfo=TOKYO))
    html = page(client)
    assert html.index("/programmes/newer/") < html.index("/programmes/older/")
    assert "10月30日（月）" in html


def test_each_area_shows_a_desk_that_stands_in_it(client):
    a_region(a_desk("general", area_code=FAR))
    a_desk("whole", area_code=NEAR, telephone="03-1111-0000")
    a_desk("own", area_code=NEAR, covers=["near"], telephone="03-2222-0000")
    html = page(client)
    assert 'href="/desks/?area=near"' in html
    assert "03-2222-0000" in html
    assert "03-1111-0000" not in html


def test_the_home_page_costs_the_same_for_many_records(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(client, f"/?{len(seen)}")
        seen.append(len(captured))

    seen: list[int] = []
    a_region(a_desk("general", area_code=FAR))
    an_edition("one", published_at=datetime(2023, 10, 1, tzinfo=TOKYO))
    an_event("event-one", date(2023, 11, 7))
    queries()
    for at in range(5):
        a_desk(f"desk-{at}", area_code=NEAR, telephone="03-1111-0000")
        an_edition(f"programme-{at}", published_at=datetime(2023, 10, 1, tzinfo=TOKYO))
        an_event(f"event-{at}", date(2023, 11, 8))
    queries()
    assert seen[0] == seen[1]
