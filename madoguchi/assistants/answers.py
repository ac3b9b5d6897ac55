"""What the tools answer: types from which the SDK makes the output schemas, in the shapes of the API."""

from typing import Annotated, Any, NotRequired

from pydantic import Field

# pydantic reads the standard library's TypedDict only from Python 3.12 on.
from typing_extensions import TypedDict

Reception = Annotated[
    str,
    Field(description="open・upcoming・rolling（随時）・booking（予約制）・closed・not_stated（記載なし）"),
]
Instant = Annotated[str | None, Field(description="日時（日本時間） / ISO 8601, Japan time")]
Url = Annotated[str, Field(description="サイトの根からのページ / path of the page on the site")]


class Source(TypedDict, total=False):
    """Where a fact is written: a document with section and lines, a law with its clause, or who states it."""

    document: str
    heading: str
    file: str
    section: str
    lines: str
    note: str
    law: str
    clause: str
    organisation: str
    page: str


class Hit(TypedDict):
    """One thing that was found, in its newest edition."""

    type: Annotated[str, Field(description="programme・desk・event・project・organisation")]
    slug: str
    name: str
    fiscal_year: int | None
    kinds: list[str]
    snippet: str
    score: float
    reception: Reception
    closes_on: Annotated[str | None, Field(description="最後の受付日 / last day of reception")]
    sources: list[Source]
    url: Url


class SearchAnswer(TypedDict):
    """A page of what was found; `nearest` only where nothing was."""

    on: str
    total: int
    results: list[Hit]
    nearest: Annotated[
        list[Hit],
        Field(description="0件のとき近いもの。問いの答えではない / near misses, not answers to the query"),
    ]


class Row(TypedDict):
    """One line of a small table."""

    label: str
    text: str


class Point(TypedDict):
    """One requirement, benefit or note."""

    text: str
    detail: NotRequired[str]
    rows: NotRequired[list[Row]]
    source: NotRequired[Source]


class Step(TypedDict):
    """One step of a procedure."""

    title: str
    text: NotRequired[str]
    when: NotRequired[str]


class Frame(TypedDict):
    """A part of a programme with its own rate and cap; rates are fractions such as "2/3"."""

    name: str
    variant: str
    rate: str | None
    rate_low: str | None
    cap_yen: int | None
    cap_low_yen: int | None
    amount_yen: int | None


class Contact(TypedDict):
    """Whom to ask."""

    name: str
    telephone: str
    extension: str
    fax: str


class ShowAnswer(TypedDict):
    """One programme in one fiscal year."""

    on: str
    slug: str
    name: str
    fiscal_year: int
    other_years: list[int]
    kinds: list[str]
    purposes: list[str]
    summary: str
    who: str
    headline: str
    where: str
    fee: str
    reception: Reception
    reception_text: str
    opens_at: Instant
    closes_at: Instant
    frames: list[Frame]
    requirements: list[Point]
    benefits: list[Point]
    steps: list[Step]
    notes: list[Point]
    contacts: list[Contact]
    sources: list[Source]
    url: Url


class Reason(TypedDict):
    """One requirement and how it stands; `details` are the parts that decide it."""

    status: Annotated[str, Field(description="met・unmet・unknown（未確認）・judgement（人の判断）")]
    because: str
    source: Source
    details: NotRequired[list["Reason"]]


class Line(TypedDict):
    """One line of a calculation: what is done, and the yen it leaves."""

    text: str
    yen: int


class Grant(TypedDict):
    """What an entry gives for the costs that are told; of a range both ends, and why it is open."""

    low_yen: int | None
    high_yen: int | None
    own_share_yen: int | None
    lines: list[Line]
    lines_low: list[Line]
    undetermined: str


