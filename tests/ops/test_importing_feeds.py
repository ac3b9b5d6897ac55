"""`madoguchi import jgrants|open-data`: from a misbehaving portal, from files, and nothing half done."""

import csv
import io
import json
from functools import partial

import pytest

from madoguchi.feeds.models import FeedItem, FeedRun
from madoguchi.feeds.operations import taking_in
from madoguchi.importers.jgrants.client import Client
from madoguchi.ops import cli, importing_feeds
from tests.factories import a_region
from tests.importers.jgrants.api import KEY, LIST, a_detail, a_row, detail_path, portal, said

pytestmark = pytest.mark.django_db
OTHER = "a0W000000000000002"


@pytest.fixture(autouse=True)
def _region(monkeypatch):
    a_region(prefecture_code="310000")
    monkeypatch.setattr(cli.django, "setup", lambda: None)


def run(*words):
    return cli.main(["import", *map(str, words)])


# ── jgrants ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def server(settings, monkeypatch):
    # Nobody waits in a test.
    monkeypatch.setattr(importing_feeds, "Client", partial(Client, sleep=lambda _seconds: None))
    with portal() as running:
        settings.JGRANTS_URL = running.url
        yield running


def test_the_portal_is_asked_and_what_came_is_told(server, capsys):
    server.answers[LIST] = said(a_row(), {"title": "id がない"})
    server.answers[detail_path(2)] = said(a_detail())
    assert run("jgrants", "--keyword", "補助金") == 0
    shown = capsys.readouterr()
    assert "新しいもの: 1件" in shown.out
    assert "id がありません" in shown.err
    assert FeedItem.objects.get().record["detail"] == ["■補助率", "補助対象経費の2/3以内"]


def test_a_portal_that_gives_only_part_changes_what_it_gave_and_says_so(server, capsys):
    server.answers[LIST] = said(a_row(), a_row(OTHER))
    server.answers[detail_path(2)] = (410, b"")
    server.answers[detail_path(1)] = said(a_detail())
    server.answers[detail_path(2, OTHER)] = (200, b'{"result": [{"id"')
    assert run("jgrants") == 1
    assert "答えがありませんでした" in capsys.readouterr().err
    assert FeedItem.objects.count() == 2
    assert FeedRun.objects.get().is_complete is False


def test_a_portal_that_is_down_changes_nothing(server, tmp_path):
    run("jgrants", "--from", lines(tmp_path, a_detail()))
    before = list(FeedItem.objects.values())
    server.answers[LIST] = (503, b"")
    assert run("jgrants") == 1
    assert list(FeedItem.objects.values()) == before


def lines(tmp_path, *rows):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in rows))
    return path


def test_a_file_of_rows_is_read_line_by_line(tmp_path, capsys):
    path = lines(tmp_path, a_row(), '{"id": "a0', "", "[]", a_row(OTHER, title=""))
    assert run("jgrants", "--from", path) == 0
    shown = capsys.readouterr()
    assert "新しいもの: 1件" in shown.out
    assert "読めなかったもの: 3件" in shown.out
    assert "2行目: JSON として読めません。" in shown.err
    assert run("jgrants", "--from", path) == 0
    assert "同じもの: 1件" in capsys.readouterr().out


def test_only_a_file_that_is_said_to_be_complete_tells_what_is_gone(tmp_path):
    run("jgrants", "--from", lines(tmp_path, a_row()))
    run("jgrants", "--from", lines(tmp_path, a_row(OTHER)))
    assert FeedItem.objects.get(external_id=KEY).missed_runs == 0
    run("jgrants", "--from", lines(tmp_path, a_row(OTHER)), "--complete")
    assert FeedItem.objects.get(external_id=KEY).state == "vanished"


def test_a_missing_file_is_said(tmp_path):
    assert run("jgrants", "--from", tmp_path / "none.jsonl") == 2


# ── J-Net21 ─────────────────────────────────────────────────────────────────────────────────────────
def rss(*items):
    """A feed of these invented items: title, region."""
    shown = "".join(
        f"<item><title>{title}</title><link>https://www.example.jp/articles/{number}</link>"
        f"<description>上限は50万円です。&lt;script&gt;x&lt;/script&gt;</description>"
        f"<dc:coverage><rdf:Description><rdf:label>{area}</rdf:label></rdf:Description></dc:coverage></item>"
        for number, (title, area) in enumerate(items)
    )
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>x</title></channel>'
        f"{shown}</rdf:RDF>"
    ).encode()


