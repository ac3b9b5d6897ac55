"""相談を申し込む: three short steps without an account, kept nowhere until they are sent."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.models import User
from madoguchi.businesses.models import Business
from madoguchi.catalogue.models import Programme
from madoguchi.consultations import spam
from madoguchi.consultations.errors import AlreadySent
from madoguchi.consultations.models import Case, Topic
from madoguchi.consultations.operations import request_links, requests
from madoguchi.consultations.operations.requests import Request
from madoguchi.consultations.queries import topics as topic_queries
from madoguchi.foundation import audit, clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Region
from madoguchi.web.portal import sendings
from madoguchi.web.portal.forms.consult import (
    ANONYMOUS,
    BUSINESS,
    ON_THE_PAGE,
    ContactStep,
    MatterStep,
    Step,
    Travelling,
    WordsStep,
    seconds_since,
    stamp,
)
from madoguchi.web.portal.shapes import consult as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared.same_origin import is_same_origin

INVALID = 422
# A field that people do not see; whoever fills it in is a machine.
TRAP = "homepage"


@dataclass
class Visit:
    """What every step begins with; the forms hold what was sent, whichever step is shown."""

    region: Region
    topics: list[Topic]
    businesses: list[Business]
    user: User | None
    words: WordsStep
    matter: MatterStep
    contact: ContactStep
    travelling: Travelling
    trap: str

    def valid_until(self, step: int) -> int:
        """The first of the steps up to this one that has to be done again; the next one when none has."""
        forms = (self.words, self.matter, self.contact)[:step]
        return next((number for number, form in enumerate(forms, 1) if not form.is_valid()), step + 1)

    def unjudged(self, form: Step) -> Step:
        """The same form with what was typed, before anybody looked whether it is right."""
        if not form.is_bound:
            return form
        typed = {name: form[name].value() for name in form.fields}
        if isinstance(form, MatterStep):
            return MatterStep(initial=typed, topics=self.topics, region=self.region)
        if isinstance(form, ContactStep):
            return ContactStep(initial=typed, businesses=self.businesses)
        return WordsStep(initial=typed)


def _visit(request: HttpRequest) -> Visit:
    region = institutions.region()
    if region is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    user = request.user if isinstance(request.user, User) else None
    at = clock.actual_now()
    businesses = list(Business.objects.of_person(user.pk, at=at).order_by("name", "pk")) if user else []
    topics = topic_queries.topics()
    opened = {
        "once": secrets.token_urlsafe(16),
        "begun": stamp(at),
        "programme": request.GET.get("programme", ""),
        "desk": request.GET.get("desk", ""),
    }
    initial = {"name": user.display_name, "email": user.email} if user else {}
    return Visit(
        region,
        topics,
        businesses,
        user,
        WordsStep(sent),
        MatterStep(_only(sent, MatterStep), topics=topics, region=region),
        ContactStep(_only(sent, ContactStep), businesses=businesses, initial=initial),
        Travelling(sent or opened),
        request.POST.get(TRAP, ""),
    )


def _only(sent: Any, step: type) -> Any:
    """What was sent, if the step was among it: an unseen step shows its beginnings, not errors."""
    return sent if sent is not None and f"seen_{step.__name__}" in sent else None


# The site's forms hold no token; is_same_origin stands in for it, and never throws away what was typed.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def consult(request: HttpRequest) -> HttpResponse:
    """Ask for the words, then what it is about and where, then whom to answer; the last step sends it."""
    visit = _visit(request)
    if request.method != "POST":
        return _show(request, visit, 1)
    step = _number(request.POST.get("step"), most=3)
    if "go" in request.POST:
        wanted = _number(request.POST["go"], most=step)
        return _show(request, visit, min(wanted, visit.valid_until(wanted - 1)))
    first_wrong = visit.valid_until(step)
    if first_wrong <= step:
        return _show(request, visit, first_wrong, status=INVALID)
    if step < 3:
        return _show(request, visit, step + 1)
    return _finish(request, visit)


def _finish(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send it and lead to the receipt; what cannot be sent stands again as it was typed."""
    if not is_same_origin(request):
        sentence = gettext(
            "このページから送られたことを確かめられませんでした。書いたことは残っています。もう一度「相談を送る」を押してください。"
        )
        return _show(request, visit, 3, status=INVALID, refused=sentence)
    try:
        case = _send(request, visit)
    except AlreadySent as error:
        visit.travelling = Travelling({**visit.travelling.cleaned_data, "once": secrets.token_urlsafe(16)})
        return _show(request, visit, 3, status=INVALID, refused=str(error))
    return HttpResponseRedirect(reverse("portal:consult_receipt", args=[request_links.state_secret(case)]))


