"""What the log may not say: a secret that is the key to a page stands in its address."""

import logging
import re

# What follows one of these words in an address is a key: the routes with `secret`, `token`, `signed`.
_KEYS = re.compile(
    r"(/(?:receipt|state|survey|referral|invitation|invitations|stop|feed|demo|confirm|manage|calendar)/)[^/\s?]{16,}",
    re.IGNORECASE,
)


class HideKeys(logging.Filter):
    """Puts … in the place of keys in the addresses that a log line names."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line where needed; every line is let through."""
        line = record.getMessage()
        hidden = without_keys(line)
        if hidden != line:
            record.msg, record.args = hidden, None
        return True


def without_keys(text: str) -> str:
    """The text with … for each key in an address."""
    return _KEYS.sub(r"\1…", text)
