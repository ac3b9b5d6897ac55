"""わが社に合う支援: questions, answers and results; nothing is kept but in the visitor's own browser."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.models import User
from madoguchi.businesses.models import Business
from madoguchi.businesses.registers import looking_up
from madoguchi.catalogue import queries as catalogue
from madoguchi.eligibility import combining, questions, rulebook
from madoguchi.eligibility.combining import Plan
from madoguchi.eligibility.rulebook import Match, Rulebook
from madoguchi.eligibility.rules.facts import Dictionary, Fact, FactType
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Region
from madoguchi.web.portal import fit_cookie, register_cookie
from madoguchi.web.portal.shapes import (
    fit_costs,
    fit_periods,
    fit_profile,
    fit_question,
    fit_reasons,
    fit_results,
    fit_sheet,
)
from madoguchi.web.portal.shapes.crumbs import Step, trail
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.fit_question import Around, Input
from madoguchi.web.portal.shapes.programme import title
from madoguchi.web.shared.same_origin import is_same_origin

INVALID = 422
# Where an answer that was changed leads back to, by the word in the address.
_THEN = {"results": "portal:fit_results", "answers": "portal:fit_answers"}
# Or to a programme's page: programme:<slug>.
_PROGRAMME = re.compile(r"programme:([a-z0-9-]+)")
# Or on, to whatever else could be asked.
_ON = "on"
# After so many answers, a question that fewer programmes wait for is asked only of who wants to go on.
_ENOUGH_ASKED = 6
_WORTH_ASKING = 4


@dataclass(frozen=True)
class Visit:
    """What every page of the journey begins with."""

    at: datetime
    on: date
    book: Rulebook
    profile: Profile
    is_broken: bool
    region: Region | None
    given: register_cookie.Given

    @property
    def dictionary(self) -> Dictionary:
        """The facts of this installation."""
        return self.book.dictionary

    def matches(self, profile: Profile | None = None) -> list[Match]:
        """Every programme in reach."""
        return self.book.match((profile or self.profile).facts, at=self.at, on=self.on)

    def plan(self, matches: Sequence[Match]) -> Plan | None:
        """What the costs that were told bring; None without any."""
        return combining.plan(matches, self.profile.facts, self.dictionary.programmes)

    def answer_lines(self) -> list[fit_profile.AnswerLine]:
        """The answers as they are shown."""
        groupings = institutions.groupings(self.region)
        return fit_profile.lines(self.profile, self.dictionary, groupings, self.given)

    def telling_lines(self) -> list[fit_profile.AnswerLine]:
        """The answers that say something, without the figures of a calculator."""
        return [line for line in self.answer_lines() if line.is_known and line.key not in self.figures]

    @cached_property
    def figures(self) -> frozenset[str]:
        """What a calculator asks for on a page of its own, not question by question."""
        leaves = self.book.in_reach(on=self.on)[1].leaves
        return frozenset(fit_reasons.facts_of_tools(leaves))

    def setting(self) -> fit_results.Setting:
        """What the cards of the results are written with."""
        words = fit_reasons.Words(
            self.dictionary, institutions.source_titles(), institutions.groupings(self.region)
        )
        kinds = catalogue.labels().get("kinds", {})
        return fit_results.Setting(self.profile, words, kinds, self.on)


def visit_of(request: HttpRequest) -> Visit:
    """Read the clock, the rules and the answers that the browser brings."""
    book, held = rulebook.current(), fit_cookie.held(request)
    profile = fit_profile.read(held.answers, book.dictionary)
    region, given = institutions.region(), register_cookie.held(request)
    return Visit(clock.now(), clock.today(), book, profile, held.is_broken, region, given)


def way(*steps: tuple[str, str]) -> list[Step]:
    """The way from the home page through the start of the journey."""
    start = (reverse("portal:fit") if steps else "", gettext("わが社に合う支援"))
    return trail(start, *steps)


@dataclass(frozen=True)
class Number:
    """The field for a corporate number: what was typed, its error, or why nothing was filled in."""

    typed: str = ""
    error: str = ""
    sorry: str | Promise = ""


@public
@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Say what it is, how long it takes and where the answers live."""
    return start_page(request, visit_of(request), number=Number())


def start_page(request: HttpRequest, visit: Visit, *, number: Number, status: int = 200) -> HttpResponse:
    """The first page, with what became of a corporate number."""
    context = {
        "number": number if looking_up.is_configured() else None,
        "is_filled": "filled" in request.GET and bool(visit.given),
        "is_from_record": "record" in request.GET and bool(visit.given),
        "own_businesses": _own_businesses(request),
        "trail": way(),
        "total": questions.progress(visit.matches()).total,
        "answers": visit.answer_lines(),
        "is_told": _following_url(visit, visit.profile) == reverse("portal:fit_results"),
        "is_broken": visit.is_broken,
        "is_erased": "erased" in request.GET,
        "kept_days": fit_cookie.KEPT_DAYS,
    }
    response = render(request, "portal/fit.html", context, status=status)
    if visit.is_broken:
        fit_cookie.keep(response, {})
    return response


