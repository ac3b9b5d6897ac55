"""Two records of one business become one, or part again, and its talks are counted accordingly."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations import merging
from madoguchi.consultations.operations.counting import count_as_one


@transaction.atomic
def merge(*, keep: Business, drop: Business, take: Sequence[str], hat: Hat, at: datetime) -> None:
    """Let `keep` stand for `drop`. Raises CannotMerge and Conflict."""
    merging.merge(
        keep=keep, drop=drop, take=take, at=at, by=hat.as_actor(), organisation_id=hat.organisation_id
    )
    count_as_one(keep.pk)


@transaction.atomic
def unmerge(*, drop: Business, hat: Hat, at: datetime) -> None:
    """Let a merged record stand for itself again. Raises Conflict."""
    merging.unmerge(drop=drop, at=at, by=hat.as_actor(), organisation_id=hat.organisation_id)
    count_as_one(drop.pk)
