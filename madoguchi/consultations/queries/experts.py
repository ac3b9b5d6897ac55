"""Questions to experts: those of a case, and those before one expert."""

from django.db.models import Prefetch, QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Attachment, Case, Dispatch, ExpertRequest, Note


def requests_of(case: Case) -> list[ExpertRequest]:
    """Every question of a case, the newest first, with its dispatches."""
    dispatches = Prefetch("dispatches", queryset=Dispatch.objects.order_by("held_on", "pk"))
    rows = case.expert_requests.select_related(
        "expert__user", "expert__organisation", "asked_by", "asked_by_organisation"
    )
    return list(rows.prefetch_related(dispatches).order_by("-asked_at", "-pk"))


def assigned(hat: Hat) -> QuerySet[ExpertRequest]:
    """What lies before an expert, the newest first."""
    rows = ExpertRequest.objects.visible_to(hat).select_related(
        "case__business", "case__main_topic", "asked_by", "asked_by_organisation"
    )
    return rows.order_by("-asked_at", "-pk")


def shared_notes(case: Case, hat: Hat) -> list[Note]:
    """The notes that an expert reads, the newest first, with their files."""
    files = Prefetch("attachments", queryset=Attachment.objects.order_by("attached_at", "pk"))
    rows = case.notes.readable_by(hat).select_related("organisation").prefetch_related(files)
    return list(rows.order_by("-written_at", "-pk"))
