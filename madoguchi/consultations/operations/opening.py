"""Opening a case: by an adviser at the desk, or by the business's own request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from madoguchi.accounts.models import Team, User
from madoguchi.businesses.models import Business
from madoguchi.consultations.errors import TextMissing
from madoguchi.consultations.kinds import Channel, Urgency
from madoguchi.consultations.models import Case, CaseNumber, CasePerson, Involvement, Topic
from madoguchi.consultations.operations import books, finding
from madoguchi.consultations.states import InvolvementState, state_of_case
from madoguchi.foundation import audit
from madoguchi.foundation.keys import new_key
from madoguchi.institutions.models import Desk, Organisation, Unit
from madoguchi.japan.fiscal_year import FiscalYear


@dataclass(frozen=True)
class Matter:
    """What somebody comes with."""

    title: str
    channel: Channel
    words: str = ""
    urgency: Urgency = Urgency.NORMAL
    topics: Sequence[Topic] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    business: Business | None = None
    requester: User | None = None
    is_anonymous: bool = False
    contact: dict[str, str] = field(default_factory=dict)
    area_code: str = ""
    industry: str = ""
    employees: int | None = None
    language: str = "ja"
    promised_on: date | None = None


@dataclass(frozen=True)
class Destination:
    """Who has it first. With an adviser it is taken; without one it waits in the desk's tray."""

    organisation: Organisation
    unit: Unit | None = None
    team: Team | None = None
    desk: Desk | None = None
    adviser: User | None = None
    because: str = ""


def open_case(
    *,
    matter: Matter,
    to: Destination,
    at: datetime,
    by: audit.Actor,
    held_because: str = "",
    once: str | None = None,
) -> Case:
    """Open a case and return it; the same `once` gives the case that it opened before. Raises TextMissing."""
    try:
        with transaction.atomic():
            return open_new(matter=matter, to=to, at=at, by=by, held_because=held_because, once=once)
    except IntegrityError:
        opened = Case.objects.filter(once=once).first() if once else None
        if opened is None:
            raise
        return opened


def open_new(
    *,
    matter: Matter,
    to: Destination,
    at: datetime,
    by: audit.Actor,
    held_because: str = "",
    once: str | None = None,
) -> Case:
    """Open a case as a part of the caller's transaction. Raises TextMissing, and IntegrityError for a `once`
    that another case bears: the caller undoes what it did besides, and gives that case.
    """
    if not matter.title.strip():
        raise TextMissing
    state = InvolvementState.ACCEPTED if to.adviser else InvolvementState.SENT
    year = FiscalYear.of(timezone.localdate(at)).start_year
    case = Case.objects.create(
        key=new_key(),
        number=f"{year}-{_next_number(year):04d}",
        fiscal_year=year,
        title=matter.title.strip(),
        words=matter.words.strip(),
        answers=matter.answers,
        main_topic=matter.topics[0] if matter.topics else None,
        channel=matter.channel,
        urgency=matter.urgency,
        is_secret=any(topic.is_secret for topic in matter.topics),
        business=matter.business,
        requester=matter.requester,
        is_anonymous=matter.is_anonymous,
        area_code=matter.area_code,
        industry=matter.industry,
        employees=matter.employees,
        language=matter.language,
        state=state_of_case([state], is_held=bool(held_because), is_closed=False),
        held_because=held_because,
        opened_at=at,
        promised_on=matter.promised_on,
        responded_at=at if to.adviser else None,
        once=once,
        **{f"contact_{name}": value for name, value in matter.contact.items()},
    )
    case.topics.set(matter.topics)
    lead = Involvement.objects.create(
        case=case,
        organisation=to.organisation,
        unit=to.unit,
        team=to.team,
        desk=to.desk,
        adviser=to.adviser,
        is_lead=True,
        state=state,
        sent_at=at,
        taken_at=at if to.adviser else None,
        routed_because=to.because,
    )
    if to.adviser:
        CasePerson.objects.create(case=case, user=to.adviser, since=at)
    audit.record(
        "consultations.case_opened",
        at=at,
        by=by,
        subject_type="consultations.case",
        subject_id=case.pk,
        organisation_id=to.organisation.pk,
        data={"channel": matter.channel, "taken": to.adviser is not None, "held": bool(held_because)},
    )
    books.enter(lead, by=by, at=at)
    finding.keep_words(case)
    return case


def _next_number(fiscal_year: int) -> int:
    """The next number of the year; the row is locked until the transaction ends, so none is given twice."""
    CaseNumber.objects.get_or_create(fiscal_year=fiscal_year, defaults={"last": 0})
    CaseNumber.objects.filter(pk=fiscal_year).update(last=F("last") + 1)
    return CaseNumber.objects.values_list("last", flat=True).get(pk=fiscal_year)
