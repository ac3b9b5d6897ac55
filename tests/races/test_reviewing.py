"""Two reviewers decide on one field at once, over real HTTP."""

from collections import Counter

import pytest
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.foundation.models import AuditEvent
from madoguchi.reviewing.models import DraftField
from tests.accounts.people import a_hat
from tests.consultations.cases import its_organisation
from tests.races.server import SHIPPED, at_once, served, session_of
from tests.reviewing.drafts import AT, a_document, a_secretariat

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, ROUNDS_WITHOUT = 20, 10
UNPROTECTED = "tests.races.unprotected:application"
ONE_WINS, BOTH_WIN = (302, 409), (302, 302)


@pytest.fixture
def reviewers():
    first = a_secretariat()
    office = its_organisation(first)
    return first, a_hat(at=AT, organisation=office, role=Role.MANAGER)


def decide_at_once(site, document, field, sessions):
    """Both saw the field as it was read; one accepts it, the other rejects it."""
    path = reverse("desk:import_field", args=[document.key, field.record_id, field.pk])
    acts = zip(("accept", "reject"), sessions, strict=True)
    return at_once(
        [
            lambda act=act, session=session: site.post(path, {"act": act, "version": 1}, session=session)
            for act, session in acts
        ]
    )


def play(tmp_path, reviewers, *, rounds, application=SHIPPED):
    document = a_document()
    sessions = [session_of(hat) for hat in reviewers]
    fields = list(DraftField.objects.order_by("pk")[:rounds])
    with served(tmp_path, application=application) as site:
        played = [decide_at_once(site, document, field, sessions) for field in fields]
    return fields, [tuple(sorted(answer.status for answer in answers)) for answers in played]


def test_exactly_one_decision_counts_and_the_other_is_told(tmp_path, reviewers):
    fields, found = play(tmp_path, reviewers, rounds=ROUNDS)
    assert Counter(found) == {ONE_WINS: ROUNDS}
    for field in fields:
        field.refresh_from_db()
        assert (field.state in ("accepted", "rejected"), field.version) == (True, 2)
    decided = AuditEvent.objects.filter(action__in=["reviewing.field_accepted", "reviewing.field_rejected"])
    assert decided.count() == ROUNDS


def test_without_comparing_both_believe_that_theirs_counts(tmp_path, reviewers):
    _fields, found = play(tmp_path, reviewers, rounds=ROUNDS_WITHOUT, application=UNPROTECTED)
    assert BOTH_WIN in found
