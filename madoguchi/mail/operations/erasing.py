"""Taking back what a mail says, because what or whom it tells of is erased."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from madoguchi.mail.models import Mail
from madoguchi.mail.operations.delivering import NOTHING
from madoguchi.mail.states import MailState

# One that is being handed over at this moment is emptied by whoever hands it over.
_RESTING = (MailState.WAITING, MailState.FAILED)


def erase_about(*, subject_type: str, subject_ids: Collection[int], at: datetime) -> None:
    """Empty the mails that tell of these records and are not handed over yet; none of them goes out."""
    ids = [str(each) for each in subject_ids]
    _erase(Mail.objects.filter(subject_type=subject_type, subject_id__in=ids), at=at)


def erase_to(*, user_id: int, at: datetime) -> None:
    """Empty the mails to a person that are not handed over yet, and forget that any were theirs."""
    mine = Mail.objects.filter(user_id=str(user_id))
    _erase(mine, at=at)
    mine.update(user_id="")


def _erase(mails: QuerySet[Mail], *, at: datetime) -> None:
    mails.filter(state__in=_RESTING).update(
        state=MailState.STOPPED, result="withdrawn", erased_at=at, **NOTHING
    )
