"""`madoguchi api-key` and `madoguchi webhook`: who may ask more often, and who is told of changes."""

import argparse
import sys

from madoguchi.foundation import clock
from madoguchi.foundation.outgoing import AddressRefused
from madoguchi.opendata import keys, webhooks
from madoguchi.opendata.models import ApiKey, Webhook


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
    webhook = commands.add_parser("webhook", help="公開データの変更を知らせる先を、加える・見る・外す")
    hooks = webhook.add_subparsers(metavar="ACTION", required=True)
    adding = hooks.add_parser("add", help="加えて、署名を確かめるための秘密を表示します")
    adding.add_argument("url")
    adding.set_defaults(run=_add_webhook)
    hooks.add_parser("list", help="知らせる先と、届いているかを表示します").set_defaults(run=_list_webhooks)
    removing = hooks.add_parser("remove", help="外します")
    removing.add_argument("number", type=int, help="番号")
    removing.set_defaults(run=_remove_webhook)


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


def _add_webhook(arguments: argparse.Namespace) -> int:
    if Webhook.objects.filter(url=arguments.url).exists():
        print("このアドレスには、もう知らせています（already there）。", file=sys.stderr)
        return 1
    try:
        row = webhooks.add(url=arguments.url, at=clock.actual_now())
    except AddressRefused as error:
        print(f"このアドレスへは知らせられません: {error}", file=sys.stderr)
        return 1
    print(f"{row.pk} 番に加えました。署名は、次の秘密で確かめられます。相手に渡してください。")
    print(webhooks.secret_of(row))
    return 0


def _list_webhooks(_arguments: argparse.Namespace) -> int:
    for row in Webhook.objects.order_by("pk"):
        state = "届いています"
        if row.disabled_at:
            state = f"{row.disabled_at:%Y-%m-%d} に止めました"
        elif row.failing_since:
            state = f"{row.failing_since:%Y-%m-%d} から届いていません"
        print(f"{row.pk}\t{row.url}\t{state}")
    return 0


def _remove_webhook(arguments: argparse.Namespace) -> int:
    if not webhooks.remove(number=arguments.number, at=clock.actual_now()):
        print("この番号の知らせる先はありません（no such webhook）。", file=sys.stderr)
        return 1
    print("外しました。")
    return 0
