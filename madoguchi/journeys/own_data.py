"""What the site knows of a person or a business, as one ZIP file for them: data.json and files they may read.

It holds what the person may see anyway: notes that are shared with them, never an adviser's internal ones.
A formal request for disclosure of the rest (個人情報保護法 第76条) is decided by the office, not by a button.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.businesses import queries
from madoguchi.businesses.choices import CustodyReason, HandedOver
from madoguchi.businesses.errors import HasPeople
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Attachment, Case, Consultation, Involvement
from madoguchi.consultations.operations.attaching import may_be_taken, path_of
from madoguchi.consultations.operations.reading import read_case, read_own_case
from madoguchi.foundation import audit

_BY_ITSELF = (CustodyReason.REGISTERED, CustodyReason.IMPORTED)
_ACCOUNT = ("email", "display_name", "language", "created_at", "last_login")
_BUSINESS = (
    "corporate_number", "name", "kana", "legal_form", "is_founder",
    "postal_code", "area_code", "town", "street", "building", "telephone", "email", "url",
    "industry", "capital_yen", "employees", "employees_counted", "employees_counted_on", "founded_on",
    "created_at",
)  # fmt: skip
_CASE = (
    "number", "title", "words", "answers", "channel", "urgency", "state",
    "opened_at", "responded_at", "closed_at",
    "contact_name", "contact_email", "contact_telephone", "contact_mode", "contact_when",
    "area_code", "industry", "employees",
)  # fmt: skip


def of_person(*, user: User, hat: Hat, at: datetime) -> bytes:
    """All that belongs to the person: account, memberships, businesses acted for, own cases."""
    with transaction.atomic():
        _say("accounts.data_taken_out", "accounts.user", user.pk, hat, at)
        cases = [_read(case, hat, at) for case in Case.objects.of_person(hat).order_by("pk")]
    told = {
        "account": _fields(user, _ACCOUNT),
        "memberships": [
            {"organisation": m.organisation.name, **_fields(m, ("role", "starts_at", "ends_at"))}
            for m in Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
        ],
        "businesses": [
            {"business": m.business.name, **_fields(m, ("role", "scopes", "starts_at", "ends_at"))}
            for m in BusinessMember.objects.filter(user=user).select_related("business").order_by("pk")
        ],
        "cases": [_case(case) for case in cases],
    }
    return _zip(told, cases)


def of_business(*, business: Business, hat: Hat, at: datetime) -> bytes:
    """All that belongs to a business which the person acts for: its record and its cases."""
    with transaction.atomic():
        _say("businesses.data_taken_out", "businesses.business", business.pk, hat, at)
        own = Case.objects.of_person(hat).filter(business=business)
        cases = [_read(case, hat, at) for case in own.order_by("pk")]
    return _zip(_told_of(business, cases), cases)


def require_desk(*, business: Business, hat: Hat, at: datetime) -> None:
    """Only the desk that answers for the business hands out what is known of it.

    It registered the business or leads a case of it; who was only referred to or shares the record does not.
    Raises NotAllowed, HasPeople.
    """
    seen = Business.objects.visible_to(hat).filter(pk=business.pk).exists()
    if not (seen and hat.may("businesses.write")):
        raise NotAllowed
    custody = queries.custody_of(business, hat.organisation_id)
    if not (custody and custody.reason in _BY_ITSELF) and not _led(business, hat).exists():
        raise NotAllowed(_("渡せるのは、登録した機関か、案件に責任をもつ機関だけです。"))
    ids = queries.ids_with_merged(business.pk)
    if BusinessMember.objects.filter(business__in=ids).running(at=at).exists():
        raise HasPeople


def at_desk(*, business: Business, because: HandedOver, hat: Hat, at: datetime, access_at: datetime) -> bytes:
    """What a business without an account would take along: its record and the cases that the desk leads.

    Cases of others are theirs to hand out; what the hat may not see is left out. Raises what `require_desk`
    raises.
    """
    require_desk(business=business, hat=hat, at=access_at)
    with transaction.atomic():
        _say(
            "businesses.data_handed_over", "businesses.business", business.pk, hat, at, because=because.value
        )
        keys = _led(business, hat).order_by("pk").values_list("key", flat=True)
        cases = [read_case(key=key, hat=hat, at=at, what="export") for key in keys]
    return _zip(_told_of(business, cases), cases)


def _led(business: Business, hat: Hat) -> QuerySet[Case]:
    led = Involvement.objects.filter(organisation=hat.organisation_id, is_lead=True)
    return Case.objects.visible_to(hat).filter(
        business__in=queries.ids_with_merged(business.pk), held_because="", pk__in=led.values("case")
    )


def _told_of(business: Business, cases: Iterable[Case]) -> dict[str, Any]:
    return {
        "business": _fields(business, _BUSINESS),
        "officers": _rows(business.officers, ("name", "kana", "title", "is_representative")),
        "sites": _rows(business.sites, ("name", "postal_code", "area_code", "address_line", "telephone")),
        "holdings": _rows(
            business.holdings, ("kind", "name", "number", "granted_by", "starts_on", "ends_on")
        ),
        "contacts": _rows(business.contacts, ("name", "kana", "title", "telephone", "email", "note")),
        "figures": _rows(business.figures, ("begins_on", "ends_on", "employees", "amounts", "source")),
        "said_by": _rows(business.origins, ("field", "source", "actor_label", "at", "is_current")),
        "cases": [_case(case) for case in cases],
    }


def _read(case: Case, hat: Hat, at: datetime) -> Case:
    return read_own_case(key=case.key, hat=hat, at=at, what="export")


def _case(case: Case) -> dict[str, Any]:
    return _fields(case, _CASE) | {
        "topic": case.main_topic.label if case.main_topic else "",
        "with": [
            {
                "organisation": i.organisation.name if i.organisation else i.outside_name,
                **_fields(i, ("state", "sent_at", "taken_at", "finished_at")),
            }
            for i in case.involvements.select_related("organisation").order_by("pk")
        ],
        "talks": _rows(
            Consultation.everything.filter(case=case),
            ("held_on", "held_at", "channel", "minutes", "place", "withdrawn_at"),
        ),
        "notes": _rows(
            case.notes.filter(visibility=Visibility.SHARED),
            ("author_name", "body", "written_at", "changed_at"),
        ),
        "tasks": _rows(case.tasks.filter(involvement=None), ("title", "due_on", "state")),
        "appointments": _rows(
            case.appointments, ("starts_at", "ends_at", "place_kind", "place", "note", "cancelled_at")
        ),
        "goals": _rows(case.goals, ("text", "by_day", "reached_on")),
        "consents": _rows(case.consents, ("is_general", "outside_name", "means", "given_at", "withdrawn_at")),
        "answers_to_questions": _rows(case.survey_answers, ("satisfaction", "answers", "answered_at")),
    }


def _zip(told: dict[str, Any], cases: Iterable[Case]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=2, default=_plain))
        for attachment in _attachments(cases):
            path = path_of(attachment)
            if may_be_taken(attachment) and path.is_file():
                packed.write(path, f"files/{attachment.key}-{attachment.name}")
    return file.getvalue()


def _attachments(cases: Iterable[Case]) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(note__case__in=[case.pk for case in cases])
    return rows.filter(note__visibility=Visibility.SHARED).order_by("pk")


def _rows(rows: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_fields(row, names) for row in rows.order_by("pk")]


def _fields(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _plain(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in an export")


def _say(action: str, subject_type: str, subject_id: int, hat: Hat, at: datetime, **data: object) -> None:
    audit.record(
        action,
        at=at,
        by=hat.as_actor(),
        subject_type=subject_type,
        subject_id=subject_id,
        organisation_id=hat.organisation_id,
        data=data,
    )
