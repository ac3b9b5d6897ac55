"""What a form offers to choose from: topics, colleagues."""

from datetime import datetime

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import PERMISSIONS, Role
from madoguchi.consultations.models import Topic

# Who may work on a case.
WORKING_ROLES = tuple(role for role in Role if "cases.write" in PERMISSIONS[role])


def topics() -> list[Topic]:
    """The topics of today, in the order of the pack."""
    return list(Topic.objects.filter(is_current=True).order_by("position", "pk"))


def colleagues(hat: Hat, *, at: datetime) -> list[User]:
    """Those who may work on the cases of the hat's organisation at this moment, by name."""
    running = Membership.objects.filter(organisation=hat.organisation_id, role__in=WORKING_ROLES)
    ids = running.running(at=at).values("user")
    return list(User.objects.filter(pk__in=ids).order_by("display_name", "pk"))
