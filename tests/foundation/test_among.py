import pytest

from madoguchi.accounts.models import User
from madoguchi.foundation.among import IsAmong
from tests.accounts.people import a_person
from tests.consultations.cases import AT

pytestmark = pytest.mark.django_db


def test_rows_with_one_of_these_numbers_are_found():
    one, two, _three = (a_person(at=AT).pk for _ in range(3))
    assert set(User.objects.filter(IsAmong("pk", [one, two, 0])).values_list("pk", flat=True)) == {one, two}
    assert not User.objects.filter(IsAmong("pk", [])).exists()
    assert User.objects.exclude(IsAmong("pk", {one})).count() == 2


def test_however_many_there_are_they_are_one_parameter(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert not User.objects.filter(IsAmong("pk", range(400_000))).exists()
    assert asked.captured_queries[0]["sql"].count("IN (SELECT") or "ANY(" in asked.captured_queries[0]["sql"]