def test_notices_become_drafts_that_no_visitor_sees(server, settings, client):
    settings.JNET21_URL = f"{server.url}/support.xml"
    server.answers["/support.xml"] = (
        200,
        rss(("設備補助金", "鳥取県"), ("他県の補助金", "東京都"), ("", "")),
    )
    assert run("j-net21") == 0
    item = FeedItem.objects.get()
    assert (item.state, item.programme, item.title) == ("draft", None, "設備補助金")
    assert item.readings.get(what="cap").value == "500000"
    assert run("j-net21") == 0
    assert FeedItem.objects.count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        (503, b""),
        (200, rss(("a", "b"))[:200]),
        (200, b"<html/>"),
        (200, b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
    ],
)
def test_a_feed_that_is_none_changes_nothing(server, settings, answer):
    settings.JNET21_URL = f"{server.url}/support.xml"
    server.answers["/support.xml"] = answer
    assert run("j-net21") == 1
    assert not FeedItem.objects.exists()


# ── open data ───────────────────────────────────────────────────────────────────────────────────────
OLD = {
    "制度番号": "12",
    "全国地方公共団体コード": "312011",
    "タイトル（制度名）": "鳥取市創業支援補助金",
    "対象者": "市内で創業する人",
    "対象地域": "",
    "概要": "創業の費用を補助します。",
    "内容": "補助率は1/2、上限は50万円です。",
    "受付開始日": "2025-04-01",
    "受付終了日": "2026-01-31",
    "お問い合わせ先": "経済課",
}
NEW = {
    "全国地方公共団体コード": "312011",
    "ID": "12",
    "地方公共団体名": "鳥取県鳥取市",
    "制度名": "鳥取市創業支援補助金",
    "制度概要": "創業の費用を補助します。",
    "給付金額": "500000",
    "補助率": "1/2以内",
    "受付開始日": "2025/4/1",
    "受付終了日": "未定",
    "URL": "https://www.example.jp/sogyo",
    "連絡先電話番号": "0857-00-0001",
    "見たことのない列": "x",
}


def table(tmp_path, *rows, encoding="utf-8-sig"):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "list.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("row", [OLD, NEW], ids=["headings of 2020", "newer headings"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_list_is_taken_in_whatever_its_headings_and_encoding(tmp_path, row, encoding):
    assert run("open-data", table(tmp_path, row, encoding=encoding)) == 0
    item = FeedItem.objects.get()
    assert (item.external_id, item.title) == ("312011-12", "鳥取市創業支援補助金")
    said_of = {each.what: each.value for each in item.readings.all()}
    assert said_of["cap"] == "500000"
    assert said_of["share"] == "1/2~1/2"
    assert said_of["areas"] == "312011"


def test_taking_the_same_list_in_again_changes_nothing(tmp_path, capsys):
    path = table(tmp_path, OLD)
    run("open-data", path)
    capsys.readouterr()
    assert run("open-data", path) == 0
    assert "同じもの: 1件" in capsys.readouterr().out


def test_a_bad_list_changes_nothing_and_says_where(tmp_path, capsys):
    bad = OLD | {"制度番号": "13", "受付終了日": "2024-13-45", "タイトル（制度名）": ""}
    assert run("open-data", table(tmp_path, OLD, bad)) == 1
    shown = capsys.readouterr()
    assert "3行目「受付終了日」: 日付として読めません" in shown.err
    assert "3行目「タイトル（制度名）」" in shown.err
    assert not FeedItem.objects.exists()


def test_a_list_that_fails_in_the_middle_is_not_taken_in_by_halves(tmp_path, monkeypatch):
    real = taking_in.publish

    def breaks(**given):
        if given["item"].external_id.endswith("13"):
            raise ValueError("odd")
        real(**given)

    monkeypatch.setattr(taking_in, "publish", breaks)
    assert run("open-data", table(tmp_path, OLD, OLD | {"制度番号": "13"})) == 1
    assert not FeedItem.objects.exists()


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    assert run("open-data", table(tmp_path, NEW), "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "読めた行: 1件" in shown
    assert "見たことのない列" in shown
    assert not FeedItem.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b\n1,2\n", b'"open'])
def test_what_is_no_list_is_refused(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    assert run("open-data", path) == 1


def test_an_address_that_leads_inwards_is_not_opened(capsys):
    assert run("open-data", "http://127.0.0.1/list.csv") == 1
    assert "読めません" in capsys.readouterr().err
