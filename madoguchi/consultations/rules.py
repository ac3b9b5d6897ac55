"""Who may do what with a case they can see: each function returns why not, or None."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from madoguchi.consultations.states import (
    EXPERT_MOVES,
    MOVES,
    RUNNING,
    CaseState,
    ExpertRequestState,
    InvolvementState,
)
from madoguchi.foundation.words import gettext_noop

NOT_YOUR_ORGANISATION = gettext_noop("この案件のこの部分は、ほかの機関が担当しています。")
NOT_AT_WORK = gettext_noop("あなたの機関は、この案件をまだ引き受けていないか、もう終えています。")
NOT_THE_LEAD = gettext_noop("案件を閉じられるのは、責任をもつ機関だけです。")
CASE_CLOSED = gettext_noop("この案件は閉じています。続けるときは、もう一度開いてください。")
CASE_HELD = gettext_noop("この相談は、確認待ちです。先に、受け付けるか片づけるかを決めてください。")
NOT_YOUR_TALK = gettext_noop("相談の記録を直せるのは、話した人と、その機関の管理者だけです。")
NOT_YOUR_NOTE = gettext_noop("記録を直せるのは、書いた人だけです。")
NOT_THE_SENDER = gettext_noop("返事を書き入れられるのは、紹介した機関と、責任をもつ機関だけです。")
NOT_A_NAMED_PERSON = gettext_noop(
    "見てよい人を決められるのは、責任をもつ機関で名前のあがっている人だけです。"
)
NOT_A_NAMED_MANAGER = gettext_noop("秘密厳守を外せるのは、名前のあがっている管理者だけです。")
TOO_EARLY = gettext_noop("お約束した日までは、担当の返事をお待ちください。")
NUDGED_ALREADY = gettext_noop("返事のお願いは、もう届けました。お急ぎのときはお電話ください。")
NOT_WAITING = gettext_noop("この相談には、もう返事がきています。")
ANSWERED_ALREADY = gettext_noop("この引き継ぎには、もう返事がされています。")
NO_TALK_OF_OTHERS = gettext_noop(
    "相談の記録を残せるのは、自分で受けるときだけです。送るときは、困りごとの欄に書いてください。"
)
NO_SECRET_NOTE_FOR_OTHERS = gettext_noop("ほかの機関に送るときは、「共有」の記録だけを添えられます。")
CASE_ENDED = gettext_noop("この相談は終わりました。新しいことは、あらためて相談してください。")
NOTHING_RUNNING = gettext_noop("この相談は、もう終わっています。")
NOT_THE_EXPERTS_TURN = gettext_noop("この依頼は、いまはその操作ができません。画面を読み込み直してください。")
NOT_THE_ASKER = gettext_noop("依頼を終えられるのは、頼んだ機関と、責任をもつ機関だけです。")
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
    if reason := _at_rest(standing.case_state):
        return None if is_still_asked(standing) and to in _ANSWERS else reason
    if is_left_over(standing) and to == InvolvementState.ACCEPTED:
        return None
    if to not in MOVES[standing.involvement_state]:
        return ANSWERED_ALREADY if to in _ANSWERS else NOT_AT_WORK
    return None


def _at_rest(state: CaseState) -> str | None:
    """Why nobody acts in a case as a whole: it is closed, or held until somebody has looked at it."""
    return {CaseState.CLOSED: CASE_CLOSED, CaseState.HELD: CASE_HELD}.get(state)


def is_left_over(standing: Standing) -> bool:
    """Whether the lead declined and nobody has the case instead: it may still take it."""
    has_declined = standing.involvement_state == InvolvementState.DECLINED
    return standing.is_lead and has_declined and standing.case_state == CaseState.UNTAKEN


def is_still_asked(standing: Standing) -> bool:
    """Whether somebody was asked by another and may answer, although the case was closed meanwhile."""
    is_asked = standing.involvement_state == InvolvementState.SENT and not standing.is_lead
    return is_asked and standing.case_state == CaseState.CLOSED


_ANSWERS = frozenset({InvolvementState.ACCEPTED, InvolvementState.DECLINED})


def can_work(standing: Standing) -> str | None:
    """Whether the organisation may record, plan and refer: it has taken the case and not finished."""
    if reason := _at_rest(standing.case_state):
        return reason
    is_at_work = standing.involvement_state in RUNNING - {InvolvementState.SENT}
    if standing.organisation_id != standing.involvement_organisation_id or not is_at_work:
        return NOT_AT_WORK
    return None


def can_correct(standing: Standing) -> str | None:
    """Whether the organisation may correct what the case says: it leads the case or is at work on it."""
    own = standing.organisation_id == standing.involvement_organisation_id
    if own and standing.is_lead and not _at_rest(standing.case_state):
        return None
    return can_work(standing)


def can_close(standing: Standing) -> str | None:
    """Whether the organisation may close the case: the lead, whatever others still do."""
    if reason := _at_rest(standing.case_state):
        return reason
    if not standing.is_lead or standing.organisation_id != standing.involvement_organisation_id:
        return NOT_THE_LEAD
    return None


def can_change_note(*, author_id: int | None, user_id: int) -> str | None:
    """Whether a person may change a note: only who wrote it."""
    return None if author_id == user_id else NOT_YOUR_NOTE


def can_correct_talk(
    *, organisation_id: int | None, talk_organisation_id: int, is_adviser: bool, is_manager: bool
) -> str | None:
    """Whether a talk may be corrected: by who held it or a manager, for the organisation it counts for."""
    if organisation_id == talk_organisation_id and (is_adviser or is_manager):
        return None
    return NOT_YOUR_TALK


def can_add(*, case_state: CaseState) -> str | None:
    """Whether a business may still add something to its request."""
    return CASE_ENDED if case_state == CaseState.CLOSED else None


@dataclass(frozen=True)
class Sharing:
    """One standing consent: with these organisations, with whom the lead chooses, with somebody outside."""

    organisation_ids: frozenset[int] = frozenset()
    is_general: bool = False
    outside_name: str = ""


def is_shared_with(
    consents: Iterable[Sharing], *, organisation_id: int | None, outside_name: str = "", is_secret: bool
) -> bool:
    """Whether the business agreed that this organisation, or this person outside, reads the case.

    A secret case is shared with those alone whom the business named: a general consent is not enough.
    """
    for consent in consents:
        if consent.is_general and not is_secret:
            return True
        if organisation_id is not None and organisation_id in consent.organisation_ids:
            return True
        if organisation_id is None and outside_name and consent.outside_name == outside_name:
            return True
    return False


def can_answer_for_outside(
    standing: Standing, *, sent_by_organisation_id: int | None, lead_organisation_id: int | None
) -> str | None:
    """Whether an answer of somebody without an account may be written down: by the sender or the lead."""
    if standing.case_state == CaseState.CLOSED:
        return CASE_CLOSED
    own = standing.organisation_id
    if standing.involvement_organisation_id is not None or own is None:
        return NOT_THE_SENDER
    return None if own in (sent_by_organisation_id, lead_organisation_id) else NOT_THE_SENDER


def can_name_people(
    *, organisation_id: int | None, lead_organisation_id: int | None, is_named: bool
) -> str | None:
    """Whether somebody may say who sees a secret case: a named person of the lead."""
    if organisation_id is None or organisation_id != lead_organisation_id or not is_named:
        return NOT_A_NAMED_PERSON
    return None


def can_nudge(state: InvolvementState, *, on: date, promised_on: date, was_nudged: bool) -> str | None:
    """Whether a business may ask for the answer: once, when the promised day is over without one."""
    if state != InvolvementState.SENT:
        return NOT_WAITING
    if was_nudged:
        return NUDGED_ALREADY
    return TOO_EARLY if on <= promised_on else None


def can_move_expert_request(came_from: ExpertRequestState, to: ExpertRequestState) -> str | None:
    """Whether a question to an expert may go on like this."""
    return None if to in EXPERT_MOVES[came_from] else NOT_THE_EXPERTS_TURN


def can_end_expert_request(
    *, organisation_id: int | None, asked_by_organisation_id: int, lead_organisation_id: int | None
) -> str | None:
    """Whether somebody may end a question to an expert: of the organisation that asked it, or of the lead."""
    if organisation_id is not None and organisation_id in (asked_by_organisation_id, lead_organisation_id):
        return None
    return NOT_THE_ASKER
