"""年次報告: an officer fills in what the own unit owes; nothing is lost, nothing written over unseen."""

import re
from datetime import UTC, date, datetime

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import Case, Draft
from madoguchi.foundation import clock
from madoguchi.institutions.models import Unit
from madoguchi.results.models import IndicatorValue, Narrative, ReportYear
from madoguchi.results.operations import values
from madoguchi.results.queries import standing, visible
from madoguchi.results.states import EntryState, ReturnState
from madoguchi.usage.models import DailyCount
from madoguchi.web.desk.forms import report as forms
from madoguchi.web.desk.views import report
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import a_taken_case
from tests.factories import a_project, a_row, a_unit
from tests.queries import cost
from tests.results.years import AT, YEAR, a_world, an_indicator, enter
from tests.web.desk.signed_in import sign_in_as

pytestmark = pytest.mark.django_db
LIST = f"/desk/report/{YEAR}/"
SHOPS = "/desk/report/projects/r7-shops/"


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def officer(client, world):
    hat = world.officer(world.commerce)
    sign_in_as(client, hat)
    return hat


def text_of(response):
    return response.content.decode()


def shown(client, url=SHOPS) -> dict[str, str]:
    """The fields of a project's page as a browser would send them."""
    form = client.get(url).context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {
        name: "on" if value is True else value for name, value in found.items() if value not in (None, False)
    }


def cell(world) -> str:
    return f"v{world.visits.pk}"


def send(client, url=SHOPS, **changes):
    return client.post(url, shown(client, url) | changes)


# ── What is owed ────────────────────────────────────────────────────────────────────────────────────
def test_a_unit_sees_its_own_projects_with_how_much_is_filled_and_the_days_left(client, world, officer):
    ReportYear.objects.update(deadline_on=clock.today())
    html = text_of(client.get(LIST))
    assert "r7-shops" in html
    assert "r7-jobs" not in html
    assert "2のうち0" in html
    assert "きょうまで" in html
    assert "つづきを書く" in html


def test_a_division_sees_what_its_groups_owe_and_a_group_not_what_the_division_owes(client, world):
    group = a_unit("group", world.office, parent=world.commerce)
    of_group = a_project("r7-group", fiscal_year=YEAR)
    of_group.units.add(group)
    a_row(world.listing, of_group)
    world.year.returns.create(unit=group)
    sign_in_as(client, world.officer(world.commerce))
    assert "r7-group" in text_of(client.get(LIST))
    sign_in_as(client, world.officer(group))
    html = text_of(client.get(LIST))
    assert "r7-group" in html
    assert "r7-shops" not in html
    assert client.get(SHOPS).status_code == 404


def test_what_was_returned_and_why_stands_on_the_list_and_on_the_project(client, world, officer):
    world.year.returns.filter(unit=world.commerce).update(
        state=ReturnState.RETURNED,
        note="件数の数え方を確かめてください。",
        moved_at=AT,
        moved_by_label="集計 花子",
    )
    for url in (LIST, SHOPS):
        assert "件数の数え方を確かめてください。" in text_of(client.get(url))


def test_the_list_costs_the_same_for_one_project_and_for_twenty(client, world, officer):
    def add(number):
        project = a_project(f"r7-p{number}", fiscal_year=YEAR)
        project.units.add(world.commerce)
        a_row(world.listing, project)
        enter(world, hat=officer, indicator=an_indicator(project, f"i{number}"))

    add(0)
    client.get(LIST)
    one = cost(lambda: client.get(LIST))
    for number in range(1, 20):
        add(number)
    assert cost(lambda: client.get(LIST)) == one


def test_the_page_of_a_project_costs_the_same_for_one_figure_and_for_twenty(client, world, officer):
    enter(world, hat=officer)
    client.get(SHOPS)
    one = cost(lambda: client.get(SHOPS))
    for number in range(19):
        enter(world, hat=officer, indicator=an_indicator(world.shops, f"i{number}"))
    assert cost(lambda: client.get(SHOPS)) == one


