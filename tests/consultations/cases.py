"""Cases for tests: the least that makes a sentence true."""

from datetime import UTC, datetime
from itertools import count

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Case, Involvement, Topic
from madoguchi.consultations.operations.opening import Destination, Matter, open_case
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation.audit import SYSTEM
from madoguchi.institutions.models import Organisation

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)

_positions = count(1)


def a_topic(label: str = "販路開拓", *, is_secret: bool = False) -> Topic:
    position = next(_positions)
    return Topic.objects.create(
        code=f"topic-{position}", label=label, say=label, position=position, is_secret=is_secret
    )


def a_request(organisation: Organisation, *, topics=(), title: str = "首都圏で売りたい", **changes) -> Case:
    """A case that waits in the tray of an organisation."""
    matter = Matter(title=title, channel=Channel.WEB, topics=topics, **changes)
    return open_case(matter=matter, to=Destination(organisation=organisation), at=AT, by=SYSTEM)


def a_taken_case(hat: Hat, *, topics=(), title: str = "首都圏で売りたい", **changes) -> Case:
    """A case that the adviser opened at the desk."""
    to = Destination(
        organisation=Organisation.objects.get(pk=hat.organisation_id),
        adviser=User.objects.get(pk=hat.user_id),
    )
    matter = Matter(title=title, channel=Channel.DESK, topics=topics, **changes)
    return open_case(matter=matter, to=to, at=AT, by=hat.as_actor())


def the_involvement(case: Case, hat: Hat) -> Involvement:
    return case.involvements.select_related("case").get(organisation=hat.organisation_id)


def another_involvement(
    case: Case, organisation: Organisation, state: InvolvementState = InvolvementState.SENT
) -> Involvement:
    return Involvement.objects.create(case=case, organisation=organisation, state=state, sent_at=AT)
