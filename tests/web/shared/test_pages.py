"""The frame, the components and the error pages, rendered."""

import sqlite3
from datetime import date
from types import SimpleNamespace

import psycopg
import pytest
from django import forms
from django.db import (
    DatabaseError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from madoguchi.foundation import outages
from madoguchi.foundation.paging import page_of
from madoguchi.usage.models import DailyCount
from madoguchi.web.shared import views
from madoguchi.web.shared.site import Frame, GeneralDesk, NavLink, Region
from tests.databases import locked


@pytest.fixture(autouse=True)
def _japanese():
    with translation.override("ja"):
        yield


@pytest.fixture
def region() -> Region:
    return Region(
        site_name="窓口みほん",
        tagline="事業者の支援をさがす",
        prefecture_name="みほん県",
        general_desk=GeneralDesk("みほん|相談所", "0123-45-6789", "平日 9:00〜17:00"),
        stylesheet_url="/region.css",
        logo_url="/logo.svg",
        hero_url="/hero.svg",
        area_drawing="<svg></svg>",
        credit="みほん県の公表資料による。",
    )


def frame(believed_today: date | None = None) -> Frame:
    return Frame(
        home_url="/",
        search_url="/programmes/",
        nav=(NavLink("/programmes/", "支援をさがす"),),
        tools=(NavLink("/favourites/", "お気に入り", "star"),),
        footer=(NavLink("/about/", "このサイトについて"),),
        language_url="/language/",
        believed_today=believed_today,
    )


def page(path: str, region: Region, around: Frame) -> str:
    request = RequestFactory().get(path)
    return render_to_string("shared/base.html", {"region": region, "frame": around}, request=request)


def component(template_name: str, /, **values) -> str:
    return render_to_string(f"shared/components/{template_name}.html", values)


def test_the_frame_names_region_desk_and_place_in_the_menu(region):
    html = page("/programmes/", region, frame())
    assert '<html lang="ja">' in html
    assert "— 窓口みほん</title>" in html
    assert 'href="tel:0123456789"' in html
    assert '<a href="/programmes/" aria-current="page">支援をさがす</a>' in html
    assert '<link rel="canonical" href="http://testserver/programmes/">' in html


def test_the_frame_speaks_the_readers_language(region):
    with translation.override("en"):
        assert '<html lang="en">' in page("/", region, frame())


def test_a_title_keeps_only_the_text_of_a_folded_name(region):
    template = engines["django"].from_string(
        '{% extends "shared/base.html" %}{% load madoguchi %}{% block title %}{{ v|breaks }}{% endblock %}'
    )
    context = {"region": region, "frame": frame(), "v": "研究&開発|補助金"}
    html = template.render(context, RequestFactory().get("/"))
    assert "<title>研究&amp;開発補助金 — 窓口みほん</title>" in html


def test_a_set_date_is_announced_on_every_page(region):
    assert "令和5年11月1日（水）</span>を「今日」として" in page("/", region, frame(date(2023, 11, 1)))
    assert "「今日」として" not in page("/", region, frame())


def test_missing_facts_of_a_programme_are_asked_at_the_desk():
    html = component("quick", money="上限100万円", who="中小企業", until="", where="")
    assert html.count("窓口で確認") == 2
    assert html.index("いくら") < html.index("だれが") < html.index("いつまで") < html.index("どこに")


def test_the_pager_keeps_the_other_conditions():
    request = RequestFactory().get("/programmes/", {"q": "販路", "page": "2"})
    html = render_to_string(
        "shared/components/pager.html", {"page": page_of(range(30), 2, size=10)}, request=request
    )
    assert "page=3" in html
    assert "q=%E8%B2%A9%E8%B7%AF" in html
    assert '<span aria-current="page">2</span>' in html


def test_a_single_page_has_no_pager():
    assert component("pager", page=page_of(range(3), 1, size=10)).strip() == ""


class ReportForm(forms.Form):
    what = forms.ChoiceField(label="何がちがいますか", choices=[("a", "電話番号")], widget=forms.RadioSelect)
    text = forms.CharField(label="くわしく", help_text="電話番号は書かないでください。")
    mail = forms.EmailField(label="メールアドレス", required=False)


def test_errors_stand_above_the_form_and_lead_to_their_fields():
    html = component("error_summary", form=ReportForm({}))
    assert "入力を2か所直してください" in html
    assert 'href="#id_text"' in html
    assert 'href="#id_what_0"' in html


def test_a_form_without_errors_has_no_summary():
    assert component("error_summary", form=ReportForm()).strip() == ""


def test_a_field_is_tied_to_its_help_and_its_error():
    html = component("field", field=ReportForm({})["text"])
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert "※必須" in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = component("field", field=ReportForm()["what"])
    assert "<fieldset" in html
    assert "<legend" in html
    assert 'id="id_what_0"' in html


def test_an_optional_field_says_so():
    assert "※任意" in component("field", field=ReportForm()["mail"])


NOTHING = SimpleNamespace(name="コース", variant="", target="", rate_text="", money_text="", note="")


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("crumbs", {"trail": [NavLink("/", "ホーム"), NavLink("", "ここ")]}, 'aria-current="page"'),
        ("notice", {"heading": "お知らせ", "icon": "bell"}, '<div class="notice">'),
        ("empty", {"heading": "まだ", "text": "次", "link_url": "/", "link_label": "さがす"}, 'href="/"'),
        ("search_box", {"action": "/s/", "label": "言葉", "query": '"><b>'}, "&quot;&gt;&lt;b&gt;"),
        ("frames", {"frames": [NOTHING]}, 'data-h="補助率"'),
        ("steps", {"steps": [SimpleNamespace(title="話す", text="", when="")]}, "<li><h3>"),
        ("contact", {"name": "みほん|課"}, "みほん<wbr>課"),
        ("labels", {"kinds": ["融資"], "status": ""}, '<span class="kind">融資</span>'),
        ("tag", {"url": "/", "label": "融資"}, "の条件を外す"),
        ("due", {"url": "/", "title": "名", "kind": "催し", "moment": date(2023, 11, 7)}, "2023-11-07"),
        ("tile", {"url": "/", "icon": "it", "say": "進めたい", "label": "IT化", "count": 3}, "3件"),
        ("area_row", {"key": "north", "area": "北", "url": "/", "name": "窓口"}, 'id="area-north"'),
    ],
)
def test_a_component_needs_only_what_it_documents(name, values, expected):
    assert expected in component(name, **values)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda request: views.bad_request(request, ValueError()), 400),
        (lambda request: views.permission_denied(request, PermissionError()), 403),
        (views.csrf_failure, 403),
        (lambda request: views.page_not_found(request, KeyError()), 404),
        (views.server_error, 500),
        (views.unavailable, 503),
    ],
)
def test_an_error_page_keeps_its_status_and_shows_the_way_on(answer, status):
    response = answer(RequestFactory().get("/"))
    assert response.status_code == status
    assert "はじめのページへ" in response.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_no_context_at_all(name):
    assert "<h1>" in render_to_string(f"{name}.html")


