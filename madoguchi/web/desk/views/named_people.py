"""担当と見てよい人: giving the case to a colleague, and who sees a secret one."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.operations import consenting, handing_over, moves
from madoguchi.consultations.operations.acting import own_involvement
from madoguchi.consultations.queries import colleagues, receivers
from madoguchi.consultations.queries import sharing as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.forms.referral import PersonForm, TakeForm
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, visible_or_404
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Who works on the case for this organisation, and who is named."""
    case, hat = visible_or_404(request, key), worn_by(request)
    own = own_involvement(case, hat)
    if own is None:
        raise Http404
    named = queries.people_of(case)
    refused_naming = rules.can_name_people(
        organisation_id=hat.organisation_id,
        lead_organisation_id=consenting.lead_of(case),
        is_named=hat.user_id in {person.user_id for person in named},
    )
    sent, what = request.POST, request.POST.get("what", "") if request.method == "POST" else ""
    handing = TakeForm(
        sent if what == "hand_over" else None,
        people=[
            person
            for person in colleagues.people(organisation_id=hat.organisation_id, at=hat.at)
            if person.pk != own.adviser_id
        ],
    )
    can_name = case.is_secret and not refused_naming
    naming = PersonForm(
        sent if what == "name" else None, rows=receivers.nameable(case, at=hat.at) if can_name else ()
    )
    done = _act(request, case, own, {"hand_over": handing, "name": naming}, what)
    if done:
        return done
    refused = rules.can_work(moves.standing_of(own, hat))
    context = {
        "trail": to_case(case, ("", gettext("担当と見てよい人"))),
        "case": case,
        "head": shapes.head(case, on=clock.today()),
        "own": own,
        "handing": handing,
        "naming": naming,
        "named": named if case.is_secret else [],
        "can_name": can_name,
        "why_not": gettext(refused) if refused else "",
    }
    status = INVALID if handing.errors or naming.errors else 200
    return render(request, "desk/named_people.html", context, status=status)


def _act(
    request: HttpRequest, case: Case, own: Involvement, forms: dict[str, Form], what: str
) -> HttpResponse | None:
    hat: Hat = worn_by(request)
    form = forms.get(what)
    if form is not None and not form.is_valid():
        return None
    do: dict[str, Callable[[], str]] = {
        "hand_over": lambda: _hand_over(forms["hand_over"], own, hat),
        "name": lambda: _name(forms["name"], case, hat),
        "end": lambda: _end(request.POST.get("person", ""), case, hat),
    }
    if what not in do:
        return None
    try:
        said = do[what]()
    except DomainError as error:
        if form is None:
            messages.warning(request, str(error))
            return redirect("desk:case_people", case.key)
        form.add_error(None, str(error))
        return None
    messages.success(request, said)
    still = Case.objects.visible_to(hat).filter(pk=case.pk).exists()
    return redirect("desk:case_people", case.key) if still else redirect("desk:home")


def _hand_over(form: Form, own: Involvement, hat: Hat) -> str:
    assert isinstance(form, TakeForm)  # noqa: S101 (a mistake of ours)
    to = form.adviser()
    handing_over.hand_over(involvement=own, to=to, hat=hat, at=clock.now())
    return gettext("担当を%(name)sさんに変えました。") % {"name": to.display_name}


def _name(form: Form, case: Case, hat: Hat) -> str:
    assert isinstance(form, PersonForm)  # noqa: S101 (a mistake of ours)
    user = form.person()
    handing_over.name_person(case=case, user=user, hat=hat, at=clock.now())
    return gettext("%(name)sさんも見られるようにしました。") % {"name": user.display_name}


def _end(typed: str, case: Case, hat: Hat) -> str:
    if not (user_id := whole(typed)):
        raise Http404
    handing_over.end_person(case=case, user_id=user_id, hat=hat, at=clock.now())
    return gettext("この案件を見られないようにしました。")
