"""No hits never ends in nothing."""

from madoguchi.search.results import Reason
from tests.search.conftest import Index, document

STOCK = (
    document("loan", "運転資金の融資", kinds=("loan",), areas=("90201",)),
    document("grant", "設備の補助金", kinds=("grant",), areas=("90202",)),
    document("desk", "総合相談窓口", type="desk"),
)


def test_without_each_filter_the_hits_are_counted(index: Index) -> None:
    result = index(*STOCK)("融資", filters={"kind": ("grant",), "type": ("programme",)})
    assert result.total == 0
    assert result.nearest is not None
    assert result.nearest.without == {"kind": 1, "type": 0}
    assert result.nearest.reason is Reason.FILTERS
    assert [hit.key for hit in result.nearest.hits] == ["loan"]


def test_a_place_is_given_up_before_the_words(index: Index) -> None:
    result = index(*STOCK)("チドリ市の融資")
    assert result.nearest is not None
    assert result.nearest.reason is Reason.PLACE
    assert result.nearest.without == {"place": 1}


def test_a_word_that_nothing_holds_is_given_up_and_it_is_said(index: Index) -> None:
    result = index(*STOCK)("融資 ぴよぴよ")
    assert [hit.key for hit in result.hits] == ["loan"]
    assert result.understood.partial


def test_many_words_are_given_up_last(index: Index) -> None:
    result = index(*STOCK)("融資 ぴよぴよ ぷよぷよ ぽよぽよ")
    assert result.nearest is not None
    assert result.nearest.reason is Reason.WORDS
    assert [hit.key for hit in result.nearest.hits] == ["loan"]


def test_the_callers_fallback_is_always_offered(index: Index) -> None:
    result = index(*STOCK)("ぴよぴよ", fallback_keys=("desk", "unknown"))
    assert result.nearest is not None
    assert result.nearest.reason is Reason.FALLBACK
    assert [hit.key for hit in result.nearest.fallback] == ["desk"]


def test_hits_leave_no_nearest(index: Index) -> None:
    assert index(*STOCK)("融資", fallback_keys=("desk",)).nearest is None


def test_an_avoided_word_stays_avoided_among_the_nearest(index: Index) -> None:
    result = index(*STOCK)("融資 ぴよぴよ -運転資金")
    assert result.nearest is not None
    assert result.nearest.hits == ()
