"""Finding cases by words, among those of an organisation. The reader still has to narrow them to the visible.

Asked in steps of which an index answers each: in one statement PostgreSQL reads all cases of the region.
Secret cases have no words kept, so that no search ever finds one.
"""

import re

from django.db.models import Value
from django.db.models.functions import StrIndex

from madoguchi.accounts.hats import Hat
from madoguchi.businesses.models import Business
from madoguchi.consultations.models import Case, CaseWords, Involvement
from madoguchi.japan.digits import half_width
from madoguchi.japan.text import fold

# More words narrow nothing down any more; each is one comparison for every case of the organisation.
_MOST_WORDS = 4
_MOST_NAMES = 500
# The number of a case, which an index finds alone.
_NUMBER = re.compile(r"\d{4}-\d{4,7}")


def cases_with(words: str, hat: Hat) -> set[int]:
    """The cases of the hat's organisation in which each of the words stands, or in whose business's name."""
    if _NUMBER.fullmatch(number := half_width(words).strip()):
        return set(Case.objects.filter(number=number, is_secret=False).values_list("pk", flat=True))
    folded = fold(words, fold_kana=True).split()[:_MOST_WORDS]
    found = [_with(word, hat) for word in folded]
    return set.intersection(*found) if found else set()


def _with(word: str, hat: Hat) -> set[int]:
    own = Involvement.objects.filter(organisation=hat.organisation_id, access_ended_at=None)
    texts = CaseWords.objects.filter(case__in=own.values("case"))
    # The text is folded already: to look for its bytes is several times faster than LIKE.
    in_text = texts.annotate(at=StrIndex("text", Value(word))).filter(at__gt=0)
    names = Business.objects.filter(name_folded__contains=word).order_by("pk")
    named = list(names.values_list("pk", flat=True)[:_MOST_NAMES])
    in_name = Case.objects.filter(business__in=named, is_secret=False)
    return {*in_text.values_list("pk", flat=True), *in_name.values_list("pk", flat=True)}
