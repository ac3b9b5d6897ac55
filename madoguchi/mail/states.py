"""The life of a mail."""

from enum import StrEnum


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"
    FAILED = "failed"


# The content is there until one of these is reached, and for some days after FAILED.
OVER = frozenset({MailState.SENT, MailState.STOPPED})
