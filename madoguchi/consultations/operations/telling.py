"""Mail about a case: that there is something to read, and where; never what it is about.

Called by operations in their transaction. A mail names the case by its number alone.
"""

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import LinkPurpose
from madoguchi.consultations.letters import state_path
from madoguchi.consultations.models import Case, Involvement, Meeting
from madoguchi.consultations.operations import request_links
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation import clock
from madoguchi.institutions import naming
from madoguchi.mail.addresses import absolute
from madoguchi.mail.kinds import Series
from madoguchi.mail.letters import Action, Letter
from madoguchi.mail.operations import sending


def case_path(case: Case) -> str:
    """Where staff read a case."""
    return f"/desk/cases/{case.key}/"


def answer_path(involvement: Involvement) -> str:
    """Where an organisation answers a referral."""
    return f"/desk/cases/{involvement.case.key}/answer/"


def link_path(secret: str) -> str:
    """Where somebody without an account reads and answers a referral."""
    return f"/referral/{secret}/"


def name_of(involvement: Involvement) -> str:
    """Whom an involvement is about: the organisation and its part, or somebody outside."""
    if involvement.organisation is None:
        return involvement.outside_name
    part = involvement.desk.name if involvement.desk else involvement.unit.name if involvement.unit else ""
    return naming.of_part(involvement.organisation.name, part.replace("|", ""))


def referred(involvement: Involvement, *, hat: Hat) -> None:
    """Tell an organisation that it is asked."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("案件の引き継ぎが届いています（%(number)s）") % {"number": case.number},
            paragraphs=[
                gettext("%(organisation)sから、案件の引き継ぎのお願いが届いています。")
                % {"organisation": hat.organisation_name},
                gettext("内容を読んで、引き受けるか、理由をつけて断るかを選んでください。"),
            ],
            facts=[(gettext("案件の番号"), case.number)],
            action=Action(gettext("読んで返事をする"), absolute(answer_path(involvement))),
        )

    asked = colleagues.asked_of(involvement, at=hat.at)
    to_users(asked, case, letter, kind="referred", key=f"referred:{involvement.pk}")


def referred_outside(involvement: Involvement, *, secret: str) -> None:
    """Send somebody without an account the link to a referral."""
    case = involvement.case
    sender = involvement.sent_by_organisation

    def letter() -> Letter:
        return Letter(
            subject=gettext("ご紹介したい相談があります"),
            greeting=gettext("%(name)s　様") % {"name": involvement.outside_name},
            paragraphs=[
                gettext("%(organisation)sです。ご相談したい事業者の方を、ご紹介します。")
                % {"organisation": sender.name if sender else ""},
                gettext("次のページで内容を読み、引き受けていただけるかをお返事ください。登録はいりません。"),
            ],
            action=Action(gettext("紹介の内容を読む"), absolute(link_path(secret))),
            closing=[
                gettext("このリンクは、あなただけのものです。ほかの方に渡さないでください。期限があります。")
            ],
        )

    sending.send(
        to=involvement.outside_email,
        kind="consultations.referred_outside",
        write=letter,
        subject_type="consultations.case",
        subject_id=case.pk,
    )


def answered(involvement: Involvement) -> None:
    """Tell the sender of a referral that there is an answer, and the business who has its case now."""
    sender = involvement.sent_by
    case = involvement.case
    if sender is not None and involvement.sent_by_organisation_id is not None:
        still_there = colleagues.working(
            organisation_id=involvement.sent_by_organisation_id, at=clock.actual_now()
        ).filter(user=sender)
        if still_there.exists():
            to_users(
                [sender],
                case,
                lambda: _answered_letter(involvement),
                kind="answered",
                key=f"answered:{involvement.pk}:{involvement.state}:{involvement.finished_at or ''}",
            )
    if involvement.state == InvolvementState.ACCEPTED:
        to_business(
            case,
            lambda: _taken_letter(involvement),
            kind="taken",
            key=f"taken:{involvement.pk}",
        )


def _answered_letter(involvement: Involvement) -> Letter:
    words = {
        InvolvementState.ACCEPTED: gettext("%(name)sが、引き継ぎを引き受けました。"),
        InvolvementState.DECLINED: gettext(
            "%(name)sは、引き継ぎを引き受けられないとのことです。理由を読んでください。"
        ),
        InvolvementState.FINISHED: gettext("%(name)sが、対応を終えました。"),
    }
    case = involvement.case
    return Letter(
        subject=gettext("引き継ぎの返事が届きました（%(number)s）") % {"number": case.number},
        paragraphs=[words[InvolvementState(involvement.state)] % {"name": name_of(involvement)}],
        facts=[(gettext("案件の番号"), case.number)],
        action=Action(gettext("案件を開く"), absolute(case_path(case))),
    )


def _taken_letter(involvement: Involvement) -> Letter:
    return Letter(
        subject=gettext("ご相談の担当が決まりました"),
        paragraphs=[
            gettext("%(name)sが、ご相談を引き受けました。担当から連絡します。")
            % {"name": name_of(involvement)}
        ],
        facts=[(gettext("受付番号"), involvement.case.number)],
        action=state_page(involvement.case),
    )


def state_page(case: Case) -> Action | None:
    """The way to the page on which a business sees how its request stands, where it has one."""
    if not case.links.filter(purpose=LinkPurpose.REQUEST_STATE).exists():
        return None
    path = state_path(request_links.state_secret(case))
    return Action(gettext("相談の状況を見る"), absolute(path))


def access_ended(involvement: Involvement) -> None:
    """Tell an organisation that a case is no longer shared with it, without content."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("案件の共有が終わりました（%(number)s）") % {"number": case.number},
            paragraphs=[
                gettext("この案件は、あなたの機関には共有されなくなりました。もう開けません。"),
                gettext("手もとの控えがあるときは、機関のきまりに従って片づけてください。"),
            ],
            facts=[(gettext("案件の番号"), case.number)],
        )

    there = colleagues.working(organisation_id=involvement.organisation_id, at=clock.actual_now())
    adviser = [row.user for row in there.filter(user=involvement.adviser_id)]
    told = adviser or [row.user for row in there.filter(role=Role.MANAGER)]
    to_users(told, case, letter, kind="access_ended", key=f"ended:{involvement.pk}")


