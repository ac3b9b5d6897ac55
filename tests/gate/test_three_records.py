"""Three records proved whole: every fact, keyed by hand from the printed documents, stands on the page.

The facts are those of the guide of 令和3年度 (section 25), the guide of 令和5年度 (sections 16 and 21)
and the group's overview of 令和5年度 (the top-up). Names are as printed; sentences are the site's own,
so a fact is the number or name beside the words that give it its meaning.
"""

import html
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client, override_settings

from madoguchi.packs.check import check
from madoguchi.packs.load import load

pytestmark = pytest.mark.django_db

PACK = Path(__file__).parents[2] / "packs" / "aomori"
ADDRESSES = {
    "2023": "/programmes/keiei-kakushin/",
    "2021": "/programmes/keiei-kakushin/2021/",
    "top-up": "/programmes/jigyo-saikochiku-uwanose/",
    "consultation": "/programmes/fb-sodankai/",
    "dates": "/events/fb-sodankai-2023/",
}

GROWTH = [
    "計画の期間が3年から5年",
    "研究開発の期間を含むときは最大8年",
    "付加価値額か、1人当たりの付加価値額",
    "3年の計画9%以上",
    "4年の計画12%以上",
    "5年の計画15%以上",
    "付加価値額=営業利益+人件費+減価償却費",
    "1人当たりは、これを従業員数で割った額",
    "給与支給総額も、計画の最終年度までに",
    "3年の計画4.5%以上",
    "4年の計画6.0%以上",
    "5年の計画7.5%以上",
    "給与支給総額=役員報酬+給料+賃金+賞与+各種手当",
    "残業・休日・家族・住宅などの手当を含み",
    "退職手当など給与所得とされない手当と福利厚生費は含みません",
]
PLAN = [
    "中小企業経営革新支援事業",
    "経営革新計画",
    "知事の承認",
    "事業協同組合、協業組合、企業組合などの組合と組合連合会",
    "新商品開発または生産",
    "新役務)開発または提供",
    "商品新しい生産または販売の方式の導入",
    "役務)新しい提供の方式の導入",
    "技術研究開発とその成果の利用、その他の新しい事業活動",
    "支援ごとに、それぞれの機関の審査",
    "県商工労働部地域産業課経営支援グループ",
    "017-734-9373",
    "FAX017-734-8107",
]
SAME_MEASURES = [
    "政府系金融機関による低利融資制度",
    "「選ばれる青森」への挑戦資金(県の制度融資)",
    "中小企業信用保険法の特例(信用保証の特例措置)",
    "高度化融資制度",
]
FACTS = {
    "2023": [
        *PLAN,
        *GROWTH,
        *SAME_MEASURES,
        "令和5年度版",
        "製造業等従業員500人以下",
        "卸売業従業員400人以下",
        "サービス業従業員300人以下",
        "小売業従業員300人以下",
        "中小企業投資育成株式会社法からの投資",
        "起業支援ファンドからの投資",
        "販路開拓コーディネート事業",
        "日本政策金融公庫法の特例(スタンドバイクレジット)海外展開による経営革新の場合だけ",
        "日本貿易保険による支援措置海外展開による経営革新の場合だけ",
    ],
    "2021": [
        *PLAN,
        *GROWTH,
        *SAME_MEASURES,
        "令和3年度版",
        "製造業、建設業、運輸業その他の業種資本金3億円以下または従業員300人以下",
        "ゴム製品製造業(自動車・航空機用のタイヤとチューブ、工業用ベルトの製造業を除く)"
        "資本金3億円以下または従業員900人以下",
        "卸売業資本金1億円以下または従業員100人以下",
        "サービス業(下記以外)資本金5千万円以下または従業員100人以下",
        "ソフトウェア業・情報処理サービス業資本金3億円以下または従業員300人以下",
        "旅館業資本金5千万円以下または従業員200人以下",
        "小売業資本金5千万円以下または従業員50人以下",
        "中小企業投資育成株式会社法の特例",
        "ベンチャーファンドからの投資",
        "特許関係料金減免制度",
        "販路開拓コーディネーター事業",
        "日本政策金融公庫法の特例(スタンドバイクレジット)",
        "貿易保険法の特例海外展開による経営革新の場合だけ",
    ],
    "top-up": [
        "国「事業再構築補助金」に対する上乗せ支援",
        "上限750万円",
        "1/12",
        "もとの補助率2/3に上乗せ",
        "国の補助限度額は6,000万円",
        "「中小企業通常枠」で採択",
        "国の交付決定",
        "国の補助金の額が確定",
        "県内の中小企業者など",
        "令和4年度予備申請79件・約384,293千円、交付決定49件・約229,982千円",
    ],
    "consultation": [
        "食品加工に関する商品開発などの相談をしたいとき(FB(フードビジネス)相談会)",
        "県内で食品加工を行う製造業者など",
        "県内6地域・7か所",
        "無料(要予約)",
        "商品開発についての助言",
        "支援制度の情報",
        "開催日と会場は変わることがあります",
        "総合支援課",
        "017-777-4066",
        "FAX017-721-2514",
        "すべての日程(84回)",
    ],
    "dates": [
        "青森県産業技術センターとの共催",
        "県内6地域・7か所",
        "無料",
        "要予約",
        "開催日・開催場所は変わることがあります",
        "017-777-4066",
        "FAX017-721-2514",
        "日程(84回)",
    ],
}
# The four steps of the top-up, in their order: 国へ申請 → 予備申請 → 実績報告・確定 → 交付申請.
STEPS = [
    "国に事業を申請し、採択を受ける",
    "「予備申請」",
    "国に実績を報告して確定通知を受ける",
    "「交付申請」",
]

