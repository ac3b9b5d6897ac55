"""`madoguchi audit verify`: whether the record of what was done still is as it was sealed."""

import argparse
import json

from madoguchi.foundation import seal_check


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    audit = commands.add_parser("audit", help="操作の記録を確かめます")
    actions = audit.add_subparsers(metavar="ACTION", required=True)
    verify = actions.add_parser(
        "verify", help="書きかえ・削除・差しこみ・入れかえ・切りつめがないかを調べます"
    )
    verify.add_argument("--format", choices=("text", "json"), default="text")
    verify.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    findings = seal_check.verify()
    if arguments.format == "json":
        rows = [
            {"kind": f.kind, "event": f.event_id, "position": f.position, "says": f.sentence}
            for f in findings
        ]
        print(json.dumps({"findings": rows}, ensure_ascii=False))
    elif findings:
        for finding in findings:
            print(finding.sentence)
    else:
        print("操作の記録に、おかしなところはありません。")
    return 1 if findings else 0
