"""What somebody is typing, kept until it is sent. Nobody else reads it, so it leaves no record of its own."""

import json
import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Draft
from madoguchi.foundation.errors import DomainError

INTAKE = "intake"
# Far more than anybody types, far less than would hurt.
MOST_BYTES = 200_000
_FORM = re.compile(r"[a-z_]{1,20}(:[a-z0-9]{1,16})?")


class DraftRefused(DomainError):
    """Too much, or under a name that no form has."""

    code = "consultations.draft_refused"
    sentence = _("入力が長すぎて、途中のものを残せません。")


def keep(*, form: str, content: dict[str, Any], hat: Hat, at: datetime) -> Draft:
    """Keep what is being typed into a form, instead of what was kept before. Raises DraftRefused."""
    is_too_much = len(json.dumps(content, ensure_ascii=False).encode(errors="replace")) > MOST_BYTES
    if is_too_much or not _FORM.fullmatch(form):
        raise DraftRefused
    draft, _is_new = Draft.objects.update_or_create(
        user_id=hat.user_id, form=form, defaults={"content": content, "saved_at": at}
    )
    return draft


def kept(*, form: str, hat: Hat) -> Draft | None:
    """What was being typed into a form; None when nothing was."""
    return Draft.objects.filter(user=hat.user_id, form=form).order_by("pk").first()


def forget(*, form: str, hat: Hat) -> None:
    """Remove what was being typed: it was sent, or is no longer wanted."""
    Draft.objects.filter(user=hat.user_id, form=form).delete()
