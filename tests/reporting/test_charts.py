"""Charts say in words what they show, and never by colour alone."""

from decimal import Decimal

from defusedxml import ElementTree

from madoguchi.reporting.charts import Bar, Line, bars, over_years, two_years
from madoguchi.reporting.look import Look

_SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    return ElementTree.fromstring(svg)


def texts(svg) -> list[str]:
    return [node.text for node in drawn(svg).iter(f"{_SVG}text")]


def widths(svg) -> list[int]:
    return [int(node.get("width")) for node in drawn(svg).iter(f"{_SVG}rect")]


def test_a_chart_has_a_title_and_tells_its_values():
    svg = bars("事業費", [Bar("①人材", 200, "200千円"), Bar("②基盤", 100, "100千円")], key="cost")
    root = drawn(svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "cost-title cost-told"
    assert root.find(f"{_SVG}title").text == "事業費"
    assert root.find(f"{_SVG}desc").text == "①人材 200千円、②基盤 100千円"


def test_bars_begin_at_zero_and_keep_their_proportion():
    assert widths(
        bars("x", [Bar("a", 200, ""), Bar("b", 100, ""), Bar("c", 0, ""), Bar("d", None, "－")], key="k")
    ) == [
        380,
        190,
        0,
        0,
    ]


def test_two_years_are_told_apart_by_words_and_weight():
    svg = two_years("相談", Bar("4年度", 4, "4件"), Bar("5年度", 1, "1件"), key="k", said="3件減")
    assert texts(svg) == ["4年度", "4件", "5年度", "1件"]
    assert svg.count('font-weight="700"') == 1
    assert "3件減" in drawn(svg).find(f"{_SVG}desc").text


def test_a_year_without_a_value_is_a_gap():
    svg = over_years(
        "x",
        ["3年度", "4年度", "5年度"],
        [Line("a", [1, None, Decimal("2.5")]), Line("b", [3, 2, 1])],
        key="k",
    )
    paths = [node.get("d") for node in drawn(svg).iter(f"{_SVG}path") if node.get("stroke-width")]
    assert paths[0].count("M") == 2
    assert "測定なし" in drawn(svg).find(f"{_SVG}desc").text
    assert "stroke-dasharray" in svg
    assert {"a", "b", "2.5"} <= set(texts(svg))


def test_texts_and_addresses_are_escaped():
    svg = bars("<b>", [Bar('"&<', 1, "</svg>", href='/x?a=1&b="2"')], key='k"')
    assert drawn(svg).find(f"{_SVG}title").text == "<b>"
    assert next(drawn(svg).iter(f"{_SVG}a")).get("href") == '/x?a=1&b="2"'


def test_an_empty_chart_is_drawn():
    assert drawn(bars("x", [], key="k")) is not None
    assert drawn(over_years("x", [], [], key="k")) is not None


def test_the_region_sets_the_colours():
    look = Look.from_styles(
        ":root { --region-key: #123456; --region-key-line: #abcdef; --region-other: red; }"
    )
    assert (look.key, look.key_line, look.accent) == ("#123456", "#abcdef", Look().accent)
    assert "#123456" in bars("x", [Bar("a", 1, "1")], key="k", look=look)
