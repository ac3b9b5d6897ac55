"""Figures and texts: who may write them, that nobody writes over another, that every change stays known."""

import pytest
from django.db import DatabaseError, connection, transaction

from madoguchi.accounts.roles import Role
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Succession
from madoguchi.results.errors import (
    CorrectionOnly,
    NotAllowed,
    NothingToCorrect,
    ReasonMissing,
    TooLong,
    ValueMissing,
    WrongState,
    YearClosed,
)
from madoguchi.results.models import CostBasis, Introduction, ListingRow, Narrative, ValueChange
from madoguchi.results.operations import texts, values, years
from madoguchi.results.rules import HANDED_IN, NOT_YOUR_UNIT
from madoguchi.results.states import ReturnState
from tests.accounts.people import a_hat, an_organisation
from tests.factories import a_unit
from tests.results.years import AT, YEAR, a_world, an_indicator, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return a_world()


def test_an_officer_writes_a_draft_of_the_own_unit(world):
    officer = world.officer(world.commerce)
    value = enter(world, "延べ 12件", hat=officer)
    assert (value.state, value.version, value.kind, value.parts[0]["number"]) == ("draft", 1, "numbers", "12")
    assert (value.entered_by_label, value.approved_at, value.edited_at) == (officer.label, None, AT)
    change = ValueChange.objects.get()
    assert (change.before, change.after["raw"], change.version) == (None, "延べ 12件", 1)
    event = AuditEvent.objects.get(action="results.value_entered")
    assert event.data == {"indicator": "visits", "fiscal_year": YEAR, "version": 1}


def test_what_the_secretariat_writes_is_approved(world):
    assert enter(world, hat=world.secretary).state == "approved"


@pytest.mark.parametrize("who", ["another unit", "another office", "an adviser", "no unit"])
def test_others_may_not_write(world, who):
    hats = {
        "another unit": lambda: world.officer(world.people),
        "another office": lambda: a_hat(at=AT, organisation=an_organisation("市"), role=Role.MANAGER),
        "an adviser": lambda: a_hat(at=AT, organisation=world.office, unit=world.commerce),
        "no unit": lambda: a_hat(at=AT, organisation=world.office, role=Role.OFFICER),
    }
    with pytest.raises(NotAllowed) as refused:
        enter(world, hat=hats[who]())
    assert str(refused.value) == NOT_YOUR_UNIT
    assert not ValueChange.objects.exists()


def test_a_unit_writes_for_those_below_it_and_those_whose_work_it_took_over(world):
    above = a_unit("department", world.office)
    world.commerce.parent = above
    world.commerce.save()
    successor = a_unit("new-commerce", world.office)
    Succession.objects.create(predecessor=world.commerce, successor=successor)
    assert enter(world, "1件", hat=world.officer(above)).version == 1
    assert enter(world, "2件", version=1, hat=world.officer(successor)).version == 2


def test_the_owner_of_an_indicator_writes_it_and_not_the_unit_of_the_project(world):
    owned = an_indicator(world.shops, "owned", owner=world.people)
    assert enter(world, indicator=owned, hat=world.officer(world.people)).version == 1
    with pytest.raises(NotAllowed):
        enter(world, indicator=owned, version=1, hat=world.officer(world.commerce))


def test_what_was_handed_in_is_not_written_until_it_comes_back(world):
    world.year.returns.update(state=ReturnState.HANDED_IN)
    with pytest.raises(NotAllowed) as refused:
        enter(world, hat=world.officer(world.commerce))
    assert str(refused.value) == HANDED_IN
    assert enter(world, hat=world.secretary).version == 1
    world.year.returns.update(state=ReturnState.RETURNED)
    assert enter(world, version=1, hat=world.officer(world.commerce)).version == 2


@pytest.mark.parametrize(("raw", "error"), [("  ", ValueMissing), ("件" * 601, TooLong)])
def test_an_empty_or_endless_cell_is_refused(world, raw, error):
    with pytest.raises(error):
        enter(world, raw, hat=world.secretary)


def test_a_dash_is_not_measured_and_a_word_is_a_word(world):
    assert enter(world, "－", hat=world.secretary).kind == "not_measured"
    assert enter(world, "随時", version=1, hat=world.secretary).kind == "words"


def two_windows(world):
    """Two people who both saw the first version."""
    enter(world, "1件", hat=world.secretary)
    enter(world, "2件", version=1, hat=world.secretary)
    return enter(world, "3件", version=1, hat=world.secretary)


def test_nobody_writes_over_what_they_did_not_see(world):
    with pytest.raises(Conflict):
        two_windows(world)
    assert world.visits.values.get().raw == "2件"
    assert ValueChange.objects.count() == 2


def test_without_the_version_the_later_one_would_win(world, monkeypatch):
    monkeypatch.setattr(values, "is_as_seen", lambda value, version: True)
    assert two_windows(world).raw == "3件"


def test_two_first_entries_are_a_conflict(world):
    enter(world, "1件", hat=world.secretary)
    with pytest.raises(Conflict):
        enter(world, "2件", hat=world.secretary)


def test_a_draft_is_approved_as_it_was_seen(world):
    value = enter(world, hat=world.officer(world.commerce))
    with pytest.raises(NotAllowed):
        values.approve_value(value=value, version=1, hat=world.officer(world.commerce), at=AT)
    secretary = world.secretary
    with pytest.raises(Conflict):
        values.approve_value(value=value, version=2, hat=secretary, at=AT)
    values.approve_value(value=value, version=1, hat=secretary, at=AT)
    assert (value.state, value.approved_by_label) == ("approved", secretary.label)
    with pytest.raises(WrongState):
        values.approve_value(value=value, version=1, hat=secretary, at=AT)


