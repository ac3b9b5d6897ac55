import pytest

from madoguchi.japan import areas
from madoguchi.japan.postal import Place, places


def test_a_postal_code_stands_for_a_town():
    assert places("100-0001") == (Place("131016", "千代田"),)
    assert places("１００ー０００１") == places("1000001")


def test_a_code_may_stand_for_two_prefectures():
    assert {areas.prefecture_of(place.area_code).name for place in places("498-0000")} == {"愛知県", "三重県"}


def test_an_offices_own_code_gives_its_street():
    assert places("100-8791")[0].street == "2-3-1"


def test_a_code_nobody_bears_stands_for_nothing():
    assert places("000-0000") == ()


def test_what_is_no_postal_code_is_named():
    with pytest.raises(ValueError, match="7桁"):
        places("100-001")
