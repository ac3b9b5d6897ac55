"""Two advisers accept the same referral at once, over real HTTP, at a server of several processes."""

from collections import Counter

import pytest
from django.urls import reverse

from madoguchi.accounts.models import User
from madoguchi.consultations.models import Involvement
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_referral, a_taken_case, its_organisation
from tests.races.server import SHIPPED, at_once, served, session_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, ROUNDS_WITHOUT = 50, 10
ONE_WINS, BOTH_WIN = (302, 409), (302, 302)


@pytest.fixture
def sender():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def advisers():
    """Two colleagues of the organisation that is asked."""
    first = a_hat(at=AT, organisation=an_organisation("乙"))
    second = a_hat(at=AT, organisation=its_organisation(first))
    for number, hat in enumerate((first, second)):
        User.objects.filter(pk=hat.user_id).update(display_name=f"相談員{number}")
    return first, second


def accept_at_once(site, sender, advisers, sessions):
    """One round: the involvement, and what the two were told."""
    case = a_taken_case(sender)
    involvement = a_referral(case, sender, advisers[0])
    path = reverse("desk:answer", args=[case.key])

    def accept(hat, session):
        return lambda: site.post(path, {"what": "take", "adviser": hat.user_id}, session=session)

    answers = at_once([accept(*each) for each in zip(advisers, sessions, strict=True)])
    return involvement, answers


def play(tmp_path, sender, advisers, *, rounds, application=SHIPPED):
    sessions = [session_of(hat) for hat in advisers]
    with served(tmp_path, application=application) as site:
        return [accept_at_once(site, sender, advisers, sessions) for _ in range(rounds)]


def test_exactly_one_wins_and_the_other_is_told_who(tmp_path, sender, advisers, capsys):
    played = play(tmp_path, sender, advisers, rounds=ROUNDS)
    found = Counter(tuple(sorted(answer.status for answer in answers)) for _involvement, answers in played)
    with capsys.disabled():
        print(f"\n{ROUNDS} rounds of two who accept at once: {dict(found)}")  # noqa: T201
    assert found == {ONE_WINS: ROUNDS}
    for involvement, answers in played:
        involvement.refresh_from_db()
        loser = next(answer for answer in answers if answer.status == 409)
        assert f"{involvement.adviser.display_name}さんが担当です" in loser.text.replace("<wbr>", "")
    taken = AuditEvent.objects.filter(action="consultations.involvement_accepted")
    assert taken.count() == ROUNDS
    assert Involvement.objects.filter(state="accepted", is_lead=False).count() == ROUNDS


def test_without_comparing_both_win(tmp_path, sender, advisers):
    played = play(
        tmp_path, sender, advisers, rounds=ROUNDS_WITHOUT, application="tests.races.unprotected:application"
    )
    found = [tuple(sorted(answer.status for answer in answers)) for _involvement, answers in played]
    assert BOTH_WIN in found
