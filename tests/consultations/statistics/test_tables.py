from datetime import date, timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from madoguchi.consultations.kinds import Channel, Outcome
from madoguchi.consultations.models import Case, Closing, Dispatch, ExpertRequest, SurveyAnswer
from madoguchi.consultations.operations.recording import Talk, record_consultation
from madoguchi.consultations.states import ExpertRequestState
from madoguchi.consultations.statistics import tables
from madoguchi.consultations.statistics.dimensions import DIMENSIONS
from madoguchi.consultations.statistics.measures import MEASURES, Subject, values
from madoguchi.consultations.statistics.results import results, satisfaction
from madoguchi.consultations.statistics.scope import Scope, of_year
from madoguchi.consultations.statistics.tables import (
    headlines,
    rows_behind,
    table,
    time_to_close,
    time_to_first_response,
)
from madoguchi.institutions.models import Organisation
from madoguchi.journeys import merging
from tests.accounts.people import a_hat, a_member, an_organisation
from tests.consultations.cases import AT, a_taken_case, a_topic, another_involvement, the_involvement

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 30)


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation())


def a_talk(hat, case, channel=Channel.DESK, held_on=DAY):
    talk, later = Talk(channel=channel, held_on=held_on), max(held_on - DAY, timedelta())
    return record_consultation(involvement=the_involvement(case, hat), talk=talk, hat=hat, at=AT + later)


def a_business(name="みほん商店"):
    return Business.objects.create(name=name, name_folded=name, created_at=AT)


def a_dispatch(case, hat):
    expert = a_member(at=AT, organisation=an_organisation(), role=Role.EXPERT)
    asked = ExpertRequest.objects.create(
        key=f"{case.pk}",
        case=case,
        expert=expert,
        question="瓶の形",
        asked_by_id=hat.user_id,
        asked_by_organisation_id=hat.organisation_id,
        asked_at=AT,
        state=ExpertRequestState.ACCEPTED,
    )
    return Dispatch.objects.create(
        request=asked, held_on=DAY, minutes=60, channel=Channel.VISIT, recorded_at=AT
    )


def figure(key, hat, **scope):
    return MEASURES[key].value(
        Scope(**({"first": DAY, "last": DAY, "organisation_id": hat.organisation_id} | scope))
    )


def by(key, dimension, hat, across=None):
    scope = Scope(DAY, DAY, organisation_id=hat.organisation_id)
    return table(
        measure=MEASURES[key],
        by=DIMENSIONS[dimension],
        scope=scope,
        across=DIMENSIONS[across] if across else None,
    )


def talks(hat, **counts):
    """So many talks of each channel."""
    for channel, count in counts.items():
        case = a_taken_case(hat)
        for _ in range(count):
            a_talk(hat, case, Channel(channel))


def shown(hat):
    found = headlines(Scope(DAY, DAY, organisation_id=hat.organisation_id))
    return found["consultations"], found["visits"], found["desk_talks"]


def test_a_headline_that_is_too_small_to_show_is_not_shown_beside_its_breakdown(hat):
    talks(hat, visit=3, desk=7, telephone=9)
    assert shown(hat) == (19, None, None)  # 7 with 9 would give 3 away


def test_a_headline_that_gives_away_what_the_breakdown_hides_is_not_shown(hat):
    talks(hat, visit=6, desk=20, telephone=2)
    assert shown(hat) == (28, None, 20)


def test_a_headline_that_hides_nothing_is_shown(hat):
    talks(hat, visit=6, desk=20)
    assert shown(hat) == (26, 6, 20)


def test_a_hidden_headline_is_not_told_by_its_own_breakdowns(hat):
    talks(hat, visit=6, desk=20, telephone=2)
    for found in (by("visits", "topic", hat), by("visits", "first", hat, across="channel")):
        assert found.total is None
        assert {row.total for row in found.rows} | set(found.column_totals) == {None}
        assert found.has_hidden
    assert by("desk_talks", "topic", hat).total == 20


