"""引き継ぐ: whom to ask, and asking them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations import rules
from madoguchi.consultations.errors import ConsentMissing
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import consenting, moves, referring
from madoguchi.consultations.operations.acting import own_involvement
from madoguchi.consultations.operations.referring import Receiver
from madoguchi.consultations.queries import colleagues, receivers
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.institutions import naming
from madoguchi.institutions.models import Desk, Organisation
from madoguchi.web.desk.forms.referral import OutsideForm, ReferForm
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, visible_or_404
from madoguchi.web.shared.hats import worn_by

LONGEST_WORDS = 100
OUTSIDE = "outside"


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest, key: str) -> HttpResponse:
    """Choose whom to ask; then write to them. Without a choice the list, with one the form."""
    case, hat = visible_or_404(request, key), worn_by(request)
    own = own_involvement(case, hat)
    refused = rules.can_work(moves.standing_of(own, hat)) if own else rules.NOT_AT_WORK
    if refused:
        return _page(request, case, {"why_not": gettext(refused)})
    if request.GET.get("to") == OUTSIDE:
        return _outside(request, case)
    chosen = receivers.place_of(
        organisation=request.GET.get("organisation", ""), desk=request.GET.get("desk", "")
    )
    if chosen is None:
        words = request.GET.get("q", "")[:LONGEST_WORDS]
        return _page(
            request,
            case,
            {"words": words, "places": receivers.places(case, words, own=hat.organisation_id, at=hat.at)},
        )
    return _inside(request, case, *chosen)


def _inside(request: HttpRequest, case: Case, organisation: Organisation, desk: Desk | None) -> HttpResponse:
    hat = worn_by(request)
    people = colleagues.people(organisation_id=organisation.pk, at=hat.at)
    if not people:
        return redirect(f"{reverse('desk:refer', args=[case.key])}?to={OUTSIDE}&name={organisation.slug}")
    form = ReferForm(
        request.POST if request.method == "POST" else None,
        case=case,
        people=people,
        asks_consent=not _is_covered(case, organisation_id=organisation.pk),
        to_name=organisation.name,
    )
    if form.is_bound and form.is_valid():
        to = Receiver(
            organisation=organisation,
            unit=desk.unit if desk else None,
            desk=desk,
            people=form.chosen_people(),
        )
        sent = _send(request, case, form, to)
        if sent:
            return sent
    name = naming.of_part(organisation.name, desk.name if desk else "")
    return _form_page(request, case, form, name=name)


def _outside(request: HttpRequest, case: Case) -> HttpResponse:
    name = request.POST.get("name", "").strip()
    suggested = Organisation.objects.filter(slug=request.GET.get("name", "")).order_by("pk").first()
    form = OutsideForm(
        request.POST if request.method == "POST" else None,
        case=case,
        people=(),
        asks_consent=not name or not _is_covered(case, outside_name=name),
        to_name=name or gettext("この相手"),
        initial={"name": suggested.name if suggested else ""},
    )
    if form.is_bound and form.is_valid():
        to = Receiver(outside_name=name, outside_email=form.cleaned_data["email"])
        sent = _send(request, case, form, to)
        if sent:
            return sent
    return _form_page(request, case, form, name=gettext("アカウントのない人・機関"))


def _is_covered(case: Case, *, organisation_id: int | None = None, outside_name: str = "") -> bool:
    if organisation_id is not None and organisation_id == consenting.lead_of(case):
        return True
    return rules.is_shared_with(
        consenting.standing(case),
        organisation_id=organisation_id,
        outside_name=outside_name,
        is_secret=case.is_secret,
    )


def _send(request: HttpRequest, case: Case, form: ReferForm, to: Receiver) -> HttpResponse | None:
    """Send it, and lead back to the case; None with the reason in the form when it is refused."""
    try:
        involvement = referring.refer(
            case=case,
            to=to,
            message=form.cleaned_data["message"],
            hat=worn_by(request),
            at=clock.now(),
            agreed=form.agreed(organisation=to.organisation, outside_name=to.outside_name),
        )
    except ConsentMissing:
        # Taken back while the form stood open: the page comes again and asks for it.
        messages.warning(request, str(ConsentMissing()))
        return redirect(request.get_full_path())
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    if to.organisation is None and not to.outside_email:
        messages.success(request, gettext("紹介を記録しました。紹介状を印刷して、渡してください。"))
        return redirect(f"{reverse('desk:sharing', args=[case.key])}#involvement-{involvement.pk}")
    messages.success(request, gettext("引き継ぎを送りました。返事がくると、お知らせします。"))
    return redirect("desk:case", case.key)


def _form_page(request: HttpRequest, case: Case, form: ReferForm, *, name: str) -> HttpResponse:
    context = {"form": form, "name": name}
    return _page(request, case, context, status=INVALID if form.errors else 200)


def _page(request: HttpRequest, case: Case, context: dict[str, Any], status: int = 200) -> HttpResponse:
    common = {
        "trail": to_case(case, ("", gettext("引き継ぐ"))),
        "case": case,
        "head": shapes.head(case, on=clock.today()),
    }
    return render(request, "desk/refer.html", common | context, status=status)
