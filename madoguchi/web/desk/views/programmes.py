"""支援制度: writing, previewing and publishing the programmes of one's own institution."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.states import EditionState
from madoguchi.consultations.operations import drafts as keeping
from madoguchi.editing import checking, previewing, quality, queries, rules
from madoguchi.editing.errors import NotReady
from madoguchi.editing.models import Draft
from madoguchi.editing.operations import publishing, writing
from madoguchi.eligibility import rulebook
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.institutions.models import Organisation
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.web.desk import sent
from madoguchi.web.desk.forms.programme import Page, with_row, without_row
from madoguchi.web.desk.forms.publishing import MomentForm, ReasonForm
from madoguchi.web.desk.shapes import programmes as shapes
from madoguchi.web.desk.shapes.case_page import saved_words
from madoguchi.web.desk.views.notes import version_of
from madoguchi.web.portal.programme_page import NOBODY, Rules, context_of
from madoguchi.web.shared import wording
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by

INVALID, CONFLICT = 422, 409
_TOKYO = ZoneInfo("Asia/Tokyo")
_NOON = time(12)


@requires("programmes.write")
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """The institution's programmes, and its drafts."""
    hat = worn_by(request)
    now = clock.now()
    this_year = FiscalYear.of(now.date()).start_year
    context = {
        "trail": shapes.to_programmes(),
        "organisation": hat.organisation_name,
        "drafts": [shapes.draft_line(draft) for draft in queries.open_drafts(hat)],
        "programmes": [shapes.programme_line(edition, at=now) for edition in queries.editions_for(hat)],
        "years": [(year, wording.fiscal_year(year)) for year in (this_year, this_year + 1)],
        "needs_second": queries.needs_second(hat.organisation_id),
        "can_wish": hat.may("programmes.manage"),
    }
    return render(request, "desk/programmes.html", context)


@requires("programmes.manage")
@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """Say whether a second person looks at everything before it is public."""
    hat = worn_by(request)
    organisation = Organisation.objects.filter(pk=hat.organisation_id or 0).first()
    if organisation is None:
        raise Http404
    wanted = request.POST.get("needs_second") == "1"
    writing.wish(organisation=organisation, needs_second=wanted, at=clock.now(), by=hat.as_actor())
    messages.success(request, gettext("公開のしかたを変えました。"))
    return redirect("desk:programmes")


@requires("programmes.write")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft: of a new programme, or as a copy of an edition for its year or another."""
    hat = worn_by(request)
    year = whole(request.POST.get("fiscal_year", ""))
    if (
        not FiscalYear.of(clock.today()).start_year - 30
        <= year
        <= FiscalYear.of(clock.today()).start_year + 2
    ):
        raise Http404
    edition = None
    if copied := whole(request.POST.get("edition", "")):
        edition = Edition.objects.filter(pk=copied, state=EditionState.PUBLISHED).first()
        if edition is None:
            raise Http404
    try:
        draft = writing.begin(hat=hat, fiscal_year=year, edition=edition, at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("desk:programmes")
    return redirect("desk:programme_edit", draft.key)


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────
@requires("programmes.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The form of a draft. Rows come and go by buttons; nothing typed is lost on the way."""
    hat = worn_by(request)
    draft = _draft_or_404(hat, key)
    if why_not := rules.can_write(queries.standing(hat, draft)):
        messages.warning(request, gettext(why_not))
        return redirect("desk:programme_publish", draft.key)
    if request.method != "POST":
        return _edit_page(request, draft, _page_as_kept(draft, hat))
    if "add" in request.POST or "remove" in request.POST:
        page = _page(draft, _with_changed_rows(request.POST), is_checked=False)
        return _edit_page(request, draft, page, is_refused=True)
    if request.POST.get("go") == "discard":
        return _discard(request, draft, hat)
    page = _page(draft, request.POST)
    if not page.is_valid():
        return _edit_page(request, draft, page, is_refused=True, status=INVALID)
    return _keep(request, draft, page, hat)


def _with_changed_rows(data: QueryDict) -> QueryDict:
    if name := data.get("add", ""):
        return with_row(data, name)
    name, _dash, at = data.get("remove", "").rpartition("-")
    return without_row(data, name, whole(at))


