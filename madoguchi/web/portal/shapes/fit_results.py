"""The results of わが社に合う支援: one card a programme, grouped by verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from madoguchi.catalogue.queries import Reception
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.eligibility.amounts import wording as amounts
from madoguchi.eligibility.amounts.grant import Code, Grant, Line, Undetermined
from madoguchi.eligibility.rulebook import Match
from madoguchi.eligibility.rules.conditions import asserted
from madoguchi.eligibility.rules.leaves import Has
from madoguchi.eligibility.rules.status import Status, Verdict
from madoguchi.eligibility.rulesets import FrameKey
from madoguchi.foundation.paging import Page, page_of
from madoguchi.japan import yen
from madoguchi.web.portal.shapes import fit_reasons, offers
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.fit_reasons import Why, Words
from madoguchi.web.portal.shapes.programme import title
from madoguchi.web.portal.shapes.quick import Quick, quick
from madoguchi.web.shared import wording

# So many cards of a group stand on the first page, and so many on a page of the group's own.
OPEN_CARDS = 5
PAGE_CARDS = 10
_WISHES = "intents"
_ORDER = (Verdict.ELIGIBLE, Verdict.LIKELY, Verdict.UNKNOWN, Verdict.INELIGIBLE)
ANCHORS = {
    Verdict.ELIGIBLE: "yes",
    Verdict.LIKELY: "may",
    Verdict.UNKNOWN: "ask",
    Verdict.INELIGIBLE: "no",
}
_WORDS = {
    Verdict.ELIGIBLE: gettext_noop("該当"),
    Verdict.LIKELY: gettext_noop("該当見込み"),
    Verdict.UNKNOWN: gettext_noop("要確認"),
    Verdict.INELIGIBLE: gettext_noop("非該当"),
}
_NOTES = {
    Verdict.ELIGIBLE: gettext_noop("要件をすべて満たしています。"),
    Verdict.LIKELY: gettext_noop("満たしている見込みです。最後は窓口や審査で決まります。"),
    Verdict.UNKNOWN: gettext_noop("あと少し教えてもらえれば、わかります。"),
    Verdict.INELIGIBLE: gettext_noop(
        "いまのままでは使えません。理由を見て、変えられるものか確かめてください。"
    ),
}
_RECEPTIONS = (
    ReceptionStatus.OPEN,
    ReceptionStatus.ROLLING,
    ReceptionStatus.BOOKING,
    ReceptionStatus.UPCOMING,
    ReceptionStatus.NOT_STATED,
    ReceptionStatus.CLOSED,
)


@dataclass(frozen=True)
class Money:
    """いくら: the grant for the cost that was told with its path, else what the document says."""

    text: str
    note: str
    path: list[tuple[str, str]]


@dataclass(frozen=True)
class FrameLine:
    """One frame of a programme that has several."""

    name: str
    verdict: str
    look: str
    money: Money


@dataclass(frozen=True)
class Hit:
    """One programme; `frames` is empty where it has one only, `title` may hold `|`."""

    slug: str
    url: str
    title: str
    kinds: list[str]
    status: ReceptionStatus
    is_past: bool
    money: Money
    quick: Quick
    why: Why
    frames: list[FrameLine]


@dataclass(frozen=True)
class Group:
    """The programmes of one verdict with the cards that stand on this page."""

    verdict: Verdict
    count: int
    hits: list[Hit]

    @property
    def anchor(self) -> str:
        """Its place on the page and its look."""
        return ANCHORS[self.verdict]

    @property
    def word(self) -> str:
        """該当, 該当見込み, 要確認 or 非該当."""
        return verdict_word(self.verdict)

    @property
    def note(self) -> str:
        """What the verdict means."""
        return gettext(_NOTES[self.verdict])

    @property
    def url(self) -> str:
        """The page with all of them."""
        return reverse("portal:fit_group", args=[self.verdict.value])

    @property
    def left(self) -> int:
        """How many programmes stand on that page only."""
        return self.count - len(self.hits)


@dataclass(frozen=True)
class Setting:
    """What every card is written with."""

    profile: Profile
    words: Words
    kinds: Mapping[str, str]
    today: date


def verdict_word(verdict: Verdict) -> str:
    """該当, 該当見込み, 要確認 or 非該当."""
    return gettext(_WORDS[verdict])


def by_programme(matches: Iterable[Match]) -> list[list[Match]]:
    """The frames of each programme together, the one that fits best first."""
    found: dict[str, list[Match]] = {}
    for match in matches:
        found.setdefault(match.entry.programme, []).append(match)
    for frames in found.values():
        frames.sort(key=lambda match: _ORDER.index(match.verdict))
    return list(found.values())


def counts(matches: Iterable[Match]) -> dict[Verdict, int]:
    """How many programmes stand under each verdict."""
    tally = dict.fromkeys(_ORDER, 0)
    for frames in by_programme(matches):
        tally[frames[0].verdict] += 1
    return tally


Frames = Sequence[Match]
"""The frames of one programme, the one that fits best first."""


def by_verdict(matches: Iterable[Match]) -> dict[Verdict, list[Frames]]:
    """The programmes of each verdict in its order, what is open first, then by deadline."""
    found: dict[Verdict, list[Frames]] = {verdict: [] for verdict in _ORDER}
    for frames in sorted(by_programme(matches), key=_rank):
        found[frames[0].verdict].append(frames)
    return found


def groups(matches: Iterable[Match], setting: Setting) -> list[Group]:
    """The four groups in their order with their first cards; 非該当 has a page of its own."""
    return [
        Group(verdict, len(programmes), [hit(frames, setting) for frames in programmes[: _open(verdict)]])
        for verdict, programmes in by_verdict(matches).items()
    ]


def _open(verdict: Verdict) -> int:
    return 0 if verdict is Verdict.INELIGIBLE else OPEN_CARDS


def group_page(
    matches: Iterable[Match], verdict: Verdict, setting: Setting, *, wanted: object
) -> tuple[Group, Page[Frames]]:
    """One page of all programmes of a verdict."""
    page = page_of(by_verdict(matches)[verdict], wanted, size=PAGE_CARDS)
    return Group(verdict, page.total, [hit(frames, setting) for frames in page.rows]), page


def _rank(frames: Frames) -> tuple[bool, bool, bool, int, Fraction, int, float, str]:
    """What can be told more before what nobody can tell; what is not over; what was wished for, of the newest
    year and for that rather than for much; reception."""
    first = frames[0]
    wish = wished(first)
    return (
        _is_stuck(first),
        first.reception.status is ReceptionStatus.CLOSED,
        not wish,
        -first.entry.edition.fiscal_year,
        -wish,
        *_reception_rank(first.reception),
        first.entry.programme,
    )


def wished(match: Match) -> Fraction:
    """How far it is for what the visitor wants to do: of what it is for, the share that was wished.

    Nothing refused is, and nothing that only people could still count in."""
    if match.verdict not in (Verdict.ELIGIBLE, Verdict.LIKELY):
        return Fraction()
    wishes = match.facts.get(_WISHES)
    told = wishes if isinstance(wishes, frozenset) else frozenset()
    asked = (condition.leaf for condition in asserted(match.entry.rule.node))
    codes = [leaf.codes for leaf in asked if isinstance(leaf, Has) and leaf.fact == _WISHES]
    return max((Fraction(len(each & told), len(each)) for each in codes), default=Fraction())


def _is_stuck(match: Match) -> bool:
    """Whether the answers neither settled anything of it nor could settle more."""
    if match.verdict is Verdict.LIKELY:
        return all(reason.status is not Status.MET for reason in match.explanation.reasons)
    return match.verdict is Verdict.UNKNOWN and not match.ask


def _reception_rank(reception: Reception) -> tuple[int, float]:
    moment: datetime | None = reception.closes_at or reception.opens_at
    return _RECEPTIONS.index(reception.status), moment.timestamp() if moment else float("inf")


def hit(frames: Frames, setting: Setting) -> Hit:
    """The card of one programme."""
    best = frames[0]
    edition, reception = best.entry.edition, best.reception
    rows = {(row.name, row.variant): row for row in offers.rows(edition.frames.all())}
    several = len(frames) > 1
    offered = offers.offer(edition)
    return Hit(
        slug=best.entry.programme,
        url=reverse("portal:programme", args=[best.entry.programme]),
        title=title(edition),
        kinds=[setting.kinds.get(code, code) for code in edition.kinds],
        status=reception.status,
        is_past=reception.status is ReceptionStatus.CLOSED,
        money=Money(offered.money, offered.note, []) if several else _money(best.grant, offered),
        quick=quick(edition, reception, today=setting.today),
        why=fit_reasons.why(best, setting.profile, setting.words),
        frames=[_frame(match, rows) for match in frames] if several else [],
    )


def _frame(match: Match, rows: Mapping[FrameKey, offers.FrameRow]) -> FrameLine:
    row = rows.get(match.entry.frame)
    said = offers.Offer(row.money_text, row.rate_text) if row else offers.Offer("", "")
    name = "　".join(part for part in match.entry.frame if part).replace("|", "")
    return FrameLine(name, verdict_word(match.verdict), ANCHORS[match.verdict], _money(match.grant, said))


def _money(grant: Grant | None, offered: offers.Offer) -> Money:
    if grant is None or grant.high is None or grant.high_yen is None:
        return Money(offered.money, offered.note, [])
    if grant.undetermined is Undetermined.RANGE and grant.low_yen is not None:
        ends = {"low": wording.in_man(grant.low_yen), "high": wording.in_man(grant.high_yen)}
        note = gettext(amounts.UNDETERMINED[Undetermined.RANGE])
        return Money(gettext("%(low)sから%(high)s") % ends, note, path(grant.high.lines))
    note = offered.money
    if grant.own_share_yen is not None:
        note = gettext("自己負担は%(money)s") % {"money": wording.in_man(grant.own_share_yen)}
    is_plain = len(grant.lines) == 1 and grant.lines[0].code is Code.AMOUNT
    lines = [] if is_plain else path(grant.lines)
    return Money(wording.in_man(grant.high_yen), note if lines else offered.note, lines)


def path(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """計算の道筋: what each line does, and the yen it leaves."""
    return [(amounts.say(line, gettext), yen.format_yen(line.yen)) for line in lines]
