"""The feed of changes: in the order of the commits, nothing twice, nothing missed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from madoguchi.catalogue import operations
from madoguchi.catalogue.models import Edition
from madoguchi.foundation import audit, outbox
from madoguchi.foundation.models import OutboxEntry
from madoguchi.opendata import changes, records
from madoguchi.opendata.models import Change, Kind, Told
from tests import minato

AT = datetime(2026, 12, 1, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def said(rows):
    return [(row.kind, row.slug, row.what) for row in rows]


def test_the_first_look_tells_of_everything_that_is_public(loaded):
    assert changes.follow(at=AT) == Told.objects.count()
    told = changes.since(0, limit=1000)
    assert [row.position for row in told] == list(range(1, len(told) + 1))
    assert {row.what for row in told} == {Change.What.ADDED}
    assert {row.kind for row in told} == set(Kind.values)
    assert changes.follow(at=LATER) == 0


def test_only_what_differs_is_told_and_a_withdrawn_record_is_said_to_be_gone(loaded):
    changes.follow(at=AT)
    last = changes.last_change().position
    editions = Edition.objects.filter(programme__slug="setsubi-hojo").order_by("fiscal_year")
    operations.withdraw(edition=editions[0], at=AT, by=audit.SYSTEM)
    changes.follow(at=LATER)
    operations.withdraw(edition=editions[1], at=AT, by=audit.SYSTEM)
    changes.follow(at=LATER)
    with transaction.atomic():
        outbox.put_public("programme:setsubi-hojo", at=AT)
        outbox.put_public("desk:minato-sodan", at=AT)
    changes.follow(at=LATER)
    assert said(changes.since(last, limit=10)) == [
        ("programme", "setsubi-hojo", "changed"),
        ("programme", "setsubi-hojo", "withdrawn"),
    ]


def test_a_pack_that_is_loaded_again_with_a_change_tells_of_just_that(loaded, tmp_path):
    changes.follow(at=AT)
    last = changes.last_change().position
    minato.loaded()
    assert changes.follow(at=LATER) == 0
    pack = minato.copied(tmp_path)
    minato.change(pack, "desks/minato.yaml", "何でも聞ける窓口です。", "何でもどうぞ。")
    minato.loaded(pack)
    changes.follow(at=LATER)
    kinds = {row.kind for row in changes.since(last, limit=100)}
    assert "desk" in kinds
    assert Told.objects.filter(kind="desk", changed_at=LATER).exists()


def test_a_look_that_finds_nothing_writes_nothing(loaded, django_assert_num_queries):
    changes.follow(at=AT)
    with django_assert_num_queries(2):
        changes.follow(at=LATER)


def test_the_slower_of_two_followers_changes_nothing_and_leaves_the_note(loaded, monkeypatch):
    """Both read the same last number; the unique number decides."""
    changes.follow(at=AT)
    operations.withdraw(
        edition=Edition.objects.filter(programme__slug="setsubi-hojo")[0], at=AT, by=audit.SYSTEM
    )
    tell = changes._tell

    def overtaken(differing, *, after, at):
        Change.objects.create(position=after + 1, kind="desk", slug="x", what="added", happened_at=at)
        tell(differing, after=after, at=at)

    monkeypatch.setattr(changes, "_tell", overtaken)
    assert changes.follow(at=LATER) == 0
    monkeypatch.setattr(changes, "_tell", tell)
    assert OutboxEntry.objects.filter(topic=outbox.PUBLIC_TOPIC).exists()
    assert changes.follow(at=LATER) == 1


def test_a_record_has_the_same_digest_wherever_its_page_lies(loaded, settings):
    [before] = records.read(Kind.DESK, ["minato-sodan"])
    settings.SITE_URL = "https://elsewhere.example"
    changes.follow(at=AT)
    [after] = records.read(Kind.DESK, ["minato-sodan"])
    assert before.url != after.url
    assert changes.digest_of(before) == changes.digest_of(after)


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_of_the_feed_costs_one_query(db, django_assert_num_queries, rows):
    Change.objects.bulk_create(
        Change(position=n, kind="desk", slug=f"s{n}", what="added", happened_at=AT)
        for n in range(1, rows + 1)
    )
    with django_assert_num_queries(1):
        assert len(changes.since(0, limit=100)) == rows
