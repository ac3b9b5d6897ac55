"""The plan of costs as a form, and what it brings: the best lawful combination with its reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.eligibility.amounts import wording as amounts
from madoguchi.eligibility.amounts.combine import LeftOut
from madoguchi.eligibility.amounts.grant import CostRow
from madoguchi.eligibility.combining import Bundle, Left, Part, Plan
from madoguchi.eligibility.rules.values import LONGEST_COST_NAME, MOST_COSTS
from madoguchi.web.portal.shapes import fit_results, fit_typed
from madoguchi.web.portal.shapes.programme import title
from madoguchi.web.shared import wording

# So many rows stand there at first, and so many empty ones after those that are filled in.
_AT_FIRST = 3
_EMPTY = 1
_PARTS = ("name", "kind", "yen")
# What the desk can still settle comes before what is settled.
_FIRST = (LeftOut.UNSTATED, LeftOut.EXCLUDED, LeftOut.SAME_PROGRAMME)


# ── The form ────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Row:
    """The fields of one cost as they were typed, with a sentence for each that is wrong."""

    number: int
    name: str
    kind: str
    yen: str
    name_error: str = ""
    yen_error: str = ""


@dataclass(frozen=True)
class Sent:
    """What a form says: the rows to show again, and the plain value to keep."""

    rows: list[Row]
    plain: list[dict[str, Any]]

    @property
    def error_count(self) -> int:
        """How many fields are wrong."""
        return sum(bool(error) for row in self.rows for error in (row.name_error, row.yen_error))


def rows_of(told: Iterable[CostRow]) -> list[Row]:
    """The form with what was told, and room for more."""
    filled = [
        Row(number, row.key, row.class_name, "" if row.yen is None else fit_typed.as_typed_money(row.yen))
        for number, row in enumerate(told, 1)
    ]
    return with_room(filled)


def with_room(rows: list[Row], *, more: int = _EMPTY) -> list[Row]:
    """The rows with empty ones behind them, as far as there is room."""
    count = min(MOST_COSTS, max(_AT_FIRST, len(rows) + more))
    return [*rows, *(Row(number, "", "", "") for number in range(len(rows) + 1, count + 1))]


def read(sent: Mapping[str, str], kinds: Sequence[str]) -> Sent:
    """Read the rows that hold anything; those that cannot be read keep what was typed."""
    rows: list[Row] = []
    plain: list[dict[str, Any]] = []
    for number in range(1, MOST_COSTS + 1):
        typed = {part: str(sent.get(f"{part}-{number}", "")).strip() for part in _PARTS}
        if typed["kind"] not in kinds:
            typed["kind"] = ""
        if not any(typed.values()):
            continue
        place = len(rows) + 1
        amount, yen_error = _amount(typed["yen"])
        name_error = _wrong_name(typed["name"], [row["name"] for row in plain])
        rows.append(Row(place, **typed, name_error=name_error, yen_error=yen_error))
        name = typed["name"] or gettext("費用%(number)d") % {"number": place}
        plain.append({"name": name, **({"kind": typed["kind"]} if typed["kind"] else {}), "yen": amount})
    return Sent(rows, plain)


def _amount(text: str) -> tuple[int | None, str]:
    if not text:
        return None, ""
    try:
        return fit_typed.money(text), ""
    except ValueError as error:
        return None, str(error)


def _wrong_name(name: str, before: Sequence[str]) -> str:
    if len(name) > LONGEST_COST_NAME:
        return gettext("%(most)d字までで書いてください。") % {"most": LONGEST_COST_NAME}
    return (
        gettext("同じ名前の費用があります。名前を変えるか、一つにまとめてください。")
        if name in before
        else ""
    )


# ── What it brings ──────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class PartLine:
    """A grant of a combination; `url` and `verdict` are empty for a grant of others; titles may hold `|`."""

    title: str
    url: str
    verdict: str
    look: str
    costs: str
    money: str
    path: list[tuple[str, str]]


@dataclass(frozen=True)
class BundleBox:
    """Grants that are used together, with what they bring and what is left to pay."""

    parts: list[PartLine]
    total: str
    own_share: str

    @property
    def has_outside(self) -> bool:
        """Whether a grant of others is in it, of which the documents tell the rate alone."""
        return any(not part.url for part in self.parts)

    @property
    def has_likely(self) -> bool:
        """Whether people still decide on one of them."""
        return any(part.look == "may" for part in self.parts)


@dataclass(frozen=True)
class LeftLine:
    """A programme, or some of its frames, that is not used, and why."""

    title: str
    url: str
    reason: str


@dataclass(frozen=True)
class PlanBox:
    """What a plan of costs brings, in words."""

    cost: str
    costs: list[tuple[str, str]]
    settled: BundleBox
    allowed: BundleBox | None
    similar: list[tuple[str, str]]
    left: list[LeftLine]
    untold: str
    is_exact: bool
    open_count: int


def box(plan: Plan) -> PlanBox:
    """A plan in words."""
    return PlanBox(
        cost=wording.in_man(plan.cost_yen),
        costs=[(row.key, wording.in_man(row.yen)) for row in plan.rows if row.key and row.yen is not None],
        settled=_bundle(plan.settled),
        allowed=_bundle(plan.if_allowed) if plan.if_allowed else None,
        similar=[(title(match.entry.edition), condition.because) for match, condition in plan.similar_aid],
        left=_left(plan.left_out),
        untold="、".join(plan.untold_rows),
        is_exact=plan.is_exact,
        open_count=plan.open_count,
    )


def _bundle(bundle: Bundle) -> BundleBox:
    return BundleBox(
        parts=[_part(part) for part in bundle.parts],
        total=wording.in_man(bundle.total_yen),
        own_share=wording.in_man(bundle.own_share_yen),
    )


def _part(part: Part) -> PartLine:
    path = fit_results.path(part.chosen.grant.low.lines) if part.chosen.grant.low else []
    costs = "、".join(row for row in part.chosen.rows if row)
    money = wording.in_man(part.chosen.counted_yen)
    if part.match is None:
        return PartLine(part.name, "", "", "", costs, money, path)
    entry, verdict = part.match.entry, part.match.verdict
    return PartLine(
        "　".join((title(entry.edition), *([entry.rule.frame] if entry.rule.frame else []))),
        reverse("portal:programme", args=[entry.programme]),
        fit_results.verdict_word(verdict),
        fit_results.ANCHORS[verdict],
        costs,
        money,
        path,
    )


def _left(left_out: Iterable[Left]) -> list[LeftLine]:
    """Frames of one programme with the same reason stand together."""
    found: dict[tuple[str, LeftOut, str], list[Left]] = {}
    for left in sorted(left_out, key=lambda left: left.reason not in _FIRST):
        found.setdefault((left.match.entry.programme, left.reason, left.by), []).append(left)
    return [
        LeftLine(
            _name_of(lefts),
            reverse("portal:programme", args=[programme]),
            gettext(amounts.LEFT_OUT[reason]) + (f"（{by}）" if by else ""),
        )
        for (programme, reason, by), lefts in found.items()
    ]


def _name_of(lefts: Sequence[Left]) -> str:
    frames = "、".join(left.match.entry.rule.frame for left in lefts if left.match.entry.rule.frame)
    name = title(lefts[0].match.entry.edition)
    return f"{name}（{frames}）" if frames else name
