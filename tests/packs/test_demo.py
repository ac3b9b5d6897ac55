"""The demonstration: checked like the rest of a pack, played through the rooms, once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from madoguchi.accounts import demonstration, hats
from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import BusinessMember
from madoguchi.consultations.models import Case, Consultation, Introduction, Involvement, SurveyAnswer, Task
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState
from madoguchi.foundation.models import AuditEvent
from madoguchi.packs.check import check
from madoguchi.packs.demo.days import Days
from madoguchi.packs.demo.playing import CannotPlay, play
from madoguchi.results.models import IndicatorValue, ReportYear, UnitReturn
from madoguchi.results.states import ReturnState, YearState
from madoguchi.usage.models import DailyCount
from tests import minato
from tests.house.places import ROOT

ACCESS_AT = datetime(2026, 11, 30, 3, tzinfo=UTC)


def played(pack=minato.MINATO) -> int:
    return play(check(pack).demo, now=minato.AT, access_at=ACCESS_AT)


@pytest.fixture
def region(db):
    minato.loaded()


def hat_of(key: str):
    user = User.objects.get(email=demonstration.address_of(key))
    return hats.hat_of(user, chosen=None, at=ACCESS_AT)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("by: sodan, task", "by: nobody, task", "案件を扱う人「nobody」は、ありません"),
        ("by: sodan, task", "by: unyo, task", "案件を扱う人「unyo」は、ありません"),
        ("topics: [market]", "topics: [moon]", "相談の内容「moon」は、ありません"),
        ("programmes: [setsubi-hojo]", "programmes: [moon]", "制度「moon」は、ありません"),
        ("owner: nushi", "owner: nobody", "この人「nobody」は、ありません"),
        ('area: "312011"', 'area: "310000"', "市区町村のコードではありません"),
        (
            "{ago: 28, by: shisaku, take: true}",
            "{ago: 28, by: shisaku, expert_accept: true}",
            "専門家「shisaku」は、ありません",
        ),
        ("key: hanro", "key: setsubi", "「setsubi」が二度書かれています"),
        ("0857-00-0009", "0857-22-0009", "書き方が合いません"),
        ("{ago: 28, by: shisaku", "{ago: 31, by: shisaku", "steps は、起きた順に書いてください"),
        ("take: true}", "take: true, goal: {text: あ}}", "したことを一つだけ書いてください"),
        ("owner: nushi, ", "", "owner が要ります"),
        ("project: m-setsubi", "project: moon", "事業「moon」は、ありません"),
        ("m-setsubi-kensu: 40者", "moon: 40者", "成果指標「moon」は、ありません"),
        ("published_by: matome", "published_by: kanri2", "報告を書く人「kanri2」は、ありません"),
        ("hand_in: true", "hand_in: true, accept: true", "一つだけを書いてください"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, problem):
    pack = minato.copied(tmp_path, with_demo=True)
    minato.change(pack, "demo.yaml", old, new)
    [found] = [line for line in minato.problems(pack) if problem in line]
    assert found.startswith("demo.yaml:")


def test_a_demonstration_is_played_by_the_operations_of_the_rooms(region):
    assert played() == 3
    assert {hat_of(key).role for key in ("sodan", "kanri", "shisaku", "unyo")} == {
        Role.ADVISER,
        Role.MANAGER,
        Role.OFFICER,
        Role.OPERATOR,
    }
    seen = {case.title: case for case in Case.objects.visible_to(hat_of("sodan"))}
    assert set(seen) == {"機械を新しくしたい", "売り先を広げたい"}
    assert seen["売り先を広げたい"].state == CaseState.CLOSED
    assert Involvement.objects.get(is_lead=False).state == InvolvementState.WORKING
    assert Consultation.objects.count() == 3
    assert Introduction.objects.count() == 2
    assert SurveyAnswer.objects.get().satisfaction == 4
    assert Task.objects.get(state=TaskState.OPEN).due_on == date(
        2025, 6, 6
    )  # three days before is a Saturday
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {
        "consultations.case_opened",
        "consultations.case_read",
        "businesses.registered",
        "demo.played",
    } <= actions


def test_a_secret_request_is_seen_by_the_manager_it_was_named_to_alone(region):
    played()
    secret = Case.objects.get(is_secret=True)
    assert secret in Case.objects.visible_to(hat_of("kanri"))
    assert secret not in Case.objects.visible_to(hat_of("sodan"))


def test_the_report_of_a_year_is_begun_filled_in_and_given_back(region):
    played()
    states = dict(ReportYear.objects.values_list("fiscal_year", "state"))
    assert states == {2025: YearState.PUBLISHED, 2026: YearState.OPEN}
    assert IndicatorValue.objects.get(fiscal_year=2026).raw == "40者"
    returned = UnitReturn.objects.get(unit__slug="minato-shoko", report_year__fiscal_year=2026)
    assert (returned.state, returned.note) == (ReturnState.RETURNED, "数を確かめてください。")
    assert ReportYear.objects.get(fiscal_year=2026).deadline_on > minato.AT.date()
    views = DailyCount.objects.order_by("day").values_list("day", "count")
    assert list(views) == [(date(2026, 4, 1), 100), (date(2026, 5, 1), 20)]


def test_an_owner_and_a_delegate_act_for_their_business_now(region):
    played()
    roles = BusinessMember.objects.running(at=ACCESS_AT).values_list("role", flat=True)
    assert sorted(roles) == ["delegate", "owner"]
    assert {case.title for case in Case.objects.visible_to(hat_of("nushi"))} == {
        "機械を新しくしたい",
        "売り先を広げたい",
    }


def test_a_second_time_changes_nothing(region):
    played()
    before = AuditEvent.objects.count()
    assert played() == 0
    assert AuditEvent.objects.count() == before


def test_what_cannot_have_happened_so_leaves_nothing_behind(region, tmp_path):
    pack = minato.copied(tmp_path, with_demo=True)
    minato.change(pack, "demo.yaml", "{ago: 28, by: shisaku, take: true}", "{ago: 28, by: kanri, take: true}")
    with pytest.raises(CannotPlay, match=r"setsubi: steps\.4 take"):
        played(pack)
    assert not User.objects.exists()
    assert not Case.objects.exists()


def test_days_are_business_days_and_never_ahead_of_now():
    now = datetime(2023, 11, 1, 1, 30, tzinfo=UTC).astimezone()
    days = Days(now)
    assert days.back(4) == date(2023, 10, 27)  # Saturday
    assert days.ahead(2) == date(2023, 11, 6)  # a holiday, and the weekend behind it
    moments = [days.moment(ago, key="case", nth=nth) for nth, ago in enumerate([10, 10, 3, 0, 0])]
    assert moments == sorted(moments)
    assert max(moments) <= now
    assert timedelta() < moments[1] - moments[0] < timedelta(hours=1)


def test_the_pack_that_is_shipped_shows_something_of_everything(db):
    pack = ROOT / "packs" / "aomori"
    minato.loaded(pack)
    now = datetime(2023, 11, 1, 6, tzinfo=UTC)
    assert play(check(pack).demo, now=now, access_at=ACCESS_AT) >= 40
    members = User.objects.filter(memberships__isnull=False)
    assert set(members.values_list("memberships__role", flat=True)) == set(Role.values)
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState) - {
        CaseState.FINISHED,
        CaseState.UNTAKEN,
    }
    assert set(Involvement.objects.values_list("state", flat=True)) == set(InvolvementState)
    assert {row.channel for row in Consultation.objects.all()} >= {"desk", "visit", "telephone", "satellite"}
    assert Involvement.objects.filter(organisation=None).count() == 2
    today = now.date()
    due = set(Task.objects.filter(state=TaskState.OPEN).values_list("due_on", flat=True))
    assert today in due
    assert min(due) < today < max(due)
