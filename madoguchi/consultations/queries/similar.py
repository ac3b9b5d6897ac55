"""Similar past cases: those of the same topic that share the rarest words, among cases the reader may see.

Words are pairs of characters of the folded text, which Japanese tells apart well without a dictionary. The
newest cases of the topic are compared, up to a number that holds the time; secret ones have no text at all.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Outcome
from madoguchi.consultations.models import Case, Closing, Introduction
from madoguchi.consultations.queries import finding, trays
from madoguchi.consultations.states import CaseState
from madoguchi.foundation.among import IsAmong
from madoguchi.japan.text import fold

# So many cases are compared, the newest first.
COMPARED = 600
_PAST = (CaseState.FINISHED, CaseState.CLOSED)
_HELPED_BY = 8


@dataclass(frozen=True)
class Similar:
    """A past case, and how it was closed."""

    case: Case
    closing: Closing | None


@dataclass(frozen=True)
class Helped:
    """A programme that cases like this were told of: how many, and how many of them led to something."""

    slug: str
    name: str
    cases: int
    led: int


def similar_to(case: Case, hat: Hat, *, limit: int) -> list[Similar]:
    """Past cases like this one, the most alike first."""
    own = fold(f"{case.title} {case.words}", fold_kana=True)
    rows = trays.seen_by(hat).filter(case__state__in=_PAST, case__found_by__isnull=False)
    topics = list(case.topics.values_list("pk", flat=True))
    if topics:
        rows = rows.filter(case__main_topic__in=topics)
    texts = dict(
        rows.exclude(case=case.pk)
        .order_by("-case", "-pk")
        .values_list("case", "case__found_by__text")[:COMPARED]
    )
    return _shown(_ranked(own, texts)[:limit])


def holding(words: str, hat: Hat, *, limit: int) -> list[Similar]:
    """Past cases in which all the words stand, the newest first."""
    rows = trays.seen_by(hat).filter(
        IsAmong("case_id", finding.cases_with(words, hat)), case__state__in=_PAST
    )
    return _shown(list(rows.order_by("-case").values_list("case", flat=True).distinct()[:limit]))


def helped(case_ids: Sequence[int]) -> list[Helped]:
    """The programmes that these cases were told of: first those whose cases led to something most often."""
    led = Closing.objects.filter(case=OuterRef("case"), reopened_at=None).exclude(outcome=Outcome.NONE)
    rows = (
        Introduction.objects.filter(case__in=case_ids, edition__isnull=False)
        .values(slug=F("edition__programme__slug"), name=F("edition__programme__name"))
        .annotate(
            cases=Count("case", distinct=True),
            led=Count("case", distinct=True, filter=Exists(led)),
        )
        .order_by("-led", "-cases", "slug")
    )
    return [Helped(**row) for row in rows[:_HELPED_BY]]


def _shown(case_ids: Sequence[int]) -> list[Similar]:
    cases = Case.objects.select_related("main_topic", "business").in_bulk(case_ids)
    closings = {
        closing.case_id: closing
        for closing in Closing.objects.filter(case__in=case_ids, reopened_at=None).order_by("pk")
    }
    return [Similar(cases[pk], closings.get(pk)) for pk in case_ids]


def _ranked(own: str, texts: Mapping[int, str]) -> list[int]:
    """The cases that share pairs with a text: rare ones weigh more; of equals the newest first."""
    pairs = pairs_of(own)
    holders = {pair: [pk for pk, text in texts.items() if pair in text] for pair in pairs}
    scores: dict[int, float] = {}
    for holding_it in holders.values():
        weight = math.log((len(texts) + 1) / (len(holding_it) + 0.5))
        for pk in holding_it:
            scores[pk] = scores.get(pk, 0.0) + weight
    liked = [pk for pk, score in scores.items() if score > 0]
    return sorted(liked, key=lambda pk: (-scores[pk], -pk))


def pairs_of(text: str) -> set[str]:
    """The pairs of a folded text, without spaces and marks; common endings weigh next to nothing."""
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    return {pair for pair in pairs if pair.isalnum()}