def handed_over(involvement: Involvement, *, to: User) -> None:
    """Tell somebody that a colleague's case is theirs now."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("案件の担当になりました（%(number)s）") % {"number": case.number},
            paragraphs=[gettext("案件の担当が、あなたに変わりました。これまでの記録を読んでください。")],
            facts=[(gettext("案件の番号"), case.number)],
            action=Action(gettext("案件を開く"), absolute(case_path(case))),
        )

    to_users([to], case, letter, kind="handed_over", key=f"handed:{involvement.pk}:{clock.actual_now()}")


def nudged(involvement: Involvement) -> None:
    """Tell an organisation that the business asks for its answer."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("事業者の方が、返事を待っています（%(number)s）") % {"number": case.number},
            paragraphs=[gettext("お約束の日を過ぎても返事がないため、事業者の方から、お願いが届きました。")],
            facts=[(gettext("案件の番号"), case.number)],
            action=Action(gettext("読んで返事をする"), absolute(answer_path(involvement))),
        )

    asked = colleagues.asked_of(involvement, at=clock.actual_now())
    to_users(asked, case, letter, kind="nudged", key=f"nudged:{involvement.pk}")


def digest(
    user: User, *, groups: Sequence[tuple[str, Sequence[str]]], week: str, last_step: str | None
) -> None:
    """Send somebody the numbers of what waits, under the words of the ladder; once a week.

    With a `last_step` (its day, empty for one before this week) the recipient answers for what waits: nothing
    to stop, and one mail for each such day besides.
    """

    def letter() -> Letter:
        return Letter(
            subject=gettext("返事を待っている引き継ぎがあります"),
            paragraphs=[gettext("次の案件が、返事を待っています。")],
            facts=[(gettext(words), "\n".join(numbers)) for words, numbers in groups],
            action=Action(gettext("案件の一覧を開く"), absolute("/desk/cases/")),
        )

    sending.send_to(
        user,
        kind="consultations.digest",
        write=letter,
        series=Series.DIGEST if last_step is None else None,
        dedupe=":".join(
            ["digest", str(user.pk), week, *([] if last_step is None else ["answers", last_step])]
        ),
    )


def meeting_words(meeting: Meeting) -> str:
    """Which minutes these are, without a word of them."""
    return gettext("ケース会議の記録（%(day)s）") % {"day": meeting.held_on.isoformat()}


def leaving(user: User, *, what: Sequence[str], days: int) -> None:
    """Tell a manager what will be erased because nothing was entered, or its time is over."""

    def letter() -> Letter:
        return Letter(
            subject=gettext("まもなく消える記録があります"),
            paragraphs=[
                gettext("次の記録は、保存の期間が終わるため、%(days)d日たつと、内容が消えます。")
                % {"days": days},
                gettext("続いている案件は、開いて記録を書けば、消えません。終わった案件は、閉じてください。"),
            ],
            facts=[(gettext("消えるもの"), "\n".join(what))],
            action=Action(gettext("案件の一覧を開く"), absolute("/desk/cases/")),
        )

    sending.send_to(
        user,
        kind="consultations.leaving",
        write=letter,
    )


