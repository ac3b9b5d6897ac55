"""First response, closing, similar cases, team, calendar, meetings, and the survey of a business."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.consultations.kinds import FirstStep, Outcome, Result
from madoguchi.consultations.models import (
    Case,
    Closing,
    FirstStepMark,
    FollowUp,
    Introduction,
    Link,
    Meeting,
    MeetingCase,
    Note,
    Policy,
    Situation,
    SurveyAnswer,
)
from madoguchi.consultations.operations import closing, planning
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import a_business, on_the_books
from tests.consultations.cases import (
    a_referral,
    a_taken_case,
    a_topic,
    its_organisation,
    the_involvement,
)
from tests.factories import a_desk as an_office
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk, sign_in_as

pytestmark = pytest.mark.django_db
FIELDS = [
    {"key": "sales", "label": "売上高", "unit": "円", "help": "直近の1年"},
    {"key": "operating_profit", "label": "営業利益", "unit": "円"},
    {"key": "employees", "label": "従業員の数", "unit": "人"},
]


@pytest.fixture
def hat(client):
    return a_desk(client)


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


@pytest.fixture
def policy():
    return Policy.objects.create(
        promised_days=3, chasing=[], retention_years=5, situation_fields=FIELDS, content_hash=""
    )


def page(client, case, name, *more, **data):
    return client.get(reverse(f"desk:{name}", args=[case.key, *more]), data)


def send(client, case, name, *more, **data):
    return client.post(reverse(f"desk:{name}", args=[case.key, *more]), data)


def text_of(response):
    return response.content.decode()


# ── First response ──────────────────────────────────────────────────────────────────────────────────
def test_the_parts_of_the_first_response_are_open_at_first(client, case):
    html = text_of(page(client, case, "first"))
    assert "4つのうち0つが終わっています。" in html
    for step in FirstStep:
        assert str(step.label) in html


def test_a_part_is_marked_as_not_needed_with_a_reason_and_taken_back(client, case):
    assert send(client, case, "first_mark", "desks").status_code == 422
    send(client, case, "first_mark", "desks", **{"desks-why": "この窓口で足りる"})
    assert FirstStepMark.objects.get().why == "この窓口で足りる"
    assert "4つのうち1つが終わっています。" in text_of(page(client, case, "first"))
    send(client, case, "first_mark", "desks", back="1")
    assert not FirstStepMark.objects.exists()
    assert send(client, case, "first_mark", "everything", why="x").status_code == 404


def test_a_situation_sheet_shows_ratios_line_by_line_and_earlier_values(client, case, policy):
    for sales in ("8,640", "９０００万円"):
        sent = send(
            client,
            case,
            "situation",
            f_sales=sales,
            f_operating_profit="-120",
            f_employees="12人",
            problems="人手",
        )
        assert sent.status_code == 302
    assert Situation.objects.first().figures == {
        "sales": 86_400_000,
        "operating_profit": -1_200_000,
        "employees": 12,
    }
    html = text_of(page(client, case, "situation"))
    for words in ("営業利益 ÷ 売上高", "-1.3％", "8,640万円", "9,000万円", "-10万円", "前の年の売上高"):
        assert words in html, words
    assert "4つのうち1つが終わっています。" in text_of(page(client, case, "first"))


def test_a_figure_that_cannot_be_read_stands_again_with_why(client, case, policy):
    response = send(client, case, "situation", f_sales="たくさん", problems="人手がたりない")
    assert response.status_code == 422
    assert "たくさん" in text_of(response)
    assert "人手がたりない" in text_of(response)
    assert send(client, case, "situation").status_code == 422
    assert not Situation.objects.exists()


def test_a_desk_is_introduced_once_and_the_business_reads_of_it(client, case):
    office = an_office("ip-desk", name="知財の窓口")
    for _ in range(2):
        sent = send(
            client,
            case,
            "introduce",
            pick=["desk:ip-desk", "desk:nosuch", "nonsense"],
            remark="ぜひ",
            once="1",
        )
        assert sent.status_code == 302
    assert Introduction.objects.get().desk == office
    note = Note.objects.get()
    assert note.visibility == "shared"
    assert "知財の窓口" in note.body
    assert "ぜひ" in note.body
    assert send(client, case, "introduce").status_code == 422


def test_another_introduction_from_the_same_form_comes_back_and_is_kept_by_pressing_again(client, case):
    for slug in ("one", "two"):
        an_office(slug)
    send(client, case, "introduce", pick=["desk:one"], once="1")
    refused = send(client, case, "introduce", pick=["desk:two"], remark="こちらもどうぞ", once="1")
    assert refused.status_code == 422
    assert "こちらもどうぞ" in text_of(refused)
    assert Introduction.objects.count() == 1
    once = re.findall(r'name="once" value="([^"]+)"', text_of(refused))[0]
    send(client, case, "introduce", pick=["desk:two"], remark="こちらもどうぞ", once=once)
    assert Introduction.objects.count() == Note.objects.count() == 2


def test_what_was_introduced_before_is_refused_and_the_remark_stays(client, case):
    an_office("ip-desk", name="知財の窓口")
    send(client, case, "introduce", pick=["desk:ip-desk"], once="1")
    again = send(client, case, "introduce", pick=["desk:ip-desk"], remark="ぜひ行ってください", once="2")
    assert again.status_code == 422
    assert "選んだものは、すべて紹介ずみです。" in text_of(again)
    assert "ぜひ行ってください" in text_of(again)


def test_the_pages_of_the_first_response_cost_the_same_for_many_records(client, hat, case, policy):
    def sheets(count):
        for _ in range(count):
            send(client, case, "situation", f_sales="100")

    sheets(1)
    one = [cost(lambda name=name: page(client, case, name)) for name in ("first", "situation")]
    sheets(10)
    assert [cost(lambda name=name: page(client, case, name)) for name in ("first", "situation")] == one


# ── Closing ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_case_is_closed_with_what_came_of_it_and_opened_again(client, hat, case):
    planning.add_task(case=case, title="電話する", hat=hat, at=AT)
    assert "終わっていないことが1件あります" in text_of(page(client, case, "close"))
    assert send(client, case, "close", result="helped").status_code == 422
    sent = send(
        client,
        case,
        "close",
        outcome="sales",
        result="helped",
        summary="5店に置けた",
        sales_yen="300",
        jobs="1",
    )
    assert sent.status_code == 302
    assert (Closing.objects.get().sales_yen, Closing.objects.get().jobs) == (3_000_000, 1)
    html = text_of(page(client, case, "case"))
    for words in ("終了", "5店に置けた", "300万円", "もう一度開く"):
        assert words in html
    send(client, case, "reopen")
    assert the_involvement(case, hat).case.state == "working"


def test_the_closing_of_another_organisation_is_refused_with_why(client, hat, case):
    from tests.consultations.cases import another_involvement

    other = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, its_organisation(other), "working")
    sign_in_as(client, other)
    assert "責任をもつ機関だけです" in page(client, case, "close").context["why_not"]
    assert send(client, case, "close", outcome="sales", result="helped").status_code == 422
    assert not Closing.objects.exists()


# ── The survey ──────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def secret(hat, case):
    told = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)
    closing.close_case(case=case, told=told, hat=hat, at=clock.now())
    return closing.make_survey_link(
        follow_up=FollowUp.objects.order_by("due_on").first(), hat=hat, at=clock.now()
    )


def test_a_business_answers_without_an_account_and_changes_its_answer(client, secret):
    client.logout()
    address = reverse("portal:survey", args=[secret])
    assert client.get(address).status_code == 200
    for satisfaction in ("2", "5"):
        assert client.post(address, {"satisfaction": satisfaction, "next_trouble": "人手"}).status_code == 302
    assert SurveyAnswer.objects.get().satisfaction == 5
    html = text_of(client.get(address))
    assert "人手" in html
    assert (
        "no-store" in client.get(address)["Cache-Control"]
        or "no-cache" in client.get(address)["Cache-Control"]
    )


def test_a_survey_tells_nothing_of_the_case(client, secret, case):
    html = text_of(client.get(reverse("portal:survey", args=[secret])))
    assert case.number not in html
    assert case.title not in html


def test_a_link_that_ended_looks_like_one_that_never_was(client, secret):
    Link.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    ended = client.get(reverse("portal:survey", args=[secret]))
    never = client.get(reverse("portal:survey", args=["x" * 32]))
    assert (ended.status_code, never.status_code) == (404, 404)
    assert client.post(reverse("portal:survey", args=[secret]), {"satisfaction": "1"}).status_code == 404
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("satisfaction", ["0", "6", "x"])
def test_a_satisfaction_out_of_range_is_refused(client, secret, satisfaction):
    sent = client.post(reverse("portal:survey", args=[secret]), {"satisfaction": satisfaction})
    assert sent.status_code == 422


def test_the_link_of_a_survey_is_made_on_the_plan_and_shown_once(client, hat, case):
    told = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)
    closing.close_case(case=case, told=told, hat=hat, at=clock.now())
    follow_up = FollowUp.objects.order_by("due_on").first()
    send(client, case, "tasks", survey=follow_up.pk, plan="1")
    html = text_of(page(client, case, "plan"))
    assert "/consult/survey/" in html
    assert "/consult/survey/" not in text_of(page(client, case, "plan"))
    assert Link.objects.get().follow_up == follow_up


def test_what_a_business_answered_stands_in_the_timeline_and_in_the_plan(client, hat, case, secret):
    answers = {"satisfaction": "4", "improved": "some", "continued": "partly", "next_trouble": "人手不足"}
    client.post(reverse("portal:survey", args=[secret]), answers)
    for name in ("case", "plan"):
        html = text_of(page(client, case, name))
        assert all(
            words in html
            for words in ("どちらかといえば満足", "少しよくなった", "一部を続けている", "人手不足")
        )


def test_an_answer_is_shown_to_those_alone_who_may_see_the_case(client, hat, case, secret):
    client.post(reverse("portal:survey", args=[secret]), {"next_trouble": "人手不足"})
    sign_in_as(client, a_hat(at=AT, organisation=an_organisation("よその機関")))
    assert [page(client, case, name).status_code for name in ("case", "plan")] == [404, 404]


def test_the_plan_costs_the_same_for_one_answer_and_for_many(client, hat, case, secret):
    def answer(follow_up):
        SurveyAnswer.objects.create(case=case, follow_up=follow_up, satisfaction=3, answered_at=clock.now())

    def costs():
        return [cost(lambda name=name: page(client, case, name)) for name in ("case", "plan")]

    first, *_rest = FollowUp.objects.order_by("due_on")
    answer(first)
    costs()  # the first page fills what is kept for all
    for_one = costs()
    for months in range(20):
        answer(
            FollowUp.objects.create(
                case=case,
                involvement=first.involvement,
                kind=first.kind,
                due_on=closing.months_after(first.due_on, months + 1),
            )
        )
    assert costs() == for_one


# ── The history of the business ─────────────────────────────────────────────────────────────────────
def test_the_other_cases_of_a_business_stand_beside_its_case_and_on_its_page(client, hat):
    business = a_business(at=AT)
    on_the_books(business, its_organisation(hat), at=AT)
    case = a_taken_case(hat, title="いまの相談", business=business)
    a_taken_case(hat, title="前の相談", business=business)
    secret = a_taken_case(hat, title="後継ぎ", business=business, topics=[a_topic(is_secret=True)])
    beside = text_of(page(client, case, "case"))
    assert "この事業者のほかの案件" in beside
    assert reverse("desk:case", args=[secret.key]) in beside
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat)))
    of_business = client.get(reverse("desk:business", args=[business.key]))
    for html in map(text_of, (page(client, case, "case"), of_business)):
        assert "前の相談" in html.replace("<wbr>", "")
        assert "後継ぎ" not in html.replace("<wbr>", "")
        assert secret.key not in html


def test_the_history_of_a_business_comes_page_by_page_for_the_same_price(client, hat):
    business = a_business(at=AT)
    on_the_books(business, its_organisation(hat), at=AT)
    address = reverse("desk:business", args=[business.key])
    a_taken_case(hat, title="件目1", business=business)
    client.get(address)
    for_one = cost(lambda: client.get(address))
    for number in range(2, 22):
        a_taken_case(hat, title=f"件目{number:02}", business=business)
    assert cost(lambda: client.get(address)) == for_one
    oldest = reverse("desk:case", args=[Case.objects.get(title="件目1").key])
    assert oldest not in text_of(client.get(address))
    assert oldest in text_of(client.get(address, {"page": "2"}))
    assert client.get(address, {"page": "999"}).status_code == 200


# ── Similar cases ───────────────────────────────────────────────────────────────────────────────────
def test_past_cases_are_found_by_likeness_and_by_words(client, hat):
    topic = a_topic("販路開拓")
    past = a_taken_case(hat, title="りんごジュースを売りたい", topics=[topic])
    told = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)
    closing.close_case(case=past, told=told, hat=hat, at=clock.now())
    case = a_taken_case(hat, title="りんごを売りたい", topics=[topic])
    assert "りんごジュースを売りたい" in text_of(page(client, case, "similar"))
    assert "りんごジュースを売りたい" in text_of(page(client, case, "similar", q="ジュース"))
    assert "りんごジュースを売りたい" not in text_of(page(client, case, "similar", q="木工"))


# ── Meetings ────────────────────────────────────────────────────────────────────────────────────────
def minutes(*decisions, **changes):
    data = {
        "held_on": "2026-11-27",
        "attendees": "全員",
        "minutes": "販路の案件を話した",
        "d-TOTAL_FORMS": str(len(decisions)),
        "d-INITIAL_FORMS": "0",
    }
    for place, (number, text) in enumerate(decisions):
        data |= {f"d-{place}-number": number, f"d-{place}-decision": text}
    return data | changes


def reads_of(case):
    reads = AuditEvent.objects.filter(action="consultations.case_read", subject_id=str(case.pk))
    return list(reads.order_by("pk").values_list("data", flat=True))


def test_a_meeting_is_kept_with_a_decision_for_each_case(client, hat, case):
    sent = client.post(reverse("desk:meeting_new"), minutes((case.number, "専門家を呼ぶ"), ("", "")))
    assert sent.status_code == 302
    html = text_of(client.get(sent.url))
    assert "専門家を呼ぶ" in html
    assert "販路の案件を話した" in html
    assert "専門家を呼ぶ" in text_of(page(client, case, "case"))
    assert "全員" in text_of(client.get("/desk/meetings/"))


def test_a_decision_about_an_unknown_or_foreign_case_is_refused_alike(client, hat):
    foreign = a_taken_case(a_hat(at=AT, organisation=an_organisation("よそ")))
    for number in (foreign.number, "2026-9999"):
        response = client.post(reverse("desk:meeting_new"), minutes((number, "決めた")))
        assert response.status_code == 422
        assert "この番号の案件は、みつかりませんでした。" in text_of(response)
    assert not Meeting.objects.exists()


def test_reading_what_was_decided_about_a_case_is_on_record(client, hat, case):
    url = client.post(reverse("desk:meeting_new"), minutes((case.number, "買い手をさがす"))).url
    for address in (url, reverse("desk:meeting_change", args=[Meeting.objects.get().key])):
        before = reads_of(case)
        assert "買い手をさがす" in text_of(client.get(address))
        assert reads_of(case) == [*before, {"what": "meeting"}]


def test_who_sees_no_decision_reads_no_case(client, hat):
    secret = a_taken_case(hat, topics=[a_topic(is_secret=True)])
    url = client.post(reverse("desk:meeting_new"), minutes((secret.number, "買い手をさがす"))).url
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat)))
    client.get(url)
    assert reads_of(secret) == []


def test_a_decision_is_read_by_who_may_see_the_case(client, hat):
    secret = a_taken_case(hat, topics=[a_topic(is_secret=True)])
    url = client.post(reverse("desk:meeting_new"), minutes((secret.number, "買い手をさがす"))).url
    assert "買い手をさがす" in text_of(client.get(url))
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat)))
    html = text_of(client.get(url))
    assert "販路の案件を話した" in html
    assert "買い手をさがす" not in html
    assert secret.number not in html


def test_a_colleague_who_changes_the_minutes_keeps_the_decisions_they_do_not_see(client, hat):
    secret = a_taken_case(hat, topics=[a_topic(is_secret=True)])
    client.post(reverse("desk:meeting_new"), minutes((secret.number, "買い手をさがす")))
    meeting = Meeting.objects.get()
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat)))
    sent = client.post(
        reverse("desk:meeting_change", args=[meeting.key]), minutes(version="1", minutes="直した")
    )
    assert sent.status_code == 302
    assert MeetingCase.objects.get().decision == "買い手をさがす"


def test_two_people_changing_minutes_do_not_overwrite_each_other(client, hat):
    client.post(reverse("desk:meeting_new"), minutes())
    address = reverse("desk:meeting_change", args=[Meeting.objects.get().key])
    assert client.post(address, minutes(version="1", minutes="一")).status_code == 302
    response = client.post(address, minutes(version="1", minutes="二"))
    assert response.status_code == 409
    assert "一" in text_of(response)
    assert "二" in text_of(response)
    assert Meeting.objects.get().minutes == "一"


def test_another_organisation_opens_no_minutes(client, hat):
    url = client.post(reverse("desk:meeting_new"), minutes()).url
    sign_in_as(client, a_hat(at=AT, organisation=an_organisation("よそ")))
    assert client.get(url).status_code == 404
    assert "全員" not in text_of(client.get("/desk/meetings/"))


# ── Closing with a referral that nobody answered ────────────────────────────────────────────────────
def test_closing_asks_what_becomes_of_a_referral_that_nobody_answered(client, case, hat):
    receiver = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    referral = a_referral(case, hat, receiver)
    assert "まだ返事のない引き継ぎ：引き継ぎ先" in text_of(page(client, case, "close")).replace("<wbr>", "")
    told = {"outcome": "sales", "result": "helped", "summary": "5店に置けた"}
    refused = send(client, case, "close", **told)
    assert refused.status_code == 422
    assert "取り下げるか、返事を待つかを選んでください。" in text_of(refused)
    assert "5店に置けた" in text_of(refused)
    assert send(client, case, "close", **told, **{f"referral_{referral.pk}": "keep"}).status_code == 302
    sign_in_as(client, receiver)
    assert "引き受けるかどうかを返事する" in text_of(client.get(reverse("desk:tray", args=["new"])))
    assert "この案件は終わっています" in text_of(page(client, case, "answer")).replace("<wbr>", "")
    send(client, case, "answer", what="take", adviser=receiver.user_id)
    case.refresh_from_db()
    assert case.closed_at is None


def test_the_history_says_that_a_referral_was_withdrawn(client, case, hat):
    referral = a_referral(case, hat, a_hat(at=AT, organisation=an_organisation("引き継ぎ先")))
    told = {"outcome": "sales", "result": "helped", f"referral_{referral.pk}": "withdraw"}
    send(client, case, "close", **told)
    html = text_of(page(client, case, "case"))
    assert "引き継ぎのお願いを取り下げました" in html
    assert "対応を終えました</span><span>引き継ぎ先" not in html
