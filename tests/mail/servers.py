"""A mail server on this machine that misbehaves as it is told to."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks enough SMTP; `accepted` holds what it said yes to, `seen` all that it was given.

    `answers` gives the reply to a command (CONNECT, RCPT, DATA, END: the dot after the text, QUIT), or None
    for the usual one; "" closes the line without a word.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answers: Callable[[str], str | None] = lambda _command: None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.answers = answers
        self.accepted: list[EmailMessage] = []
        self.seen: list[EmailMessage] = []

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        told = self.server.answers("CONNECT")
        self._say("220 ready" if told is None else told)
        for line in self.rfile:
            command = line.split()[0].upper().decode() if line.split() else ""
            if not self._answer(command):
                return

    def _answer(self, command: str) -> bool:
        usual = {"DATA": "354 go on", "QUIT": "221 bye", "EHLO": "250 localhost"}.get(command, "250 ok")
        told = self.server.answers(command)
        reply = usual if told is None else told
        if not reply:
            return False
        self._say(reply)
        if command == "DATA" and reply.startswith("354"):
            return self._take_text()
        return command != "QUIT"

    def _take_text(self) -> bool:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.seen.append(message)
        told = self.server.answers("END")
        if told is None:
            self.server.accepted.append(message)
        elif not told:
            return False
        self._say(told or "250 accepted")
        return True

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


@contextmanager
def mail_server(settings, answers=lambda _command: None) -> Iterator[MailServer]:
    """Let the site hand its mail to a server that answers so."""
    with MailServer(answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        use(settings, server.port)
        yield server
        server.shutdown()


def use(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