# Place, and the days of April 2023 to March 2024 with their printed weekdays.
CALENDAR = {
    "青森地区": (
        "21あおもり産業総合支援センター(青森県共同ビル7階)",
        "20木 25木 22木 20木 24木 21木 18水 22水 21木 25木 22木 21木",
    ),
    "弘前地区": (
        "青森県産業技術センター弘前工業研究所",
        "19水 24水 21水 19水 23水 20水 16月 20月 20水 24水 21水 18月",
    ),
    "八戸地区①": (
        "青森県産業技術センター食品総合研究所",
        "4火 9火 6火 4火 1火 5火 3火 7火 5火 10水 6火 5火",
    ),
    "八戸地区②": (
        "八戸インテリジェントプラザ",
        "21金 26金 23金 21金 25金 22金 20金 27月 22金 26金 20火 22金",
    ),
    "五所川原地区": (
        "五所川原市民学習情報センター",
        "17月 17水 14水 12水 10木 13水 12木 15水 13水 17水 14水 13水",
    ),
    "十和田地区": (
        "青森県産業技術センター農産物加工研究所",
        "12水 16火 13火 11火 9水 12火 11水 14火 12火 16火 13火 12火",
    ),
    "むつ地区": (
        "青森県産業技術センター下北ブランド研究所",
        "11火 15月 12月 10月 8火 11月 10火 13月 11月 15月 8木 11月",
    ),
}
MONTHS = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]


def plain(text: str) -> str:
    """Text without spaces, in one width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def visible(page: str) -> str:
    """The words of a page's main part."""
    main = page[page.index("<main") : page.index("</main>")]
    return plain(html.unescape(re.sub(r"<[^>]*>", "", main)))


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """The pages of the records as the real pack makes them, on 1 November 2023; nothing stays."""
    at = datetime(2023, 11, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(TODAY=date(2023, 11, 1)):
        load(check(PACK), at=at)
        client = Client(headers={"accept-language": "ja"})
        shown = {name: client.get(address).content.decode() for name, address in ADDRESSES.items()}
        transaction.set_rollback(True)
    return shown


@pytest.mark.parametrize("record", FACTS)
def test_the_page_shows_every_fact_of_the_document(pages, record):
    text = visible(pages[record])
    assert [fact for fact in FACTS[record] if plain(fact) not in text] == []


@pytest.mark.parametrize("record", ["2023", "2021"])
def test_the_law_behind_the_plan_is_named(pages, record):
    assert "中小企業等経営強化法" in visible(pages[record])


def test_the_steps_of_the_top_up_stand_in_their_order(pages):
    text = visible(pages["top-up"])
    found = [text.find(plain(step)) for step in STEPS]
    assert -1 not in found
    assert found == sorted(found)


@pytest.mark.parametrize("district", CALENDAR)
def test_each_district_shows_its_place_and_its_twelve_days(pages, district):
    place, days = CALENDAR[district]
    sections = [plain(html.unescape(re.sub(r"<[^>]*>", "", part))) for part in held(pages["dates"])]
    (shown,) = [text for text in sections if text.startswith(plain(district))]
    assert plain(place) in shown
    for month, day in zip(MONTHS, days.split(), strict=True):
        number, weekday = day[:-1], day[-1]
        year = "令和6年" if month < 4 else ""
        assert f"{year}{month}月{number}日({weekday})" in shown
    assert len(re.findall(r"\d月\d+日\(", shown)) == 12


def held(page: str) -> list[str]:
    """The parts of an event's page, one a place."""
    return page.split('<div class="held">')[1:]


def test_an_owner_sees_the_limits_of_both_years_side_by_side(pages):
    text = visible(pages["2023"])
    changed = text[text.index("令和3年度から変わったこと") :]
    assert plain("卸売業：資本金1億円以下または従業員100人以下") in changed
    assert plain("卸売業：従業員400人以下") in changed


def test_the_older_edition_says_that_it_is_old(pages):
    text = visible(pages["2021"])
    assert "これは令和3年度版です" in text
    assert "令和5年度版を見る" in text