def _own_businesses(request: HttpRequest) -> list[Business]:
    """The businesses that a visitor who is signed in acts for."""
    if not isinstance(request.user, User):
        return []
    own = Business.objects.of_person(request.user.pk, at=clock.actual_now())
    return list(own.order_by("name", "pk"))


@public
@require_safe
@never_cache
def following(request: HttpRequest) -> HttpResponse:
    """Lead on to the question that settles most, or to the results when it would settle little."""
    visit = visit_of(request)
    return HttpResponseRedirect(_following_url(visit, visit.profile, then=then_of(request)))


def _following_url(visit: Visit, profile: Profile, *, then: str = "") -> str:
    fact = _next_fact(visit, profile)
    if fact is None or (then != _ON and _is_enough(visit, profile, fact)):
        return reverse("portal:fit_results")
    return fit_profile.question_url(fact.key, then=then)


def _next_fact(visit: Visit, profile: Profile) -> Fact | None:
    skipped = visit.figures.union(profile.asked)
    return questions.next_question(visit.book, profile.facts, at=visit.at, on=visit.on, skipped=skipped).fact


def _is_enough(visit: Visit, profile: Profile, fact: Fact) -> bool:
    """Whether so much was asked that another question would settle hardly more than itself."""
    # What a register or the record filled in has cost nobody an answer.
    if len([key for key in profile.asked if key not in visit.given]) < _ENOUGH_ASKED:
        return False
    return _waiting(visit.matches(profile), fact) < _WORTH_ASKING


def _waiting(matches: Iterable[Match], fact: Fact) -> int:
    return len({match.entry.programme for match in matches if fact.key in match.ask})


# The site's forms hold no token (pages are cached for everybody); is_same_origin stands in for it.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Ask one question; a form sent from here is kept in the browser and leads on."""
    visit = visit_of(request)
    fact = visit.dictionary.get(key)
    if fact is None:
        raise Http404
    if fact.type is FactType.COSTS:
        return HttpResponseRedirect(with_then(reverse("portal:fit_costs"), then_of(request)))
    around = _around(request, visit, fact)
    if request.method == "POST":
        return _answer(request, visit, fact, around)
    field = fit_question.show(fact, visit.profile.answers.get(key), around)
    return _ask(request, visit, fact, around=around, field=field)


def with_then(url: str, then: str) -> str:
    """An address that remembers where to go afterwards."""
    return f"{url}?then={then}" if then else url


def _around(request: HttpRequest, visit: Visit, fact: Fact) -> Around:
    book = visit.book.in_reach(on=visit.on)[1]
    within = (request.POST if request.method == "POST" else request.GET).get("within", "")
    leaves = [leaf for _, leaf in book.placed(fact.key)]
    return Around(
        visit.dictionary,
        visit.region,
        leaves,
        within if within and fit_question.can_go_deeper(fact, within) else "",
        fit_periods.periods(fact, leaves, on=visit.on),
    )


def _ask(
    request: HttpRequest, visit: Visit, fact: Fact, *, around: Around, field: Input, error: str = ""
) -> HttpResponse:
    matches = visit.matches()
    before = visit.profile.before(fact.key)
    tally = fit_results.counts(matches)
    context = {
        "trail": way(("", gettext("質問"))),
        "fact": fact,
        "field": field,
        "error": error,
        "within": around.within,
        "wants_more": _wants_more(request),
        "then": then_of(request),
        "back_url": fit_profile.question_url(before) if before else reverse("portal:fit"),
        "progress": questions.progress(matches),
        "waiting": _waiting(matches, fact),
        "tally": [(fit_results.verdict_word(verdict), count) for verdict, count in tally.items()],
        "answers": visit.answer_lines(),
    }
    return render(request, "portal/fit_question.html", context, status=INVALID if error else 200)


def _answer(request: HttpRequest, visit: Visit, fact: Fact, around: Around) -> HttpResponse:
    if not is_same_origin(request):
        raise PermissionDenied
    sent: dict[str, Any] = {**request.POST.dict(), "values": request.POST.getlist("value")}
    # Who does not know it more exactly keeps what was told before.
    plain = visit.profile.answers.get(fact.key) if _wants_more(request) else None
    error = ""
    if "unknown" not in request.POST:
        try:
            plain = fit_question.read(fact, sent, around)
        except ValueError as wrong:
            error = str(wrong)
    answers = visit.profile.with_answer(fact.key, plain)
    if not error and not fit_cookie.fits(answers):
        error = gettext("このブラウザーには、これ以上おぼえておけません。使わない答えを消してください。")
    if error:
        field = fit_question.show_again(fact, sent, error, around)
        return _ask(request, visit, fact, around=around, field=field, error=error)
    profile = fit_profile.read(answers, visit.dictionary)
    response = HttpResponseRedirect(_onward(request, visit, profile, fact, around))
    fit_cookie.keep(response, answers)
    return response


