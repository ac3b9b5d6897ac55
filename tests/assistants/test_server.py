"""What a client learns of the server: five tools, what they answer, and what a model must not conclude."""

import json
import re

import pytest

from madoguchi.assistants import server, texts
from tests.assistants.conftest import TODAY, with_client

pytestmark = pytest.mark.django_db

NAMES = {"search", "show", "match", "facts", "deadlines"}


@pytest.fixture
def tools(the_server):
    listed = with_client(the_server, lambda client: client.list_tools())
    return {tool.name: tool for tool in listed.tools}


def test_there_are_five_tools_and_all_only_read(tools):
    assert set(tools) == NAMES == set(texts.DESCRIPTIONS) == set(texts.TITLES)
    for tool in tools.values():
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_tool_speaks_japanese_and_english_and_types_its_answer(tools, name):
    tool = tools[name]
    assert re.search(r"[ぁ-ん]", tool.description)
    assert re.search(r"[A-Za-z]{4}", tool.description)
    assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
    assert tool.output_schema["required"]


def test_models_are_told_that_not_known_is_not_ineligible_and_that_people_judge(tools):
    told = tools["match"].description
    assert "「要確認」は「非該当」ではありません" in told
    assert "審査会や担当者が判断します" in told
    assert "never 'not eligible'" in told
    assert "stays with people" in told
    verdict = json.dumps(tools["match"].output_schema, ensure_ascii=False)
    assert "unknown=要確認（非該当ではない / NOT ineligible）" in verdict


def test_the_descriptions_stay_short_enough_to_be_read_every_time(tools):
    whole = [tool.model_dump_json(by_alias=True, exclude_none=True) for tool in tools.values()]
    assert sum(map(len, whole)) < 30_000


def test_the_instructions_name_the_site_and_the_believed_date(the_server):
    async def read(client):
        return client.instructions

    told = with_client(the_server, read)
    assert "「窓口みなと」" in told
    assert "2025-06-10 を「今日」として答えます" in told


def test_without_a_believed_date_nothing_is_said_of_one():
    assert "「今日」として" not in texts.instructions("窓口みなと", None)
    assert "「今日」として" in texts.instructions("窓口みなと", TODAY)


def test_the_names_of_the_site_are_the_only_hosts():
    rules = server.security(["localhost", "madoguchi.example.jp"])
    assert rules.enable_dns_rebinding_protection
    assert rules.allowed_hosts == [
        "localhost",
        "localhost:*",
        "madoguchi.example.jp",
        "madoguchi.example.jp:*",
    ]
    assert "https://madoguchi.example.jp" in rules.allowed_origins


def test_left_to_itself_the_sdk_would_check_no_host_on_other_addresses(the_server):
    the_server.streamable_http_app(host="192.0.2.1")
    assert the_server.session_manager.security_settings is None
