"""Is this still true? Institutions are asked before the new year and before a deadline, once."""

from datetime import UTC, datetime

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.editing.attention import Doubt, look_at
from madoguchi.editing.operations.reminding import remind
from madoguchi.editing.queries import newest_editions
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat
from tests.editing.town import AT, a_draft, a_region_with_words, a_town, an_officer, hand_on

pytestmark = pytest.mark.django_db
MARCH = datetime(2027, 3, 15, 3, tzinfo=UTC)


@pytest.fixture
def town():
    a_region_with_words()
    return a_town()


@pytest.fixture
def officer(town):
    return an_officer(town)


def publish(officer, **document):
    hand_on(a_draft(officer, **document), officer)


def mails_to(hat):
    return list(Mail.objects.filter(user_id=str(hat.user_id)))


def asked(at):
    remind(at=at, access_at=AT)


def test_before_the_new_year_the_writers_of_an_institution_are_asked_once(town, officer):
    adviser = a_hat(at=AT, organisation=town, role=Role.ADVISER)
    stranger = an_officer(a_town("とおい町"))
    publish(officer)
    publish(officer, name="もう一つの制度")
    asked(MARCH)
    asked(MARCH)
    [mail] = mails_to(officer)
    assert "もう一つの制度" in mail.text
    assert mails_to(adviser) == []
    assert mails_to(stranger) == []


def test_early_in_the_year_nobody_is_asked(officer):
    publish(officer)
    asked(AT)
    assert mails_to(officer) == []


def test_before_a_deadline_the_writers_are_asked_once(officer):
    window = {"mode": "window", "windows": [{"closes_at": "2026-05-10T17:00"}]}
    publish(officer, reception=window)
    asked(AT)
    asked(AT)
    [mail] = mails_to(officer)
    assert "5月10日" in mail.text


def test_a_public_edition_names_its_doubts(officer):
    window = {"mode": "window", "windows": [{"closes_at": "2026-05-10T17:00"}]}
    publish(officer, reception=window, contacts=[])
    [edition] = newest_editions()
    assert look_at(edition, at=AT).doubts == (Doubt.NO_CONTACT,)
    assert look_at(edition, at=datetime(2026, 6, 1, tzinfo=UTC)).doubts == (
        Doubt.DEADLINE_PASSED,
        Doubt.NO_CONTACT,
    )
    assert Doubt.NO_EDITION in look_at(edition, at=datetime(2027, 4, 2, tzinfo=UTC)).doubts
