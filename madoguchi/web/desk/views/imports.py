"""取り込み: documents that were read, what was found in each; nothing is published by itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.files import clean_name, media_type_of
from madoguchi.consultations.operations.attaching import MOST_BYTES
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.paging import page_of
from madoguchi.reviewing import pack_draft, queries
from madoguchi.reviewing.errors import FileRefused
from madoguchi.reviewing.models import ImportedDocument
from madoguchi.reviewing.operations.deciding import accept_certain
from madoguchi.reviewing.operations.keeping import keep
from madoguchi.reviewing.operations.taking import take_over_ready
from madoguchi.reviewing.queries import CountedRecord
from madoguchi.reviewing.reading import plan_of_file
from madoguchi.web.desk.shapes import imports as shapes
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by

INVALID = 422
PAGE_SIZE = 30
_NOTES_SHOWN = 50
_YEARS = range(2000, 2101)
_TAKEN_TYPES = frozenset({"application/pdf", "text/plain"})


# ── The documents ───────────────────────────────────────────────────────────────────────────────────
@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The documents that were read, and the form that brings another."""
    hat, error = reviewer_or_404(request), ""
    if request.method == "POST":
        try:
            return _bring(request, hat)
        except DomainError as refused:
            error = str(refused)
    documents = queries.with_counts(queries.documents_visible_to(hat)).order_by("-read_at", "-pk")
    context = {
        "trail": shapes.to_imports(),
        "error": error,
        "page": page_of(documents, request.GET.get("page"), size=PAGE_SIZE),
        "typed_year": request.POST.get("fiscal_year", "")[:10],
    }
    return render(request, "desk/imports.html", context, status=INVALID if error else 200)


def _bring(request: HttpRequest, hat: Hat) -> HttpResponse:
    """Read and keep the file. Raises a DomainError with what is wrong with it."""
    file = request.FILES.get("file")
    if file is None:
        raise FileRefused(gettext("ファイルを選んでください。"))
    if (file.size or 0) > MOST_BYTES:
        raise FileRefused(gettext("20MBまでのファイルを選んでください。"))
    name, content, year = clean_name(file.name or ""), file.read(), _year_of(request)
    if media_type_of(name, content) not in _TAKEN_TYPES:
        raise FileRefused
    kept = keep(
        plan=plan_of_file(name, content),
        at=clock.now(),
        by=hat.as_actor(),
        organisation_id=hat.organisation_id,
        fiscal_year=year,
    )
    if kept.is_new:
        messages.success(request, gettext("読み取りました。まだ公開していません。一つずつ確かめてください。"))
    elif kept.is_changed:
        messages.success(request, gettext("同じ文書を読み直しました。もう確かめた欄は、そのままです。"))
    else:
        messages.success(request, gettext("同じ文書を、もう取り込んでいます。何も変えていません。"))
    return redirect("desk:import", kept.document.key)


def _year_of(request: HttpRequest) -> int | None:
    typed = request.POST.get("fiscal_year", "").strip()
    if not typed:
        return None
    if whole(typed) not in _YEARS:
        raise FileRefused(gettext("年度は、2023のように西暦4桁で書いてください。"))
    return whole(typed)


# ── One document ────────────────────────────────────────────────────────────────────────────────────
@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, key: str) -> HttpResponse:
    """What was found, whether it adds up, what is unsure and what was left out."""
    hat = reviewer_or_404(request)
    found = document_or_404(hat, key)
    if request.method == "POST":
        return _act_on_document(request, hat, found)
    counted = queries.records_of(found)
    records = [each.record for each in counted]
    waiting, unsure = sum(each.open for each in counted), sum(each.unsure for each in counted)
    shown = _filter(request.GET.get("show", ""), counted)
    disagreements = shapes.notes_of(found.notes, records)
    context = {
        "trail": shapes.to_imports(("", found.name)),
        "document": found,
        "is_report": shapes.is_report(found),
        "found": shapes.found_of(counted),
        "sums": shapes.sums_of(found, records),
        "note_count": len(disagreements),
        "notes": disagreements[:_NOTES_SHOWN],
        "more_notes": disagreements[_NOTES_SHOWN:],
        "left_out": shapes.notes_of(found.left_out, records),
        "show": request.GET.get("show", ""),
        "rows": [(shapes.name_of(each.record), each) for each in shown],
        "totals": {
            "all": len(records),
            "unsure": sum(each.unsure > 0 for each in counted),
            "open": sum(each.open > 0 for each in counted),
            "fields": waiting,
            "fields_shown": f"{waiting:,}",
            "certain": waiting - unsure,
            "certain_shown": f"{waiting - unsure:,}",
            "ready": sum(each.is_ready for each in counted),
            "taken": sum(record.taken_at is not None for record in records),
        },
    }
    return render(request, "desk/import.html", context)


def _filter(show: str, counted: list[CountedRecord]) -> list[CountedRecord]:
    """All in the order of the document; the unsure on their own, the worst first; those that wait."""
    if show == "unsure":
        unsure = [each for each in counted if each.unsure]
        return sorted(unsure, key=lambda each: (-each.unsure, each.record.position))
    if show == "open":
        return [each for each in counted if each.open]
    return counted


def _act_on_document(request: HttpRequest, hat: Hat, found: ImportedDocument) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "accept_certain":
        say_accepted(request, accept_certain(document=found, hat=hat, at=clock.now()))
    elif act == "take_over":
        taken = take_over_ready(document=found, hat=hat, at=clock.now())
        say_taken(request, taken.count)
        for record, error in taken.refused[:PAGE_SIZE]:
            messages.warning(request, f"{record.name}：{error}")
    else:
        raise Http404
    return redirect("desk:import", found.key)


@requires("results.write")
@require_safe
def pack(request: HttpRequest, key: str) -> HttpResponse:
    """The accepted programmes of a guidebook as a draft for the region pack."""
    found = document_or_404(reviewer_or_404(request), key)
    if shapes.is_report(found):
        raise Http404
    records = found.records.prefetch_related("fields").order_by("position", "pk")
    text = pack_draft.as_yaml(found, records, found.fiscal_year)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="programmes-{found.key}.yaml"'
    return response


# ── For the views of records too ────────────────────────────────────────────────────────────────────
def reviewer_or_404(request: HttpRequest) -> Hat:
    """The hat of somebody who reviews documents; Http404 for everybody else."""
    hat = worn_by(request)
    if not queries.may_review(hat):
        raise Http404
    return hat


def document_or_404(hat: Hat, key: str) -> ImportedDocument:
    found = queries.documents_visible_to(hat).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def say_accepted(request: HttpRequest, count: int) -> None:
    if count:
        said = ngettext("%(count)sの欄を「よい」にしました。", "%(count)sの欄を「よい」にしました。", count)
        messages.success(request, said % {"count": f"{count:,}"})
    else:
        messages.warning(request, gettext("「確か」で、まだ確かめていない欄はありません。"))


def say_taken(request: HttpRequest, count: int) -> None:
    if count:
        said = ngettext(
            "%(count)s件を下書きとして取り込みました。まだ公開していません。",
            "%(count)s件を下書きとして取り込みました。まだ公開していません。",
            count,
        )
        messages.success(request, said % {"count": f"{count:,}"})
    else:
        messages.warning(request, gettext("取り込めるものがありません。先に、欄を確かめてください。"))
