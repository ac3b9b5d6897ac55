"""これまで: the entries of a case's timeline in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import (
    Channel,
    DeclineReason,
    FollowUpKind,
    Outcome,
    Result,
    Scan,
    Visibility,
)
from madoguchi.consultations.models import (
    Attachment,
    Case,
    Closing,
    Consultation,
    ConsultationRevision,
    ExpertRequest,
    Involvement,
    Note,
)
from madoguchi.consultations.operations import correcting_talks
from madoguchi.consultations.operations.attaching import may_be_taken
from madoguchi.consultations.queries.timeline import Entry, Happening
from madoguchi.consultations.states import ExpertRequestState, InvolvementState
from madoguchi.web.desk.shapes import experts, surveys
from madoguchi.web.shared import wording

_LOOKS = {
    Visibility.SHARED: ("shared", "eye"),
    Visibility.INTERNAL: ("inner", "people"),
    Visibility.PERSONAL: ("mine", "lock"),
}
_KILO = 1024


@dataclass(frozen=True)
class File:
    """An attachment; without an address it may not be taken yet."""

    name: str
    url: str
    size: str
    why_not: str


@dataclass(frozen=True)
class ShownNote:
    """A note and who may read it, in words."""

    pk: int
    body: str
    look: str
    icon: str
    says: str
    author: str
    changed: str
    edit_url: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Step:
    """One step of a referral and how far it is: done, now, or neither."""

    label: str
    look: str


@dataclass(frozen=True)
class Thing:
    """Something that was introduced, or a line of what came of it."""

    label: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class ShownEntry:
    """One entry: a day, what happened, some particulars, and what belongs to it."""

    day: date
    what: str
    parts: tuple[str, ...]
    is_key: bool
    notes: tuple[ShownNote, ...] = ()
    text: str = ""
    steps: tuple[Step, ...] = ()
    things: tuple[Thing, ...] = ()
    edit_url: str = ""
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """For whom the timeline is shown, and whether files are only handed out once they were searched."""

    case: Case
    hat: Hat
    on: date
    # Of an expert: by which question the files are taken, and nothing is changed.
    request_key: str = ""


def shown(entries: Iterable[Entry], reader: Reader) -> list[ShownEntry]:
    """The entries in words."""
    return [_SHAPES[entry.what](entry, reader) for entry in entries]


def visibility_says(visibility: str, *, organisation: str, is_secret: bool) -> str:
    """Who may read a note, as a sentence."""
    if visibility == Visibility.PERSONAL:
        return gettext("自分だけ：あなたにだけ見えます")
    if visibility == Visibility.INTERNAL:
        if is_secret:
            return gettext("内部：%(organisation)sの、名前のあがった担当者だけに見えます") % {
                "organisation": organisation
            }
        return gettext("内部：%(organisation)sの担当者だけに見えます") % {"organisation": organisation}
    if is_secret:
        return gettext("共有：事業者と、名前のあがった担当者に見えます")
    return gettext("共有：事業者と引き継ぎ先にも見えます")


def says_all(case: Case, hat: Hat) -> list[tuple[str, str]]:
    """Each visibility that can be chosen, with who may read it."""
    return [
        (
            each.value,
            visibility_says(each.value, organisation=hat.organisation_name, is_secret=case.is_secret),
        )
        for each in Visibility
    ]


def shown_note(note: Note, reader: Reader) -> ShownNote:
    """A note as it stands on the page."""
    look, icon = _LOOKS[Visibility(note.visibility)]
    organisation = note.organisation.name if note.organisation else gettext("事業者")
    is_own = note.author_id == reader.hat.user_id and not reader.request_key
    return ShownNote(
        pk=note.pk,
        body=note.body,
        look=look,
        icon=icon,
        says=visibility_says(note.visibility, organisation=organisation, is_secret=reader.case.is_secret),
        author=f"{note.author_name}（{organisation}）",
        changed=wording.day(note.changed_at, today=reader.on) if note.changed_at else "",
        edit_url=reverse("desk:note", args=[reader.case.key, note.pk]) if is_own else "",
        files=tuple(_file(each, reader) for each in note.attachments.all()),
    )


def _file(attachment: Attachment, reader: Reader) -> File:
    why_not = ""
    if attachment.scan == Scan.INFECTED:
        why_not = gettext("ウイルスの疑いがあるため、開けません")
    elif not may_be_taken(attachment):
        why_not = gettext("安全を確かめています")
    if reader.request_key:
        url = reverse("desk:assigned_file", args=[reader.request_key, attachment.key])
    else:
        url = reverse("desk:attachment", args=[reader.case.key, attachment.key])
    return File(attachment.name, "" if why_not else url, _size(attachment.size), why_not)


def _size(size: int) -> str:
    if size < _KILO**2:
        return f"{-(-size // _KILO):,} KB"
    return f"{size / _KILO**2:.1f} MB"


def _notes(entry: Entry, reader: Reader) -> tuple[ShownNote, ...]:
    return tuple(shown_note(note, reader) for note in entry.notes)


def _talk(entry: Entry, reader: Reader) -> ShownEntry:
    talk = entry.talk
    assert talk is not None  # noqa: S101
    parts = [
        gettext("数えていません") if talk.withdrawn_at else "",
        talk.organisation.name,
        talk.adviser.display_name if talk.adviser else "",
        talk.place,
        _minutes(talk.minutes),
        gettext("はじめての相談") if talk.is_first else "",
    ]
    may_correct = not reader.request_key and correcting_talks.why_not(talk, reader.hat) is None
    return ShownEntry(
        entry.day,
        gettext("%(channel)sの相談") % {"channel": Channel(talk.channel).label},
        tuple(part for part in parts if part),
        False,
        notes=_notes(entry, reader),
        edit_url=reverse("desk:talk", args=[reader.case.key, talk.pk]) if may_correct else "",
        before=tuple(before_words(each, on=reader.on) for each in entry.revisions),
    )


def _minutes(minutes: int | None) -> str:
    return ngettext("%(minutes)d分", "%(minutes)d分", minutes) % {"minutes": minutes} if minutes else ""


def talk_words(talk: Consultation | ConsultationRevision, *, on: date) -> str:
    """The facts of a talk in one line."""
    said = (
        wording.day(talk.held_on, today=on),
        f"{talk.held_at:%H:%M}" if talk.held_at else "",
        str(Channel(talk.channel).label),
        talk.place,
        _minutes(talk.minutes),
        ngettext("%(people)d人", "%(people)d人", talk.people) % {"people": talk.people},
    )
    return "・".join(part for part in said if part)


def before_words(row: ConsultationRevision, *, on: date) -> str:
    """What a talk said before it was corrected, who did that, when and why."""
    said = talk_words(row, on=on)
    if not row.was_counted:
        said = gettext("%(talk)s・数えていない") % {"talk": said}
    return gettext("%(day)sに%(who)sが直す前：%(said)s。理由：%(why)s") % {
        "day": wording.day(row.replaced_at, today=on),
        "who": row.replaced_by.display_name,
        "said": said,
        "why": row.why,
    }


def _talk_moved(entry: Entry, reader: Reader) -> ShownEntry:
    before = tuple(before_words(each, on=reader.on) for each in entry.revisions)
    return ShownEntry(entry.day, gettext("相談の記録を、別の案件に移しました"), (), False, before=before)


def _note(entry: Entry, reader: Reader) -> ShownEntry:
    notes = _notes(entry, reader)
    dispatch = getattr(entry.notes[0], "dispatch", None)
    if dispatch is not None:
        said = experts.dispatch_words(dispatch, on=reader.on)
        return ShownEntry(entry.day, gettext("専門家の報告"), (said,), True, notes=notes)
    return ShownEntry(entry.day, gettext("記録"), (), False, notes=notes)


def _opened(entry: Entry, reader: Reader) -> ShownEntry:
    involvement = _involvement(entry)
    channel = gettext("%(channel)sで受け付け") % {"channel": Channel(reader.case.channel).label}
    text = reader.case.words if involvement.is_lead else ""
    parts = tuple(part for part in (_name(involvement), involvement.routed_because) if part)
    return ShownEntry(entry.day, channel, parts, True, text=text)


def _sent(entry: Entry, reader: Reader) -> ShownEntry:
    involvement = _involvement(entry)
    sender = involvement.sent_by_organisation.name if involvement.sent_by_organisation else ""
    return ShownEntry(
        entry.day,
        gettext("引き継ぎ"),
        (f"{sender} → {_name(involvement)}",),
        True,
        text=involvement.message,
        steps=_steps(involvement, reader.on),
    )


def _steps(involvement: Involvement, on: date) -> tuple[Step, ...]:
    """打診 → 返事 → 対応中 → 完了."""
    state = InvolvementState(involvement.state)
    sent = f"{gettext('打診')} {wording.day(involvement.sent_at, today=on)}"
    if state is InvolvementState.DECLINED:
        return (Step(sent, "done"), Step(gettext("辞退"), "now"))
    if _was_withdrawn(involvement):
        return (Step(sent, "done"), Step(gettext("取り下げ"), "now"))
    order = [InvolvementState.SENT, InvolvementState.ACCEPTED, InvolvementState.WORKING]
    reached = order.index(state) if state in order else len(order)
    words = (gettext("返事待ち"), gettext("引き受け済み"), gettext("対応中"), gettext("完了"))
    return (
        Step(sent, "done"),
        *(Step(word, _look_of(place, reached)) for place, word in enumerate(words)),
    )


def _was_withdrawn(involvement: Involvement) -> bool:
    """Whether the asking ended before anybody answered."""
    return involvement.result == Result.WITHDRAWN and involvement.taken_at is None


def _look_of(place: int, reached: int) -> str:
    if place == reached:
        return "now"
    return "done" if place < reached else ""


def _taken(entry: Entry, reader: Reader) -> ShownEntry:
    involvement = _involvement(entry)
    adviser = involvement.adviser.display_name if involvement.adviser else ""
    parts = tuple(part for part in (_name(involvement), adviser) if part)
    return ShownEntry(entry.day, gettext("引き受け"), parts, False)


def _declined(entry: Entry, reader: Reader) -> ShownEntry:
    involvement = _involvement(entry)
    reason = str(DeclineReason(involvement.answer).label) if involvement.answer else ""
    parts = tuple(part for part in (_name(involvement), reason) if part)
    return ShownEntry(entry.day, gettext("引き受けなかった"), parts, False, text=involvement.answer_note)


def _finished(entry: Entry, reader: Reader) -> ShownEntry:
    involvement = _involvement(entry)
    result = str(Result(involvement.result).label) if involvement.result else ""
    parts = tuple(part for part in (_name(involvement), result) if part)
    if _was_withdrawn(involvement):
        parts = (_name(involvement),)
        return ShownEntry(entry.day, gettext("引き継ぎのお願いを取り下げました"), parts, False)
    return ShownEntry(entry.day, gettext("対応を終えました"), parts, False, text=involvement.result_note)


def _introduced(entry: Entry, reader: Reader) -> ShownEntry:
    things = []
    for row in entry.introductions:
        if row.desk:
            things.append(Thing(row.desk.name, row.remark, reverse("portal:desk", args=[row.desk.slug])))
        elif row.edition:
            programme = row.edition.programme
            until = (
                gettext("%(day)sまで") % {"day": wording.day(row.deadline_on, today=reader.on)}
                if row.deadline_on
                else ""
            )
            note = "　".join(part for part in (row.verdict, until, row.remark) if part)
            things.append(Thing(programme.name, note, reverse("portal:programme", args=[programme.slug])))
    by = entry.introductions[0]
    parts = (by.organisation.name, by.introduced_by.display_name)
    return ShownEntry(entry.day, gettext("紹介"), parts, False, things=tuple(things))


def _expert_asked(entry: Entry, reader: Reader) -> ShownEntry:
    row = _expert_request(entry)
    whom = f"{row.asked_by_organisation.name} → {row.expert.user.display_name}"
    return ShownEntry(entry.day, gettext("専門家に依頼"), (whom,), True, text=row.question)


def _expert_answered(entry: Entry, reader: Reader) -> ShownEntry:
    row = _expert_request(entry)
    word = gettext("専門家が引き受け")
    if row.state == ExpertRequestState.DECLINED:
        word = gettext("専門家が引き受けなかった")
    return ShownEntry(entry.day, word, (row.expert.user.display_name,), False, text=row.answer_note)


def _expert_ended(entry: Entry, reader: Reader) -> ShownEntry:
    name = _expert_request(entry).expert.user.display_name
    return ShownEntry(entry.day, gettext("専門家への依頼を終えました"), (name,), False)


def _expert_request(entry: Entry) -> ExpertRequest:
    assert entry.expert_request is not None  # noqa: S101
    return entry.expert_request


def _situation(entry: Entry, reader: Reader) -> ShownEntry:
    row = entry.situation
    assert row is not None  # noqa: S101
    thing = Thing(gettext("経営状況シートを見る"), "", reverse("desk:situation", args=[reader.case.key]))
    return ShownEntry(
        entry.day,
        gettext("経営状況をつかみました"),
        (row.organisation.name, row.written_by.display_name),
        False,
        things=(thing,),
    )


def _meeting(entry: Entry, reader: Reader) -> ShownEntry:
    row = entry.decision
    assert row is not None  # noqa: S101
    thing = Thing(gettext("会議の記録を見る"), "", reverse("desk:meeting", args=[row.meeting.key]))
    return ShownEntry(
        entry.day,
        gettext("ケース会議"),
        (gettext("所属の中だけの記録です"),),
        False,
        text=row.decision,
        things=(thing,),
    )


def _closed(entry: Entry, reader: Reader) -> ShownEntry:
    row = entry.closing
    assert row is not None  # noqa: S101
    parts = (str(Outcome(row.outcome).label), row.closed_by.display_name)
    return ShownEntry(
        entry.day,
        gettext("案件を閉じました"),
        parts,
        True,
        text=row.summary,
        things=tuple(Thing(label, note) for label, note in what_came_of_it(row)),
    )


def what_came_of_it(closing: Closing) -> list[tuple[str, str]]:
    """What a closing says came of the case, each with its figure."""
    found: list[tuple[str, str]] = []
    if closing.sales_yen is not None:
        found.append((gettext("売上の増え方（年）"), wording.in_man(closing.sales_yen)))
    if closing.raised_yen is not None:
        found.append((gettext("調達した資金"), wording.in_man(closing.raised_yen)))
    if closing.jobs is not None:
        found.append((gettext("増えた働く人"), gettext("%(count)d人") % {"count": closing.jobs}))
    if closing.plan_approved:
        found.append((gettext("計画"), gettext("承認・認定を受けました")))
    return found


def _reopened(entry: Entry, reader: Reader) -> ShownEntry:
    return ShownEntry(entry.day, gettext("案件をもう一度開きました"), (), False)


def _answered(entry: Entry, reader: Reader) -> ShownEntry:
    row = entry.survey
    assert row is not None  # noqa: S101
    parts = (str(FollowUpKind(row.follow_up.kind).label),) if row.follow_up else ()
    things = tuple(Thing(question, answer) for question, answer in surveys.answered(row))
    text = row.answers.get("next_trouble", "")
    return ShownEntry(
        entry.day, gettext("事業者がうかがいに答えました"), parts, False, text=text, things=things
    )


def _involvement(entry: Entry) -> Involvement:
    assert entry.involvement is not None  # noqa: S101
    return entry.involvement


def _name(involvement: Involvement) -> str:
    if involvement.organisation is None:
        return involvement.outside_name
    unit = involvement.unit or involvement.desk
    return f"{involvement.organisation.name} {unit.name}" if unit else involvement.organisation.name


_SHAPES: Mapping[Happening, Callable[[Entry, Reader], ShownEntry]] = {
    Happening.TALK: _talk,
    Happening.TALK_MOVED: _talk_moved,
    Happening.NOTE: _note,
    Happening.OPENED: _opened,
    Happening.SENT: _sent,
    Happening.TAKEN: _taken,
    Happening.DECLINED: _declined,
    Happening.FINISHED: _finished,
    Happening.INTRODUCED: _introduced,
    Happening.SITUATION: _situation,
    Happening.EXPERT_ASKED: _expert_asked,
    Happening.EXPERT_ANSWERED: _expert_answered,
    Happening.EXPERT_ENDED: _expert_ended,
    Happening.MEETING: _meeting,
    Happening.CLOSED: _closed,
    Happening.REOPENED: _reopened,
    Happening.ANSWERED: _answered,
}
