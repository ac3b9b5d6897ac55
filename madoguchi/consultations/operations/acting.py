"""What operations on a case begin with: the own part in it, whether one may act, and the record of it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.operations import moves
from madoguchi.consultations.states import RUNNING
from madoguchi.foundation import audit
from madoguchi.institutions.models import Organisation


def own_involvement(case: Case, hat: Hat) -> Involvement | None:
    """The part of the hat's organisation in a case: the running one, else the latest; None without one."""
    own = case.involvements.filter(organisation=hat.organisation_id, access_ended_at=None)
    return own_among(own.select_related("case", "organisation", "adviser"), hat)


def own_among(parts: Iterable[Involvement], hat: Hat) -> Involvement | None:
    """The same, of parts that were read already."""
    own = [row for row in parts if row.organisation_id == hat.organisation_id and row.access_ended_at is None]
    rows = sorted(own, key=lambda row: -row.pk)
    return next((row for row in rows if row.state in RUNNING), rows[0] if rows else None)


def lead_part(case: Case) -> Involvement:
    """The part of the organisation that answers for the case to the business."""
    return case.involvements.select_related("case", "organisation", "unit", "desk", "adviser").get(
        is_lead=True
    )


def require_work(case: Case, hat: Hat) -> Involvement:
    """The own involvement, at work. Raises NotAllowed."""
    involvement = own_involvement(case, hat)
    if involvement is None:
        raise NotAllowed(_(rules.NOT_AT_WORK))
    if refused := rules.can_work(moves.standing_of(involvement, hat)):
        raise NotAllowed(_(refused))
    return involvement


def own_organisation(hat: Hat) -> Organisation:
    """The organisation that somebody acts for. Raises NotAllowed for who acts for none."""
    if hat.organisation_id is None:
        raise NotAllowed
    return Organisation.everything.get(pk=hat.organisation_id)


def say(action: str, case: Case, *, hat: Hat, at: datetime, **data: object) -> None:
    """Record what was done to a case: ids and names of fields, never content."""
    audit.record(
        f"consultations.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type="consultations.case",
        subject_id=case.pk,
        organisation_id=hat.organisation_id,
        data=data,
    )
