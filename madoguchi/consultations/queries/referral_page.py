"""What somebody without an account sees of a referral, and the sheet that introduces a case on paper."""

from dataclasses import dataclass

from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Consent, Involvement, Note
from madoguchi.consultations.states import InvolvementState

# Who declined, finished or lost the consent has no more use for the content.
_READING = frozenset({InvolvementState.SENT, InvolvementState.ACCEPTED, InvolvementState.WORKING})


@dataclass(frozen=True)
class Introduced:
    """The least that somebody needs to answer a referral."""

    involvement: Involvement
    is_open: bool
    notes: list[Note]


def introduced(involvement: Involvement) -> Introduced:
    """A referral with the shared notes; without any content once it is over. Of a secret case no notes."""
    case = involvement.case
    is_open = involvement.state in _READING and involvement.access_ended_at is None and case.erased_at is None
    notes: list[Note] = []
    if is_open and not case.is_secret:
        notes = list(case.notes.filter(visibility=Visibility.SHARED).order_by("-written_at", "-pk")[:50])
    return Introduced(involvement=involvement, is_open=is_open, notes=notes)


def consent_behind(involvement: Involvement) -> Consent | None:
    """The standing consent that a referral outside goes by, the newest first."""
    rows = involvement.case.consents.filter(withdrawn_at=None)
    named = rows.filter(outside_name=involvement.outside_name)
    return (named.order_by("-given_at", "-pk").first()) or (
        rows.filter(is_general=True).order_by("-given_at", "-pk").first()
    )
