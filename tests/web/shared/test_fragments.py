"""The markup that functions write: as in the files beside, and nothing of a stranger's as markup."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import translation
from django.utils.safestring import SafeString

from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.search.highlight import Piece
from madoguchi.web.shared import frame
from madoguchi.web.shared.fragments import conditions, hit, marks
from madoguchi.web.shared.fragments.hit import HitCard, HitFact, OtherEdition

EXPECTED = Path(__file__).with_name("fragments")
BAD = "\"><script>&'"


@pytest.fixture(autouse=True)
def _japanese():
    with translation.override("ja"):
        yield


def expected(name: str) -> str:
    return (EXPECTED / f"{name}.html").read_text(encoding="utf-8").rstrip("\n")


def a_card(**changed) -> HitCard:
    values = {
        "url": "/programmes/kakushin/",
        "kinds": ["補助金", "相談"],
        "status": ReceptionStatus.OPEN,
        "edition": "令和5年度版",
        "facts": [HitFact("いくら", "上限300万円"), HitFact("実施", "県 商工課", wide=True)],
        "others": [OtherEdition("/programmes/kakushin/2021/", "令和3年度")],
        "is_past": False,
    }
    return HitCard(**(values | changed))


def article(card: HitCard) -> str:
    return hit.article(hit.shell(card), SafeString("経営<mark>革新</mark>"), SafeString("要約です。"))


def a_group(*options: tuple[str, str, int, bool], is_open: bool = False) -> SimpleNamespace:
    names = ("value", "label", "hits", "checked")
    boxes = [SimpleNamespace(**dict(zip(names, option, strict=True))) for option in options]
    return SimpleNamespace(name="kind", legend="種類", options=boxes, is_open=is_open)


def test_a_found_thing_looks_as_expected():
    assert article(a_card()) == expected("hit")


def test_a_found_thing_with_little_to_say_looks_as_expected():
    card = a_card(kinds=["支援機関"], status="", edition="", facts=[], others=[], is_past=True)
    assert article(card) == expected("hit_bare")


def test_nothing_of_a_found_thing_is_taken_as_markup():
    card = a_card(
        url=BAD, kinds=[BAD], edition=BAD, facts=[HitFact(BAD, BAD)], others=[OtherEdition(BAD, BAD)]
    )
    assert "<script>" not in article(card)


def test_the_form_that_asks_at_once_looks_as_expected():
    group = a_group(("subsidy", "補助金", 12, True), ("loan", "融資", 3, False), is_open=True)
    form = conditions.form(
        [group], action="/search/", sent_along=[("q", "販路"), ("sort", "newest")], live=True
    )
    assert form == expected("conditions_live")


def test_the_form_that_waits_for_its_button_looks_as_expected():
    form = conditions.form(
        [a_group(("loan", "融資", 3, False))], action="/search/", sent_along=[], live=False
    )
    assert form == expected("conditions")


@pytest.mark.parametrize("live", [True, False])
def test_nothing_of_a_condition_is_taken_as_markup(live):
    group = a_group((BAD, BAD, 1, False))
    form = conditions.form([group], action=BAD, sent_along=[("q", BAD)], live=live)
    assert "<script>" not in form


def test_found_words_are_marked_and_nothing_is_taken_as_markup():
    pieces = [
        Piece("新しい", hit=False),
        Piece("販路", hit=True),
        Piece("<b>", hit=True),
        Piece("<b>", hit=False),
    ]
    assert marks.marked(pieces) == "新しい<mark>販路</mark><mark>&lt;b&gt;</mark>&lt;b&gt;"


def test_a_marked_name_still_breaks_only_at_its_fold_points():
    pieces = [Piece("中小企業", False), Piece("経営<革新", True), Piece("事業", False)]
    assert marks.marked_name(pieces, "中小企業|経営<革新|事業") == (
        '<span class="ph">中小企業<mark><wbr>経営&lt;革新</mark><wbr>事業</span>'
    )


def test_a_mark_may_cover_a_fold_point():
    pieces = [Piece("中小", False), Piece("企業経営", True), Piece("革新", False)]
    assert marks.marked_name(pieces, "中小企業|経営革新") == (
        '<span class="ph">中小<mark>企業<wbr>経営</mark>革新</span>'
    )


def test_a_name_without_marks_folds_like_everywhere():
    assert marks.marked_name([Piece("中小企業経営革新", False)], "中小企業|経営革新") == (
        '<span class="ph">中小企業<wbr>経営革新</span>'
    )


def test_a_marked_name_tells_its_language_on_pages_in_another():
    with translation.override("en"):
        name = marks.marked_name([Piece("経営", True), Piece("革新", False)], "経営|革新")
    assert name == '<span class="ph" lang="ja"><mark>経営</mark><wbr>革新</span>'


@pytest.mark.parametrize(
    ("path", "url", "mark"),
    [
        ("/programmes/", "/programmes/", ' aria-current="page"'),
        ("/programmes/a/", "/programmes/", ' aria-current="true"'),
        ("/programmes/", "/programmes/a/", ""),
        ("/programmes/", "/", ""),
    ],
)
def test_the_menu_knows_where_we_are(path, url, mark):
    assert frame.mark(path, url) == mark
