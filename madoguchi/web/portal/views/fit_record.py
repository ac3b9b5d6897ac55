"""わが社に合う支援 from one's own record: what it knows answers the questions, when the person says so."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from madoguchi.businesses import rules
from madoguchi.foundation.access import requires
from madoguchi.web.portal import fit_cookie, register_cookie
from madoguchi.web.portal.shapes import fit_register
from madoguchi.web.portal.views.fit import visit_of
from madoguchi.web.shared.own_business import own


@requires("own.use")
@require_POST
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Begin anew with what the record says; answers so far may be those of another business, so they go.

    Whom the figures were not entrusted to begins without them.
    """
    business, member = own(request, key)
    visit = visit_of(request)
    given = fit_register.given_by_record(
        business,
        visit.dictionary,
        on=visit.on,
        with_figures=rules.may_see(rules.FIGURES, role=member.role, scopes=member.scopes),
    )
    answers = {key: plain for key, (plain, _) in given.items()}
    if not fit_cookie.fits(answers):
        messages.error(request, gettext("登録した内容が多く、このブラウザーに入りきりませんでした。"))
        return redirect("portal:fit")
    response = HttpResponseRedirect(f"{reverse('portal:fit')}?record=1#answers")
    fit_cookie.keep(response, answers)
    register_cookie.keep(response, given)
    return response
