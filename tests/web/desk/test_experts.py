"""専門家に頼む on the pages: asking from a case, and what the expert sees and does."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import Source
from madoguchi.businesses.models import YearlyFigures
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case, ExpertRequest
from madoguchi.consultations.operations import attaching, experts, recording
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat
from tests.businesses.businesses import a_business
from tests.consultations.cases import a_taken_case, its_organisation
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk, sign_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat(client, data_dir):
    return a_desk(client)


@pytest.fixture
def expert(hat):
    return a_hat(at=AT, organisation=its_organisation(hat), role=Role.EXPERT)


@pytest.fixture
def browser(expert):
    """The expert's own."""
    found = Client()
    sign_in_as(found, expert)
    return found


@pytest.fixture
def business():
    found = a_business("みほん商店", at=AT, telephone="0178-00-0001", area_code="131016", employees=12)
    YearlyFigures.objects.create(
        business=found,
        begins_on=AT.date() - timedelta(days=800),
        ends_on=AT.date() - timedelta(days=436),
        amounts={"sales_yen": 86_400_000},
        source=Source.OWNER,
        at=AT,
    )
    return found


@pytest.fixture
def case(hat, business):
    return a_taken_case(hat, business=business, contact={"telephone": "0178-11-1111"}, words="内緒のことば")


def asked(case, hat, expert, *, shows_figures=False) -> ExpertRequest:
    return experts.ask(
        case=case,
        expert=Membership.objects.get(pk=expert.membership_id),
        question="陳列を見てほしい",
        shows_figures=shows_figures,
        hat=hat,
        at=AT,
    )


def address(request, name="assigned_one", *more):
    return reverse(f"desk:{name}", args=[request.key, *more])


def text_of(response):
    return response.content.decode()


def test_from_a_case_an_expert_is_asked(client, hat, expert, case):
    page = reverse("desk:experts", args=[case.key])
    assert page in text_of(client.get(reverse("desk:case", args=[case.key])))
    sent = client.post(page, {"expert": expert.membership_id, "question": "陳列を見てほしい"})
    assert sent.status_code == 302
    for shown in (page, reverse("desk:case", args=[case.key]), reverse("desk:sharing", args=[case.key])):
        assert expert.label in text_of(client.get(shown))
    assert "専門家に依頼" in text_of(client.get(reverse("desk:case", args=[case.key])))


def test_without_a_question_nobody_is_asked(client, expert, case):
    sent = client.post(reverse("desk:experts", args=[case.key]), {"expert": expert.membership_id})
    assert (sent.status_code, ExpertRequest.objects.count()) == (422, 0)


def test_the_first_page_of_an_expert_lists_what_they_were_asked(browser, hat, expert, case):
    request = asked(case, hat, expert)
    html = text_of(browser.get("/desk/", follow=True))
    assert address(request) in html
    assert "みほん商店" in html


def test_before_accepting_an_expert_reads_the_question_but_no_contacts(browser, hat, expert, case):
    request = asked(case, hat, expert)
    before = text_of(browser.get(address(request)))
    assert "陳列を見てほしい" in before
    assert "0178-" not in before
    browser.post(address(request), {"what": "accept"})
    after = text_of(browser.get(address(request)))
    assert "0178-11-1111" in after
    assert "0178-00-0001" in after


def test_figures_are_shown_where_the_asker_ticked_them_alone(browser, hat, expert, case):
    request = asked(case, hat, expert)
    assert "売上高" not in text_of(browser.get(address(request)))
    ExpertRequest.objects.update(shows_figures=True)
    assert "8,640万円" in text_of(browser.get(address(request)))


def test_an_expert_reads_shared_notes_and_takes_their_files_but_no_internal_ones(browser, hat, expert, case):
    request, files = asked(case, hat, expert), {}
    for visibility in (Visibility.SHARED, Visibility.INTERNAL):
        body = f"{visibility}の文"
        note = recording.write_note(case=case, body=body, visibility=visibility, hat=hat, at=AT)
        attaching.attach(note=note, files=[Upload("memo.txt", b"memo")], hat=hat, at=AT)
        files[visibility] = note.attachments.get().key
    html = text_of(browser.get(address(request)))
    assert "sharedの文" in html
    assert "internalの文" not in html
    assert "内緒のことば" not in html
    taken = browser.get(address(request, "assigned_file", files[Visibility.SHARED]))
    assert b"".join(taken.streaming_content) == b"memo"
    refused = browser.get(address(request, "assigned_file", files[Visibility.INTERNAL]))
    assert refused.status_code == 404


