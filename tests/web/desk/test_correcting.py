"""案件を直す, and 事業者につなぐ: what the pages show, refuse and keep."""

import re

import pytest
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from madoguchi.catalogue.models import Programme
from madoguchi.consultations.models import Case, CasePerson, Note
from madoguchi.consultations.operations import correcting
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import a_business, on_the_books, registered_for
from tests.consultations.cases import (
    a_referral,
    a_request,
    a_taken_case,
    a_topic,
    its_organisation,
    the_person,
)
from tests.consultations.test_correcting import as_it_is
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk, sign_in_as

pytestmark = pytest.mark.django_db
ASKED = {"company": "例示工房", "corporate_number": "7000012050002", "programme": "hanro", "who": "business"}


@pytest.fixture
def hat(client):
    return a_desk(client)


@pytest.fixture
def case(hat):
    return a_taken_case(hat, contact={"name": "見本 花子"})


@pytest.fixture
def asked(hat):
    """A request from the site, with what its form asks."""
    contact = {"name": "見本 花子", "telephone": "03-0000-0002"}
    return a_request(its_organisation(hat), answers=ASKED, contact=contact, language="en")


def page(client, case, name="change"):
    return client.get(reverse(f"desk:{name}", args=[case.key]))


def send(client, case, name="change", **data):
    return client.post(reverse(f"desk:{name}", args=[case.key]), data)


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def as_shown(client, case, **changes):
    """What the form holds, with changes."""
    form = page(client, case).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in shown.items() if value not in (None, False)}
    return {**filled, "version": page(client, case).context["case"].version, **changes}


# ── What the case says ──────────────────────────────────────────────────────────────────────────────
def test_the_page_of_a_case_leads_to_correcting_it(client, case):
    assert reverse("desk:change", args=[case.key]) in text_of(page(client, case, "case"))


def test_what_is_corrected_stands_in_the_case(client, case):
    topic = a_topic("融資")
    sent = as_shown(client, case, title="借りたい", main_topic=topic.code, urgency="today")
    assert send(client, case, **sent).url == reverse("desk:case", args=[case.key])
    html = text_of(page(client, case, "case"))
    assert "借りたい" in html
    assert "融資" in html


def test_a_title_is_needed(client, case):
    response = send(client, case, **as_shown(client, case, title=""))
    assert response.status_code == 422
    assert "題名を書いてください" in text_of(response)


def test_of_two_at_once_the_second_sees_both_and_decides(client, hat, case):
    sent = as_shown(client, case, title="わたしの題名")
    to = correcting.Correction(**{**as_it_is(case).__dict__, "title": "先の題名", "contact": {}})
    correcting.correct(case=case, to=to, version=1, hat=hat, at=AT)
    response = send(client, case, **sent)
    assert response.status_code == 409
    html = text_of(response)
    assert "先の題名" in html
    assert "わたしの題名" in html
    assert [fact.label for fact in response.context["theirs"]] == ["題名"]
    assert send(client, case, **{**sent, "version": 2}).status_code == 302
    assert Case.objects.get().title == "わたしの題名"


def version_shown(response):
    return re.search(r'name="version" value="(\d+)"', text_of(response)).group(1)


def test_what_was_refused_once_does_not_pass_over_what_somebody_saved_meanwhile(client, hat, case):
    sent = as_shown(client, case, title="")
    to = correcting.Correction(**{**as_it_is(case).__dict__, "title": "先の題名", "contact": {}})
    correcting.correct(case=case, to=to, version=1, hat=hat, at=AT)
    refused = send(client, case, **sent)
    assert (refused.status_code, version_shown(refused)) == (422, "1")
    again = send(client, case, **{**sent, "title": "わたしの題名", "version": version_shown(refused)})
    assert (again.status_code, version_shown(again)) == (409, "2")
    assert Case.objects.get().title == "先の題名"


def test_with_the_version_of_now_it_would_be_lost(client, hat, case):
    sent = as_shown(client, case, title="わたしの題名")
    to = correcting.Correction(**{**as_it_is(case).__dict__, "title": "先の題名", "contact": {}})
    correcting.correct(case=case, to=to, version=1, hat=hat, at=AT)
    assert send(client, case, **{**sent, "version": version_shown(page(client, case))}).status_code == 302
    assert Case.objects.get().title == "わたしの題名"


def test_who_was_asked_and_has_not_answered_reads_why_not(client, case, hat):
    other = a_hat(at=AT, organisation=an_organisation("乙"))
    a_referral(case, hat, other)
    sign_in_as(client, other)
    assert "まだ引き受けていない" in text_of(page(client, case))
    assert send(client, case, title="x", urgency="normal", version=1).status_code == 422


def test_a_stranger_finds_no_page_to_correct(client, case):
    sign_in_as(client, a_hat(at=AT, organisation=an_organisation("よそ")))
    assert page(client, case).status_code == 404
    assert send(client, case, title="x").status_code == 404
    assert page(client, case, "case_business").status_code == 404


def test_a_colleague_who_makes_it_secret_is_led_away(client, case, hat):
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat)))
    assert send(client, case, **as_shown(client, case, is_secret="on")).url == reverse("desk:home")
    assert page(client, case, "case").status_code == 404


