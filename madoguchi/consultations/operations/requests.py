"""A business's own request: received, and what the business does with it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import User
from madoguchi.businesses.models import Business
from madoguchi.consultations import ladder, letters, promises
from madoguchi.consultations.errors import AlreadySent, NotAllowed, TextMissing
from madoguchi.consultations.kinds import Channel, ConsentMeans
from madoguchi.consultations.models import Case, Consent, Topic
from madoguchi.consultations.operations import naming, opening, request_links, telling
from madoguchi.consultations.operations.acting import lead_part
from madoguchi.consultations.operations.opening import Destination, Matter
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.queries.routing import Routed, desk_of_programme, routing_of
from madoguchi.consultations.routing import Asked
from madoguchi.foundation import audit
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk

LONGEST_TITLE = 40


@dataclass(frozen=True)
class Request:
    """What a business sends: its words, what it is about, who it is, how it wishes to be answered."""

    words: str
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
    chosen_desk: str = ""
    programme: str = ""
    shares_with_others: bool = False


def receive(
    *,
    request: Request,
    once: str,
    at: datetime,
    actual: datetime,
    by: audit.Actor,
    held_because: str = "",
) -> Case:
    """Route a request, open its case, keep the consents and send the receipt; return the case.

    The same `once` gives the case it opened before, and nothing twice. `at` is the time the site believes
    in, `actual` the machine's, by which people are members. Raises TextMissing, AlreadySent (other words
    with that `once`), and NotAllowed before a region is loaded.
    """
    if not request.words.strip():
        raise TextMissing
    before = _opened(request, once)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            return _receive(request, once=once, at=at, actual=actual, by=by, held_because=held_because)
    except IntegrityError:
        opened = _opened(request, once)
        if opened is None:
            raise
        return opened


def _opened(request: Request, once: str) -> Case | None:
    """The case that this request opened before. Raises AlreadySent when its words were others."""
    case = Case.objects.filter(once=once).first()
    if case is not None and case.words != request.words.strip():
        raise AlreadySent
    return case


def _receive(
    request: Request, *, once: str, at: datetime, actual: datetime, by: audit.Actor, held_because: str
) -> Case:
    routed = route(request, at=at, actual=actual)
    case = opening.open_new(
        matter=_matter(request, routed.desk, at=at),
        to=Destination(
            organisation=routed.desk.organisation,
            unit=routed.desk.unit,
            desk=routed.desk,
            because=routed.because,
        ),
        at=at,
        by=by,
        held_because=held_because,
        once=once,
    )
    naming.name_receivers(case, routed.desk.organisation, at=actual, since=at)
    _keep_consents(case, routed.desk, request, at=at)
    request_links.make_state_link(case, at=at)
    if not held_because:
        tell(case)
    return case


def route(request: Request, *, at: datetime, actual: datetime) -> Routed:
    """Where a request goes. Raises NotAllowed before a region is loaded."""
    region = institutions.region()
    if region is None:
        raise NotAllowed(_("いまは、相談を受け付けられません。"))
    on = _local(at).date()
    programme_desk = ""
    if request.programme:
        programme_desk = desk_of_programme(request.programme, area=request.area_code, on=on, region=region)
    routing = routing_of(region, on=on, at=actual, named=[request.chosen_desk, programme_desk])
    asked = Asked(
        topics=tuple(topic.code for topic in request.topics),
        secret_topics=routing.secret_topics,
        area=request.area_code,
        industry=request.industry,
        employees=request.employees,
        answers={key: str(value) for key, value in request.answers.items()},
        language=request.language,
        chosen_desk=request.chosen_desk if request.chosen_desk in routing.desks else "",
        programme_desk=programme_desk,
    )
    return routing.decide(asked, on=on)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at, timezone.get_default_timezone())


def promise(desk: Desk, *, at: datetime) -> date:
    """The day until which an answer is promised for what reaches a desk at this moment."""
    policy = current_policy()
    days = policy.promised_days if policy else ladder.PROMISED_DAYS
    return promises.promised_day(_local(at), days=days, closes=promises.closing_time(desk.hours))


def _matter(request: Request, desk: Desk, *, at: datetime) -> Matter:
    return Matter(
        title=title_of(request.words),
        channel=Channel.WEB,
        words=request.words,
        topics=request.topics,
        answers=request.answers,
        business=request.business,
        requester=request.requester,
        is_anonymous=request.is_anonymous,
        contact=request.contact,
        area_code=request.area_code,
        industry=request.industry,
        employees=request.employees,
        language=request.language,
        promised_on=promise(desk, at=at),
    )


def title_of(words: str) -> str:
    """The beginning of somebody's words as the title of a case: the first line, cut where it grows long."""
    line = next((line.strip() for line in words.splitlines() if line.strip()), "")
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _keep_consents(case: Case, desk: Desk, request: Request, *, at: datetime) -> None:
    to_desk = Consent.objects.create(case=case, means=ConsentMeans.ONLINE, given_at=at)
    to_desk.organisations.add(desk.organisation)
    if request.shares_with_others:
        Consent.objects.create(case=case, means=ConsentMeans.ONLINE, given_at=at, is_general=True)


def tell(case: Case) -> None:
    """Send the receipt to the business and tell the desk, once each, in the caller's transaction.

    What is held tells nobody: a machine could write to anybody through us.
    """
    lead = lead_part(case)
    telling.requested(lead)
    if lead.desk:
        desk, contact = lead.desk, lead.desk.contacts.exclude(telephone="").order_by("position", "pk").first()
        telephone = contact.telephone if contact else ""
        secret = request_links.state_secret(case)
        telling.to_business(
            case,
            lambda: letters.receipt(case, desk, telephone=telephone, secret=secret),
            kind="request_received",
            key=f"request:{case.pk}",
        )
