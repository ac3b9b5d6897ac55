"""A canary in every text of the consultations and the businesses; a new model or field joins by itself.

After a place is built, each model without a row in it gets one, and each text of its rows gets the canary.
What holds no words of anybody is named here with its reason; what is neither planted nor named fails a test.
"""

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import IntegrityError, models, transaction
from openpyxl import Workbook

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from madoguchi.foundation import clock
from madoguchi.institutions.models import Desk
from tests import factories

if TYPE_CHECKING:
    from tests.matrix.world import Place

_ROOMS = ("consultations", "businesses")
_REGIONS = "the region's own, loaded from the pack and shown to everybody"
# Models of which a place has no rows of its own.
NOT_OF_A_PLACE = {
    "Topic": _REGIONS,
    "RoutingRule": _REGIONS,
    "Policy": _REGIONS,
    "CaseNumber": "a counter of the region",
}
_CODE = "a code, chosen from a list"
_FOR_MACHINES = "said by us, for machines"
# Texts that are nobody's words.
NO_WORDS = {
    "area_code": _CODE,
    "industry": _CODE,
    "language": _CODE,
    "scopes": _CODE,
    "field": _CODE,
    "verdict": _CODE,
    "programme_slug": _CODE,
    "actor_id": _FOR_MACHINES,
    "media_type": _FOR_MACHINES,
    "sha256": _FOR_MACHINES,
    "form": "which form a draft is of",
    "held_because": "one of our sentences; with one, a case would be held",
    "routed_because": "a sentence of the pack's rule",
    "founded_on": "a date, too short for a canary",
    "postal_code": "eight characters, too short for a canary",
    "telephone_digits": "the digits of a telephone number that is planted",
    "corporate_number": "thirteen digits that the register publishes",
    "claimed_number": "thirteen digits that the register publishes",
    "amounts": "numbers by code",
}


# Of a case: how it and its people are called, what stands on lists. All else of a case is content.
NAMES = {
    "Case.title",
    "Case.contact_name",
    "Case.contact_email",
    "Case.contact_telephone",
    "Involvement.outside_name",
    "Involvement.outside_email",
    "NoteTemplate.name",
    "NoteTemplate.body",
    "ReportTemplate.file_name",
    "DeskAbsence.reason",
}


def is_content(field: models.Field) -> bool:
    """Whether a text is content of a case, of which each reading is put on record."""
    model = field.model
    return model._meta.app_label == "consultations" and f"{model.__name__}.{field.name}" not in NAMES


def models_of_places() -> list[type[models.Model]]:
    """Every model of which a place has rows."""
    found = [model for room in _ROOMS for model in apps.get_app_config(room).get_models()]
    return [model for model in found if model.__name__ not in NOT_OF_A_PLACE]


