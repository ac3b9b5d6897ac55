"""Requests of businesses for tests, and the region they are sent in."""

from datetime import UTC, date, datetime
from itertools import count

from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Outcome, Result
from madoguchi.consultations.models import Case, Policy, RoutingRule, Topic
from madoguchi.consultations.operations import closing, requests
from madoguchi.consultations.operations.requester import Requester
from madoguchi.consultations.operations.requests import Request
from madoguchi.foundation.audit import ANONYMOUS
from madoguchi.institutions.models import Desk
from tests import factories
from tests.accounts.people import a_hat

# A Monday, at noon in Tokyo; three business days later is a Thursday.
AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
PROMISED = date(2026, 12, 3)
THE_BUSINESS = Requester(ANONYMOUS, "みほん商店")
HOURS = [{"days": "平日", "opens": "08:30", "closes": "17:15"}]

_numbers = count(1)


def a_policy(**changes) -> Policy:
    given = {"promised_days": 3, "chasing": [], "retention_years": 5, "content_hash": ""}
    return Policy.objects.create(**(given | changes))


def a_rule(desk: Desk, **conditions) -> RoutingRule:
    return RoutingRule.objects.create(
        position=RoutingRule.objects.count(),
        conditions=conditions,
        desk=desk,
        because=f"{desk.name}が受けます。",
    )


def a_read_desk(slug: str, *, telephone: str = "03-0000-0009", **fields) -> Desk:
    """A desk whose organisation has an adviser."""
    desk = factories.a_desk(slug, telephone=telephone, hours=HOURS, **fields)
    a_hat(at=AT, organisation=desk.organisation)
    return desk


def a_region(**rules: Desk) -> Desk:
    """A region with a general desk that somebody reads, and a rule for each topic; returns that desk."""
    general = a_read_desk("general", telephone="03-0000-0001")
    factories.a_region(general)
    a_policy()
    for topic, desk in rules.items():
        a_rule(desk, topics=[topic])
    a_rule(general)
    return general


def a_topic(code: str, *, is_secret: bool = False, words=()) -> Topic:
    return Topic.objects.create(
        code=code,
        label=code,
        say=code,
        words=list(words),
        position=Topic.objects.count(),
        is_secret=is_secret,
    )


def received(
    words: str = "首都圏で売りたい", *, once: str | None = None, at: datetime = AT, held_because="", **told
) -> Case:
    return requests.receive(
        request=Request(words=words, **told),
        once=once or f"once-{next(_numbers)}",
        at=at,
        actual=at,
        by=ANONYMOUS,
        held_because=held_because,
    )


def a_manager(desk: Desk):
    return a_hat(at=AT, organisation=desk.organisation, role=Role.MANAGER)


def an_adviser(desk: Desk):
    return a_hat(at=AT, organisation=desk.organisation)


def close(case: Case, hat, *, at):
    """Close the case with nothing but advice."""
    told = closing.CameOfIt(outcome=Outcome.NONE, result=Result.HELPED)
    return closing.close_case(case=case, told=told, hat=hat, at=at)
