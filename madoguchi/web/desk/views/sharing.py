"""共有と同意: who may read what of a case, what the business agreed to, and who takes part."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.consultations import rules
from madoguchi.consultations.models import Case, Consent
from madoguchi.consultations.operations import consenting, moves
from madoguchi.consultations.operations.acting import own_involvement
from madoguchi.consultations.queries import case_page
from madoguchi.consultations.queries import sharing as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.forms.referral import ConsentForm
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import involvements, labels
from madoguchi.web.desk.shapes import sharing as sharing_shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404, visible_or_404
from madoguchi.web.shared.hats import worn_by


@requires("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, key: str) -> HttpResponse:
    """Who reads what; recording what the business agreed to."""
    case, hat = read_or_404(request, key, what="sharing"), worn_by(request)
    form = ConsentForm(request.POST if request.method == "POST" else None, is_secret=case.is_secret)
    if form.is_bound and form.is_valid():
        told = form.told()
        try:
            consenting.give(case=case, scope=told.scope, means=told.means, hat=hat, at=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("同意を記録しました。"))
            return redirect(f"{reverse('desk:sharing', args=[key])}#consents")
    return _show(request, case, form)


def _show(request: HttpRequest, case: Case, form: ConsentForm) -> HttpResponse:
    hat, today = worn_by(request), clock.today()
    found = queries.sharing_of(case)
    own = own_involvement(case, hat)
    refused = rules.can_work(moves.standing_of(own, hat)) if own else rules.NOT_AT_WORK
    context = {
        "trail": to_case(case, ("", gettext("共有と同意"))),
        "case": case,
        "head": shapes.head(case, on=today),
        "readers": sharing_shapes.readers(case, found),
        "people": found.people if case.is_secret else [],
        "agreements": sharing_shapes.agreements(found.consents, on=today),
        "cards": involvements.cards(case, case_page.involvements_of(case), hat=hat, on=today),
        "form": form,
        "can_work": not refused,
    }
    return render(request, "desk/sharing.html", context, status=INVALID if form.errors else 200)


@requires("cases.write")
@require_POST
def withdraw(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Write down that the business takes a consent back, after asking once whether it does."""
    case, hat = visible_or_404(request, key), worn_by(request)
    consent = (
        Consent.objects.filter(case=case, pk=pk)
        .with_organisations()
        .select_related("case")
        .order_by("pk")
        .first()
    )
    if consent is None:
        raise Http404
    if not request.POST.get("sure"):
        return _ask(request, case, consent)
    try:
        consenting.withdraw(consent=consent, hat=hat, at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, gettext("同意の取り消しを記録しました。もう見られない機関には、知らせました。")
        )
    return redirect(f"{reverse('desk:sharing', args=[key])}#consents")


def _ask(request: HttpRequest, case: Case, consent: Consent) -> HttpResponse:
    context = {
        "trail": to_case(case, ("", gettext("同意の取り消し"))),
        "case": case,
        "who": labels.who(case),
        "sentence": shapes.agreements([consent], on=clock.today())[0].sentence,
    }
    return render(request, "desk/consent_withdraw.html", context)