def texts_of(model: type[models.Model]) -> list[models.Field]:
    """The fields in which somebody's words may stand."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, kinds)
        and not (field.choices or field.unique or field.primary_key or field.name in NO_WORDS)
    ]


def newest() -> dict[type[models.Model], int]:
    """The last row of each model: what comes after it belongs to the place that is built next."""
    return {model: _last(model) for model in models_of_places()}


def plant(place: "Place", before: dict[type[models.Model], int]) -> None:
    """Give the place a row of every model, and every text of its rows the canary."""
    waiting = [model for model in models_of_places() if not _rows(model, before).exists()]
    for _round in range(3):  # a model may need a row of another that is still to come
        waiting = [model for model in waiting if not _made(model, place, before)]
    for model in models_of_places():
        for row in _rows(model, before):
            for field in texts_of(model):
                _fill(row, field, place)
    place.rows = {
        model: list(_rows(model, before).values_list("pk", flat=True)) for model in models_of_places()
    }


def append(place: "Place", words: str) -> None:
    """Put words behind every text of a place, where they find room."""
    for model in models_of_places():
        plain = [f for f in texts_of(model) if not isinstance(f, models.JSONField | models.EmailField)]
        for row in model._default_manager.filter(pk__in=place.rows[model]):
            there = {field.name: getattr(row, field.name) for field in plain}
            told = {
                field.name: there[field.name] + words
                for field in plain
                if there[field.name] and len(there[field.name] + words) <= (field.max_length or 10_000)
            }
            if told:
                model._default_manager.filter(pk=row.pk).update(**told)


def unplanted(place: "Place") -> list[str]:
    """The texts of a place in whose rows its canary stands nowhere."""
    return [
        f"{model.__name__}.{field.name}"
        for model in models_of_places()
        for field in texts_of(model)
        if not any(
            _word(field, place) in str(value)
            for value in model._default_manager.filter(pk__in=place.rows[model]).values_list(
                field.name, flat=True
            )
        )
    ]


def _last(model: type[models.Model]) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _rows(model: type[models.Model], before: dict[type[models.Model], int]) -> models.QuerySet:
    return model._default_manager.filter(pk__gt=before[model]).order_by("pk")


def _fill(row: models.Model, field: models.Field, place: "Place") -> None:
    there, word = getattr(row, field.name), _word(field, place)
    if word in str(there):
        return
    is_text = isinstance(there, str) and place.canary in there
    told = there.replace(place.canary, word) if is_text else _text(field, place)
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**{field.name: told})
    except IntegrityError:
        pass  # a row that may not hold both of two texts: another row of the place has to hold it


def _word(field: models.Field, place: "Place") -> str:
    return place.told if is_content(field) else place.canary


def _text(field: models.Field, place: "Place") -> object:
    canary = _word(field, place)
    if isinstance(field, models.EmailField):
        return f"{canary}@example.jp"
    if isinstance(field, models.URLField):
        return f"https://{canary}.example.jp"
    if isinstance(field, models.JSONField):
        return [canary] if field.default is list else {canary: canary}
    return canary


def _made(model: type[models.Model], place: "Place", before: dict[type[models.Model], int]) -> bool:
    """Whether a row could be made with the least that it needs."""
    values: dict[str, object] = {}
    for field in model._meta.local_fields:
        if field.primary_key and not field.is_relation:
            continue
        values[field.name] = _value(model, field, place, before)
    values = {name: value for name, value in values.items() if value is not _SILENT}
    try:
        with transaction.atomic():
            model._default_manager.create(**values)
    except (IntegrityError, ValueError):
        return False
    return True


_SILENT = object()


def _value(
    model: type[models.Model], field: models.Field, place: "Place", before: dict[type[models.Model], int]
) -> object:
    special = _SPECIAL.get((model.__name__, field.name))
    if special is not None:
        return special(place)
    if field.is_relation:
        return _related(field, place, before)
    if field.choices:
        return _SILENT if field.blank else field.choices[0][0]
    return _SILENT if field.null else _plain(model, field, place)


def _plain(model: type[models.Model], field: models.Field, place: "Place") -> object:
    if isinstance(field, models.DateField):  # of which a moment is a kind
        late = "ends" in field.name or "expires" in field.name
        moment = clock.now() + timedelta(days=3 if late else 0)
        return moment if isinstance(field, models.DateTimeField) else moment.date()
    if isinstance(field, models.BinaryField):
        return place.canary.encode()
    if isinstance(field, models.CharField | models.TextField | models.JSONField):
        if field.unique:
            return f"{place.number}{model.__name__}".ljust(12, "x")[: field.max_length]
        return _text(field, place) if field in texts_of(model) else _SILENT
    return _SILENT if field.has_default() else 1


def _related(field: models.Field, place: "Place", before: dict[type[models.Model], int]) -> object:
    other = field.related_model
    if other.__name__ == "Organisation":
        return place.organisation
    if other.__name__ == "User":
        return place.members[Role.ADVISER].user
    if other.__name__ == "Membership":
        return place.members[Role.ADVISER]
    if other in before:
        return _rows(other, before).first() or (None if field.null else _SILENT)
    return None if field.null else _SILENT


def _desk(place: "Place") -> Desk:
    return Desk.objects.filter(organisation=place.organisation).order_by("pk").first() or _a_desk(place)


def _a_desk(place: "Place") -> Desk:
    return factories.a_desk(f"desk-{place.number}", organisation=place.organisation)


def _another_business(place: "Place") -> Business:
    return Business.objects.create(
        name=place.canary, name_folded=place.canary, key=f"{place.number}-another", created_at=clock.now()
    )


def _a_workbook(place: "Place") -> bytes:
    book, content = Workbook(), BytesIO()
    book.active["A1"] = place.canary
    book.save(content)
    return content.getvalue()


_SPECIAL = {
    ("ReportTemplate", "content"): _a_workbook,
    ("DeskAbsence", "desk"): _desk,
    ("DistinctPair", "other"): _another_business,
    ("Introduction", "desk"): _desk,
    ("Introduction", "edition"): lambda place: None,
    ("Link", "follow_up"): lambda place: None,
    ("Closing", "reopened_at"): lambda place: clock.now(),
}
