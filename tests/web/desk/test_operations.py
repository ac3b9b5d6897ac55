"""The page of those who run the machine."""

import re

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from madoguchi.accounts import hats
from madoguchi.accounts.models import User
from madoguchi.accounts.operations import operators
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock, jobs
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from madoguchi.mail.states import MailState
from tests.accounts.people import a_hat, a_member, an_organisation, sign_in
from tests.consultations.cases import AT, a_referral, a_taken_case
from tests.foundation import sample_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    member = a_member(at=AT, organisation=an_organisation("運用"), role=Role.OPERATOR)
    sign_in(client, member.user, member)
    hat = hats.hat_of(member.user, chosen=member.pk, at=clock.actual_now())
    operators.begin(hat=hat, reason="メールが届かないとの連絡", at=clock.actual_now())
    return client


@pytest.fixture
def a_failed_job():
    sample_jobs.fail.enqueue("a")
    for _ in range(len(jobs.WAITS) + 1):
        DBTaskResult.objects.update(run_after=clock.actual_now())
        jobs.run_next("w")
    return DBTaskResult.objects.get()


@pytest.fixture
def a_failed_mail():
    sender, receiver = (a_hat(at=AT, organisation=an_organisation(name)) for name in "甲乙")
    case = a_taken_case(sender, title="ないしょの題")
    a_referral(case, sender, receiver)
    Mail.objects.update(state=MailState.FAILED, result="refused 550", tries=1)
    return case, Mail.objects.get()


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode().replace("<wbr>", ""))


def test_failures_are_listed_without_content_and_without_a_case(operator, a_failed_job, a_failed_mail):
    case, mail = a_failed_mail
    html = operator.get("/desk/operations/").content.decode()
    for shown in ("sample_jobs.fail", "Unlucky", "consultations.referred", "refused 550"):
        assert shown in html
    for hidden in (case.number, case.title, case.key, mail.to, mail.subject):
        assert hidden not in html


def test_a_failed_job_runs_again(operator, a_failed_job):
    address = f"/desk/operations/jobs/{a_failed_job.pk}/again/"
    assert operator.post(address).status_code == 302
    a_failed_job.refresh_from_db()
    assert a_failed_job.status == TaskResultStatus.READY
    assert AuditEvent.objects.filter(action="foundation.job_tried_again").count() == 1
    assert operator.post(address).status_code == 404


def test_a_failed_mail_goes_out_again(operator, a_failed_mail):
    address = f"/desk/operations/mail/{a_failed_mail[1].pk}/again/"
    assert operator.post(address).status_code == 302
    assert Mail.objects.get().state == MailState.WAITING
    assert operator.post(address).status_code == 404


def test_a_mail_whose_content_is_gone_says_so(operator, a_failed_mail):
    Mail.objects.update(erased_at=AT)
    response = operator.post(f"/desk/operations/mail/{a_failed_mail[1].pk}/again/", follow=True)
    assert "もう消してあります" in text(response)


def test_a_worker_that_is_silent_is_missed(operator):
    assert "動いていません" in text(operator.get("/desk/operations/"))
    jobs.beat("w")
    assert "1個動いています" in text(operator.get("/desk/operations/"))


@pytest.mark.parametrize("role", [Role.ADVISER, Role.MANAGER, Role.AUDITOR])
def test_nobody_else_opens_it(client, role):
    hat = a_hat(at=AT, organisation=an_organisation(), role=role)
    sign_in(client, User.objects.get(pk=hat.user_id))
    assert client.get("/desk/operations/").status_code == 403


def test_the_page_costs_the_same_for_one_failure_and_for_twenty(operator, a_failed_mail):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.mail.letters import sent

    def cost():
        with CaptureQueriesContext(connection) as queries:
            operator.get("/desk/operations/")
        return len(queries)

    cost()
    for_one = cost()
    for number in range(19):
        sent(dedupe=str(number))
    Mail.objects.update(state=MailState.FAILED)
    assert cost() == for_one
