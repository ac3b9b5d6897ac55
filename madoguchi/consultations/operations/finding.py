"""Keeping the words that a case is found by beside it."""

from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case, CaseWords
from madoguchi.japan.text import fold


def keep_words(case: Case) -> None:
    """Write down anew what a case is found by, in the transaction of the change.

    Secret and erased cases are found by nothing.
    """
    # Locked, so that of two notes at once the later one sees the other.
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.is_secret or case.erased_at is not None:
        CaseWords.objects.filter(case=case).delete()
        return
    shared = case.notes.filter(visibility=Visibility.SHARED).order_by("pk").values_list("body", flat=True)
    text = fold(" ".join([case.number, case.title, case.words, *shared]), fold_kana=True)
    CaseWords.objects.update_or_create(case=case, defaults={"text": text})
