"""The tools themselves: they read and answer; a caller's mistake is a ToolError with a sentence."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, cast

from django.conf import settings
from django.db.models import Model, QuerySet
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from madoguchi.assistants import answers
from madoguchi.assistants.citing import with_titles
from madoguchi.catalogue.models import Edition, ReceptionWindow
from madoguchi.catalogue.queries import editions_of, next_deadlines
from madoguchi.catalogue.states import EditionState
from madoguchi.eligibility import combining, questions, reports, rulebook
from madoguchi.eligibility.rulebook import Match
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.events.models import Event
from madoguchi.finding import ask, words
from madoguchi.finding.showing import edition_report, edition_url, instant
from madoguchi.foundation import clock
from madoguchi.institutions.models import Desk, Organisation
from madoguchi.institutions.queries import source_titles
from madoguchi.results.models import Project
from madoguchi.search.index import is_readable
from madoguchi.search.results import Hit, SearchResult

# More than any business has to tell; a longer text is no profile.
MOST_PROFILE_CHARACTERS = 50_000
_FIRST_DAY, _LAST_DAY = date(1989, 1, 1), date(2100, 12, 31)
_WITH_SOURCES: dict[str, type[Model]] = {
    "desk": Desk,
    "organisation": Organisation,
    "event": Event,
    "project": Project,
}

Day = Annotated[
    str | None,
    Field(
        max_length=20,
        description="その日について答える（YYYY-MM-DD。初期値: 今日） / the day asked about",
        json_schema_extra={"format": "date"},
    ),
]
Year = Annotated[int | None, Field(ge=1989, le=2100, description="年度（西暦）/ fiscal year, April to March")]
Slug = Annotated[str, Field(min_length=1, max_length=80, description="制度の slug / a programme's slug")]
Offset = Annotated[int, Field(ge=0, le=10_000)]
Codes = Annotated[list[Annotated[str, Field(max_length=80)]] | None, Field(max_length=20)]
Type = Literal["programme", "desk", "event", "project", "organisation"]
Status = Literal["open", "upcoming", "rolling", "booking", "closed", "not_stated"]
VerdictName = Literal["eligible", "likely", "unknown", "ineligible"]


def search(
    *,
    q: Annotated[str, Field(max_length=300, description="さがす言葉や文 / words or a question")] = "",
    types: list[Type] | None = None,
    status: list[Status] | None = None,
    kind: Annotated[Codes, Field(description="種類（コードか正式な名前。例: 補助金）")] = None,
    purpose: Annotated[Codes, Field(description="お困りごと（コードか正式な名前）")] = None,
    industry: Annotated[Codes, Field(description="日本標準産業分類（例: E, 09）/ JSIC code")] = None,
    area: Annotated[Codes, Field(description="市町村名・全国地方公共団体コード・圏域 / place")] = None,
    fiscal_year: Annotated[list[int] | None, Field(max_length=20)] = None,
    on: Day = None,
    open_on: Annotated[
        str | None,
        Field(max_length=20, description="その日に受け付けているものだけ / only what is open then"),
    ] = None,
    sort: Literal["relevance", "deadline", "newest"] = "relevance",
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
    offset: Offset = 0,
) -> answers.SearchAnswer:
    """Search; conditions that no facet knows are refused, because silence would answer another question."""
    if not is_readable(settings.INDEX_DIR):
        raise ToolError(
            "まだ索引がありません。先に madoguchi setup を実行してください。"
            "（No search index yet: run `madoguchi setup`.）"
        )
    today = clock.today()
    asked = ask.read(
        {
            "q": [q],
            "type": types or (),
            "status": status or (),
            "kind": kind or (),
            "purpose": purpose or (),
            "industry": industry or (),
            "area": area or (),
            "fiscal_year": [str(year) for year in fiscal_year or ()],
            "on": [_day(on, today).isoformat()],
            "open_on": [_day(open_on, today).isoformat()] if open_on else (),
            "sort": [sort],
        },
        today=today,
    )
    if asked.ignored:
        raise ToolError(_not_known(asked.ignored))
    result = ask.answer(asked, limit=limit, offset=offset)
    near = result.nearest
    nearest = (*near.hits, *near.fallback) if near else ()
    return {
        "on": asked.on.isoformat(),
        "total": result.total,
        "results": _hits(result),
        "nearest": _hits(replace(result, hits=nearest)),
    }


def show(slug: Slug, fiscal_year: Year = None, on: Day = None) -> answers.ShowAnswer:
    """One programme in its newest or the named fiscal year."""
    editions = editions_of(slug)
    if not editions:
        raise ToolError(_no_programme(slug))
    years = [edition.fiscal_year for edition in editions]
    chosen = next((e for e in editions if fiscal_year in (None, e.fiscal_year)), None)
    if chosen is None:
        there = "、".join(map(str, years))
        raise ToolError(
            f"「{slug}」の {fiscal_year} 年度の版はありません。あるのは {there} です。"
            f"（No edition of {fiscal_year}; there is {there}.）"
        )
    day = _day(on, clock.today())
    report = edition_report(chosen, at=clock.moment_of(day)) | {
        "on": day.isoformat(),
        "other_years": [year for year in years if year != chosen.fiscal_year],
        "url": edition_url(slug, chosen.fiscal_year),
    }
    return cast("answers.ShowAnswer", with_titles(report, source_titles()))


def match(
    *,
    facts: Annotated[
        answers.Profile,
        Field(description="項目の key（facts で調べる）と値。わからないものは書かない / told facts only"),
    ],
    on: Day = None,
    fiscal_year: Year = None,
    programme: Annotated[
        str | None, Field(max_length=80, description="この制度だけ（slug） / only this programme")
    ] = None,
    verdicts: list[VerdictName] | None = None,
    skipped: Annotated[
        Codes, Field(description="聞いたが「わからない」だった項目 / asked, but the person does not know")
    ] = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
    offset: Offset = 0,
) -> answers.MatchAnswer:
    """How every programme in reach stands for a business; nothing that was told is kept."""
    if len(json.dumps(facts, ensure_ascii=False)) > MOST_PROFILE_CHARACTERS:
        raise ToolError("facts が長すぎます。（The facts are too long.）")
    day = _day(on, clock.today())
    at = clock.moment_of(day)
    book = rulebook.current()
    told = read_profile(facts, book.dictionary)
    if told.troubles and not told.facts:
        raise ToolError(_unusable(trouble.message for trouble in told.troubles))
    matches = book.match(told.facts, at=at, on=day, fiscal_year=fiscal_year)
    plan = combining.plan(matches, told.facts, book.dictionary.programmes)
    if programme is not None:
        matches = [each for each in matches if each.entry.programme == programme]
        if not matches:
            raise ToolError(_no_programme(programme))
    chosen = [each for each in matches if verdicts is None or each.verdict.value in verdicts]
    page = reports.in_order(chosen)[offset : offset + limit]
    question = questions.next_question(
        book, told.facts, at=at, on=day, fiscal_year=fiscal_year, skipped=frozenset(skipped or ())
    )
    answer = {
        "on": day.isoformat(),
        "counts": _counts(matches),
        "total": len(chosen),
        "results": [_result(each) for each in page],
        "problems": [reports.trouble_report(trouble) for trouble in told.troubles],
        "combination": reports.combination_report(plan) if plan else None,
        "next_question": {"fact": question.fact.key, "question": question.fact.question}
        if question.fact
        else None,
        "progress": {"settled": question.progress.settled, "total": question.progress.total},
    }
    return cast("answers.MatchAnswer", with_titles(answer, source_titles()))


def facts(
    keys: Annotated[
        Codes, Field(description="これだけ（初期値: すべて） / only these (default: all)")
    ] = None,
) -> answers.FactsAnswer:
    """The dictionary of facts, or some of it."""
    book = rulebook.current()
    if not keys:
        known = reports.facts_report(book.dictionary, book.asked_facts())
        return cast("answers.FactsAnswer", {"facts": known})
    found = {key: book.dictionary.get(key) for key in keys}
    if missing := [key for key, fact in found.items() if fact is None]:
        raise ToolError(
            f"知らない項目です: {'、'.join(missing)}。facts を引数なしで呼ぶと一覧が出ます。"
            "（Unknown facts; call `facts` without arguments for the list.）"
        )
    named = [reports.fact_report(fact) for fact in found.values() if fact]
    return cast("answers.FactsAnswer", {"facts": named})


def deadlines(
    on: Day = None,
    days: Annotated[int, Field(ge=0, le=366, description="何日先まで / how many days ahead")] = 30,
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> answers.DeadlinesAnswer:
    """The open reception windows that close within some days, soonest first."""
    day = _day(on, clock.today())
    at = clock.moment_of(day)
    last = day + timedelta(days=days)
    # What closes at midnight was last open on the day before.
    until = datetime.combine(last + timedelta(days=1), time(), tzinfo=at.tzinfo)
    windows = [w for w in next_deadlines(at=at, limit=limit + 1) if w.closes_at and w.closes_at <= until]
    answer = {
        "on": day.isoformat(),
        "until": last.isoformat(),
        "deadlines": [_deadline(window, day) for window in windows[:limit]],
        "more": len(windows) > limit,
    }
    return cast("answers.DeadlinesAnswer", with_titles(answer, source_titles()))


def _day(text: str | None, today: date) -> date:
    """The day that was meant. Raises ToolError."""
    if text is None:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise ToolError(
            f"日付は 2023-06-01 のように、1989年から2100年までの日を書いてください（{text}）。"
            "（Write a date such as 2023-06-01, from 1989 to 2100.）"
        )
    return day


def _no_programme(slug: str) -> str:
    return (
        f"「{slug}」という制度は、ありません。search でさがしてください。"
        "（No such programme, or none in that fiscal year; use `search`.）"
    )


def _unusable(messages: Iterable[str]) -> str:
    said = " ".join(list(messages)[:10])
    return f"どの項目も使えませんでした。{said}（None of the facts could be used; see the tool `facts`.）"


def _not_known(ignored: Sequence[str]) -> str:
    labels = words.read().get("labels", {})
    hints = [
        f"{facet}: {'、'.join(labels.get(vocabulary, {}).values())}"
        for facet, vocabulary in (("kind", "kinds"), ("purpose", "purposes"))
        if any(item.startswith(f"{facet}=") for item in ignored)
    ]
    known = f"使えるのは {'; '.join(hints)}。" if hints else ""
    return f"知らない条件です: {'、'.join(ignored)}。{known}（Unknown conditions; nothing was searched.）"


def _hits(result: SearchResult) -> list[answers.Hit]:
    sources = _sources_of(result.hits)
    rows = [
        {
            **row,
            "reception": hit.status.value,
            "closes_on": hit.deadline.isoformat() if hit.deadline else None,
            "sources": sources.get(
                (hit.type, hit.slug, hit.fiscal_year if hit.type == "programme" else None), []
            ),
        }
        for row, hit in zip(ask.as_json(result)["results"], result.hits, strict=True)
    ]
    return cast("list[answers.Hit]", with_titles(rows, source_titles() if rows else {}))


def _sources_of(hits: Sequence[Hit]) -> dict[tuple[str, str, int | None], list[dict[str, Any]]]:
    """The sources of each hit by type, slug and, for an edition, fiscal year; one query a type."""
    slugs: dict[str, list[str]] = {}
    for hit in hits:
        slugs.setdefault(hit.type, []).append(hit.slug)
    found: dict[tuple[str, str, int | None], list[dict[str, Any]]] = {}
    for name, model in _WITH_SOURCES.items():
        if name in slugs:
            rows: QuerySet[Any] = model._default_manager.filter(slug__in=slugs[name])
            found |= {(name, slug, None): each for slug, each in rows.values_list("slug", "sources")}
    editions = Edition.objects.filter(
        state=EditionState.PUBLISHED, programme__slug__in=slugs.get("programme", ())
    )
    for slug, year, each in editions.values_list("programme__slug", "fiscal_year", "sources"):
        found["programme", slug, year] = each
    return found


def _result(match: Match) -> dict[str, Any]:
    edition = match.entry.edition
    return reports.match_report(match) | {
        "closes_at": instant(match.reception.closes_at),
        "url": edition_url(match.entry.programme, edition.fiscal_year),
    }


def _counts(matches: Iterable[Match]) -> dict[str, int]:
    counted = Counter(match.verdict.value for match in matches)
    return {verdict.value: counted[verdict.value] for verdict in Verdict}


def _deadline(window: ReceptionWindow, day: date) -> dict[str, Any]:
    edition = window.edition
    slug = edition.programme.slug
    closes_at = instant(window.closes_at)
    last = datetime.fromisoformat(closes_at) - timedelta.resolution if closes_at else None
    return {
        "programme": slug,
        "name": edition.name,
        "fiscal_year": edition.fiscal_year,
        "opens_at": instant(window.opens_at),
        "closes_at": closes_at,
        "days_left": (last.date() - day).days if last else 0,
        "note": window.note,
        "sources": edition.sources,
        "url": edition_url(slug, edition.fiscal_year),
    }
