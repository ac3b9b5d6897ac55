"""Mail about a question to an expert: that there is something to read, and where; never what it is about.

Called by operations in their transaction. A mail names the case by its number alone.
"""

from django.utils.translation import gettext

from madoguchi.accounts.models import Membership, User
from madoguchi.consultations.models import ExpertRequest
from madoguchi.consultations.operations.telling import to_users
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.states import ExpertRequestState
from madoguchi.foundation import clock
from madoguchi.mail.addresses import absolute
from madoguchi.mail.letters import Action, Letter


def asked(request: ExpertRequest) -> None:
    """Tell an expert that somebody asks for help."""

    def letter() -> Letter:
        return Letter(
            subject=gettext("専門家への依頼が届いています（%(number)s）") % {"number": request.case.number},
            paragraphs=[
                gettext("%(organisation)sから、相談への協力のお願いが届いています。")
                % {"organisation": request.asked_by_organisation.name},
                gettext("内容を読んで、引き受けるか、理由をつけて断るかを選んでください。"),
            ],
            facts=[(gettext("案件の番号"), request.case.number)],
            action=Action(gettext("読んで返事をする"), absolute(f"/desk/assigned/{request.key}/")),
        )

    to_users(
        [request.expert.user], request.case, letter, kind="expert_asked", key=f"expert_asked:{request.pk}"
    )


def moved(request: ExpertRequest, *, once: object = "") -> None:
    """Tell who asked that the expert accepted, declined or reported; `once` tells reports apart."""
    words = {
        ExpertRequestState.ACCEPTED: gettext("%(name)sさんが、依頼を引き受けました。"),
        ExpertRequestState.DECLINED: gettext(
            "%(name)sさんは、依頼を引き受けられないとのことです。理由を読んでください。"
        ),
        ExpertRequestState.REPORTED: gettext("%(name)sさんから、報告が届きました。"),
    }
    said = words[ExpertRequestState(request.state)] % {"name": request.expert.user.display_name}

    def letter() -> Letter:
        return Letter(
            subject=gettext("専門家からの返事が届きました（%(number)s）") % {"number": request.case.number},
            paragraphs=[said],
            facts=[(gettext("案件の番号"), request.case.number)],
            action=Action(gettext("案件を開く"), absolute(f"/desk/cases/{request.case.key}/experts/")),
        )

    key = f"expert_{request.state}:{request.pk}:{once}"
    to_users(_askers(request), request.case, letter, kind=f"expert_{request.state}", key=key)


def ended(request: ExpertRequest) -> None:
    """Tell an expert who is still one that the request is over and the case closed to them."""
    running = Membership.objects.running(at=clock.actual_now()).filter(pk=request.expert_id)

    def letter() -> Letter:
        return Letter(
            subject=gettext("専門家への依頼が終わりました（%(number)s）") % {"number": request.case.number},
            paragraphs=[
                gettext("この依頼は終わりました。案件は、もう開けません。"),
                gettext("手もとの控えがあるときは、機関のきまりに従って片づけてください。"),
            ],
            facts=[(gettext("案件の番号"), request.case.number)],
        )

    told = [request.expert.user] if running.exists() else []
    to_users(told, request.case, letter, kind="expert_ended", key=f"expert_ended:{request.pk}")


def _askers(request: ExpertRequest) -> list[User]:
    """Who asked, if they still see the case there; else who is asked about it in their organisation."""
    there = colleagues.working(organisation_id=request.asked_by_organisation_id, at=clock.actual_now())
    if request.case.is_secret:
        there = there.filter(user__in=request.case.people.filter(until=None).values("user"))
    if there.filter(user=request.asked_by_id).exists():
        return [request.asked_by]
    own = request.case.involvements.filter(
        organisation=request.asked_by_organisation_id, access_ended_at=None
    ).order_by("-pk")
    involvement = own.first()
    return colleagues.asked_of(involvement, at=clock.actual_now()) if involvement else []
