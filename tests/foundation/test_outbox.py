from datetime import UTC, datetime

import pytest
from django.db import transaction

from madoguchi.foundation import outbox

AT = datetime(2026, 11, 20, tzinfo=UTC)


def keys(topic="search"):
    return [item.key for item in outbox.pending(topic)]


@pytest.mark.django_db(transaction=True)
def test_a_note_outside_of_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        outbox.put("search", "1", at=AT)


@transaction.atomic
def change_and_fail():
    outbox.put("search", "1", at=AT)
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_a_note_disappears_with_the_change_it_belongs_to():
    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert keys() == []


@pytest.mark.django_db
def test_several_changes_of_one_record_are_followed_once():
    for key in ("1", "2", "1"):
        outbox.put("search", key, at=AT)
    assert keys() == ["1", "2"]
    outbox.done(outbox.pending("search"))
    assert keys() == []


@pytest.mark.django_db
def test_topics_do_not_see_each_other():
    outbox.put("search", "1", at=AT)
    outbox.put("mail", "2", at=AT)
    outbox.done(outbox.pending("search"))
    assert keys("mail") == ["2"]


@pytest.mark.django_db
def test_a_change_during_the_work_is_not_lost():
    outbox.put("search", "1", at=AT)
    items = outbox.pending("search")
    outbox.put("search", "1", at=AT)
    outbox.done(items)
    assert keys() == ["1"]


@pytest.mark.django_db
def test_work_that_was_cut_off_is_handed_out_again():
    outbox.put("search", "1", at=AT)
    assert outbox.pending("search") == outbox.pending("search")


@pytest.mark.django_db
def test_not_more_is_read_than_was_asked_for():
    for key in ("1", "2", "3"):
        outbox.put("search", key, at=AT)
    assert [item.key for item in outbox.pending("search", limit=2)] == ["1", "2"]
