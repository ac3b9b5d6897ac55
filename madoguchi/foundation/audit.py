"""The append-only record of what happened: who, when, what, on which record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from madoguchi.foundation import outbox
from madoguchi.foundation.models import AuditEvent

SEAL_TOPIC = "audit.seal"

type_of_data = Mapping[str, object]


@dataclass(frozen=True)
class Actor:
    """Who acted, as id and label: the audit outlives the account, so it holds no foreign key."""

    id: str
    label: str


SYSTEM = Actor(id="", label="system")
ANONYMOUS = Actor(id="", label="anonymous")
