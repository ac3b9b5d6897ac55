"""The page of its case reaches a business: handed over, told of by mail, with what was introduced and why."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from madoguchi.catalogue import models as catalogue
from madoguchi.consultations.errors import AddressMissing, NoLink, NotAllowed
from madoguchi.consultations.kinds import PageMeans
from madoguchi.consultations.models import Introduction, Link
from madoguchi.consultations.operations import business_page, planning, request_links, responding
from madoguchi.consultations.operations.responding import Programme
from madoguchi.foundation import clock, worker
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail import stops
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Mail
from madoguchi.mail.operations import sending
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import a_request, a_taken_case, a_topic, its_organisation
from tests.factories import a_desk as an_office
from tests.factories import an_edition
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk, sign_in_as
from tests.web.portal.fit_rules import STAFF, a_ruled_edition

pytestmark = pytest.mark.django_db
SHOP = "shop@example.jp"
CONTACT = {"name": "三本 花子", "email": SHOP}


@pytest.fixture
def hat(client, data_dir):
    return a_desk(client)


@pytest.fixture
def case(hat):
    return a_taken_case(hat, contact=CONTACT, employees=12)


@pytest.fixture
def secret(hat):
    topics = [a_topic("事業承継", is_secret=True)]
    return a_taken_case(hat, contact=CONTACT, topics=topics, title="後継ぎの相談")


def state_url(case):
    return reverse("portal:consult_state", args=[request_links.state_secret(case)])


def give(client, case, means):
    return client.post(reverse("desk:business_page", args=[case.key]), {"means": means})


def text_of(response):
    return response.content.decode()


def mails(kind):
    return list(Mail.objects.filter(kind=f"consultations.{kind}", to=SHOP).order_by("pk"))


def named(slug, name):
    return an_edition(programme=catalogue.Programme.objects.create(slug=slug, name=name))


def introduced(case, hat, edition=None, **changes):
    given = {
        "verdict": "該当見込み",
        "reasons": [{"status": "met", "because": "従業員が20人以下であること", "source": "g"}],
        "deadline_on": clock.today() + timedelta(days=9),
    }
    programme = Programme(edition or named("hanro", "販路の補助金"), **(given | changes))
    responding.introduce(case=case, programmes=[programme], hat=hat, at=clock.now())


# ── Handing it over ─────────────────────────────────────────────────────────────────────────────────
def test_a_case_of_the_desk_has_no_page_until_it_is_handed_over(client, case):
    assert client.get(state_url(case)).status_code == 404
    assert reverse("desk:business_page", args=[case.key]) in text_of(
        client.get(reverse("desk:case", args=[case.key]))
    )
    assert give(client, case, "paper").status_code == 200
    client.logout()
    assert client.get(state_url(case)).status_code == 200


def test_it_goes_by_mail_to_the_address_of_the_case(client, case):
    assert SHOP in text_of(client.get(reverse("desk:business_page", args=[case.key])))
    assert give(client, case, "mail").status_code == 302
    (mail,) = mails("business_page")
    assert state_url(case) in mail.text
    assert case.title not in mail.subject + mail.text + mail.html
    event = AuditEvent.objects.get(action="consultations.business_page_given")
    assert event.data["means"] == "mail"


def test_without_an_address_there_is_the_sheet_alone(client, hat):
    case = a_taken_case(hat)
    assert 'value="mail"' not in text_of(client.get(reverse("desk:business_page", args=[case.key])))
    assert give(client, case, "mail").status_code == 302
    with pytest.raises(AddressMissing):
        business_page.give(case=case, means=PageMeans.MAIL, hat=hat, at=clock.now())
    assert not Link.objects.exists()
    assert "data:image" in text_of(give(client, case, "paper"))
    assert give(client, case, "pigeon").status_code == 404


def test_who_only_reads_the_case_hands_nothing_over(client, hat):
    request = a_request(its_organisation(hat))
    give(client, request, "paper")
    assert not Link.objects.exists()


def test_the_sheet_shows_what_was_introduced_with_reasons_and_deadline(client, hat, case):
    introduced(case, hat)
    html = text_of(give(client, case, "paper"))
    for words in ("販路の補助金", "従業員が20人以下であること", hat.organisation_name):
        assert words in html.replace("<wbr>", "")


def test_the_sheet_of_a_secret_case_names_its_number_alone(client, hat, secret):
    introduced(secret, hat, named("shokei", "承継の補助金"))
    html = text_of(give(client, secret, "paper")).replace("<wbr>", "")
    sheet = html[html.index('<article class="sheet') :]
    assert secret.number in sheet
    assert not [word for word in ("後継ぎ", "承継", hat.organisation_name) if word in sheet]


def test_handing_it_over_again_keeps_the_address_and_lengthens_its_time(case, hat):
    paths = [
        business_page.give(case=case, means=PageMeans.PAPER, hat=hat, at=AT + timedelta(days=days))
        for days in (0, 300)
    ]
    assert paths[0] == paths[1] == state_url(case)
    assert Link.objects.get().expires_at == AT + timedelta(days=300) + request_links.KEPT


# ── What is new ─────────────────────────────────────────────────────────────────────────────────────
def test_a_page_that_was_handed_over_is_taken_back_and_given_anew(client, hat, case):
    give(client, case, "paper")
    old = state_url(case)
    assert client.get(old).status_code == 200
    assert "渡したリンクを取り消す" in text_of(client.get(reverse("desk:business_page", args=[case.key])))
    assert give(client, case, "none").status_code == 302
    assert client.get(old).status_code == 404
    assert AuditEvent.objects.filter(action="consultations.business_page_taken_back").count() == 1
    give(client, case, "paper")
    case.refresh_from_db()
    assert (state_url(case) != old, client.get(state_url(case)).status_code) == (True, 200)
    assert client.get(old).status_code == 404


def test_what_was_not_handed_over_is_not_taken_back(client, hat, case):
    assert "渡したリンクを取り消す" not in text_of(client.get(reverse("desk:business_page", args=[case.key])))
    with pytest.raises(NoLink):
        business_page.take_back(case=case, hat=hat, at=AT)
    stranger = a_hat(at=AT, organisation=an_organisation())
    business_page.give(case=case, means=PageMeans.PAPER, hat=hat, at=AT)
    with pytest.raises(NotAllowed):
        business_page.take_back(case=case, hat=stranger, at=AT)


def test_an_introduction_is_told_by_one_mail_with_the_names_of_programmes(case, hat):
    editions = [named("hanro", "販路の補助金"), named("it", "ITの補助金")]
    for _twice in range(2):
        responding.introduce(
            case=case,
            programmes=[Programme(edition) for edition in editions],
            remark="後継ぎにも使えます",
            hat=hat,
            at=clock.now(),
            once="1",
        )
    (mail,) = mails("introduced")
    assert "販路の補助金" in mail.text
    assert "ITの補助金" in mail.text
    assert state_url(case) in mail.text
    assert not [word for word in ("後継ぎ", case.title) if word in mail.subject + mail.text + mail.html]


def test_a_task_for_the_business_is_told_without_saying_what_it_is(case, hat):
    planning.add_task(case=case, title="決算書を出す", for_business=True, hat=hat, at=clock.now())
    planning.add_task(case=case, title="電話する", hat=hat, at=clock.now())
    (mail,) = mails("task_for_business")
    assert state_url(case) in mail.text
    assert "決算書" not in mail.subject + mail.text + mail.html


def test_of_a_secret_case_a_mail_says_that_there_is_something_and_no_more(secret, hat):
    introduced(secret, hat, named("shokei", "承継の補助金"))
    planning.add_task(case=secret, title="株主を確かめる", for_business=True, hat=hat, at=clock.now())
    business_page.give(case=secret, means=PageMeans.MAIL, hat=hat, at=clock.now())
    told = [*mails("introduced"), *mails("task_for_business"), *mails("business_page")]
    assert {mail.subject for mail in told} == {"お知らせがあります"}
    assert len(told) == 3
    for mail in told:
        assert state_url(secret) in mail.text
        words = ("承継", "後継ぎ", "株主", "補助金", secret.number, hat.organisation_name)
        assert not [word for word in words if word in mail.text + mail.html]


def test_the_same_mail_of_a_plain_case_has_number_and_names(case, hat):
    introduced(case, hat, named("shokei", "承継の補助金"))
    (mail,) = mails("introduced")
    assert [word for word in ("承継", "補助金", case.number) if word in mail.text] == [
        "承継",
        "補助金",
        case.number,
    ]


def test_who_stopped_these_mails_gets_none_and_the_page_stays(client, case, hat):
    introduced(case, hat)
    worker.work_once()
    assert [message.to for message in outbox.outbox] == [[SHOP]]
    assert "List-Unsubscribe" in outbox.outbox[0].extra_headers
    sending.stop(way=stops.Way(recipient_hash(SHOP), Series.CASE_NEWS), at=clock.now())
    planning.add_task(case=case, title="出す", for_business=True, hat=hat, at=clock.now())
    worker.work_once()
    assert len(outbox.outbox) == 1
    assert client.get(state_url(case)).status_code == 200


def test_without_an_address_nothing_is_mailed_and_no_page_opens(hat):
    case = a_taken_case(hat)
    introduced(case, hat)
    assert not Mail.objects.filter(kind="consultations.introduced").exists()
    assert not Link.objects.exists()


# ── The page ────────────────────────────────────────────────────────────────────────────────────────
def test_the_business_reads_what_was_introduced_until_when_and_why(client, case, hat):
    introduced(case, hat)
    responding.introduce(case=case, desks=[an_office("ip-desk", name="知財の窓口")], hat=hat, at=clock.now())
    planning.add_task(case=case, title="決算書を出す", for_business=True, hat=hat, at=clock.now())
    client.logout()
    html = text_of(client.get(state_url(case))).replace("<wbr>", "")
    deadline = timezone.localdate() + timedelta(days=9)
    for words in (
        "販路の補助金",
        "従業員が20人以下であること",
        "満たしています",
        f"{deadline.month}月{deadline.day}日",
        "知財の窓口",
        "決算書を出す",
    ):
        assert words in html, words
    assert hat.label not in html.split("やりとり")[0]


def test_the_page_costs_the_same_for_one_introduction_and_for_twenty(client, case, hat):
    introduced(case, hat)
    client.get(state_url(case))
    one = cost(lambda: client.get(state_url(case)))
    for number in range(19):
        introduced(case, hat, an_edition(f"p{number}"))
    assert cost(lambda: client.get(state_url(case))) == one


# ── Picked from a search ────────────────────────────────────────────────────────────────────────────
def pick(client, case, *slugs):
    client.post(
        reverse("desk:introduce", args=[case.key]) + "?q=qqqq",
        {"pick": [f"programme:{slug}" for slug in slugs], "once": "1"},
    )


def test_what_a_search_found_is_judged_by_the_facts_of_the_case(client, case):
    a_ruled_edition("small", STAFF)
    pick(client, case, "small")
    row = Introduction.objects.get()
    assert row.verdict
    assert [(each["status"], each["because"]) for each in row.reasons] == [("met", STAFF["because"])]


def test_who_does_not_fit_is_told_so_as_well(client, hat):
    a_ruled_edition("small", STAFF)
    case = a_taken_case(hat, contact=CONTACT, employees=300)
    pick(client, case, "small")
    assert [each["status"] for each in Introduction.objects.get().reasons] == ["unmet"]


def test_without_the_right_to_see_it_nobody_hands_a_page_over(client, case):
    stranger = a_hat(at=AT, organisation=an_organisation("乙"))
    sign_in_as(client, stranger)
    assert give(client, case, "paper").status_code == 404