def _number(text: str | None, *, most: int) -> int:
    return min(int(text), most) if text and text in "123" else 1


def _show(
    request: HttpRequest, visit: Visit, step: int, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    words = visit.words["words"].value() or ""
    form: Step = (visit.words, visit.matter, visit.contact)[step - 1]
    if status == 200:
        form = visit.unjudged(form)  # who comes to a step anew meets no errors there yet
    is_told = step == 3 and visit.matter.is_valid()
    chosen = visit.matter["topics"].value() if visit.matter.is_bound else None
    suggested, others = shapes.topic_choices(
        visit.topics, topic_queries.suggested(words, visit.topics) if step == 2 else (), chosen
    )
    secret = {topic.code for topic in visit.topics if topic.is_secret}
    context = {
        "trail": trail(("", gettext("相談する"))),
        "step": step,
        "marks": shapes.marks(step),
        "form": form,
        "visit": visit,
        "hidden": [
            each
            for number, each in enumerate((visit.words, visit.matter, visit.contact), 1)
            if number != step and each.is_bound
        ],
        "suggested": suggested,
        "others": others,
        "told": shapes.told_so_far(words, visit.matter.cleaned_data if is_told else None, visit.topics)
        if step > 1
        else [],
        "is_secret": is_told and bool(secret & set(visit.matter.cleaned_data["topics"])),
        "refused": refused,
        "programme": Programme.objects.filter(slug=visit.travelling["programme"].value() or "").first(),
        "desk": Desk.objects.filter(slug=visit.travelling["desk"].value() or "").first(),
        "trap": TRAP,
    }
    return render(request, "portal/consult.html", context, status=status)


def _send(request: HttpRequest, visit: Visit) -> Case:
    """Receive the request; whatever looks like spam is held for somebody to look at."""
    travelling = visit.travelling.cleaned_data if visit.travelling.is_valid() else {}
    words = visit.words.cleaned_data["words"]
    same_text, same_place = sendings.count(request, words)
    signs = spam.Signs(
        text=words,
        hidden_field=visit.trap,
        seconds=seconds_since(travelling.get("begun", ""), at=clock.actual_now()),
        same_text=same_text,
        same_place=same_place,
    )
    return requests.receive(
        request=_request(visit, travelling),
        once=travelling.get("once") or secrets.token_urlsafe(16),
        at=clock.now(),
        actual=clock.actual_now(),
        by=visit.user.as_actor() if visit.user else audit.ANONYMOUS,
        held_because=spam.held_because(signs),
    )


def _request(visit: Visit, travelling: dict[str, Any]) -> Request:
    matter, contact = visit.matter.cleaned_data, visit.contact.cleaned_data
    business = next((each for each in visit.businesses if each.key == contact.get("business")), None)
    who = contact["who"]
    mode = contact["mode"]
    answers = {
        "who": who,
        "company": contact["company"] if who == BUSINESS else "",
        "corporate_number": contact["corporate_number"] if who == BUSINESS else "",
        "programme": travelling.get("programme", ""),
    }
    return Request(
        words=visit.words.cleaned_data["words"],
        topics=[topic for topic in visit.topics if topic.code in matter["topics"]],
        answers={key: value for key, value in answers.items() if value},
        business=business,
        requester=visit.user,
        is_anonymous=who == ANONYMOUS,
        contact={
            "name": contact["name"] or (contact["company"] if who == BUSINESS else ""),
            "email": contact["email"],
            "telephone": contact["telephone"],
            "mode": "" if mode == ON_THE_PAGE else mode,
            "when": contact["when"],
        },
        area_code=matter["area"] or (business.area_code if business else ""),
        industry=matter["industry"] or (business.industry if business else ""),
        employees=matter["employees"],
        language=get_language() or "ja",
        chosen_desk=travelling.get("desk", ""),
        programme=travelling.get("programme", ""),
        shares_with_others=contact["shares"],
    )
