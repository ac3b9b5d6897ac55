"""Mail for tests: the least that makes a sentence true."""

from datetime import UTC, datetime

from django.db import transaction

from madoguchi.mail.letters import Letter
from madoguchi.mail.operations import sending

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)


def a_letter(subject="お知らせ", **changes):
    return Letter(subject=subject, **{"paragraphs": ["読むものがあります。"], **changes})


def sent(*, to="hanako@example.jp", write=a_letter, kind="test.notice", **changes):
    with transaction.atomic():
        return sending.send(to=to, kind=kind, write=write, **changes)
