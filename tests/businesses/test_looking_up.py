"""All registers as one, against a server on this machine that answers in their shapes and misbehaves."""

import pytest

from madoguchi.businesses.registers import dump, looking_up
from madoguchi.businesses.registers.looking_up import is_configured, look_up, look_up_typed
from tests.businesses.register_rows import (
    NUMBER,
    a_number,
    a_row,
    as_csv,
    gbizinfo_answer,
    web_api_answer,
)
from tests.foundation.misbehaving import misbehaving_server

pytestmark = pytest.mark.usefixtures("data_dir")

NUM = f"/4/num?id=K123&number={NUMBER}&type=02&history=0"
HOJIN = f"/hojin/v2/hojin/{NUMBER}"


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(looking_up, "SECONDS", 0.5)
    with misbehaving_server() as running:
        settings.NTA_API_URL, settings.NTA_APPLICATION_ID = f"{running.url}/4", "K123"
        settings.GBIZINFO_URL, settings.GBIZINFO_TOKEN = f"{running.url}/hojin", "token"
        yield running


@pytest.fixture
def both(server):
    server.answers |= {NUM: (200, web_api_answer(a_row())), HOJIN: (200, gbizinfo_answer())}
    return server


def said(looked):
    return {name: (each.value, each.source.value) for name, each in looked.entry.said.items()}


def test_each_field_comes_with_the_register_that_said_it(both):
    looked = look_up(NUMBER)
    assert said(looked) == {
        "corporate_number": (NUMBER, "nta"),
        "name": ("株式会社みほん商店", "nta"),
        "kana": ("ミホンショウテン", "nta"),
        "legal_form": ("kabushiki", "nta"),
        "postal_code": ("100-0013", "nta"),
        "area_code": ("131016", "nta"),
        "town": ("霞が関", "nta"),
        "street": ("三丁目１番１号", "nta"),
        "url": ("https://www.example.jp/", "gbizinfo"),
        "industry": ("58", "gbizinfo"),
        "capital_yen": (10_000_000, "gbizinfo"),
        "employees": (12, "gbizinfo"),
        "employees_counted": ("register", "gbizinfo"),
        "founded_on": ("2005-04-01", "gbizinfo"),
    }
    assert (looked.entry.representative, looked.troubles) == ("見本 太郎", ())
    assert {"x-hojininfo-api-token": "token"}.items() <= both.headers[-1].items()


def test_with_the_list_at_hand_the_agency_is_not_asked(both, tmp_path):
    path = tmp_path / "all.csv"
    path.write_text(as_csv(a_row(name="株式会社てもと")))
    dump.load(path)
    looked = look_up(NUMBER)
    assert looked.entry.values["name"] == "株式会社てもと"
    assert all("/4/" not in asked for asked in both.asked)


@pytest.mark.parametrize(
    "answer",
    [
        (404, b""),
        (403, b""),
        (500, b"x"),
        (200, b""),
        (200, b"\xff"),
        (200, b'"x"\r\n"a","b"\r\n'),
        (302, b""),
    ],
)
def test_without_an_answer_of_the_agency_gbizinfo_stands_in(both, answer):
    both.answers[NUM] = answer
    looked = look_up(NUMBER)
    assert said(looked)["name"] == ("株式会社みほん商店", "gbizinfo")
    assert said(looked)["area_code"] == ("131016", "gbizinfo")
    assert [str(trouble) for trouble in looked.troubles] == ["法人番号公表サイトから、いま答えがありません。"]


@pytest.mark.parametrize(
    "answer",
    [(500, b""), (401, b""), (429, b""), (200, b"{"), (200, b"[]"), (200, b"null"), (200, b"[" * 5000)],
)
def test_without_an_answer_of_gbizinfo_the_agency_is_enough(both, answer):
    both.answers[HOJIN] = answer
    looked = look_up(NUMBER)
    assert said(looked)["name"][1] == "nta"
    assert "capital_yen" not in looked.entry.said
    assert [str(trouble) for trouble in looked.troubles] == ["gBizINFO から、いま答えがありません。"]


def test_a_number_that_gbizinfo_does_not_know_is_no_trouble(both):
    both.answers[HOJIN] = (404, b"")
    assert look_up(NUMBER).troubles == ()


def test_a_number_nobody_bears_is_answered_so(server):
    number = a_number(77)
    server.answers[NUM.replace(NUMBER, number)] = (200, web_api_answer())
    looked = look_up(number)
    assert (looked.entry, looked.is_answered, looked.troubles) == (None, True, ())


def test_when_nobody_answers_that_is_said_and_nothing_guessed(server, settings):
    settings.NTA_API_URL = f"{server.url}/silent?"
    settings.GBIZINFO_URL = "http://127.0.0.1:9"
    looked = look_up(NUMBER)
    assert (looked.entry, looked.is_answered, len(looked.troubles)) == (None, False, 2)


def test_a_closed_company_is_said_to_be_closed(both):
    successor = a_number(5)
    row = a_row(closeDate="2026-05-02", closeCause="11", successorCorporateNumber=successor)
    both.answers[NUM] = (200, web_api_answer(row))
    entry = look_up(NUMBER).entry
    assert (entry.closed_on, entry.successor) == ("2026-05-02", successor)


def test_only_what_can_be_read_is_taken(both):
    odd = {
        "capital_stock": "-",
        "employee_number": "不明",
        "company_url": "javascript:x",
        "industry": ["999999"],
    }
    both.answers[HOJIN] = (200, gbizinfo_answer(**odd, date_of_establishment="", founding_year=2005))
    found = said(look_up(NUMBER))
    assert {"capital_yen", "employees", "url", "industry"}.isdisjoint(found)
    assert found["founded_on"] == ("2005", "gbizinfo")


def test_an_answer_about_another_number_is_not_taken(both):
    both.answers[HOJIN] = (200, gbizinfo_answer(a_number(9)))
    assert "capital_yen" not in look_up(NUMBER).entry.said


def test_a_broken_list_is_a_trouble_and_no_crash(both, data_dir):
    (data_dir / dump.FILE_NAME).write_bytes(b"no database" * 100)
    looked = look_up(NUMBER)
    assert said(looked)["name"][1] == "gbizinfo"
    assert len(looked.troubles) == 1


def test_a_register_that_hangs_does_not_hold_every_worker(both, monkeypatch):
    import threading

    monkeypatch.setattr(looking_up, "_AT_ONCE", threading.BoundedSemaphore(1))
    with looking_up._AT_ONCE:
        looked = look_up(NUMBER)
    assert looked.entry is None
    assert "混み合って" in str(looked.troubles[0])
    assert look_up(NUMBER).entry is not None


def test_nothing_configured_asks_nobody(settings):
    settings.NTA_APPLICATION_ID = settings.GBIZINFO_TOKEN = ""
    assert not is_configured()
    assert look_up(NUMBER).entry is None


def test_a_wrong_check_digit_is_named_before_anybody_is_asked(both):
    wrong = f"{int(NUMBER[0]) % 9 + 1}{NUMBER[1:]}"
    with pytest.raises(ValueError, match="正しくありません"):
        look_up_typed(wrong)
    assert both.asked == []
