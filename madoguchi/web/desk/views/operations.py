"""運用: jobs and mail that failed, and giving them another try. No content, no case, no address."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from madoguchi.foundation import clock, jobs
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.paging import page_of
from madoguchi.mail import queries as mail
from madoguchi.mail.models import Mail
from madoguchi.mail.operations import sending
from madoguchi.web.desk.shapes import operations as shapes
from madoguchi.web.shared.hats import worn_by

PAGE_SIZE = 50


@requires("operations.run")
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """What does not run as it should."""
    today = clock.today()
    failed_jobs = page_of(jobs.troubled(), request.GET.get("jobs"), size=PAGE_SIZE)
    failed_mail = page_of(mail.troubled(), request.GET.get("mail"), size=PAGE_SIZE)
    context = {
        "workers": len(jobs.workers(at=clock.actual_now())),
        "counts": shapes.counts(mail.counts()),
        "jobs": failed_jobs,
        "job_lines": [shapes.job(each, on=today) for each in failed_jobs.rows],
        "mails": failed_mail,
        "mail_lines": [shapes.mail(each, on=today) for each in failed_mail.rows],
        "is_mail_real": settings.IS_MAIL_REAL,
    }
    return render(request, "desk/operations.html", context)


@requires("operations.run")
@require_POST
def job_again(request: HttpRequest, pk: Any) -> HttpResponse:
    """Give a failed job another life."""
    try:
        jobs.try_again(job_id=str(pk), at=clock.now(), by=worn_by(request).as_actor())
    except DBTaskResult.DoesNotExist:
        raise Http404 from None
    messages.success(request, gettext("もう一度、動かします。"))
    return redirect("desk:operations")


@requires("operations.run")
@require_POST
def mail_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a failed mail another life."""
    try:
        sending.try_again(mail_id=pk, at=clock.now(), by=worn_by(request).as_actor())
    except Mail.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("もう一度、送ります。"))
    return redirect("desk:operations")