def test_as_it_was_the_headline_could_be_set_against_the_breakdown(hat, monkeypatch):
    monkeypatch.setattr(tables, "_is_hidden", lambda *_asked: False)
    talks(hat, visit=6, desk=20, telephone=2)
    total, visits, desk = shown(hat)
    assert total - visits - desk == 2


def test_two_talks_with_one_business_are_two_and_one(hat):
    business = a_business()
    for _ in range(2):
        a_talk(hat, a_taken_case(hat, business=business))
    assert (figure("consultations", hat), figure("businesses", hat)) == (2, 1)


def test_cases_without_a_business_count_one_each(hat):
    anonymous = a_taken_case(hat, is_anonymous=True)
    a_talk(hat, anonymous)
    a_talk(hat, anonymous)
    a_talk(hat, a_taken_case(hat, is_anonymous=True))
    assert (figure("consultations", hat), figure("businesses", hat)) == (3, 2)


def test_both_days_belong_to_the_scope_and_the_next_does_not(hat):
    case = a_taken_case(hat)
    for offset in (-1, 0, 1):
        a_talk(hat, case, held_on=DAY + timedelta(days=offset))
    assert figure("consultations", hat) == 1
    assert figure("consultations", hat, first=DAY - timedelta(days=1)) == 2


def test_the_day_of_a_case_is_the_one_in_tokyo(hat):
    case = a_taken_case(hat)
    # 23:30 on the 29th in London is the morning of the 30th in Tokyo.
    Case.objects.update(opened_at=AT.replace(day=29, hour=23, minute=30))
    assert figure("cases_opened", hat) == 1
    assert MEASURES["cases_opened"].value(of_year(2026)) == 1
    assert case.fiscal_year == 2026


def test_another_organisation_counts_its_own(hat):
    a_talk(hat, a_taken_case(hat))
    other = a_hat(at=AT, organisation=an_organisation())
    assert figure("consultations", other) == 0
    assert figure("consultations", other, organisation_id=None) == 1


def test_what_is_held_as_spam_is_no_case(hat):
    a_taken_case(hat)
    Case.objects.update(held_because="リンクが多すぎます")
    assert figure("cases_opened", hat) == 0


def test_what_is_put_away_as_spam_is_no_closed_case(hat):
    a_taken_case(hat)
    Case.objects.update(held_because="リンクが多すぎます", state="closed", closed_at=AT)
    assert figure("cases_closed", hat) == 0
    assert time_to_close(Scope(DAY, DAY)).count == 0


def test_figures_counted_together_are_those_counted_alone(hat):
    case = a_taken_case(hat, business=a_business())
    for channel in (Channel.VISIT, Channel.DESK, Channel.DESK):
        a_talk(hat, case, channel)
    a_talk(hat, a_taken_case(hat, is_anonymous=True))
    scope = Scope(DAY, DAY, organisation_id=hat.organisation_id)
    assert values(MEASURES.values(), scope) == {
        key: measure.value(scope) for key, measure in MEASURES.items()
    }
    assert values(MEASURES.values(), scope) | {"visits": 1, "businesses": 2} == values(
        MEASURES.values(), scope
    )


def test_an_organisation_that_the_pack_dropped_keeps_its_name(hat):
    case, gone = a_taken_case(hat), an_organisation("むかしの公社")
    another_involvement(case, gone)
    case.involvements.filter(is_lead=False).update(
        sent_by_organisation=hat.organisation_id, sent_by=hat.user_id
    )
    Organisation.everything.filter(pk=gone.pk).update(is_current=False)
    assert [row.label for row in by("referrals", "destination", hat).rows] == ["むかしの公社"]


def test_two_records_of_one_business_count_once_when_merged_and_twice_when_parted(hat):
    one, same = a_business("みほん商店"), a_business("ミホン商店")
    for business in (one, same):
        a_talk(hat, a_taken_case(hat, business=business))
    assert figure("businesses", hat) == 2
    merging.merge(keep=one, drop=same, take=[], hat=hat, at=AT)
    assert figure("businesses", hat) == 1
    a_talk(hat, a_taken_case(hat, business=same))
    assert figure("businesses", hat) == 1
    merging.unmerge(drop=Business.objects.get(pk=same.pk), hat=hat, at=AT)
    assert figure("businesses", hat) == 2


