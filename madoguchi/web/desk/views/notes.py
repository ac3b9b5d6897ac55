"""Changing one's own note, taking a file, and the beginnings for notes."""

from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Attachment, Case, Note
from madoguchi.consultations.operations import attaching, recording
from madoguchi.consultations.operations import templates as operations
from madoguchi.consultations.operations.reading import read_case
from madoguchi.consultations.queries import case_page
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.web.desk.forms.record import NoteForm
from madoguchi.web.desk.forms.template import TemplateForm
from madoguchi.web.desk.shapes import timeline as shapes
from madoguchi.web.desk.shapes.crumbs import to_case, to_cases
from madoguchi.web.desk.views.case import INVALID, read_or_404
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by

CONFLICT = 409


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Change one's own note. When somebody saved meanwhile, both texts stand side by side."""
    case, hat = read_or_404(request, key), worn_by(request)
    kept = case_page.own_note(case, hat, pk)
    if kept is None:
        raise Http404
    says = shapes.says_all(case, hat)
    if request.method != "POST":
        form = NoteForm(initial={"body": kept.body, "visibility": kept.visibility}, says=says)
        return _show(request, case, kept, form)
    form = NoteForm(request.POST, says=says)
    if not form.is_valid():
        return _show(request, case, kept, form, status=INVALID)
    try:
        recording.change_note(
            note=kept,
            body=form.cleaned_data["body"],
            visibility=Visibility(form.cleaned_data["visibility"]),
            version=version_of(request),
            hat=hat,
            at=clock.now(),
        )
    except Conflict:
        kept.refresh_from_db()
        return _show(request, case, kept, form, status=CONFLICT)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, case, kept, form, status=INVALID)
    messages.success(request, gettext("記録を直しました。前の文も残っています。"))
    return redirect(f"{reverse('desk:case', args=[case.key])}#note-{kept.pk}")


def version_of(request: HttpRequest) -> int:
    """The version that the person saw; one that cannot be read is none that anybody saw."""
    return whole(request.POST.get("version", ""))


def _show(request: HttpRequest, case: Case, kept: Note, form: NoteForm, *, status: int = 200) -> HttpResponse:
    context = {
        "trail": to_case(case, ("", gettext("記録を直す"))),
        "case": case,
        "kept": kept,
        "form": form,
        "is_conflict": status == CONFLICT,
        "revisions": list(kept.revisions.order_by("-version", "pk")),
    }
    return render(request, "desk/note.html", context, status=status)


@requires("cases.read")
@require_safe
def attachment(request: HttpRequest, key: str, file: str) -> FileResponse:
    """A file, to whom its note is readable."""
    return hand_out(request, key, file)


def hand_out(request: HttpRequest, key: str, file: str) -> FileResponse:
    """A file of a case, always as a download that no browser runs or keeps. Http404, also for its reasons."""
    hat = worn_by(request)
    found = Attachment.objects.filter(
        key=file,
        note__in=Note.objects.readable_by(hat),
        note__case__in=Case.objects.visible_to(hat).filter(key=key),
    ).first()
    if found is None or not attaching.may_be_taken(found):
        raise Http404
    path = attaching.path_of(found)
    if not path.is_file():
        raise Http404
    read_case(key=key, hat=hat, at=clock.now(), what="attachment")
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    # Both names: the second for every browser of today, the first for what reads headers as Latin letters.
    response["Content-Disposition"] = f"attachment; filename=\"file\"; filename*=UTF-8''{quote(found.name)}"
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store, private"
    return response


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """The organisation's beginnings for notes: to look at, to add, to take away."""
    hat, form = worn_by(request), TemplateForm(request.POST or None)
    if request.method == "POST":
        if removed := whole(request.POST.get("remove", "")):
            operations.remove_template(pk=removed, hat=hat, at=clock.now())
            return redirect("desk:note_templates")
        if form.is_valid():
            told = form.cleaned_data
            operations.keep_template(name=told["name"], body=told["body"], hat=hat, at=clock.now())
            messages.success(request, gettext("ひな形を残しました。"))
            return redirect("desk:note_templates")
    context = {
        "trail": to_cases(("", gettext("記録のひな形"))),
        "templates": case_page.templates_of(hat),
        "form": form,
        "organisation": hat.organisation_name,
    }
    return render(request, "desk/note_templates.html", context, status=INVALID if form.errors else 200)