class Result(TypedDict):
    """How one edition, or one frame of it, stands for the business."""

    programme: str
    name: str
    fiscal_year: int
    frame: str
    verdict: Annotated[
        str,
        Field(
            description="eligible=該当, likely=該当見込み（人の判断が残る）, "
            "unknown=要確認（非該当ではない / NOT ineligible）, ineligible=非該当"
        ),
    ]
    reception: Reception
    closes_at: Instant
    reasons: list[Reason]
    nearest_miss: Annotated[
        list[str], Field(description="何が変われば該当するか / what would have to change")
    ]
    ask: Annotated[
        list[str], Field(description="まだ聞くと決まる項目の key / facts that could still settle it")
    ]
    grant_yen: Annotated[int | None, Field(description="円。null は、決まらない / null = not determined")]
    grant: Grant | None
    url: Url


class Used(TypedDict):
    """A grant of a combination with its costs; of a grant of others that is topped up only the name."""

    programme: str
    name: str
    fiscal_year: int | None
    frame: str
    verdict: str
    costs: list[str]
    grant_yen: int
    lines: list[Line]


class Bundle(TypedDict):
    """Grants that are used together, what they bring, and what is left to pay."""

    total_yen: int
    own_share_yen: int
    grants: list[Used]


class LeftOut(TypedDict):
    """A grant that fits and is not used, and why."""

    programme: str
    name: str
    fiscal_year: int
    frame: str
    verdict: str
    reason: str
    because: str
    by: str


class AskTheDesk(TypedDict):
    """A grant that excludes receivers of similar aid, which the document does not name."""

    programme: str
    name: str
    fiscal_year: int
    frame: str
    verdict: str
    because: str
    source: Source


class PlannedCost(TypedDict):
    """One row of the plan of costs."""

    name: str
    kind: str
    yen: int | None


class Combination(Bundle):
    """The best that the documents provide for, of all programmes in reach, whatever the filters."""

    costs: list[PlannedCost]
    cost_yen: int
    if_allowed: Annotated[
        Bundle | None,
        Field(description="資料に定めがない。窓口で確かめる / not stated: ask the desk, never promise"),
    ]
    left_out: list[LeftOut]
    ask_the_desk: list[AskTheDesk]
    untold_costs: list[str]
    is_exact: bool


class Counts(TypedDict):
    """How many of all entries in reach have each verdict."""

    eligible: int
    likely: int
    unknown: int
    ineligible: int


class Trouble(TypedDict):
    """Something told that could not be used, and counts as not known."""

    fact: str
    code: str
    message: str


class NextQuestion(TypedDict):
    """The question that is expected to settle most."""

    fact: str
    question: str


class Progress(TypedDict):
    """How many programmes are settled."""

    settled: int
    total: int


class MatchAnswer(TypedDict):
    """A page of verdicts, best first; `counts` are of everything, `total` of what the filters leave."""

    on: str
    counts: Counts
    total: int
    results: list[Result]
    problems: Annotated[
        list[Trouble], Field(description="使えなかった項目。訂正して聞き直す / fix these and ask again")
    ]
    combination: Annotated[
        Combination | None, Field(description="費用（costs か cost_yen）を伝えたとき / once costs are told")
    ]
    next_question: NextQuestion | None
    progress: Progress


class Choice(TypedDict):
    """One code of a fact."""

    code: str
    label: str
    parent: str


class Fact(TypedDict):
    """One thing a business can say of itself."""

    key: str
    label: str
    type: str
    unit: str
    question: str
    help: str
    where: Annotated[str, Field(description="どこに書いてあるか / where a business finds it")]
    sensitivity: Annotated[str, Field(description="open・business・personal")]
    change: str
    choices: list[Choice]


class FactsAnswer(TypedDict):
    """The dictionary, or the facts that were asked for."""

    facts: list[Fact]


class Deadline(TypedDict):
    """A reception window that is open and closes soon."""

    programme: str
    name: str
    fiscal_year: int
    opens_at: Instant
    closes_at: Instant
    days_left: Annotated[int, Field(description="0 は当日 / 0 = that same day")]
    note: str
    sources: list[Source]
    url: Url


class DeadlinesAnswer(TypedDict):
    """Windows by closing time; `more` says that the limit cut some off."""

    on: str
    until: str
    deadlines: list[Deadline]
    more: bool


Profile = dict[str, Any]
