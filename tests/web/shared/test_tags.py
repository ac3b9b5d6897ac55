from dataclasses import dataclass
from fractions import Fraction

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.web.shared.icons import ICONS
from madoguchi.web.shared.templatetags import madoguchi as tags


@pytest.fixture(autouse=True)
def _japanese():
    with translation.override("ja"):
        yield


@dataclass
class Named:
    name: str
    breaks: str = ""


def rendered(source: str, **values) -> str:
    return Template("{% load madoguchi %}" + source).render(Context(values))


def test_amounts_are_shown_to_owners_in_man_yen():
    assert rendered("{{ v|man }}", v=3_000_000) == '<span class="nb">300万円</span>'


def test_amounts_of_the_annual_report_stay_in_thousand_yen():
    assert rendered("{{ v|sen }}", v=26_325_000) == '<span class="nb">26,325千円</span>'


@pytest.mark.parametrize("value", [Fraction(2, 3), "2/3", "3分の2"])
def test_a_rate_is_a_fraction(value):
    assert rendered("{{ v|rate }}", v=value) == '<span class="nb">2/3</span>'


def test_a_name_breaks_only_at_its_recorded_fold_points():
    html = rendered("{% name v %}", v=Named("支援制度の名前", "支援|制度の名前"))
    assert html == '<span class="ph">支援<wbr>制度の名前</span>'


def test_a_name_without_fold_points_breaks_between_phrases():
    assert rendered("{% name v %}", v=Named("今日は天気です")) == rendered(
        "{{ v|phrase }}", v="今日は天気です"
    )
    assert rendered("{{ v|phrase }}", v="今日は天気です") == '<span class="ph">今日は<wbr>天気です</span>'


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("支援をさがす", ["支援を", "さがす"]),
        ("まず情報がほしい", ["まず", "情報が", "ほしい"]),
        ("ものづくりの補助金", ["ものづくりの", "補助金"]),
        ("中小企業者等の燃料費", ["中小企業者等の", "燃料費"]),
        ("２１みほん産業総合支援センター", ["２１みほん", "産業", "総合支援センター"]),
        (
            "県 経済産業部 経済産業政策課 中小企業金融グループ",
            ["県 ", "経済産業部 ", "経済産業政策課 ", "中小企業金融グループ"],
        ),
        ("県産品販売・輸出促進課", ["県産品販売・", "輸出促進課"]),
        ("デジタルトランスフォーメーション推進事業", ["デジタルトランスフォーメーション", "推進事業"]),
        ("このページは、みつかりませんでした", ["この", "ページは、", "みつかりませんでした"]),
    ],
)
def test_phrases_do_not_cut_words(text, pieces):
    assert rendered("{{ v|phrase }}", v=text) == f'<span class="ph">{"<wbr>".join(pieces)}</span>'


def test_the_catalogues_own_words_say_their_language_on_english_pages():
    shown = "{{ v|breaks }}{% content_lang %}"
    assert 'lang="ja"' not in rendered(shown, v="よろず|拠点")
    with translation.override("en"):
        assert (
            rendered(shown, v="よろず|拠点") == '<span class="ph" lang="ja">よろず<wbr>拠点</span> lang="ja"'
        )
        assert rendered("{{ v|phrase }}", v="Ask at the desk") == '<span class="ph">Ask at the desk</span>'


def test_an_empty_text_has_no_phrases():
    assert rendered("{{ v|phrase }}{{ v|breaks }}", v="") == ""


@pytest.mark.parametrize(
    "source",
    [
        "{{ v|breaks }}",
        "{{ v|phrase }}",
        "{% kind v %}",
        "{% tel v %}",
        "{% tel '0123-45-6789' v %}",
        "{% name named %}",
    ],
)
def test_no_tag_lets_markup_through(source):
    bad = "<b>|x"
    html = rendered(source, v=bad, named=Named(bad))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html.replace("<wbr>", "")


@pytest.mark.parametrize("status", list(ReceptionStatus))
def test_every_reception_status_has_a_chip_with_words(status):
    html = rendered("{% status v %}", v=status.value)
    assert html.startswith('<span class="status status--')
    assert html != '<span class="status status--"></span>'


def test_a_telephone_number_is_dialled_without_hyphens_and_shows_its_extension():
    html = rendered("{% tel '０１２３-45-6789' '2572' %}")
    assert 'href="tel:0123456789"' in html
    assert "0123-45-6789" in html
    assert "内線2572" in html


def test_a_number_nobody_can_dial_stays_text():
    assert rendered("{% tel '代表電話へ' %}") == "代表電話へ"


@pytest.mark.parametrize("key", ICONS)
def test_icons_are_silent_to_screen_readers(key):
    html = rendered("{% icon v %}", v=key)
    assert 'aria-hidden="true"' in html
    assert "style=" not in html


def test_an_unknown_icon_is_a_mistake_of_the_template():
    with pytest.raises(TemplateSyntaxError):
        rendered("{% icon 'unicorn' %}")


def test_map_links_can_lead_elsewhere():
    drawing = '<a href="#area-north" data-area="north">北</a><a href="#area-south" data-area="south">南</a>'
    html = tags.area_map(drawing, {"north": "/desks/?area=north&x=1"}, "south")
    assert 'href="/desks/?area=north&amp;x=1"' in html
    assert 'href="#area-south" data-area="south" aria-current="true"' in html
