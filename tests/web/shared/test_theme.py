"""What a region may not break with its colours, and what no page may hold under the security policy."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT / "madoguchi/web/shared"
CSS = SHARED / "static/shared/css"
THEMES = sorted(ROOT.glob("packs/*/theme/region.css"))
WHITE = "#ffffff"


def colours(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"--region-([\w-]+):\s*(#[0-9a-f]{6})", sheet))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faults(theme: dict[str, str]) -> list[str]:
    wanted = [
        ("key", WHITE, 7.0),
        ("key-strong", WHITE, 7.0),
        ("accent", WHITE, 4.5),
        ("accent", theme["paper"], 4.5),
        ("key-strong", theme["key-soft"], 4.5),
    ]
    return [name for name, ground, least in wanted if contrast(theme[name], ground) < least]


def test_contrast_is_measured_as_the_standard_says():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("sheet", [*THEMES, CSS / "base.css"], ids=lambda path: path.parts[-3])
def test_the_colours_of_a_region_can_be_read(sheet):
    assert faults(colours(sheet.read_text())) == []


def test_a_pale_key_colour_is_refused():
    theme = colours((CSS / "base.css").read_text())
    assert faults({**theme, "key": "#7a9cc6"}) == ["key"]


@pytest.mark.parametrize("sheet", THEMES, ids=lambda path: path.parts[-3])
def test_a_region_sets_its_seven_colours_and_nothing_else(sheet):
    declared = re.findall(r"^\s*(--?[\w-]+):", sheet.read_text(), re.MULTILINE)
    names = ("key", "key-strong", "key-soft", "key-line", "accent", "accent-soft", "paper")
    assert sorted(declared) == sorted(f"--region-{name}" for name in names)


@pytest.mark.parametrize("sheet", ["components.css", "fit.css", "programme.css"])
def test_components_use_role_tokens_only(sheet):
    assert re.findall(r"#[0-9a-f]{3,8}\b|--color-[\w-]+", (CSS / sheet).read_text()) == []


def test_every_token_is_declared_and_used():
    sheets = "".join(path.read_text() for path in sorted(CSS.glob("*.css")))
    declared = set(re.findall(r"(?<![\w-])(--[a-z][\w-]*):\s", sheets))
    assert declared == set(re.findall(r"var\((--[\w-]+)\)", sheets))


@pytest.mark.parametrize("template", sorted(SHARED.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_styles_or_scripts_inline(template):
    source = template.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("drawing", sorted(ROOT.glob("packs/*/theme/*.svg")), ids=lambda path: path.name)
def test_drawings_of_a_theme_hold_no_script_or_style(drawing):
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script|javascript:", drawing.read_text())
