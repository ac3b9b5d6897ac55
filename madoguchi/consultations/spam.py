"""Signs of a request that no person wrote. Plain Python. A sign holds a request for somebody to look at; it
never loses one: people paste texts, share an address, and write the same thing twice."""

import re
from dataclasses import dataclass

from madoguchi.foundation.words import gettext_noop

QUICKEST_SECONDS = 5
MOST_LINKS = 2
MOST_SAME_A_DAY = 2
MOST_FROM_ONE_PLACE_AN_HOUR = 5

HIDDEN_FIELD = gettext_noop("人には見えない欄に書き込まれていました。")
TOO_QUICK = gettext_noop("書きはじめてから送るまでが、人には速すぎます。")
MANY_LINKS = gettext_noop("リンクが多く書かれています。")
SAME_TEXT = gettext_noop("同じ文が、1日に何度も送られています。")
SAME_PLACE = gettext_noop("同じところから、1時間に何件も送られています。")

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


@dataclass(frozen=True)
class Signs:
    """What is known about a sending: seconds since the form was opened, None when nobody can say.

    `same_text` and `same_place` count earlier ones: of the day, and of the hour.
    """

    text: str
    hidden_field: str = ""
    seconds: float | None = None
    same_text: int = 0
    same_place: int = 0


def held_because(signs: Signs) -> str:
    """Why a request is held, or nothing when it goes on at once."""
    if signs.hidden_field:
        return HIDDEN_FIELD
    if signs.seconds is None or signs.seconds < QUICKEST_SECONDS:
        return TOO_QUICK
    if len(_LINK.findall(signs.text)) > MOST_LINKS:
        return MANY_LINKS
    if signs.same_text >= MOST_SAME_A_DAY:
        return SAME_TEXT
    return SAME_PLACE if signs.same_place >= MOST_FROM_ONE_PLACE_AN_HOUR else ""
