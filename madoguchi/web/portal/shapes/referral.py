"""A referral as somebody without an account reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from madoguchi.consultations.kinds import ContactMode, DeclineReason, Result
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.queries.referral_page import Introduced
from madoguchi.consultations.states import InvolvementState
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Fact:
    """One line of what somebody needs to know."""

    label: str
    value: str
    is_telephone: bool = False


@dataclass(frozen=True)
class Said:
    """A note that is shared."""

    when: str
    author: str
    body: str


@dataclass(frozen=True)
class Page:
    """What the link shows: how things stand, and while it is open the content."""

    stands: str
    is_open: bool
    sender: str
    sender_telephone: str
    message: str
    facts: Sequence[Fact]
    notes: Sequence[Said]


def page(found: Introduced, *, on: date) -> Page:
    """The page of a link."""
    row = found.involvement
    sender = row.sent_by_organisation
    person = row.sent_by.display_name if row.sent_by else ""
    return Page(
        stands=_stands(row, on=on),
        is_open=found.is_open,
        sender="　".join(part for part in (sender.name if sender else "", person) if part),
        sender_telephone=sender.telephone if sender else "",
        message=row.message if found.is_open else "",
        facts=_facts(row) if found.is_open else (),
        notes=[
            Said(wording.day(note.written_at, today=on), note.author_name, note.body) for note in found.notes
        ],
    )


def _facts(row: Involvement) -> list[Fact]:
    case = row.case
    mode = str(ContactMode(case.contact_mode).label) if case.contact_mode else ""
    business = case.business
    found = (
        Fact(gettext("事業者"), business.name if business else ""),
        Fact(gettext("相談した人"), case.contact_name),
        Fact(gettext("電話"), case.contact_telephone or (business.telephone if business else ""), True),
        Fact(gettext("メール"), case.contact_email),
        Fact(gettext("連絡のしかた"), "　".join(part for part in (mode, case.contact_when) if part)),
        Fact(gettext("相談のテーマ"), case.main_topic.label if case.main_topic else ""),
    )
    return [fact for fact in found if fact.value]


def _stands(row: Involvement, *, on: date) -> str:
    day = wording.day(row.finished_at or row.answered_at or row.access_ended_at or row.sent_at, today=on)
    if row.answer == DeclineReason.WITHDRAWN or row.result == Result.WITHDRAWN:
        return gettext("この紹介は、取り下げられました。")
    words = {
        InvolvementState.SENT: gettext("%(day)sに届いた紹介です。お返事をお待ちしています。"),
        InvolvementState.ACCEPTED: gettext("%(day)sに、引き受けるとのお返事をいただきました。"),
        InvolvementState.WORKING: gettext("%(day)sに、引き受けるとのお返事をいただきました。"),
        InvolvementState.DECLINED: gettext("%(day)sに、引き受けられないとのお返事をいただきました。"),
        InvolvementState.FINISHED: gettext("%(day)sに、対応を終えたとのお返事をいただきました。"),
    }
    return words[InvolvementState(row.state)] % {"day": day}
