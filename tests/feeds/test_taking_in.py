"""Taking a feed in: published and marked, the same changes nothing, one odd record stops nobody."""

from fractions import Fraction

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.catalogue import operations as catalogue
from madoguchi.catalogue.models import Edition, Origin
from madoguchi.catalogue.states import EditionState
from madoguchi.editing.operations import publishing
from madoguchi.feeds import editions
from madoguchi.feeds.models import Feed, FeedItem, FeedRun
from madoguchi.feeds.operations import taking_in
from madoguchi.feeds.states import ItemState
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.models import AuditEvent
from madoguchi.importers.drafts import Odd
from madoguchi.institutions.models import Region
from madoguchi.packs.load_catalogue import content_of
from tests import minato
from tests.factories import a_region
from tests.feeds.items import AT, an_officer, day, item, published, reading, taken
from tests.importers.jgrants.api import KEY, a_detail, a_row

pytestmark = pytest.mark.django_db
OTHER = "a0W000000000000002"


@pytest.fixture(autouse=True)
def _region():
    a_region(prefecture_code="310000")


def test_an_item_is_published_with_its_origin():
    assert taken().added == [KEY]
    edition = published()
    assert (edition.name, edition.fiscal_year, edition.areas) == ("みなと県設備更新補助金", 2025, ["310000"])
    assert (edition.origin.kind, edition.origin.feed) == (Origin.Kind.FEED, "jgrants")
    assert edition.industries == ["E", "I"]
    assert edition.who == "従業員20人以下"
    [frame] = edition.frames.all()
    assert (frame.rate, frame.cap_yen) == (Fraction(2, 3), 3_000_000)
    [window] = edition.windows.all()
    assert window.closes_at.isoformat() == "2025-06-30T08:00:00+00:00"


def test_what_was_read_in_prose_is_marked_and_what_is_stated_is_not():
    taken()
    [frame] = published().frames.all()
    assert f"補助率：{editions.READ}" in frame.note
    assert "上限額：" not in frame.note
    assert reading("cap").confidence == 1
    assert reading("share").is_unconfirmed


def test_a_value_that_is_a_guess_is_for_the_desk_alone():
    taken(a_detail(subsidy_max_limit=0, detail="<p>30万円以内</p>"))
    assert reading("cap").value == "300000"
    assert published().frames.get().cap_yen is None


def test_taking_in_the_same_twice_changes_nothing():
    taken()
    report = taken(at=day(1))
    assert report.unchanged == [KEY]
    assert Edition.objects.filter(origin__feed="jgrants").count() == 1
    assert item().last_seen_at == day(1)


def test_what_a_desk_took_off_does_not_come_back_by_itself():
    taken()
    publishing.take_off(edition=published(), hat=an_officer(role=Role.MANAGER), at=AT)
    taken(a_detail(subsidy_max_limit=5_000_000), at=day(1))
    assert not Edition.objects.filter(state=EditionState.PUBLISHED).exists()


def test_what_changed_is_a_new_revision_and_the_old_one_stays():
    taken()
    assert taken(a_detail(subsidy_max_limit=5_000_000), at=day(1)).changed == [KEY]
    assert published().revision == 2
    old = Edition.objects.get(origin__feed="jgrants", revision=1)
    assert old.frames.get().cap_yen == 3_000_000


def test_a_row_of_a_list_does_not_forget_what_the_detail_said():
    taken()
    taken(a_row(), at=day(1))
    assert published().frames.get().rate == Fraction(2, 3)


def test_items_of_other_prefectures_stay_outside_unless_everything_is_wanted():
    elsewhere = a_detail(target_area_search="東京都")
    assert taken(elsewhere).outside == [KEY]
    assert not FeedItem.objects.exists()
    assert taken(elsewhere, everywhere=True).added == [KEY]


@pytest.mark.parametrize("area", ["全国", "鳥取県", "鳥取県 / 東京都", ""])
def test_items_of_the_nation_the_prefecture_and_of_nobody_in_particular_are_taken(area):
    assert taken(a_detail(target_area_search=area)).added == [KEY]


def test_one_odd_record_never_stops_the_others(monkeypatch):
    real = taking_in.publish

    def breaks(**given):
        if given["item"].external_id == KEY:
            raise ValueError("odd")
        real(**given)

    monkeypatch.setattr(taking_in, "publish", breaks)
    report = taken(a_detail(), a_detail(OTHER))
    assert report.added[-1] == OTHER
    assert [(each.where, each.sentence) for each in report.odd] == [(KEY, "ValueError: odd")]
    assert [each.external_id for each in FeedItem.objects.all()] == [OTHER]


def test_a_run_is_noted_with_counts_and_reasons():
    taking_in.take_in(
        feed=Feed.JGRANTS,
        records=[Odd("3行目", "JSON として読めません。")],
        at=AT,
        by=SYSTEM,
        is_complete=True,
    )
    run = FeedRun.objects.get()
    assert (run.counts["odd"], run.odd[0]["where"], run.is_complete) == (1, "3行目", True)
    assert AuditEvent.objects.get(action="feeds.taken_in").data["odd"] == 1


def test_what_three_complete_runs_do_not_see_is_marked_and_stays():
    taken()
    for number in (1, 2):
        assert taken(a_detail(OTHER), at=day(number), is_complete=True).vanished == []
    assert taken(a_detail(OTHER), at=day(3), is_complete=True).vanished == [KEY]
    assert item().state == ItemState.VANISHED
    assert published().origin.feed == "jgrants"


def test_an_item_past_its_end_is_marked_by_the_first_run_without_it():
    taken()
    assert taken(a_detail(OTHER), at=day(30), is_complete=True).vanished == [KEY]


@pytest.mark.parametrize("run", [{"is_complete": False}, {"is_complete": True, "faults": ["x"]}])
def test_a_run_that_did_not_see_everything_marks_nothing(run):
    taken()
    assert taken(a_detail(OTHER), at=day(30), **run).vanished == []


def test_what_comes_back_is_shown_again():
    taken()
    taken(a_detail(OTHER), at=day(30), is_complete=True)
    taken(at=day(31))
    assert (item().state, item().missed_runs) == (ItemState.SHOWN, 0)


def test_what_a_desk_published_is_no_longer_overwritten():
    taken()
    mine = published()
    content = content_of(
        editions.edition(item(), editions_draft(), list(item().readings.all()), editions.words()).model_copy(
            update={"summary": "窓口の言葉"}
        )
    )
    origin = Origin(kind=Origin.Kind.DESK)
    catalogue.publish(
        programme=mine.programme, fiscal_year=2025, content=content, at=day(1), by=SYSTEM, origin=origin
    )
    assert taken(a_detail(title="別の名前"), at=day(2)).kept == [KEY]
    assert (published().summary, item().state) == ("窓口の言葉", ItemState.ADOPTED)


def editions_draft():
    return taking_in.SOURCES[Feed.JGRANTS].read(item().record)


def test_loading_the_pack_again_leaves_what_a_feed_brought(tmp_path, settings):
    settings.INDEX_DIR = tmp_path / "index"
    Region.objects.all().delete()
    minato.loaded()
    taken()
    minato.loaded(at=day(1))
    assert published().origin.feed == "jgrants"
