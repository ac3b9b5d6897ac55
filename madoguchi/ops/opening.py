"""`madoguchi api-key make|list|revoke`: who may ask the API more often."""

import argparse
import sys

from madoguchi.foundation import clock
from madoguchi.opendata import keys
from madoguchi.opendata.models import ApiKey


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    parser = commands.add_parser("api-key", help="API を多く使う人のための鍵を、作る・見る・取り消す")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    making = actions.add_parser("make", help="鍵を作り、一度だけ表示します")
    making.add_argument("name", help="だれの、何のための鍵か")
    making.set_defaults(run=_make)
    listing = actions.add_parser(
        "list", help="鍵の番号と名前を表示します（鍵そのものは、どこにも残っていません）"
    )
    listing.set_defaults(run=_list)
    revoking = actions.add_parser("revoke", help="鍵をすぐに使えなくします")
    revoking.add_argument("number", type=int, help="鍵の番号")
    revoking.set_defaults(run=_revoke)


def _make(arguments: argparse.Namespace) -> int:
    row, key = keys.make(name=arguments.name[:100], at=clock.actual_now())
    print(f"鍵 {row.pk} を作りました。次の鍵は、もう表示できません。本人に渡してください。")
    print(key)
    return 0


def _list(_arguments: argparse.Namespace) -> int:
    for row in ApiKey.objects.order_by("pk"):
        ended = f"（{row.revoked_at:%Y-%m-%d} に取り消し）" if row.revoked_at else ""
        print(f"{row.pk}\t{row.made_at:%Y-%m-%d}\t{row.name}{ended}")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    if not keys.revoke(number=arguments.number, at=clock.actual_now()):
        print("この番号の鍵はないか、もう取り消してあります（no such key）。", file=sys.stderr)
        return 1
    print("取り消しました。")
    return 0
