"""`madoguchi demo`: a region to look at, with fictional people for every role and a link for each of them."""

import argparse
import sys

from django.conf import settings

from madoguchi.accounts import demonstration
from madoguchi.foundation import clock
from madoguchi.ops.packing import find_pack
from madoguchi.ops.setting_up import DEFAULT_PACK
from madoguchi.packs.check import check
from madoguchi.packs.demo.playing import CannotPlay, is_played, play
from madoguchi.web.account import demo_links


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    demo = commands.add_parser(
        "demo", help="見学用に、架空の人・事業者・案件を入れ、入口のリンクを表示します"
    )
    demo.add_argument(
        "--pack", default=DEFAULT_PACK, help="地域パックの名前または場所（初期値: %(default)s）"
    )
    demo.add_argument("--site", default=settings.SITE_URL, help="サイトのアドレス")
    demo.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace) -> int:
    if why := why_not():
        print(why, file=sys.stderr)
        return 1
    if is_played():
        print("デモは、前に入れたままです（何も変えていません）。")
    else:
        pack = check(find_pack(arguments.pack))
        if pack.problems or pack.demo is None:
            print(*pack.problems, sep="\n", file=sys.stderr)
            print(
                f"デモを入れられません。{arguments.pack} に、正しい demo.yaml がありません。", file=sys.stderr
            )
            return 1
        try:
            count = play(pack.demo, now=clock.now(), access_at=clock.actual_now())
        except CannotPlay as error:
            print(f"demo.yaml のとおりには進められません。何も入れていません。\n{error}", file=sys.stderr)
            return 1
        print(f"架空の {demonstration.people().count():,} 人と、{count:,} 件の相談を入れました。")
    _tell_links(arguments.site.rstrip("/"))
    return 0


def why_not() -> str | None:
    """Why a demonstration may not be played here, or None."""
    if not settings.DEMO:
        return (
            "デモのための設定ではありません。MADOGUCHI_DEMO=1 をつけて始めてください。\n"
            "This is no demonstration; start it with MADOGUCHI_DEMO=1."
        )
    if settings.IS_MAIL_REAL:
        return (
            "本物のメールを送る設定（MADOGUCHI_MAIL_URL）では、デモを入れられません。\n"
            "A demonstration sends no real mail; leave MADOGUCHI_MAIL_URL out."
        )
    if demonstration.has_others():
        return (
            "ここには、ほかの人がすでに登録されています。別のデータの場所（MADOGUCHI_DATA_DIR）で始めてください。\n"
            "Other people are registered here; start with another MADOGUCHI_DATA_DIR."
        )
    return None


def _tell_links(site: str) -> None:
    print(f"\nだれとして入るかを選んでください（一覧: {site}{demo_links.list_path()}）\n")
    for entrance in demo_links.entrances(at=clock.actual_now()):
        print(f"  {entrance.name}（{'、'.join(entrance.does)}）")
        print(f"    {site}{entrance.path}")
    print(f"\nリンクは {demo_links.HOURS} 時間使えます。切れたら、一覧のページからどうぞ。")
