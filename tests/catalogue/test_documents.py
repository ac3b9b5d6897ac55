"""What the catalogue hands to the search index."""

from datetime import date, timedelta

import pytest

from madoguchi.catalogue.documents import documents
from tests.catalogue.conftest import AT

pytestmark = pytest.mark.django_db


def only():
    (document,) = documents()
    return document


def test_each_published_edition_is_a_document_of_its_programme(published):
    published(fiscal_year=2024)
    published(fiscal_year=2025)
    found = {document.key: document.group for document in documents(["hojo"])}
    assert found == {"programme:hojo:2025": "programme:hojo", "programme:hojo:2024": "programme:hojo"}
    assert documents(["nothing"]) == []


def test_requirements_and_their_rows_are_found_as_text(published):
    requirements = [{"text": "工場があること", "rows": [{"label": "製造業", "text": "300人以下"}]}]
    published(requirements=requirements)
    assert "工場があること" in only().body
    assert "製造業 300人以下" in only().body


def test_a_window_is_days_in_tokyo(published):
    published(reception_mode="window")
    assert only().windows == ((date(2025, 6, 10), None),)


@pytest.mark.parametrize("mode", ["rolling", "booking"])
def test_a_desk_of_one_year_is_open_for_that_year(published, mode):
    published(reception_mode=mode)
    assert only().windows == ((date(2025, 4, 1), date(2026, 3, 31)),)


def test_what_is_not_stated_has_no_window(published):
    published()
    assert (only().windows, only().mode) == ((), "")


def test_the_card_shows_the_highest_cap_and_the_first_contact(published):
    published(at=AT + timedelta(hours=1))
    assert (only().payload["caps_yen"], only().payload["contact"]) == ([1_000_000], "係")
    assert only().payload["telephone"] == "0857-00-0001"