def _keep(request: HttpRequest, draft: Draft, page: Page, hat: Hat) -> HttpResponse:
    try:
        writing.write(
            draft=draft, document=page.document(), version=version_of(request), hat=hat, at=clock.now()
        )
    except Conflict as error:
        page.form.add_error(None, str(error))
        return _edit_page(request, draft, page, is_refused=True, status=CONFLICT)
    keeping.forget(form=_form_name(draft), hat=hat)
    once = request.POST.get("once", "")[:64]
    go = request.POST.get("go", "")
    if go == "publish" and (found := checking.problems(_said(draft))):
        checked = _page(draft, _with_version(request.POST, draft))
        checked.is_valid()
        checked.name_problems(found)
        return sent.tell(_edit_page(request, draft, checked, is_refused=True, status=INVALID), once)
    onward = {"publish": "desk:programme_publish", "look": "desk:programme_look"}
    if go not in onward:
        messages.success(request, gettext("下書きを保存しました。まだ公開していません。"))
    return sent.tell(redirect(onward.get(go, "desk:programme_edit"), draft.key), once)


def _said(draft: Draft) -> dict[str, Any]:
    return {**draft.document, "written_by": publishing.written_by(draft)}


def _with_version(data: QueryDict, draft: Draft) -> QueryDict:
    changed = data.copy()
    changed["version"] = str(draft.version)
    return changed


def _discard(request: HttpRequest, draft: Draft, hat: Hat) -> HttpResponse:
    try:
        writing.discard(draft=draft, version=version_of(request), hat=hat, at=clock.now())
        keeping.forget(form=_form_name(draft), hat=hat)
        messages.success(request, gettext("下書きを捨てました。公開している版は、そのままです。"))
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("desk:programmes")


def _form_name(draft: Draft) -> str:
    return f"programme:{draft.key}"


