"""What was planned for an instant: publishing, and taking off."""

import logging
from datetime import datetime

from django.db import transaction

from madoguchi.catalogue import operations as catalogue
from madoguchi.catalogue.states import EditionState
from madoguchi.editing.models import Draft
from madoguchi.editing.operations.moving import move, say
from madoguchi.editing.operations.publishing import publish
from madoguchi.editing.states import DraftState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict, DomainError

logger = logging.getLogger(__name__)


def do_what_is_due(*, at: datetime) -> int:
    """Publish and take off all whose instant has come; return how many. Two workers do each once.

    A draft that cannot be published goes back to its author with the reason."""
    return sum(_publish(draft, at=at) for draft in _due_to_publish(at)) + sum(
        _expire(draft, at=at) for draft in _due_to_expire(at)
    )


def _due_to_publish(at: datetime) -> list[Draft]:
    rows = Draft.objects.filter(state=DraftState.PLANNED, publish_at__lte=at)
    return list(rows.select_related("programme", "organisation").order_by("publish_at", "pk"))


def _due_to_expire(at: datetime) -> list[Draft]:
    rows = Draft.objects.filter(state=DraftState.PUBLISHED, expire_at__lte=at)
    return list(rows.select_related("edition__programme").order_by("expire_at", "pk"))


def _publish(draft: Draft, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            publish(draft, version=draft.version, at=at, by=audit.SYSTEM)
    except DomainError as error:
        return _give_back(draft, error, at=at)
    return True


def _give_back(draft: Draft, error: DomainError, *, at: datetime) -> bool:
    """Return it with the reason; False where another worker was faster."""
    try:
        with transaction.atomic():
            move(draft, DraftState.WRITING, version=draft.version, returned=str(error), changed_at=at)
            say("draft_returned", draft, at=at, by=audit.SYSTEM, code=error.code)
    except Conflict:
        return False
    logger.warning("A planned draft could not be published: %s (%s)", draft.key, error.code)
    return True


def _expire(draft: Draft, *, at: datetime) -> bool:
    edition = draft.edition
    try:
        with transaction.atomic():
            move(draft, DraftState.EXPIRED, version=draft.version, changed_at=at)
            # What was replaced or taken off meanwhile is no longer this draft's to end.
            if edition is not None and edition.state == EditionState.PUBLISHED:
                catalogue.withdraw(edition=edition, at=at, by=audit.SYSTEM)
            say("draft_expired", draft, at=at, by=audit.SYSTEM)
    except Conflict:
        return False
    return True