def test_an_error_page_offers_the_desk_and_the_search(region):
    html = render_to_string("404.html", {"region": region, "frame": frame()})
    assert 'href="tel:0123456789"' in html
    assert 'action="/programmes/"' in html


def test_an_error_page_survives_a_broken_context(monkeypatch, caplog):
    def broken(request):
        raise RuntimeError("no context today")

    engine = engines["django"].engine
    monkeypatch.setitem(engine.__dict__, "template_context_processors", (broken,))
    response = views.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "ページを表示できませんでした" in response.content.decode()
    assert "without its context" in caplog.text


def from_sqlite(name):
    """An error as SQLite raises it."""
    error = sqlite3.OperationalError()
    error.sqlite_errorname = name
    return error


def answer_to(error, cause=None):
    """What the site answers when a view raised this."""
    try:
        raise error from cause
    except Error:
        return views.server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("database is locked"), from_sqlite("SQLITE_BUSY_SNAPSHOT")),
        (OperationalError("database table is locked"), from_sqlite("SQLITE_LOCKED")),
        (OperationalError("unable to open database file"), from_sqlite("SQLITE_CANTOPEN")),
        (OperationalError("attempt to write a readonly database"), from_sqlite("SQLITE_READONLY")),
        (OperationalError('connection failed: connection to server at "10.0.0.1" refused'), None),
        (OperationalError("failed to resolve host 'db'"), None),
        (InterfaceError("connection already closed"), None),
        (OperationalError("terminating"), psycopg.errors.AdminShutdown()),
        (OperationalError("sorry"), psycopg.errors.TooManyConnections()),
        (OperationalError("cannot wait"), psycopg.errors.LockNotAvailable()),
        (InternalError("cannot execute"), psycopg.errors.ReadOnlySqlTransaction()),
    ],
)
def test_a_database_out_of_reach_is_answered_as_away_for_a_moment(error, cause):
    response = answer_to(error, cause)
    assert response.status_code == 503
    assert response["Retry-After"] == "120"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("no such table: connection"), from_sqlite("SQLITE_ERROR")),
        (DatabaseError("database disk image is malformed"), from_sqlite("SQLITE_CORRUPT")),
        (OperationalError("database or disk is full"), from_sqlite("SQLITE_FULL")),
        (InterfaceError("bad parameter or other API misuse"), None),
        (IntegrityError("a connection is missing"), None),
        (ProgrammingError('relation "connection" is missing'), psycopg.errors.UndefinedTable()),
        (OperationalError("no connection between these"), psycopg.errors.DiskFull()),
    ],
)
def test_a_fault_of_ours_is_not_said_to_pass(error, cause):
    response = answer_to(error, cause)
    assert response.status_code == 500
    assert "Retry-After" not in response


@pytest.mark.django_db(transaction=True)
def test_a_table_that_somebody_holds_is_away_for_a_moment():
    with locked("usage_dailycount"), pytest.raises(Error) as caught:
        DailyCount.objects.create(day=date(2026, 4, 1), kind="programme", key="a", count=1)
    assert outages.is_away(caught.value)


@pytest.mark.django_db
def test_a_missing_table_is_a_fault_on_either_database():
    with pytest.raises(Error) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere")
    assert not outages.is_away(caught.value)
