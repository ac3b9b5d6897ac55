"""Correcting a talk that counts: its facts, its case, whether it counts at all; what it said is kept."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import (
    AnotherCaseMissing,
    NotAllowed,
    NothingChanged,
    NotYetHeld,
    ReasonMissing,
    SecretStays,
)
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Case, Consultation, ConsultationRevision, Note
from madoguchi.consultations.operations import acting, counting, finding
from madoguchi.consultations.operations.acting import say
from madoguchi.consultations.operations.recording import Talk
from madoguchi.foundation.errors import Conflict

_FACTS = ("channel", "held_on", "held_at", "minutes", "place", "people")


def facts_of(talk: Consultation) -> Talk:
    """What a talk says now."""
    return Talk(
        channel=Channel(talk.channel),
        held_on=talk.held_on,
        held_at=talk.held_at,
        minutes=talk.minutes,
        place=talk.place,
        people=talk.people,
    )


def version_of(talk: Consultation) -> int:
    """Which version of a talk stands now: the first is 1."""
    return talk.revisions.count() + 1


def correct_talk(
    *, talk: Consultation, to: Talk, why: str, version: int, hat: Hat, at: datetime, case: Case | None = None
) -> None:
    """Make a talk say this, and with another `case` belong to that one, its notes too.

    Raises NotAllowed, ReasonMissing, NotYetHeld, NothingChanged, AnotherCaseMissing (not at work on it),
    SecretStays, and Conflict when the talk was corrected since the person saw `version`.
    """
    _require_right(talk, why, hat)
    if to.held_on > timezone.localdate(at):
        raise NotYetHeld
    before = facts_of(talk)
    changed = [name for name in _FACTS if getattr(to, name) != getattr(before, name)]
    moves_on = case is not None and case.pk != talk.case_id
    if not changed and not moves_on:
        raise NothingChanged
    with transaction.atomic():
        _lock(talk.case_id, *([case.pk] if case else []))
        _keep(talk, why, version, hat=hat, at=at)
        Consultation.everything.filter(pk=talk.pk).update(**{name: getattr(to, name) for name in changed})
        if case is not None and moves_on:
            changed.append("case")
            _move(talk, case, hat=hat)
        say(
            "consultation_corrected",
            talk.case,
            hat=hat,
            at=at,
            consultation=talk.pk,
            fields=sorted(changed),
            **({"to": case.pk} if case is not None and moves_on else {}),
        )
    talk.refresh_from_db()


def take_back(*, talk: Consultation, why: str, version: int, hat: Hat, at: datetime) -> None:
    """Let a talk that was counted by mistake count no longer; it stays in the history of its case.

    Raises NotAllowed, ReasonMissing, Conflict.
    """
    _set_counted(talk, None, why, version=version, hat=hat, at=at)


def count_again(*, talk: Consultation, why: str, version: int, hat: Hat, at: datetime) -> None:
    """Let a talk count again that was taken back. Raises NotAllowed, ReasonMissing, Conflict."""
    _set_counted(talk, at, why, version=version, hat=hat, at=at)


def _set_counted(
    talk: Consultation, since: datetime | None, why: str, *, version: int, hat: Hat, at: datetime
) -> None:
    _require_right(talk, why, hat)
    with transaction.atomic():
        _lock(talk.case_id)
        _keep(talk, why, version, hat=hat, at=at)
        Consultation.everything.filter(pk=talk.pk).update(withdrawn_at=None if since else at)
        _say_which_is_first(talk.case_id)
        what = "consultation_counted_again" if since else "consultation_withdrawn"
        say(what, talk.case, hat=hat, at=at, consultation=talk.pk)
    talk.refresh_from_db()


def _require_right(talk: Consultation, why: str, hat: Hat) -> None:
    if refused := why_not(talk, hat):
        raise NotAllowed(_(refused))
    if not why.strip():
        raise ReasonMissing


def why_not(talk: Consultation, hat: Hat) -> str | None:
    """Why somebody may not correct a talk; None for who may."""
    return rules.can_correct_talk(
        organisation_id=hat.organisation_id,
        talk_organisation_id=talk.organisation_id,
        is_adviser=talk.adviser_id == hat.user_id,
        is_manager=hat.may("cases.manage"),
    )


def _lock(*cases: int) -> None:
    """In one order, so that two moves between the same cases wait for each other."""
    list(Case.objects.select_for_update().filter(pk__in=cases).order_by("pk"))


def _keep(talk: Consultation, why: str, version: int, *, hat: Hat, at: datetime) -> None:
    """Keep what the talk says now. Raises Conflict when that is not what the person saw."""
    talk.refresh_from_db()
    if version_of(talk) != version:
        raise Conflict
    try:
        with transaction.atomic():
            ConsultationRevision.objects.create(
                consultation=talk,
                version=version,
                case_id=talk.case_id,
                was_counted=talk.withdrawn_at is None,
                why=why.strip(),
                replaced_at=at,
                replaced_by_id=hat.user_id,
                **{name: getattr(talk, name) for name in _FACTS},
            )
    except IntegrityError:
        raise Conflict from None


def _move(talk: Consultation, case: Case, *, hat: Hat) -> None:
    """Count the talk for another case, with what that says of its business; the text goes with it."""
    source = talk.case
    if source.is_secret and not case.is_secret:
        raise SecretStays
    try:
        involvement = acting.require_work(case, hat)
    except NotAllowed:
        raise AnotherCaseMissing from None
    Consultation.everything.filter(pk=talk.pk).update(
        case=case,
        involvement=involvement,
        topic=case.main_topic,
        business=case.business,
        area_code=case.area_code,
        industry=case.industry,
        employees=case.employees,
        counted_as=counting.counted_as(case),
    )
    Note.objects.filter(consultation=talk).update(case=case)
    for each in (source, case):
        _say_which_is_first(each.pk)
        finding.keep_words(each)


def _say_which_is_first(case_id: int) -> None:
    """The first talk of a case is the one recorded first among those that count."""
    first = Consultation.objects.filter(case=case_id).order_by("recorded_at", "pk").first()
    Consultation.everything.filter(case=case_id, is_first=True).update(is_first=False)
    if first:
        Consultation.objects.filter(pk=first.pk).update(is_first=True)
