"""年次報告: the secretariat reminds, reviews, returns, accepts, locks, publishes, corrects."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outgoing

from madoguchi.accounts.hats import hat_of
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from madoguchi.results import tasks
from madoguchi.results.errors import NotAllowed
from madoguchi.results.models import IndicatorValue, Narrative, Project, ReportYear, ValueChange
from madoguchi.results.operations import years
from madoguchi.results.queries import standing
from madoguchi.results.states import EntryState, ReturnState, YearState
from madoguchi.web.desk.views import report, report_review, report_value
from tests.accounts.people import a_hat
from tests.factories import a_project, a_row, a_unit
from tests.queries import cost
from tests.results.years import AT, YEAR, a_world, an_indicator, enter
from tests.web.desk.signed_in import sign_in_as

pytestmark = pytest.mark.django_db
LIST = f"/desk/report/{YEAR}/"
UNITS = f"{LIST}units/"
COMMERCE = f"{UNITS}commerce/"
CLOSE = f"{LIST}close/"


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def secretary(client, world):
    hat = world.secretary
    sign_in_as(client, hat)
    return hat


def text_of(response):
    return response.content.decode()


def write_all(world, *, hat=None):
    """Fill in everything that the commerce unit owes."""
    hat = hat or world.officer(world.commerce)
    enter(world, "12件", hat=hat)
    Narrative.objects.create(project=world.shops, overview="店を支えます。", achievements="店を回りました。")


def hand_in(client, world, unit="commerce", **data):
    return client.post(f"{UNITS}{unit}/hand-in/", data)


def review(client, act, note=""):
    """Press a button of the page of the commerce unit as it stands now."""
    version = client.get(COMMERCE).context["line"].row.version
    return client.post(COMMERCE, {"act": act, "note": note, "version": version}, follow=True)


def the_return(world):
    return world.returned_by(world.commerce)


# ── The whole road ──────────────────────────────────────────────────────────────────────────────────
def test_from_filling_in_to_a_correction(client, world):
    officer, secretary = world.officer(world.commerce), world.secretary
    project, value_name = "/desk/report/projects/r7-shops/", f"v{world.visits.pk}"

    def typed(**changes):
        form = client.get(project).context["form"]
        fields = {name: form[name].value() or "" for name in form.fields if not name.endswith("_p")}
        return client.post(project, fields | changes, follow=True)

    sign_in_as(client, officer)
    typed(**{value_name: "12件", "overview": "店を支えます。", "achievements": "12件行いました。"})
    assert hand_in(client, world).url == LIST
    assert "提出しています" in text_of(client.get(project))
    assert client.post(project, {value_name: "99件"}).status_code == 422

    sign_in_as(client, secretary)
    html = text_of(client.get(COMMERCE))
    assert "12件行いました。" in html
    review(client, "return", "延べですか。")
    assert the_return(world).state == ReturnState.RETURNED

    sign_in_as(client, officer)
    assert "延べですか。" in text_of(client.get(LIST))
    typed(**{value_name: "延べ 12件"})
    hand_in(client, world)

    sign_in_as(client, secretary)
    review(client, "accept")
    assert IndicatorValue.objects.get().state == EntryState.APPROVED
    world.returned_by(world.people).delete()
    assert "締め切りました" in text_of(client.post(CLOSE, {"act": "lock"}, follow=True))
    assert "締め切られています" in text_of(client.get(project))
    assert client.post(project, {value_name: "13件"}).status_code == 422
    assert IndicatorValue.objects.get().raw == "延べ 12件"

    assert "公表しました" in text_of(client.post(CLOSE, {"act": "publish"}, follow=True))
    history = f"/desk/report/values/{IndicatorValue.objects.get().pk}/"
    refused = client.post(history, {"raw": "延べ 13件", "reason": "", "version": "2"})
    assert refused.status_code == 422
    correction = {"raw": "延べ 13件", "reason": "二重の計上", "version": "2"}
    assert "文章に「12件」とあり" in text_of(client.post(history, correction))
    html = text_of(client.post(history, correction | {"confirmed": "延べ 13件"}, follow=True))
    assert "訂正しました" in html
    assert "理由：二重の計上" in html
    assert re.search("<del>延べ 12件</del>.*<b>延べ 13件</b>", html)
    assert [change.after["raw"] for change in ValueChange.objects.order_by("version")] == [
        "12件",
        "延べ 12件",
        "延べ 13件",
    ]
    sign_in_as(client, officer)
    assert "訂正する" not in text_of(client.get(history))
    assert client.post(history, {"raw": "1件", "reason": "x", "version": "3"}).status_code == 404


# ── Handing in ──────────────────────────────────────────────────────────────────────────────────────
def test_nothing_is_handed_in_while_something_is_empty(client, world):
    sign_in_as(client, world.officer(world.commerce))
    assert "あと2か所" in text_of(client.get(f"{COMMERCE}hand-in/"))
    response = hand_in(client, world)
    assert response.status_code == 422
    assert the_return(world).state == ReturnState.OWED


def test_an_odd_figure_is_confirmed_before_it_is_handed_in(client, world):
    officer = world.officer(world.commerce)
    enter(world, "100件", hat=world.secretary, year=YEAR - 1)
    write_all(world, hat=officer)
    sign_in_as(client, officer)
    assert "3倍以上" in text_of(client.get(f"{COMMERCE}hand-in/"))
    assert hand_in(client, world).status_code == 422
    assert hand_in(client, world, confirmed="on").status_code == 302
    assert the_return(world).state == ReturnState.HANDED_IN


def test_what_was_handed_in_with_nothing_in_it_is_shown_to_its_unit(client, world):
    sign_in_as(client, world.officer(world.commerce))
    world.year.returns.update(state=ReturnState.HANDED_IN)
    assert "提出しています" in text_of(client.get("/desk/report/projects/r7-shops/"))


def test_it_is_handed_in_once(client, world):
    write_all(world)
    sign_in_as(client, world.officer(world.commerce))
    hand_in(client, world)
    assert hand_in(client, world).status_code == 422
    assert AuditEvent.objects.filter(action="results.return_handed_in").count() == 1


# ── Two who review at once ──────────────────────────────────────────────────────────────────────────
def seen_before_it_moved(client, world):
    """What a window shows that was open before a colleague accepted the part."""
    write_all(world)
    hand_in(client, world)
    seen = {"note": "数字を確かめてください。", "version": client.get(COMMERCE).context["line"].row.version}
    review(client, "accept")
    return seen


def test_a_part_that_a_colleague_accepted_meanwhile_is_not_sent_back_from_a_stale_window(
    client, world, secretary
):
    seen = seen_before_it_moved(client, world)
    response = client.post(COMMERCE, seen | {"act": "return"})
    assert response.status_code == 409
    assert "いまは「受け付けました」です" in text_of(response)
    assert "数字を確かめてください。" in text_of(response)
    assert the_return(world).state == ReturnState.ACCEPTED
    assert review(client, "return", "数字を確かめてください。").status_code == 200
    assert the_return(world).state == ReturnState.RETURNED


def test_without_what_was_seen_the_stale_window_would_send_it_back(client, world, secretary, monkeypatch):
    """The twin: it is the version that tells that the part has moved."""
    seen = seen_before_it_moved(client, world)
    monkeypatch.setattr(report_review, "is_as_seen", lambda row, version: True)
    assert client.post(COMMERCE, seen | {"act": "return"}).status_code == 302
    assert the_return(world).state == ReturnState.RETURNED


def test_a_part_that_went_back_and_came_again_is_not_accepted_unseen(client, world, secretary):
    write_all(world)
    hand_in(client, world)
    seen = {"version": client.get(COMMERCE).context["line"].row.version}
    review(client, "return", "数字を確かめてください。")
    hand_in(client, world)
    assert client.post(COMMERCE, seen | {"act": "accept"}).status_code == 409
    assert the_return(world).state == ReturnState.HANDED_IN


# ── The secretariat ─────────────────────────────────────────────────────────────────────────────────
def test_the_secretariat_sees_every_unit_by_how_far_it_is(client, world, secretary):
    write_all(world)
    assert client.get("/desk/report/").url == UNITS
    html = text_of(client.get(UNITS))
    assert "県 commerce" in html
    assert "県 people" in html
    assert "2/2" in html
    assert "まだの2部署に知らせる" in html


def test_the_table_of_units_costs_the_same_for_two_units_and_for_twenty(client, world, secretary):
    def add(number):
        unit = a_unit(f"u{number}", world.office)
        project = a_project(f"r7-p{number}", fiscal_year=YEAR)
        project.units.add(unit)
        a_row(world.listing, project)
        world.year.returns.create(unit=unit)
        enter(world, hat=secretary, indicator=an_indicator(project, f"i{number}"))

    add(0)
    client.get(UNITS)
    few = cost(lambda: client.get(UNITS))
    for number in range(1, 20):
        add(number)
    assert cost(lambda: client.get(UNITS)) == few


def test_the_review_costs_the_same_for_one_project_and_for_twenty(client, world, secretary):
    def add(number):
        project = a_project(f"r7-p{number}", fiscal_year=YEAR)
        project.units.add(world.commerce)
        a_row(world.listing, project)
        enter(world, hat=secretary, indicator=an_indicator(project, f"i{number}"))

    add(0)
    client.get(COMMERCE)
    few = cost(lambda: client.get(COMMERCE))
    for number in range(1, 20):
        add(number)
    assert cost(lambda: client.get(COMMERCE)) == few


def test_a_return_needs_a_reason(client, world, secretary):
    write_all(world)
    hand_in(client, world)
    response = review(client, "return", " ")
    assert response.status_code == 422
    assert "理由を書いてください" in text_of(response)
    assert the_return(world).state == ReturnState.HANDED_IN


def test_who_works_in_the_unit_is_told_by_mail_that_it_came_back_without_the_words(client, world, secretary):
    officer = world.officer(world.commerce)
    write_all(world, hat=officer)
    hand_in(client, world)
    review(client, "return", "件数を確かめてください。")
    mail = Mail.objects.get()
    assert mail.user_id == str(officer.user_id)
    assert "件数を確かめてください" not in mail.text
    assert f"/desk/report/{YEAR}/" in mail.text


def test_a_unit_without_people_is_told_by_telephone(client, world, secretary):
    write_all(world, hat=secretary)
    hand_in(client, world)
    html = text_of(review(client, "return", "直して"))
    assert "知らせる相手がいない" in html


def test_one_reminder_tells_a_person_of_all_their_units_and_once_a_day(client, world, secretary):
    above = a_unit("department", world.office)
    for unit in (world.commerce, world.people):
        unit.parent = above
        unit.save()
    head = world.officer(above)
    html = text_of(client.post(UNITS, follow=True))
    assert "1人にメールで知らせました。" in html
    client.post(UNITS)
    mail = Mail.objects.get()
    assert mail.user_id == str(head.user_id)
    assert "commerce" in mail.text
    assert "people" in mail.text
    assert not outgoing.outbox


def test_a_reminder_for_one_unit_reaches_its_own_people_only(client, world, secretary):
    officer, _other = world.officer(world.commerce), world.officer(world.people)
    a_hat(at=AT, organisation=world.office, role=Role.ADVISER, unit=world.commerce)
    client.post(UNITS, {"unit": str(world.commerce.pk)})
    assert [mail.user_id for mail in Mail.objects.all()] == [str(officer.user_id)]


def test_who_has_handed_in_is_not_reminded(client, world, secretary):
    world.officer(world.commerce)
    world.year.returns.update(state=ReturnState.HANDED_IN)
    assert "知らせる相手がいません" in text_of(client.post(UNITS, follow=True))
    assert not Mail.objects.exists()


def test_units_are_reminded_on_the_planned_days_before_the_deadline(world):
    world.officer(world.commerce)
    today = clock.today()
    ReportYear.objects.update(deadline_on=today + timedelta(days=7), reminders=[14])
    assert tasks.remind() == 0
    ReportYear.objects.update(reminders=[14, 7])
    assert tasks.remind() == 1
    tasks.remind()
    assert Mail.objects.count() == 1


def test_the_deadline_is_set_and_nonsense_is_refused(client, world, secretary):
    client.post(CLOSE, {"act": "deadline", "deadline": "2026-12-18"})
    assert str(ReportYear.objects.get().deadline_on) == "2026-12-18"
    assert client.post(CLOSE, {"act": "deadline", "deadline": "きのう"}).status_code == 422
    assert client.post(CLOSE, {"act": "burn"}).status_code == 404


def test_nothing_is_locked_while_a_unit_is_not_accepted(client, world, secretary):
    response = client.post(CLOSE, {"act": "lock"})
    assert response.status_code == 422
    assert ReportYear.objects.get().state == YearState.OPEN


def test_a_locked_year_is_opened_again_and_a_published_one_is_not(client, world, secretary):
    world.year.returns.update(state=ReturnState.ACCEPTED)
    client.post(CLOSE, {"act": "lock"})
    client.post(CLOSE, {"act": "reopen"})
    assert ReportYear.objects.get().state == YearState.OPEN
    client.post(CLOSE, {"act": "lock"})
    client.post(CLOSE, {"act": "publish"})
    assert client.post(CLOSE, {"act": "reopen"}).status_code == 422
    assert ReportYear.objects.get().state == YearState.PUBLISHED


def made_public(client, world):
    """The report of the year is public."""
    world.year.returns.update(state=ReturnState.ACCEPTED)
    for act in ("lock", "publish"):
        client.post(CLOSE, {"act": act})


def test_the_secretariat_begins_the_next_year_with_a_confirmation(client, world, secretary):
    assert "令和8年度の入力をはじめる" not in text_of(client.get(CLOSE))
    made_public(client, world)
    assert "令和8年度の入力をはじめる" in text_of(client.get(CLOSE))
    asked = {"act": "next", "next_deadline": "2027-05-28"}
    refused = client.post(CLOSE, asked)
    assert refused.status_code == 422
    assert 'value="2027-05-28"' in text_of(refused)
    assert ReportYear.objects.count() == 1
    response = client.post(CLOSE, asked | {"confirmed": "on"}, follow=True)
    assert response.redirect_chain[0][0] == f"/desk/report/{YEAR + 1}/units/"
    assert "2の部署が書きます" in text_of(response)
    begun = ReportYear.objects.get(fiscal_year=YEAR + 1)
    assert (begun.state, str(begun.deadline_on)) == (YearState.OPEN, "2027-05-28")
    assert begun.secretariat == world.year.secretariat
    event = AuditEvent.objects.get(action="results.year_opened")
    assert (event.actor_label, event.organisation_id) == (secretary.label, str(world.office.pk))
    assert f"/desk/report/{YEAR + 1}/units/" in text_of(client.get(CLOSE))


def test_the_next_year_begins_once_and_only_after_this_one_is_public(client, world, secretary):
    begin = {"act": "next", "confirmed": "on"}
    assert client.post(CLOSE, begin).status_code == 422
    made_public(client, world)
    client.post(CLOSE, begin)
    again = client.post(CLOSE, begin)
    assert again.status_code == 422
    assert "もうはじまっています" in text_of(again)
    assert AuditEvent.objects.filter(action="results.year_opened").count() == 1
    assert Project.objects.filter(fiscal_year=YEAR + 1).count() == 2


def test_a_unit_cannot_begin_the_next_year(client, world, secretary):
    made_public(client, world)
    sign_in_as(client, world.officer(world.commerce))
    assert client.post(CLOSE, {"act": "next", "confirmed": "on"}).status_code == 404
    with pytest.raises(NotAllowed):
        years.open_next(year=world.year, hat=world.officer(world.commerce), at=AT, deadline_on=None)
    assert ReportYear.objects.count() == 1


def test_with_everybody_taken_for_the_secretariat_a_unit_would_begin_it(
    client, world, secretary, monkeypatch
):
    """The twin: it is the unit of the secretariat that keeps others from it."""
    made_public(client, world)
    sign_in_as(client, world.officer(world.commerce))
    for module in (standing, report):
        monkeypatch.setattr(module, "is_secretariat", lambda hat, year: True)
    client.post(CLOSE, {"act": "next", "confirmed": "on"})
    assert ReportYear.objects.count() == 2


def test_a_correction_of_what_somebody_corrected_meanwhile_is_shown_both(client, world, secretary):
    write_all(world)
    world.year.returns.update(state=ReturnState.ACCEPTED)
    IndicatorValue.objects.update(state=EntryState.APPROVED, approved_at=AT)
    Narrative.objects.update(state=EntryState.APPROVED, approved_at=AT)
    for act in ("lock", "publish"):
        client.post(CLOSE, {"act": act})
    url = f"/desk/report/values/{IndicatorValue.objects.get().pk}/"
    client.post(url, {"raw": "13件", "reason": "数え直し", "version": "1"})
    response = client.post(url, {"raw": "14件", "reason": "これも", "version": "1"})
    assert response.status_code == 409
    assert "いまは「13件」です" in text_of(response)
    assert 'value="14件"' in text_of(response)
    assert IndicatorValue.objects.get().raw == "13件"


def published_with(client, world, secretary, raw="12件"):
    """A published report whose figure was 10件 the year before; the address of the figure's history."""
    enter(world, "10件", hat=secretary, year=YEAR - 1)
    enter(world, raw, hat=secretary)
    world.year.returns.update(state=ReturnState.ACCEPTED)
    for act in ("lock", "publish"):
        client.post(CLOSE, {"act": act})
    return f"/desk/report/values/{IndicatorValue.objects.get(fiscal_year=YEAR).pk}/"


