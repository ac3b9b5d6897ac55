"""When the lead declines, the general desk answers for the case: no request is lost to everybody's sight."""

from datetime import datetime

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import ConsentMeans
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.operations import books, naming, telling
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation import audit
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk

BECAUSE = "「{name}」が引き受けなかったので、総合の窓口が受けます。"
_LONGEST_NAME = 150


def desk_instead(lead: Involvement, *, at: datetime) -> Desk | None:
    """The general desk, if it is another organisation's and somebody there would see the case."""
    region = institutions.region()
    if region is None or region.general_desk.organisation_id == lead.organisation_id:
        return None
    desk = region.general_desk
    there = colleagues.working(organisation_id=desk.organisation_id, at=at)
    if lead.case.is_secret:
        there = there.filter(role__in=naming.MANAGERS)
    return desk if there.exists() else None


def hand_on(declined: Involvement, *, to: Desk, hat: Hat, at: datetime) -> None:
    """Make a desk the lead instead of the one that declined, in the caller's transaction."""
    case, by = declined.case, hat.as_actor()
    Involvement.objects.filter(pk=declined.pk).update(is_lead=False)
    lead = Involvement.objects.create(
        case=case,
        organisation=to.organisation,
        unit=to.unit,
        desk=to,
        is_lead=True,
        state=InvolvementState.SENT,
        sent_at=at,
        routed_because=BECAUSE.format(name=telling.name_of(declined)[:_LONGEST_NAME]),
    )
    # What a business agrees to when it sends a request is the desk that answers, whichever that is.
    for consent in case.consents.filter(
        means=ConsentMeans.ONLINE, organisations=declined.organisation_id, withdrawn_at=None
    ):
        consent.organisations.add(to.organisation)
    naming.name_receivers(case, to.organisation, at=hat.at, since=at)
    books.enter(lead, by=by, at=at)
    audit.record(
        "consultations.lead_handed_on",
        at=at,
        by=by,
        subject_type="consultations.case",
        subject_id=case.pk,
        organisation_id=declined.organisation_id,
        data={"involvement": lead.pk, "to": lead.organisation_id},
    )
    if not case.held_because:
        telling.fell_to(lead)
