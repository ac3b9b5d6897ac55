"""What a pack's theme files may hold: pictures and colours, nothing that acts or reaches out of the site."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

_ACTIVE = frozenset({"script", "foreignobject", "iframe", "embed", "object", "handler", "set", "animate"})
_REACHES_OUT = re.compile(r"@import|url\(\s*['\"]?\s*(?!#|data:)|expression\(|javascript:|</", re.IGNORECASE)


def findings(path: Path) -> Iterator[str]:
    """What is wrong with one file, in sentences."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        if _REACHES_OUT.search(text):
            yield "色のファイルから、外のファイル（@import・url）を読むことはできません"
    else:
        yield from _picture(text)


def _picture(text: str) -> Iterator[str]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        yield "絵に DOCTYPE や ENTITY は書けません"
        return
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 (entities were refused above)
    except ElementTree.ParseError as error:
        yield f"SVG として読めません（{error}）"
        return
    for element in root.iter():
        name = element.tag.rsplit("}", 1)[-1].lower()
        if name in _ACTIVE:
            yield f"絵の中に <{name}> は書けません"
        for attribute, value in element.attrib.items():
            short = attribute.rsplit("}", 1)[-1].lower()
            if short.startswith("on"):
                yield f"絵の中に {short} は書けません"
            if short in ("href", "src") and not value.startswith("#"):
                yield f"絵の中のリンクは # で始まるものだけです（{value[:40]}）"
