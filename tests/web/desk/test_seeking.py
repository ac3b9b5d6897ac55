"""さがされたもの: what people seek and do not find by place, and what is looked at by month."""

from datetime import date

import pytest
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting import seeking
from madoguchi.usage.models import DailyCount, ResultsBucket, SearchCount
from tests.factories import NEAR, a_desk, an_edition, an_event, an_organisation
from tests.queries import cost
from tests.web.desk import signed_in

pytestmark = pytest.mark.django_db

URL = reverse("desk:dashboard")
YEAR = FiscalYear(2026)


@pytest.fixture(autouse=True)
def _at_the_end_of_november(settings):
    settings.TODAY = date(2026, 11, 30)


def looked(kind, key, day, count):
    DailyCount.objects.create(kind=kind, key=key, day=day, count=count)


def sought(query, count, *, area="", found=ResultsBucket.ZERO, day=date(2026, 10, 1)):
    SearchCount.objects.create(query=query, area=area, results=found, count=count, day=day)


def shown(client, **asked):
    response = client.get(URL, {"by": "seeking", **asked})
    assert response.status_code == 200
    return response.content.decode().replace("<wbr>", "")


def test_a_manager_sees_what_was_sought_in_vain_at_each_place(client):
    signed_in.a_desk(client, role=Role.MANAGER)
    sought("千代田 ドローン", 5, area=NEAR)
    sought("屋台", 4)
    sought("補助金", 9, found=ResultsBucket.SOME)
    html = shown(client)
    assert (
        html.index("千代田区")
        < html.index("千代田 ドローン")
        < html.index("場所の言葉がなかったもの")
        < html.index("屋台")
    )
    assert ">補助金<" not in html


def test_a_text_that_was_sought_less_than_three_times_stays_unseen(client):
    signed_in.a_desk(client, role=Role.MANAGER)
    sought("山田花子", 2)
    assert "山田花子" not in shown(client)


def test_views_are_told_by_month_for_each_entry_and_for_each_institution(client):
    signed_in.a_desk(client, role=Role.MANAGER)
    owner = an_organisation("kikan", name="支援機関A")
    an_edition("hojo", name="設備の補助", contacts=[{"organisation": owner}])
    an_event("kai", organiser=owner)
    looked("programme", "hojo", date(2026, 4, 3), 2)
    looked("programme", "hojo", date(2026, 5, 9), 3)
    looked("event", "kai", date(2026, 5, 1), 10)
    looked("programme", "hojo", date(2026, 3, 31), 100)  # the year before
    [event, programme] = seeking.entries(YEAR, most=10)
    assert (event.slug, event.total, programme.by_month[:2], programme.total) == ("kai", 10, (2, 3), 5)
    [institution] = seeking.institutions(YEAR, most=10)
    assert (institution.name, institution.by_month[:2], institution.total) == ("支援機関A", (2, 13), 15)
    assert "支援機関A" in shown(client)
    assert "<b>100</b>" in shown(client, year="2025")


@pytest.mark.parametrize("year", ["", "x", "9999", "１２３４", "0000"])
def test_absurd_years_show_this_one(client, year):
    signed_in.a_desk(client, role=Role.MANAGER)
    assert "令和8年度の、サイト全体の数です" in shown(client, year=year)


def test_an_owner_of_a_business_sees_none_of_it(client):
    assert client.get(URL, {"by": "seeking"}).status_code == 302


def test_it_costs_the_same_for_one_entry_and_for_twenty():
    def read():
        return (
            seeking.entries(YEAR, most=10),
            seeking.institutions(YEAR, most=10),
            seeking.in_vain(YEAR, most=5),
        )

    a_desk("d0")
    an_edition("p0")
    one = cost(read)
    for number in range(1, 20):
        a_desk(f"d{number}")
        an_edition(f"p{number}")
        looked("programme", f"p{number}", date(2026, 5, 1), 1)
    assert cost(read) == one
