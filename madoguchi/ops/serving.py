"""`madoguchi serve` and `madoguchi work`: the two processes of an installation."""

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import NoReturn

from madoguchi.foundation import worker
from madoguchi.ops.readiness import why_not_ready


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    serve = commands.add_parser("serve", help="サイトを動かします")
    serve.add_argument("--port", type=port_number, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--workers", type=int, default=2, help="プロセスの数（初期値: 2）")
    serve.set_defaults(run=_serve)
    work = commands.add_parser("work", help="裏方の仕事（索引、記録の封印、予約された仕事）をします")
    work.add_argument("--once", action="store_true", help="たまっている分だけ済ませて終わります")
    work.set_defaults(run=_work)


def port_number(text: str) -> int:
    """A port as it was typed; raises what argparse turns into a sentence."""
    port = int(text)
    if not 0 < port < 65_536:
        raise argparse.ArgumentTypeError("1〜65535 の番号を書いてください")
    return port


def port_problem(host: str, port: int) -> str | None:
    """Why a port cannot be listened on, or None. granian itself would start silently beside another one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connecting too: with SO_REUSEPORT on both sides, binding alone succeeds beside a running server.
        probe.settimeout(1)
        try:
            answers = probe.connect_ex((host, port)) == 0
        except socket.gaierror as error:
            return f"{host} という場所がありません（unknown host）: {error.strerror}"
        if answers:
            return f"ポート {port} は、ほかのプログラムが使っています（port {port} is already in use）。"
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"ポート {port} で待ち受けられません（cannot listen on port {port}）: {error.strerror}"
    return None


def _serve(arguments: argparse.Namespace) -> int:
    problem = port_problem(arguments.host, arguments.port) or why_not_ready()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"サイトを開いています: http://{arguments.host}:{arguments.port}/", flush=True)
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        arguments.host,
        "--port",
        str(arguments.port),
        "--workers",
        str(arguments.workers),
        "--blocking-threads",
        "2",
        "--backlog",
        "1024",
        "--no-access-log",
        # A worker that was killed is replaced; without this granian takes the others down with it.
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "5",
        "madoguchi.config.wsgi:application",
    ]
    return _become(command)


def _become(command: list[str]) -> NoReturn:
    """Let the server take this process over, so that signals reach it."""
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 (our own interpreter, no shell)


def _work(arguments: argparse.Namespace) -> int:
    if arguments.once:
        worker.work_once()
        return 0
    stop = threading.Event()

    def _finish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, _finish)
    signal.signal(signal.SIGINT, _finish)
    print("裏方の仕事を始めました。", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        worker.work_forever(stop)
    return 0
