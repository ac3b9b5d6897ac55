"""From the document of a rule set to one rule for each frame of its edition."""

from collections.abc import Mapping, Sequence
from typing import Any

from madoguchi.eligibility.rules.conditions import Group, Node, Source
from madoguchi.eligibility.rules.parse import Parser, Path
from madoguchi.eligibility.rules.soundness import contradictory

FrameKey = tuple[str, str]
"""The name and the variant of a frame; two empty texts for an edition without frames."""

NO_FRAME: FrameKey = ("", "")


def frame_label(frame: FrameKey) -> str:
    """How a frame is called in one piece."""
    name, variant = frame
    return f"{name}（{variant}）" if variant else name


def rules_of(
    document: Mapping[str, Any], frames: Sequence[FrameKey], parser: Parser, *, at: Path = ()
) -> dict[FrameKey, Node]:
    """The whole rule for each frame; what cannot be read is in the parser's problems and left out.

    `frames` are those of the edition. Where it has none, the document's own frames count."""
    whole = _whole(document, parser, at)
    own: dict[FrameKey, _Part] = {}
    for index, row in enumerate(document.get("frames", ())):
        path = (*at, "frames", index)
        key = (row["frame"], row.get("variant", ""))
        if frames and key not in frames:
            parser.problems.append((path, f"枠「{frame_label(key)}」は、この年度の版にありません"))
        if key in own:
            parser.problems.append((path, f"枠「{frame_label(key)}」が二度あります"))
        own[key] = _one(parser.rule(row["rule"], at=(*path, "rule"))) if row.get("rule") else ()
    found: dict[FrameKey, Node] = {}
    for key in frames or tuple(own) or (NO_FRAME,):
        parts = (*whole, *own.get(key, ()))
        if parts and None not in parts:
            found[key] = _together(tuple(part for part in parts if part is not None), parser, at)
    return found


# The rule of an edition or a frame: none, or one that may be unreadable. A part that cannot be read must
# not fall away, or the rest would let in who does not belong.
_Part = tuple[Node | None, ...]


def _one(node: Node | None) -> _Part:
    return (node,)


def _whole(document: Mapping[str, Any], parser: Parser, at: Path) -> _Part:
    if document.get("no_stated_requirement"):
        return _one(parser.unstated(document, at=at))
    return _one(parser.rule(document["rule"], at=(*at, "rule"))) if document.get("rule") else ()


def _together(parts: tuple[Node, ...], parser: Parser, at: Path) -> Node:
    if len(parts) == 1:
        return parts[0]
    node = Group(len(parts), parts, "", Source())
    parser.problems.extend((at, sentence) for sentence in contradictory(node))
    return node


def grant_terms_of(document: Mapping[str, Any], frame: FrameKey) -> dict[str, Any]:
    """What the document adds to the terms of a frame: the edition's `grant:`, then the frame's own."""
    terms = dict(document.get("grant") or {})
    for row in document.get("frames", ()):
        if (row["frame"], row.get("variant", "")) == frame:
            terms |= row.get("grant") or {}
    return terms
