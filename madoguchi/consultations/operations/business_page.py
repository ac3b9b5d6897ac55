"""The page of a case that its business reads: handed over by the adviser, and the mails that lead there.

The page is that of a request (`request_links`), for cases opened at the desk as well. A mail says what kind
of thing is new and names programmes, which are public; that of a secret case says nothing but that there is
something. What is new is told in a series that can be stopped.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import AddressMissing, NoLink
from madoguchi.consultations.kinds import PageMeans
from madoguchi.consultations.letters import state_path
from madoguchi.consultations.models import Case, Introduction, Task
from madoguchi.consultations.operations import request_links, telling
from madoguchi.consultations.operations.acting import require_work, say
from madoguchi.mail.kinds import Series
from madoguchi.mail.letters import Letter


def give(*, case: Case, means: PageMeans, hat: Hat, at: datetime) -> str:
    """Hand the business the way to its page, by mail or to be printed; the path of the page.

    Raises NotAllowed, and AddressMissing by mail without an address.
    """
    require_work(case, hat)
    if means == PageMeans.MAIL and not telling.address_of(case):
        raise AddressMissing
    with transaction.atomic():
        request_links.make_state_link(case, at=at)
        say("business_page_given", case, hat=hat, at=at, means=str(means))
        if means == PageMeans.MAIL:
            telling.to_business(
                case,
                lambda: _letter(
                    case,
                    subject=gettext("ご相談のページのご案内（%(number)s）"),
                    words=gettext(
                        "ご相談のページで、ご紹介した支援、していただくこと、お約束を見られます。登録はいりません。"
                    ),
                ),
                kind="business_page",
                key=f"business_page:{case.pk}:{at.isoformat()}",
            )
    return state_path(request_links.state_secret(case))


def take_back(*, case: Case, hat: Hat, at: datetime) -> None:
    """Let the links that were handed over lead nowhere: paper was lost, or a mail forwarded.

    Handing the page over again makes a new link. Raises NotAllowed, NoLink.
    """
    require_work(case, hat)
    with transaction.atomic():
        if not request_links.end_state_links(case):
            raise NoLink
        say("business_page_taken_back", case, hat=hat, at=at)


def tell_introduced(case: Case, rows: Sequence[Introduction], *, at: datetime) -> None:
    """Tell the business that it was introduced to something, with the names of programmes."""
    names = [row.edition.programme.name for row in rows if row.edition]

    def letter() -> Letter:
        return _letter(
            case,
            subject=gettext("支援や窓口をご紹介しました（%(number)s）"),
            words=gettext("相談の窓口から、ご紹介があります。理由と締切は、次のページで読めます。"),
            facts=[(gettext("ご紹介した支援"), "\n".join(names))] if names else [],
        )

    _tell_news(case, letter, kind="introduced", key=f"introduced:{case.pk}:{rows[0].pk}", at=at)


def tell_task(task: Task, *, at: datetime) -> None:
    """Tell the business that there is something for it to do; what it is stands on its page."""
    case = task.case

    def letter() -> Letter:
        return _letter(
            case,
            subject=gettext("していただくことがあります（%(number)s）"),
            words=gettext("相談の窓口から、していただきたいことがあります。次のページで読めます。"),
        )

    _tell_news(case, letter, kind="task_for_business", key=f"task_for_business:{task.pk}", at=at)


def _tell_news(case: Case, letter: Callable[[], Letter], *, kind: str, key: str, at: datetime) -> None:
    """In the transaction of what is new; the page is there from then on for whoever has an address."""
    if telling.address_of(case):
        request_links.make_state_link(case, at=at)
        telling.to_business(case, letter, kind=kind, key=key, series=Series.CASE_NEWS)


def _letter(case: Case, *, subject: str, words: str, facts: Sequence[tuple[str, str]] = ()) -> Letter:
    """`subject` has a place for the number; a secret case is told of in the same words, whatever is new."""
    action = telling.state_page(case)
    if case.is_secret:
        return Letter(
            subject=gettext("お知らせがあります"),
            paragraphs=[gettext("次のページに、お知らせがあります。")],
            action=action,
        )
    return Letter(
        subject=subject % {"number": case.number},
        paragraphs=[words],
        facts=[(gettext("受付番号"), case.number), *facts],
        action=action,
        closing=[
            gettext(
                "このページは、リンクを知っている人ならだれでも見られます。ほかの人に転送しないでください。"
            )
        ],
    )
