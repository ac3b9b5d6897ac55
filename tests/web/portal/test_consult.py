"""相談する: steps that lose nothing, a request that is sent once, spam that is held, a page for its state."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case, Consent, Involvement, Note, Task
from madoguchi.consultations.operations import recording, request_links
from madoguchi.consultations.states import CaseState, TaskState
from madoguchi.foundation import clock
from madoguchi.institutions.models import Desk
from madoguchi.mail.models import Mail
from madoguchi.web.portal.forms.consult import stamp
from tests import factories
from tests.accounts.people import a_person, sign_in
from tests.businesses.businesses import a_business, a_business_member
from tests.consultations.cases import another_involvement
from tests.consultations.requests import a_read_desk, a_region, a_topic, an_adviser, received
from tests.queries import cost

pytestmark = pytest.mark.django_db
ADDRESS = "/consult/"
SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}
WORDS = "首都圏で売りたい。\n取引先をさがしている。"


@pytest.fixture(autouse=True)
def _nobody_sent_anything_yet():
    cache.clear()


@pytest.fixture
def region():
    return a_region()


def step_one(**changes):
    opened = {"once": "once-1", "begun": stamp(clock.actual_now() - timedelta(minutes=2))}
    return {"step": "1", "words": WORDS, **opened} | changes


def step_two(**changes):
    return (
        step_one(step="2", seen_WordsStep="1", seen_MatterStep="1", area="", industry="", employees="")
        | changes
    )


def step_three(**changes):
    told = {
        "who": "business",
        "company": "みほん商店",
        "corporate_number": "",
        "name": "三本 花子",
        "mode": "telephone",
        "telephone": "０３－００００－００００",
        "email": "shop@example.jp",
        "when": "平日の午前",
        "agrees": "on",
    }
    return step_two(step="3", seen_ContactStep="1") | told | changes


def post(data, status=200, client=None, **headers):
    response = (client or Client()).post(ADDRESS, data, **(SAME | headers))
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode().replace("<wbr>", "")


def sent(**changes) -> Case:
    post(step_three(**changes), status=302)
    return Case.objects.latest("pk")


def state_address(case: Case) -> str:
    return f"/consult/state/{request_links.state_secret(case)}/"


# ── The steps ───────────────────────────────────────────────────────────────────────────────────────
def test_the_first_step_asks_for_the_words_alone(client, region):
    page = client.get(ADDRESS).content.decode()
    assert 'name="words"' in page
    assert 'name="telephone"' not in page


def test_before_a_region_is_loaded_there_is_no_form(client):
    assert client.get(ADDRESS).status_code == 404


def test_without_words_the_field_says_what_is_missing(region):
    page = post(step_one(words=" "), status=422)
    assert "ひとことでよいので" in page
    assert 'href="#id_words"' in page


def test_the_words_suggest_topics_and_the_likeliest_is_chosen(region):
    a_topic("funding", words=["借りたい"])
    a_topic("market", words=["売りたい", "取引先をさが"])
    page = post(step_one())
    assert "「売りたい」、「取引先をさが」と書いてあります" in page
    assert re.search(r'value="market"[^>]*checked', page)
    assert not re.search(r'value="funding"[^>]*checked', page)


def test_a_secret_topic_says_so_where_it_is_chosen(region):
    a_topic("succession", is_secret=True, words=["継ぐ"])
    assert "秘密を守ります" in post(step_one(words="店を継ぐ人がいない"))


def test_what_was_typed_comes_along_to_the_next_step_and_back(region):
    a_topic("market")
    page = post(step_two(topics=["market"], employees="１２人"))
    assert "取引先をさがしている。" in page
    page = post(step_three(go="1", company="みほん商店"))
    assert 'name="words"' in page
    assert "みほん商店" in page
    page = post(step_three(go="2"))
    assert "みほん商店" in page
    assert "＊" not in page


def test_who_comes_to_the_last_step_again_meets_no_errors_before_sending(region):
    page = post(step_three(step="2", company="", telephone="", agrees=""))
    assert 'name="agrees"' in page
    assert "書いてください。</p>" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"company": ""}, "会社やお店の名前を書いてください。"),
        ({"who": "founder", "name": ""}, "お名前を書いてください。"),
        ({"telephone": ""}, "電話で返事をするので"),
        ({"telephone": "1234"}, "電話番号の桁が合いません"),
        ({"mode": "mail", "email": ""}, "メールで返事をするので"),
        ({"mode": "video", "email": "", "telephone": ""}, "日を決めるので"),
        ({"email": "shop@"}, "メールアドレスの形"),
        ({"corporate_number": "1234567890123"}, "法人番号"),
        ({"agrees": ""}, "同意がないと"),
        ({"who": ""}, "あてはまるものを選んでください"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(region, changes, sentence):
    page = post(step_three(**changes), status=422)
    assert sentence in page
    assert "取引先をさがしている。" in page
    assert "平日の午前" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("changes", [{"employees": "たくさん"}, {"area": "999999"}, {"topics": ["nothing"]}])
def test_a_wrong_answer_of_the_second_step_leads_back_to_it(region, changes):
    assert 'name="employees"' in post(step_three(**changes), status=422)


@pytest.mark.parametrize("step", ["", "0", "9", "-1", "１", "x" * 500])
def test_a_step_that_is_none_begins_anew(region, step):
    assert post(step_one(step=step, words=""), status=422)


# ── Sending ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_request_holds_what_was_told(region):
    topic = a_topic("market")
    case = sent(topics=["market"], area="131016", industry="E", employees="12", shares="on")
    assert (case.words.replace("\r\n", "\n"), case.title, case.state) == (
        WORDS,
        "首都圏で売りたい。",
        CaseState.NEW,
    )
    assert list(case.topics.all()) == [topic]
    assert (case.contact_name, case.contact_telephone, case.contact_mode, case.contact_when) == (
        "三本 花子",
        "03-0000-0000",
        "telephone",
        "平日の午前",
    )
    assert (case.area_code, case.industry, case.employees) == ("131016", "E", 12)
    assert case.answers == {"who": "business", "company": "みほん商店"}
    assert Consent.objects.filter(case=case).count() == 2


def test_the_receipt_names_the_number_the_desk_its_telephone_and_the_day(client, region):
    case = sent()
    page = (
        client.get(f"/consult/receipt/{request_links.state_secret(case)}/")
        .content.decode()
        .replace("<wbr>", "")
    )
    for told in (case.number, "general", "03-0000-0001", "までに、電話でお返事します"):
        assert told in page


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        ({"by_appointment": True}, "予約制です。窓口から連絡します。"),
        ({"hours": [{"days": "第2水曜"}]}, "会えるのは第2水曜です。"),
        ({"by_appointment": True, "hours": [{"days": "第2水曜"}]}, "予約制で、会えるのは第2水曜です。"),
    ],
)
def test_a_desk_that_sees_people_by_appointment_or_on_certain_days_says_so(client, region, desk, said):
    Desk.objects.filter(slug="general").update(**desk)
    case = sent()
    page = client.get(f"/consult/receipt/{request_links.state_secret(case)}/").content.decode()
    assert said in page
    assert said in Mail.objects.get(kind="consultations.request_received").text


def test_a_desk_that_is_simply_open_says_nothing_of_it(client, region):
    page = client.get(f"/consult/receipt/{request_links.state_secret(sent())}/").content.decode()
    assert "会って話すとき" not in page


def test_sent_twice_it_is_one_request_with_the_same_receipt(region):
    first = Client().post(ADDRESS, step_three(), **SAME)
    second = Client().post(ADDRESS, step_three(), **SAME)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_other_words_from_the_same_page_come_back_and_are_sent_by_pressing_again(region):
    sent()
    page = post(step_three(words="お金を借りたい"), status=422)
    assert "この画面からは、もう送っています" in page
    assert "お金を借りたい" in page
    once = re.findall(r'name="once" value="([^"]+)"', page)[0]
    assert sent(words="お金を借りたい", once=once).words == "お金を借りたい"


def test_who_gives_no_name_is_answered_on_the_page(region):
    case = sent(who="anonymous", company="", name="", mode="page", telephone="", email="")
    assert (case.is_anonymous, case.contact_mode, case.contact_name) == (True, "", "")


def test_a_form_of_another_site_is_not_sent_and_nothing_typed_is_lost(region):
    page = post(step_three(), status=422, HTTP_SEC_FETCH_SITE="cross-site")
    assert "書いたことは残っています" in page
    assert "取引先をさがしている。" in page
    assert not Case.objects.exists()


def test_without_that_look_another_site_could_send_it(region, monkeypatch):
    monkeypatch.setattr("madoguchi.web.portal.views.consult.is_same_origin", lambda request: True)
    post(step_three(), status=302, HTTP_SEC_FETCH_SITE="cross-site")
    assert Case.objects.exists()


def test_the_programme_and_the_desk_it_was_opened_for_go_along(client, region):
    factories.an_edition("setsubi")
    page = client.get(f"{ADDRESS}?programme=setsubi&desk=general").content.decode().replace("<wbr>", "")
    assert re.search(r"「.*setsubi.*」についての相談", page)
    case = sent(programme="setsubi", desk="general")
    assert case.answers["programme"] == "setsubi"
    assert "選びました" in case.involvements.get().routed_because


@pytest.mark.parametrize("programme", ["nothing", "../x", "<b>", "x" * 300])
def test_a_programme_that_is_none_is_left_out(client, region, programme):
    page = client.get(ADDRESS, {"programme": programme, "desk": programme}).content.decode()
    assert "についての相談" not in page
    assert "あての相談" not in page
    sent(programme=programme, desk=programme)


def test_the_form_is_kept_by_nobody(client, region):
    assert "no-store" in client.get(ADDRESS)["Cache-Control"]


# ── Spam ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "changes",
    [
        {"homepage": "http://spam.example"},
        {"begun": ""},
        {"begun": "forged:sealed"},
        {"words": "http://a.example http://b.example http://c.example"},
    ],
)
def test_what_looks_like_spam_is_held_and_kept(client, region, changes):
    case = sent(**changes)
    assert case.state == CaseState.HELD
    assert case.held_because
    page = client.get(f"/consult/receipt/{request_links.state_secret(case)}/").content.decode()
    assert case.number in page
    assert "人が目を通したら" in page


def test_what_is_sent_at_once_is_held(region):
    assert sent(begun=stamp(clock.actual_now())).state == CaseState.HELD


def test_the_sixth_from_one_place_is_held_and_none_is_refused(region):
    states = [sent(once=f"once-{n}", words=f"相談の{n}つ目").state for n in range(6)]
    assert states == [CaseState.NEW] * 5 + [CaseState.HELD]


def test_the_same_text_a_third_time_is_held(region):
    states = [sent(once=f"once-{n}", REMOTE=n).state for n in range(3)]
    assert states == [CaseState.NEW] * 2 + [CaseState.HELD]


# ── The state ───────────────────────────────────────────────────────────────────────────────────────
def act(case, name, status=302, client=None, address="", **data):
    response = (client or Client()).post(address or state_address(case), {"act": name, **data}, **SAME)
    assert response.status_code == status, response.content.decode()[:500]
    return response


def test_the_state_says_who_has_it_and_what_comes_next(client, region):
    case = received(contact={"mode": "mail"})
    page = client.get(state_address(case)).content.decode().replace("<wbr>", "")
    assert "窓口に届いています" in page
    assert "担当が決まるのを待っています" in page
    assert "noindex" in page
    assert "no-store" in client.get(state_address(case))["Cache-Control"]


@pytest.mark.parametrize("page", ["state", "receipt"])
def test_a_wrong_link_is_a_page_that_does_not_exist(client, region, page):
    received()
    assert client.get(f"/consult/{page}/{'0' * 40}/").status_code == 404


def test_notes_that_are_not_shared_stay_inside(client, region):
    case, hat = received(), an_adviser(region)
    for visibility in Visibility:
        recording.write_note(
            case=case, body=f"CANARY-{visibility}", visibility=visibility, hat=hat, at=case.opened_at
        )
    page = client.get(state_address(case)).content.decode()
    assert re.findall(r"CANARY-\w+", page) == ["CANARY-shared"]


def test_each_organisation_that_owes_an_answer_has_its_own_button(client, region):
    case = received(at=clock.now() - timedelta(days=20), shares_with_others=True)
    waits = another_involvement(case, a_read_desk("other").organisation)
    Involvement.objects.filter(pk=waits.pk).update(sent_at=case.opened_at)
    for part in (waits, case.involvements.get(is_lead=True)):
        assert f'name="part" value="{part.pk}"' in client.get(state_address(case)).content.decode()
        act(case, "nudge", part=part.pk)
        assert f'name="part" value="{part.pk}"' not in client.get(state_address(case)).content.decode()
    act(case, "nudge", part="x", status=422)


def test_a_business_nudges_adds_ticks_and_withdraws(client, region):
    case = received(at=clock.now() - timedelta(days=20), shares_with_others=True)
    task = Task.objects.create(case=case, title="決算書を用意する", made_at=case.opened_at)
    assert "返事をうながす" in client.get(state_address(case)).content.decode()
    assert "うながしました" in client.get(act(case, "nudge")["Location"]).content.decode()
    act(case, "nudge", status=422)
    act(case, "tick", task=task.pk)
    act(case, "add", body="追伸", once="added")
    act(case, "add", body="追伸", once="added")
    assert "べつのこと" in act(case, "add", status=422, body="べつのこと", once="added").content.decode()
    act(case, "withdraw_consent")
    act(case, "withdraw")
    task.refresh_from_db()
    assert task.state == TaskState.DONE
    assert list(Note.objects.order_by("pk").values_list("body", flat=True)) == [
        "追伸",
        "相談を取り下げました。",
    ]
    case.refresh_from_db()
    assert case.state == CaseState.FINISHED


def test_what_cannot_be_taken_back_asks_first(client, region):
    case = received()
    assert "よろしいですか" not in client.get(state_address(case)).content.decode()
    assert "よろしいですか" in client.get(state_address(case) + "?ask=withdraw").content.decode()


def test_a_text_that_cannot_be_added_comes_back(region):
    page = act(received(), "add", status=422, body="長" * 4001).content.decode()
    assert "4000字まで" in page
    assert "長" * 4001 in page


@pytest.mark.parametrize("data", [{"act": "nothing"}, {}])
def test_an_act_that_is_none_is_a_page_that_does_not_exist(region, data):
    assert Client().post(state_address(received()), data, **SAME).status_code == 404


@pytest.mark.parametrize("task", ["", "-1", "9" * 30, "①", "x"])
def test_a_task_that_is_none_is_refused(region, task):
    act(received(), "tick", status=422, task=task)


def test_another_site_does_nothing(region):
    case = received()
    response = Client().post(state_address(case), {"act": "withdraw"}, HTTP_SEC_FETCH_SITE="cross-site")
    assert response.status_code == 403
    case.refresh_from_db()
    assert case.state == CaseState.NEW


# ── Signed in ───────────────────────────────────────────────────────────────────────────────────────
def test_signed_in_one_sees_the_own_requests_and_nobody_elses(client, region):
    person = a_person(at=clock.actual_now() - timedelta(days=1))
    own, foreign = received(requester=person), received("よその相談")
    sign_in(client, person)
    page = client.get("/consult/mine/").content.decode()
    assert own.number in page
    assert foreign.number not in page
    assert client.get(f"/consult/mine/{own.key}/").status_code == 200
    assert client.get(f"/consult/mine/{foreign.key}/").status_code == 404
    act(own, "withdraw", client=client, address=f"/consult/mine/{own.key}/")
    act(foreign, "withdraw", client=client, address=f"/consult/mine/{foreign.key}/", status=404)


def test_who_is_not_signed_in_is_asked_to(client, region):
    assert client.get("/consult/mine/").status_code == 302


def test_a_request_of_somebody_signed_in_is_theirs(client, region):
    person = a_person(at=clock.actual_now() - timedelta(days=1), name="三本 花子")
    sign_in(client, person)
    assert person.email in post(step_two(), client=client)
    post(step_three(), status=302, client=client)
    assert Case.objects.get().requester == person


def test_a_person_asks_for_a_business_of_theirs_only(client, region):
    at = clock.actual_now()
    person = a_person(at=at - timedelta(days=1))
    own, foreign = a_business("みほん製作所", at=at), a_business("よその会社", at=at)
    a_business_member(own, person, at=at)
    sign_in(client, person)
    post(step_three(business=own.key), status=302, client=client)
    assert Case.objects.get().business == own
    post(step_three(business=foreign.key, once="another"), status=422, client=client)


def test_many_requests_take_the_same_queries_as_one(client, region):
    person = a_person(at=clock.actual_now() - timedelta(days=1))
    received(requester=person)
    sign_in(client, person)

    def queries() -> int:
        return cost(lambda: client.get("/consult/mine/"))

    queries()
    before = queries()
    for _ in range(20):
        received(requester=person)
    assert queries() == before
