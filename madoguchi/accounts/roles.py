"""Roles in organisations, what each may do, and how long its sessions last."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person does in an organisation."""

    ADVISER = "adviser", _("相談員")
    OFFICER = "officer", _("施策担当")
    MANAGER = "manager", _("管理者")
    EXPERT = "expert", _("専門家")
    AUDITOR = "auditor", _("監査担当")
    OPERATOR = "operator", _("システム運用")


# Everybody who is signed in: their own account and their own business.
OWN = frozenset({"own.use"})

_CASES = frozenset(
    {
        "cases.read",
        "cases.write",
        "cases.statistics",
        "businesses.read",
        "businesses.write",
        "programmes.read",
    }
)
# Permissions are module.action. None of them opens a record by itself: which cases and businesses a person
# sees is asked of `visible_to(hat)`, and an operator's permissions name no content at all.
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ADVISER: OWN | _CASES,
    Role.OFFICER: OWN
    | _CASES
    | {"cases.region_statistics", "results.write", "programmes.write", "feeds.review"},
    Role.MANAGER: OWN
    | _CASES
    | {
        "cases.manage",
        "cases.region_statistics",
        "results.write",
        "programmes.write",
        "programmes.manage",
        "feeds.review",
        "businesses.import",
        "businesses.merge",
        "businesses.erase",
        "accounts.manage",
        "audit.read",
    },
    Role.EXPERT: OWN | {"cases.assigned"},
    Role.AUDITOR: OWN | {"audit.read", "cases.statistics", "cases.region_statistics"},
    Role.OPERATOR: OWN | {"operations.run"},
}


@dataclass(frozen=True)
class SessionLimits:
    """How long a session may rest, and how long it may last at all."""

    idle: timedelta
    absolute: timedelta


# Staff see other people's secrets, an operator the machine; a shop owner comes back after the evening's work.
STAFF_LIMITS = SessionLimits(idle=timedelta(minutes=60), absolute=timedelta(hours=12))
OPERATOR_LIMITS = SessionLimits(idle=timedelta(minutes=15), absolute=timedelta(hours=4))
OWN_LIMITS = SessionLimits(idle=timedelta(days=1), absolute=timedelta(days=14))


def session_limits(role: Role | None) -> SessionLimits:
    """How long a session in this role may rest and last; without a role, a business's own."""
    if role is None:
        return OWN_LIMITS
    return OPERATOR_LIMITS if role == Role.OPERATOR else STAFF_LIMITS
