"""Rates, caps, staff, periods and areas in prose, as many offices write them."""

from datetime import datetime
from fractions import Fraction

import pytest

from madoguchi.importers.documents.found import GUESS, LIKELY, SURE, UNSURE
from madoguchi.importers.free_text import caps, periods, places, shares, staff
from madoguchi.importers.free_text.staff import Staff

NATION, TOTTORI, TOTTORI_CITY, TOKYO = "000000", "310000", "312011", "130001"


def share_of(found):
    return found and (found.value.low, found.value.high, found.value.is_flat)


def half(numerator, denominator):
    return Fraction(numerator, denominator)


@pytest.mark.parametrize(
    ("text", "low", "high", "is_flat", "confidence"),
    [
        ("補助率 2/3以内", half(2, 3), half(2, 3), False, LIKELY),
        ("１／２", half(1, 2), half(1, 2), False, LIKELY),
        ("10/10", half(1, 1), half(1, 1), False, LIKELY),
        ("補助対象経費の3分の2", half(2, 3), half(2, 3), False, LIKELY),
        ("二分の一以内", half(1, 2), half(1, 2), False, LIKELY),
        ("1/2 もしくは 2/3", half(1, 2), half(2, 3), False, UNSURE),
        ("21％～55％（建物により異なる）", half(21, 100), half(55, 100), False, UNSURE),
        ("2/3、定額（一定の要件を満たす者のみ）", half(2, 3), half(2, 3), True, UNSURE),
        ("定額", None, None, True, LIKELY),
        ("全額を補助します", half(1, 1), half(1, 1), False, UNSURE),
    ],
)
def test_a_field_of_the_rate(text, low, high, is_flat, confidence):
    found = shares.of_field(text)
    assert share_of(found) == (low, high, is_flat)
    assert found.confidence == confidence


@pytest.mark.parametrize("text", ["公募要領を参照", "ー", "2500円/㎡", "令和8年4/30まで", "100%を超え150%"])
def test_what_is_no_rate_is_left(text):
    assert shares.of_field(text) in (None, shares.of_field("100%")) or share_of(shares.of_field(text))[1] == 1


@pytest.mark.parametrize(
    ("lines", "high"),
    [
        (["■補助率", "補助対象経費の１／２以内"], half(1, 2)),
        (["補助率：２／３"], half(2, 3)),
        (["対象経費の3分の1を補助します。"], half(1, 3)),
        (["構成員の２/３以上が中小企業者であること"], None),
        (["加算金（年10.95%の利率）を返していただきます。"], None),
        (["売上高が30%以上減少した方"], None),
    ],
)
def test_the_rate_in_a_text(lines, high):
    found = shares.in_lines(lines)
    assert (found.value.high if found else None) == high


@pytest.mark.parametrize(
    ("lines", "yen", "confidence"),
    [
        (["上限額：最大2,500万円"], 25_000_000, LIKELY),
        (["補助上限は1億円です。"], 100_000_000, LIKELY),
        (["上限３００千円"], 300_000, LIKELY),
        (["１，０００万円上限、５０万円下限"], 10_000_000, LIKELY),
        (["■補助金上限額", "500万円"], 5_000_000, LIKELY),
        (["■補助額上限", "３億円（病院は５億円）"], 500_000_000, UNSURE),
        (["上限額は、２,０００万円／年とします。"], 20_000_000, LIKELY),
        (["上限10万円（A型）", "上限50万円（B型）"], 500_000, UNSURE),
        (["１台当たりの上限1,000,000円"], 1_000_000, GUESS),
        (["30万円以内"], 300_000, GUESS),
    ],
)
def test_the_cap_in_a_text(lines, yen, confidence):
    found = caps.best(caps.in_lines(lines))
    assert (found.value, found.confidence) == (yen, confidence)


@pytest.mark.parametrize(
    "lines",
    [
        ["下限額は50万円です。"],
        ["■補助額", "定員数×5,669円の合計"],
        ["投資額が2,000万円以上であること"],
        ["予算の上限に達し次第終了します。"],
    ],
)
def test_other_amounts_are_no_cap(lines):
    assert caps.best(caps.in_lines(lines)) is None


@pytest.mark.parametrize(
    ("text", "staff_limit", "confidence"),
    [
        ("20名以下", Staff(at_most=20), SURE),
        ("901名以上", Staff(at_least=901), SURE),
        ("従業員数の制約なし", Staff(), SURE),
        ("常時使用する従業員の数が20人以下の事業者", Staff(at_most=20), LIKELY),
        ("従業員５０人未満", Staff(at_most=49), LIKELY),
    ],
)
def test_a_field_of_the_staff(text, staff_limit, confidence):
    found = staff.of_field(text)
    assert (found.value, found.confidence) == (staff_limit, confidence)


def test_the_limits_of_the_sme_act_are_told_as_such():
    lines = [
        "製造業：従業員300人以下",
        "卸売業：従業員100人以下",
        "小売業：従業員50人以下",
        "ゴム製品製造業：従業員900人以下",
    ]
    found = staff.in_lines(lines)
    assert found.value == Staff(at_most=300)
    assert "中小企業基本法" in found.reason


