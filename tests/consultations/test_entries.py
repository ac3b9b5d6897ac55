"""Entries with talks, next steps and files; what a timeline and a search show of them, and to whom."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from madoguchi.consultations.errors import AlreadySent, FileRefused, NotAllowed, TextMissing
from madoguchi.consultations.files import clean_name, media_type_of
from madoguchi.consultations.kinds import Channel, Outcome, Result, Visibility
from madoguchi.consultations.models import (
    Attachment,
    CaseWords,
    Closing,
    Consultation,
    Draft,
    Introduction,
    Note,
    Task,
)
from madoguchi.consultations.operations import attaching, journal, recording
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.consultations.operations.closing import CameOfIt, close_case
from madoguchi.consultations.operations.journal import Entry
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.queries import similar, timeline
from madoguchi.consultations.queries.timeline import Happening
from madoguchi.consultations.states import InvolvementState
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import (
    AT,
    a_taken_case,
    a_topic,
    another_involvement,
    its_organisation,
    the_involvement,
)
from tests.factories import an_edition
from tests.queries import cost

pytestmark = pytest.mark.django_db
PDF = Upload("見積書.pdf", b"%PDF-1.7 sample")
TALK = Talk(channel=Channel.VISIT, held_on=date(2026, 11, 27), minutes=50, place="会社")


@pytest.fixture
def hat(data_dir):
    return a_hat(at=AT, organisation=an_organisation())


def write(case, hat, body="話した", once="1", **changes):
    entry = Entry(**({"body": body, "visibility": Visibility.SHARED} | changes))
    journal.write_entry(case=case, entry=entry, hat=hat, at=AT, once=once)


def test_an_entry_keeps_the_talk_the_note_the_files_and_the_next_step(hat):
    case = a_taken_case(hat)
    write(case, hat, talk=TALK, files=[PDF], next_step="見積書を読む")
    note = Note.objects.get()
    assert note.consultation == Consultation.objects.get()
    assert note.attachments.get().name == "見積書.pdf"
    assert the_involvement(case, hat).next_step == "見積書を読む"


def test_an_entry_sent_twice_is_kept_once(hat):
    case = a_taken_case(hat)
    for _ in range(2):
        write(case, hat, talk=TALK, files=[PDF], next_step="見積書を読む")
    assert [m.objects.count() for m in (Note, Consultation, Task, Attachment)] == [1, 1, 1, 1]


@pytest.mark.parametrize("changes", [{"body": "べつの話"}, {"talk": TALK}, {"body": "", "talk": TALK}])
def test_another_entry_from_the_same_form_is_refused_and_not_thrown_away(hat, changes):
    case = a_taken_case(hat)
    write(case, hat)
    Draft.objects.create(user_id=hat.user_id, form=Draft.name_for(case), content={"body": "話"}, saved_at=AT)
    with pytest.raises(AlreadySent):
        write(case, hat, **changes)
    assert Draft.objects.exists()


def test_a_talk_without_words_sent_twice_is_kept_once(hat):
    case = a_taken_case(hat)
    for _ in range(2):
        write(case, hat, body="", talk=TALK)
    assert Consultation.objects.count() == 1


def test_another_note_with_the_same_key_is_refused(hat):
    case = a_taken_case(hat)
    told = {"case": case, "visibility": Visibility.SHARED, "hat": hat, "at": AT, "once": "n"}
    assert recording.write_note(body="話", **told) == recording.write_note(body=" 話 ", **told)
    with pytest.raises(AlreadySent):
        recording.write_note(body="べつの話", **told)


def test_without_the_key_it_would_be_kept_twice(hat):
    case = a_taken_case(hat)
    for once in ("1", "2"):
        write(case, hat, talk=TALK, next_step="見積書を読む", once=once)
    assert [m.objects.count() for m in (Note, Consultation, Task)] == [2, 2, 2]


def test_all_of_an_entry_is_kept_or_nothing(hat):
    case = a_taken_case(hat)
    with pytest.raises(FileRefused):
        write(case, hat, talk=TALK, next_step="次", files=[Upload("a.exe", b"MZ\x90\x00")])
    assert [m.objects.count() for m in (Note, Consultation, Task)] == [0, 0, 0]


def test_what_was_typed_is_forgotten_once_it_is_kept(hat):
    case = a_taken_case(hat)
    Draft.objects.create(user_id=hat.user_id, form=Draft.name_for(case), content={"body": "話"}, saved_at=AT)
    with pytest.raises(TextMissing):
        write(case, hat, body=" ")
    assert Draft.objects.exists()
    write(case, hat)
    assert not Draft.objects.exists()


def test_who_has_not_taken_the_case_may_write_a_note_but_no_talk(hat):
    case = a_taken_case(hat)
    asked = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, its_organisation(asked))
    write(case, asked, once="n")
    with pytest.raises(NotAllowed):
        write(case, asked, talk=TALK, once="t")


def entries_for(case, hat, **options):
    return timeline.stretch_of(case, hat, page=1, size=50, around=timeline.around(case), **options).entries


def texts(entries):
    return [note.body for entry in entries for note in entry.notes]


def test_the_timeline_shows_each_reader_the_notes_that_are_theirs(hat):
    case = a_taken_case(hat)
    for visibility in Visibility:
        write(case, hat, body=visibility.value, visibility=visibility, once=visibility.value)
        write(case, hat, body=f"talk {visibility}", visibility=visibility, talk=TALK, once=f"t{visibility}")
    other = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, its_organisation(other))
    assert len(texts(entries_for(case, hat))) == 6
    assert sorted(texts(entries_for(case, a_hat(at=AT, organisation=its_organisation(hat))))) == [
        "internal",
        "shared",
        "talk internal",
        "talk shared",
    ]
    assert sorted(texts(entries_for(case, other))) == ["shared", "talk shared"]
    printed = entries_for(case, hat, visibilities=(Visibility.SHARED,))
    assert sorted(texts(printed)) == ["shared", "talk shared"]


def test_the_newest_stands_first_and_earlier_ones_on_the_next_page(hat):
    case = a_taken_case(hat)
    for day in range(1, 8):
        talk = Talk(channel=Channel.DESK, held_on=date(2026, 10, day))
        write(case, hat, body=str(day), talk=talk, once=str(day))
    first = timeline.stretch_of(case, hat, page=1, size=3, around=timeline.around(case))
    second = timeline.stretch_of(case, hat, page=2, size=3, around=timeline.around(case))
    last = timeline.stretch_of(case, hat, page=3, size=3, around=timeline.around(case))
    assert first.entries[0].what == Happening.OPENED  # of 30 November; the talks were before it
    assert texts(first.entries) + texts(second.entries) + texts(last.entries) == list("7654321")
    assert (first.has_earlier, second.has_earlier, last.has_earlier) == (True, True, False)


def test_a_timeline_costs_the_same_for_one_entry_and_for_twenty(hat):
    short, long = a_taken_case(hat), a_taken_case(hat)
    for case, count in ((short, 1), (long, 20)):
        for n in range(count):
            write(case, hat, talk=TALK, files=[PDF], once=f"{case.pk}-{n}")
            write(case, hat, once=f"{case.pk}-n{n}")
    assert cost(lambda: entries_for(short, hat)) == cost(lambda: entries_for(long, hat))


def test_a_note_that_becomes_internal_is_found_by_no_words(hat):
    case = a_taken_case(hat)
    write(case, hat, body="ロボットを入れる")
    assert "ろぼっと" in CaseWords.objects.get().text
    recording.change_note(
        note=Note.objects.get(),
        body="ロボットを入れる",
        visibility=Visibility.INTERNAL,
        version=1,
        hat=hat,
        at=AT,
    )
    assert "ろぼっと" not in CaseWords.objects.get().text


def test_a_secret_case_has_no_words(hat):
    write(a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)]), hat)
    assert not CaseWords.objects.exists()


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────
def an_archive(*names: str, content: bytes = b"x") -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", b"%PDF-1.4", "application/pdf"),
        ("a.exe", b"%PDF-1.4", "application/pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n..", "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic", "image/heif"),
        ("a.txt", "相談".encode("cp932"), "text/plain"),
        ("a.csv", b"a,b", "text/csv"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel"),
        ("a.html", b"<script>alert(1)</script>", None),
        ("a.svg", b"<svg onload='x'>", None),
        ("a.pdf", b"MZ\x90\x00", None),
        ("a.pdf", b"", None),
        ("a.txt", b"text\x00with nul", None),
        ("a.zip", an_archive("a.txt"), None),
        ("a.docm", an_archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(name, content, media_type):
    assert media_type_of(name, content) == media_type


@pytest.mark.parametrize(
    ("part", "ending"), [("word/", "wordprocessingml.document"), ("xl/", "spreadsheetml.sheet")]
)
def test_office_files_are_known_by_what_their_archive_lists(part, ending):
    told = media_type_of("a.bin", an_archive("[Content_Types].xml", f"{part}document.xml"))
    assert told is not None
    assert told.endswith(ending)


def test_an_archive_that_would_swell_is_never_unpacked(monkeypatch):
    bomb = an_archive("[Content_Types].xml", "xl/workbook.xml", content=b"0" * 10_000_000)
    assert len(bomb) < 50_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_args, **_named: pytest.fail("unpacked"))
    assert media_type_of("a.xlsx", bomb) is not None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("見積書 令和5年.pdf", "見積書 令和5年.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\図面.pdf", "図面.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("gnp\u202efdp.exe", "gnpfdp.exe"),
        ("が" * 300 + ".pdf", "が" * 116 + ".pdf"),
        ('a"b\r\nc.pdf', "abc.pdf"),
        ("...", "file"),
        ("", "file"),
        ("か\u3099.txt", "が.txt"),
    ],
)
def test_a_name_is_made_fit_to_be_shown(sent, kept):
    assert clean_name(sent) == kept


@pytest.mark.parametrize(
    "files",
    [[Upload("a.pdf", b"")], [PDF] * (attaching.MOST_FILES + 1), [Upload("a.exe", b"MZ")]],
    ids=["empty", "too many", "unknown"],
)
def test_a_file_that_is_not_taken_leaves_no_note(hat, files):
    with pytest.raises(FileRefused):
        write(a_taken_case(hat), hat, files=files)
    assert not Note.objects.exists()


def test_what_is_not_kept_leaves_no_file_on_the_disk(hat, data_dir, monkeypatch):
    case = a_taken_case(hat)
    asked = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, its_organisation(asked))
    with pytest.raises(FileRefused):
        write(case, hat, files=[PDF, Upload("a.exe", b"MZ")])
    with pytest.raises(NotAllowed):
        write(case, asked, files=[PDF], next_step="次")
    monkeypatch.setattr(attaching, "say", broken)
    with pytest.raises(OSError, match="full"):
        write(case, hat, files=[PDF])
    assert not [path for path in data_dir.rglob("*") if path.is_file()]


def broken(*_args, **_named):
    raise OSError("full")


def test_a_file_too_big_is_refused(hat, monkeypatch):
    monkeypatch.setattr(attaching, "MOST_BYTES", 10)
    with pytest.raises(FileRefused, match="大きすぎます"):
        write(a_taken_case(hat), hat, files=[PDF])


def test_a_file_lies_under_its_key_with_its_content(hat, data_dir):
    write(a_taken_case(hat), hat, files=[PDF])
    row = Attachment.objects.get()
    assert attaching.path_of(row).read_bytes() == PDF.content
    assert attaching.path_of(row).is_relative_to(data_dir)
    assert PDF.name not in str(attaching.path_of(row))


# ── Similar past cases ──────────────────────────────────────────────────────────────────────────────
def a_past_case(hat, title, *, topics=(), **changes):
    case = a_taken_case(hat, title=title, topics=topics, **changes)
    close_case(case=case, told=CameOfIt(outcome=Outcome.SALES, result=Result.HELPED), hat=hat, at=AT)
    return case


def alike(case, hat):
    return [found.case for found in similar.similar_to(case, hat, limit=5)]


def test_the_case_that_shares_the_rarest_words_comes_first(hat):
    topic = a_topic("販路開拓")
    like = a_past_case(hat, "りんごジュースを首都圏で売りたい", topics=[topic])
    less = a_past_case(hat, "木の椅子を首都圏で売りたい", topics=[topic])
    a_past_case(hat, "店の屋根の修理", topics=[topic])
    a_past_case(hat, "りんごジュースの資金", topics=[a_topic("資金繰り")])
    case = a_taken_case(hat, title="りんご加工品を首都圏で売りたい", topics=[topic])
    assert alike(case, hat) == [like, less]


def test_only_cases_that_the_reader_may_see_are_similar(hat):
    topic = a_topic("販路開拓")
    stranger = a_hat(at=AT, organisation=an_organisation("よその機関"))
    a_past_case(stranger, "りんごを売りたい", topics=[topic])
    case = a_taken_case(hat, title="りんごを売りたい", topics=[topic])
    assert alike(case, hat) == []
    assert [c.title for c in alike(case, stranger)] == ["りんごを売りたい"]


def test_a_secret_past_case_is_never_similar_even_to_those_who_see_it(hat):
    secret = a_topic("事業承継", is_secret=True)
    a_past_case(hat, "後継ぎがいない", topics=[secret])
    assert alike(a_taken_case(hat, title="後継ぎがいない", topics=[secret]), hat) == []


def test_a_past_case_with_two_parts_of_one_organisation_is_found_once(hat):
    case = a_past_case(hat, "りんごを売りたい")
    another_involvement(case, its_organisation(hat), InvolvementState.FINISHED)
    assert [found.case for found in similar.holding("りんご", hat, limit=5)] == [case]


def test_the_programme_whose_cases_led_to_something_comes_first(hat):
    often, led = an_edition(slug="often"), an_edition(slug="led")
    past = [a_past_case(hat, "売りたい") for _ in range(3)]
    Closing.objects.filter(case__in=past[1:]).update(outcome=Outcome.NONE)
    for case, edition in ((past[0], led), (past[1], often), (past[2], often)):
        Introduction.objects.create(
            case=case,
            organisation_id=hat.organisation_id,
            edition=edition,
            introduced_by_id=hat.user_id,
            introduced_at=AT,
        )
    helped = similar.helped([case.pk for case in past])
    assert [(each.slug, each.cases, each.led) for each in helped] == [("led", 1, 1), ("often", 2, 0)]


def test_open_cases_are_no_past_ones(hat):
    a_taken_case(hat, title="りんごを売りたい")
    assert alike(a_taken_case(hat, title="りんごを売りたい"), hat) == []