# ── Filling in ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("延べ 13名", "延べ13名"),
        ("6件・8名", "6件、8名"),
        ("－", "測っていない（0とは別に扱います）"),
        ("随時", "数字のない言葉として載せます"),
        ("R4.6 12件", "R4.6：12件"),
    ],
)
def test_a_figure_is_kept_as_it_is_typed_and_read_back(client, world, officer, raw, read):
    response = client.post(SHOPS, shown(client) | {cell(world): raw}, follow=True)
    html = text_of(response)
    assert "保存しました。" in html
    assert f"読み取り：{read}" in html
    kept = IndicatorValue.objects.get()
    assert (kept.raw, kept.fiscal_year, kept.state) == (raw, YEAR, EntryState.DRAFT)


def test_last_years_figure_stands_beside_the_field(client, world, officer):
    enter(world, "40名", hat=world.secretary, year=YEAR - 1)
    assert "40名" in text_of(client.get(SHOPS))


def test_texts_and_the_cost_are_kept_in_thousand_yen_with_what_it_is_taken_from(client, world, officer):
    send(
        client,
        overview="店を支えます。",
        achievements="12件行いました。",
        cost="１,２３４",
        cost_basis="settled",
    )
    narrative = Narrative.objects.get()
    assert (narrative.overview, narrative.achievements) == ("店を支えます。", "12件行いました。")
    world.shops.refresh_from_db()
    assert (world.shops.cost_yen, world.shops.cost_basis) == (1_234_000, "settled")


@pytest.mark.parametrize(
    "changes",
    [
        {"cost": "たくさん"},
        {"cost": "-5"},
        {"cost": "1.2345"},
        {"cost": "NaN"},
        {"cost": ""},
        {"cost": "10", "cost_basis": "not_stated"},
    ],
)
def test_a_cost_that_makes_no_sense_is_refused_and_what_was_typed_stays(client, world, officer, changes):
    response = send(client, achievements="書いた文", **changes)
    assert response.status_code == 422
    assert "書いた文" in text_of(response)
    assert not Narrative.objects.exists()


def test_a_figure_that_was_there_cannot_be_emptied(client, world, officer):
    enter(world, hat=officer)
    response = send(client, **{cell(world): ""})
    assert response.status_code == 422
    assert "測っていないときは「－」" in text_of(response)
    assert IndicatorValue.objects.get().raw == "12件"


def test_the_mark_of_a_provisional_figure_is_set_and_taken_back(client, world, officer):
    mark = f"{cell(world)}_p"
    send(client, **{cell(world): "12件", mark: "on"})
    kept = IndicatorValue.objects.get()
    assert (kept.raw, kept.provisional) == ("12件（暫定値）", True)
    fields = shown(client)
    del fields[mark]
    client.post(SHOPS, fields)
    kept.refresh_from_db()
    assert (kept.raw, kept.provisional) == ("12件", False)


def test_an_odd_figure_is_kept_and_asked_about_until_somebody_explains_it(client, world, officer):
    enter(world, "40名", hat=world.secretary, year=YEAR - 1)
    html = text_of(client.post(SHOPS, shown(client) | {cell(world): "150名"}, follow=True))
    assert "3倍以上" in html
    assert client.get(LIST).context["lines"][0].odd == 1
    send(client, **{f"{cell(world)}_e": "会場を3つにふやした"})
    assert client.get(LIST).context["lines"][0].odd == 0
    assert IndicatorValue.objects.get(fiscal_year=YEAR).raw == "150名"


def test_parts_that_were_written_out_by_hand_stay_while_the_text_of_the_cell_does(client, world, officer):
    enter(world, "30回（8者のべ）", hat=officer)
    by_hand = [{"number": "30", "unit": "回", "cumulative": True, "as_of": "", "label": ""}]
    IndicatorValue.objects.update(parts=by_hand)
    send(client, **{f"{cell(world)}_e": "台帳"})
    kept = IndicatorValue.objects.get()
    assert (kept.evidence, kept.parts) == ("台帳", by_hand)
    send(client, **{cell(world): "31回"})
    kept.refresh_from_db()
    assert [part["number"] for part in kept.parts] == ["31"]