def test_what_came_of_the_closed_cases_adds_up_without_what_was_reopened(hat):
    for sales, jobs, reopened_at in ((3_000_000, 1, None), (None, 2, None), (9_000_000, 5, AT)):
        case = a_taken_case(hat)
        Closing.objects.create(
            case=case,
            outcome=Outcome.SALES,
            sales_yen=sales,
            jobs=jobs,
            plan_approved=jobs == 2,
            closed_by_id=hat.user_id,
            closed_at=AT,
            reopened_at=reopened_at,
        )
    found = results(Scope(DAY, DAY, organisation_id=hat.organisation_id))
    assert (found.sales_yen, found.jobs, found.raised_yen, found.plans_approved) == (3_000_000, 3, 0, 1)
    other = a_hat(at=AT, organisation=an_organisation())
    assert results(Scope(DAY, DAY, organisation_id=other.organisation_id)).jobs == 0


@pytest.mark.parametrize(("answers", "mean"), [(4, None), (5, 4.0)])
def test_satisfaction_is_told_from_five_answers_on(hat, answers, mean):
    for _ in range(answers):
        SurveyAnswer.objects.create(case=a_taken_case(hat), satisfaction=4, answered_at=AT)
    found = satisfaction(Scope(DAY, DAY, organisation_id=hat.organisation_id))
    assert (found.count, found.mean) == (answers, mean)


def test_closed_cases_break_down_by_what_they_led_to(hat):
    for _ in range(5):
        case = a_taken_case(hat)
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=AT)
        for outcome, reopened_at in ((Outcome.NONE, AT), (Outcome.SALES, None)):
            Closing.objects.create(
                case=case, outcome=outcome, closed_by_id=hat.user_id, closed_at=AT, reopened_at=reopened_at
            )
    found = by("cases_closed", "outcome", hat)
    assert [(row.label, row.total) for row in found.rows] == [("販路開拓", 5)]


def test_a_dispatch_counts_for_who_asked_the_expert(hat):
    a_dispatch(a_taken_case(hat), hat)
    other = a_hat(at=AT, organisation=an_organisation())
    assert (figure("dispatches", hat), figure("dispatches", other)) == (1, 0)
    assert figure("dispatches", other, organisation_id=None) == 1


def test_visits_and_desks_are_told_apart(hat):
    case = a_taken_case(hat)
    for channel in (Channel.VISIT, Channel.VISIT, Channel.DESK, Channel.TELEPHONE):
        a_talk(hat, case, channel)
    assert [figure(key, hat) for key in ("visits", "desk_talks", "consultations")] == [2, 1, 4]


def test_a_breakdown_adds_up_to_the_figure(hat):
    case = a_taken_case(hat)
    for channel, times in ((Channel.VISIT, 6), (Channel.DESK, 7)):
        for _ in range(times):
            a_talk(hat, case, channel)
    found = by("consultations", "channel", hat)
    assert [(row.code, row.label, row.total) for row in found.rows] == [
        ("desk", "窓口", 7),
        ("visit", "巡回", 6),
    ]
    assert (found.total, found.has_hidden) == (13, False)


def test_small_counts_of_a_breakdown_are_hidden_but_the_total_is_not(hat):
    case = a_taken_case(hat, topics=[a_topic("事業再生")])
    a_talk(hat, case)
    found = by("consultations", "topic", hat)
    assert [(row.label, row.total) for row in found.rows] == [("事業再生", None)]
    assert (found.total, found.has_hidden) == (1, True)


def test_a_table_by_month_hides_what_its_columns_would_give_away(hat):
    case = a_taken_case(hat)
    for channel, times in ((Channel.VISIT, 6), (Channel.DESK, 3), (Channel.TELEPHONE, 9)):
        for _ in range(times):
            a_talk(hat, case, channel)
    found = by("consultations", "channel", hat, across="month")
    assert found.columns == ["2026年11月"]
    assert {row.code: list(row.cells) for row in found.rows} == {
        "telephone": [9],
        "visit": [None],
        "desk": [None],
    }
    assert (found.column_totals, found.total) == ([18], 18)