def test_an_odd_correction_is_doubted_as_in_the_years_work_and_confirmed(client, world, secretary):
    url = published_with(client, world, secretary)
    correction = {"raw": "120件", "reason": "数え直し", "version": "1"}
    response = client.post(url, correction)
    html = text_of(response)
    assert response.status_code == 422
    assert "3倍以上" in html
    assert "読み取り：120件" in html
    assert "数え直し" in html
    assert IndicatorValue.objects.get(fiscal_year=YEAR).raw == "12件"
    # Another odd value than the one that was confirmed is asked about again.
    assert client.post(url, correction | {"raw": "1,200件", "confirmed": "120件"}).status_code == 422
    assert client.post(url, correction | {"confirmed": "120件"}).status_code == 302
    assert IndicatorValue.objects.get(fiscal_year=YEAR).raw == "120件"


def test_without_a_doubt_the_same_correction_would_pass_unasked(client, world, secretary, monkeypatch):
    """The twin: it is the year's own doubts that ask."""
    url = published_with(client, world, secretary)
    monkeypatch.setattr(report_value, "_doubts", lambda *about: ())
    assert client.post(url, {"raw": "120件", "reason": "数え直し", "version": "1"}).status_code == 302
    assert IndicatorValue.objects.get(fiscal_year=YEAR).raw == "120件"


