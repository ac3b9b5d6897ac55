"""Every change of a draft goes through here: compared with what was seen, and recorded."""

from datetime import datetime

from django.db.models import F

from madoguchi.accounts.hats import Hat
from madoguchi.editing.models import Draft, DraftWriter
from madoguchi.editing.states import MOVES, DraftState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict


def move(draft: Draft, to: DraftState, *, version: int, **columns: object) -> None:
    """Bring a draft from where it was seen to another state. Raises Conflict when it is elsewhere by now."""
    if to not in MOVES[DraftState(draft.state)]:
        raise Conflict
    change(draft, version=version, state=to, **columns)


def change(draft: Draft, *, version: int, **columns: object) -> None:
    """Write columns of a draft as it was seen. Raises Conflict when it was changed or moved since."""
    seen = Draft.objects.filter(pk=draft.pk, state=draft.state, version=version)
    if seen.update(**columns, version=F("version") + 1) != 1:
        raise Conflict
    draft.refresh_from_db()


def note_writer(draft: Draft, hat: Hat) -> None:
    """Remember that somebody wrote in a draft."""
    DraftWriter.objects.get_or_create(draft=draft, person_id=str(hat.user_id))


def say(action: str, draft: Draft, *, at: datetime, by: audit.Actor, **data: object) -> None:
    """Record what was done with a draft: ids and names of fields, never content."""
    audit.record(
        f"editing.{action}",
        at=at,
        by=by,
        subject_type="editing.draft",
        subject_id=draft.key,
        organisation_id=draft.organisation_id,
        data={"version": draft.version, **data},
    )
