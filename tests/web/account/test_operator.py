"""An operator says why before running the machine, for an hour, on record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from madoguchi.accounts import hats
from madoguchi.accounts.errors import NotOperator, ReasonMissing
from madoguchi.accounts.models import OperatorSession
from madoguchi.accounts.operations import operators
from madoguchi.accounts.roles import PERMISSIONS, Role
from madoguchi.foundation.access import requires
from madoguchi.foundation.models import AuditEvent
from madoguchi.web.shared.operator_sessions import OperatorSessionMiddleware
from tests.accounts.people import a_hat, a_member, an_organisation, sign_in

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def membership():
    return a_member(at=AT, organisation=an_organisation("県の情報担当"), role=Role.OPERATOR)


def hat(membership, *, at=AT):
    return hats.hat_of(membership.user, chosen=membership.pk, at=at)


@requires("operations.run")
def machine_room(request):
    return "in"


def enter(worn):
    """What a page that runs the machine answers to somebody in this hat."""
    request = RequestFactory().get("/machine/")
    request.hat = worn
    return OperatorSessionMiddleware(machine_room).process_view(request, machine_room) or machine_room(
        request
    )


def test_without_a_reason_an_operator_runs_nothing(membership):
    assert not hat(membership).may("operations.run")
    assert enter(hat(membership)).url == "/account/operator/?next=/machine/"


def test_with_a_reason_it_is_an_hour(membership):
    operators.begin(hat=hat(membership), reason="索引の作り直し", at=AT)
    assert hat(membership).may("operations.run")
    assert enter(hat(membership)) == "in"
    just_before = AT + operators.LASTS - timedelta(seconds=1)
    assert hat(membership, at=just_before).may("operations.run")
    assert not hat(membership, at=AT + operators.LASTS).may("operations.run")


def test_an_operator_session_is_on_record_without_its_words(membership):
    session = operators.begin(hat=hat(membership), reason="索引の作り直し", at=AT)
    event = AuditEvent.objects.get(action="accounts.operator_session_begun")
    assert event.data == {"session": session.pk}
    assert session.reason == "索引の作り直し"


def test_it_can_be_ended_before_its_time(membership):
    operators.begin(hat=hat(membership), reason="索引の作り直し", at=AT)
    operators.end(hat=hat(membership), at=AT + timedelta(minutes=5))
    assert not hat(membership, at=AT + timedelta(minutes=5)).may("operations.run")
    assert AuditEvent.objects.filter(action="accounts.operator_session_ended").count() == 1


def test_a_reason_has_words_and_the_hat_is_an_operators(membership):
    with pytest.raises(ReasonMissing):
        operators.begin(hat=hat(membership), reason="  ", at=AT)
    with pytest.raises(NotOperator):
        operators.begin(hat=a_hat(at=AT, organisation=an_organisation()), reason="x", at=AT)
    assert not OperatorSession.objects.exists()


def test_an_operator_session_opens_no_content(membership):
    operators.begin(hat=hat(membership), reason="索引の作り直し", at=AT)
    content = {p for role in Role for p in PERMISSIONS[role]} - PERMISSIONS[Role.OPERATOR]
    assert content
    assert not any(hat(membership).may(permission) for permission in content)


def test_others_are_not_asked_for_a_reason():
    with pytest.raises(PermissionDenied):
        enter(a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER))


def test_the_page_asks_who_is_there_and_why(client, membership):
    sign_in(client, membership.user)
    assert client.get("/account/operator/").url.startswith("/account/reauthenticate/")
    sign_in(client, membership.user, confirmed=True)
    assert "1時間だけ" in client.get("/account/operator/").content.decode()
    client.post("/account/operator/", {"reason": ""})
    assert not OperatorSession.objects.exists()
    client.post("/account/operator/?next=/desk/", {"reason": "索引の作り直し"})
    assert OperatorSession.objects.get().membership == membership
    client.post("/account/operator/end/")
    assert OperatorSession.objects.get().ended_at


def test_the_page_is_for_operators(client):
    sign_in(client, a_member(at=AT, organisation=an_organisation()).user, confirmed=True)
    assert client.get("/account/operator/").url == "/account/"


def test_putting_on_an_operators_hat_leads_to_the_reason(client, membership):
    sign_in(client, membership.user)
    other = a_member(at=AT, organisation=an_organisation(), user=membership.user)
    assert client.post("/account/hat/", {"membership": other.pk}).url == "/desk/"
    assert client.post("/account/hat/", {"membership": membership.pk}).url == "/account/operator/"
