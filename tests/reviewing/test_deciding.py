"""Accept, correct, reject, per field: as it was seen, by who reviews documents."""

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Organisation
from madoguchi.results.errors import NotAllowed, WrongState
from madoguchi.results.models import ReportYear
from madoguchi.reviewing import queries
from madoguchi.reviewing.errors import AlreadyTakenOver, UnreadableValue
from madoguchi.reviewing.kinds import What, as_typed, kept_form
from madoguchi.reviewing.models import DraftField
from madoguchi.reviewing.operations import deciding
from madoguchi.reviewing.operations.deciding import accept_certain, decide
from madoguchi.reviewing.operations.taking import take_over
from madoguchi.reviewing.states import FieldState
from tests.accounts.people import a_hat, an_organisation
from tests.factories import a_unit
from tests.reviewing.drafts import AT, a_document, a_secretariat, accept_all, field, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat():
    return a_secretariat()


@pytest.fixture
def document():
    return a_document()


def put(one, to, *, hat, version=1, typed=""):
    return decide(field=one, to=to, version=version, typed=typed, hat=hat, at=AT)


def test_a_field_is_accepted_with_who_and_when(hat, document):
    name = put(field(document, "Ⅰ/1", "name"), FieldState.ACCEPTED, hat=hat)
    assert (name.state, name.decided_by_label, name.decided_at, name.version) == (
        "accepted",
        hat.label,
        AT,
        2,
    )
    event = AuditEvent.objects.get(action="reviewing.field_accepted")
    assert event.subject_id == document.key
    assert name.value not in str(event.data)


def test_a_correction_keeps_both_values(hat, document):
    cost = put(field(document, "Ⅰ/1", "cost"), FieldState.CORRECTED, typed="12,345", hat=hat)
    assert (cost.value, cost.corrected, cost.kept) == ("12340000", "12345000", "12345000")


def test_a_decision_can_be_taken_back(hat, document):
    name = put(field(document, "Ⅰ/1", "name"), FieldState.REJECTED, hat=hat)
    name = put(name, FieldState.OPEN, version=2, hat=hat)
    assert (name.state, name.decided_at, name.decided_by_id) == ("open", None, "")
    with pytest.raises(WrongState):
        put(name, FieldState.OPEN, version=3, hat=hat)


@pytest.mark.parametrize(
    ("what", "typed", "kept"),
    [
        (What.COST, "4,812.5千円", "4812500"),
        (What.COST, "300万円", "3000000"),
        (What.COST, "12,345", "12345000"),
        (What.IS_NEW, "○", "1"),
        (What.IS_NEW, "－", ""),
        (What.RATE, "２／３以内", "2/3"),
        (What.NAME, " 名前 ", "名前"),
        (What.MARKS, "", ""),
    ],
)
def test_what_a_person_types_is_read_kindly(what, typed, kept):
    assert kept_form(what, typed) == kept
    assert kept_form(what, as_typed(what, kept)) == kept


@pytest.mark.parametrize(
    ("what", "typed"),
    [
        (What.COST, "たくさん"),
        (What.NAME, " "),
        (What.IS_NEW, "たぶん"),
        (What.NUMBER, "0"),
        (What.RATE, "半分"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(what, typed):
    with pytest.raises(UnreadableValue) as refused:
        kept_form(what, typed)
    assert "。" in str(refused.value)


def test_all_that_is_certain_is_accepted_at_once_and_nothing_else(hat, document):
    DraftField.objects.filter(what="cost").update(confidence="0.8")
    decided = put(field(document, "Ⅰ/2", "name"), FieldState.REJECTED, hat=hat)
    count = accept_certain(document=document, hat=hat, at=AT)
    assert count == DraftField.objects.filter(state="accepted").count() > 0
    assert not DraftField.objects.filter(state="accepted", confidence__lt=1).exists()
    decided.refresh_from_db()
    assert decided.state == "rejected"
    assert AuditEvent.objects.filter(action="reviewing.certain_accepted").count() == 1
    assert accept_certain(document=document, hat=hat, at=AT) == 0
    assert AuditEvent.objects.filter(action="reviewing.certain_accepted").count() == 1


def test_of_one_record_only_its_own_are_accepted(hat, document):
    accept_certain(document=document, record=record(document, "Ⅰ/1"), hat=hat, at=AT)
    decided = DraftField.objects.exclude(state="open").values_list("record__path", flat=True)
    assert set(decided) == {"Ⅰ/1"}


def test_after_taking_over_nothing_is_decided_any_more(hat, document):
    row = record(document, "Ⅰ/1")
    accept_all(row, hat)
    take_over(record=row, hat=hat, at=AT)
    name = field(document, "Ⅰ/1", "name")
    with pytest.raises(AlreadyTakenOver):
        put(name, FieldState.REJECTED, version=name.version, hat=hat)
    with pytest.raises(AlreadyTakenOver):
        accept_certain(document=document, record=row, hat=hat, at=AT)


# ── Two reviewers ───────────────────────────────────────────────────────────────────────────────────
def two_reviewers(hat, document):
    """Both have the field as it was read on their screens."""
    mine, theirs = (field(document, "Ⅰ/1", "name") for _ in range(2))
    put(mine, FieldState.ACCEPTED, hat=hat)
    return put(theirs, FieldState.REJECTED, hat=hat)


def test_of_two_reviewers_the_second_is_told(hat, document):
    with pytest.raises(Conflict):
        two_reviewers(hat, document)
    assert field(document, "Ⅰ/1", "name").state == "accepted"


def test_without_the_comparison_the_second_would_win_unnoticed(hat, document, monkeypatch):
    def set_whatever_stands_there(field, version, columns):
        return DraftField.objects.filter(pk=field.pk).update(**columns, version=version + 1) == 1

    monkeypatch.setattr(deciding, "set_if_as_seen", set_whatever_stands_there)
    assert two_reviewers(hat, document).state == "rejected"


# ── Who ─────────────────────────────────────────────────────────────────────────────────────────────
def test_others_of_the_prefecture_and_strangers_review_nothing(hat, document):
    office = Organisation.objects.get(pk=hat.organisation_id)
    an_officer_elsewhere = a_hat(at=AT, organisation=office, role=Role.OFFICER, unit=a_unit("other", office))
    an_adviser = a_hat(at=AT, organisation=office, role=Role.ADVISER)
    a_stranger = a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)
    for other in (an_officer_elsewhere, an_adviser, a_stranger):
        assert not queries.documents_visible_to(other).exists()
        with pytest.raises(NotAllowed):
            put(field(document, "Ⅰ/1", "name"), FieldState.ACCEPTED, hat=other)
        with pytest.raises(NotAllowed):
            accept_certain(document=document, hat=other, at=AT)


def test_a_manager_of_the_secretariat_reviews_as_well(hat, document):
    office = Organisation.objects.get(pk=hat.organisation_id)
    assert queries.documents_visible_to(a_hat(at=AT, organisation=office, role=Role.MANAGER)).exists()


def test_while_no_report_has_a_secretariat_the_prefecture_reviews(hat):
    ReportYear.objects.update(secretariat=None)
    office = Organisation.objects.get(pk=hat.organisation_id)
    assert queries.may_review(hat)
    assert queries.may_review(a_hat(at=AT, organisation=office, role=Role.OFFICER))
    assert not queries.may_review(a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER))