@pytest.mark.parametrize(
    "line",
    [
        "新規雇用従業員10人以上",
        "従業員1人につき5万円",
        "若手従業員の割合が30人以下",
        "中小企業・小規模事業者",
    ],
)
def test_other_numbers_of_people_are_no_limit(line):
    assert staff.in_lines([line]) is None


def test_small_businesses_alone_are_a_guess_at_twenty():
    found = staff.in_lines(["町内の小規模事業者が対象です。"])
    assert (found.value, found.confidence) == (Staff(at_most=20), GUESS)


def shown(period):
    return [moment and moment.strftime("%Y-%m-%d %H:%M") for moment in (period.opens_at, period.closes_at)]


@pytest.mark.parametrize(
    ("text", "opens_at", "closes_at"),
    [
        ("令和7年4月1日～5月30日17時必着", "2025-04-01 00:00", "2025-05-30 17:00"),
        ("令和7年4月1日（火）から令和7年5月30日（金）まで", "2025-04-01 00:00", "2025-05-31 00:00"),
        ("2025/4/1～2026/3/31", "2025-04-01 00:00", "2026-04-01 00:00"),
        ("令和7年11月1日～翌年ではなく2月28日正午まで", "2025-11-01 00:00", "2026-02-28 12:00"),
        ("R7.4.1～R7.6.30 午後5時", "2025-04-01 00:00", "2025-06-30 17:00"),
        ("令和7年12月～末日までは未定、締切は2025/4/1 17:00必着", None, "2025-04-01 17:00"),
        ("令和7年4月1日～", "2025-04-01 00:00", None),
        ("令和7年2月末まで", None, "2025-03-01 00:00"),
    ],
)
def test_a_text_about_a_period(text, opens_at, closes_at):
    found = periods.in_prose(text)
    assert shown(found.value) == [opens_at, closes_at]


def test_a_period_below_its_heading():
    [found] = periods.in_lines(
        ["■申請期間", "令和8年7月10日（金）9時～令和8年7月31日（金）17時締切", "■その他"]
    )
    assert shown(found.value) == ["2026-07-10 09:00", "2026-07-31 17:00"]


@pytest.mark.parametrize(
    "line",
    [
        "補助対象期間：令和8年4月1日～令和9年3月31日",
        "事業実施期間 令和8年4月1日から令和9年3月31日まで",
        "実績報告の期限：令和9年2月28日",
        "公募説明会は令和8年4月1日です。",
    ],
)
def test_other_periods_are_left(line):
    assert periods.in_lines([line]) == ()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-06-30T08:00:00.000Z", datetime.fromisoformat("2025-06-30T17:00+09:00")),
        ("2025-06-30T14:59Z", datetime.fromisoformat("2025-06-30T23:59+09:00")),
        ("2025-06-30", datetime.fromisoformat("2025-07-01T00:00+09:00")),
        ("令和7年6月30日", datetime.fromisoformat("2025-07-01T00:00+09:00")),
        ("2025-13-45T00:00Z", None),
        ("未定", None),
        ("", None),
    ],
)
def test_a_field_of_the_end(text, moment):
    assert periods.of_field(text, is_end=True) == moment


@pytest.mark.parametrize(
    ("text", "codes", "confidence"),
    [
        ("全国", (NATION,), SURE),
        ("鳥取県 / 東京都", (TOTTORI, TOKYO), SURE),
        ("鳥取県/東京都", (TOTTORI, TOKYO), SURE),
        ("全国 / 鳥取県", (NATION,), UNSURE),
        ("鳥取県 / 火星", (TOTTORI,), LIKELY),
        ("四国地方", ("360007", "370002", "380008", "390003"), SURE),
    ],
)
def test_a_field_of_areas(text, codes, confidence):
    found = places.of_field(text)
    assert (found.value, found.confidence) == (codes, confidence)


@pytest.mark.parametrize(
    ("stated", "title", "detail", "text", "codes"),
    [
        ("鳥取県", "鳥取市起業家支援補助金", "", (), (TOTTORI_CITY,)),
        ("鳥取県", "起業家支援補助金", "鳥取市", (), (TOTTORI_CITY,)),
        ("鳥取県", "起業家支援補助金", "", ("鳥取市内の事業者が対象です。",), (TOTTORI_CITY,)),
        ("鳥取県", "起業家支援補助金", "鳥取県内に本社のある企業", (), (TOTTORI,)),
        ("全国", "鳥取市企業立地補助金", "", (), (TOTTORI_CITY,)),
        ("全国", "東京ビッグサイト出展支援", "", (), (NATION,)),
        ("全国 / 鳥取県", "デジタル化補助金", "", ("鳥取県内の企業が対象です。",), (TOTTORI,)),
        ("", "鳥取県デジタル化補助金", "", (), (TOTTORI,)),
        ("", "デジタル化補助金", "", (), (NATION,)),
    ],
)
def test_places_inside_what_is_stated(stated, title, detail, text, codes):
    found = places.narrowed(places.of_field(stated), title=title, detail=detail, text=text)
    assert found.value == codes


@pytest.mark.parametrize("written", ["9999-12-31T23:59:59.000Z", "9999-12-31T23:59:00+09:00"])
def test_for_ever_is_no_end(written):
    assert periods.of_field(written, is_end=True) is None