def test_a_correction_that_is_no_figure_is_refused(client, world, secretary):
    url = published_with(client, world, secretary)
    broken = {"raw": "144.5.6件", "reason": "数え直し", "version": "1", "confirmed": "144.5.6件"}
    response = client.post(url, broken)
    assert response.status_code == 422
    assert "数として読めません。一つの数は" in text_of(response)


def test_a_person_of_a_unit_reviews_and_closes_nothing(client, world):
    write_all(world)
    sign_in_as(client, world.officer(world.commerce))
    hand_in(client, world)
    for url in (UNITS, COMMERCE, CLOSE):
        for act in ("accept", "return", "lock", "publish", "deadline"):
            assert client.post(url, {"act": act, "note": "x"}).status_code == 404
    assert the_return(world).state == ReturnState.HANDED_IN


def test_with_everybody_taken_for_the_secretariat_the_unit_would_accept_itself(client, world, monkeypatch):
    """The twin: it is the unit of the secretariat that keeps others from deciding."""
    write_all(world)
    sign_in_as(client, world.officer(world.commerce))
    hand_in(client, world)
    for module in (standing, report):
        monkeypatch.setattr(module, "is_secretariat", lambda hat, year: True)
    review(client, "accept")
    assert the_return(world).state == ReturnState.ACCEPTED


