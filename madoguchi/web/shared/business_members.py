"""People who act for a business, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext

from madoguchi.businesses.choices import MemberRole, Scope
from madoguchi.businesses.models import BusinessMember
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Member:
    """A person who acts for the business."""

    number: int
    name: str
    role: str
    details: tuple[str, ...]
    is_confirmed: bool


def member_of(row: BusinessMember) -> Member:
    """A member in words."""
    details = [row.profession]
    if row.role != MemberRole.OWNER:
        details.append("、".join(str(Scope(scope).label) for scope in row.scopes))
    if row.ends_at:
        details.append(gettext("%(day)sまで") % {"day": wording.day_full(row.ends_at)})
    details.append(row.evidence)
    return Member(
        row.pk,
        row.user.display_name,
        str(row.get_role_display()),
        tuple(detail for detail in details if detail),
        row.confirmed_at is not None,
    )
