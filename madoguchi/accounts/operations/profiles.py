"""Changes that a person makes to their own account."""

from datetime import datetime

from django.db import transaction

from madoguchi.accounts import events
from madoguchi.accounts.errors import NameMissing
from madoguchi.accounts.models import Language, User


def change_profile(user: User, *, display_name: str, language: Language, at: datetime) -> None:
    """Change name and language; raises NameMissing. Records which of them changed."""
    name = display_name.strip()
    if not name:
        raise NameMissing
    wanted = {"display_name": name, "language": language.value}
    changed = {field: value for field, value in wanted.items() if getattr(user, field) != value}
    if not changed:
        return
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(**changed)
        events.of_account("profile_changed", user, at=at, data={"fields": sorted(changed)})
