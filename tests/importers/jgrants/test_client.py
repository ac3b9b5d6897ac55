"""Asking the national portal: bounded, spaced, again after a fault, from v2 to v1."""

import json

import pytest

from madoguchi.importers.jgrants.client import ApiFault, Client, gather
from tests.importers.jgrants.api import KEY, LIST, a_detail, a_row, asked, detail_path, portal, said


@pytest.fixture
def server():
    with portal() as running:
        yield running


@pytest.fixture
def waits():
    return []


@pytest.fixture
def client(server, waits):
    return Client(server.url, seconds=1, sleep=waits.append)


def test_a_list_is_asked_with_all_that_the_api_wants(client, server):
    server.answers[LIST] = said(a_row())
    assert client.rows("補助金", area="鳥取県", accepting_only=True) == [a_row()]
    assert asked(server) == [
        (
            LIST,
            {
                "keyword": "補助金",
                "sort": "created_date",
                "order": "DESC",
                "acceptance": "1",
                "target_area_search": "鳥取県",
            },
        )
    ]


def test_questions_are_a_second_apart(client, server, waits):
    server.answers[LIST] = said()
    gather(client, keywords=["補助金", "事業"], areas=["鳥取県", "全国"], accepting_only=True)
    assert waits == [1.0, 1.0, 1.0]


def test_the_union_of_all_questions_holds_each_id_once(client, server):
    server.answers[LIST] = said(a_row(), a_row("a0W000000000000002"), {"title": "id がない"})
    found = gather(client, keywords=["補助金", "事業"], areas=["鳥取県", "全国"], accepting_only=True)
    assert list(found.rows) == [KEY, "a0W000000000000002"]
    assert len(found.odd) == 4
    assert found.faults == []


def test_a_detail_comes_from_v2(client, server):
    server.answers[detail_path(2)] = said(a_detail())
    assert client.detail(KEY) == a_detail()


@pytest.mark.parametrize("answer", [(410, b""), (404, b""), (501, b"")])
def test_what_v2_does_not_have_comes_from_v1_at_once(client, server, answer):
    server.answers[detail_path(2)] = answer
    server.answers[detail_path(1)] = said(a_detail())
    assert client.detail(KEY) == a_detail()
    assert [path for path, _ in asked(server)] == [detail_path(2), detail_path(1)]


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"error"),
        (200, json.dumps({"result": [a_row()]}).encode()[:40]),
        (200, b"<html>maintenance</html>"),
        (200, b'{"result": null}'),
        (200, b"[]"),
        (302, b""),
    ],
)
def test_a_fault_is_tried_again_and_then_told(client, server, waits, answer):
    server.answers[LIST] = answer
    with pytest.raises(ApiFault):
        client.rows("補助金", area="全国", accepting_only=True)
    assert len(server.asked) == 3
    assert waits == [2.0, 4.0]


@pytest.mark.parametrize("way", ["silent", "dripping", "hanging-up"])
def test_a_portal_that_does_not_answer_in_time_is_a_fault(server, way):
    client = Client(f"{server.url}", seconds=0.2, sleep=lambda _seconds: None)
    with pytest.raises(ApiFault):
        client.detail(way)


def test_one_question_without_an_answer_does_not_stop_the_others(client, server):
    server.answers[LIST] = (503, b"")
    found = gather(client, keywords=["補助金"], areas=["鳥取県"], accepting_only=True)
    assert found.rows == {}
    [fault] = found.faults
    assert "503" in fault