def test_a_figure_that_the_text_tells_of_another_row_is_no_doubt(client, world, officer):
    hires = an_indicator(world.shops, "hires-of-shops")
    enter(world, "30件", hat=officer, indicator=hires)
    send(client, **{cell(world): "12件", "achievements": "30件を採りました。"})
    line = client.get(LIST).context["lines"][0]
    assert line.odd == 0
    send(client, achievements="31件を採りました。")
    assert client.get(LIST).context["lines"][0].odd == 2


def test_a_figure_is_read_back_while_it_is_typed(client, world, officer):
    enter(world, "40名", hat=world.secretary, year=YEAR - 1)
    answer = client.get(f"{SHOPS}reading/", {"cell": cell(world), cell(world): "延べ 150件"})
    assert "読み取り：延べ150件" in text_of(answer)
    assert "単位が前の年度" in text_of(answer)
    assert text_of(client.get(f"{SHOPS}reading/", {"cell": cell(world)})).strip() == ""
    assert client.get(f"{SHOPS}reading/", {"cell": "v0"}).status_code == 404


def test_a_figure_that_the_records_count_is_taken_over_with_its_rows_beside_it(client, world, officer):
    world.visits.measure = "cases_opened"
    world.visits.save()
    a_taken_case(a_hat(at=AT, organisation=an_organisation()))
    Case.objects.update(opened_at=datetime(YEAR, 6, 1, tzinfo=UTC))
    html = text_of(client.get(SHOPS))
    assert "measure=cases_opened&amp;first=2025-04-01&amp;last=2026-03-31&amp;whose=region" in html
    number = re.search(r'<b class="nb">(\d+件)</b>', html)[1]
    assert number == "1件"
    send(client, take=cell(world), achievements="書きかけの文")
    kept = IndicatorValue.objects.get()
    assert (kept.raw, kept.evidence) == (number, "記録から：新しい案件")
    assert Narrative.objects.get().achievements == "書きかけの文"


@pytest.mark.parametrize("raw", ["144.5.6件", "12,34件", "1,,2件", "9" * 26])
def test_a_figure_that_is_none_is_refused_with_how_to_write_it(client, world, officer, raw):
    response = send(client, **{cell(world): raw, "achievements": "書いた文"})
    assert response.status_code == 422
    assert "数として読めません。一つの数は" in text_of(response)
    assert "読み取り：" not in text_of(response)
    assert f'value="{raw}"' in text_of(response)
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize("raw", ["abc", "#REF!", "144.5.6件"])
def test_what_cannot_be_read_is_doubted_while_it_is_typed(client, world, officer, raw):
    answer = text_of(client.get(f"{SHOPS}reading/", {"cell": cell(world), cell(world): raw}))
    assert f"「{raw}」は、数として読めません。" in answer


@pytest.mark.parametrize("raw", ["随時", "○", "－", "1.5億円", "R4.6.1現在 1,234件", "6件・8名"])
def test_words_dates_and_figures_as_reports_print_them_raise_no_such_doubt(client, world, officer, raw):
    answer = text_of(client.get(f"{SHOPS}reading/", {"cell": cell(world), cell(world): raw}))
    assert "読めません" not in answer


def test_words_that_nobody_reads_are_kept_and_confirmed_before_they_are_handed_in(client, world, officer):
    send(client, **{cell(world): "abc"})
    assert IndicatorValue.objects.get().raw == "abc"
    assert client.get(LIST).context["lines"][0].odd == 1


