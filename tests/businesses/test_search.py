import pytest

from madoguchi.businesses import queries
from madoguchi.businesses.models import Business, SearchKey
from tests.accounts.people import a_hat, a_person
from tests.businesses.businesses import own_hat
from tests.businesses.conftest import AT, NUMBER
from tests.queries import cost

pytestmark = pytest.mark.django_db


def found(hat, text):
    return [row.name for row in queries.search(hat, text)]


@pytest.fixture
def shop(registered):
    return registered(
        name="株式会社港みほん商店",
        kana="みなとみほんしょうてん",
        corporate_number=NUMBER,
        telephone="03-1234-5678",
        area_code="13101",
        town="千代田",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "港",
        "みほん",
        "ミホン商",
        "㈱港みほん",
        "ミナト",
        "ｼｮｳﾃﾝ",
        "商店",
        "58356",
        "5-8356",
        "03-1234",
        "5678",
        "港 千代田",
        "商店 港",
    ],
)
def test_it_is_found_by_any_part_of_its_name_kana_and_numbers(shop, adviser, typed):
    assert found(adviser, typed) == ["株式会社港みほん商店"]


@pytest.mark.parametrize(
    "typed", ["", " ", "x", "株式会社別", "港 横浜", "%", "_", "' OR 1=1", "あ" * 500, "\x00"]
)
def test_what_is_not_there_is_not_found(shop, adviser, typed):
    assert found(adviser, typed) == []


def test_names_that_begin_so_come_first(registered, adviser):
    registered(name="青いみほん")
    registered(name="みほん屋")
    assert found(adviser, "みほん") == ["みほん屋", "青いみほん"]


def test_a_common_word_hides_nothing_that_a_second_one_names(registered, adviser, monkeypatch):
    for number in range(5):
        registered(name=f"みほん{number}")
    registered(name="みほん最後", area_code="131016", town="千代田")
    monkeypatch.setattr(queries, "_LOOKED_AT", 1)
    assert found(adviser, "みほん 千代田") == ["みほん最後"]
    assert found(adviser, "東京都千代田区 みほん") == ["みほん最後"]
    assert found(adviser, "東京都 ぬぬぬ") == []


def test_others_do_not_find_it(shop, theirs):
    assert found(a_hat(at=AT, organisation=theirs), "港") == []
    assert found(own_hat(a_person(at=AT), at=AT), "港") == []


def test_a_key_left_behind_by_mistake_shows_nothing(shop, theirs):
    SearchKey.objects.create(organisation=theirs, business=shop, rank=0, text="港".encode())
    assert found(a_hat(at=AT, organisation=theirs), "港") == []


def test_without_that_filter_the_key_would_show_it(shop, theirs):
    SearchKey.objects.create(organisation=theirs, business=shop, rank=0, text="港".encode())
    ids = queries._found_by(theirs.pk, "港", most=9)
    assert list(Business.objects.filter(pk__in=ids)) == [shop]


def test_a_changed_name_is_found_under_the_new_one_alone(shop, changed, adviser):
    changed(shop, name="株式会社海")
    assert found(adviser, "海") == ["株式会社海"]
    assert found(adviser, "港") == []


def test_searching_costs_the_same_for_one_and_for_twenty(registered, adviser):
    registered(name="みほん1")
    one = cost(lambda: queries.search(adviser, "みほん"))
    for number in range(2, 21):
        registered(name=f"みほん{number}")
    assert cost(lambda: queries.search(adviser, "みほん")) <= one
