"""Finding cases by words. Whoever asks has narrowed the cases down to the visible ones before.

Secret cases have no words kept, so that no search ever finds one.
"""

import re

from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from madoguchi.japan.digits import half_width
from madoguchi.japan.text import fold

# More words than anybody types; each is one comparison for every case of the organisation.
_MOST_WORDS = 8
# The number of a case, which an index finds alone.
_NUMBER = re.compile(r"\d{4}-\d{4,7}")


def holding(words: str) -> Q:
    """A condition on involvements: each word stands in the case's own words or in the business's name."""
    if _NUMBER.fullmatch(plain := half_width(words).strip()):
        return Q(case__number=plain, case__is_secret=False)
    condition = Q()
    for word in fold(words, fold_kana=True).split()[:_MOST_WORDS]:
        in_case = GreaterThan(StrIndex("case__found_by__text", Value(word)), 0)
        in_name = Q(case__is_secret=False, case__business__name_folded__contains=word)
        condition &= Q(in_case) | in_name
    return condition