def test_a_refused_page_reads_back_what_was_typed_and_not_what_is_kept(client, world, officer):
    enter(world, "40名", hat=world.secretary, year=YEAR - 1)
    enter(world, "41名", hat=officer)
    html = text_of(send(client, **{cell(world): "150名", "cost": "たくさん"}))
    assert "読み取り：150名" in html
    assert "3倍以上" in html
    assert "読み取り：41名" not in html


def test_the_page_views_stand_beside_their_field_with_the_months_behind_them(client, world, officer):
    world.visits.measure = "page_views"
    world.visits.save()
    DailyCount.objects.create(day=date(YEAR, 4, 1), kind="page", key="home", count=1_200)
    DailyCount.objects.create(day=date(YEAR + 1, 3, 31), kind="desk", key="yorozu", count=34)
    html = text_of(client.get(SHOPS))
    assert '<b class="nb">1,234件</b>' in html
    address = f"/desk/report/{YEAR}/views/"
    assert f'href="{address}"' in html
    rows = text_of(client.get(address))
    assert [count in rows for count in ("1,200", "34", "1,234件")] == [True, True, True]
    send(client, take=cell(world))
    assert IndicatorValue.objects.get().raw == "1,234件"


def test_the_months_behind_page_views_are_for_who_writes_the_report(client, world):
    sign_in_as(client, a_hat(role=Role.OFFICER, at=AT, organisation=an_organisation("elsewhere")))
    assert client.get(f"/desk/report/{YEAR}/views/").status_code == 404


def test_a_year_that_is_not_over_yet_is_said_to_be(client, world, officer, monkeypatch):
    said = "まだ終わっていません"
    assert said in text_of(client.get(SHOPS)) or clock.today() > date(YEAR + 1, 3, 31)
    monkeypatch.setattr(clock, "today", lambda: date(YEAR + 1, 4, 1))
    assert said not in text_of(client.get(SHOPS))
    monkeypatch.setattr(clock, "today", lambda: date(YEAR + 1, 3, 31))
    assert f"終わる日は令和{YEAR - 2017}年3月31日" in text_of(client.get(SHOPS))


# ── Nothing typed is lost ───────────────────────────────────────────────────────────────────────────
def test_what_is_being_typed_is_kept_and_stands_there_again_until_it_is_sent(client, world, officer):
    form = f"report:{world.shops.pk}"
    assert f'data-autosave="{form}"' in text_of(client.get(SHOPS))
    typed = shown(client) | {cell(world): "13件", "achievements": "まだ途中"}
    assert client.post(f"/desk/drafts/{form}/", typed).status_code == 200
    again = shown(client)
    assert (again[cell(world)], again["achievements"]) == ("13件", "まだ途中")
    assert not IndicatorValue.objects.exists()
    sent = client.post(SHOPS, again)
    assert sent.cookies["sent_once"].value == again["once"]
    assert not Draft.objects.exists()
    assert IndicatorValue.objects.get().raw == "13件"


def test_a_colleagues_change_stands_beside_what_was_typed_and_nothing_is_written_over(client, world, officer):
    enter(world, "12件", hat=officer)
    mine = shown(client) | {cell(world): "14件", "achievements": "わたしの文"}
    enter(world, "13件", hat=world.officer(world.commerce), version=1)
    response = client.post(SHOPS, mine)
    html = text_of(response)
    assert response.status_code == 409
    assert "いま残っている内容" in html
    assert "13件" in html
    assert 'value="14件"' in html
    assert "わたしの文" in html
    assert IndicatorValue.objects.get().raw == "13件"
    assert not Narrative.objects.exists()
    form = response.context["form"]
    client.post(SHOPS, mine | {name: form[name].value() for name in form.fields if name.endswith("_v")})
    assert IndicatorValue.objects.get().raw == "14件"
    assert Narrative.objects.get().achievements == "わたしの文"


