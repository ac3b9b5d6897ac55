"""One-time links for somebody without an account: made, opened, answered."""

import secrets
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import LinkInvalid, NameMissing, NoLink, NotAllowed, ReasonMissing
from madoguchi.consultations.kinds import DeclineReason, LinkPurpose, Result
from madoguchi.consultations.models import Case, Involvement, Link
from madoguchi.consultations.operations import acting, consenting, moves, telling
from madoguchi.consultations.secrets import hash_of
from madoguchi.consultations.states import MOVES, InvolvementState
from madoguchi.foundation import audit

# Longer than the last step of a usual ladder; who answers later is asked again.
LASTS = timedelta(days=45)


class Answer:
    """What somebody outside said; `name` is theirs, as they gave it."""

    def __init__(
        self,
        *,
        to: InvolvementState,
        name: str,
        reason: DeclineReason | None = None,
        result: Result | None = None,
        note: str = "",
    ) -> None:
        """Raises NameMissing, ReasonMissing."""
        self.to, self.name, self.note = to, name.strip(), note.strip()
        self.reason, self.result = reason, result
        if not self.name:
            raise NameMissing
        is_told_why = reason is not None and (reason != DeclineReason.OTHER or bool(self.note))
        if to == InvolvementState.DECLINED and not is_told_why:
            raise ReasonMissing
        if to == InvolvementState.FINISHED and result is None:
            raise ReasonMissing

    def columns(self, at: datetime) -> dict[str, object]:
        """What of the involvement this answer fills."""
        if self.to == InvolvementState.ACCEPTED:
            return {"taken_at": at, "answered_at": at, "answered_by_name": self.name}
        if self.to == InvolvementState.DECLINED:
            return {
                "answer": self.reason,
                "answer_note": self.note,
                "answered_at": at,
                "answered_by_name": self.name,
                "access_ended_at": at,
            }
        return {"result": self.result, "result_note": self.note, "finished_at": at}


def make(*, involvement: Involvement, hat: Hat, at: datetime) -> str:
    """Make a link and return its secret, which nobody keeps: it stands in one mail or on one sheet of paper.

    Raises NotAllowed for an involvement of an organisation, or of another sender.
    """
    require_sender(involvement, hat)
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        link = Link.objects.create(
            secret_hash=hash_of(secret),
            purpose=LinkPurpose.REFERRAL,
            case=involvement.case,
            involvement=involvement,
            made_at=at,
            expires_at=at + LASTS,
        )
        acting.say("link_made", involvement.case, hat=hat, at=at, link=link.pk, involvement=involvement.pk)
    return secret


def withdraw(*, involvement: Involvement, hat: Hat, at: datetime) -> None:
    """Take every link to a referral back that could still be used: by mail or on paper, it opens nothing now.

    A new one can be made. Raises NotAllowed for an involvement of an organisation, or of another sender, and
    NoLink where none could be used.
    """
    require_sender(involvement, hat)
    with transaction.atomic():
        rows = Link.objects.filter(involvement=involvement, purpose=LinkPurpose.REFERRAL, expires_at__gt=at)
        links = sorted(rows.select_for_update().values_list("pk", flat=True))
        if not links:
            raise NoLink
        rows.update(expires_at=at)
        acting.say(
            "link_withdrawn", involvement.case, hat=hat, at=at, links=links, involvement=involvement.pk
        )


def open_link(*, secret: str, at: datetime) -> Link:
    """Return what a link opens, and record that it was opened; without a record, no reading.

    Raises LinkInvalid, the same for a wrong secret and for one that has expired.
    """
    with transaction.atomic():
        link = _find(secret, at=at)
        _record("consultations.link_opened", link, at=at)
        return link


def answer_link(*, secret: str, answer: Answer, at: datetime) -> Involvement:
    """Keep the answer of whoever holds the link. Raises LinkInvalid, NotAllowed, Conflict."""
    with transaction.atomic():
        link = _find(secret, at=at)
        involvement = cast("Involvement", link.involvement)
        _answer(involvement, answer, by=_bearer(link), at=at)
        Link.objects.filter(pk=link.pk, used_at=None).update(used_at=at)
        return involvement


def answer_for_outside(*, involvement: Involvement, answer: Answer, hat: Hat, at: datetime) -> None:
    """Write down an answer that came by telephone or on paper. Raises NotAllowed, Conflict."""
    require_sender(involvement, hat)
    with transaction.atomic():
        _answer(involvement, answer, by=hat.as_actor(), at=at)


def require_sender(involvement: Involvement, hat: Hat) -> None:
    """Raises NotAllowed for anybody but the sender and the lead of somebody without an account."""
    refused = rules.can_answer_for_outside(
        moves.standing_of(involvement, hat),
        sent_by_organisation_id=involvement.sent_by_organisation_id,
        lead_organisation_id=consenting.lead_of(involvement.case),
    )
    if refused:
        raise NotAllowed(_(refused))
    acting.require_work(involvement.case, hat)


def _answer(involvement: Involvement, answer: Answer, *, by: audit.Actor, at: datetime) -> None:
    case: Case = involvement.case
    if case.closed_at is not None and involvement.state != InvolvementState.SENT:
        raise NotAllowed(_(rules.CASE_CLOSED))
    if answer.to not in MOVES[InvolvementState(involvement.state)]:
        raise NotAllowed(_(rules.ANSWERED_ALREADY))
    moves.apply(involvement, answer.to, by=by, at=at, **answer.columns(at))
    if answer.to == InvolvementState.ACCEPTED:
        moves.note_response(involvement, at=at)
    telling.answered(involvement)


def _find(secret: str, *, at: datetime) -> Link:
    found = (
        Link.objects.select_related(
            "involvement__case", "involvement__sent_by_organisation", "involvement__sent_by"
        )
        .filter(secret_hash=hash_of(secret), purpose=LinkPurpose.REFERRAL, expires_at__gt=at)
        .order_by("pk")
        .first()
    )
    if found is None or found.involvement is None:
        raise LinkInvalid
    return found


def _bearer(link: Link) -> audit.Actor:
    """Whoever holds a link, as the audit names them: the link, not the name they gave."""
    return audit.Actor(id=f"link:{link.pk}", label="one-time link")


def _record(action: str, link: Link, *, at: datetime) -> None:
    audit.record(
        action,
        at=at,
        by=_bearer(link),
        subject_type="consultations.case",
        subject_id=link.case_id,
        data={"link": link.pk, "involvement": link.involvement_id},
    )
