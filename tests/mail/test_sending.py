"""Mail is written in the transaction of the change it tells of, and once for each key."""

from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation import worker
from madoguchi.institutions.models import ThemeFile
from madoguchi.mail import stops
from madoguchi.mail.addresses import absolute, recipient_hash
from madoguchi.mail.errors import AddressUnusable
from madoguchi.mail.kinds import Series
from madoguchi.mail.letters import Action, Letter
from madoguchi.mail.messages import message_of
from madoguchi.mail.models import Mail, Stop
from madoguchi.mail.operations import sending
from madoguchi.mail.states import MailState
from tests.mail.letters import AT, a_letter, sent

pytestmark = pytest.mark.django_db


def parsed(mail):
    return message_from_bytes(message_of(mail).message().as_bytes(), policy=policy.default)


def test_a_mail_goes_out_and_leaves_no_content_behind(data_dir):
    mail = sent(user_id=7, subject_type="consultations.case", subject_id=3)
    worker.work_once()
    assert [message.to for message in django_mail.outbox] == [["hanako@example.jp"]]
    mail.refresh_from_db()
    assert (mail.state, mail.result, mail.user_id, mail.subject_id) == ("sent", "accepted", "7", "3")
    assert [mail.to, mail.subject, mail.text, mail.html, mail.invitation] == [""] * 5
    assert mail.recipient_hash == recipient_hash(" Hanako@EXAMPLE.jp ")
    assert "hanako" not in str(Mail.objects.values().get())


def test_a_person_is_written_to_at_their_address_and_in_their_language():
    person = SimpleNamespace(pk=7, email="hanako@example.jp", language="en")
    with transaction.atomic():
        mail = sending.send_to(person, kind="test.notice", write=a_letter)
    assert (mail.to, mail.user_id, mail.language) == ("hanako@example.jp", "7", "en")


def test_mail_needs_the_transaction_of_its_change(monkeypatch):
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError):
        sending.send(to="a@example.jp", kind="test.notice", write=a_letter)


@transaction.atomic
def send_and_fail():
    sent()
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_mail_disappears_with_the_change_it_tells_of(data_dir):
    with pytest.raises(ZeroDivisionError):
        send_and_fail()
    worker.work_once()
    assert not Mail.objects.exists()
    assert django_mail.outbox == []


def test_a_key_sends_once_for_ever(data_dir):
    first = sent(dedupe="referral:1")
    worker.work_once()
    assert sent(dedupe="referral:1").pk == first.pk
    worker.work_once()
    assert len(django_mail.outbox) == 1


def test_without_a_key_the_same_is_sent_again(data_dir):
    sent()
    sent()
    worker.work_once()
    assert len(django_mail.outbox) == 2


@pytest.mark.parametrize("address", ["", "hanako", "a@b\nBcc: c@example.jp", "a@example.jp, b@example.jp"])
def test_what_is_no_single_address_is_refused(address):
    with pytest.raises(AddressUnusable):
        sent(to=address)


def test_a_letter_is_written_in_the_language_of_its_reader():
    mail = sent(language="en", write=lambda: a_letter(gettext("日本語")))
    assert (mail.subject, parsed(mail)["Content-Language"]) == ("Japanese", "en")


def test_both_forms_say_the_same():
    letter = Letter(
        subject="返事をお待ちしています",
        greeting="みほん商工会 御中",
        paragraphs=["一つめ", "二つめ <b>"],
        facts=[("番号", "2026-0001")],
        action=Action("開く", "https://example.jp/desk/"),
        closing=["おわり"],
    )
    message = parsed(sent(write=lambda: letter))
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    for words in ("みほん商工会 御中", "一つめ", "2026-0001", "開く", "https://example.jp/desk/", "おわり"):
        assert words in text
        assert words in html
    assert "二つめ <b>" in text
    assert "二つめ &lt;b&gt;" in html


def test_mail_wears_the_colour_of_the_region():
    ThemeFile.objects.create(name="region.css", content=":root { --region-key: #123abc; }", content_hash="x")
    assert "#123abc" in sent().html


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200))
def test_any_subject_arrives_as_it_was_written(words):
    subject = " ".join(words.split())
    mail = Mail(to="a@example.jp", subject=subject, created_at=AT, message_id="<a@b>")
    assert parsed(mail)["Subject"].strip() == subject


def test_a_long_japanese_subject_arrives_whole_in_lines_that_every_server_takes():
    subject = "首都圏での販路開拓について、みほん商工会から相談の引き継ぎの打診が届いています（3件）" * 4
    raw = message_of(sent(write=lambda: a_letter(subject))).message().as_bytes()
    head = raw.split(b"\n\n", 1)[0]
    assert head.isascii()
    assert max(map(len, head.splitlines())) <= 78
    # Where the first word of the subject stands on the second line, unfolding leaves its space.
    assert message_from_bytes(raw, policy=policy.default)["Subject"].strip() == subject


def test_a_line_break_in_a_subject_starts_no_header():
    message = parsed(sent(write=lambda: a_letter("お知らせ\nBcc: c@example.jp")))
    assert message["Subject"] == "お知らせ Bcc: c@example.jp"
    assert message["Bcc"] is None


def test_what_is_needed_cannot_be_stopped():
    assert parsed(sent())["List-Unsubscribe"] is None


def test_a_series_carries_its_way_out():
    mail = sent(series=Series.DIGEST)
    message = parsed(mail)
    url = message["List-Unsubscribe"].strip(" <>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in mail.text
    assert url.startswith(absolute("/mail/stop/"))
    assert "hanako" not in url


def test_who_stopped_a_series_gets_none_and_the_rest_still(data_dir):
    way = stops.Way(recipient_hash("hanako@example.jp"), Series.DIGEST)
    stopped = sent(series=Series.DIGEST)
    sending.stop(way=way, at=AT)
    sending.stop(way=way, at=AT)
    needed = sent()
    worker.work_once()
    stopped.refresh_from_db()
    needed.refresh_from_db()
    assert (stopped.state, stopped.text, needed.state) == (MailState.STOPPED, "", MailState.SENT)
    sending.resume(way=way, at=AT)
    assert not Stop.objects.exists()


def test_a_link_that_we_did_not_make_stops_nothing():
    url = stops.url_of(stops.Way("x", Series.DIGEST))
    token = url.rstrip("/").rsplit("/", 1)[1]
    assert stops.read(token) == stops.Way("x", Series.DIGEST)
    assert stops.read(token[:-1]) is None
    assert stops.read("") is None
