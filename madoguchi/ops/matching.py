"""`madoguchi match|facts`: which programmes fit a business, from the command line."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from madoguchi.eligibility import combining, reports, rulebook
from madoguchi.eligibility.rules.profile import FIRST_DAY, LAST_DAY, from_json, read_profile
from madoguchi.foundation import clock
from madoguchi.japan.fiscal_year import FiscalYear

_VERDICTS = {"eligible": "該当", "likely": "該当見込み", "unknown": "要確認", "ineligible": "非該当"}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    match = commands.add_parser("match", help="事業者に合う制度を、理由とともに表示します")
    match.add_argument("profile", metavar="PROFILE.json", help="項目と値の JSON（- は標準入力）")
    match.add_argument("--on", type=_day, metavar="DATE", help="申し込む日（初期値: 今日）")
    match.add_argument("--fiscal-year", type=int, metavar="YEAR", help="この年度の版だけ（初期値: 最新の版）")
    match.add_argument("--format", choices=("text", "json"), default="text")
    match.set_defaults(run=_match)
    facts = commands.add_parser("facts", help="制度の条件が見る項目を、すべて表示します")
    facts.add_argument("--format", choices=("text", "json"), default="text")
    facts.set_defaults(run=_facts)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日付は 2023-06-01 のように書いてください（{text}）") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"{FIRST_DAY} から {LAST_DAY} までの日を書いてください（{text}）")
    return day


def _match(arguments: argparse.Namespace) -> int:
    try:
        profile = _read(arguments.profile)
    except (OSError, ValueError) as error:
        print(f"{arguments.profile} を読めません: {error}", file=sys.stderr)
        return 1
    on = arguments.on or clock.today()
    book = rulebook.current()
    told = read_profile(profile, book.dictionary)
    matches = reports.in_order(
        book.match(told.facts, at=clock.moment_of(on), on=on, fiscal_year=arguments.fiscal_year)
    )
    plan = combining.plan(matches, told.facts, book.dictionary.programmes)
    combination = reports.combination_report(plan) if plan else None
    if arguments.format == "json":
        answer = {
            "results": [reports.match_report(match) for match in matches],
            "problems": [reports.trouble_report(trouble) for trouble in told.troubles],
            "combination": combination,
        }
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    for trouble in told.troubles:
        print(trouble.message, file=sys.stderr)
    for match in matches:
        _print(reports.match_report(match))
    if combination:
        _print_combination(combination)
    return 0


def _read(path: str) -> dict[str, Any]:
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    profile = from_json(text)
    if not isinstance(profile, dict):
        raise ValueError('{"employees": 12} のような、項目と値の組ではありません')
    return profile


def _print(report: dict[str, Any]) -> None:
    frame = f"　{report['frame']}" if report["frame"] else ""
    year = FiscalYear(report["fiscal_year"]).label
    print(f"{_VERDICTS[report['verdict']]}　{report['name']}（{year}）{frame}")
    if report["grant"]:
        _print_lines(report["grant"]["lines"])
        if report["grant"]["undetermined"]:
            print(f"  {report['grant']['undetermined']}")
    for reason in report["reasons"]:
        print(f"  {reason['status']:<9} {reason['because']}")


def _print_lines(lines: Iterable[Mapping[str, Any]]) -> None:
    for line in lines:
        print(f"  {line['yen']:>15,}円　{line['text']}")


def _print_combination(report: Mapping[str, Any]) -> None:
    """The combination under a line of its own, then what the desks might add, then what is left out."""
    print(f"\n組み合わせ　費用 {report['cost_yen']:,}円")
    _print_bundle(report)
    if allowed := report["if_allowed"]:
        print("\n資料に定めのない組み合わせ（窓口で確かめてください）")
        _print_bundle(allowed)
    for asked in report["ask_the_desk"]:
        print(f"窓口で確かめること: {asked['name']}　{asked['because']}")
    for left in report["left_out"]:
        frame = f"　{left['frame']}" if left["frame"] else ""
        print(f"入れていません: {left['name']}{frame}　{left['because']}")


def _print_bundle(bundle: Mapping[str, Any]) -> None:
    for used in bundle["grants"]:
        rows = "、".join(row for row in used["costs"] if row)
        print(f"{used['name']}　{used['frame']}　{rows}".rstrip("　"))
        _print_lines(used["lines"])
    print(f"合計 {bundle['total_yen']:,}円　自己負担 {bundle['own_share_yen']:,}円")


def _facts(arguments: argparse.Namespace) -> int:
    facts = reports.facts_report(*_facts_in_use())
    if arguments.format == "json":
        print(json.dumps({"facts": facts}, ensure_ascii=False))
        return 0
    for fact in facts:
        print(f"{fact['key']}（{fact['type']}）{fact['label']}")
        for choice in fact["choices"]:
            print(f"  {choice['code']}　{choice['label']}")
    return 0


def _facts_in_use() -> tuple[Any, list[str]]:
    book = rulebook.current()
    return book.dictionary, book.asked_facts()
