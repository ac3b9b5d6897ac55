"""The trays and the page of a case."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Channel, Outcome, Result, Scan, Visibility
from madoguchi.consultations.models import (
    Attachment,
    Case,
    CasePerson,
    Consultation,
    Draft,
    Note,
    NoteTemplate,
    Task,
)
from madoguchi.consultations.operations import closing, planning, recording, requester
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.operations.requester import Requester
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.audit import ANONYMOUS
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import (
    a_request,
    a_taken_case,
    a_topic,
    another_involvement,
    its_organisation,
    the_involvement,
)
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk, sign_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat(client, data_dir):
    return a_desk(client)


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


def page(client, case, name="case", *more, **data):
    return client.get(reverse(f"desk:{name}", args=[case.key, *more]), data)


def send(client, case, name, *more, **data):
    return client.post(reverse(f"desk:{name}", args=[case.key, *more]), data)


def text_of(response):
    return response.content.decode()


# ── Trays ───────────────────────────────────────────────────────────────────────────────────────────
def test_the_first_page_shows_what_is_to_be_done_today(client, hat, case):
    planning.add_task(case=case, title="見積書を読む", due_on=clock.today(), hat=hat, at=AT)
    html = text_of(client.get("/desk/"))
    assert "見積書を読む" in html
    assert reverse("desk:case", args=[case.key]) in html


@pytest.mark.parametrize("address", ["/desk/", "/desk/cases/", "/desk/trays/mine/", "/desk/calendar/"])
def test_a_list_costs_the_same_for_one_row_and_twenty(client, hat, address):
    def add():
        case = a_taken_case(hat)
        planning.add_task(case=case, title="次", due_on=clock.today(), hat=hat, at=AT)
        planning.add_task(case=case, title="出す", for_business=True, hat=hat, at=AT)

    add()
    client.get(address)
    one = cost(lambda: client.get(address))
    for _ in range(19):
        add()
    assert cost(lambda: client.get(address)) == one


def test_an_empty_tray_says_where_to_go(client, hat):
    for name in ("new", "mine", "waiting", "late", "untaken", "held", "all", "today"):
        response = client.get(reverse("desk:tray", args=[name]))
        assert response.status_code == 200
        assert 'class="empty"' in text_of(response)


@pytest.mark.parametrize(
    "asked",
    [
        "?page=999999999999",
        "?page=x",
        "?q=%00",
        "?q=" + "x" * 500,
        "?state=zzz&topic=zzz&adviser=1e9&area=zzz",
        "?view=zzz",
    ],
)
def test_an_absurd_address_is_answered(client, hat, case, asked):
    assert client.get(f"/desk/cases/{asked}").status_code == 200


def test_there_is_no_tray_of_another_name(client, hat):
    assert client.get("/desk/trays/everything/").status_code == 404


def test_the_dense_view_is_remembered(client, hat, case):
    assert 'class="tray"' in text_of(client.get("/desk/cases/"))
    assert "<table" in text_of(client.get("/desk/cases/?view=dense"))
    assert "<table" in text_of(client.get("/desk/"))
    assert 'class="tray"' in text_of(client.get("/desk/?view=wide"))


def test_the_title_in_the_browser_tells_a_secret_case_by_its_number_alone(client, hat):
    for is_secret in (True, False):
        case = a_taken_case(hat, title="後継ぎがいない", topics=[a_topic(is_secret=is_secret)])
        title = text_of(page(client, case)).split("<title>")[1].split("</title>")[0]
        assert ("後継ぎ" in title) is not is_secret
        assert (case.number in title) is is_secret


def test_the_search_finds_by_number_business_and_words(client, hat):
    case = a_taken_case(hat, title="りんごを売りたい", words="首都圏で")
    a_taken_case(hat, title="融資の相談")
    for words in (case.number, "リンゴ", "首都圏"):
        assert [row.number for row in client.get("/desk/cases/", {"q": words}).context["rows"]] == [
            case.number
        ]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.EXPERT])
def test_who_reads_no_cases_has_no_trays(client, role):
    a_desk(client, role=role)
    assert client.get("/desk/cases/").status_code == 403
    assert client.get("/desk/", follow=True).status_code == 200


# ── Who sees the page ───────────────────────────────────────────────────────────────────────────────
PAGES = ("case", "print", "plan", "first", "situation", "introduce", "similar", "close", "reopen")


def test_a_foreign_case_and_one_that_is_not_there_look_the_same_everywhere(client, hat):
    foreign = a_taken_case(a_hat(at=AT, organisation=an_organisation("よその機関")))
    for name in PAGES:
        assert page(client, foreign, name).status_code == 404
        assert client.get(reverse(f"desk:{name}", args=["nosuchcase23"])).status_code == 404
    for name in ("record", "tasks", "take"):
        assert send(client, foreign, name, body="x").status_code == 404
    assert not AuditEvent.objects.filter(action="consultations.case_read").exists()


def test_a_secret_case_opens_for_named_people_only(client, hat):
    case = a_taken_case(a_hat(at=AT, organisation=its_organisation(hat)), topics=[a_topic(is_secret=True)])
    assert [page(client, case, name).status_code for name in PAGES] == [404] * len(PAGES)
    assert case.title not in text_of(client.get("/desk/cases/?state=any"))
    CasePerson.objects.create(case=case, user_id=hat.user_id, since=AT)
    assert page(client, case).status_code == 200


def test_reading_the_page_is_on_record(client, hat, case):
    page(client, case)
    event = AuditEvent.objects.get(action="consultations.case_read")
    assert (event.subject_id, event.data) == (str(case.pk), {"what": "page"})


def test_every_page_of_a_case_opens(client, hat, case):
    for name in PAGES:
        assert page(client, case, name).status_code == 200, name


def test_the_page_costs_the_same_for_one_record_and_for_twenty(client, hat):
    def fill(case, count):
        for n in range(count):
            recording.write_note(case=case, body=f"{n}", visibility=Visibility.SHARED, hat=hat, at=AT)
            planning.add_task(case=case, title=f"{n}", hat=hat, at=AT)

    short, long = a_taken_case(hat), a_taken_case(hat)
    fill(short, 1)
    fill(long, 20)
    page(client, short)
    assert cost(lambda: page(client, short)) == cost(lambda: page(client, long))


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────
def an_entry(**changes):
    given = {
        "body": "瓶の形を見直す",
        "visibility": "shared",
        "channel": "",
        "held_on": "",
        "next_for": "own",
        "once": "1",
    }
    return given | changes


def test_an_entry_is_kept_and_stands_on_the_page(client, hat, case):
    response = send(
        client, case, "record", **an_entry(channel="visit", held_on="2026-11-27", next_step="電話する")
    )
    assert response.status_code == 302
    html = text_of(page(client, case))
    assert "瓶の形を見直す" in html
    assert "巡回の相談" in html
    assert "電話する" in html


def test_an_entry_sent_twice_is_kept_once(client, hat, case):
    for _ in range(2):
        assert (
            send(client, case, "record", **an_entry(channel="desk", held_on="2026-11-27")).status_code == 302
        )
    assert (Note.objects.count(), Consultation.objects.count()) == (1, 1)


def test_another_entry_from_the_same_form_comes_back_and_is_kept_by_pressing_again(client, hat, case):
    send(client, case, "record", **an_entry())
    refused = send(client, case, "record", **an_entry(body="べつの話"))
    assert refused.status_code == 422
    assert "べつの話" in text_of(refused)
    once = re.findall(r'name="once" value="([^"]+)"', text_of(refused))[0]
    send(client, case, "record", **an_entry(body="べつの話", once=once))
    assert set(Note.objects.values_list("body", flat=True)) == {"瓶の形を見直す", "べつの話"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": " "}, "話したことや、決めたことを書いてください。"),
        ({"channel": "visit"}, "話した日を選んでください。"),
        ({"channel": "visit", "held_on": "きのう"}, "日付を選び直してください。"),
        ({"channel": "fax"}, "fax"),
        ({"next_due_on": "2026-12-01"}, "次にすることを書いてください。"),
        ({"visibility": "everybody"}, "everybody"),
        ({"minutes": "-5"}, "1"),
    ],
)
def test_what_cannot_be_kept_stands_again_as_it_was_typed(client, hat, case, changes, sentence):
    response = send(client, case, "record", **an_entry(place="会社の会議室") | changes)
    assert response.status_code == 422
    assert "会社の会議室" in text_of(response)
    assert sentence in text_of(response)
    assert not Note.objects.exists()


def test_a_draft_stands_in_the_form_with_the_time_it_was_kept(client, hat, case):
    Draft.objects.create(
        user_id=hat.user_id, form=Draft.name_for(case), content={"body": "書きかけ"}, saved_at=AT
    )
    html = text_of(page(client, case))
    assert "書きかけ" in html
    assert "12:00までの入力が残っています" in html


def test_a_template_is_put_behind_what_was_typed(client, hat, case):
    template = NoteTemplate.objects.create(organisation=its_organisation(hat), name="巡回", body="【様子】")
    html = text_of(page(client, case, template=template.pk))
    assert "【様子】" in html
    foreign = NoteTemplate.objects.create(
        organisation=an_organisation("よそ"), name="よその", body="【よそ】"
    )
    assert "【よそ】" not in text_of(page(client, case, template=foreign.pk))


def test_templates_are_kept_replaced_and_removed_by_the_own_organisation(client, hat):
    address = reverse("desk:note_templates")
    for body in ("一", "二"):
        assert client.post(address, {"name": "巡回", "body": body}).status_code == 302
    kept = NoteTemplate.objects.get()
    assert kept.body == "二"
    foreign = NoteTemplate.objects.create(organisation=an_organisation("よそ"), name="よその", body="x")
    client.post(address, {"remove": str(foreign.pk)})
    client.post(address, {"remove": str(kept.pk)})
    assert list(NoteTemplate.objects.all()) == [foreign]
    assert client.post(address, {"name": "", "body": ""}).status_code == 422


# ── Notes ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def note(hat, case):
    return recording.write_note(case=case, body="はじめ", visibility=Visibility.SHARED, hat=hat, at=AT)


def test_ones_own_note_is_changed(client, case, note):
    sent = send(client, case, "note", note.pk, body="あとから", visibility="internal", version=1)
    assert sent.status_code == 302
    note.refresh_from_db()
    assert (note.body, note.visibility) == ("あとから", "internal")


def test_a_conflict_shows_both_texts_and_overwrites_nothing(client, case, note):
    send(client, case, "note", note.pk, body="別の画面の文", visibility="shared", version=1)
    response = send(client, case, "note", note.pk, body="この画面の文", visibility="shared", version=1)
    assert response.status_code == 409
    html = text_of(response)
    assert "別の画面の文" in html
    assert "この画面の文" in html
    note.refresh_from_db()
    assert note.body == "別の画面の文"
    again = send(client, case, "note", note.pk, body="まとめた文", visibility="shared", version=2)
    assert again.status_code == 302


def test_without_the_version_the_other_text_would_be_lost(client, case, note):
    send(client, case, "note", note.pk, body="別の画面の文", visibility="shared", version=1)
    Note.objects.filter(pk=note.pk).update(body="この画面の文")
    note.refresh_from_db()
    assert note.body == "この画面の文"


def test_nobody_opens_the_note_of_another_to_change_it(client, hat, case, note):
    sign_in_as(client, a_hat(at=AT, organisation=its_organisation(hat)))
    assert page(client, case, "note", note.pk).status_code == 404
    assert page(client, case, "note", 999_999).status_code == 404


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────
def content_of(response):
    content = b"".join(response.streaming_content)
    response.close()
    return content


@pytest.fixture
def attachment(client, hat, case):
    file = SimpleUploadedFile("見積書 令和.pdf", b"%PDF-1.7 sample", content_type="text/html")
    send(client, case, "record", **an_entry(visibility="internal"), files=[file])
    return Attachment.objects.get()


def test_a_file_comes_back_as_a_download_that_nothing_runs_or_keeps(client, case, attachment):
    response = page(client, case, "attachment", attachment.key)
    assert content_of(response) == b"%PDF-1.7 sample"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "%E8%A6%8B%E7%A9%8D" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_file_is_readable_as_its_note_is(client, hat, case, attachment):
    other = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, its_organisation(other))
    sign_in_as(client, other)
    assert page(client, case, "attachment", attachment.key).status_code == 404
    Note.objects.update(visibility="shared")
    assert content_of(page(client, case, "attachment", attachment.key)) == b"%PDF-1.7 sample"


def test_a_file_is_not_reached_through_another_case(client, hat, attachment):
    assert page(client, a_taken_case(hat), "attachment", attachment.key).status_code == 404


def test_what_was_not_searched_for_viruses_is_not_handed_out_where_that_is_done(
    client, case, attachment, settings
):
    settings.VIRUS_SCANNER = "scan"
    assert page(client, case, "attachment", attachment.key).status_code == 404
    assert "安全を確かめています" in text_of(page(client, case))
    Attachment.objects.update(scan=Scan.CLEAN)
    assert content_of(page(client, case, "attachment", attachment.key)) == b"%PDF-1.7 sample"


def test_an_infected_file_is_handed_out_nowhere(client, case, attachment):
    Attachment.objects.update(scan=Scan.INFECTED)
    assert page(client, case, "attachment", attachment.key).status_code == 404


def test_a_file_that_is_not_taken_is_said_so_and_nothing_is_kept(client, hat, case):
    file = SimpleUploadedFile("a.exe", b"MZ\x90\x00")
    response = send(client, case, "record", **an_entry(), files=[file])
    assert response.status_code == 422
    assert "受け取れない種類" in text_of(response)
    assert not Note.objects.exists()


# ── Tasks ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_task_is_ticked_where_it_stands(client, hat, case):
    task = planning.add_task(case=case, title="電話する", hat=hat, at=AT)
    assert send(client, case, "tasks", done=task.pk).url == f"/desk/cases/{case.key}/#todo"
    assert Task.objects.get().state == "done"
    send(client, case, "tasks", reopen=task.pk, plan="1")
    response = client.post(
        reverse("desk:tasks", args=[case.key]), {"done": task.pk}, headers={"HX-Request": "true"}
    )
    assert text_of(response).startswith('<section class="card"') or 'id="todo"' in text_of(response)
    assert "<html" not in text_of(response)


@pytest.mark.parametrize("pk", ["0", "999999", "x", "9" * 40, ""])
def test_a_task_that_is_not_there_is_not_found(client, case, pk):
    assert send(client, case, "tasks", done=pk).status_code == 404


def test_a_task_of_another_case_is_not_found(client, hat, case):
    task = planning.add_task(case=a_taken_case(hat), title="電話する", hat=hat, at=AT)
    assert send(client, case, "tasks", done=task.pk).status_code == 404


def ahead(days):
    return clock.today() + timedelta(days=days)


def test_goals_tasks_and_follow_ups_are_added_on_the_plan(client, case):
    sent = {
        "task": {"task-title": "電話する", "task-whose": "business", "task-due_on": ahead(1).isoformat()},
        "goal": {"goal-text": "5店に置く"},
        "follow_up": {"follow_up-due_on": ahead(19).isoformat()},
    }
    for what, data in sent.items():
        assert send(client, case, "plan_add", what, **data).status_code == 302
        assert send(client, case, "plan_add", what).status_code == 422
    html = text_of(page(client, case, "plan"))
    for words in ("電話する", "5店に置く", f"{ahead(19).month}月{ahead(19).day}日"):
        assert words in html


@pytest.mark.parametrize(("days", "said"), [(-1, "今日か、それより後の日"), (3 * 366, "年を確かめて")])
def test_a_day_that_cannot_be_meant_is_refused_at_its_field(client, hat, case, days, said):
    day = ahead(days).isoformat()
    sent = {
        "task": {"task-title": "電話する", "task-whose": "own", "task-due_on": day},
        "follow_up": {"follow_up-due_on": day},
    }
    for what, data in sent.items():
        form = send(client, case, "plan_add", what, **data).context["forms"][what]
        assert said in form.errors["due_on"][0]
    entry = an_entry(body="瓶の形", next_step="電話する", next_due_on=day)
    form = send(client, case, "record", **entry).context["form"]
    assert said in form.errors["next_due_on"][0]
    assert form["next_step"].value() == "電話する"
    assert not Note.objects.exists()


def test_a_request_is_taken_by_oneself(client, hat):
    case = a_request(its_organisation(hat))
    assert "自分が引き受ける" in text_of(page(client, case))
    send(client, case, "take")
    assert the_involvement(case, hat).adviser_id == hat.user_id
    assert "自分が引き受ける" not in text_of(page(client, case))


def test_a_withdrawn_request_shows_what_is_left_and_where_the_lead_closes_it(client, hat):
    case = a_request(its_organisation(hat))
    requester.withdraw(case=case, requester=Requester(ANONYMOUS, "みほん商店"), at=clock.now())
    assert requester.TO_CLOSE in text_of(client.get(reverse("desk:tray", args=["new"])))
    assert reverse("desk:close", args=[case.key]) in text_of(page(client, case))


def test_who_is_not_the_lead_is_led_to_no_closing_and_no_reopening(client, hat):
    owner = a_hat(at=AT, organisation=an_organisation("よそ"))
    case = a_taken_case(owner)
    another_involvement(case, its_organisation(hat), InvolvementState.WORKING)
    assert reverse("desk:close", args=[case.key]) not in text_of(page(client, case))
    told = CameOfIt(outcome=Outcome.NONE, result=Result.HELPED)
    closing.close_case(case=case, told=told, hat=owner, at=clock.now())
    assert reverse("desk:reopen", args=[case.key]) not in text_of(page(client, case))


def test_who_may_not_work_on_a_case_sees_why_and_no_ticks(client, hat):
    owner = a_hat(at=AT, organisation=an_organisation("よそ"))
    case = a_taken_case(owner)
    planning.add_task(case=case, title="電話する", hat=owner, at=AT)
    another_involvement(case, its_organisation(hat))
    html = text_of(page(client, case))
    assert "電話する" in html
    assert "todo__tick" not in html


def test_markup_in_a_case_stays_text(client, hat):
    case = a_taken_case(hat, title="<script>alert(1)</script>", words="<b>x</b>")
    recording.write_note(
        case=case, body="<img src=x onerror=y>", visibility=Visibility.SHARED, hat=hat, at=AT
    )
    html = text_of(page(client, case))
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_the_print_leaves_inner_notes_out_unless_asked_and_personal_ones_always(client, hat, case):
    for visibility in Visibility:
        recording.write_note(case=case, body=f"text-{visibility}", visibility=visibility, hat=hat, at=AT)
    plain, inner = (
        text_of(page(client, case, "print")),
        text_of(client.get(f"/desk/cases/{case.key}/print/?with=internal")),
    )
    assert ["text-shared" in plain, "text-internal" in plain, "text-personal" in plain] == [
        True,
        False,
        False,
    ]
    assert ["text-shared" in inner, "text-internal" in inner, "text-personal" in inner] == [True, True, False]


def test_a_case_that_nobody_named_is_shown_without_a_name(client, hat):
    case = a_taken_case(hat, is_anonymous=True)
    Case.objects.filter(pk=case.pk).update(channel=Channel.TELEPHONE)
    assert "匿名の相談" in text_of(page(client, case))
