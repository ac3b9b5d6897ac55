"""`madoguchi search|show|reindex|check|search-eval`: the catalogue and its index from the command line."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import editions_of
from madoguchi.finding import ask, indexing, words
from madoguchi.finding.relevance import measure, read_questions
from madoguchi.finding.showing import edition_report
from madoguchi.foundation import clock
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.ops.readiness import NOT_SET_UP
from madoguchi.search.index import is_readable

_FILTERS = ("area", "industry", "purpose", "kind", "organisation", "status", "type")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    _add_search(commands)
    show = commands.add_parser("show", help="一つの制度を表示します")
    show.add_argument("slug", metavar="SLUG")
    show.add_argument("--fiscal-year", type=int, help="年度（初期値: いちばん新しい版）")
    _add_format(show)
    show.set_defaults(run=_show)
    reindex = commands.add_parser("reindex", help="索引をわきで作り直し、できたら入れ替えます")
    reindex.set_defaults(run=_reindex)
    check = commands.add_parser("check", help="索引がデータベースと合っているかを確かめます")
    check.add_argument("--mend", action="store_true", help="違いがあれば直します")
    _add_format(check)
    check.set_defaults(run=_check)
    evaluation = commands.add_parser("search-eval", help="採点つきの問いで、検索の質を測ります")
    evaluation.add_argument("queries", metavar="FILE", help="問いと答えの YAML")
    evaluation.add_argument("--verbose", action="store_true", help="問いごとの点も表示します")
    _add_format(evaluation)
    evaluation.set_defaults(run=_evaluate)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _add_search(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    search = commands.add_parser("search", help="制度・窓口・催し・事業をさがします")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=int, default=20)
    for name in _FILTERS:
        search.add_argument(
            f"--{name}", action="append", default=[], help="コードまたは正式な名前（何度でも）"
        )
    search.add_argument("--fiscal-year", action="append", default=[], metavar="YEAR")
    search.add_argument("--open-on", metavar="DATE", help="その日に受け付けているものだけ（例: 2023-05-01）")
    search.add_argument("--sort", choices=("relevance", "deadline", "newest"), default="relevance")
    _add_format(search)
    search.set_defaults(run=_search)


def _search(arguments: argparse.Namespace) -> int:
    parameters = {name: getattr(arguments, name) for name in _FILTERS}
    parameters |= {"q": [arguments.text], "sort": [arguments.sort], "fiscal_year": arguments.fiscal_year}
    if arguments.open_on:
        parameters["open_on"] = [arguments.open_on]
    asked = ask.read(parameters, today=clock.today())
    if asked.ignored:
        _tell_ignored(asked.ignored)
        return 2
    if not is_readable(settings.INDEX_DIR):
        print(*NOT_SET_UP, sep="\n", file=sys.stderr)
        return 1
    result = ask.answer(asked, limit=max(0, arguments.limit))
    if arguments.format == "json":
        print(json.dumps(ask.as_json(result), ensure_ascii=False))
        return 0
    print(f"{result.total:,} 件（{result.took_ms:.1f} ミリ秒）")
    for hit in result.hits:
        year = f"（{FiscalYear(hit.fiscal_year).label}）" if hit.fiscal_year else ""
        print(f"・{hit.name}{year}\n  {ask.url_of_hit(hit)}")
    if not result.total and result.nearest:
        print("ちょうど合うものはありません。近いもの:")
        for hit in (*result.nearest.hits, *result.nearest.fallback):
            print(f"・{hit.name}\n  {ask.url_of(hit.type, hit.slug)}")
    return 0


def _tell_ignored(ignored: Sequence[str]) -> None:
    print(f"知らない条件です（unknown conditions）: {', '.join(ignored)}", file=sys.stderr)
    for facet in dict.fromkeys(condition.split("=")[0] for condition in ignored):
        if values := ask.known_values(facet):
            print(f"{facet} に書けるもの（known values）: {'、'.join(values)}", file=sys.stderr)


def _show(arguments: argparse.Namespace) -> int:
    editions = editions_of(arguments.slug)
    if arguments.fiscal_year:
        editions = [edition for edition in editions if edition.fiscal_year == arguments.fiscal_year]
    if not editions:
        print(f"「{arguments.slug}」という制度は、ありません（no such programme）。", file=sys.stderr)
        return 1
    if arguments.format == "json":
        print(json.dumps(edition_report(editions[0], at=clock.now()), ensure_ascii=False))
        return 0
    _print_edition(editions[0])
    return 0


def _print_edition(edition: Edition) -> None:
    print(f"{edition.name}（{FiscalYear(edition.fiscal_year).label}）")
    print(edition.summary)
    for label, value in (("いくら", edition.headline), ("だれが", edition.who), ("どこに", edition.where)):
        print(f"{label}: {value or '窓口で確認'}")
    for requirement in edition.requirements:
        print(f"要件: {requirement['text']}")
        for row in requirement.get("rows", ()):
            print(f"  {row['label']}: {row['text']}")
    for contact in edition.contacts.all():
        print(f"問い合わせ: {contact.unit.full_name if contact.unit else contact.label} {contact.telephone}")


def _reindex(_arguments: argparse.Namespace) -> int:
    print(f"索引を作り直しました（{indexing.rebuild():,} 件）。")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    found = indexing.differences()
    wrong = bool(found) or not words.are_current()
    if wrong and arguments.mend:
        indexing.catch_up()
    if arguments.format == "json":
        report: dict[str, object] = {"missing": found.missing, "stale": found.stale, "surplus": found.surplus}
        report |= {"words_current": words.are_current(), "mended": wrong and arguments.mend}
        print(json.dumps(report, ensure_ascii=False))
    elif not wrong:
        print("索引はデータベースと合っています。")
    else:
        parts = ((found.missing, "足りない"), (found.stale, "古い"), (found.surplus, "余分な"))
        for keys, word in parts:
            if keys:
                print(f"{word}もの {len(keys):,}: {', '.join(keys[:10])}")
        if not words.are_current():
            print("索引のとなりの言葉のファイルが、データベースと合っていません。")
        print("直しました。" if arguments.mend else "madoguchi check --mend で直せます。")
    return 1 if wrong and not arguments.mend else 0


def _evaluate(arguments: argparse.Namespace) -> int:
    try:
        questions = read_questions(Path(arguments.queries))
    except ValueError as error:
        print(f"問いのファイルを読めません（the questions cannot be read）: {error}", file=sys.stderr)
        return 2
    if not is_readable(settings.INDEX_DIR):
        print(*NOT_SET_UP, sep="\n", file=sys.stderr)
        return 1
    report = measure(questions, on=clock.today())
    if arguments.format == "json":
        rows = [vars(row) for row in report.questions]
        print(json.dumps({**vars(report.quality), "questions": rows}, ensure_ascii=False))
        return 0
    if arguments.verbose:
        for row in sorted(report.questions, key=lambda row: row.ndcg_at_10):
            print(f"{row.ndcg_at_10:.3f}  {row.recall_at_20:.3f}  {row.found:2}件  {row.text}")
    quality = report.quality
    print(
        f"問い {len(questions)}　nDCG@10 {quality.ndcg_at_10:.3f}　再現率@20 {quality.recall_at_20:.3f}　"
        f"0件の割合 {quality.zero_hit_rate:.3f}"
    )
    return 0
