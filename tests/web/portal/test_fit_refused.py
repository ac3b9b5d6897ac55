"""Answers that no page of ours sends: refused in a sentence, never taken for another answer or lost."""

import pytest

from tests.web.portal.fit_rules import HERE, a_ruled_edition, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

OWNED = {"fact": "large_owner_half", "equals": False, "because": "大企業のものでないこと"}
AGE = {"fact": "age", "less_than": 40, "because": "40歳未満であること"}
GROWTH = {
    "compute": "plan_growth",
    "with": {"figure": "payroll", "by_years": {3: "4.5%"}},
    "because": "給与支給総額がふえること",
}


@pytest.mark.parametrize("value", ["maybe", "0", "true", "\x00", "はい"])
def test_only_yes_is_yes_and_only_no_is_no(client, value):
    a_ruled_edition("hojo", OWNED)
    refused = tell(client, "large_owner_half", value)
    assert (refused.status_code, "fit" in client.cookies) == (422, False)
    assert [tell(client, "large_owner_half", told).status_code for told in ("yes", "no")] == [302, 302]


@pytest.mark.parametrize("value", ["9" * 5000 + "~", "٣~", "~", "1~2~3"])
def test_a_band_that_no_page_shows_is_refused_in_our_words(client, value):
    a_ruled_edition("hojo", AGE)
    refused = tell(client, "age", value)
    assert (refused.status_code, "一つ選んでください" in refused.content.decode()) == (422, True)
    assert tell(client, "age", "~39").status_code == 302


def test_a_figure_of_the_plan_that_is_too_large_stays_in_its_field(client):
    a_ruled_edition("hojo", GROWTH)
    sent = {"base_payroll_yen": "200000000000000000円", "target_payroll_yen": "1,000"}
    refused = client.post("/fit/plan/", sent, headers=HERE)
    assert refused.status_code == 422
    assert "200000000000000000円" in refused.content.decode()
    assert client.post("/fit/plan/", {**sent, "base_payroll_yen": "900"}, headers=HERE).status_code == 302
