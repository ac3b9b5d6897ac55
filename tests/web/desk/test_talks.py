"""相談の記録を直す: what the page shows, refuses and keeps."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import correcting_talks
from madoguchi.consultations.operations.recording import Talk, record_consultation
from madoguchi.foundation import clock
from tests.accounts.people import a_hat
from tests.consultations.cases import a_taken_case, its_organisation, the_involvement
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk, sign_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat(client):
    return a_desk(client)


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


def a_talk(case, hat, **changes) -> Consultation:
    said = {"channel": Channel.DESK, "held_on": clock.today(), "minutes": 30, "place": "本庁", **changes}
    at = clock.now()
    return record_consultation(involvement=the_involvement(case, hat), talk=Talk(**said), hat=hat, at=at)


@pytest.fixture
def talk(case, hat):
    return a_talk(case, hat)


def address(talk):
    return reverse("desk:talk", args=[talk.case.key, talk.pk])


def send(client, talk, **changes):
    filled = {
        "channel": talk.channel,
        "held_on": talk.held_on.isoformat(),
        "minutes": talk.minutes,
        "people": talk.people,
        "place": talk.place,
        "why": "まちがえて入れた",
        "version": "1",
    }
    return client.post(address(talk), filled | changes)


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def case_page(client, case):
    return client.get(reverse("desk:case", args=[case.key]))


def test_the_history_leads_to_correcting_it_and_keeps_what_it_said(client, talk, case):
    assert address(talk) in text_of(case_page(client, case))
    assert send(client, talk, minutes="90", channel="visit").url == reverse("desk:case", args=[case.key])
    html = text_of(case_page(client, case))
    assert "巡回の相談" in html
    assert "窓口・本庁・30分・1人。理由：まちがえて入れた" in html


def test_without_a_reason_nothing_changes_and_what_was_typed_stands(client, talk):
    response = send(client, talk, minutes="90", why="")
    assert response.status_code == 422
    assert "直す理由を、ひとこと書いてください。" in text_of(response)
    assert response.context["form"]["minutes"].value() == "90"
    assert Consultation.objects.get().minutes == 30


def test_absurd_numbers_are_refused_in_our_words_with_their_unit(client, talk):
    html = text_of(send(client, talk, minutes="99999", people="-1"))
    assert "1分から1,440分までの数を入れてください。" in html
    assert "1人から999人までの数を入れてください。" in html
    assert "1分から1,440分まで" in text_of(send(client, talk, minutes="たくさん"))


def test_one_counted_by_mistake_is_taken_back_and_counted_again(client, talk, case):
    send(client, talk, take_back="1", held_on="", why="二重に入れた")
    assert not Consultation.objects.exists()
    html = text_of(case_page(client, case))
    assert "数えていません" in html
    assert "二重に入れた" in html
    assert "もう一度数える" in text_of(client.get(address(talk)))
    client.post(address(talk), {"why": "やはり数える", "version": "2"})
    assert Consultation.objects.count() == 1


def test_one_in_the_wrong_case_moves_and_both_cases_say_so(client, talk, case, hat):
    right = a_taken_case(hat, title="創業したい")
    assert send(client, talk, case_number="2026-9999").status_code == 422
    send(client, talk, case_number=right.number)
    assert "相談の記録を、別の案件に移しました" in text_of(case_page(client, case))
    assert "本庁" in text_of(case_page(client, right))


def test_who_is_late_sees_what_stands_there_now(client, talk, hat):
    facts = correcting_talks.facts_of(talk)
    other = Talk(channel=Channel.TELEPHONE, held_on=facts.held_on, minutes=15)
    correcting_talks.correct_talk(talk=talk, to=other, why="先", version=1, hat=hat, at=clock.now())
    response = send(client, talk, minutes="90")
    assert response.status_code == 409
    assert "電話・15分" in text_of(response)
    assert response.context["form"]["minutes"].value() == "90"


def test_a_correction_of_a_month_past_says_that_its_report_changed(client, talk):
    last_month = (clock.today().replace(day=1) - timedelta(days=1)).isoformat()
    response = send(client, talk, held_on=last_month)
    day = date.fromisoformat(last_month)
    html = text_of(client.get(response.url))
    assert f"{day.year}年{day.month}月の指導実績を出していたら" in html


def test_a_colleague_finds_no_such_page_and_a_manager_does(client, talk, hat):
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat)))
    assert client.get(address(talk)).status_code == 404
    assert address(talk) not in text_of(case_page(client, talk.case))
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat), role=Role.MANAGER))
    assert client.get(address(talk)).status_code == 200


def test_a_talk_of_another_case_is_none(client, talk, hat):
    other = a_taken_case(hat)
    assert client.get(reverse("desk:talk", args=[other.key, talk.pk])).status_code == 404


def test_a_case_costs_the_same_with_1_and_20_corrected_talks(client, hat):
    short, long = a_taken_case(hat), a_taken_case(hat)
    for case, count in ((short, 1), (long, 20)):
        for n in range(count):
            talk = a_talk(case, hat, minutes=n + 1)
            correcting_talks.take_back(talk=talk, why="二重", version=1, hat=hat, at=clock.now())
    case_page(client, short)
    assert cost(lambda: case_page(client, short)) == cost(lambda: case_page(client, long))