def test_a_report_reaches_the_case_with_its_dispatch(client, browser, hat, expert, case):
    request = asked(case, hat, expert)
    browser.post(address(request), {"what": "accept"})
    told = {
        "what": "report",
        "held_on": "2026-11-20",
        "minutes": "90",
        "channel": "visit",
        "body": "直しました",
    }
    sent = browser.post(address(request), told | {"files": SimpleUploadedFile("a.txt", b"a")})
    assert sent.status_code == 302
    html = text_of(client.get(reverse("desk:case", args=[case.key])))
    assert "直しました" in html
    assert "90分" in html
    assert "a.txt" in html


def test_a_report_that_is_not_whole_stands_again(browser, hat, expert, case):
    request = asked(case, hat, expert)
    browser.post(address(request), {"what": "accept"})
    sent = browser.post(address(request), {"what": "report", "body": "途中まで書いた"})
    assert sent.status_code == 422
    assert "途中まで書いた" in text_of(sent)


def test_who_declines_is_led_back_and_the_page_is_gone(client, browser, hat, expert, case):
    request = asked(case, hat, expert)
    assert browser.post(address(request), {"what": "decline"}).status_code == 422
    sent = browser.post(address(request), {"what": "decline", "reason": "専門の外です"})
    assert sent["Location"] == reverse("desk:assigned")
    assert browser.get(address(request)).status_code == 404
    assert "専門の外です" in text_of(client.get(reverse("desk:experts", args=[case.key])))


def test_with_the_end_of_the_request_the_page_is_gone(client, browser, hat, expert, case):
    request = asked(case, hat, expert)
    assert browser.get(address(request)).status_code == 200
    client.post(reverse("desk:experts", args=[case.key]), {"end": request.key})
    assert browser.get(address(request)).status_code == 404
    assert browser.post(address(request), {"what": "accept"}).status_code == 404


def test_what_is_ended_has_to_be_of_this_case(client, hat, expert, case):
    request = asked(a_taken_case(hat), hat, expert)
    sent = client.post(reverse("desk:experts", args=[case.key]), {"end": request.key})
    assert sent.status_code == 404


def test_an_expert_opens_no_page_of_the_case_itself(browser, hat, expert, case):
    asked(case, hat, expert)
    assert browser.get(reverse("desk:case", args=[case.key])).status_code == 403


def test_whoever_is_no_expert_has_no_list(client, hat):
    assert client.get(reverse("desk:assigned")).status_code == 403


def test_reading_what_one_was_asked_is_recorded(browser, hat, expert, case):
    request = asked(case, hat, expert)
    browser.get(address(request))
    event = AuditEvent.objects.filter(action="consultations.case_read").latest("pk")
    assert (event.actor_id, event.subject_id) == (str(expert.user_id), str(case.pk))


def test_the_list_costs_the_same_for_one_row_and_twenty(browser, hat, expert):
    def add():
        asked(a_taken_case(hat), hat, expert)

    add()
    browser.get(reverse("desk:assigned"))
    one = cost(lambda: browser.get(reverse("desk:assigned")))
    for _ in range(19):
        add()
    assert cost(lambda: browser.get(reverse("desk:assigned"))) == one


@pytest.mark.parametrize("name", ["experts", "case"])
def test_the_pages_of_a_case_cost_the_same_for_one_expert_and_ten(client, hat, case, name):
    def add():
        who = a_hat(at=AT, organisation=its_organisation(hat), role=Role.EXPERT)
        request = asked(case, hat, who)
        experts.accept(request=request, hat=who, at=clock.now())

    page = reverse(f"desk:{name}", args=[case.key])
    add()
    client.get(page)
    one = cost(lambda: client.get(page))
    for _ in range(9):
        add()
    client.get(page)  # what is looked up again after some seconds is not counted
    assert cost(lambda: client.get(page)) == one
    assert Case.objects.count() == 1
