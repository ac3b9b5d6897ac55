"""案件を直す: what a case says of itself, and the business that it is about."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.hats import Hat
from madoguchi.businesses.errors import AlreadyOnBooks, FieldsInvalid, RegisteredElsewhere
from madoguchi.businesses.models import Business
from madoguchi.consultations import rules
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import correcting, moves
from madoguchi.consultations.operations.acting import own_involvement
from madoguchi.consultations.queries import topics as topic_queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.institutions import queries as institutions
from madoguchi.web.desk.forms.correcting import ChangeForm, NewBusinessForm, said_by
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import correcting as correcting_shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404
from madoguchi.web.desk.views.intake import businesses_found
from madoguchi.web.desk.views.notes import CONFLICT, version_of
from madoguchi.web.shared.hats import worn_by


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Correct what the case says. When somebody saved meanwhile, theirs stands beside what was typed."""
    case, hat = read_or_404(request, key), worn_by(request)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        case=case,
        topics=topic_queries.topics(),
        region=institutions.region(),
    )
    if not form.is_bound or not form.is_valid():
        return _change_page(request, case, form, status=INVALID if form.is_bound else 200)
    try:
        changed = correcting.correct(
            case=case,
            to=form.correction(),
            version=version_of(request),
            hat=hat,
            at=clock.now(),
            why=form.cleaned_data.get("why", ""),
        )
    except Conflict:
        case.refresh_from_db()
        theirs = correcting_shapes.differences(form, said_by(case))
        return _change_page(request, case, form, theirs=theirs, status=CONFLICT)
    except DomainError as error:
        form.add_error(None, str(error))
        return _change_page(request, case, form, status=INVALID)
    if changed:
        messages.success(request, gettext("案件を直しました。"))
    return _back(case, hat)


def _back(case: Case, hat: Hat) -> HttpResponse:
    """To the case, as far as the person still sees it."""
    still = Case.objects.visible_to(hat).filter(pk=case.pk).exists()
    return redirect("desk:case", case.key) if still else redirect("desk:home")


def _change_page(
    request: HttpRequest, case: Case, form: ChangeForm, *, status: int, theirs: Any = ()
) -> HttpResponse:
    context = {"form": form, "theirs": theirs, "is_conflict": status == CONFLICT}
    return _page(request, "desk/change.html", case, gettext("案件を直す"), context, status=status)


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def business(request: HttpRequest, key: str) -> HttpResponse:
    """Say whose case it is: search and choose, or register somebody new with what the case tells."""
    case, hat = read_or_404(request, key), worn_by(request)
    region, sent = institutions.region(), request.POST
    if request.method == "POST" and sent.get("what") == "none":
        return _unlink(case, request)
    is_new = sent.get("what") == "new"
    new = NewBusinessForm(sent if is_new else None, case=case, region=region)
    is_sent, said = request.method == "POST" and "go" not in sent, ""
    if is_sent:
        try:
            if _link_new(case, new, request) if is_new else _link_known(case, request):
                messages.success(request, gettext("事業者につなぎました。"))
                return _back(case, hat)
        except DomainError as error:
            case.refresh_from_db()
            said = str(error)
    context = {
        "new": new,
        "said": said,
        "words": sent.get("q", str(case.answers.get("company", ""))),
        **businesses_found(hat, sent.get("q", ""), sent.get("business", "")),
    }
    status = INVALID if is_sent else 200
    return _page(request, "desk/case_business.html", case, gettext("事業者につなぐ"), context, status=status)


def _unlink(case: Case, request: HttpRequest) -> HttpResponse:
    hat = worn_by(request)
    try:
        correcting.unlink(case=case, version=version_of(request), hat=hat, at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("desk:case_business", case.key)
    messages.success(
        request, gettext("事業者との結びつきをはずしました。地域・業種・人数を、確かめてください。")
    )
    return _back(case, hat)


def _link_known(case: Case, request: HttpRequest) -> bool:
    """Link the case to the chosen business. Raises a DomainError where none is, and what linking raises."""
    hat = worn_by(request)
    found = Business.objects.standing_for(hat).filter(key=request.POST.get("business", ""))
    chosen = found.order_by("pk").first()
    if chosen is None:
        raise DomainError(gettext("事業者をさがして選んでください。"))
    correcting.link(case=case, business=chosen, version=version_of(request), hat=hat, at=clock.now())
    return True


def _link_new(case: Case, form: NewBusinessForm, request: HttpRequest) -> bool:
    """Register what the form says and link the case to it; False with what is wrong at its field."""
    if not form.is_valid():
        return False
    try:
        correcting.link(
            case=case,
            business=form.cleaned_data,
            version=version_of(request),
            hat=worn_by(request),
            at=clock.now(),
        )
    except FieldsInvalid as error:
        for name, sentence in error.wrong.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return False
    except (AlreadyOnBooks, RegisteredElsewhere) as error:
        form.add_error("corporate_number", str(error))
        return False
    return True


def _page(
    request: HttpRequest, template: str, case: Case, label: str, context: dict[str, Any], *, status: int
) -> HttpResponse:
    own = own_involvement(case, worn_by(request))
    refused = rules.can_correct(moves.standing_of(own, worn_by(request))) if own else rules.NOT_AT_WORK
    common = {
        "trail": to_case(case, ("", label)),
        "case": case,
        "head": shapes.head(case, on=clock.today()),
        "urls": shapes.urls(case),
        "why_not": gettext(refused) if refused else "",
    }
    return render(request, template, common | context, status=status)
