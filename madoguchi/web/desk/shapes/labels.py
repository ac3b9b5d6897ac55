"""Names for codes that a case carries, and deadlines in words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from madoguchi.consultations.models import Case
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation.words import gettext_noop
from madoguchi.japan import areas, industries
from madoguchi.web.shared import wording

_CASE_STATES = {
    CaseState.HELD: (gettext_noop("確認待ち"), "ask"),
    CaseState.NEW: (gettext_noop("受け付け前"), "soon"),
    CaseState.WORKING: (gettext_noop("対応中"), "open"),
    CaseState.UNTAKEN: (gettext_noop("引き受け先なし"), "ask"),
    CaseState.FINISHED: (gettext_noop("対応済み"), "any"),
    CaseState.CLOSED: (gettext_noop("終了"), "end"),
}
_INVOLVEMENT_STATES = {
    InvolvementState.SENT: gettext_noop("返事待ち"),
    InvolvementState.ACCEPTED: gettext_noop("引き受け済み"),
    InvolvementState.WORKING: gettext_noop("対応中"),
    InvolvementState.DECLINED: gettext_noop("辞退"),
    InvolvementState.FINISHED: gettext_noop("対応済み"),
}


@dataclass(frozen=True)
class Due:
    """A deadline: how many days in words, its date, and whether it has passed."""

    words: str
    date_words: str
    is_late: bool = False
    is_today: bool = False


def due(day: date | None, *, on: date) -> Due | None:
    """A deadline in words; None where there is none."""
    if day is None:
        return None
    days = (day - on).days
    until = gettext("%(day)sまで") % {"day": wording.day(day, today=on)}
    if days < 0:
        words = ngettext("%(days)d日過ぎています", "%(days)d日過ぎています", -days) % {"days": -days}
        return Due(words, until, is_late=True)
    if days == 0:
        return Due(gettext("今日"), until, is_today=True)
    if days == 1:
        return Due(gettext("明日"), until)
    return Due(ngettext("あと%(days)d日", "あと%(days)d日", days) % {"days": days}, until)


def area_name(code: str) -> str:
    """The name of a municipality or prefecture; empty for no code and for one that is nobody's."""
    try:
        return areas.get(code).name if code else ""
    except ValueError:
        return ""


def industry_name(code: str) -> str:
    """The name of the listed industry of a code of any depth; empty for none."""
    try:
        return industries.get(code[:2] if code[:1].isdigit() else code).name if code else ""
    except ValueError:
        return ""


def who(case: Case) -> str:
    """Whose case it is, as far as somebody said: the business, its name, the person who called, or nobody."""
    if case.business:
        return case.business.name
    said = str(case.answers.get("company", "")) or case.contact_name
    return said or (gettext("匿名の相談") if case.is_anonymous else gettext("名前は未確認"))


def case_state(state: str) -> tuple[str, str]:
    """The word for the state of a case, and the look of its chip."""
    word, look = _CASE_STATES[CaseState(state)]
    return gettext(word), look


def involvement_state(state: str) -> str:
    """The word for how far an organisation is."""
    return gettext(_INVOLVEMENT_STATES[InvolvementState(state)])
