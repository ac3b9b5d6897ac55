import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from madoguchi.businesses import queries
from madoguchi.businesses.errors import CannotMerge
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations import merging
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, a_person
from tests.businesses.businesses import a_business, a_business_member, own_hat
from tests.businesses.conftest import ADVISER, ANOTHER_NUMBER, AT, NUMBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged(ours):
    def act(keep, drop, take=()):
        merging.merge(keep=keep, drop=drop, at=AT, by=ADVISER, organisation_id=ours.pk, take=take)
        keep.refresh_from_db()
        drop.refresh_from_db()

    return act


def test_one_record_stands_for_both(registered, merged, adviser):
    keep, drop = registered(), registered(name="みほん商店")
    merged(keep, drop)
    assert [row.key for row in queries.search(adviser, "みほん")] == [keep.key]
    assert queries.seen_as(adviser, drop) == keep
    assert queries.ids_with_merged(keep.pk) == [keep.pk, drop.pk]


def test_undone_they_are_two_again_as_if_nothing_had_been(registered, merged, adviser, ours):
    keep, drop = registered(employees=3), registered(name="みほん商店", employees=4)
    before = list(Business.objects.order_by("pk").values())
    merged(keep, drop)
    merging.unmerge(drop=drop, at=AT, by=ADVISER, organisation_id=ours.pk)
    assert list(Business.objects.order_by("pk").values()) == before
    assert len(queries.search(adviser, "みほん")) == 2
    assert queries.ids_with_merged(keep.pk) == [keep.pk]


def test_the_one_that_stays_takes_over_what_was_chosen(registered, merged):
    keep, drop = registered(), registered(telephone="03-1234-5678", employees=4)
    merged(keep, drop, take=["telephone"])
    assert (keep.telephone, keep.employees) == ("03-1234-5678", None)
    assert queries.origins_of(keep)["telephone"].source == "merge"


def test_a_chain_of_merges_is_followed_to_its_end(registered, merged, adviser):
    first, second, third = registered(), registered(), registered()
    merged(second, first)
    merged(third, second)
    assert queries.seen_as(adviser, first) == third
    assert queries.ids_with_merged(third.pk) == [third.pk, second.pk, first.pk]


def test_two_corporate_numbers_are_two_businesses(registered, merged):
    with pytest.raises(CannotMerge, match="別の事業者"):
        merged(registered(corporate_number=NUMBER), registered(corporate_number=ANOTHER_NUMBER))


def test_the_record_with_the_number_is_the_one_to_keep(registered, merged):
    with pytest.raises(CannotMerge, match="残して"):
        merged(registered(), registered(corporate_number=NUMBER))


def test_a_business_does_not_end_as_a_founder(registered, merged):
    with pytest.raises(CannotMerge, match="創業予定"):
        merged(registered(is_founder=True), registered())


def test_nothing_is_merged_with_itself(registered, merged):
    business = registered()
    with pytest.raises(CannotMerge, match="同じ記録"):
        merged(business, business)


def test_what_is_merged_is_not_merged_again(registered, merged):
    keep, drop, other = registered(), registered(), registered()
    merged(keep, drop)
    with pytest.raises(Conflict):
        merged(other, drop)
    with pytest.raises(Conflict):
        merged(drop, other)


def test_what_stands_for_itself_cannot_be_parted(registered, ours):
    with pytest.raises(Conflict):
        merging.unmerge(drop=registered(), at=AT, by=ADVISER, organisation_id=ours.pk)


def test_both_ways_are_audited(registered, merged, ours):
    keep, drop = registered(), registered()
    merged(keep, drop)
    merging.unmerge(drop=drop, at=AT, by=ADVISER, organisation_id=ours.pk)
    events = AuditEvent.objects.filter(action__in=["businesses.merged", "businesses.unmerged"]).order_by("pk")
    assert [(event.action, event.data) for event in events] == [
        ("businesses.merged", {"dropped": drop.pk, "taken": []}),
        ("businesses.unmerged", {"kept": keep.pk}),
    ]


# ── who sees what after a merge ─────────────────────────────────────────────────────────────────────
def test_a_merge_lets_nobody_see_more(registered, merged, ours, theirs):
    keep, drop = registered(), registered(theirs)
    hat = a_hat(at=AT, organisation=theirs)
    merged(keep, drop)
    assert queries.seen_as(hat, drop) == drop
    assert [row.key for row in queries.search(hat, "みほん")] == [drop.key]


def test_who_was_confirmed_for_one_record_acts_for_the_other(registered, merged):
    keep, drop = registered(), registered()
    confirmed, claiming = a_person(at=AT), a_person(at=AT)
    a_business_member(drop, confirmed, at=AT, confirmed_at=AT)
    a_business_member(drop, claiming, at=AT)
    merged(keep, drop)
    assert set(Business.objects.visible_to(own_hat(confirmed, at=AT))) == {keep, drop}
    assert set(Business.objects.visible_to(own_hat(claiming, at=AT))) == {drop}


# ── alike ───────────────────────────────────────────────────────────────────────────────────────────
def test_told_apart_a_pair_is_not_shown_again(registered, manager, ours):
    one, other = registered(telephone="03-1234-5678"), registered(telephone="03-1234-5678")
    assert [(pair.one.pk, pair.other.pk) for pair in queries.duplicates(manager)] == [(one.pk, other.pk)]
    for _ in range(2):
        merging.tell_apart(one=other, other=one, at=AT, by=ADVISER, organisation_id=ours.pk)
    assert queries.duplicates(manager) == []
    assert AuditEvent.objects.filter(action="businesses.told_apart").count() == 1


def test_duplicates_on_other_books_are_not_shown(registered, manager, theirs):
    registered(telephone="03-1234-5678")
    registered(theirs, telephone="03-1234-5678")
    assert queries.duplicates(manager) == []


def test_what_is_alike_is_found_before_it_is_entered(registered, adviser, theirs):
    there = registered(telephone="03-1234-5678")
    registered(theirs, telephone="03-1234-5678")
    draft = a_business("みほん商店", at=AT, name_folded="みほん商店", telephone_digits="0312345678")
    assert [(each.row.pk, each.score.is_sure) for each in queries.alike(adviser, draft)] == [(there.pk, True)]


# ── races ───────────────────────────────────────────────────────────────────────────────────────────
def race(*merges):
    start = threading.Barrier(len(merges))

    def one(pair):
        try:
            keep, drop = (Business.objects.get(pk=pk) for pk in pair)
            start.wait(timeout=30)
            merging.merge(keep=keep, drop=drop, at=AT, by=ADVISER, organisation_id=None)
        except Conflict:
            return "conflict"
        finally:
            connection.close()
        return "merged"

    with ThreadPoolExecutor(len(merges)) as pool:
        return sorted(pool.map(one, merges))


@pytest.mark.django_db(transaction=True)
def test_two_merges_across_each_other_make_no_ring():
    one, other = a_business(at=AT), a_business(at=AT)
    assert race((one.pk, other.pk), (other.pk, one.pk)) == ["conflict", "merged"]
    assert Business.objects.filter(merged_into=None).count() == 1


def test_without_looking_again_two_merges_would_make_a_ring(monkeypatch):
    one, other = a_business(at=AT), a_business(at=AT)
    monkeypatch.setattr(merging, "_check", lambda kept, dropped: None)
    merging.merge(keep=one, drop=other, at=AT, by=ADVISER, organisation_id=None)
    merging.merge(keep=other, drop=one, at=AT, by=ADVISER, organisation_id=None)
    assert not Business.objects.filter(merged_into=None).exists()
