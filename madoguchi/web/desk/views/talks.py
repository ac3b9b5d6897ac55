"""相談の記録を直す: a talk that counts is corrected, moved to its own case, or taken back, with a reason."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import AnotherCaseMissing
from madoguchi.consultations.models import Case, Consultation
from madoguchi.consultations.operations import correcting_talks
from madoguchi.consultations.queries import case_page
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.web.desk.forms.talk import TalkForm, WhyForm
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import timeline as timeline_shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404
from madoguchi.web.desk.views.notes import CONFLICT, version_of
from madoguchi.web.shared.hats import worn_by


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Correct a talk of one's own, or as a manager of the organisation. Http404 for those of others."""
    case, hat = read_or_404(request, key), worn_by(request)
    kept = case_page.talk_of(case, pk)
    if kept is None or correcting_talks.why_not(kept, hat):
        raise Http404
    form = _form(request, kept)
    if not form.is_bound or not form.is_valid():
        return _show(request, case, kept, form, status=INVALID if form.is_bound else 200)
    day_before = kept.held_on
    try:
        said = _act(request, kept, form, hat)
    except Conflict:
        kept.refresh_from_db()
        return _show(request, case, kept, form, status=CONFLICT)
    except DomainError as error:
        form.add_error("case_number" if isinstance(error, AnotherCaseMissing) else None, str(error))
        return _show(request, case, kept, form, status=INVALID)
    messages.success(request, said)
    if late := _months_to_hand_in_again(day_before, kept.held_on):
        messages.warning(request, late)
    return redirect("desk:case", case.key)


def _form(request: HttpRequest, kept: Consultation) -> TalkForm | WhyForm:
    """Of a talk that was taken back, and for taking one back, only the reason is asked."""
    sent = request.POST if request.method == "POST" else None
    if kept.withdrawn_at is not None:
        return WhyForm(sent)
    if sent is not None and "take_back" in sent:
        # What else was typed is none of it; it stands again when the reason is missing.
        form = TalkForm(sent, talk=kept)
        for name in list(form.fields.keys() - {"why"}):
            form.fields[name].required = False
        return form
    return TalkForm(sent, talk=kept)


def _act(request: HttpRequest, kept: Consultation, form: TalkForm | WhyForm, hat: Hat) -> str:
    """Do what was asked, and say it. Raises a DomainError."""
    why, version, at = form.cleaned_data["why"], version_of(request), clock.now()
    if "take_back" in request.POST:
        correcting_talks.take_back(talk=kept, why=why, version=version, hat=hat, at=at)
        return gettext("この相談を、数えるのをやめました。書いた文は残っています。")
    if not isinstance(form, TalkForm):
        correcting_talks.count_again(talk=kept, why=why, version=version, hat=hat, at=at)
        return gettext("この相談を、もう一度数えることにしました。")
    to_case = _case_of(form.cleaned_data["case_number"], hat)
    correcting_talks.correct_talk(
        talk=kept, to=form.talk(), why=why, version=version, hat=hat, at=at, case=to_case
    )
    return gettext("相談の記録を直しました。前の内容も残っています。")


def _case_of(number: str, hat: Hat) -> Case | None:
    """The case with this number, as far as the person sees it. Raises AnotherCaseMissing."""
    if not number.strip():
        return None
    found = Case.objects.visible_to(hat).filter(number=number.strip()).order_by("pk").first()
    if found is None:
        raise AnotherCaseMissing
    return found


def _months_to_hand_in_again(*days: date) -> str:
    """That reports of months past are no longer what was handed in; empty for this month."""
    this_month = clock.today().replace(day=1)
    past = sorted({day.replace(day=1) for day in days} - {this_month})
    if not past:
        return ""
    names = [gettext("%(year)s年%(month)s月") % {"year": day.year, "month": day.month} for day in past]
    return gettext("%(months)sの指導実績を出していたら、作り直して出してください。") % {
        "months": gettext("と").join(names)
    }


def _show(
    request: HttpRequest, case: Case, kept: Consultation, form: TalkForm | WhyForm, *, status: int
) -> HttpResponse:
    on = clock.today()
    revisions = list(kept.revisions.select_related("replaced_by").order_by("version"))
    context = {
        "trail": to_case(case, ("", gettext("相談の記録を直す"))),
        "case": case,
        "head": shapes.head(case, on=on),
        "form": form,
        "version": len(revisions) + 1,
        "now": timeline_shapes.talk_words(kept, on=on),
        "is_counted": kept.withdrawn_at is None,
        "is_conflict": status == CONFLICT,
        "before": [timeline_shapes.before_words(each, on=on) for each in revisions],
    }
    return render(request, "desk/talk.html", context, status=status)
