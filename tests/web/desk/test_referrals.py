"""Sending, answering and sharing a referral, as the pages of the staff show it."""

import re

import pytest
from django.urls import reverse

from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import Case, CasePerson, Consent, Involvement, Link
from madoguchi.consultations.operations import consenting, moves
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Organisation
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation, sign_in
from tests.consultations.cases import (
    AT,
    a_referral,
    a_referral_outside,
    a_request,
    a_taken_case,
    a_topic,
    agreed,
    its_organisation,
    the_involvement,
    the_person,
)
from tests.web.desk.signed_in import a_desk

pytestmark = pytest.mark.django_db

AGREED = {"scope": "this", "means": "spoken"}


@pytest.fixture
def sender():
    return a_hat(at=AT, organisation=an_organisation("甲商工会", telephone="0178-00-0001"))


@pytest.fixture
def receiver():
    return a_hat(at=AT, organisation=an_organisation("乙センター"))


@pytest.fixture
def case(sender):
    return a_taken_case(sender, contact={"name": "見本 花子", "telephone": "0178-00-0002"})


@pytest.fixture
def secret_case(sender):
    return a_taken_case(sender, topics=[a_topic("事業承継", is_secret=True)], title="後継ぎのこと")


@pytest.fixture
def acting(client):
    """A client that acts under a hat."""

    def act(hat):
        sign_in(client, User.objects.get(pk=hat.user_id))
        return client

    return act


def page(name, case, *rest):
    return reverse(f"desk:{name}", args=[case.key, *rest])


def text(response):
    """What a page says, without the places where lines may break."""
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode().replace("<wbr>", ""))


# ── sending ──


def test_the_list_offers_who_uses_this_site(acting, case, sender, receiver):
    html = text(acting(sender).get(page("refer", case)))
    assert "乙センター" in html
    assert "この画面で受け取り、返事をします" in html


def test_the_list_is_narrowed_by_words(acting, case, sender, receiver):
    an_organisation("海外展開の会", summary="輸出の相談")
    html = text(acting(sender).get(page("refer", case), {"q": "輸出"}))
    assert "海外展開の会" in html
    assert "乙センター" not in html
    assert "みつかりませんでした" in text(acting(sender).get(page("refer", case), {"q": "x" * 500}))


def test_the_list_costs_the_same_for_one_place_and_for_twenty(acting, case, sender, receiver):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries:
            acting(sender).get(page("refer", case))
        return len(queries)

    cost()
    for_one = cost()
    for number in range(19):
        a_hat(at=AT, organisation=an_organisation(f"機関{number}"))
    assert cost() == for_one


def test_a_referral_and_its_consent_are_sent_in_one_form(acting, case, sender, receiver):
    address = f"{page('refer', case)}?organisation={its_organisation(receiver).slug}"
    assert "事業者の同意" in text(acting(sender).get(address))
    response = acting(sender).post(address, {"message": "お願いします。", **AGREED})
    assert response.url == page("case", case)
    assert Involvement.objects.get(organisation=receiver.organisation_id).message == "お願いします。"
    assert Consent.objects.get().organisations.get().pk == receiver.organisation_id


def test_without_consent_the_form_says_what_is_missing_and_keeps_the_text(acting, case, sender, receiver):
    address = f"{page('refer', case)}?organisation={its_organisation(receiver).slug}"
    response = acting(sender).post(address, {"message": "長い文を書きました。"})
    assert response.status_code == 422
    assert "事業者がどこまで同意したかを選んでください。" in text(response)
    assert "長い文を書きました。" in text(response)
    assert not Involvement.objects.filter(organisation=receiver.organisation_id).exists()


def test_a_consent_that_is_there_is_not_asked_for(acting, case, sender, receiver):
    consent = agreed()
    consenting.give(case=case, scope=consent.scope, means=consent.means, hat=sender, at=AT)
    address = f"{page('refer', case)}?organisation={its_organisation(receiver).slug}"
    assert "同意の確かめ方" not in text(acting(sender).get(address))
    acting(sender).post(address, {"message": "お願いします。"})
    assert Involvement.objects.filter(organisation=receiver.organisation_id).exists()


