"""What a business is asked some months after: a page behind a secret link, without an account."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.errors import LinkEnded
from madoguchi.consultations.kinds import Continued, Improved, Satisfaction
from madoguchi.consultations.models import Link, SurveyAnswer
from madoguchi.consultations.operations.surveying import Answers, answer_survey, open_survey
from madoguchi.foundation import clock
from madoguchi.foundation.access import public

INVALID = 422


class SurveyForm(forms.Form):
    """Satisfaction and three questions; none of them has to be answered."""

    satisfaction = forms.ChoiceField(
        label=_("窓口の対応に、満足していますか"),
        choices=Satisfaction.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    improved = forms.ChoiceField(
        label=_("相談したことは、よくなりましたか"),
        choices=Improved.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    continued = forms.ChoiceField(
        label=_("始めた取り組みを、続けていますか"),
        choices=Continued.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    next_trouble = forms.CharField(
        label=_("いま、ほかに困っていることはありますか"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def answers(self) -> Answers:
        """What was answered."""
        told = self.cleaned_data
        return Answers(
            satisfaction=int(told["satisfaction"]) if told["satisfaction"] else None,
            improved=told["improved"],
            continued=told["continued"],
            next_trouble=told["next_trouble"],
        )


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@csrf_protect
def survey(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask, and take the answer; an answer may be changed until the link ends."""
    try:
        link = open_survey(secret=secret, at=clock.now())
    except LinkEnded:
        raise Http404 from None
    form = SurveyForm(request.POST if request.method == "POST" else None, initial=_kept(link))
    if request.method == "POST" and form.is_valid():
        answer_survey(secret=secret, answers=form.answers(), at=clock.now())
        return redirect(f"{request.path}?thanks=1")
    context = {
        "form": form,
        "is_thanked": "thanks" in request.GET,
        "is_answered": link.used_at is not None,
        "until": link.expires_at,
    }
    return render(request, "portal/survey.html", context, status=INVALID if form.errors else 200)


def _kept(link: Link) -> dict[str, object]:
    kept = SurveyAnswer.objects.filter(follow_up=link.follow_up).first()
    return {"satisfaction": str(kept.satisfaction or ""), **kept.answers} if kept else {}
