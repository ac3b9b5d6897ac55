"""Reviewed programmes as a draft for the region pack."""

import pytest
import yaml

from madoguchi.reviewing.operations.deciding import decide
from madoguchi.reviewing.pack_draft import as_yaml
from madoguchi.reviewing.states import FieldState
from tests.reviewing.drafts import AT, a_document, a_secretariat, accept_all, field, record

pytestmark = pytest.mark.django_db


def drafted(document):
    records = document.records.prefetch_related("fields").order_by("position", "pk")
    return list(yaml.safe_load_all(as_yaml(document, records, 2024)))


def test_what_was_accepted_stands_in_the_form_of_the_pack():
    hat, guide = a_secretariat(), a_document("guide")
    cap = field(guide, "2", "cap")
    decide(field=cap, to=FieldState.CORRECTED, version=1, typed="60万円", hat=hat, at=AT)
    url = field(guide, "2", "url")
    decide(field=url, to=FieldState.REJECTED, version=1, hat=hat, at=AT)
    accept_all(record(guide, "2"), hat)
    (programme,) = drafted(guide)
    (edition,) = programme["editions"]
    assert (programme["name"], programme["slug"]) == ("販路開拓チャレンジ補助金", "")
    assert edition["frames"] == [{"name": "", "rate": "1/2", "cap_yen": 600_000}]
    assert edition["contacts"][0]["telephone"] == "099-123-7777"
    assert edition["contacts"][0]["extension"] == "225"
    assert "links" not in edition
    assert edition["sources"][0]["file"] == "guide.txt"


def test_what_nobody_looked_at_is_left_out():
    guide = a_document("guide")
    assert [each for each in drafted(guide) if each] == []
    assert "まだどこにも公開されていません" in as_yaml(guide, guide.records.all(), None)
