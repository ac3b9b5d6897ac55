"""Finding cases by words. Whoever asks has narrowed the cases down to the visible ones before.

Secret cases have no words kept, so that no search ever finds one.
"""

from django.db.models import Q

from madoguchi.japan.text import fold

# More words than anybody types; each is one comparison for every case of the organisation.
_MOST_WORDS = 8


def holding(words: str) -> Q:
    """A condition on involvements: each word stands in the case's own words or in the business's name."""
    condition = Q()
    for word in fold(words, fold_kana=True).split()[:_MOST_WORDS]:
        in_case = Q(case__found_by__text__contains=word)
        condition &= in_case | Q(case__is_secret=False, case__business__name_folded__contains=word)
    return condition