def test_a_new_draft_of_the_unit_takes_the_approval_back(world):
    enter(world, "1件", hat=world.secretary)
    value = enter(world, "2件", version=1, hat=world.officer(world.commerce))
    assert (value.state, value.approved_at, value.approved_by_label) == ("draft", None, "")


REWRITING = {
    "update": lambda rows: rows.update(reason="x"),
    "delete": lambda rows: rows._raw_delete("default"),
}


@pytest.mark.parametrize("way", REWRITING)
def test_the_history_of_a_value_cannot_be_rewritten(world, way):
    if way == "delete" and connection.vendor == "sqlite":
        pytest.skip("SQLite refuses no deletion")
    enter(world, hat=world.secretary)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        REWRITING[way](ValueChange.objects.all())


def narrative(world, hat, version=0, overview="概要です。"):
    return texts.write_narrative(
        project=world.shops, overview=overview, achievements="実績です。", version=version, hat=hat, at=AT
    )


def test_a_narrative_is_a_draft_until_it_is_approved(world):
    written = narrative(world, world.officer(world.commerce))
    assert (written.state, written.version) == ("draft", 1)
    texts.approve_narrative(narrative=written, version=1, hat=world.secretary, at=AT)
    assert Narrative.objects.get().state == "approved"
    with pytest.raises(NotAllowed):
        narrative(world, world.officer(world.people), version=1)


def test_nobody_writes_over_a_text_they_did_not_see(world):
    narrative(world, world.secretary)
    narrative(world, world.secretary, version=1, overview="二度目")
    with pytest.raises(Conflict):
        narrative(world, world.secretary, version=1, overview="三度目")
    with pytest.raises(Conflict):
        narrative(world, world.secretary)
    assert Narrative.objects.get().overview == "二度目"


def test_the_secretariat_writes_the_introductions(world):
    blocks = [("", "はじめの文。"), ("見出し", " ")]
    with pytest.raises(NotAllowed):
        texts.write_introduction(
            listing=world.listing, blocks=blocks, version=0, hat=world.officer(world.commerce), at=AT
        )
    texts.write_introduction(listing=world.listing, blocks=blocks, version=0, hat=world.secretary, at=AT)
    assert Introduction.objects.get().blocks == [{"heading": "", "text": "はじめの文。"}]


def test_a_cost_is_set_here_and_in_the_list(world):
    texts.set_cost(
        project=world.shops, cost_yen=5_000, basis=CostBasis.SETTLED, hat=world.officer(world.commerce), at=AT
    )
    assert (world.shops.cost_yen, world.shops.edited_at) == (5_000, AT)
    assert ListingRow.objects.get(project=world.shops).printed_cost_yen == 5_000


def test_a_cost_that_changed_meanwhile_is_a_conflict(world):
    seen = type(world.shops).objects.get(pk=world.shops.pk)
    hat = world.secretary
    texts.set_cost(project=world.shops, cost_yen=5_000, basis=CostBasis.BUDGET, hat=hat, at=AT)
    with pytest.raises(Conflict):
        texts.set_cost(project=seen, cost_yen=6_000, basis=CostBasis.BUDGET, hat=hat, at=AT)


def accepted(world):
    world.year.returns.update(state=ReturnState.ACCEPTED)


def test_a_locked_year_takes_nothing_not_even_from_the_secretariat(world):
    value = enter(world, hat=world.secretary)
    accepted(world)
    secretary = world.secretary
    years.lock(year=world.year, hat=secretary, at=AT)
    with pytest.raises(YearClosed):
        enter(world, version=1, hat=secretary)
    with pytest.raises(YearClosed):
        enter(world, version=0, year=YEAR - 1, hat=secretary)
    with pytest.raises(YearClosed):
        narrative(world, secretary)
    with pytest.raises(YearClosed):
        texts.set_cost(project=world.shops, cost_yen=1, basis=CostBasis.BUDGET, hat=secretary, at=AT)
    with pytest.raises(YearClosed):
        values.correct_value(value=value, raw="1件", reason="誤り", version=1, hat=secretary, at=AT)
    years.unlock(year=world.year, hat=secretary, at=AT)
    assert enter(world, "13件", version=1, hat=secretary).version == 2


def test_a_published_figure_is_corrected_with_a_reason_and_only_so(world):
    value = enter(world, hat=world.secretary)
    secretary, officer = world.secretary, world.officer(world.commerce)
    with pytest.raises(NothingToCorrect):
        values.correct_value(value=value, raw="13件", reason="誤り", version=1, hat=secretary, at=AT)
    accepted(world)
    years.lock(year=world.year, hat=secretary, at=AT)
    years.publish(year=world.year, hat=secretary, at=AT)
    with pytest.raises(CorrectionOnly):
        enter(world, version=1, hat=secretary)
    with pytest.raises(ReasonMissing):
        values.correct_value(value=value, raw="13件", reason=" ", version=1, hat=secretary, at=AT)
    with pytest.raises(NotAllowed):
        values.correct_value(value=value, raw="13件", reason="誤り", version=1, hat=officer, at=AT)
    corrected = values.correct_value(
        value=value, raw="13件", reason="集計の誤り", version=1, hat=secretary, at=AT
    )
    assert (corrected.raw, corrected.version, corrected.state) == ("13件", 2, "approved")
    change = ValueChange.objects.get(version=2)
    assert (change.before["raw"], change.after["raw"], change.reason) == ("12件", "13件", "集計の誤り")
    with pytest.raises(Conflict):
        values.correct_value(value=value, raw="14件", reason="誤り", version=1, hat=secretary, at=AT)
