"""The team view of managers: load, what nobody took, what is late; giving cases to somebody else."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.consultations.operations.handing_over import hand_over
from madoguchi.consultations.queries import colleagues, trays
from madoguchi.consultations.queries import team as queries
from madoguchi.consultations.queries.trays import AT_WORK
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.shapes import tray as tray_shapes
from madoguchi.web.desk.shapes.crumbs import to_cases
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by

_MOST = 50


@requires("cases.manage")
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Everybody's load, and the cases that want somebody to look."""
    hat, today = worn_by(request), clock.today()
    loads = queries.loads(hat, at=hat.at, on=today)
    adviser = whole(request.GET.get("adviser", ""))
    chosen = next((load for load in loads if load.user_id == adviser), None)
    context = {
        "trail": to_cases(("", gettext("班のようす"))),
        "side": tray_shapes.side(trays.counts(hat, on=today), None),
        "loads": loads,
        "most": max((load.at_work for load in loads), default=0),
        "chosen": chosen,
        "in_hand": tray_shapes.rows(queries.of_adviser(hat, chosen.user_id), on=today) if chosen else [],
        "untaken": tray_shapes.rows(queries.untaken(hat), on=today),
        "late": tray_shapes.rows(queries.late(hat, on=today), on=today),
        "colleagues": colleagues.people(organisation_id=hat.organisation_id, at=hat.at),
    }
    return render(request, "desk/team.html", context)


@requires("cases.manage")
@require_POST
def reassign(request: HttpRequest) -> HttpResponse:
    """Give the chosen cases to a colleague; each that cannot be given says why."""
    hat = worn_by(request)
    to = _colleague(hat, whole(request.POST.get("to", "")))
    given = 0
    chosen = (
        trays.seen_by(hat)
        .filter(case__key__in=request.POST.getlist("case")[:_MOST], state__in=AT_WORK)
        .select_related("case", "adviser")
        .order_by("case", "pk")
    )
    for involvement in chosen:
        try:
            hand_over(involvement=involvement, to=to, hat=hat, at=clock.now())
            given += 1
        except DomainError as error:
            messages.warning(request, f"{involvement.case.number}：{error}")
    if given:
        said = gettext("%(count)d件を%(name)sさんに引き継ぎました。")
        messages.success(request, said % {"count": given, "name": to.display_name})
    elif not chosen:
        messages.warning(request, gettext("引き継ぐ案件を選んでください。"))
    return redirect("desk:team")


def _colleague(hat: Hat, pk: int) -> User:
    found = next(
        (user for user in colleagues.people(organisation_id=hat.organisation_id, at=hat.at) if user.pk == pk),
        None,
    )
    if found is None:
        raise Http404
    return found
