"""Correcting a case: what it is about, how its people are reached, whose it is, whether it is secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import CustodyReason, Source
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations.register import register
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed, ReasonMissing, TextMissing
from madoguchi.consultations.kinds import Urgency, Visibility
from madoguchi.consultations.models import Case, CasePerson, Consultation, Topic
from madoguchi.consultations.operations import (
    acting,
    books,
    consenting,
    counting,
    finding,
    moves,
    naming,
    recording,
)
from madoguchi.consultations.queries import sharing
from madoguchi.consultations.queries.trays import AT_WORK
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation.errors import Conflict

_SENT = InvolvementState.SENT
OPENED_BECAUSE = "秘密厳守を外しました。理由：{why}"


@dataclass(frozen=True)
class Correction:
    """What a case is to say; the first topic is the main one. `contact` holds name, email, telephone … ."""

    title: str
    topics: Sequence[Topic]
    urgency: Urgency
    is_secret: bool
    contact: Mapping[str, str]
    area_code: str
    industry: str
    employees: int | None


def require_right(case: Case, hat: Hat) -> None:
    """Raises NotAllowed for who neither leads the case nor works on it."""
    own = acting.own_involvement(case, hat)
    refused = rules.can_correct(moves.standing_of(own, hat)) if own else rules.NOT_AT_WORK
    if refused:
        raise NotAllowed(_(refused))


def correct(
    *, case: Case, to: Correction, version: int, hat: Hat, at: datetime, why: str = ""
) -> tuple[str, ...]:
    """Make a case say this, if it is still the version the person saw; return the names of what changed.

    With a secret topic it becomes secret; that it is secret no longer needs a named manager and `why`, which
    is kept as an internal note. Raises NotAllowed, TextMissing, ReasonMissing, Conflict.
    """
    require_right(case, hat)
    if not to.title.strip():
        raise TextMissing
    is_secret = to.is_secret or any(topic.is_secret for topic in to.topics)
    if case.is_secret and not is_secret:
        _require_opening(case, hat, why)
    columns: dict[str, Any] = {
        "title": to.title.strip(),
        "main_topic": to.topics[0] if to.topics else None,
        "urgency": to.urgency,
        "is_secret": is_secret,
        "area_code": to.area_code,
        "industry": to.industry,
        "employees": to.employees,
        **{f"contact_{name}": value for name, value in to.contact.items()},
    }
    changed = [name for name, value in columns.items() if getattr(case, name) != value]
    if {topic.pk for topic in to.topics} != set(case.topics.values_list("pk", flat=True)):
        changed.append("topics")
    if not changed:
        return ()
    was_secret = case.is_secret
    with transaction.atomic():
        _save(case, columns, changed, version=version, hat=hat, at=at)
        case.topics.set(to.topics)
        if is_secret and not was_secret:
            _close(case, hat=hat, at=at)
        elif was_secret and not is_secret:
            body = OPENED_BECAUSE.format(why=why.strip())
            recording.write_note(case=case, body=body, visibility=Visibility.INTERNAL, hat=hat, at=at)
        finding.keep_words(case)
    return tuple(changed)


def link(
    *,
    case: Case,
    business: Business | Mapping[str, Any],
    version: int,
    hat: Hat,
    at: datetime,
) -> None:
    """Say whose case it is: a business the person sees, or the fields of a new one.

    Whoever leads the case or took it has the business on the books from now on; another one that stood here
    leaves the books of the others. The case takes place, trade and size where it has none of its own. Raises
    NotAllowed, Conflict and what registering raises.
    """
    require_right(case, hat)
    before = case.business
    if business == before:
        return
    with transaction.atomic():
        if not isinstance(business, Business):
            business = register(
                values=business,
                source=Source.STAFF,
                at=at,
                by=hat.as_actor(),
                organisation_id=hat.organisation_id,
                reason=CustodyReason.CASE,
            )
        columns: dict[str, Any] = {"business": business}
        for name in ("area_code", "industry", "employees"):
            if getattr(case, name) in ("", None):
                columns[name] = getattr(business, name)
        changed = [name for name, value in columns.items() if getattr(case, name) != value]
        _save(case, columns, changed, version=version, hat=hat, at=at)
        talks = Consultation.everything.filter(case=case)
        talks.update(business=business, counted_as=counting.counted_as(case))
        by = hat.as_actor()
        seeing = case.involvements.filter(access_ended_at=None).select_related("case__business")
        for involvement in seeing.order_by("pk"):
            if involvement.is_lead or involvement.taken_at is not None:
                books.enter(involvement, by=by, at=at)
            if before is not None and involvement.organisation_id != hat.organisation_id:
                books.leave(involvement, before, by=by, at=at)


def unlink(*, case: Case, version: int, hat: Hat, at: datetime) -> None:
    """Say that it is not the case of the business it was linked to; that one no longer reads it.

    Its talks count as those of nobody known. Whoever knew the business by this case alone loses it from the
    books. Place, trade and size stay, for nobody knows which of them came from it. Raises NotAllowed,
    Conflict.
    """
    require_right(case, hat)
    before = case.business
    if before is None:
        return
    with transaction.atomic():
        _save(case, {"business": None}, ["business"], version=version, hat=hat, at=at)
        talks = Consultation.everything.filter(case=case)
        talks.update(business=None, counted_as=counting.counted_as(case))
        seeing = case.involvements.filter(access_ended_at=None).select_related("case__business")
        for involvement in seeing.order_by("pk"):
            books.leave(involvement, before, by=hat.as_actor(), at=at)


def _save(
    case: Case, columns: Mapping[str, Any], changed: Sequence[str], *, version: int, hat: Hat, at: datetime
) -> None:
    """Compare and set, and record the names of what changed. Raises Conflict."""
    same = Case.objects.filter(pk=case.pk, version=version, closed_at=None)
    if same.update(**columns, version=F("version") + 1) != 1 or case.version != version:
        raise Conflict
    acting.say("case_corrected", case, hat=hat, at=at, fields=sorted(changed))
    case.refresh_from_db()


def _require_opening(case: Case, hat: Hat, why: str) -> None:
    is_named = case.people.filter(user=hat.user_id, until=None).exists()
    if not (hat.may("cases.manage") and is_named):
        raise NotAllowed(_(rules.NOT_A_NAMED_MANAGER))
    if not why.strip():
        raise ReasonMissing


def _close(case: Case, *, hat: Hat, at: datetime) -> None:
    """Let the case be seen by the advisers at work alone, and end what rests on a general consent.

    Where an organisation was asked and has no adviser yet, its managers are named as for a new request; and
    where that is the lead, whoever found out as well.
    """
    consenting.end_general(case, by=hat.as_actor(), at=at)
    involvements = sharing.sharing_of(case).involvements
    at_work = [each for each in involvements if each.adviser_id and each.state in AT_WORK]
    asked = [each for each in involvements if each not in at_work and (each.is_lead or each.state == _SENT)]
    named = {each.adviser_id for each in at_work if each.adviser_id}
    if any(each.is_lead for each in asked):
        named.add(hat.user_id)
    experts = Membership.objects.running(at=hat.at).filter(role=Role.EXPERT).values("user")
    others = case.people.filter(until=None).exclude(user__in=named)
    others.exclude(user__in=experts).update(until=at)
    for user_id in sorted(named):
        CasePerson.objects.get_or_create(case=case, user_id=user_id, until=None, defaults={"since": at})
    for each in asked:
        if each.organisation:
            naming.name_receivers(case, each.organisation, at=hat.at, since=at)