def test_who_is_at_work_already_is_not_asked_again(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    address = f"{page('refer', case)}?organisation={its_organisation(receiver).slug}"
    response = acting(sender).post(address, {"message": "もう一度。", **AGREED})
    assert response.status_code == 422
    assert "すでに引き継いでいます" in text(response)


def test_a_secret_case_asks_who_may_see_it_and_offers_no_general_consent(
    acting, secret_case, sender, receiver
):
    address = f"{page('refer', secret_case)}?organisation={its_organisation(receiver).slug}"
    html = text(acting(sender).get(address))
    assert "見てよい人" in html
    assert "相談先が選ぶ機関に伝えてよい" not in html
    refused = acting(sender).post(address, {"message": "お願いします。", **AGREED})
    assert refused.status_code == 422
    acting(sender).post(address, {"message": "お願いします。", **AGREED, "people": [receiver.user_id]})
    assert CasePerson.objects.filter(case=secret_case, user=receiver.user_id, until=None).exists()


def test_an_organisation_without_an_account_is_reached_by_link_or_paper(acting, case, sender):
    lonely = an_organisation("丙組合")
    address = f"{page('refer', case)}?organisation={lonely.slug}"
    response = acting(sender).get(address, follow=True)
    assert 'value="丙組合"' in response.content.decode()
    outside = f"{page('refer', case)}?to=outside"
    sent = {"name": "丙組合", "email": "kumiai@example.jp", "message": "お願いします。", **AGREED}
    assert acting(sender).post(outside, sent).url == page("case", case)
    assert Involvement.objects.get(outside_name="丙組合").state == InvolvementState.SENT
    assert Mail.objects.get().to == "kumiai@example.jp"


def test_who_has_not_taken_the_case_is_told_so(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    assert "まだ引き受けていないか" in text(acting(receiver).get(page("refer", case)))


@pytest.mark.parametrize("name", ["refer", "answer", "finish", "sharing", "case_people"])
def test_a_stranger_finds_no_page_of_a_case(acting, case, receiver, name):
    assert acting(receiver).get(page(name, case)).status_code == 404
    assert acting(receiver).get(reverse(f"desk:{name}", args=["nosuchcase23"])).status_code == 404


# ── answering ──


def test_the_receiver_reads_what_is_asked_and_takes_it(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    html = text(acting(receiver).get(page("answer", case)))
    assert "甲商工会からのお願い" in html
    assert "販路のことを、お願いします。" in html
    response = acting(receiver).post(page("answer", case), {"what": "take", "adviser": receiver.user_id})
    assert response.url == page("case", case)
    assert Involvement.objects.get(organisation=receiver.organisation_id).adviser_id == receiver.user_id


def test_reading_what_is_asked_is_recorded(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    acting(receiver).get(page("answer", case))
    event = AuditEvent.objects.filter(action="consultations.case_read").latest("pk")
    assert (event.actor_id, event.data) == (str(receiver.user_id), {"what": "referral"})


def test_declining_needs_a_reason_and_may_name_somebody_else(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    refused = acting(receiver).post(page("answer", case), {"what": "decline", "reason": "other"})
    assert refused.status_code == 422
    sent = {"what": "decline", "reason": "not_for_us", "note": "窓口がちがいます。", "suggestion": "丙組合"}
    assert acting(receiver).post(page("answer", case), sent).url == "/desk/"
    row = Involvement.objects.get(organisation=receiver.organisation_id)
    assert (row.answer, row.answer_note) == ("not_for_us", "窓口がちがいます。\nほかの心当たり：丙組合")
    assert acting(receiver).get(page("answer", case)).status_code == 404


def test_withdrawn_is_no_answer_that_somebody_can_give(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    sent = {"what": "decline", "reason": "withdrawn"}
    assert acting(receiver).post(page("answer", case), sent).status_code == 422


def test_that_another_took_it_is_said_and_the_answer_is_still_asked_for(acting, case, sender, receiver):
    third = a_hat(at=AT, organisation=an_organisation("丙組合"))
    a_referral(case, sender, receiver)
    moves.take(involvement=a_referral(case, sender, third), adviser=the_person(third), hat=third, at=AT)
    html = text(acting(receiver).get(page("answer", case)))
    assert "ほかの機関が、先に引き受けています" in html
    assert "丙組合" in html
    acting(receiver).post(page("answer", case), {"what": "take", "adviser": receiver.user_id})
    assert Involvement.objects.get(organisation=receiver.organisation_id).state == "accepted"


def test_who_comes_after_a_colleague_sees_who_has_it(acting, case, sender, receiver):
    colleague = a_hat(at=AT, organisation=its_organisation(receiver))
    User.objects.filter(pk=colleague.user_id).update(display_name="同僚 次郎")
    sent = a_referral(case, sender, receiver)
    moves.take(involvement=sent, adviser=the_person(colleague), hat=colleague, at=AT)
    response = acting(receiver).post(page("answer", case), {"what": "take", "adviser": receiver.user_id})
    assert response.status_code == 409
    assert "同僚 次郎さんが担当です" in text(response)
    assert acting(receiver).get(page("answer", case)).status_code == 200


def test_an_adviser_of_another_organisation_cannot_be_named(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    response = acting(receiver).post(page("answer", case), {"what": "take", "adviser": sender.user_id})
    assert response.status_code == 422


def test_the_own_part_is_finished_with_what_came_of_it(acting, case, sender):
    assert acting(sender).post(page("finish", case), {}).status_code == 422
    acting(sender).post(page("finish", case), {"result": "helped", "note": "売れました。"})
    own = the_involvement(case, sender)
    assert (own.state, own.result, own.result_note) == ("finished", "helped", "売れました。")
    assert acting(sender).post(page("finish", case), {"result": "helped"}).status_code == 409


# ── sharing ──


def test_the_page_says_who_reads_what(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    html = text(acting(sender).get(page("sharing", case)))
    assert "だれが何を読めるか" in html
    assert "共有の記録と、自分の機関の内部の記録" in html
    assert "口頭で：相談先が選ぶ機関に伝えることに同意" in html


def test_a_consent_is_recorded_and_taken_back_after_one_question(acting, case, sender, receiver):
    named = {"scope": "this", "organisation": receiver.organisation_id, "means": "written"}
    acting(sender).post(page("sharing", case), named)
    consent = Consent.objects.get()
    a_referral(case, sender, receiver, agreed=None)
    address = page("consent_withdraw", case, consent.pk)
    asked = acting(sender).post(address)
    assert "同意の取り消しを記録しますか" in text(asked)
    assert Consent.objects.filter(withdrawn_at=None).exists()
    acting(sender).post(address, {"sure": "1"})
    assert not Case.objects.visible_to(receiver).exists()
    assert "に取り消し）" in text(acting(sender).get(page("sharing", case)))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"scope": "this", "means": "spoken"},
        {"scope": "outside", "means": "spoken"},
        {"scope": "any", "means": "online"},
        {"scope": "any"},
    ],
)
def test_a_consent_that_says_too_little_is_asked_for_again(acting, case, sender, sent):
    assert acting(sender).post(page("sharing", case), sent).status_code == 422
    assert not Consent.objects.exists()


def test_a_consent_goes_on_naming_an_organisation_that_the_pack_dropped(acting, case, sender, receiver):
    named = agreed(with_all=False, organisations=[its_organisation(receiver)])
    a_referral(case, sender, receiver, agreed=named)
    Organisation.objects.filter(pk=receiver.organisation_id).update(is_current=False)
    agreements = acting(sender).get(page("sharing", case)).context["agreements"]
    assert "乙センター" in agreements[0].sentence


def test_a_consent_of_another_case_is_not_found(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    other = a_taken_case(sender)
    address = page("consent_withdraw", other, Consent.objects.get().pk)
    assert acting(sender).post(address, {"sure": "1"}).status_code == 404


def test_who_only_was_asked_reads_and_changes_no_consent(acting, case, sender, receiver):
    a_referral(case, sender, receiver)
    assert "同意を記録する" not in text(acting(receiver).get(page("sharing", case)))
    acting(receiver).post(page("consent_withdraw", case, Consent.objects.get().pk), {"sure": "1"})
    assert Consent.objects.filter(withdrawn_at=None).exists()


def test_who_takes_part_costs_the_same_for_one_and_for_twenty(acting, case, sender):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries:
            acting(sender).get(page("sharing", case))
        return len(queries)

    a_referral_outside(case, sender)
    cost()
    for_one = cost()
    for number in range(19):
        a_referral_outside(case, sender, name=f"外 {number}")
    assert cost() == for_one


# ── people ──


def test_the_case_is_handed_to_a_colleague(acting, case, sender):
    colleague = a_hat(at=AT, organisation=its_organisation(sender))
    acting(sender).post(page("case_people", case), {"what": "hand_over", "adviser": colleague.user_id})
    assert the_involvement(case, sender).adviser_id == colleague.user_id


def test_people_are_named_and_ended_by_the_lead(acting, secret_case, sender):
    colleague = a_hat(at=AT, organisation=its_organisation(sender))
    acting(sender).post(page("case_people", secret_case), {"what": "name", "person": colleague.user_id})
    assert acting(colleague).get(page("case_people", secret_case)).status_code == 200
    acting(sender).post(page("case_people", secret_case), {"what": "end", "person": colleague.user_id})
    assert acting(colleague).get(page("case_people", secret_case)).status_code == 404


def test_the_last_person_is_kept_with_a_sentence(acting, secret_case, sender):
    address = page("case_people", secret_case)
    response = acting(sender).post(address, {"what": "end", "person": sender.user_id}, follow=True)
    assert "見られる人が、いなくなります" in text(response)


def test_nonsense_names_nobody(acting, secret_case, sender):
    address = page("case_people", secret_case)
    assert acting(sender).post(address, {"what": "end", "person": "x"}).status_code == 404
    assert acting(sender).post(address, {"what": "name", "person": "999999"}).status_code == 422
    assert acting(sender).post(address, {"what": "?"}).status_code == 200


# ── outside ──


def test_a_letter_makes_a_link_and_tells_no_note(acting, case, sender):
    sent = a_referral_outside(case, sender, email="")
    response = acting(sender).post(page("referral_letter", case, sent.pk))
    html = text(response)
    assert "紹介状" in html
    assert "ご相談をお願いします。" in html
    assert "0178-00-0002" in html
    assert Link.objects.filter(involvement=sent).count() == 1
    assert "data:image/svg+xml" in response.content.decode()
    assert acting(sender).get(page("referral_letter", case, sent.pk)).status_code == 405


def test_a_link_that_was_handed_over_is_taken_back_with_one_button(acting, case, sender, receiver):
    sent = a_referral_outside(case, sender)
    back = page("referral_link_withdraw", case, sent.pk)
    assert back in acting(sender).get(page("sharing", case)).content.decode()
    assert "渡したリンクを使えなくしました" in text(acting(sender).post(back, follow=True))
    assert not Link.objects.filter(expires_at__gt=clock.now()).exists()
    assert "いま使えるリンクは、ありません" in text(acting(sender).post(back, follow=True))
    assert acting(sender).get(back).status_code == 405
    assert acting(receiver).post(back).status_code == 404


def test_an_answer_by_telephone_is_written_down_once(acting, case, sender):
    sent = a_referral_outside(case, sender)
    address = page("outside_answer", case, sent.pk)
    assert acting(sender).post(address, {"answer": "declined", "name": "外 太郎"}).status_code == 422
    acting(sender).post(address, {"answer": "accepted", "name": "外 太郎"})
    sent.refresh_from_db()
    assert (sent.state, sent.answered_by_name) == ("accepted", "外 太郎")
    acting(sender).post(address, {"answer": "finished", "detail": "helped", "name": "外 太郎"})
    sent.refresh_from_db()
    assert (sent.state, sent.result) == ("finished", "helped")


def test_a_referral_to_an_organisation_has_no_letter(acting, case, sender, receiver):
    sent = a_referral(case, sender, receiver)
    assert acting(sender).post(page("referral_letter", case, sent.pk)).status_code == 404
    assert acting(sender).get(page("outside_answer", case, sent.pk)).status_code == 404


def test_paths_in_mail_lead_to_pages(case, sender, receiver):
    from django.urls import resolve

    from madoguchi.consultations.operations import telling

    sent = a_referral(case, sender, receiver)
    assert resolve(telling.case_path(case)).url_name == "case"
    assert resolve(telling.answer_path(sent)).url_name == "answer"
    assert resolve(telling.link_path("x")).url_name == "referral"
    assert resolve("/desk/cases/").url_name == "cases"


def test_an_operator_opens_no_case(acting, case):
    operator = a_hat(at=AT, organisation=an_organisation("運用"), role=Role.OPERATOR)
    assert acting(operator).get(page("sharing", case)).status_code == 403


def test_what_nobody_else_can_have_waits_for_the_managers_who_may_take_it(client):
    manager = a_desk(client, role=Role.MANAGER)
    case = a_request(its_organisation(manager))
    sent = {"what": "decline", "reason": "not_for_us"}
    html = client.post(page("answer", case), sent, follow=True).content.decode()
    assert "管理者の「引き受け先なし」に入れました" in html
    assert case.title in client.get("/desk/trays/untaken/").content.decode()
    assert "この相談は、引き受け先がありません" in client.get(page("case", case)).content.decode()
    client.post(page("take", case))
    assert "この相談は、引き受け先がありません" not in client.get(page("case", case)).content.decode()
    assert case.title not in client.get("/desk/trays/untaken/").content.decode()