def test_the_hat_of_another_unit_sees_other_units(client, world):
    """One person with two memberships acts for one unit at a time."""
    first = world.officer(world.commerce)
    user = User.objects.get(pk=first.user_id)
    second = Membership.objects.create(
        user=user,
        organisation=world.office,
        role=Role.OFFICER,
        unit=world.people,
        starts_at=AT - timedelta(days=1),
    )
    sign_in_as(client, hat_of(user, chosen=second.pk, at=clock.actual_now()))
    html = text_of(client.get(LIST))
    assert "r7-jobs" in html
    assert "r7-shops" not in html


def test_only_the_sentence_beside_a_figure_is_corrected_without_a_doubt_about_the_figure(
    client, world, secretary
):
    url = published_with(client, world, secretary, "120件")
    correction = {"raw": "120件", "note": "会場を含みます。", "reason": "説明もれ", "version": "1"}
    assert client.post(url, correction).status_code == 302
    assert IndicatorValue.objects.get(fiscal_year=YEAR).note == "会場を含みます。"


def test_the_secretariat_goes_from_year_to_year(client, world, secretary):
    made_public(client, world)
    client.post(CLOSE, {"act": "next", "confirmed": "on"})
    assert f"/desk/report/{YEAR + 1}/units/" in text_of(client.get(UNITS))
    assert UNITS in text_of(client.get(f"/desk/report/{YEAR + 1}/units/"))


def test_a_figure_that_nobody_entered_at_the_desk_names_no_person(client, world, secretary):
    read = {"raw": "12件", "kind": "numbers", "fiscal_year": YEAR, "entered_by_label": "system"}
    value = IndicatorValue.objects.create(indicator=world.visits, **read)
    html = text_of(client.get(f"/desk/report/values/{value.pk}/"))
    assert "はじめのままです。" in html
    assert "system" not in html