def test_a_month_of_few_talks_hides_its_total_too(hat):
    case = a_taken_case(hat)
    for channel, times, day in (
        (Channel.VISIT, 2, DAY - timedelta(days=40)),
        (Channel.DESK, 9, DAY - timedelta(days=40)),
        (Channel.DESK, 9, DAY),
        (Channel.DESK, 3, DAY - timedelta(days=80)),
    ):
        for _ in range(times):
            a_talk(hat, case, channel, day)
    scope = Scope(DAY - timedelta(days=90), DAY, organisation_id=hat.organisation_id)
    measure, channel, month = MEASURES["consultations"], DIMENSIONS["channel"], DIMENSIONS["month"]
    found = table(measure=measure, by=channel, across=month, scope=scope)
    assert list(found.columns) == ["2026年9月", "2026年10月", "2026年11月"]
    assert found.column_totals[0] is None
    assert found.total == 23


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("key", MEASURES)
def test_every_figure_breaks_down_in_every_way_that_fits_and_leads_to_its_rows(hat, key, dimension):
    case = a_taken_case(hat, topics=[a_topic()], area_code="022039", industry="09", employees=12)
    a_talk(hat, case)
    another_involvement(case, an_organisation("引き継ぎ先"))
    case.involvements.filter(is_lead=False).update(
        sent_by_organisation=hat.organisation_id, sent_by=hat.user_id
    )
    a_dispatch(case, hat)
    measure, way = MEASURES[key], DIMENSIONS[dimension]
    if not way.fits(measure.subject):
        return
    scope = Scope(DAY, DAY, organisation_id=hat.organisation_id)
    found = table(measure=measure, by=way, scope=scope)
    assert len(found.rows) <= 1
    for row in found.rows:
        assert row.label
        assert rows_behind(measure=measure, scope=scope, hat=hat, by=way, code=row.code).count() >= 1


def test_the_parts_are_named(hat):
    case = a_taken_case(hat, area_code="022039", industry="09", employees=12)
    for _ in range(5):
        a_talk(hat, case)
    assert [by("consultations", way, hat).rows[0].label for way in ("area", "industry", "size", "first")] == [
        "八戸市",
        "製造業",
        "6〜20人",
        "継続",
    ]


def test_the_rows_behind_a_figure_leave_out_what_the_reader_may_not_see(hat):
    secret = a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])
    a_talk(hat, secret)
    colleague = a_hat(at=AT, organisation=an_organisation(), organisation_id=hat.organisation_id)
    scope = Scope(DAY, DAY, organisation_id=hat.organisation_id)
    measure = MEASURES["consultations"]
    assert measure.value(scope) == 1
    assert rows_behind(measure=measure, scope=scope, hat=hat).count() == 1
    assert rows_behind(measure=measure, scope=scope, hat=colleague).count() == 0


def test_a_table_costs_the_same_for_one_row_and_for_twenty(hat, django_assert_num_queries):
    case = a_taken_case(hat)
    a_talk(hat, case)
    with django_assert_num_queries(4):
        by("consultations", "area", hat, across="month")
    for number in range(20):
        a_talk(hat, a_taken_case(hat, area_code=f"02{number:04d}"))
    with django_assert_num_queries(4):
        assert len(by("consultations", "area", hat, across="month").rows) == 21


def test_times_tell_the_middle_and_the_most(hat):
    for days in (1, 2, 9):
        case = a_taken_case(hat)
        Case.objects.filter(pk=case.pk).update(responded_at=AT + timedelta(days=days))
    found = time_to_first_response(Scope(DAY, DAY, organisation_id=hat.organisation_id))
    assert (found.count, found.median_days, found.most_days) == (3, 2, 9)
    assert time_to_close(Scope(DAY, DAY)).median_days is None


def test_each_figure_says_what_it_counts():
    assert all(measure.meaning and measure.unit for measure in MEASURES.values())
    assert {measure.subject for measure in MEASURES.values()} == set(Subject)
