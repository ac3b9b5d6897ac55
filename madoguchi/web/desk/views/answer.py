"""引き継ぎへの返事: reading what is asked, taking it or not, and being done with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.kinds import DeclineReason, Result
from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.operations import moves
from madoguchi.consultations.operations.acting import own_involvement
from madoguchi.consultations.queries import colleagues, sharing
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.web.desk.forms.referral import DeclineForm, FinishForm, TakeForm
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import involvements as involvement_shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404, visible_or_404
from madoguchi.web.shared import wording
from madoguchi.web.shared.hats import worn_by

CONFLICT = 409


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """What another organisation asks; taking it in somebody's name, or declining with a reason.

    Whoever comes after a colleague sees who has it and since when (409 for a sent form).
    """
    case, hat = read_or_404(request, key, what="referral"), worn_by(request)
    own = own_involvement(case, hat)
    if own is None:
        raise Http404
    if own.state != InvolvementState.SENT:
        return _answered(request, case, own, status=CONFLICT if request.method == "POST" else 200)
    people = colleagues.people(organisation_id=hat.organisation_id, at=hat.at)
    if case.is_secret:
        named = {person.user_id for person in sharing.people_of(case)}
        people = [person for person in people if person.pk in named]
    sent = request.POST if request.method == "POST" else None
    what = request.POST.get("what", "") if sent is not None else ""
    take = TakeForm(sent if what == "take" else None, people=people, initial={"adviser": hat.user_id})
    decline = DeclineForm(sent if what == "decline" else None)
    done = None
    if take.is_bound and take.is_valid():
        done = _act(request, case, own, take)
    elif decline.is_bound and decline.is_valid():
        done = _act(request, case, own, decline)
    if done:
        return done
    context = {
        "take": take,
        "decline": decline,
        "message": own.message or case.words,
        "sender": own.sent_by_organisation,
        "sent_at": own.sent_at,
        "because": own.routed_because,
        "is_closed": case.closed_at is not None,
        "taken_by": [involvement_shapes.name_of(each) for each in sharing.others(case, than=own)],
    }
    status = INVALID if take.errors or decline.errors else 200
    return _page(request, "desk/answer.html", case, gettext("引き継ぎへの返事"), context, status=status)


def _act(
    request: HttpRequest, case: Case, own: Involvement, form: TakeForm | DeclineForm
) -> HttpResponse | None:
    hat, now = worn_by(request), clock.now()
    try:
        if isinstance(form, TakeForm):
            moves.take(involvement=own, adviser=form.adviser(), hat=hat, at=now)
            messages.success(request, gettext("引き受けました。次にすることを決めましょう。"))
            return redirect("desk:case", case.key)
        moves.decline(
            involvement=own,
            reason=DeclineReason(form.cleaned_data["reason"]),
            note=_with_suggestion(form.cleaned_data["note"], form.cleaned_data["suggestion"]),
            hat=hat,
            at=now,
        )
    except (Conflict, NotAllowed):
        latest = sharing.answered_by(case, hat.organisation_id)
        if latest is not None and latest.state != InvolvementState.SENT:
            return _answered(request, case, latest, status=CONFLICT)
        form.add_error(None, str(Conflict()))
        return None
    except DomainError as error:
        form.add_error(None, str(error))
        return None
    if Case.objects.visible_to(hat).filter(pk=case.pk).exists():
        said = gettext("ほかに受ける窓口がないため、管理者の「引き受け先なし」に入れました。")
    else:
        said = gettext("引き受けられないことを、理由とともに伝えました。")
    messages.success(request, said)
    return redirect("desk:home")


def _with_suggestion(note: str, suggestion: str) -> str:
    """The reason, and below it whom to ask instead."""
    if not suggestion:
        return note
    hint = gettext("ほかの心当たり：%(name)s") % {"name": suggestion}
    return f"{note}\n{hint}".strip()


def _answered(request: HttpRequest, case: Case, own: Involvement, *, status: int) -> HttpResponse:
    """Who of the organisation has it, and since when."""
    since, today = sharing.since(own), clock.today()
    context = {
        "card": involvement_shapes.cards(case, [own], hat=worn_by(request), on=today)[0],
        "when": f"{wording.day(since, today=today)}{wording.time_of_day(since)}",
        "is_conflict": status == CONFLICT,
        "can_open": own.access_ended_at is None,
    }
    return _page(request, "desk/answered.html", case, gettext("引き継ぎへの返事"), context, status=status)


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """Say what came of the own part; the case goes on where others are at work."""
    case, hat = visible_or_404(request, key), worn_by(request)
    own = own_involvement(case, hat)
    if own is None:
        raise Http404
    refused = rules.can_work(moves.standing_of(own, hat))
    form = FinishForm(request.POST if request.method == "POST" and not refused else None)
    if form.is_bound and form.is_valid():
        try:
            moves.finish(
                involvement=own,
                result=Result(form.cleaned_data["result"]),
                note=form.cleaned_data["note"],
                hat=hat,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("対応を終えました。"))
            return redirect("desk:case", case.key)
    context = {"form": form, "why_not": gettext(refused) if refused else ""}
    status = INVALID if form.errors else CONFLICT if refused and request.method == "POST" else 200
    return _page(request, "desk/finish.html", case, gettext("対応を終える"), context, status=status)


def _page(
    request: HttpRequest, template: str, case: Case, label: str, context: dict[str, Any], *, status: int
) -> HttpResponse:
    common = {
        "trail": to_case(case, ("", label)),
        "case": case,
        "head": shapes.head(case, on=clock.today()),
    }
    return render(request, template, common | context, status=status)
