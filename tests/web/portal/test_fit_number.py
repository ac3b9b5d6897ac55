"""わが社に合う支援 from a corporate number: what a register fills in, and what it does not."""

import pytest
from django.core import signing

from madoguchi.businesses.models import Business
from madoguchi.businesses.registers import dump, looking_up
from madoguchi.foundation.models import AuditEvent
from madoguchi.web.portal import fit_cookie, register_cookie
from tests.businesses.register_rows import NUMBER, a_number, a_row, as_csv, gbizinfo_answer
from tests.foundation.misbehaving import misbehaving_server
from tests.web.portal.fit_rules import AREA, HERE, STAFF, a_ruled_edition, tell
from tests.web.portal.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


@pytest.fixture
def register(data_dir):
    """The agency's list with one company, one closed company."""
    path = data_dir / "all.csv"
    path.write_text(as_csv(a_row(), a_row(a_number(5), closeDate="2026-05-02", closeCause="01")))
    dump.load(path)


@pytest.fixture
def gbizinfo(settings, monkeypatch):
    monkeypatch.setattr(looking_up, "SECONDS", 0.5)
    with misbehaving_server() as running:
        settings.GBIZINFO_URL, settings.GBIZINFO_TOKEN = f"{running.url}/hojin", "token"
        running.answers[f"/hojin/v2/hojin/{NUMBER}"] = (200, gbizinfo_answer())
        yield running


def send(client, number, headers=HERE):
    return client.post("/fit/number/", {"number": number}, headers=headers)


def held(client, cookie=fit_cookie):
    kept = client.cookies.get(cookie.NAME)
    return signing.loads(kept.value, salt=cookie.SALT) if kept and kept.value else {}


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def test_without_a_register_there_is_no_field(client, data_dir):
    assert "法人番号" not in page(client, "/fit/")
    assert send(client, NUMBER).status_code == 200


@pytest.mark.usefixtures("register", "gbizinfo")
def test_a_number_answers_what_the_registers_say(client):
    a_ruled_edition("hojo", STAFF, AREA)
    assert "法人番号がわかれば" in page(client, "/fit/")
    response = send(client, NUMBER)
    assert response.url == "/fit/?filled=1#answers"
    assert held(client) == {
        "area": "131016",
        "head_office_area": "131016",
        "legal_form": "kabushiki",
        "industry": "58",
        "capital_yen": 10_000_000,
        "employees": 12,
        "established_on": "2005-04-01",
    }
    html = page(client, "/fit/?filled=1")
    assert "台帳の内容を、答えに入れました" in html
    assert html.count("出どころ：法人番号公表サイト") == 3
    assert html.count("出どころ：gBizINFO") == 4
    assert "1件の支援が、使えるかもしれません" in page(client, "/fit/results/")


@pytest.mark.usefixtures("register", "gbizinfo")
def test_a_corrected_answer_is_the_visitors_own(client):
    a_ruled_edition("hojo", STAFF)
    send(client, NUMBER)
    tell(client, "employees", "3")
    html = page(client, "/fit/answers/")
    assert html.count("出どころ：gBizINFO") == 3
    assert "3人" in html


@pytest.mark.usefixtures("register", "gbizinfo")
def test_what_the_visitor_told_before_goes_first(client):
    a_ruled_edition("hojo", STAFF, AREA)
    tell(client, "employees", "3")
    tell(client, "area", unknown="1")
    send(client, NUMBER)
    assert (held(client)["employees"], held(client)["area"]) == (3, "131016")


@pytest.mark.usefixtures("register", "gbizinfo")
def test_nothing_is_kept_on_the_server_and_the_number_nowhere(client, caplog):
    send(client, NUMBER)
    assert not Business.objects.exists()
    assert not AuditEvent.objects.exists()
    kept = str([held(client), held(client, register_cookie)])
    assert NUMBER not in kept + caplog.text
    assert "みほん商店" not in kept


@pytest.mark.usefixtures("register", "gbizinfo")
def test_erasing_takes_the_registers_answers_too(client):
    send(client, NUMBER)
    client.post("/fit/erase/", headers=HERE)
    assert (held(client), held(client, register_cookie)) == ({}, {})


@pytest.mark.usefixtures("register")
def test_a_wrong_check_digit_is_named_at_the_field(client):
    wrong = f"{int(NUMBER[0]) % 9 + 1}{NUMBER[1:]}"
    response = send(client, wrong)
    html = text_of(response)
    assert response.status_code == 422
    assert "＊法人番号が正しくありません。" in html
    assert f'value="{wrong}"' in html
    assert 'aria-invalid="true"' in html
    assert held(client) == {}


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("typed", ["", "みほん", "1" * 500, "<script>", "\x00"])
def test_what_is_no_number_is_named_at_the_field(client, typed):
    response = send(client, typed)
    assert response.status_code == 422
    assert "13桁の数字" in text_of(response)


@pytest.mark.usefixtures("register")
def test_an_unknown_number_is_answered_kindly(client):
    a_ruled_edition("hojo", STAFF)
    html = text_of(send(client, a_number(77)))
    assert "この番号の会社は、台帳にありませんでした。質問に答えれば、同じように調べられます。" in html
    assert "質問を始める" in html


@pytest.mark.usefixtures("register")
def test_a_closed_company_fills_nothing_in(client):
    assert "閉鎖" in text_of(send(client, a_number(5)))
    assert held(client) == {}


def test_a_register_that_is_silent_is_no_error(client, gbizinfo, data_dir):
    gbizinfo.answers[f"/hojin/v2/hojin/{NUMBER}"] = (500, b"")
    response = send(client, NUMBER)
    assert response.status_code == 200
    assert "いま答えがありません" in text_of(response)


@pytest.mark.usefixtures("register")
def test_a_form_of_another_site_is_refused(client):
    assert send(client, NUMBER, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.usefixtures("register")
def test_a_forged_note_of_where_answers_come_from_says_nothing(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "3")
    for forged in (
        "x",
        signing.dumps({"employees": [3, "nta"]}),
        signing.dumps({"employees": 3}, salt=register_cookie.SALT),
    ):
        client.cookies[register_cookie.NAME] = forged
        assert "出どころ" not in page(client, "/fit/answers/")
