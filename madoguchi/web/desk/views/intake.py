"""相談を受ける: one screen, with or without scripts; nothing typed is lost, and it is sent once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.businesses import queries as businesses
from madoguchi.businesses.errors import FieldsInvalid
from madoguchi.businesses.models import Business
from madoguchi.consultations.kinds import Channel, Urgency, Visibility
from madoguchi.consultations.models import Case, Draft, Topic
from madoguchi.consultations.operations import acting, drafts, intake
from madoguchi.consultations.operations.intake import Intake
from madoguchi.consultations.operations.opening import Destination, Matter
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.operations.requests import title_of
from madoguchi.consultations.queries import history
from madoguchi.consultations.queries import topics as topic_queries
from madoguchi.consultations.queries.destinations import Receivers, receivers
from madoguchi.consultations.queries.routing import Routing, routing_of
from madoguchi.consultations.routing import Asked
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Region
from madoguchi.japan import areas
from madoguchi.web.desk import sent
from madoguchi.web.desk.forms.intake import ANONYMOUS, BY_RULE, KNOWN, MYSELF, NEW, OWN_TRAY, IntakeForm
from madoguchi.web.desk.shapes import history as history_shapes
from madoguchi.web.desk.shapes import intake as shapes
from madoguchi.web.desk.shapes.crumbs import to_cases
from madoguchi.web.shared.hats import worn_by

INVALID = 422
MOST_FOUND = 8
MOST_CASES = 2
CHOSEN_BY_ADVISER = "相談員が、この送り先を選びました。"
OWN_TRAY_BECAUSE = "相談員が、所属の「新しい相談」に入れました。"


@dataclass
class Setting:
    """What the screen offers, read where it is used."""

    hat: Hat

    @cached_property
    def region(self) -> Region | None:
        """The region; None before a pack is loaded."""
        return institutions.region()

    @cached_property
    def places(self) -> frozenset[str]:
        """The municipalities of the region."""
        found = areas.municipalities(self.region.prefecture_code) if self.region else ()
        return frozenset(each.code for each in found)

    @cached_property
    def topics(self) -> list[Topic]:
        """The topics of now."""
        return topic_queries.topics()

    @cached_property
    def receivers(self) -> Receivers:
        """Whom it can be sent to."""
        return receivers(self.hat, on=clock.today(), at=self.hat.at)

    @cached_property
    def routing(self) -> Routing | None:
        """The region's rules."""
        return routing_of(self.region, on=clock.today(), at=self.hat.at) if self.region else None

    def form(self, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> IntakeForm:
        """The form, empty or as it was sent."""
        return IntakeForm(
            data, initial=initial, topics=self.topics, region=self.region, receivers=self.receivers
        )


@dataclass(frozen=True)
class _Choice:
    """The topics that are ticked, and those that were suggested before."""

    chosen: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The screen; a form sent from it opens a case. Its small buttons only look something up."""
    setting = Setting(worn_by(request))
    if request.method != "POST":
        return _begin(request, setting)
    form = setting.form(request.POST)
    if "go" in request.POST:
        return _show(request, setting, setting.form(initial=_typed(form)), choice=_choice(request.POST))
    if form.is_valid():
        case = _take_in(form, setting)
        if case is not None:
            return _done(request, case, form, setting.hat)
    return _show(request, setting, form, choice=_choice(request.POST), status=INVALID)


def _begin(request: HttpRequest, setting: Setting) -> HttpResponse:
    draft = None if "new" in request.GET else drafts.kept(form=drafts.INTAKE, hat=setting.hat)
    initial: dict[str, Any] = {"held_on": clock.today()}
    if draft:
        initial |= _from_draft(draft)
    elif business := request.GET.get("business", ""):
        initial["business"] = business
    return _show(request, setting, setting.form(initial=initial), choice=_of_draft(draft), draft=draft)


def _from_draft(draft: Draft) -> dict[str, Any]:
    """What was typed, as far as this form still asks for it."""
    content = draft.content if isinstance(draft.content, dict) else {}
    known = {name: value for name, value in content.items() if name in IntakeForm.base_fields}
    # A box that was not ticked was not sent.
    return {"has_talk": False, "is_agreed": False, "is_founder": False} | known


def _of_draft(draft: Draft | None) -> _Choice:
    content = draft.content if draft and isinstance(draft.content, dict) else {}
    return _Choice(_several(content.get("topics")), _several(content.get("seen")))


def _several(kept: object) -> tuple[str, ...]:
    """What was kept of a field that may be sent several times."""
    values = kept if isinstance(kept, list) else [kept]
    return tuple(value for value in values if isinstance(value, str))


def _typed(form: IntakeForm) -> dict[str, Any]:
    return {name: form[name].value() for name in form.fields}


def _choice(typed: QueryDict) -> _Choice:
    return _Choice(tuple(typed.getlist("topics")), tuple(typed.getlist("seen")))


def _show(
    request: HttpRequest,
    setting: Setting,
    form: IntakeForm,
    *,
    choice: _Choice,
    draft: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "trail": to_cases(("", gettext("相談を受ける"))),
        "form": form,
        "draft": draft,
        "saved": shapes.saved_words(draft.saved_at if draft else None),
        "saved_ms": int(draft.saved_at.timestamp() * 1000) if draft else 0,
        "is_refused": status == INVALID,
        **businesses_found(setting.hat, str(form["q"].value() or ""), str(form["business"].value() or "")),
        **_topics(setting, choice, _typed(form)),
    }
    return render(request, "desk/intake.html", context, status=status)


def businesses_found(hat: Hat, text: str, key: str) -> dict[str, Any]:
    """The businesses that what was typed means, the chosen one always among them, with their newest cases."""
    rows = businesses.search(hat, text, limit=MOST_FOUND)
    if key and key not in {row.key for row in rows}:
        rows = businesses.rows_of(Business.objects.standing_for(hat).filter(key=key).order_by("pk")) + rows
    past = history.newest_of_each([row.pk for row in rows], hat, each=MOST_CASES)
    return {
        "found": [(row, history_shapes.lines(past.get(row.pk, []), on=clock.today())) for row in rows],
        "business_key": key,
        "searched": bool(text.strip()),
    }


def _topics(setting: Setting, choice: _Choice, typed: Mapping[str, Any]) -> dict[str, Any]:
    near, others = shapes.topic_lines(
        setting.topics,
        topic_queries.suggested(str(typed.get("words") or ""), setting.topics),
        chosen=choice.chosen,
        seen=choice.seen,
    )
    return {
        "near": near,
        "others": others,
        "has_suggested": any(line.is_suggested and line.is_chosen for line in near),
        "is_secret": any(line.is_secret and line.is_chosen for line in (*near, *others)),
        "rule_says": shapes.rule_says(
            setting.routing,
            _asked(setting, typed, [line.code for line in near if line.is_chosen], setting.routing),
            on=clock.today(),
        )
        if setting.routing
        else None,
    }


def _asked(setting: Setting, told: Mapping[str, Any], topics: Iterable[str], routing: Routing) -> Asked:
    """What the rules look at: what was typed, and of the chosen business what its record says."""
    business = None
    if told.get("who") == KNOWN:
        key = str(told.get("business") or "")
        business = Business.objects.standing_for(setting.hat).filter(key=key).order_by("pk").first()
    typed_area, language = str(told.get("area") or ""), str(told.get("language") or "")
    area = typed_area if typed_area in setting.places else ""
    who = ANONYMOUS if told.get("who") == ANONYMOUS else "business"
    if (business and business.is_founder) or (told.get("who") == NEW and told.get("is_founder")):
        who = "founder"
    return Asked(
        topics=tuple(topics),
        secret_topics=routing.secret_topics,
        area=area or (business.area_code if business else ""),
        industry=business.industry if business else "",
        employees=business.employees if business else None,
        answers={"who": who},
        language=language or "ja",
    )


@requires("cases.write")
@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The businesses found while typing, as a part of the screen."""
    context = businesses_found(worn_by(request), request.GET.get("q", ""), request.GET.get("business", ""))
    return render(request, "desk/parts/intake_found.html", context)


@requires("cases.write")
@require_POST
def topics(request: HttpRequest) -> HttpResponse:
    """The topics that the words suggest, and where the rules would send it, as a part of the screen."""
    setting = Setting(worn_by(request))
    context = _topics(setting, _choice(request.POST), request.POST.dict())
    return render(request, "desk/parts/intake_topics.html", context)


def _take_in(form: IntakeForm, setting: Setting) -> Case | None:
    """Open the case; None when it cannot be, with the reason at its field."""
    told = form.cleaned_data
    business = _business(form, setting)
    if told["who"] == KNOWN and business is None:
        return None
    try:
        return intake.take_in(
            intake=Intake(
                matter=_matter(told, business, setting),
                new_business=_new_business(told) if told["who"] == NEW else None,
                to=_destination(told, setting),
                is_agreed=told["is_agreed"],
                talk=_talk(told) if form.is_talk(told) else None,
                body=told["body"],
                visibility=Visibility(told["visibility"]),
            ),
            hat=setting.hat,
            at=clock.now(),
            once=told["once"],
        )
    except FieldsInvalid as error:
        for name, sentence in error.wrong.items():
            form.add_error(_FIELDS.get(name), str(sentence))
    except DomainError as error:
        form.refuse(error, _AT.get(error.code))
    return None


# Where an error stands on this screen, by the field of a business and by its code.
_FIELDS = {
    "name": "new_name",
    "corporate_number": "new_number",
    "telephone": "telephone",
    "email": "email",
    "area_code": "area",
}
_AT = {
    "consultations.consent_missing": "is_agreed",
    "businesses.already_on_books": "new_number",
    "businesses.registered_elsewhere": "new_number",
}


def _business(form: IntakeForm, setting: Setting) -> Business | None:
    if form.cleaned_data["who"] != KNOWN:
        return None
    business = Business.objects.standing_for(setting.hat).filter(key=form.cleaned_data["business"]).first()
    if business is None:
        form.add_error("q", gettext("この事業者は、いま名簿にありません。もう一度さがしてください。"))
    return business


def _matter(told: dict[str, Any], business: Business | None, setting: Setting) -> Matter:
    return Matter(
        title=title_of(told["words"]),
        channel=Channel(told["channel"]),
        words=told["words"],
        urgency=Urgency(told["urgency"]),
        topics=[topic for topic in setting.topics if topic.code in told["topics"]],
        answers={"who": "founder"} if told["is_founder"] and told["who"] == NEW else {},
        business=business,
        is_anonymous=told["who"] == ANONYMOUS,
        contact={
            "name": told["contact_name"],
            "telephone": told["telephone"],
            "email": told["email"],
        },
        area_code=told["area"],
        language=told["language"] or "ja",
    )


def _new_business(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": told["new_name"],
        "corporate_number": told["new_number"],
        "telephone": told["telephone"],
        "email": told["email"],
        "area_code": told["area"],
        "is_founder": told["is_founder"],
    }


def _talk(told: dict[str, Any]) -> Talk:
    return Talk(channel=Channel(told["channel"]), held_on=told["held_on"], minutes=told["minutes"])


def _destination(told: dict[str, Any], setting: Setting) -> Destination | None:
    """Whom it is sent to; None for oneself, and where no rule is loaded."""
    if told["to"] == MYSELF:
        return None
    if told["to"] == OWN_TRAY:
        return Destination(organisation=acting.own_organisation(setting.hat), because=OWN_TRAY_BECAUSE)
    if told["to"] == BY_RULE:
        return _by_rule(told, setting)
    kind, _colon, slug = told["receiver"].partition(":")
    if kind == "desk":
        desk = next(each for each in setting.receivers.desks if each.slug == slug)
        return Destination(
            organisation=desk.organisation, unit=desk.unit, desk=desk, because=CHOSEN_BY_ADVISER
        )
    organisation = next(each for each in setting.receivers.organisations if each.slug == slug)
    return Destination(organisation=organisation, because=CHOSEN_BY_ADVISER)


def _by_rule(told: dict[str, Any], setting: Setting) -> Destination | None:
    if setting.routing is None:
        return None
    chosen = [topic.code for topic in setting.topics if topic.code in told["topics"]]
    routed = setting.routing.decide(_asked(setting, told, chosen, setting.routing), on=clock.today())
    desk = routed.desk
    return Destination(organisation=desk.organisation, unit=desk.unit, desk=desk, because=routed.because)


def _done(request: HttpRequest, case: Case, form: IntakeForm, hat: Hat) -> HttpResponse:
    is_seen = Case.objects.visible_to(hat).filter(pk=case.pk).exists()
    messages.success(request, gettext("受け付けました（%(number)s）。") % {"number": case.number})
    address = reverse("desk:case", args=[case.key]) if is_seen else reverse("desk:home")
    return sent.tell(redirect(address), form.cleaned_data["once"])
