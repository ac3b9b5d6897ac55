"""How the cases of a demonstration begin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from madoguchi.accounts.models import Membership, User
from madoguchi.businesses.models import Business
from madoguchi.consultations.models import Case, Topic
from madoguchi.consultations.operations import naming, opening, requests
from madoguchi.consultations.operations.opening import Destination, Matter
from madoguchi.foundation.audit import ANONYMOUS, SYSTEM
from madoguchi.institutions.models import Desk
from madoguchi.packs import schema_demo
from madoguchi.packs.demo.cast import Cast


@dataclass(frozen=True)
class Beginning:
    """What a case begins with."""

    record: schema_demo.Case
    business: Business | None
    cast: Cast
    at: datetime
    once: str

    @property
    def topics(self) -> list[Topic]:
        """In the order of the record: the first is the main one."""
        found = Topic.objects.in_bulk(self.record.topics, field_name="code")
        return [found[code] for code in self.record.topics]

    @property
    def facts(self) -> dict[str, Any]:
        """Where, in what line of business, how big: those of the business unless the case has its own."""
        business, record = self.business, self.record
        return {
            "area_code": record.area or (business.area_code if business else ""),
            "industry": record.industry or (business.industry if business else ""),
            "employees": business.employees if business else None,
        }

    @property
    def contact(self) -> dict[str, str]:
        """Who is to be answered, and how."""
        opened = self.record.opened
        given = {"name": opened.contact_name, "mode": str(opened.contact_mode or "")}
        if self.business and self.business.telephone:
            given["telephone"] = self.business.telephone
        return {name: value for name, value in given.items() if value}


def begin(beginning: Beginning) -> Case:
    """Open the case as its record says."""
    if beginning.record.is_request:
        return _request(beginning)
    return _at_the_desk(beginning) if beginning.record.opened.by else _into_the_tray(beginning)


def _request(beginning: Beginning) -> Case:
    record, opened = beginning.record, beginning.record.opened
    requester = _requester(beginning)
    request = requests.Request(
        words=record.words,
        topics=beginning.topics,
        business=beginning.business,
        requester=requester,
        is_anonymous=opened.is_anonymous,
        contact=beginning.contact,
        chosen_desk=opened.desk or "",
        shares_with_others=opened.shares_with_others,
        **beginning.facts,
    )
    return requests.receive(
        request=request,
        once=beginning.once,
        at=beginning.at,
        actual=beginning.cast.access_at,
        by=requester.as_actor() if requester else ANONYMOUS,
        held_because=opened.held_because,
    )


def _at_the_desk(beginning: Beginning) -> Case:
    hat = beginning.cast.hats[beginning.record.opened.by or ""]
    membership = Membership.objects.select_related("user", "team", "unit", "organisation").get(
        pk=hat.membership_id or 0
    )
    return opening.open_case(
        matter=_matter(beginning),
        to=Destination(
            organisation=membership.organisation,
            unit=membership.unit,
            team=membership.team,
            desk=_desk(beginning),
            adviser=membership.user,
        ),
        at=beginning.at,
        by=hat.as_actor(),
        once=beginning.once,
    )


def _into_the_tray(beginning: Beginning) -> Case:
    """Taken down for a desk, by telephone or at an event: it waits there until somebody takes it."""
    desk = _desk(beginning)
    assert desk is not None  # noqa: S101 (the schema asks for it)
    with transaction.atomic():
        case = opening.open_case(
            matter=_matter(beginning),
            to=Destination(organisation=desk.organisation, unit=desk.unit, desk=desk),
            at=beginning.at,
            by=SYSTEM,
            once=beginning.once,
        )
        naming.name_receivers(case, desk.organisation, at=beginning.cast.access_at, since=beginning.at)
    return case


def _matter(beginning: Beginning) -> Matter:
    record, opened = beginning.record, beginning.record.opened
    return Matter(
        title=record.title,
        channel=opened.channel,
        words=record.words,
        urgency=opened.urgency,
        topics=beginning.topics,
        business=beginning.business,
        requester=_requester(beginning),
        is_anonymous=opened.is_anonymous,
        contact=beginning.contact,
        **beginning.facts,
    )


def _requester(beginning: Beginning) -> User | None:
    key = beginning.record.opened.requester
    return beginning.cast.users[key] if key else None


def _desk(beginning: Beginning) -> Desk | None:
    slug = beginning.record.opened.desk
    return Desk.objects.select_related("organisation", "unit").get(slug=slug) if slug else None
