"""A pack's looks are shown on every page: nothing in them may act or reach out of the site."""

import pytest

from madoguchi.packs import theme

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def findings(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return list(theme.findings(path))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<a href="https://evil.example/"><path/></a>',
        '<image xlink:href="https://evil.example/a.png"/>',
        "<foreignObject><form/></foreignObject>",
    ],
)
def test_a_picture_that_acts_or_reaches_out_is_refused(tmp_path, inside):
    assert findings(tmp_path, "hero.svg", _SVG.format(inside))


def test_a_picture_that_would_close_the_page_around_it_is_refused(tmp_path):
    assert findings(tmp_path, "areas.svg", '</div><form action="https://evil.example/">')


def test_a_picture_that_explodes_is_refused(tmp_path):
    assert findings(tmp_path, "areas.svg", '<!DOCTYPE svg [<!ENTITY a "b">]>' + _SVG.format("&a;"))


def test_an_ordinary_map_and_colours_pass(tmp_path):
    assert findings(tmp_path, "areas.svg", _SVG.format('<a href="#area-kita"><path d="M0 0"/></a>')) == []
    assert findings(tmp_path, "region.css", ":root { --region-key: #00316a; }") == []


@pytest.mark.parametrize(
    "css", ['@import "https://evil.example/a.css";', "a { background: url(//evil.example) }"]
)
def test_colours_that_reach_out_are_refused(tmp_path, css):
    assert findings(tmp_path, "region.css", css)
