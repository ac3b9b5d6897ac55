"""A draft as the page of its programme would read it; nothing of it is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _
from pydantic import ValidationError

from madoguchi.catalogue.fields import FractionField
from madoguchi.catalogue.models import (
    Edition,
    EditionContact,
    EditionRole,
    Frame,
    Programme,
    ReceptionWindow,
)
from madoguchi.editing.models import Draft
from madoguchi.editing.operations.publishing import written_by
from madoguchi.packs import schema
from madoguchi.packs.load_catalogue import content_of

# No row bears it: what asks the database for its neighbours finds none.
_NOBODYS = 0
# Not empty, so that it can be read; taken out again.
_UNSAID = ["unsaid"]

Row = TypeVar("Row", bound=Model)


def edition_of(draft: Draft) -> Edition | None:
    """The edition that the draft would become, with its gaps; None when it cannot be read."""
    said = {**_blanks(), **draft.document, "written_by": written_by(draft)}
    try:
        document = schema.Edition.model_validate(said)
    except ValidationError:
        return None
    content = content_of(document)
    programme = draft.programme or Programme(pk=_NOBODYS, slug="preview", name=document.name)
    columns = {name: [] if value == _UNSAID else value for name, value in content.columns.items()}
    edition = Edition(pk=_NOBODYS, programme=programme, fiscal_year=draft.fiscal_year, **columns)
    # The related managers read what stands here instead of asking for rows.
    edition._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "frames": _rows(Frame, content.frames),
        "windows": _rows(ReceptionWindow, content.windows),
        "contacts": _rows(EditionContact, content.contacts),
        "roles": _rows(EditionRole, content.roles),
    }
    return edition


def _blanks() -> dict[str, Any]:
    missing = _("（まだ書いていません）")
    return {
        "name": missing,
        "summary": missing,
        "easy": missing,
        "kinds": _UNSAID,
        "areas": _UNSAID,
        "reception": {"mode": "not_stated"},
    }


def _rows(model: type[Row], rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    fractions = [field for field in model._meta.concrete_fields if isinstance(field, FractionField)]
    made = []
    for position, row in enumerate(rows):
        columns = {"position": position, **row} if hasattr(model, "position") else dict(row)
        columns |= {field.attname: field.to_python(row.get(field.attname)) for field in fractions}
        made.append(model(**columns))
    return made
