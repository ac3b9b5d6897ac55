"""Who may act for one's own business: invited with a mandate, ended at any time."""

from collections.abc import Callable
from datetime import datetime, time
from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.accounts.models import User
from madoguchi.businesses import fields, queries, rules
from madoguchi.businesses.choices import MemberRole, Scope
from madoguchi.businesses.errors import InvitationUnusable, MandateInvalid
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.businesses.operations import members as operations
from madoguchi.businesses.operations.members import Mandate
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.my.views.business import INVALID
from madoguchi.web.shared.business_members import member_of
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.own_business import own


class InviteForm(forms.Form):
    """Whom to let in, as what, for what and until when."""

    email = forms.CharField(
        label=gettext_lazy("メールアドレス"),
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "この方のアカウントのメールアドレスです。アカウントは、あとから作っていただいてもかまいません。"
        ),
    )
    role = forms.ChoiceField(label=gettext_lazy("立場"), choices=MemberRole.choices, widget=forms.RadioSelect)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("まかせること"),
        choices=Scope.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("代表・事業主は、すべてできます。"),
    )
    profession = forms.CharField(
        label=gettext_lazy("資格・職業"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("例：行政書士、税理士"),
    )
    evidence = forms.CharField(
        label=gettext_lazy("委任の根拠"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("代理人のときは必ず。例：委任状（2026年4月1日）"),
    )
    until = forms.CharField(
        label=gettext_lazy("いつまで"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("代理人のときは必ず、3年以内で。この日の終わりまで使えます。例：2027-03-31"),
    )

    def clean_until(self) -> datetime | None:
        """The end of the day, in Tokyo. Raises ValidationError."""
        try:
            day = fields.day(self.cleaned_data["until"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))

    def mandate(self) -> Mandate:
        """The mandate as it was typed."""
        given = self.cleaned_data
        return Mandate(
            MemberRole(given["role"]),
            scopes=[Scope(scope) for scope in given["scopes"]],
            profession=given["profession"],
            evidence=given["evidence"],
            until=given["until"],
        )


def _managed(request: HttpRequest, key: str) -> tuple[Business, BusinessMember]:
    """One's own business, for who may let others in."""
    business, member = own(request, key)
    if not rules.may_manage_members(role=member.role):
        raise Http404
    return business, member


@requires("own.use")
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, key: str) -> HttpResponse:
    """Who may act for the business, who is invited, and a form to invite; the link is shown this once."""
    business, _ = _managed(request, key)
    form, link = InviteForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = operations.invite(
                business=business,
                email=form.cleaned_data["email"],
                mandate=form.mandate(),
                inviter=cast("User", request.user),
                at=clock.actual_now(),
            )
            link = request.build_absolute_uri(reverse("my:invitation", args=[secret]))
            form = InviteForm()
        except MandateInvalid as error:
            form.add_error(error.field, str(error))
    at = worn_by(request).at
    context = {
        "business": business,
        "members": [member_of(row) for row in queries.members_of(business, at=at)],
        "invitations": queries.waiting_invitations(business, at=at),
        "form": form,
        "link": link,
    }
    status = INVALID if form.is_bound and form.errors else 200
    return render(request, "my/members.html", context, status=status)


@requires("own.use")
@require_POST
def end(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """End somebody's acting for the business, from this second on."""
    business, _ = _managed(request, key)
    row = business.members.filter(pk=number).first()
    if row is None:
        raise Http404
    _do(
        request,
        lambda: operations.end_membership(member=row, at=clock.actual_now(), by=worn_by(request).as_actor()),
    )
    return redirect("my:members", key)


@requires("own.use")
@require_POST
def withdraw(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take an invitation back."""
    business, _ = _managed(request, key)
    row = business.invitations.filter(pk=number).first()
    if row is None:
        raise Http404
    _do(
        request,
        lambda: operations.withdraw_invitation(
            invitation=row, at=clock.actual_now(), by=worn_by(request).as_actor()
        ),
    )
    return redirect("my:members", key)


def _do(request: HttpRequest, act: Callable[[], None]) -> None:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("止めました。"))


@requires("own.use")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What one is invited to; accepted with one button."""
    user, at = cast("User", request.user), clock.actual_now()
    try:
        if request.method == "POST":
            member = operations.accept(secret=secret, user=user, at=at)
            messages.success(request, gettext("この事業者の利用者になりました。"))
            return redirect("my:business", member.business.key)
        invited = operations.invitation_of(secret, user=user, at=at)
    except InvitationUnusable as error:
        return render(request, "my/invitation_gone.html", {"sentence": str(error)}, status=404)
    scopes = "、".join(str(Scope(scope).label) for scope in invited.scopes)
    return render(request, "my/invitation.html", {"invited": invited, "scopes": scopes})
