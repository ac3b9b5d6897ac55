"""Two write over one text at once, over real HTTP: an author in two windows, two colleagues on minutes."""

from collections import Counter

import pytest
from django.urls import reverse

from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import NoteRevision
from madoguchi.consultations.operations import meetings, recording
from madoguchi.consultations.operations.meetings import Minutes
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_taken_case, its_organisation
from tests.races.server import SHIPPED, at_once, served, session_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, ROUNDS_WITHOUT = 20, 10
UNPROTECTED = "tests.races.unprotected:application"
ONE_WINS, BOTH_WIN = (302, 409), (302, 302)
TEXTS = ("ひとつ目の画面で書いた文", "ふたつ目の画面で書いた文")


@pytest.fixture
def author():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def colleague(author):
    return a_hat(at=AT, organisation=its_organisation(author))


def a_note(author):
    case = a_taken_case(author)
    return recording.write_note(case=case, body="はじめの文", visibility=Visibility.SHARED, hat=author, at=AT)


def some_minutes(author):
    told = Minutes(held_on=AT.date(), attendees="甲", minutes="はじめの文")
    return meetings.keep_meeting(told=told, hat=author, at=AT)


def write_on_note(site, note, session):
    """The same person in two windows, both opened on the first text; what each was told."""
    path = reverse("desk:note", args=[note.case.key, note.pk])
    told = {"visibility": "shared", "version": 1}
    return at_once(
        [lambda text=text: site.post(path, told | {"body": text}, session=session) for text in TEXTS]
    )


def write_on_minutes(site, meeting, sessions):
    """Two colleagues, both on the first minutes; what each was told."""
    path = reverse("desk:meeting_change", args=[meeting.key])
    told = {"held_on": "2026-11-30", "attendees": "甲", "version": 1}
    told |= {"d-TOTAL_FORMS": 0, "d-INITIAL_FORMS": 0}
    pairs = zip(TEXTS, sessions, strict=True)
    return at_once(
        [
            lambda text=text, session=session: site.post(path, told | {"minutes": text}, session=session)
            for text, session in pairs
        ]
    )


def statuses(answers):
    return tuple(sorted(answer.status for answer in answers))


def play_notes(tmp_path, author, *, rounds, application=SHIPPED):
    session = session_of(author)
    with served(tmp_path, application=application) as site:
        notes = [a_note(author) for _ in range(rounds)]
        return [(note, write_on_note(site, note, session)) for note in notes]


def play_minutes(tmp_path, hats, *, rounds, application=SHIPPED):
    sessions = [session_of(hat) for hat in hats]
    with served(tmp_path, application=application) as site:
        kept = [some_minutes(hats[0]) for _ in range(rounds)]
        return [(meeting, write_on_minutes(site, meeting, sessions)) for meeting in kept]


def winner_and_loser(answers):
    """What the one wrote whose text was kept, and what the other was shown."""
    won = next(place for place, answer in enumerate(answers) if answer.status == 302)
    return TEXTS[won], TEXTS[1 - won], answers[1 - won].text.replace("<wbr>", "")


def test_of_two_windows_on_one_note_one_is_kept_and_the_other_shown_both(tmp_path, author):
    played = play_notes(tmp_path, author, rounds=ROUNDS)
    assert Counter(statuses(answers) for _note, answers in played) == {ONE_WINS: ROUNDS}
    for note, answers in played:
        note.refresh_from_db()
        kept, refused, page = winner_and_loser(answers)
        assert (note.body, note.version) == (kept, 2)
        assert kept in page
        assert refused in page
        assert [each.body for each in NoteRevision.objects.filter(note=note)] == ["はじめの文"]
    assert AuditEvent.objects.filter(action="consultations.note_changed").count() == ROUNDS


def test_without_comparing_both_windows_win_and_a_text_is_lost(tmp_path, author):
    played = play_notes(tmp_path, author, rounds=ROUNDS_WITHOUT, application=UNPROTECTED)
    assert BOTH_WIN in [statuses(answers) for _note, answers in played]
    lost = [note for note, answers in played if statuses(answers) == BOTH_WIN and _is_lost(note)]
    assert lost


def _is_lost(note):
    """Whether one of the two texts is nowhere any more."""
    note.refresh_from_db()
    kept = {note.body, *NoteRevision.objects.filter(note=note).values_list("body", flat=True)}
    return not set(TEXTS) <= kept


def test_of_two_colleagues_on_the_same_minutes_one_is_kept_and_the_other_shown_both(
    tmp_path, author, colleague
):
    played = play_minutes(tmp_path, (author, colleague), rounds=ROUNDS)
    assert Counter(statuses(answers) for _meeting, answers in played) == {ONE_WINS: ROUNDS}
    for meeting, answers in played:
        meeting.refresh_from_db()
        kept, refused, page = winner_and_loser(answers)
        assert (meeting.minutes, meeting.version) == (kept, 2)
        assert kept in page
        assert refused in page
    assert AuditEvent.objects.filter(action="consultations.meeting_changed").count() == ROUNDS


def test_without_comparing_both_colleagues_win(tmp_path, author, colleague):
    played = play_minutes(tmp_path, (author, colleague), rounds=ROUNDS_WITHOUT, application=UNPROTECTED)
    assert BOTH_WIN in [statuses(answers) for _meeting, answers in played]