def test_without_the_comparison_the_colleagues_figure_would_be_gone(client, world, officer, monkeypatch):
    """The twin: it is the version that tells that somebody else wrote meanwhile."""
    enter(world, "12件", hat=officer)
    mine = shown(client) | {cell(world): "14件"}
    enter(world, "13件", hat=world.officer(world.commerce), version=1)
    monkeypatch.setattr(values, "is_as_seen", lambda value, version: True)
    assert client.post(SHOPS, mine).status_code == 302
    assert IndicatorValue.objects.get().raw == "14件"


def test_two_people_who_fill_the_same_empty_field_do_not_write_over_each_other(client, world, officer):
    mine = shown(client) | {cell(world): "14件"}
    enter(world, "13件", hat=world.officer(world.commerce))
    assert client.post(SHOPS, mine).status_code == 409
    assert IndicatorValue.objects.get().raw == "13件"


def test_a_text_and_a_cost_that_somebody_changed_meanwhile_are_shown_too(client, world, officer):
    mine = shown(client) | {"achievements": "わたしの文", "cost": "5"}
    send(client, achievements="先の文", cost="7")
    response = client.post(SHOPS, mine)
    assert response.status_code == 409
    assert set(response.context["theirs"]) == {"achievements", "cost"}
    assert Narrative.objects.get().achievements == "先の文"


def a_colleague_wrote_meanwhile(client, world, **mine):
    """A page as it was shown and changed, after which a colleague changed other fields of it."""
    enter(world, "12件", hat=world.officer(world.commerce))
    send(client, overview="店を支えます。", achievements="前の文", cost="5", cost_basis="settled")
    typed = shown(client) | mine
    enter(world, "13件", hat=world.officer(world.commerce), version=1)
    send(client, overview="人を支えます。", cost="7")
    return typed


def test_what_one_did_not_touch_goes_over_nobodys_work(client, world, officer):
    typed = a_colleague_wrote_meanwhile(client, world, **{f"{cell(world)}_e": ""})
    assert client.post(SHOPS, typed).status_code == 302
    world.shops.refresh_from_db()
    kept = (IndicatorValue.objects.get().raw, Narrative.objects.get().overview, world.shops.cost_yen)
    assert kept == ("13件", "人を支えます。", 7000)


def test_after_a_conflict_only_what_one_changed_is_sent_again(client, world, officer):
    mine = {"overview": "町を支えます。", "achievements": "わたしの文"}
    typed = a_colleague_wrote_meanwhile(client, world, **mine)
    response = client.post(SHOPS, typed)
    assert response.status_code == 409
    form = response.context["form"]
    sent_again = {name: form[name].value() or "" for name in form.fields if not name.endswith("_p")}
    assert {name: sent_again[name] for name in mine} == mine
    assert (sent_again["cost"], sent_again[cell(world)]) == ("7", "13件")
    assert response.context["theirs"]["overview"] == "人を支えます。"
    client.post(SHOPS, sent_again)
    world.shops.refresh_from_db()
    narrative = Narrative.objects.get()
    assert (narrative.overview, narrative.achievements) == ("町を支えます。", "わたしの文")
    assert (IndicatorValue.objects.get().raw, world.shops.cost_yen) == ("13件", 7000)


def test_two_who_wrote_one_text_each_lose_neither(client, world, officer):
    typed = a_colleague_wrote_meanwhile(client, world, achievements="わたしの文")
    assert client.post(SHOPS, typed).status_code == 302
    narrative = Narrative.objects.get()
    assert (narrative.overview, narrative.achievements) == ("人を支えます。", "わたしの文")


def test_with_everything_sent_again_the_colleagues_work_would_be_gone(client, world, officer, monkeypatch):
    """The twin: it is what was touched that keeps the rest of the colleague's work."""
    typed = a_colleague_wrote_meanwhile(client, world, achievements="わたしの文")
    every = property(lambda form: set(form.fields))
    monkeypatch.setattr(forms.ProjectForm, "touched", every)
    form = client.post(SHOPS, typed).context["form"]
    client.post(SHOPS, {name: form[name].value() or "" for name in form.fields if not name.endswith("_p")})
    assert Narrative.objects.get().overview == "店を支えます。"
    assert IndicatorValue.objects.get().raw == "12件"


