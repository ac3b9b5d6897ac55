"""指導実績: what an adviser did in a month, as chambers and entrusted centres hand it in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db.models import Prefetch

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.models import Case, Consultation, Note


@dataclass(frozen=True)
class Entry:
    """One talk of the month."""

    case_id: int
    held_on: date
    held_at: time | None
    channel: str
    case_number: str
    business: str
    area_code: str
    industry: str
    topic: str
    minutes: int | None
    is_first: bool
    text: str


@dataclass(frozen=True)
class Month:
    """The talks of a month and what they add up to."""

    entries: Sequence[Entry]
    by_channel: Sequence[tuple[str, int]]
    by_topic: Sequence[tuple[str, int]]
    businesses: int
    new_cases: int
    minutes: int
    not_shown: int


def month_of(*, adviser_id: int, hat: Hat, first: date, last: date) -> Month:
    """An adviser's talks in the hat's organisation between two days, both included, the oldest first.

    Only talks of cases that the reader may see are listed and counted; `not_shown` says how many are not.
    The text of a talk is its shared and internal notes; personal memos never leave their author's screen.
    """
    talks = Consultation.objects.filter(
        adviser=adviser_id, organisation=hat.organisation_id, held_on__range=(first, last)
    )
    readable = (
        Note.objects.readable_by(hat).exclude(visibility=Visibility.PERSONAL).order_by("written_at", "pk")
    )
    # In two steps: in one, SQLite looks through all cases of the organisation for each talk.
    cases = talks.order_by().values_list("case", flat=True).distinct()
    visible = Case.objects.visible_to(hat).filter(pk__in=list(cases)).values_list("pk", flat=True)
    rows = list(
        talks.filter(case__in=list(visible))
        .select_related("case__business", "topic")
        .prefetch_related(Prefetch("notes", queryset=readable.order_by("written_at", "pk")))
        .order_by("held_on", "held_at", "pk")
    )
    return Month(
        entries=[_entry(row) for row in rows],
        by_channel=_counted(str(Channel(row.channel).label) for row in rows),
        by_topic=_counted(row.topic.label for row in rows if row.topic),
        businesses=len({row.counted_as for row in rows}),
        new_cases=sum(row.is_first for row in rows),
        minutes=sum(row.minutes or 0 for row in rows),
        not_shown=talks.count() - len(rows),
    )


def _entry(row: Consultation) -> Entry:
    case = row.case
    return Entry(
        case_id=case.pk,
        held_on=row.held_on,
        held_at=row.held_at,
        channel=str(Channel(row.channel).label),
        case_number=case.number,
        business=case.business.name if case.business else case.contact_name,
        area_code=row.area_code,
        industry=row.industry,
        topic=row.topic.label if row.topic else "",
        minutes=row.minutes,
        is_first=row.is_first,
        text="\n".join(note.body for note in row.notes.all()),
    )


def _counted(words: Iterable[str]) -> list[tuple[str, int]]:
    """Each word and how often it comes, the most frequent first."""
    return Counter(words).most_common()
