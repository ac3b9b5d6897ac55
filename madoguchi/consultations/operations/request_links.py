"""The link by which somebody without an account sees how a request stands."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from madoguchi.consultations.kinds import LinkPurpose
from madoguchi.consultations.models import Case, Link
from madoguchi.consultations.secrets import hash_of
from madoguchi.foundation import audit

# Until the question after twelve months has been answered.
KEPT = timedelta(days=400)
_SALT = "madoguchi.consultations.request_state"
# 40 hexadecimal digits, 160 bits: short enough for a QR code that a telephone reads from paper.
_LENGTH = 40


def state_secret(case: Case) -> str:
    """The secret of the link to a request's state: from the case's own `once` and the site's key.

    Derived and not drawn, so that a form sent twice leads to the same page. Neither a copy of the database
    nor the form alone gives it.
    """
    taken_back = f":{case.page_round}" if case.page_round else ""
    text = f"{case.key}:{case.once}{taken_back}"
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()[:_LENGTH]


def make_state_link(case: Case, *, at: datetime) -> None:
    """Let the state of a case be seen by its secret, from now on for as long as links last.

    In the transaction of what it is made for; a case has the same secret until its links are taken back.
    """
    Link.objects.update_or_create(
        secret_hash=hash_of(state_secret(case)),
        defaults={"expires_at": at + KEPT},
        create_defaults={
            "purpose": LinkPurpose.REQUEST_STATE,
            "case": case,
            "made_at": at,
            "expires_at": at + KEPT,
        },
    )


def end_state_links(case: Case) -> int:
    """Let no link of a case lead to its page any more; the next one has another secret. How many there were.

    In the transaction of the caller, who records why.
    """
    removed, _by_model = Link.objects.filter(case=case, purpose=LinkPurpose.REQUEST_STATE).delete()
    if removed:
        Case.objects.filter(pk=case.pk).update(page_round=F("page_round") + 1)
        case.refresh_from_db(fields=["page_round"])
    return removed


def follow_state_link(*, secret: str, at: datetime) -> Case:
    """Return the case of a link and record that it was read; without a record, no reading.

    Raises Case.DoesNotExist, the same for a link that never was, that ran out, and for an erased case.
    """
    with transaction.atomic():
        link = (
            Link.objects.filter(
                secret_hash=hash_of(secret),
                purpose=LinkPurpose.REQUEST_STATE,
                expires_at__gt=at,
                case__erased_at=None,
            )
            .select_related("case__main_topic")
            .first()
        )
        if link is None:
            raise Case.DoesNotExist
        audit.record(
            "consultations.case_read",
            at=at,
            by=audit.ANONYMOUS,
            subject_type="consultations.case",
            subject_id=link.case_id,
            data={"what": "state", "link": link.pk},
        )
        return link.case
