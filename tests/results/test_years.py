"""A year: what units hand in, when it closes, that nothing passes the lock, and how the next one begins."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from madoguchi.accounts.roles import Role
from madoguchi.foundation import outbox
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.results import queries, rules
from madoguchi.results.errors import (
    NotAllowed,
    NotFinished,
    NothingToCarry,
    ReasonMissing,
    WrongState,
    YearClosed,
)
from madoguchi.results.models import (
    CaseStudy,
    Indicator,
    IndicatorValue,
    Introduction,
    Listing,
    ListingRow,
    Narrative,
    Project,
    ProjectIndicator,
    ReportYear,
    UnitReturn,
    ValueChange,
)
from madoguchi.results.operations import acting, moving, returns, texts, years
from madoguchi.results.queries import owing, tracing
from madoguchi.results.states import RETURN_MOVES, YEAR_MOVES, ReturnState, YearState
from tests.accounts.people import a_hat, an_organisation
from tests.factories import SOURCES, a_project, a_row
from tests.queries import cost
from tests.results.years import AT, YEAR, a_world, an_indicator, enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return a_world()


def filled(world):
    """Everything written and accepted."""
    for indicator in (world.visits, world.hires):
        enter(world, indicator=indicator, hat=world.secretary)
        enter(world, "10件", indicator=indicator, year=YEAR - 1, hat=world.secretary)
    texts.write_narrative(
        project=world.shops, overview="概要", achievements="実績", version=0, hat=world.secretary, at=AT
    )
    texts.write_introduction(
        listing=world.listing, blocks=[("", "はじめ")], version=0, hat=world.secretary, at=AT
    )
    CaseStudy.objects.create(
        slug="case", fiscal_year=YEAR, listing=world.listing, title="例", business="甲", source=SOURCES[0]
    )
    world.year.returns.update(state=ReturnState.ACCEPTED)


def closed(world, state=YearState.LOCKED):
    filled(world)
    years.lock(year=world.year, hat=world.secretary, at=AT)
    if state == YearState.PUBLISHED:
        years.publish(year=world.year, hat=world.secretary, at=AT)


def test_every_state_has_its_moves():
    assert set(YEAR_MOVES) == set(YearState)
    assert set(RETURN_MOVES) == set(ReturnState)


def test_a_unit_hands_in_gets_it_back_hands_in_again_and_is_accepted(world):
    officer, secretary = world.officer(world.commerce), world.secretary
    enter(world, hat=officer)
    texts.write_narrative(
        project=world.shops, overview="概要", achievements="実績", version=0, hat=officer, at=AT
    )
    part = world.returned_by(world.commerce)
    returns.hand_in(unit_return=part, hat=officer, at=AT)
    with pytest.raises(ReasonMissing):
        returns.give_back(unit_return=part, note=" ", hat=secretary, at=AT)
    returns.give_back(unit_return=part, note="根拠を書いてください。", hat=secretary, at=AT)
    assert (part.state, part.note, part.moved_by_label) == (
        "returned",
        "根拠を書いてください。",
        secretary.label,
    )
    returns.hand_in(unit_return=part, hat=officer, at=AT)
    returns.accept(unit_return=part, hat=secretary, at=AT)
    assert IndicatorValue.objects.get().state == Narrative.objects.get().state == "approved"
    assert [event.action for event in AuditEvent.objects.filter(subject_type="results.return")] == [
        "results.return_handed_in",
        "results.return_returned",
        "results.return_handed_in",
        "results.return_accepted",
    ]


def test_accepting_one_unit_leaves_the_drafts_of_another(world):
    enter(world, hat=world.officer(world.commerce))
    enter(world, indicator=world.hires, hat=world.officer(world.people))
    part = world.returned_by(world.commerce)
    returns.hand_in(unit_return=part, hat=world.officer(world.commerce), at=AT)
    returns.accept(unit_return=part, hat=world.secretary, at=AT)
    assert [world.visits.values.get().state, world.hires.values.get().state] == ["approved", "draft"]


def test_only_the_secretariat_accepts_and_only_the_own_unit_hands_in(world):
    part = world.returned_by(world.commerce)
    with pytest.raises(NotAllowed):
        returns.hand_in(unit_return=part, hat=world.officer(world.people), at=AT)
    returns.hand_in(unit_return=part, hat=world.officer(world.commerce), at=AT)
    for review in (returns.accept, returns.give_back):
        with pytest.raises(NotAllowed):
            review(unit_return=part, note="x", hat=world.officer(world.commerce), at=AT)


def test_two_answers_to_one_part_are_a_conflict(world):
    part, seen = world.returned_by(world.commerce), world.returned_by(world.commerce)
    hat = world.officer(world.commerce)
    returns.hand_in(unit_return=part, hat=hat, at=AT)
    with pytest.raises(Conflict):
        returns.hand_in(unit_return=seen, hat=hat, at=AT)
    with pytest.raises(WrongState):
        returns.hand_in(unit_return=part, hat=hat, at=AT)


def a_part_that_moved_twice(world):
    """A part as somebody saw it, handed in, that meanwhile went back and was handed in again."""
    part, hat = world.returned_by(world.commerce), world.officer(world.commerce)
    returns.hand_in(unit_return=part, hat=hat, at=AT)
    seen = world.returned_by(world.commerce)
    returns.give_back(unit_return=part, note="直して", hat=world.secretary, at=AT + timedelta(minutes=1))
    returns.hand_in(unit_return=part, hat=hat, at=AT + timedelta(minutes=2))
    return seen


def test_a_part_in_the_same_state_that_moved_meanwhile_is_a_conflict(world):
    seen = a_part_that_moved_twice(world)
    with pytest.raises(Conflict):
        returns.accept(unit_return=seen, hat=world.secretary, at=AT + timedelta(minutes=3))
    assert world.returned_by(world.commerce).state == ReturnState.HANDED_IN


def test_by_its_state_alone_the_part_would_be_accepted_unseen(world, monkeypatch):
    """The twin: it is the moment of the move that tells the two apart."""

    def without_what_was_seen(*row, seen, **rest):
        moving.move(*row, **rest)

    seen = a_part_that_moved_twice(world)
    monkeypatch.setattr(returns, "move", without_what_was_seen)
    returns.accept(unit_return=seen, hat=world.secretary, at=AT + timedelta(minutes=3))
    assert world.returned_by(world.commerce).state == ReturnState.ACCEPTED


def test_a_year_is_not_locked_while_something_is_owed_or_a_draft(world):
    with pytest.raises(NotFinished) as refused:
        years.lock(year=world.year, hat=world.secretary, at=AT)
    assert "課が2、" in str(refused.value)
    enter(world, hat=world.officer(world.commerce))
    world.year.returns.update(state=ReturnState.ACCEPTED)
    with pytest.raises(NotFinished) as refused:
        years.lock(year=world.year, hat=world.secretary, at=AT)
    assert "下書きが1" in str(refused.value)
    assert ReportYear.objects.get().state == YearState.OPEN


def test_only_the_secretariat_locks_and_publishes(world):
    filled(world)
    officer = world.officer(world.commerce)
    with pytest.raises(NotAllowed):
        years.lock(year=world.year, hat=officer, at=AT)
    years.lock(year=world.year, hat=world.secretary, at=AT)
    for act in (years.publish, years.unlock):
        with pytest.raises(NotAllowed):
            act(year=world.year, hat=officer, at=AT)


def test_what_was_published_is_not_opened_again(world):
    closed(world, YearState.PUBLISHED)
    with pytest.raises(WrongState):
        years.unlock(year=world.year, hat=world.secretary, at=AT)
    with pytest.raises(DatabaseError, match="only moves on"), transaction.atomic():
        ReportYear.objects.update(state=YearState.OPEN, locked_at=None, published_at=None)
    with pytest.raises(YearClosed):
        returns.accept(unit_return=world.returned_by(world.commerce), hat=world.secretary, at=AT)


def test_two_who_lock_at_once_are_a_conflict(world):
    filled(world)
    seen = ReportYear.objects.get()
    years.lock(year=world.year, hat=world.secretary, at=AT)
    with pytest.raises(Conflict):
        years.lock(year=seen, hat=world.secretary, at=AT)


# Whatever goes past the operations: a bulk update, a bulk insert, a save.
BULK = {
    "value": lambda w: IndicatorValue.objects.filter(fiscal_year=YEAR).update(raw="99件"),
    "last year's value": lambda w: IndicatorValue.objects.filter(fiscal_year=YEAR - 1).update(raw="99件"),
    "approval": lambda w: IndicatorValue.objects.update(state="draft", approved_at=None),
    "another value": lambda w: IndicatorValue.objects.bulk_create(
        [IndicatorValue(indicator=w.visits, fiscal_year=None, raw="1件", kind="numbers")]
    ),
    "narrative": lambda w: Narrative.objects.update(achievements="別の実績"),
    "new narrative": lambda w: Narrative.objects.create(project=w.jobs),
    "introduction": lambda w: Introduction.objects.update(blocks=[]),
    "case study": lambda w: CaseStudy.objects.update(title="別の例"),
    "cost": lambda w: Project.objects.filter(pk=w.shops.pk).update(cost_yen=1),
    "listed cost": lambda w: ListingRow.objects.update(printed_cost_yen=1),
    "new row": lambda w: a_row(w.listing, w.jobs),
    "subtotal": lambda w: Listing.objects.update(stated_subtotal_yen=1),
    "table": lambda w: ProjectIndicator.objects.update(in_report=False),
    "name": lambda w: Indicator.objects.update(name="別の名前"),
}


@pytest.mark.parametrize("state", [YearState.LOCKED, YearState.PUBLISHED])
@pytest.mark.parametrize("way", BULK)
def test_nothing_in_a_closed_year_changes_past_the_operations(world, way, state):
    closed(world, state)
    with pytest.raises(DatabaseError, match="the report of this year is closed"), transaction.atomic():
        BULK[way](world)


@pytest.mark.parametrize("way", BULK)
def test_in_an_open_year_the_same_write_goes_through(world, way):
    filled(world)
    BULK[way](world)


@pytest.mark.parametrize("table", ["value", "narrative", "row", "year"])
def test_nothing_of_a_closed_year_is_deleted_on_postgresql(world, table):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite refuses no deletion")
    closed(world)
    rows = {
        "value": IndicatorValue.objects.all(),
        "narrative": Narrative.objects.all(),
        "row": ListingRow.objects.all(),
        "year": ReportYear.objects.all(),
    }[table]
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete("default")


def test_a_year_that_closes_after_it_was_looked_at_is_still_closed(world, monkeypatch):
    closed(world)
    monkeypatch.setattr(acting.Place, "is_in", lambda place, state: False)
    secretary = world.secretary
    with pytest.raises(YearClosed):
        enter(world, "13件", version=1, hat=secretary)
    with pytest.raises(YearClosed):
        enter(world, "13件", indicator=world.hires, year=None, hat=secretary)
    with pytest.raises(YearClosed):
        texts.write_narrative(
            project=world.jobs, overview="概要", achievements="", version=0, hat=secretary, at=AT
        )


def test_a_figure_of_another_year_still_changes(world):
    closed(world)
    assert enter(world, "5件", year=YEAR - 2, hat=world.officer(world.commerce)).version == 1


def test_a_published_figure_changes_in_bulk_only_with_its_reason_on_record(world):
    closed(world, YearState.PUBLISHED)
    value = world.visits.values.get(fiscal_year=YEAR)
    rows = IndicatorValue.objects.filter(pk=value.pk)
    ValueChange.objects.create(value=value, version=2, before={}, after={}, reason="", changed_at=AT)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        rows.update(raw="99件", version=2)


def test_publishing_shows_the_drafts_and_tells_the_search(world):
    filled(world)
    Project.objects.update(is_draft=True)
    Listing.objects.update(is_draft=True)
    assert (list(queries.projects()), list(queries.listings())) == ([], [])
    years.lock(year=world.year, hat=world.secretary, at=AT)
    years.publish(year=world.year, hat=world.secretary, at=AT)
    assert {row.slug for row in queries.projects()} == {"r7-shops", "r7-jobs"}
    assert len(queries.listings()) == 1
    assert {item.key for item in outbox.pending("search")} >= {"project:r7-shops", "project:r7-jobs"}


def the_next_year():
    return years.open_year(fiscal_year=YEAR + 1, at=AT, by=SYSTEM)


def test_the_next_year_begins_with_this_years_projects_lists_and_indicators_as_drafts(world):
    closed(world, YearState.PUBLISHED)
    a_repeat = world.listing
    year = the_next_year()
    assert (year.title, year.secretariat, year.state) == ("令和８年度の報告", world.year.secretariat, "open")
    copy = Project.objects.get(slug="r8-shops")
    assert (copy.predecessor, copy.is_draft, copy.cost_yen, copy.is_new, copy.content_hash) == (
        world.shops,
        True,
        None,
        False,
        "",
    )
    assert [row.indicator for row in copy.indicator_rows.all()] == [world.visits]
    listing = Listing.objects.get(fiscal_year=YEAR + 1)
    assert (listing.code, listing.is_draft, listing.stated_subtotal_yen) == (a_repeat.code, True, None)
    assert [row.project.slug for row in listing.rows.order_by("number")] == ["r8-shops", "r8-jobs"]
    assert list(listing.policies.all()) == [world.policy]
    assert set(year.returns.values_list("unit", "state")) == {
        (world.commerce.pk, "owed"),
        (world.people.pk, "owed"),
    }
    assert not IndicatorValue.objects.filter(fiscal_year=YEAR + 1).exists()
    assert AuditEvent.objects.get(action="results.year_opened").data == {
        "fiscal_year": YEAR + 1,
        "projects": 2,
        "units": 2,
    }


def test_opening_a_year_twice_changes_nothing(world):
    the_next_year()
    models = (Project, Listing, ListingRow, UnitReturn, ProjectIndicator, AuditEvent)
    before = [model.objects.count() for model in models]
    the_next_year()
    assert [model.objects.count() for model in models] == before


def test_a_repeat_is_carried_as_the_same_project(world):
    a_row(world.listing, world.shops, is_repeat=True)
    the_next_year()
    rows = ListingRow.objects.filter(listing__fiscal_year=YEAR + 1).order_by("number")
    assert [(row.project.slug, row.is_repeat) for row in rows] == [
        ("r8-shops", False),
        ("r8-jobs", False),
        ("r8-shops", True),
    ]


def test_a_year_without_one_before_cannot_begin(world):
    with pytest.raises(NothingToCarry):
        years.open_year(fiscal_year=YEAR + 7, at=AT, by=SYSTEM)
    assert ReportYear.objects.count() == 1


def test_beginning_a_year_costs_the_same_for_one_project_and_for_twenty(world):
    def begin():
        with transaction.atomic():
            years.open_year(fiscal_year=YEAR + 1, at=AT, by=SYSTEM)
            transaction.set_rollback(True)

    few = cost(begin)
    for number in range(20):
        project = a_project(f"r7-{number}", fiscal_year=YEAR)
        project.units.add(world.commerce)
        a_row(world.listing, project)
        an_indicator(project, f"i-{number}")
    assert cost(begin) == few


def test_a_unit_sees_what_it_owes_with_last_years_figure_beside_the_field(world):
    enter(world, "100件", year=YEAR - 1, hat=world.secretary)
    officer = world.officer(world.commerce)
    (mine,) = owing.owed(world.year, hat=officer)
    (field,) = mine.fields
    assert (mine.project, mine.missing, field.before.raw, field.now) == (world.shops, 2, "100件", None)
    enter(world, "12件", hat=officer)
    (mine,) = owing.owed(world.year, hat=officer)
    assert (mine.missing, mine.drafts) == (1, 1)
    assert [doubt.kind for doubt in mine.fields[0].doubts] == [rules.DoubtKind.FACTOR]


def test_a_figure_can_be_followed_to_who_wrote_it_when_and_why(world):
    enter(world, "12件", hat=world.officer(world.commerce))
    closed_world_value = world.visits.values.get()
    enter(world, "13件", version=1, hat=world.secretary)
    traced = tracing.trace(world.visits.key, YEAR)
    assert traced.value == closed_world_value
    assert [(row.version, row.after["raw"]) for row in traced.changes] == [(2, "13件"), (1, "12件")]
    assert tracing.trace("nothing", YEAR) is None


def test_the_secretariat_sees_all_in_the_order_of_the_lists_and_strangers_nothing(world):
    seen = owing.owed(world.year, hat=world.secretary)
    assert [row.project for row in seen] == [world.shops, world.jobs]
    stranger = a_hat(at=AT, organisation=an_organisation("市"), role=Role.MANAGER)
    assert owing.owed(world.year, hat=stranger) == []


def test_what_is_owed_costs_the_same_for_one_and_for_twenty(world):
    secretary = world.secretary
    few = cost(lambda: owing.owed(world.year, hat=secretary))
    for number in range(20):
        project = Project.objects.create(
            slug=f"r7-{number}",
            fiscal_year=YEAR,
            name="x",
            cost_basis="budget",
            department="課",
            areas=[],
            summary="x",
            sources=[],
        )
        project.units.add(world.commerce)
        a_row(world.listing, project)
        an_indicator(project, f"i-{number}")
    assert cost(lambda: owing.owed(world.year, hat=secretary)) == few
