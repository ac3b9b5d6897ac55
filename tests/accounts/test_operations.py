from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from madoguchi.accounts.errors import AddressInvalid, AddressTaken, NameMissing
from madoguchi.accounts.models import User
from madoguchi.accounts.operations import create_user
from madoguchi.foundation.audit import SYSTEM, Actor
from madoguchi.foundation.models import AuditEvent

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def make(**changes):
    given = {"email": "hanako@example.jp", "display_name": "窓口 花子", "at": AT, "by": SYSTEM}
    return create_user(**(given | changes))


def test_a_new_person_can_sign_in_with_address_and_password():
    user = make(password="correct horse")
    assert authenticate(username="hanako@example.jp", password="correct horse") == user
    assert authenticate(username="hanako@example.jp", password="wrong") is None


def test_the_case_of_an_address_does_not_matter():
    user = make(email=" Hanako@Example.JP ", password="correct horse")
    assert user.email == "hanako@example.jp"
    assert authenticate(username="HANAKO@example.jp", password="correct horse") == user


def test_without_a_password_nobody_can_sign_in():
    assert not make().has_usable_password()
    assert authenticate(username="hanako@example.jp", password="") is None


def test_a_person_who_left_cannot_sign_in():
    make(password="correct horse")
    User.objects.update(is_active=False)
    assert authenticate(username="hanako@example.jp", password="correct horse") is None


def test_an_address_is_used_once():
    make()
    with pytest.raises(AddressTaken) as refused:
        make(email="HANAKO@example.jp")
    assert "すでに登録" in str(refused.value)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"email": "hanako"}, AddressInvalid),
        ({"email": ""}, AddressInvalid),
        ({"display_name": "  "}, NameMissing),
    ],
)
def test_what_cannot_be_an_account_is_refused(changes, error):
    with pytest.raises(error):
        make(**changes)
    assert not User.objects.exists()


def test_the_creation_is_on_record_without_address_and_name():
    user = make(by=Actor(id="1", label="係員"))
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_type, event.subject_id) == (
        "accounts.user_created",
        "accounts.user",
        str(user.pk),
    )
    assert (event.actor_id, event.data) == ("1", {})


def test_a_refused_creation_leaves_no_record():
    make()
    with pytest.raises(AddressTaken):
        make()
    assert AuditEvent.objects.count() == 1


def test_a_person_is_an_actor():
    user = make()
    assert user.as_actor() == Actor(id=str(user.pk), label="窓口 花子")
    assert str(user) == "hanako@example.jp"


@pytest.mark.parametrize("change", [{"email": "Hanako@example.jp"}, {"language": "xx"}])
def test_the_database_guards_what_the_operations_promise(change):
    make()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(**change)


def test_nothing_but_the_operation_makes_people():
    assert not hasattr(User.objects, "create_user")
    assert not hasattr(User.objects, "create_superuser")
