"""わが社に合う支援 from a corporate number: a register answers some questions; the number is not kept."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from madoguchi.businesses.registers import looking_up
from madoguchi.businesses.registers.looking_up import Looked
from madoguchi.foundation.access import public
from madoguchi.web.portal import fit_cookie, register_cookie
from madoguchi.web.portal.shapes import fit_register
from madoguchi.web.portal.views.fit import INVALID, Number, start_page, visit_of
from madoguchi.web.shared.same_origin import is_same_origin

_LONGEST = 40


# The site's forms hold no token (pages are cached for everybody); is_same_origin stands in for it.
@csrf_exempt
@public
@require_POST
@never_cache
def number(request: HttpRequest) -> HttpResponse:
    """Fill in what a register says of the company; a sentence at the field when it says nothing."""
    if not is_same_origin(request):
        raise PermissionDenied
    visit, typed = visit_of(request), request.POST.get("number", "")[:_LONGEST]
    try:
        looked = looking_up.look_up_typed(typed)
    except ValueError as error:
        return start_page(request, visit, number=Number(typed, error=str(error)), status=INVALID)
    sorry = _sorry(looked)
    if looked.entry is None or sorry:
        return start_page(request, visit, number=Number(typed, sorry=sorry))
    given = fit_register.given_by(looked.entry, visit.dictionary)
    answers = fit_register.filled(visit.profile.answers, given)
    if not given or not fit_cookie.fits(answers):
        sorry = gettext("台帳に、質問の答えになるものがありませんでした。質問に答えて進めてください。")
        return start_page(request, visit, number=Number(typed, sorry=sorry))
    response = HttpResponseRedirect(f"{reverse('portal:fit')}?filled=1#answers")
    fit_cookie.keep(response, answers)
    register_cookie.keep(response, given)
    return response


def _sorry(looked: Looked) -> str | Promise:
    """What to say kindly when nothing can be filled in; empty when something can."""
    if looked.entry is None and looked.is_answered:
        return gettext("この番号の会社は、台帳にありませんでした。質問に答えれば、同じように調べられます。")
    if looked.entry is None:
        return gettext("台帳から、いま答えがありません。質問に答えれば、同じように調べられます。")
    if looked.entry.closed_on:
        return gettext("この番号の会社は、台帳では閉鎖したことになっています。番号をお確かめください。")
    return ""
