"""A referral for somebody without an account."""

import re
from datetime import timedelta

import pytest

from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case, Consent, Involvement, Link
from madoguchi.consultations.operations import consenting, recording
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_referral_outside, a_taken_case, a_topic

pytestmark = pytest.mark.django_db

ACCEPT = {"what": "answer", "answer": "accepted", "name": "外 太郎"}


@pytest.fixture
def sender():
    return a_hat(at=AT, organisation=an_organisation("甲商工会", telephone="0178-00-0001"))


@pytest.fixture
def case(sender):
    return a_taken_case(
        sender, title="ないしょの題", contact={"name": "見本 花子", "telephone": "0178-00-0002"}
    )


@pytest.fixture
def address(case, sender):
    a_referral_outside(case, sender, at=clock.now())
    return re.search(r"/referral/[\w-]+/", Mail.objects.get().text)[0]


def text(response):
    """What a page says, without the places where lines may break."""
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode().replace("<wbr>", ""))


def opened():
    return AuditEvent.objects.filter(action="consultations.link_opened").count()


def without_token(response):
    """A page without what is a visitor's own, and without its address."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"/referral/[\w-]+/", "/referral/…/", html)


def test_a_program_that_follows_the_link_opens_nothing(client, address):
    for method in (client.get, client.head):
        assert method(address).status_code == 200
    assert opened() == 0
    assert "ご相談をお願いします" not in text(client.get(address))


def test_the_cover_is_the_same_for_a_good_link_and_a_wrong_one(client, address):
    wrong = f"/referral/{'x' * 32}/"
    assert without_token(client.get(address)) == without_token(client.get(wrong))


def test_a_wrong_link_and_an_expired_one_answer_alike(client, address):
    wrong = client.post(f"/referral/{'x' * 32}/")
    Link.objects.update(expires_at=clock.now())
    expired = client.post(address)
    assert (wrong.status_code, expired.status_code) == (404, 404)
    assert without_token(wrong) == without_token(expired)


def test_opening_shows_the_least_and_is_recorded(client, address, case, sender):
    recording.write_note(case=case, body="共有の記録です。", visibility=Visibility.SHARED, hat=sender, at=AT)
    recording.write_note(
        case=case, body="内部の記録です。", visibility=Visibility.INTERNAL, hat=sender, at=AT
    )
    html = text(client.post(address))
    for words in ("ご相談をお願いします。", "見本 花子", "0178-00-0002", "甲商工会", "共有の記録です。"):
        assert words in html
    for words in ("内部の記録です。", "ないしょの題"):
        assert words not in html
    assert opened() == 1


def test_of_a_secret_case_no_note_is_shown(client, sender):
    case = a_taken_case(sender, topics=[a_topic("事業承継", is_secret=True)])
    recording.write_note(case=case, body="共有の記録です。", visibility=Visibility.SHARED, hat=sender, at=AT)
    a_referral_outside(case, sender, at=clock.now())
    address = re.search(r"/referral/[\w-]+/", Mail.objects.get().text)[0]
    html = text(client.post(address))
    assert "ご相談をお願いします。" in html
    assert "共有の記録です。" not in html


def test_an_answer_is_taken_once_and_the_page_says_how_things_stand(client, address):
    assert "お返事を受け取りました" in text(client.post(address, ACCEPT))
    row = Involvement.objects.get(is_lead=False)
    assert (row.state, row.answered_by_name) == ("accepted", "外 太郎")
    again = client.post(
        address, {"what": "answer", "answer": "declined", "detail": "not_for_us", "name": "別の人"}
    )
    assert again.status_code == 422
    row.refresh_from_db()
    assert row.state == "accepted"
    assert "引き受けるとのお返事をいただきました" in text(client.post(address))


def test_after_a_no_nothing_is_shown_any_more(client, address):
    client.post(address, {"what": "answer", "answer": "declined", "detail": "no_capacity", "name": "外 太郎"})
    html = text(client.post(address))
    assert "引き受けられないとのお返事をいただきました" in html
    assert "見本 花子" not in html
    assert client.post(address, ACCEPT).status_code == 409


def test_a_withdrawn_consent_closes_the_page(client, address, sender):
    consenting.withdraw(consent=Consent.objects.get(), hat=sender, at=AT)
    html = text(client.post(address))
    assert "取り下げられました" in html
    assert "見本 花子" not in html


def test_an_erased_case_shows_nothing(client, address):
    Case.objects.update(erased_at=AT)
    assert "見本 花子" not in text(client.post(address))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"note": "書いた文", "name": "外"}, "お返事を選んでください。"),
        ({"answer": "accepted", "note": "書いた文"}, "お名前を書いてください。"),
        ({"answer": "declined", "name": "書いた文"}, "理由を選んでください。"),
        ({"answer": "declined", "detail": "other", "name": "書いた文"}, "理由を書いてください。"),
        ({"answer": "withdrawn", "name": "書いた文"}, "選択"),
        ({"answer": "finished", "name": "書いた文"}, "選択"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, address, sent, said):
    response = client.post(address, {"what": "answer", **sent})
    assert response.status_code == 422
    assert said in text(response)
    assert "書いた文" in response.content.decode()
    assert Involvement.objects.get(is_lead=False).state == "sent"


def test_the_secret_is_told_to_no_other_site_and_kept_nowhere(client, address):
    for response in (client.get(address), client.post(address)):
        assert response["Referrer-Policy"] == "same-origin"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response.content.decode()
        assert address not in response.content.decode().replace(f'value="{address}"', "")


def test_trying_links_out_is_slowed_down(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"referral_link": "3/m/ip"}
    found = [client.post(f"/referral/{number}/").status_code for number in range(5)]
    assert found == [404, 404, 404, 429, 429]


def test_without_the_limit_all_are_answered(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    assert {client.post(f"/referral/{number}/").status_code for number in range(5)} == {404}


def test_a_link_works_until_its_last_moment(client, address):
    Link.objects.update(expires_at=clock.now() + timedelta(minutes=1))
    assert client.post(address).status_code == 200
