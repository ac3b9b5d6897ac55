"""Who may do what with a case they can see: each function returns why not, or None."""

from dataclasses import dataclass
from datetime import date

from madoguchi.consultations.states import MOVES, RUNNING, CaseState, InvolvementState
from madoguchi.foundation.words import gettext_noop

NOT_YOUR_ORGANISATION = gettext_noop("この案件のこの部分は、ほかの機関が担当しています。")
NOT_AT_WORK = gettext_noop("あなたの機関は、この案件をまだ引き受けていないか、もう終えています。")
NOT_THE_LEAD = gettext_noop("案件を閉じられるのは、責任をもつ機関だけです。")
CASE_CLOSED = gettext_noop("この案件は閉じています。続けるときは、もう一度開いてください。")
NOT_YOUR_NOTE = gettext_noop("記録を直せるのは、書いた人だけです。")
ANSWERED_ALREADY = gettext_noop("この引き継ぎには、もう返事がされています。")
CASE_ENDED = gettext_noop("この相談は終わりました。新しいことは、あらためて相談してください。")
NOT_DUE_YET = gettext_noop("お返事の約束の日を過ぎてから、うながせます。")
HAS_SOMEBODY = gettext_noop("もう担当が決まっています。お急ぎのときは、窓口へお電話ください。")
NUDGED_ALREADY = gettext_noop("もう一度うながすことはできません。窓口へお電話ください。")
NOTHING_RUNNING = gettext_noop("この相談は、もう終わっています。")
NO_CONSENT = gettext_noop("ほかの機関に伝えることへの同意は、ありません。")


@dataclass(frozen=True)
class Standing:
    """What a rule has to know: who acts, and how the involvement and the case stand."""

    organisation_id: int | None
    involvement_organisation_id: int | None
    involvement_state: InvolvementState
    case_state: CaseState
    is_lead: bool = False


def can_move(standing: Standing, to: InvolvementState) -> str | None:
    """Whether the involvement may be moved by its own organisation."""
    if standing.organisation_id is None or standing.organisation_id != standing.involvement_organisation_id:
        return NOT_YOUR_ORGANISATION
    if standing.case_state == CaseState.CLOSED:
        return CASE_CLOSED
    if to not in MOVES[standing.involvement_state]:
        return ANSWERED_ALREADY if to in _ANSWERS else NOT_AT_WORK
    return None


_ANSWERS = frozenset({InvolvementState.ACCEPTED, InvolvementState.DECLINED})


def can_work(standing: Standing) -> str | None:
    """Whether the organisation may record, plan and refer: it has taken the case and not finished."""
    if standing.case_state == CaseState.CLOSED:
        return CASE_CLOSED
    is_at_work = standing.involvement_state in RUNNING - {InvolvementState.SENT}
    if standing.organisation_id != standing.involvement_organisation_id or not is_at_work:
        return NOT_AT_WORK
    return None


def can_close(standing: Standing) -> str | None:
    """Whether the organisation may close the case: the lead, whatever others still do."""
    if standing.case_state == CaseState.CLOSED:
        return CASE_CLOSED
    if not standing.is_lead or standing.organisation_id != standing.involvement_organisation_id:
        return NOT_THE_LEAD
    return None


def can_change_note(*, author_id: int | None, user_id: int) -> str | None:
    """Whether a person may change a note: only who wrote it."""
    return None if author_id == user_id else NOT_YOUR_NOTE


def can_nudge(*, promised_on: date | None, on: date, is_answered: bool, is_nudged: bool) -> str | None:
    """Whether a business may ask for the promised answer: once, after the day, while nobody has taken it."""
    if is_answered:
        return HAS_SOMEBODY
    if is_nudged:
        return NUDGED_ALREADY
    return NOT_DUE_YET if promised_on is None or on <= promised_on else None


def can_add(*, case_state: CaseState) -> str | None:
    """Whether a business may still add something to its request."""
    return CASE_ENDED if case_state == CaseState.CLOSED else None
