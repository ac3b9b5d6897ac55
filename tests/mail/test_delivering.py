"""A mail server that is away or misbehaves loses nothing and doubles nothing."""

import contextlib
import smtplib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection
from django_tasks_db.models import DBTaskResult

from madoguchi.foundation import clock, jobs, worker
from madoguchi.foundation.audit import SYSTEM
from madoguchi.mail.errors import ContentGone, Undelivered
from madoguchi.mail.models import Mail
from madoguchi.mail.operations import delivering, sending
from madoguchi.mail.states import MailState
from tests.mail import servers
from tests.mail.letters import AT, sent

pytestmark = pytest.mark.django_db


def once(command, reply):
    """Answer so the first time, and as usual from then on."""
    left = [reply]
    return lambda asked: left.pop() if asked == command and left else None


def work_until_done():
    """Let the worker go on as if the waits between tries had passed; return the number of jobs run."""
    done = 0
    for _ in range(len(jobs.WAITS) + 2):
        DBTaskResult.objects.update(run_after=clock.actual_now())
        while jobs.run_next("w"):
            done += 1
    return done


def the_mail():
    return Mail.objects.get()


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("CONNECT", "554 no more talks today"),
        ("MAIL", "550 not from you"),
        ("MAIL", "451 try later"),
        ("RCPT", "450 greylisted"),
        ("DATA", "452 full"),
        ("END", "451 lost it"),
        ("RCPT", ""),
    ],
)
def test_a_server_that_says_not_now_gets_it_once_at_the_next_try(settings, command, reply):
    with servers.mail_server(settings, once(command, reply)) as server:
        sent()
        assert work_until_done() == 2
        assert len(server.accepted) == 1
    assert (the_mail().state, the_mail().tries) == (MailState.SENT, 2)


@pytest.mark.parametrize("reply", ["421 bye", "", "500 what?"])
def test_a_server_that_misbehaves_after_its_yes_gets_no_second_copy(settings, reply):
    with servers.mail_server(settings, lambda command: reply if command == "QUIT" else None) as server:
        sent()
        assert work_until_done() == 1
        assert len(server.seen) == 1


def test_a_line_that_breaks_before_the_yes_brings_the_same_mail_again(settings):
    with servers.mail_server(settings, once("END", "")) as server:
        sent()
        work_until_done()
        assert len({message["Message-ID"] for message in server.seen}) == 1
        assert (len(server.seen), len(server.accepted)) == (2, 1)


def test_a_no_of_the_server_is_final(settings):
    with servers.mail_server(settings, lambda command: "550 nobody" if command == "RCPT" else None) as server:
        sent()
        assert work_until_done() == 1
        assert server.seen == []
    assert (the_mail().state, the_mail().result) == (MailState.FAILED, "refused 550")


def test_while_no_server_answers_work_goes_on_and_nothing_is_lost(settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        servers.use(settings, unused.getsockname()[1])
        sent()
        assert work_until_done() == len(jobs.WAITS) + 1
    assert (the_mail().state, the_mail().result) == (MailState.WAITING, "ConnectionRefusedError")
    with servers.mail_server(settings) as server:
        delivering.tidy(at=clock.actual_now() + delivering.LEFT_BEHIND)
        delivering.tidy(at=clock.actual_now() + delivering.LEFT_BEHIND)
        assert work_until_done() == 1
        assert len(server.accepted) == 1


def test_no_address_and_no_word_of_a_mail_gets_into_the_log_of_jobs(settings, caplog):
    answers = lambda command: "451 <hanako@example.jp> later" if command == "RCPT" else None  # noqa: E731
    with servers.mail_server(settings, answers):
        sent()
        work_until_done()
    job = DBTaskResult.objects.get()
    assert "Undelivered" in job.exception_class_path
    for text in (job.traceback, str(job.args_kwargs), caplog.text):
        assert "hanako" not in text
        assert "お知らせ" not in text


def test_a_job_that_runs_twice_sends_once():
    mail = sent()
    for _ in range(2):
        delivering.deliver(mail_id=mail.pk, at=clock.actual_now())
    assert len(django_mail.outbox) == 1


def deliver_twice_at_once(mail, monkeypatch):
    """Two workers at the same mail, both past the beginning before one hands over."""
    handed_over, both = [], threading.Barrier(2)

    def slowly(handed):
        handed_over.append(handed.pk)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)

    monkeypatch.setattr(delivering, "_hand_over", slowly)

    def run(_number):
        try:
            delivering.deliver(mail_id=mail.pk, at=clock.actual_now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    return len(handed_over)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends(monkeypatch):
    assert deliver_twice_at_once(sent(), monkeypatch) == 1


@pytest.mark.django_db(transaction=True)
def test_without_writing_down_the_try_both_would_send(monkeypatch):
    monkeypatch.setattr(delivering, "_begin", lambda pk, at: Mail.objects.get(pk=pk))
    assert deliver_twice_at_once(sent(), monkeypatch) == 2


def test_the_mail_of_a_worker_that_died_goes_out_later():
    mail = sent()
    delivering._begin(mail.pk, at=AT)
    delivering.deliver(mail_id=mail.pk, at=AT + timedelta(minutes=1))
    assert django_mail.outbox == []
    delivering.deliver(mail_id=mail.pk, at=AT + delivering.CUT_OFF)
    assert len(django_mail.outbox) == 1


@pytest.fixture
def a_mail_of_then():
    mail = sent()
    Mail.objects.update(created_at=AT)
    return mail


def test_mail_is_given_up_after_days_and_its_content_erased_later(a_mail_of_then):
    mail = a_mail_of_then
    delivering._begin(mail.pk, at=AT)
    delivering.tidy(at=AT + delivering.GIVEN_UP_AFTER)
    mail.refresh_from_db()
    assert (mail.state, mail.to) == (MailState.FAILED, "hanako@example.jp")
    delivering.tidy(at=AT + delivering.CONTENT_KEPT)
    mail.refresh_from_db()
    assert (mail.state, mail.to, mail.text) == (MailState.FAILED, "", "")
    with pytest.raises(ContentGone):
        sending.try_again(mail_id=mail.pk, at=AT, by=SYSTEM)


@pytest.mark.usefixtures("a_mail_of_then")
def test_the_log_itself_is_forgotten_after_years():
    delivering.tidy(at=AT + delivering.LOG_KEPT)
    assert not Mail.objects.exists()


def test_a_failed_mail_can_be_tried_again_once(data_dir):
    mail = sent()
    Mail.objects.update(state=MailState.FAILED)
    DBTaskResult.objects.all().delete()
    sending.try_again(mail_id=mail.pk, at=AT, by=SYSTEM)
    with pytest.raises(Mail.DoesNotExist):
        sending.try_again(mail_id=mail.pk, at=AT, by=SYSTEM)
    worker.work_once()
    assert len(django_mail.outbox) == 1


def test_a_refusal_without_a_code_is_for_now(monkeypatch):
    def refuse(_mail):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(delivering, "_hand_over", refuse)
    mail = sent()
    with pytest.raises(Undelivered, match="SMTPServerDisconnected"):
        delivering.deliver(mail_id=mail.pk, at=AT)
