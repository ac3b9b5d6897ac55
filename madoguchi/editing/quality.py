"""How much an edition tells somebody who wants to use it: a number out of 100, explained line by line.

Suggestions, nothing that keeps an edition from being public."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Line:
    """One thing that helps a reader: how much it counts, whether it is there, and what to write."""

    points: int
    is_told: bool
    sentence: str


@dataclass(frozen=True)
class Score:
    """All lines, and their sum out of 100."""

    lines: tuple[Line, ...]

    @property
    def points(self) -> int:
        """The points of all that is told."""
        return sum(line.points for line in self.lines if line.is_told)

    @property
    def missing(self) -> list[Line]:
        """What is not told, that which counts most first."""
        return sorted((line for line in self.lines if not line.is_told), key=lambda line: -line.points)


def score(document: Mapping[str, Any]) -> Score:
    """How much a document of an edition tells."""
    told = (
        (20, _has_days(document), _("いつまで受け付けるかを書く")),
        (20, _has_contact(document), _("電話番号か、問い合わせのページを書く")),
        (
            15,
            _has_amount(document),
            _("いくら出るか（補助率・上限・定額）を書く。お金の支援でなければ、費用を書く"),
        ),
        (10, bool(document.get("who")), _("だれが使えるかを、1文で書く")),
        (10, bool(document.get("requirements")), _("使える条件を書く")),
        (10, bool(document.get("purposes")), _("どんなお困りごとの支援かを選ぶ")),
        (5, bool(document.get("steps")), _("使うまでの流れを書く")),
        (5, bool(document.get("documents")), _("用意するものを書く")),
        (5, bool(document.get("links")) or _has_page(document), _("くわしいページへのリンクを書く")),
    )
    return Score(tuple(Line(points, is_told, str(sentence)) for points, is_told, sentence in told))


def _has_days(document: Mapping[str, Any]) -> bool:
    reception = document.get("reception", {})
    mode = reception.get("mode", "not_stated")
    if mode == "window":
        return all(window.get("closes_at") for window in reception.get("windows", []))
    return bool(mode != "not_stated")


def _has_contact(document: Mapping[str, Any]) -> bool:
    return any(contact.get("telephone") or contact.get("url") for contact in document.get("contacts", []))


def _has_amount(document: Mapping[str, Any]) -> bool:
    keys = ("rate", "rate_range", "cap_yen", "amount_yen", "own_share")
    told = any(frame.get(key) is not None for frame in document.get("frames", []) for key in keys)
    return told or document.get("free") is not None or bool(document.get("fee"))


def _has_page(document: Mapping[str, Any]) -> bool:
    return bool((document.get("written_by") or {}).get("page"))
