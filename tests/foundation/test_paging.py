import pytest

from madoguchi.foundation.models import OutboxEntry
from madoguchi.foundation.paging import page_number, page_of

TEN = list(range(1, 11))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("2", 2),
        ("２", 2),
        (" 3 ", 3),
        (None, 1),
        ("", 1),
        ("0", 1),
        ("-1", 1),
        ("1.5", 1),
        ("x", 1),
        ("²", 1),
        (["2"], 1),
        ("9" * 5000, 10**9),
    ],
)
def test_whatever_stands_in_the_address_is_a_page(raw, number):
    assert page_number(raw) == number


def test_a_page_knows_its_place():
    page = page_of(TEN, "2", size=4)
    assert (page.rows, page.number, page.page_count, page.total) == ([5, 6, 7, 8], 2, 3, 10)
    assert (page.first, page.last, page.previous, page.next) == (5, 8, 1, 3)


def test_beyond_the_end_is_the_last_page():
    page = page_of(TEN, "99999999999999999999", size=4)
    assert (page.rows, page.number, page.next) == ([9, 10], 3, None)


def test_an_empty_list_has_one_empty_page():
    page = page_of([], "1", size=4)
    assert (page.rows, page.number, page.page_count, page.first, page.last) == ([], 1, 1, 0, 0)
    assert (page.previous, page.next, page.links) == (None, None, [1])


def test_far_pages_are_left_out_of_the_links():
    assert page_of(range(200), "10", size=10).links == [1, None, 8, 9, 10, 11, 12, None, 20]
    assert page_of(range(30), "1", size=10).links == [1, 2, 3]


@pytest.mark.django_db
def test_a_page_of_records_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert page_of(OutboxEntry.objects.order_by("pk"), "1", size=10).rows == []