def _page_as_kept(draft: Draft, hat: Hat) -> Page:
    """The draft, with what was typed into it and not sent yet, if it is newer than what was saved."""
    kept = keeping.kept(form=_form_name(draft), hat=hat)
    if kept is None or str(kept.content.get("version", "")) != str(draft.version):
        return _page(draft, None)
    data = QueryDict(mutable=True)
    for name, value in kept.content.items():
        data.setlist(name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    return _page(draft, data, is_checked=False)


def _page(draft: Draft, data: QueryDict | None, *, is_checked: bool = True) -> Page:
    offered = shapes.offered(draft.organisation, draft.document)
    return Page(draft.document, offered, version=draft.version, data=data, is_checked=is_checked)


def _edit_page(
    request: HttpRequest, draft: Draft, page: Page, *, is_refused: bool = False, status: int = 200
) -> HttpResponse:
    kept = keeping.kept(form=_form_name(draft), hat=worn_by(request))
    context = {
        "trail": shapes.to_programmes(("", draft.name or gettext("新しい制度"))),
        "draft": draft,
        "line": shapes.draft_line(draft),
        "is_new": draft.programme is None,
        "page": page,
        "form": page.form,
        "is_refused": is_refused,
        "autosave": _form_name(draft),
        "saved": saved_words(kept.saved_at if kept else None),
        "saved_ms": int(kept.saved_at.timestamp() * 1000) if kept else 0,
        "needs_second": queries.needs_second(draft.organisation_id),
    }
    return render(request, "desk/programme_edit.html", context, status=status)


# ── Looking at it ───────────────────────────────────────────────────────────────────────────────────
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
@requires("programmes.write")
@require_safe
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The page of the programme as the draft would make it, on any day."""
    draft = _draft_or_404(worn_by(request), key)
    edition = previewing.edition_of(draft)
    if edition is None:
        messages.warning(request, gettext("まだ表示できません。入力を直してください。"))
        return redirect("desk:programme_edit", draft.key)
    at = _moment(request.GET.get("on", ""))
    context = context_of([edition], edition, Rules(rulebook.current(), [], NOBODY, None), at=at)
    context |= {
        "is_draft": True,
        "preview_day": wording.day_full(at.date()),
        "back_url": reverse("desk:programme_look", args=[draft.key]),
    }
    return render(request, "portal/programme.html", context)


@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]
@requires("programmes.write")
@require_safe
def look(request: HttpRequest, key: str) -> HttpResponse:
    """The preview as wide as a phone, with the day to look at it."""
    draft = _draft_or_404(worn_by(request), key)
    on = _moment(request.GET.get("on", "")).date().isoformat()
    name = draft.name or gettext("新しい制度")
    back = reverse("desk:programme_edit", args=[draft.key])
    context = {
        "trail": shapes.to_programmes((back, name), ("", gettext("プレビュー"))),
        "draft": draft,
        "on": on,
        "preview_url": f"{reverse('desk:programme_preview', args=[draft.key])}?on={on}",
    }
    return render(request, "desk/programme_look.html", context)


def _moment(typed: str) -> datetime:
    """Noon of the day that was asked for; now for anything that is no day."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return clock.now()
    return datetime.combine(day, _NOON, _TOKYO) if 1990 <= day.year <= 2100 else clock.now()


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────────
@requires("programmes.write")
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """What is missing, and the ways out: publish, plan, hand over, approve, return."""
    hat = worn_by(request)
    draft = _draft_or_404(hat, key)
    moments = MomentForm(request.POST if "hand_on" in request.POST else None)
    reason = ReasonForm(request.POST if "give_back" in request.POST else None)
    if request.method != "POST":
        return _publish_page(request, draft, hat, moments, reason)
    if not moments.is_valid() if moments.is_bound else False:
        return _publish_page(request, draft, hat, moments, reason, status=INVALID)
    try:
        _act(request, draft, hat, moments, reason)
    except NotReady as error:
        messages.warning(request, str(error))
        return redirect("desk:programme_edit", draft.key)
    except DomainError as error:
        draft.refresh_from_db()
        (reason if reason.is_bound else moments).fail(str(error))
        status = CONFLICT if isinstance(error, Conflict) else INVALID
        return _publish_page(request, draft, hat, moments, reason, status=status, refused=str(error))
    return _after(request, draft)


def _act(request: HttpRequest, draft: Draft, hat: Hat, moments: MomentForm, reason: ReasonForm) -> None:
    version, at = version_of(request), clock.now()
    if moments.is_bound:
        told = moments.cleaned_data
        publishing.hand_on(
            draft=draft,
            version=version,
            hat=hat,
            at=at,
            publish_at=told["publish_at"],
            expire_at=told["expire_at"],
        )
    elif "approve" in request.POST:
        publishing.approve(draft=draft, version=version, hat=hat, at=at)
    elif reason.is_bound:
        why = reason.data.get("why", "")
        publishing.give_back(draft=draft, version=version, hat=hat, at=at, why=why)
    else:
        raise Http404


def _after(request: HttpRequest, draft: Draft) -> HttpResponse:
    said = {
        "published": gettext("公開しました。検索には、まもなく出ます。"),
        "planned": gettext("公開の日時を決めました。"),
        "waiting": gettext("確認を頼みました。ほかの方が確認すると、公開されます。"),
        "writing": gettext("書く人に戻しました。"),
    }
    messages.success(request, said[draft.state])
    if draft.state == "published" and draft.programme is not None:
        return redirect("desk:programme_history", draft.programme.slug, draft.fiscal_year)
    return redirect("desk:programmes")


def _publish_page(
    request: HttpRequest,
    draft: Draft,
    hat: Hat,
    moments: MomentForm,
    reason: ReasonForm,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    stands = queries.standing(hat, draft)
    name = draft.name or gettext("新しい制度")
    context = {
        "trail": shapes.to_programmes(
            (reverse("desk:programme_edit", args=[draft.key]), name), ("", gettext("公開"))
        ),
        "draft": draft,
        "line": shapes.draft_line(draft),
        "name": name,
        "problems": checking.problems(_said(draft)),
        "score": quality.score(_said(draft)),
        "moments": moments,
        "reason": reason,
        "refused": refused,
        "can_write": rules.can_write(stands) is None,
        "can_approve": rules.can_approve(stands) is None,
        "can_return": rules.can_return(stands) is None,
        "why_not_approve": gettext(why) if (why := rules.can_approve(stands)) else "",
        "is_waiting": draft.state == "waiting",
        "needs_second": stands.needs_second,
        "publish_at": shapes.moment_words(draft.publish_at),
        "expire_at": shapes.moment_words(draft.expire_at),
    }
    return render(request, "desk/programme_publish.html", context, status=status)


def _draft_or_404(hat: Hat, key: str) -> Draft:
    rows = Draft.objects.visible_to(hat).select_related("programme", "organisation")
    draft = rows.filter(key=key).first()
    if draft is None:
        raise Http404
    return draft
