"""Cases for tests: the least that makes a sentence true."""

from datetime import UTC, datetime
from itertools import count

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.consultations.kinds import Channel, ConsentMeans
from madoguchi.consultations.models import Case, Involvement, Topic
from madoguchi.consultations.operations.consenting import Scope
from madoguchi.consultations.operations.opening import Destination, Matter, open_case
from madoguchi.consultations.operations.referring import Agreed, Receiver, refer
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


def the_person(hat: Hat) -> User:
    return User.objects.get(pk=hat.user_id)


def its_organisation(hat: Hat) -> Organisation:
    return Organisation.objects.get(pk=hat.organisation_id)


def agreed(*, with_all: bool = True, organisations=(), outside_name: str = "") -> Agreed:
    """What the business said at the desk."""
    scope = Scope(organisations=organisations, is_general=with_all, outside_name=outside_name)
    return Agreed(scope=scope, means=ConsentMeans.SPOKEN)


def a_referral(case: Case, hat: Hat, to: Hat, *, people=(), **changes) -> Involvement:
    """What the organisation of one hat sent to that of another."""
    organisation = its_organisation(to)
    receiver = Receiver(organisation=organisation, people=people)
    consent = agreed(with_all=not case.is_secret, organisations=[organisation] if case.is_secret else [])
    given = {"message": "販路のことを、お願いします。", "agreed": consent, "at": AT}
    return refer(case=case, to=receiver, hat=hat, **(given | changes))


def a_referral_outside(
    case: Case, hat: Hat, *, name: str = "窓口 外", email: str = "soto@example.jp", **changes
):
    """What was sent to somebody without an account."""
    consent = agreed(with_all=False, outside_name=name)
    given = {"message": "ご相談をお願いします。", "agreed": consent, "at": AT}
    receiver = Receiver(outside_name=name, outside_email=email)
    return refer(case=case, to=receiver, hat=hat, **(given | changes))
