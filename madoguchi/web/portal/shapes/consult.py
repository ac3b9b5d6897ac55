"""A consultation as a business sees it: what it told so far, who has its request, what comes next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from madoguchi.consultations import letters
from madoguchi.consultations.kinds import ContactMode, PlaceKind
from madoguchi.consultations.models import Appointment, Case, Introduction, Topic
from madoguchi.consultations.queries.request_state import Part, RequestState
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.consultations.suggesting import Suggestion
from madoguchi.foundation.words import gettext_noop
from madoguchi.japan import areas
from madoguchi.web.shared import wording

STEPS = (1, 2, 3)


@dataclass(frozen=True)
class StepMark:
    """One of the steps above the form; `look` is now, done or empty."""

    number: int
    label: str
    look: str


def marks(now: int) -> list[StepMark]:
    """The steps and which of them this is."""
    labels = (gettext("困りごと"), gettext("内容と場所"), gettext("連絡先"))
    return [
        StepMark(number, label, "now" if number == now else "done" if number < now else "")
        for number, label in zip(STEPS, labels, strict=True)
    ]


@dataclass(frozen=True)
class TopicChoice:
    """One topic to choose; `found` are the words of the visitor that suggested it."""

    code: str
    label: str
    say: str
    is_secret: bool
    is_chosen: bool
    found: str = ""


def topic_choices(
    topics: Iterable[Topic], suggestions: Iterable[Suggestion], chosen: Iterable[str] | None
) -> tuple[list[TopicChoice], list[TopicChoice]]:
    """The suggested topics, and the others. Without a choice so far the likeliest one is chosen, and every
    secret one: who does not need the secrecy takes it away, nobody has to know that it must be asked for.
    """
    found = {each.code: "、".join(f"「{word}」" for word in each.found) for each in suggestions}
    topics = list(topics)
    likely = set(list(found)[:1]) | {
        topic.code for topic in topics if topic.is_secret and topic.code in found
    }
    marked = likely if chosen is None else set(chosen)
    by_code = {
        topic.code: TopicChoice(
            topic.code,
            topic.label,
            topic.say,
            topic.is_secret,
            topic.code in marked,
            found.get(topic.code, ""),
        )
        for topic in topics
    }
    return [by_code[code] for code in found], [each for code, each in by_code.items() if code not in found]


@dataclass(frozen=True)
class Told:
    """A line of what was told so far, and the step that asks it."""

    label: str
    text: str
    step: int


def told_so_far(words: str, matter: Mapping[str, Any] | None, topics: Iterable[Topic]) -> list[Told]:
    """What the earlier steps told; nothing for what was left open."""
    lines = [Told(gettext("困りごと"), words, 1)]
    if matter is None:
        return lines
    labels = {topic.code: topic.label for topic in topics}
    chosen = "、".join(labels[code] for code in matter["topics"] if code in labels)
    lines.append(Told(gettext("内容"), chosen or gettext("選んでいません（窓口で聞きます）"), 2))
    if matter["area"]:
        lines.append(Told(gettext("場所"), areas.get(matter["area"]).name, 2))
    return lines


@dataclass(frozen=True)
class Place:
    """One organisation that has the request, in the words of a business."""

    name: str
    desk_slug: str
    telephone: str
    says: str
    since: datetime
    is_done: bool
    number: int
    may_be_nudged: bool
    nudged_at: datetime | None
    visits: str


def place(part: Part) -> Place:
    """How far one organisation is."""
    said = {
        InvolvementState.SENT: gettext("届いています。担当が決まるのを待っています。"),
        InvolvementState.ACCEPTED: gettext("引き受けました。担当から連絡します。"),
        InvolvementState.WORKING: gettext("いっしょに取り組んでいます。"),
        InvolvementState.DECLINED: gettext("ほかの窓口のほうが合うと返事がありました。"),
        InvolvementState.FINISHED: gettext("対応を終えました。"),
    }
    says = gettext("取り下げを伝えました。") if part.is_withdrawn else said[part.state]
    is_done = part.state in (InvolvementState.DECLINED, InvolvementState.FINISHED)
    visits = letters.visit_words(by_appointment=part.by_appointment, days=part.special_days)
    return Place(
        name=part.name,
        desk_slug=part.desk_slug,
        telephone=part.telephone,
        says=says,
        since=part.since,
        is_done=is_done,
        number=part.number,
        may_be_nudged=part.nudge_refused is None and not part.is_lead,
        nudged_at=None if part.is_lead else part.nudged_at,
        visits=visits,
    )


@dataclass(frozen=True)
class AppointmentLine:
    """One appointment, as the business reads it."""

    pk: int
    when: str
    how: str
    place: str
    organisation: str
    note: str


def appointment_line(appointment: Appointment, *, today: date) -> AppointmentLine:
    """When, how and with whom one meets; people of the desk are not named."""
    organisation = appointment.involvement.organisation
    times = (appointment.starts_at, appointment.ends_at)
    begins, ends = (f"{timezone.localtime(moment):%H:%M}" for moment in times)
    return AppointmentLine(
        pk=appointment.pk,
        when=f"{wording.day(appointment.starts_at, today=today)} {begins}〜{ends}",
        how=str(PlaceKind(appointment.place_kind).label),
        place=appointment.place,
        organisation=organisation.name if organisation else "",
        note=appointment.note,
    )


@dataclass(frozen=True)
class Introduced:
    """A programme or desk that the business was introduced to, as it stood on that day."""

    name: str
    url: str
    since: datetime
    remark: str
    until: str
    verdict: str
    reasons: tuple[tuple[str, str], ...]


_REASON_WORDS = {
    "met": gettext_noop("満たしています"),
    "unmet": gettext_noop("満たしていません"),
    "unknown": gettext_noop("確かめます"),
    "judgement": gettext_noop("窓口が判断します"),
}


def introduced(row: Introduction, *, today: date) -> Introduced:
    """What was introduced, until when it can be applied for, and why it was thought to fit."""
    if row.edition is not None:
        programme = row.edition.programme
        name, url = programme.name, reverse("portal:programme", args=[programme.slug])
    else:
        assert row.desk is not None  # noqa: S101
        name, url = row.desk.name, reverse("portal:desk", args=[row.desk.slug])
    until = wording.day(row.deadline_on, today=today) if row.deadline_on else ""
    return Introduced(
        name=name,
        url=url,
        since=row.introduced_at,
        remark=row.remark,
        until=gettext("%(day)sまで") % {"day": until} if until else "",
        verdict=row.verdict,
        reasons=tuple((gettext(_REASON_WORDS[each["status"]]), each["because"]) for each in row.reasons),
    )


def headline(case: Case) -> str:
    """How a request stands, in one sentence."""
    return {
        CaseState.HELD: gettext("送られた内容を確かめています"),
        CaseState.NEW: gettext("窓口に届いています"),
        CaseState.WORKING: gettext("担当が決まり、動いています"),
        CaseState.UNTAKEN: gettext("引き受ける窓口をさがしています"),
        CaseState.FINISHED: gettext("窓口の対応が終わりました"),
        CaseState.CLOSED: gettext("この相談は終わりました"),
    }[CaseState(case.state)]


def next_thing(state: RequestState, *, today: date) -> str:
    """What happens next, and what the business has to do for it."""
    case = state.case
    match CaseState(case.state):
        case CaseState.HELD:
            return gettext("人が目を通したら、窓口に届けます。お急ぎのときはお電話ください。")
        case CaseState.NEW:
            return _while_new(case, today)
        case CaseState.WORKING:
            return gettext(
                "担当からの連絡をお待ちください。下に「してほしいこと」があれば、進めておいてください。"
            )
        case CaseState.UNTAKEN:
            return gettext("合う窓口が決まったら、このページに出ます。お急ぎのときはお電話ください。")
        case _:
            return gettext("また困ったことがあれば、いつでも相談してください。")


def _while_new(case: Case, today: date) -> str:
    if case.promised_on is None:
        return gettext("担当が決まるのを、お待ちください。お急ぎのときはお電話ください。")
    if case.promised_on < today:
        return gettext("お返事が遅れています。下の「返事をうながす」を押すか、お電話ください。")
    return gettext("%(day)sまでに、%(way)sお返事します。") % {
        "day": wording.day(case.promised_on, today=today),
        "way": _way(case.contact_mode),
    }


def _way(mode: str) -> str:
    ways: dict[str, str] = {
        ContactMode.TELEPHONE: gettext("電話で"),
        ContactMode.MAIL: gettext("メールで"),
        ContactMode.MEETING: gettext("会う日を決めるために"),
        ContactMode.VIDEO: gettext("オンラインで話す日を決めるために"),
    }
    return ways.get(mode, gettext("このページで"))