def test_a_draft_begun_before_a_colleague_saved_sends_only_what_was_typed_in_it(client, world, officer):
    typed = a_colleague_wrote_meanwhile(client, world, **{f"{cell(world)}_n": "会場が3つ"})
    client.post(f"/desk/drafts/report:{world.shops.pk}/", typed)
    response = client.post(SHOPS, shown(client))
    assert response.status_code == 409
    form = response.context["form"]
    assert (form[cell(world)].value(), form[f"{cell(world)}_n"].value()) == ("13件", "会場が3つ")
    assert form["overview"].value() == "人を支えます。"


# ── Who may ─────────────────────────────────────────────────────────────────────────────────────────
def test_another_unit_of_the_office_finds_nothing_of_it(client, world, officer):
    enter(world, hat=officer)
    pk = IndicatorValue.objects.get().pk
    sign_in_as(client, world.officer(world.people))
    for url in (SHOPS, f"/desk/report/values/{pk}/", f"{LIST}units/", f"{LIST}units/commerce/"):
        assert client.get(url).status_code == 404
        assert client.post(url, {}).status_code == 404
    assert client.get(f"{SHOPS}reading/", {"cell": cell(world)}).status_code == 404
    assert client.get(f"{LIST}units/commerce/hand-in/").status_code == 404
    assert client.get(f"{LIST}close/").status_code == 404


def test_with_every_unit_taken_for_ones_own_another_unit_would_write_it(client, world, monkeypatch):
    """The twin: it is the unit of the hat that hides the work of the others and keeps it."""
    every = frozenset(Unit.objects.values_list("pk", flat=True))
    for module in (standing, visible, report):
        monkeypatch.setattr(module, "units_of", lambda hat: every)
    sign_in_as(client, world.officer(world.people))
    send(client, **{cell(world): "99件"})
    assert IndicatorValue.objects.get().raw == "99件"


def test_the_secretariat_opens_and_writes_what_any_unit_owes(client, world):
    sign_in_as(client, world.secretary)
    send(client, **{cell(world): "12件"})
    assert IndicatorValue.objects.get().state == EntryState.APPROVED
    for slug in ("r7-shops", "r7-jobs"):
        assert client.get(f"/desk/report/projects/{slug}/").status_code == 200


def test_a_figure_that_another_unit_owns_is_not_written_from_the_project_that_prints_it(
    client, world, officer
):
    world.visits.owner = world.people
    world.visits.save()
    response = send(client, **{cell(world): "99件", "overview": "店を支えます。"})
    assert response.status_code == 422
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize("role", [Role.ADVISER, Role.EXPERT, Role.AUDITOR, Role.OPERATOR])
def test_roles_that_write_no_results_find_no_page(client, world, role):
    sign_in_as(client, a_hat(at=AT, organisation=world.office, role=role, unit=world.commerce))
    for url in ("/desk/report/", LIST, SHOPS):
        assert client.get(url).status_code == 403
    assert "/desk/report/" not in text_of(client.get("/desk/", follow=True))


def test_an_organisation_that_owes_nothing_has_no_entry_and_no_page(client, world):
    chamber = an_organisation("よその商工会")
    sign_in_as(client, a_hat(at=AT, organisation=chamber, role=Role.MANAGER))
    assert "/desk/report/" not in text_of(client.get("/desk/"))
    for url in (LIST, SHOPS, f"{LIST}units/"):
        assert client.get(url).status_code == 404


def test_a_year_without_a_report_is_no_page(client, world, officer):
    for year in (1999, 2031, 99999999):
        assert client.get(f"/desk/report/{year}/").status_code == 404
    assert client.get("/desk/report/").url == LIST


def test_before_any_report_there_is_a_sentence(client, world, officer):
    ReportYear.objects.all().delete()
    assert "まだ始まっていません" in text_of(client.get("/desk/report/"))