def _onward(request: HttpRequest, visit: Visit, profile: Profile, fact: Fact, around: Around) -> str:
    """Ask more exactly where a rule still waits for that; else go where the visitor came from, or on."""
    plain, then = profile.answers[fact.key], then_of(request)
    if (
        not _wants_more(request)
        and fit_question.can_go_deeper(fact, plain)
        and _waits_for(visit, profile, fact)
    ):
        deeper = f"more=1&within={plain}" if fit_question.has_codes_below(fact) else "more=1"
        return f"{fit_profile.question_url(fact.key)}?{deeper}" + (f"&then={then}" if then else "")
    if programme := _PROGRAMME.fullmatch(then):
        return reverse("portal:programme", args=[programme[1]])
    return reverse(_THEN[then]) if then in _THEN else _following_url(visit, profile, then=then)


def _waits_for(visit: Visit, profile: Profile, fact: Fact) -> bool:
    return any(fact.key in match.ask for match in visit.matches(profile))


def _wants_more(request: HttpRequest) -> bool:
    return "more" in (request.POST if request.method == "POST" else request.GET)


def then_of(request: HttpRequest) -> str:
    """Where a visitor wants to go after an answer, if that is a place we know; else empty."""
    then = (request.POST if request.method == "POST" else request.GET).get("then", "")
    return then if then in _THEN or then == _ON or _PROGRAMME.fullmatch(then) else ""


def back_of(visit: Visit, then: str) -> tuple[str, str] | None:
    """The programme from whose page a calculator was opened: its address and its name."""
    found = _PROGRAMME.fullmatch(then)
    if found is None:
        return None
    editions = [entry.edition for entry in visit.book.entries if entry.programme == found[1]]
    if not editions:
        return None
    return reverse("portal:programme", args=[found[1]]), title(editions[-1])


@public
@require_safe
@never_cache
def answers(request: HttpRequest) -> HttpResponse:
    """Everything the browser keeps, to change or to erase."""
    visit = visit_of(request)
    context = {
        "trail": way(("", gettext("わたしの答え"))),
        "answers": visit.answer_lines(),
        "kept_days": fit_cookie.KEPT_DAYS,
        "contradictions": visit.profile.contradictions,
    }
    return render(request, "portal/fit_answers.html", context)


@csrf_exempt
@public
@require_POST
@never_cache
def erase(request: HttpRequest) -> HttpResponse:
    """Take the answers away; 403 when another site sent the form."""
    if not is_same_origin(request):
        raise PermissionDenied
    response = HttpResponseRedirect(f"{reverse('portal:fit')}?erased=1")
    fit_cookie.keep(response, {})
    register_cookie.keep(response, {})
    return response


@public
@require_safe
@never_cache
def results(request: HttpRequest) -> HttpResponse:
    """How many programmes stand under each verdict, with the first of them and their reasons."""
    visit = visit_of(request)
    matches = visit.matches()
    found = fit_results.groups(matches, visit.setting())
    context = {
        "trail": way(("", gettext("結果"))),
        "groups": found,
        "hopeful": found[0].count + found[1].count,
        "progress": questions.progress(matches),
        "answers": visit.telling_lines(),
        "contradictions": visit.profile.contradictions,
        "plan": fit_costs.box(plan) if (plan := visit.plan(matches)) else None,
        "more_url": f"{reverse('portal:fit_following')}?then={_ON}",
        "goes_on": _next_fact(visit, visit.profile) is not None,
    }
    return render(request, "portal/fit_results.html", context)


@public
@require_safe
@never_cache
def group(request: HttpRequest, verdict: str) -> HttpResponse:
    """Every programme of one verdict, page by page; 404 for a word that is no verdict."""
    if verdict not in [each.value for each in Verdict]:
        raise Http404
    visit = visit_of(request)
    shown, page = fit_results.group_page(
        visit.matches(), Verdict(verdict), visit.setting(), wanted=request.GET.get("page")
    )
    results_step = (reverse("portal:fit_results"), gettext("結果"))
    context = {"trail": way(results_step, ("", shown.word)), "group": shown, "page": page}
    return render(request, "portal/fit_group.html", context)


@public
@require_safe
@never_cache
def sheet(request: HttpRequest) -> HttpResponse:
    """A sheet of paper to bring to a desk: the answers and the programmes to ask about."""
    visit = visit_of(request)
    matches = visit.matches()
    context = {
        "answers": visit.telling_lines(),
        "plan": fit_costs.box(plan) if (plan := visit.plan(matches)) else None,
        "lines": fit_sheet.lines(matches, visit.setting(), absolute=request.build_absolute_uri),
        "most": fit_sheet.MOST,
        "site_qr": fit_sheet.qr(request.build_absolute_uri(reverse("portal:fit"))),
        "today": visit.on,
    }
    return render(request, "portal/fit_sheet.html", context)
