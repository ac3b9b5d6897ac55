"""`madoguchi pack check|load|coverage|export DIR`: region packs."""

import argparse
import json
import os
from pathlib import Path

from django.conf import settings

from madoguchi.foundation import clock, files
from madoguchi.ops.readiness import SET_UP_WITH
from madoguchi.packs.built_in import BUILT_IN_PACKS
from madoguchi.packs.check import check
from madoguchi.packs.coverage import as_markdown, missing, oddities_as_markdown, rules_as_markdown
from madoguchi.packs.export import export
from madoguchi.packs.load import load
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes

_WORDS = {
    "added": "新しく入ったもの",
    "changed": "変わったもの",
    "removed": "なくなったもの",
    "kept": "画面で直したもの・締めた年度のものなので、そのままにしたもの",
}
_KINDS = {
    "source": "資料",
    "organisation": "機関",
    "unit": "部署",
    "succession": "部署の引継ぎ",
    "desk": "窓口",
    "programme": "制度",
    "project": "事業",
    "event": "催し",
    "listing": "一覧",
    "policy": "基本方針",
    "indicator": "成果指標",
    "value": "指標の値",
    "narrative": "概要と実績",
    "introduction": "基本方針の概要",
    "case_study": "事例",
    "chapter": "報告書の章",
    "report_year": "年次報告",
    "region": "地域の設定",
    "vocabulary": "ことばの一覧",
    "thesaurus": "類義語",
    "facts": "条件が見る項目",
    "rules": "使える人の条件",
    "consultations": "相談の決まり",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    pack = commands.add_parser("pack", help="地域パックを確かめる・読み込む")
    actions = pack.add_subparsers(metavar="ACTION", required=True)
    checking = actions.add_parser("check", help="誤りをファイル・行・項目つきで、すべて表示します")
    loading = actions.add_parser("load", help="確かめてから読み込みます（途中までの読み込みはありません）")
    for parser, run in ((checking, _check), (loading, _load)):
        parser.add_argument("directory", metavar="DIR", help="地域パックの場所、または付属のパックの名前")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.set_defaults(run=run)
    loading.add_argument(
        "--replace-edits",
        action="store_true",
        help="画面や取り込みで公開した版も、パックの内容に置きかえます",
    )
    covering = actions.add_parser("coverage", help="資料の節と記録の対応、資料の食い違いを文書に書きます")
    covering.add_argument("directory", metavar="DIR", help="地域パックの場所、または付属のパックの名前")
    covering.add_argument("--into", metavar="DIR", default="docs", help="書く場所（初期値: docs）")
    covering.set_defaults(run=_coverage)
    _add_export(actions)


def _add_export(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    exporting = actions.add_parser(
        "export", help="画面で公開した版を、地域パックの programmes/ に書きます（ほかのファイルは変えません）"
    )
    exporting.add_argument("directory", metavar="DIR", help="地域パックの場所")
    exporting.set_defaults(run=_export)


def find_pack(name: str) -> Path:
    """The directory of a pack, given by its place or by the name of one that comes with the software."""
    given = Path(name)
    return given if given.is_dir() else BUILT_IN_PACKS / name


def load_and_tell(directory: Path, *, as_json: bool = False, replacing_edits: bool = False) -> int:
    """Check and load a pack, say what came of it, and return the exit code."""
    pack = check(directory)
    if pack.problems:
        _tell_problems(pack, as_json=as_json)
        return 1
    (settings.DATA_DIR / SET_UP_WITH).unlink(missing_ok=True)
    keep_believed_day(pack)
    changes = load(pack, at=clock.now(), replacing_edits=replacing_edits)
    _tell_changes(changes, as_json=as_json)
    return 0


def keep_believed_day(pack: Pack) -> None:
    """Keep the pack's own date, from now on and for the next start, or forget it when the pack has none.

    A date in the environment goes before it."""
    day = pack.region.believed_today if pack.region else None
    if day is None:
        settings.BELIEVED_TODAY_FILE.unlink(missing_ok=True)
    else:
        files.write_atomically(settings.BELIEVED_TODAY_FILE, f"{day}\n".encode())
    if not os.environ.get("MADOGUCHI_TODAY"):
        settings.TODAY = day


def _check(arguments: argparse.Namespace) -> int:
    pack = check(find_pack(arguments.directory))
    _tell_problems(pack, as_json=arguments.format == "json")
    return 1 if pack.problems else 0


def _load(arguments: argparse.Namespace) -> int:
    return load_and_tell(
        find_pack(arguments.directory),
        as_json=arguments.format == "json",
        replacing_edits=arguments.replace_edits,
    )


def _coverage(arguments: argparse.Namespace) -> int:
    pack = check(find_pack(arguments.directory))
    if pack.problems or pack.region is None:
        _tell_problems(pack, as_json=False)
        return 1
    into = Path(arguments.into)
    for name, text in (
        (f"{pack.region.key}-coverage.md", as_markdown(pack)),
        (f"{pack.region.key}-oddities.md", oddities_as_markdown(pack)),
        (f"{pack.region.key}-rules.md", rules_as_markdown(pack)),
    ):
        files.write_atomically(into / name, text.encode())
        print(f"書きました: {into / name}")
    gaps = missing(pack)
    for file, section in gaps:
        print(f"まだどの記録にもない節: {file} の「{section}」")
    return 1 if gaps else 0


def _export(arguments: argparse.Namespace) -> int:
    directory = Path(arguments.directory)
    if not (directory / "region.yaml").is_file():
        print(f"{directory} に地域パックがありません。")
        return 1
    told = export(directory)
    for slug in told.written:
        print(f"書きました: programmes/{slug}.yaml")
    for slug in told.removed:
        print(f"消しました（取り下げ）: programmes/{slug}.yaml")
    if not told.written and not told.removed:
        print("パックは、画面で公開した内容と同じです。")
        return 0
    pack = check(directory)
    _tell_problems(pack, as_json=False)
    return 1 if pack.problems else 0


def _tell_problems(pack: Pack, *, as_json: bool) -> None:
    if as_json:
        rows = [vars(problem) for problem in pack.problems]
        print(json.dumps({"problems": rows}, ensure_ascii=False))
        return
    for problem in pack.problems:
        print(problem)
    if pack.problems:
        print(f"\n誤りが {len(pack.problems):,} か所あります。何も読み込んでいません。")
        return
    counts = f"制度 {len(pack.programmes):,}、窓口 {len(pack.desks):,}、事業 {len(pack.projects):,}、"
    print(f"誤りはありません（{counts}催し {len(pack.events):,}）。")


def _tell_changes(changes: Changes, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(vars(changes), ensure_ascii=False))
        return
    if not changes:
        print("地域パックは前に読み込んだものと同じです。")
    for name, word in _WORDS.items():
        for kind, keys in getattr(changes, name).items():
            shown = "" if len(keys) > 10 else "：" + "、".join(keys)
            print(f"{word}　{_KINDS[kind]} {len(keys):,}{shown}")
