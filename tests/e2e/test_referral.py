"""A referral in the browser: sent, answered by a colleague elsewhere and by somebody without an account."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.operations import moves, recording
from madoguchi.foundation import clock
from madoguchi.mail import stops
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Mail, Stop
from madoguchi.mail.states import MailState
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import (
    a_referral,
    a_referral_outside,
    a_taken_case,
    a_topic,
    its_organisation,
    the_person,
)
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_every_page import faults, keep_picture
from tests.races.server import served, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (PHONE, DESKTOP)


@pytest.fixture
def desk():
    """Two organisations, a case that was referred, a secret one, and one that went outside."""
    at = clock.actual_now()
    sender = a_hat(at=at, organisation=an_organisation("みほん商工会", telephone="0178-00-0001"))
    receiver = a_hat(at=at, organisation=an_organisation("例示産業センター"))
    colleague = a_hat(at=at, organisation=its_organisation(sender))
    operator = a_hat(at=at, organisation=an_organisation("運用の会社"), role=Role.OPERATOR)
    names = ("相談 花子", "受付 一郎", "同僚 次郎", "運用 三郎")
    for hat, name in zip((sender, receiver, colleague, operator), names, strict=True):
        User.objects.filter(pk=hat.user_id).update(display_name=name)
    contact = {"name": "見本 太郎", "telephone": "0178-00-0002", "email": "mihon@example.jp"}
    case = a_taken_case(
        sender, topics=[a_topic("販路開拓")], title="りんご加工品を首都圏で売りたい", contact=contact
    )
    body = "瓶の形とラベルの見直しを提案しました。次回までに、見積書を2社からもらいます。"
    recording.write_note(case=case, body=body, visibility=Visibility.SHARED, hat=sender, at=at)
    secret = a_taken_case(sender, topics=[a_topic("事業承継", is_secret=True)], title="後継ぎのこと")
    a_referral(secret, sender, receiver, people=[the_person(receiver)], at=at)
    return {"sender": sender, "receiver": receiver, "operator": operator, "case": case, "secret": secret}


def opened(look, site, path, *, hat=None, width=DESKTOP):
    """A page as the person of a hat sees it, or somebody without an account."""
    home = f"http://127.0.0.1:{site.port}"
    if hat is None:
        return look(home, path, width=width)
    cookie = {"name": "sessionid", "value": session_of(hat), "domain": "127.0.0.1", "path": "/"}
    cookie |= {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return look(home, path, width=width, storage_state={"cookies": [cookie], "origins": []})


def address(name, case, *rest):
    return reverse(f"desk:{name}", args=[case.key, *rest])


def looked_at(page, name, width):
    keep_picture(page, name, width)
    return faults(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_a_referral_can_be_read_and_pressed(look, desk, tmp_path, width):
    sender, receiver, case, secret = (desk[name] for name in ("sender", "receiver", "case", "secret"))
    at = clock.actual_now()
    organisation = its_organisation(receiver)
    with served(tmp_path) as site:
        for name, path, hat in (
            ("refer", address("refer", case), sender),
            ("refer-form", f"{address('refer', case)}?organisation={organisation.slug}", sender),
            ("refer-outside", f"{address('refer', case)}?to=outside", sender),
            ("answer", address("answer", secret), receiver),
            ("finish", address("finish", case), sender),
            ("people", address("case_people", secret), sender),
            ("sharing-secret", address("sharing", secret), sender),
        ):
            assert looked_at(opened(look, site, path, hat=hat, width=width), name, width) == [], name
        sent = a_referral(case, sender, receiver, at=at)
        moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=at)
        outside = a_referral_outside(case, sender, name="港町信用組合　融資係", at=at)
        for name, path, hat in (
            ("sharing", address("sharing", case), sender),
            ("answered", address("answer", case), receiver),
            ("outside-answer", address("outside_answer", case, outside.pk), sender),
        ):
            assert looked_at(opened(look, site, path, hat=hat, width=width), name, width) == [], name
        page = opened(look, site, address("sharing", case), hat=sender, width=width)
        page.get_by_role("button", name="紹介状を印刷する").click()
        assert looked_at(page, "letter", width) == []
        page = opened(look, site, address("sharing", case), hat=sender, width=width)
        page.get_by_role("button", name="取り消しを記録する").first.click()
        assert looked_at(page, "withdraw", width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_somebody_without_an_account_answers_by_the_keyboard(look, desk, tmp_path, width):
    a_referral_outside(desk["case"], desk["sender"], name="港町信用組合　融資係", at=clock.actual_now())
    path = re.search(r"/referral/[\w-]+/", Mail.objects.get(kind="consultations.referred_outside").text)[0]
    with served(tmp_path) as site:
        page = opened(look, site, path, width=width)
        assert looked_at(page, "outside-cover", width) == []
        page.get_by_role("button", name="紹介の内容を読む").press("Enter")
        page.get_by_role("heading", name="お返事").wait_for()
        assert looked_at(page, "outside-content", width) == []
        page.get_by_role("button", name="返事を送る").press("Enter")
        page.get_by_role("alert").wait_for()
        assert looked_at(page, "outside-errors", width) == []
        page.get_by_label("引き受けます", exact=True).press("Space")
        page.get_by_label("お名前").press_sequentially("外 太郎")
        page.get_by_role("button", name="返事を送る").press("Enter")
        page.get_by_text("お返事を受け取りました").wait_for()
        assert looked_at(page, "outside-answered", width) == []
        gone = opened(look, site, f"/referral/{'x' * 32}/", width=width)
        gone.get_by_role("button", name="紹介の内容を読む").click()
        assert looked_at(gone, "outside-gone", width) == []
    assert Involvement.objects.get(outside_name__startswith="港町").answered_by_name == "外 太郎"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_those_who_run_the_machine_can_be_read(look, desk, tmp_path, width):
    from madoguchi.accounts.operations import operators

    operators.begin(hat=desk["operator"], reason="メールが届かないとの連絡", at=clock.actual_now())
    Mail.objects.update(state=MailState.FAILED, result="refused 550", tries=1)
    with served(tmp_path) as site:
        page = opened(look, site, "/desk/operations/", hat=desk["operator"], width=width)
        assert looked_at(page, "operations", width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_series_of_mail_is_stopped_in_the_browser(look, desk, tmp_path, width):
    way = stops.Way(recipient_hash("hanako@example.jp"), Series.DIGEST)
    with served(tmp_path) as site:
        page = opened(look, site, urlsplit(stops.url_of(way)).path, width=width)
        assert looked_at(page, "mail-stop", width) == []
        page.get_by_role("button", name="このメールを止める").click()
        page.get_by_text("止めました").wait_for()
        assert looked_at(page, "mail-stopped", width) == []
    assert Stop.objects.get().series == Series.DIGEST


def test_an_organisation_answers_without_a_script(look, desk, tmp_path):
    with served(tmp_path) as site:
        path = address("answer", desk["secret"])
        page = opened(look, site, path, hat=desk["receiver"])
        page.get_by_role("button", name="引き受ける", exact=True).click()
        page.get_by_text("引き受けました。次にすることを決めましょう。").wait_for()
    taken = Involvement.objects.get(organisation=desk["receiver"].organisation_id)
    assert taken.adviser_id == desk["receiver"].user_id
