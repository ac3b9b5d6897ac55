"""POST /api/v1/match and GET /api/v1/facts: which programmes fit, why, and what is still to be asked."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import BeforeValidator, ConfigDict

from madoguchi.api.problems import BODY_NOT_UNDERSTOOD
from madoguchi.eligibility import combining, questions, reports, rulebook
from madoguchi.eligibility.rules.profile import FIRST_DAY, LAST_DAY, read_profile
from madoguchi.foundation import clock

router = Router()


def _written(day: object) -> object:
    """Only a day as text: pydantic would take 86400 for one in 1970."""
    if day is not None and not (isinstance(day, str) and len(day) == len("2023-06-01")):
        raise ValueError("日付は 2023-06-01 のように書いてください")
    return day


class MatchRequest(Schema):
    """What a business tells of itself; nothing of it is kept. A misspelt name is an error, not silence."""

    model_config = ConfigDict(extra="forbid")

    facts: Annotated[
        dict[str, Any], Field(description="項目（/api/v1/facts）と値。わからないものは書きません")
    ]
    on: Annotated[
        Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None,
        BeforeValidator(_written),
        Field(description="申し込む日（初期値: 今日）"),
    ] = None
    fiscal_year: Annotated[
        int | None, Field(ge=1989, le=2100, description="この年度の版だけ（初期値: それぞれの最新の版）")
    ] = None


class Reason(Schema):
    """One requirement, its answer and where it is written; `details` are the parts that decide it."""

    status: Annotated[str, Field(description="met・unmet・unknown・judgement")]
    because: str
    source: dict[str, str]
    details: list["Reason"] = []


class Line(Schema):
    """One line of a calculation: what is done, and the yen it leaves."""

    text: str
    yen: int


class Grant(Schema):
    """What an entry gives for the costs that are told; of a range both ends."""

    low_yen: int | None
    high_yen: int | None
    own_share_yen: int | None
    lines: list[Line]
    lines_low: Annotated[list[Line], Field(description="幅があるとき、少ないほうの計算")]
    undetermined: Annotated[str, Field(description="額が決まらない理由。決まるときは空")]


class Result(Schema):
    """How one edition, or one frame of it, stands."""

    programme: str
    name: str
    fiscal_year: int
    frame: str
    verdict: Annotated[str, Field(description="eligible・likely・unknown・ineligible")]
    reception: str
    closes_at: str | None
    reasons: list[Reason]
    nearest_miss: list[str]
    ask: list[str]
    grant_yen: int | None
    grant: Grant | None


class Used(Schema):
    """A grant of a combination with its costs; of a grant of others that is topped up only the name."""

    programme: str
    name: str
    fiscal_year: int | None
    frame: str
    verdict: str
    costs: list[str]
    grant_yen: int
    lines: list[Line]


class Bundle(Schema):
    """Grants that are used together, what they bring, and what is left to pay."""

    total_yen: int
    own_share_yen: int
    grants: list[Used]


class LeftOut(Schema):
    """A grant that fits and is not used, and why."""

    programme: str
    name: str
    fiscal_year: int
    frame: str
    verdict: str
    reason: str
    because: str
    by: str


class AskTheDesk(Schema):
    """A grant that excludes receivers of similar aid, which the document does not name."""

    programme: str
    name: str
    fiscal_year: int
    frame: str
    verdict: str
    because: str
    source: dict[str, str]


class PlannedCost(Schema):
    """One row of the plan of costs."""

    name: str
    kind: str
    yen: int | None


class Combination(Bundle):
    """The best that the documents provide for; `if_allowed` is what the desks might add to it."""

    costs: list[PlannedCost]
    cost_yen: int
    if_allowed: Annotated[
        Bundle | None, Field(description="資料に定めがない組み合わせ。窓口で確かめてください")
    ]
    left_out: list[LeftOut]
    ask_the_desk: list[AskTheDesk]
    untold_costs: list[str]
    is_exact: bool


class Trouble(Schema):
    """Something told that could not be used, and counts as not known."""

    fact: str
    code: str
    message: str


class NextQuestion(Schema):
    """The question that is expected to settle most."""

    fact: str
    question: str


class Progress(Schema):
    """How many programmes are settled."""

    settled: int
    total: int


class MatchAnswer(Schema):
    """Every programme in reach, best first."""

    results: list[Result]
    problems: list[Trouble]
    combination: Annotated[
        Combination | None, Field(description="費用（costs か cost_yen）を書いたとき。書かなければ null")
    ]
    next_question: NextQuestion | None
    progress: Progress


class Choice(Schema):
    """One code of a fact."""

    code: str
    label: str
    parent: str


class FactDescription(Schema):
    """One fact of the dictionary."""

    key: str
    label: str
    type: str
    unit: str
    question: str
    help: str
    where: str
    sensitivity: str
    change: str
    choices: list[Choice]


class FactsAnswer(Schema):
    """The whole dictionary."""

    facts: list[FactDescription]


@router.post(
    "/match",
    response=MatchAnswer,
    summary="合う支援をしらべる",
    url_name="match",
    openapi_extra=BODY_NOT_UNDERSTOOD,
)
def match(request: HttpRequest, asked: MatchRequest) -> dict[str, Any]:
    """事業者に合う制度を、理由と出典をつけて答えます。送られた内容は保存しません。"""
    on = asked.on or clock.today()
    at = clock.moment_of(on)
    book = rulebook.current()
    told = read_profile(asked.facts, book.dictionary)
    matches = book.match(told.facts, at=at, on=on, fiscal_year=asked.fiscal_year)
    question = questions.next_question(book, told.facts, at=at, on=on, fiscal_year=asked.fiscal_year)
    plan = combining.plan(matches, told.facts, book.dictionary.programmes)
    return {
        "results": [reports.match_report(each) for each in reports.in_order(matches)],
        "problems": [reports.trouble_report(trouble) for trouble in told.troubles],
        "combination": reports.combination_report(plan) if plan else None,
        "next_question": {"fact": question.fact.key, "question": question.fact.question}
        if question.fact
        else None,
        "progress": {"settled": question.progress.settled, "total": question.progress.total},
    }


@router.get("/facts", response=FactsAnswer, summary="項目の一覧", url_name="facts")
def facts(request: HttpRequest) -> dict[str, Any]:
    """制度の条件が見る項目を、質問の文や選択肢とともに答えます。"""
    book = rulebook.current()
    return {"facts": reports.facts_report(book.dictionary, book.asked_facts())}
