"""The audit page: a case's visitors or a person's deeds, told without titles or contents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.consultations.models import Case, Involvement
from madoguchi.foundation import audit, trail
from madoguchi.foundation.models import AuditEvent
from madoguchi.foundation.paging import Page, page_of
from madoguchi.institutions.models import Organisation
from madoguchi.web.desk.shapes.deeds import in_words

CASE = "consultations.case"
_A_PAGE = 100


@dataclass(frozen=True)
class VisitorLine:
    """One person who read or changed the case."""

    label: str
    organisation: str
    reads: int
    changes: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Deed:
    """One thing that a person did."""

    at: datetime
    words: str
    action: str
    subject: str


@dataclass(frozen=True)
class Answer:
    """What was found; `unknown` is the sentence when nothing may be told."""

    title: str = ""
    unknown: str = ""
    visitors: Sequence[VisitorLine] = ()
    deeds: Page[Deed] | None = None
    query: Mapping[str, str] = field(default_factory=dict)


def people_of(hat: Hat) -> list[User]:
    """Whose deeds may be asked for: everybody who works or worked in the hat's organisation."""
    members = Membership.objects.filter(organisation=hat.organisation_id).values("user")
    return list(User.objects.filter(pk__in=members).order_by("display_name", "pk"))


def answer(asked: Mapping[str, str], *, hat: Hat) -> Answer | None:
    """The answer to what the address asks; None when it asks nothing."""
    if number := asked.get("case", "").strip():
        case = _case(number, hat)
        if case is None:
            return Answer(
                unknown=gettext("この番号の案件は、あなたの機関にはありません。番号を確かめてください。")
            )
        title = gettext("案件 %s を見た人・変えた人") % case.number
        return Answer(title=title, visitors=_visitors(case), query={"case": case.number})
    if asked.get("person"):
        person = next((p for p in people_of(hat) if str(p.pk) == asked["person"]), None)
        if person is None:
            return Answer(unknown=gettext("この人は、あなたの機関にはいません。"))
        events = trail.of_person(person.pk, organisation_id=hat.organisation_id)
        page = page_of(events, asked.get("page"), size=_A_PAGE)
        shown = Page(_deeds(page.rows), page.number, page.page_count, page.total, page.first, page.last)
        title = gettext("%s がしたこと") % person.display_name
        return Answer(title=title, deeds=shown, query={"person": str(person.pk)})
    return None


def sheet(
    asked: Mapping[str, str], *, hat: Hat, at: datetime
) -> tuple[list[str], Iterable[Sequence[str | int]]]:
    """The whole answer as head and rows of a sheet."""
    found = answer(asked, hat=hat)
    with transaction.atomic():
        audit.record(
            "foundation.audit_exported",
            at=at,
            by=hat.as_actor(),
            subject_type="foundation.audit",
            subject_id="case" if asked.get("case") else "person",
            organisation_id=hat.organisation_id,
            data=dict(found.query) if found else {},
        )
    if found and found.deeds:
        events = trail.of_person(found.query["person"], organisation_id=hat.organisation_id)
        head = [gettext("時刻"), gettext("したこと"), gettext("符号"), gettext("対象")]
        return head, (
            [_moment(deed.at), deed.words, deed.action, deed.subject] for deed in _deeds(list(events))
        )
    head = [gettext("氏名"), gettext("機関"), gettext("読んだ回数"), gettext("変えた回数")]
    head += [gettext("はじめ"), gettext("さいご")]
    lines = found.visitors if found else ()
    return head, (
        [v.label, v.organisation, v.reads, v.changes, _moment(v.first_at), _moment(v.last_at)] for v in lines
    )


def _case(number: str, hat: Hat) -> Case | None:
    """A case that the hat's organisation has or had a part in; whether it is secret plays no role here."""
    involved = Involvement.objects.filter(organisation=hat.organisation_id).values("case")
    return Case.objects.filter(number=number, pk__in=involved).first()


def _visitors(case: Case) -> list[VisitorLine]:
    found = trail.visitors_of(CASE, case.pk)
    keys = {int(v.organisation_id) for v in found if v.organisation_id}
    names = dict(Organisation.everything.filter(pk__in=keys).values_list("pk", "name"))
    return [
        VisitorLine(
            v.label or gettext("アカウントのない人"),
            names.get(int(v.organisation_id), "") if v.organisation_id else "",
            v.reads,
            v.changes,
            v.first_at,
            v.last_at,
        )
        for v in found
    ]


def _deeds(events: Sequence[AuditEvent]) -> list[Deed]:
    """Deeds with the numbers of the cases they concern, and nothing else of them."""
    keys = {int(e.subject_id) for e in events if e.subject_type == CASE and e.subject_id.isdigit()}
    numbers = dict(Case.objects.filter(pk__in=keys).values_list("pk", "number"))
    return [
        Deed(event.occurred_at, in_words(event.action), event.action, _subject(event, numbers))
        for event in events
    ]


def _subject(event: AuditEvent, numbers: Mapping[int, str]) -> str:
    if event.subject_type == CASE and event.subject_id.isdigit():
        return gettext("案件 %s") % numbers.get(int(event.subject_id), event.subject_id)
    return f"{event.subject_type} {event.subject_id}".strip()


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds")
