"""`madoguchi match-bulk`: all programmes against a whole file of businesses."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from madoguchi.eligibility import rulebook
from madoguchi.foundation import clock

if TYPE_CHECKING:
    from madoguchi.eligibility.bulk.files import Job, Outcome

_NAMED = 12


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    bulk = commands.add_parser("match-bulk", help="多くの事業者を、すべての制度と一度に照らし合わせます")
    bulk.add_argument("businesses", metavar="FILE", type=Path, help="事業者の .parquet、.csv、.arrow")
    bulk.add_argument("--on", type=_day, metavar="DATE", help="申し込む日（初期値: 今日）")
    bulk.add_argument("--fiscal-year", type=int, metavar="YEAR", help="この年度の版だけ（初期値: 最新の版）")
    bulk.add_argument("--counts", type=Path, metavar="CSV", help="制度・市町村・業種・判定ごとの数を書く先")
    bulk.add_argument("--out", type=Path, metavar="PARQUET", help="事業者ごとの判定を書く先")
    bulk.add_argument(
        "--form",
        choices=("long", "matrix"),
        default="long",
        help="--out の形: long は非該当でない組を1行ずつ、matrix は制度ごとに1列",
    )
    bulk.add_argument("--id", default="", metavar="COLUMN", help="事業者を見分ける列（--out に写します）")
    bulk.add_argument("--engine", choices=("local", "spark"), default="local")
    bulk.add_argument("--master", default="local[*]", help="Spark の接続先（初期値: local[*]）")
    bulk.set_defaults(run=_match)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日付は 2023-06-01 のように書いてください（{text}）") from error


def _match(arguments: argparse.Namespace) -> int:
    # polars takes a moment to load: the other commands need not wait for it.
    from madoguchi.eligibility.bulk import files  # noqa: PLC0415

    if not (arguments.counts or arguments.out):
        print("--counts か --out に、書く先を指定してください。", file=sys.stderr)
        return 2
    try:
        job = _job(arguments)
        _tell_of_columns(job)
        started = time.monotonic()
        outcome = _run(job, arguments)
    except (files.UnreadableError, files.UnwritableError) as error:
        print(error, file=sys.stderr)
        return 1
    for trouble in outcome.troubles:
        print(trouble.message, file=sys.stderr)
    if arguments.counts:
        files.write_counts(arguments.counts, job.plan, outcome.counts)
    print(
        f"{outcome.businesses:,} の事業者を {len(job.plan.rules):,} の制度・枠と照らし合わせました"
        f"（{time.monotonic() - started:.1f} 秒）。"
    )
    return 0


def _job(arguments: argparse.Namespace) -> "Job":
    from madoguchi.eligibility.bulk import files  # noqa: PLC0415
    from madoguchi.eligibility.bulk.matches import OWN_NAMES  # noqa: PLC0415
    from madoguchi.eligibility.bulk.plan import make_plan  # noqa: PLC0415

    source = files.open_input(arguments.businesses)
    if arguments.id in source.twice:
        raise files.UnreadableError(f"列「{arguments.id}」が「{source.path.name}」に二つ以上あります。")
    if arguments.id and arguments.id not in source.names:
        raise files.UnreadableError(f"列「{arguments.id}」が「{source.path.name}」にありません。")
    if arguments.id in OWN_NAMES:
        raise files.UnreadableError(f"列「{arguments.id}」は --id にできません（結果の列と同じ名前です）。")
    files.check_places(source.path, [place for place in (arguments.counts, arguments.out) if place])
    book = rulebook.current()
    on = arguments.on or clock.today()
    entries, _ = book.in_reach(on=on, fiscal_year=arguments.fiscal_year)
    plan = make_plan((entry.rule for entry in entries), on=on)
    return files.Job(source, plan, book.dictionary, files.Output(arguments.out, arguments.form, arguments.id))


def _run(job: "Job", arguments: argparse.Namespace) -> "Outcome":
    if arguments.engine == "spark":
        from madoguchi.eligibility.bulk import spark  # noqa: PLC0415

        return spark.match_file(job, master=arguments.master)
    from madoguchi.eligibility.bulk import local  # noqa: PLC0415

    return local.match_file(job, progress=_progress(job.source.height))


def _tell_of_columns(job: "Job") -> None:
    if job.source.twice:
        names = "、".join(f"「{name}」" for name in job.source.twice[:_NAMED])
        more = _more(job.source.twice)
        print(f"同じ名前の列が二つ以上あるので、どれも使いません: {names}{more}", file=sys.stderr)
    if job.fit.unknown:
        names = "、".join(f"「{name}」" for name in job.fit.unknown[:_NAMED])
        print(f"項目にない列は使いません: {names}{_more(job.fit.unknown)}", file=sys.stderr)
    if job.fit.missing:
        facts = (job.dictionary.get(key) for key in job.fit.missing[:_NAMED])
        names = "、".join(f"{fact.label}（{fact.key}）" for fact in facts if fact)
        print(f"列がないので未確認とする項目: {names}{_more(job.fit.missing)}", file=sys.stderr)


def _more(names: Iterable[str]) -> str:
    rest = len(list(names)) - _NAMED
    return f"、ほか {rest}" if rest > 0 else ""


def _progress(total: int | None) -> Callable[[int], None]:
    """A bar on the terminal; nothing where nobody looks."""

    def show(done: int) -> None:
        if not sys.stderr.isatty():
            return
        if total:
            filled = 30 * done // total
            bar = "#" * filled + "." * (30 - filled)
            text = f"[{bar}] {done:,} / {total:,}"
        else:
            text = f"{done:,}"
        print(f"\r{text}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show
