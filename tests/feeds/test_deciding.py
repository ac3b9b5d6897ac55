"""Confirming, correcting and rejecting what was read; hiding an item and answering for it."""

from fractions import Fraction

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.states import EditionState
from madoguchi.feeds import values
from madoguchi.feeds.errors import NotAllowed, UnreadableValue, WrongState
from madoguchi.feeds.models import What
from madoguchi.feeds.operations.deciding import decide
from madoguchi.feeds.operations.moving import move
from madoguchi.feeds.states import ItemState, ReadingState
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.factories import a_region
from tests.feeds.items import AT, an_officer, day, item, published, reading, taken
from tests.importers.jgrants.api import KEY, a_detail

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat():
    a_region(prefecture_code="310000")
    taken()
    return an_officer()


def put(what, to, hat, *, version=1, typed=""):
    return decide(reading=reading(what), to=to, version=version, hat=hat, at=day(1), typed=typed)


def test_a_confirmed_value_is_published_without_its_mark(hat):
    one = put("share", ReadingState.CONFIRMED, hat)
    assert (one.decided_by_label, one.version) == (hat.label, 2)
    assert "未確認" not in published().frames.get().note
    event = AuditEvent.objects.get(action="feeds.reading_confirmed")
    assert event.data == {"what": "share", "version": 2}


def test_a_correction_keeps_what_was_read_and_is_published(hat):
    one = put("cap", ReadingState.CORRECTED, hat, typed="５００万円")
    assert (one.value, one.corrected) == ("3000000", "5000000")
    assert published().frames.get().cap_yen == 5_000_000


def test_a_rejected_value_leaves_the_page(hat):
    put("share", ReadingState.REJECTED, hat)
    assert published().frames.get().rate is None


def test_a_decision_can_be_taken_back(hat):
    put("share", ReadingState.CONFIRMED, hat)
    put("share", ReadingState.OPEN, hat, version=2)
    assert "未確認" in published().frames.get().note


def test_the_second_of_two_editors_is_told(hat):
    put("share", ReadingState.CONFIRMED, hat)
    one = reading("share")
    with pytest.raises(Conflict):
        decide(reading=one, to=ReadingState.REJECTED, version=1, hat=hat, at=AT)


def test_what_cannot_be_read_is_refused_with_nothing_changed(hat):
    with pytest.raises(UnreadableValue):
        put("cap", ReadingState.CORRECTED, hat, typed="たくさん")
    assert reading("cap").state == ReadingState.OPEN


@pytest.mark.parametrize("role", [Role.ADVISER, Role.AUDITOR])
def test_who_does_not_look_after_programmes_decides_nothing(hat, role):
    with pytest.raises(NotAllowed):
        put("share", ReadingState.CONFIRMED, an_officer(role=role))


def test_an_officer_of_another_body_decides_nothing(hat):
    elsewhere = a_hat(at=AT, organisation=an_organisation("商工会"), role=Role.OFFICER)
    with pytest.raises(NotAllowed):
        put("share", ReadingState.CONFIRMED, elsewhere)


def test_a_decision_holds_while_the_feed_says_the_same(hat):
    put("share", ReadingState.CONFIRMED, hat)
    taken(a_detail(title="名前が変わった"), at=day(2))
    assert reading("share").state == ReadingState.CONFIRMED


def test_a_decision_lapses_when_the_text_it_was_about_changes(hat):
    put("share", ReadingState.CONFIRMED, hat)
    taken(a_detail(subsidy_rate="1/2", detail=""), at=day(2))
    assert reading("share").state == ReadingState.OPEN
    assert published().frames.get().rate == Fraction(1, 2)


def test_a_hidden_item_leaves_the_site_and_stays_away(hat):
    move(item=item(), to=ItemState.HIDDEN, hat=hat, at=day(1))
    assert taken(a_detail(title="新しい名前"), at=day(2)).kept == [KEY]
    assert not Edition.objects.filter(state=EditionState.PUBLISHED).exists()
    move(item=item(), to=ItemState.SHOWN, hat=hat, at=day(3))
    assert published().name == "新しい名前"


def test_an_adopted_item_is_neither_overwritten_nor_decided_on(hat):
    move(item=item(), to=ItemState.ADOPTED, hat=hat, at=day(1))
    assert taken(a_detail(title="新しい名前"), at=day(2)).kept == [KEY]
    assert published().name == "みなと県設備更新補助金"
    with pytest.raises(WrongState):
        put("share", ReadingState.CONFIRMED, hat)


@pytest.mark.parametrize(
    ("what", "typed", "kept"),
    [
        (What.SHARE, "１／２", "1/2~1/2"),
        (What.SHARE, "1/2〜2/3", "1/2~2/3"),
        (What.SHARE, "定額", "+"),
        (What.SHARE, "10/10", "1~1"),
        (What.CAP, "1億円", "100000000"),
        (What.STAFF, "20人以下", "~20"),
        (What.STAFF, "制約なし", "~"),
        (What.AREAS, "鳥取県", "310000"),
        (What.AREAS, "全国", "000000"),
        (What.PERIOD, "令和7年4月1日〜令和7年5月30日17時", "2025-04-01T00:00+09:00/2025-05-30T17:00+09:00"),
    ],
)
def test_what_is_typed_is_kept_and_shown_so_that_it_can_be_typed_again(what, typed, kept):
    assert values.typed(what, typed) == kept
    assert values.typed(what, values.shown(what, kept)) == kept