def test_opening_a_secret_case_asks_a_named_manager_for_a_reason(client, case, hat):
    send(client, case, **as_shown(client, case, is_secret="on"))
    opened = {name: value for name, value in as_shown(client, case).items() if name != "is_secret"}
    assert "名前のあがっている管理者だけ" in text_of(send(client, case, **opened))
    manager = a_hat(at=AT, organisation=its_organisation(hat), role=Role.MANAGER)
    CasePerson.objects.create(case=case, user=the_person(manager), since=AT)
    sign_in_as(client, manager)
    assert send(client, case, **opened).status_code == 422
    assert send(client, case, **opened, why="まちがえて選びました。").status_code == 302
    assert not Case.objects.get().is_secret
    assert "まちがえて選びました。" in Note.objects.get().body


def test_with_a_secret_topic_the_secrecy_cannot_be_taken_away(client, hat):
    case = a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])
    opened = {name: value for name, value in as_shown(client, case).items() if name != "is_secret"}
    response = send(client, case, **opened, why="x")
    assert response.status_code == 422
    assert "秘密の内容を選んだまま" in text_of(response)


# ── What a request told ─────────────────────────────────────────────────────────────────────────────
def test_what_a_request_told_is_shown_and_names_it(client, asked):
    Programme.objects.create(slug="hanro", name="販路開拓補助金", content_hash="")
    html = text_of(page(client, asked, "case"))
    for words in ("例示工房", "7000012050002", "販路開拓補助金", "English"):
        assert words in html, words
    assert "例示工房" in text_of(client.get("/desk/trays/new/"))


# ── Whose it is ─────────────────────────────────────────────────────────────────────────────────────
def test_a_case_without_a_business_offers_to_be_linked(client, hat, case):
    assert "選んだ事業者につなぐ" in text_of(page(client, case, "case"))
    linked = a_taken_case(hat, business=a_business(at=AT))
    assert "選んだ事業者につなぐ" not in text_of(page(client, linked, "case"))


def test_without_a_script_it_is_searched_chosen_and_linked(client, hat, case):
    business = registered_for(its_organisation(hat), at=AT, by=hat.as_actor(), name="株式会社みほん商店")
    found = send(client, case, "case_business", go="search", q="みほん", version=1)
    assert found.status_code == 200
    assert business.key in text_of(found)
    assert Case.objects.get().business is None
    send(client, case, "case_business", business=business.key, version=1)
    assert Case.objects.get().business == business
    assert "株式会社みほん商店" in text_of(page(client, case, "case"))


def test_a_business_of_other_books_is_not_linked(client, case):
    foreign = a_business("よその会社", at=AT)
    on_the_books(foreign, an_organisation("よそ"), at=AT)
    response = send(client, case, "case_business", business=foreign.key, version=1)
    assert response.status_code == 422
    assert "よその会社" not in text_of(response)
    assert Case.objects.get().business is None


def test_somebody_new_is_registered_with_what_the_request_told(client, hat, asked):
    form = page(client, asked, "case_business").context["new"]
    sent = {form[name].html_name: form[name].value() for name in form.fields}
    assert (sent["new-name"], sent["new-telephone"]) == ("例示工房", "03-0000-0002")
    filled = {name: value for name, value in sent.items() if value}
    assert send(client, asked, "case_business", what="new", version=1, **filled).status_code == 302
    business = Business.objects.visible_to(hat).get()
    assert (business.corporate_number, Case.objects.get().business) == ("7000012050002", business)


def test_what_cannot_be_registered_says_so_at_its_field(client, case):
    sent = {"what": "new", "version": 1, "new-name": "", "new-corporate_number": "123"}
    response = send(client, case, "case_business", **sent)
    assert response.status_code == 422
    assert set(response.context["new"].errors) == {"name", "corporate_number"}
    assert not Business.objects.exists()


def test_a_number_of_other_books_is_said_to_be_registered(client, case):
    foreign = a_business("よその会社", at=AT, corporate_number="7000012050002")
    on_the_books(foreign, an_organisation("よそ"), at=AT)
    sent = {"what": "new", "version": 1, "new-name": "例示工房", "new-corporate_number": "7000012050002"}
    response = send(client, case, "case_business", **sent)
    assert "corporate_number" in response.context["new"].errors
    assert "よその会社" not in text_of(response)


def test_the_search_costs_the_same_for_one_business_and_for_twenty(client, hat, case):
    def add():
        registered_for(its_organisation(hat), at=AT, by=hat.as_actor(), name="みほん商店")

    def search():
        send(client, case, "case_business", go="search", q="みほん")

    add()
    search()
    one = cost(search)
    for _ in range(19):
        add()
    # Fewer: what begins with it fills the list, and nobody looks inside names any more.
    assert cost(search) <= one


def test_a_wrong_business_is_taken_off_the_case_with_one_button(client, hat, case):
    wrong = registered_for(its_organisation(hat), at=AT, by=hat.as_actor(), name="まちがい商店")
    assert "結びつきをはずす" not in text_of(page(client, case, "case_business"))
    correcting.link(case=case, business=wrong, version=case.version, hat=hat, at=AT)
    html = text_of(page(client, case, "case_business"))
    assert ("いまは「まちがい商店」につながっています" in html, "結びつきをはずす" in html) == (True, True)
    stale = send(client, case, "case_business", what="none", version=case.version - 1)
    assert stale.url == reverse("desk:case_business", args=[case.key])
    sent = send(client, case, "case_business", what="none", version=case.version)
    assert sent.url == reverse("desk:case", args=[case.key])
    case.refresh_from_db()
    assert case.business is None
    assert Business.objects.filter(pk=wrong.pk).exists()
