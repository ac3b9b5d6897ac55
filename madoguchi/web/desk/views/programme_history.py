"""履歴: what was public of a programme in a year, what changed each time, undoing and taking off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.hats import Hat
from madoguchi.catalogue.models import Edition, Programme
from madoguchi.editing import queries
from madoguchi.editing.operations import publishing
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.shapes import programmes as shapes
from madoguchi.web.portal.shapes.programme import changes
from madoguchi.web.shared import wording
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by


@requires("programmes.write")
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, slug: str, fiscal_year: int) -> HttpResponse:
    """The revisions of an edition, the newest first, each with what it changed."""
    hat = worn_by(request)
    programme = Programme.objects.filter(slug=slug).first()
    if programme is None or not queries.may_write(hat, programme):
        raise Http404
    revisions = queries.revisions_of(programme, fiscal_year)
    if not revisions:
        raise Http404
    if request.method == "POST":
        _act(request, hat, {each.edition.pk: each.edition for each in revisions})
        return redirect("desk:programme_history", slug, fiscal_year)
    olders = [each.edition for each in revisions[1:]]
    context = {
        "trail": shapes.to_programmes(("", revisions[0].edition.name)),
        "programme": programme,
        "name": revisions[0].edition.name,
        "year": wording.fiscal_year(fiscal_year),
        "fiscal_year": fiscal_year,
        "is_public": revisions[0].edition.state == "published",
        "current": revisions[0].edition,
        "needs_second": queries.needs_second(hat.organisation_id),
        "revisions": [
            (
                each,
                shapes.moment_words(each.edition.published_at),
                changes(older, each.edition) if older else [],
            )
            for each, older in zip(revisions, [*olders, None], strict=True)
        ],
    }
    return render(request, "desk/programme_history.html", context)


def _act(request: HttpRequest, hat: Hat, editions: dict[int, Edition]) -> None:
    act = request.POST.get("act", "")
    edition = editions.get(whole(request.POST.get("edition", "")))
    if edition is None or act not in ("bring_back", "take_off"):
        raise Http404
    try:
        if act == "bring_back":
            publishing.bring_back(
                edition=edition,
                seen_id=whole(request.POST.get("seen", "")) or None,
                hat=hat,
                at=clock.now(),
            )
            messages.success(request, gettext("その版の内容に戻しました。"))
        else:
            publishing.take_off(edition=edition, hat=hat, at=clock.now())
            messages.success(request, gettext("取り下げました。履歴から、いつでも戻せます。"))
    except DomainError as error:
        messages.warning(request, str(error))
