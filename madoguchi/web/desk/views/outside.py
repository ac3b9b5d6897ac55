"""Somebody without an account: the 紹介状 on paper, and writing down the answer that came by telephone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.operations import linking
from madoguchi.consultations.operations.telling import link_path
from madoguchi.consultations.queries import referral_page, sharing
from madoguchi.consultations.states import MOVES, InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.mail.addresses import absolute
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import involvements
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404
from madoguchi.web.portal.shapes.fit_sheet import qr
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.referral_words import OutsideAnswerForm

CONFLICT = 409


@requires("cases.write")
@require_POST
def letter(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The sheet that introduces the case, with a new link as a QR code: it is shown this once.

    A POST, because it makes a link; the sheet is to be printed and handed over.
    """
    case, involvement = _found(request, key, pk, what="letter")
    now = clock.now()
    try:
        secret = linking.make(involvement=involvement, hat=worn_by(request), at=now)
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("desk:sharing", case.key)
    url = absolute(link_path(secret))
    context = {
        "case": case,
        "involvement": involvement,
        "url": url,
        "qr": qr(url),
        "today": now.date(),
        "until": (now + linking.LASTS).date(),
        "contact": shapes.contact_facts(case),
        "who": shapes.head(case, on=now.date()).who,
        "consent": _consent_words(involvement),
        "hat": worn_by(request),
    }
    return render(request, "desk/referral_letter.html", context)


@requires("cases.write")
@require_POST
def withdraw(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take back the links that were handed over for a referral; a new sheet makes a new one."""
    case, involvement = _found(request, key, pk, what="referral")
    try:
        linking.withdraw(involvement=involvement, hat=worn_by(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, gettext("渡したリンクを使えなくしました。紹介状を印刷すると、新しいリンクができます。")
        )
    return redirect("desk:sharing", case.key)


def _consent_words(involvement: Involvement) -> str:
    consent = referral_page.consent_behind(involvement)
    return shapes.agreements([consent], on=clock.today())[0].sentence if consent else ""


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Write down what somebody without an account answered by telephone, by fax or on paper."""
    case, involvement = _found(request, key, pk, what="referral")
    state = InvolvementState(involvement.state)
    status = 200
    form = None
    if MOVES[state]:
        form = OutsideAnswerForm(
            request.POST if request.method == "POST" else None,
            state=state,
            initial={"name": involvement.answered_by_name},
        )
        if form.is_bound and form.is_valid():
            try:
                linking.answer_for_outside(
                    involvement=involvement, answer=form.told(), hat=worn_by(request), at=clock.now()
                )
            except Conflict as error:
                form.add_error(None, str(error))
                status = CONFLICT
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, gettext("返事を記録しました。"))
                return redirect("desk:case", case.key)
    if form is not None and form.errors and status == 200:
        status = INVALID
    today = clock.today()
    context = {
        "trail": to_case(case, ("", gettext("返事を書き入れる"))),
        "case": case,
        "head": shapes.head(case, on=today),
        "card": involvements.cards(case, [involvement], hat=worn_by(request), on=today)[0],
        "form": form,
    }
    return render(request, "desk/outside_answer.html", context, status=status)


def _found(request: HttpRequest, key: str, pk: int, *, what: str) -> tuple[Case, Involvement]:
    case = read_or_404(request, key, what=what)
    involvement = sharing.own_referral(case, pk)
    if involvement is None:
        raise Http404
    return case, involvement