def fell_to(involvement: Involvement) -> None:
    """Tell the general desk that a request is its own now, because the first desk declined."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("引き受け先のない相談が届いています（%(number)s）") % {"number": case.number},
            paragraphs=[
                gettext(
                    "はじめの窓口が引き受けなかったため、相談が届いています。読んで、返事をしてください。"
                )
            ],
            facts=[(gettext("案件の番号"), case.number)],
            action=Action(gettext("案件を開く"), absolute(case_path(case))),
        )

    asked = colleagues.asked_of(involvement, at=clock.actual_now())
    to_users(asked, case, letter, kind="fell_to", key=f"fell_to:{involvement.pk}")


def requested(involvement: Involvement) -> None:
    """Tell those whom a request of a business reached that it waits for an answer."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("新しい相談が届いています（%(number)s）") % {"number": case.number},
            paragraphs=[gettext("事業者の方が、サイトから相談を送りました。読んで、返事をしてください。")],
            facts=[(gettext("案件の番号"), case.number)],
            action=Action(gettext("案件を開く"), absolute(case_path(case))),
        )

    asked = colleagues.asked_of(involvement, at=clock.actual_now())
    to_users(asked, case, letter, kind="requested", key=f"requested:{involvement.pk}")


def withdrawn(involvement: Involvement) -> None:
    """Tell an organisation that the business took its request back."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("相談が取り下げられました（%(number)s）") % {"number": case.number},
            paragraphs=[gettext("事業者の方が、相談を取り下げました。連絡はいりません。")],
            facts=[(gettext("案件の番号"), case.number)],
            action=Action(gettext("案件を開く"), absolute(case_path(case))),
        )

    asked = colleagues.asked_of(involvement, at=clock.actual_now())
    to_users(asked, case, letter, kind="withdrawn", key=f"withdrawn:{involvement.pk}")


def referral_withdrawn(involvement: Involvement) -> None:
    """Tell whoever was asked, and has not answered, that no answer is needed any more."""
    case = involvement.case

    def letter() -> Letter:
        return Letter(
            subject=gettext("引き継ぎのお願いが取り下げられました（%(number)s）") % {"number": case.number},
            paragraphs=[
                gettext("相談が終わったので、お願いを取り下げました。返事はいりません。もう開けません。")
            ],
            facts=[(gettext("案件の番号"), case.number)],
        )

    key = f"referral_withdrawn:{involvement.pk}"
    if involvement.organisation_id is not None:
        asked = colleagues.asked_of(involvement, at=clock.actual_now())
        to_users(asked, case, letter, kind="referral_withdrawn", key=key)
    elif involvement.outside_email:
        sending.send(
            to=involvement.outside_email,
            kind="consultations.referral_withdrawn",
            write=letter,
            subject_type="consultations.case",
            subject_id=case.pk,
            dedupe=key,
        )


def not_yet_taken(case: Case, *, words: str) -> None:
    """Tell the business that nobody has taken its case yet; once for each case."""
    to_business(
        case,
        lambda: Letter(
            subject=gettext("ご相談の担当を確かめています"),
            paragraphs=[gettext(words)],
            facts=[(gettext("受付番号"), case.number)],
            action=state_page(case),
        ),
        kind="not_yet_taken",
        key=f"not_yet_taken:{case.pk}",
    )


def how_is_it_going(case: Case, *, secret: str, days: int, key: str) -> None:
    """Ask the business how things went after its case was closed; it may stop these mails."""

    def letter() -> Letter:
        return Letter(
            subject=gettext("その後、いかがですか"),
            paragraphs=[
                gettext(
                    "前にご相談いただいたことについて、4つだけうかがいます。答えられるところだけでかまいません。"
                ),
                gettext("%(days)d日のあいだ、答えたり、直したりできます。") % {"days": days},
            ],
            facts=[(gettext("受付番号"), case.number)],
            action=Action(gettext("アンケートに答える"), absolute(f"/consult/survey/{secret}/")),
        )

    to_business(case, letter, kind="survey", key=key, series=Series.FOLLOW_UP)


def address_of(case: Case) -> str:
    """Where the business of a case is written to; empty where nobody said, or may be asked any more.

    The address of the business itself is often read by several people: never for a secret case.
    """
    if case.held_because or case.erased_at is not None:
        return ""
    if case.requester:
        return case.requester.email
    of_business = case.business.email if case.business and not case.is_secret else ""
    return case.contact_email or of_business


def to_business(
    case: Case, letter: Callable[[], Letter], *, kind: str, key: str, series: Series | None = None
) -> None:
    """Send whoever asked for the case a mail, when an address is known; a held request may be anybody's."""
    requester, address = case.requester, address_of(case)
    if not address:
        return
    sending.send(
        to=address,
        user_id=requester.pk if requester else None,
        language=requester.language if requester else case.language,
        kind=f"consultations.{kind}",
        write=letter,
        subject_type="consultations.case",
        subject_id=case.pk,
        dedupe=key,
        series=series,
    )


def to_users(users: Iterable[User], case: Case, letter: Callable[[], Letter], *, kind: str, key: str) -> None:
    """One mail about a case to each of these people; the same key sends none again."""
    for user in users:
        sending.send_to(
            user,
            kind=f"consultations.{kind}",
            write=letter,
            subject_type="consultations.case",
            subject_id=case.pk,
            dedupe=f"{key}:{user.pk}",
        )
