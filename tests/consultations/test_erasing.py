"""An erased case: nothing of it can be read any more, and every figure stays as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from madoguchi.consultations.errors import NotAllowed, ReasonMissing
from madoguchi.consultations.kinds import Channel, ConsentMeans, Visibility
from madoguchi.consultations.models import Case, CasePerson, Consent, Draft, Involvement, Policy, Task
from madoguchi.consultations.operations import correcting_talks, erasing, recording
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.states import CaseState
from madoguchi.consultations.statistics.dimensions import DIMENSIONS
from madoguchi.consultations.statistics.measures import MEASURES
from madoguchi.consultations.statistics.scope import of_year
from madoguchi.consultations.statistics.tables import table
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_taken_case, a_topic, the_involvement
from tests.database import every_text

pytestmark = pytest.mark.django_db

CANARY = "カナリア鳥"


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)


def close(case, at=AT):
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_at=at)
    case.refresh_from_db()


@pytest.fixture
def case(hat):
    """A closed case with the canary in every place that takes words."""
    business = Business.objects.create(name="みほん商店", name_folded="みほん商店", created_at=AT)
    contact = {"name": CANARY, "email": "canary@example.jp", "telephone": CANARY, "when": CANARY}
    case = a_taken_case(
        hat, title=CANARY, words=CANARY, answers={"a": CANARY}, business=business, contact=contact,
        topics=[a_topic()], area_code="022039", industry="09", employees=3,
    )  # fmt: skip
    involvement = the_involvement(case, hat)
    talk = Talk(channel=Channel.VISIT, held_on=date(2026, 11, 30), place=CANARY)
    held = recording.record_consultation(involvement=involvement, talk=talk, hat=hat, at=AT, body=CANARY)
    other = replace(talk, minutes=40)
    correcting_talks.correct_talk(talk=held, to=other, why=CANARY, version=1, hat=hat, at=AT)
    note = recording.write_note(case=case, body=CANARY, visibility=Visibility.INTERNAL, hat=hat, at=AT)
    recording.change_note(note=note, body=CANARY, visibility=Visibility.SHARED, version=1, hat=hat, at=AT)
    Task.objects.create(case=case, involvement=involvement, title=CANARY, made_at=AT)
    Involvement.objects.filter(case=case).update(message=CANARY, result_note=CANARY, next_step=CANARY)
    Involvement.objects.create(case=case, outside_name=CANARY, state="sent", sent_at=AT)
    Consent.objects.create(case=case, outside_name=CANARY, means=ConsentMeans.SPOKEN, given_at=AT)
    user = User.objects.get(pk=hat.user_id)
    Draft.objects.create(user=user, form=f"note:{case.key}", content={"body": CANARY}, saved_at=AT)
    close(case)
    return case


def figures():
    scope = of_year(2026)
    values = {key: measure.value(scope) for key, measure in MEASURES.items()}
    broken_down = {
        (key, by.key): [(row.label, row.total) for row in table(measure=measure, by=by, scope=scope).rows]
        for key, measure in MEASURES.items()
        for by in DIMENSIONS.values()
        if by.fits(measure.subject) and by.key != "destination"
    }
    return values, broken_down


def test_no_word_of_an_erased_case_is_left_in_the_database(case, hat):
    assert CANARY in every_text()
    erasing.erase_case(case=case, why="本人の求め", hat=hat, at=AT)
    assert CANARY not in every_text()
    assert "canary@example.jp" not in every_text()


def test_every_figure_stays_as_it_was(case, hat):
    before = figures()
    erasing.erase_case(case=case, why="本人の求め", hat=hat, at=AT)
    assert figures() == before


def test_nobody_sees_an_erased_case_and_that_it_was_erased_is_on_record(case, hat):
    erasing.erase_case(case=case, why="本人の求め", hat=hat, at=AT)
    CasePerson.objects.create(case=case, user_id=hat.user_id, since=AT)
    assert not Case.objects.visible_to(hat).exists()
    assert AuditEvent.objects.filter(action="consultations.case_erased", subject_id=str(case.pk)).exists()


def test_a_reason_has_to_be_given(case, hat):
    with pytest.raises(ReasonMissing):
        erasing.erase_case(case=case, why=" ", hat=hat, at=AT)


def test_an_open_case_is_not_erased(hat):
    with pytest.raises(NotAllowed):
        erasing.erase_case(case=a_taken_case(hat), why="本人の求め", hat=hat, at=AT)


@pytest.mark.parametrize("role", [Role.ADVISER, Role.OFFICER])
def test_only_a_manager_of_the_lead_erases(case, hat, role):
    colleague = a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)
    adviser = a_hat(at=AT, organisation=case.involvements.get(is_lead=True).organisation, role=role)
    for other in (colleague, adviser):
        with pytest.raises(NotAllowed):
            erasing.erase_case(case=case, why="本人の求め", hat=other, at=AT)


def a_policy(years=5):
    Policy.objects.create(promised_days=3, chasing=[], retention_years=years, content_hash="")


@pytest.mark.parametrize(
    ("closed_at", "erased"),
    [
        # closed in the last or the first minute of a fiscal year; five more years are kept
        (datetime(2021, 3, 31, 14, 59, tzinfo=UTC), 1),
        (datetime(2021, 3, 31, 15, 0, tzinfo=UTC), 0),
    ],
)
def test_cases_are_kept_for_the_regions_years_after_the_fiscal_year_of_their_end(case, closed_at, erased):
    a_policy()
    close(case, closed_at)
    assert erasing.erase_what_ran_out(on=date(2026, 4, 1), at=AT) == erased
    assert erasing.erase_what_ran_out(on=date(2026, 4, 1), at=AT) == 0


def open_meanwhile(case):
    Case.objects.filter(pk=case.pk).update(state=CaseState.WORKING, closed_at=None)


def test_a_case_that_was_opened_again_meanwhile_is_not_erased(case, hat):
    open_meanwhile(case)
    with pytest.raises(Conflict):
        erasing.erase_case(case=case, why="本人の求め", hat=hat, at=AT)
    assert CANARY in every_text()


def test_nor_is_one_that_was_opened_while_others_were_erased(case, monkeypatch):
    a_policy()
    close(case, datetime(2021, 3, 31, tzinfo=UTC))
    look = erasing._erase_old

    def while_somebody_opens_it(seen, *, at):
        open_meanwhile(case)
        return look(seen, at=at)

    monkeypatch.setattr(erasing, "_erase_old", while_somebody_opens_it)
    assert erasing.erase_what_ran_out(on=date(2026, 4, 1), at=AT) == 0
    assert CANARY in every_text()


def test_of_two_who_erase_it_one_does(case, hat):
    seen_before = Case.objects.get(pk=case.pk)
    erasing.erase_case(case=case, why="本人の求め", hat=hat, at=AT)
    with pytest.raises(Conflict):
        erasing.erase_case(case=seen_before, why="本人の求め", hat=hat, at=AT)
    assert AuditEvent.objects.filter(action="consultations.case_erased").count() == 1


def test_without_a_policy_nothing_is_erased(case):
    assert erasing.erase_what_ran_out(on=date(2099, 4, 1), at=AT + timedelta(days=1)) == 0
