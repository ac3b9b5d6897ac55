"""Who works in one's organisation: inviting, teams, and ending memberships; for managers."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts import queries
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import MANAGE, Invitation, Membership, Team, User
from madoguchi.accounts.operations import invitations, memberships
from madoguchi.accounts.roles import Role
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.queries.last_person import seen_by_alone
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.institutions.models import Unit
from madoguchi.journeys import leaving
from madoguchi.web.account import letters
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by

INVALID = 422
# An operator is made by whoever runs the installation, not by an organisation's manager.
_ROLES = [(role.value, role.label) for role in Role if role != Role.OPERATOR]


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=gettext_lazy("メールアドレス"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("役割"), choices=_ROLES, widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(label=gettext_lazy("部署"), queryset=Unit.objects.none(), required=False)
    team = forms.ModelChoiceField(label=gettext_lazy("班"), queryset=Team.objects.none(), required=False)

    def __init__(self, *args: object, hat: Hat, **kwargs: object) -> None:
        """Offer the units and teams of the own organisation; leave out what it has none of."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offered = {
            "unit": Unit.objects.filter(organisation=hat.organisation_id or 0).order_by("name", "pk"),
            "team": Team.objects.visible_to(hat).order_by("name", "pk"),
        }
        for name, rows in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
            field.queryset = rows
            if not rows.exists():
                del self.fields[name]


class SuccessorForm(forms.Form):
    """Who sees the secret cases from now on that the leaving person alone could open."""

    def __init__(self, data: QueryDict | None, *, membership: Membership, at: datetime) -> None:
        """Offer those who work on cases there, without the one who leaves."""
        super().__init__(data, label_suffix="")
        self.cases = seen_by_alone(membership, at=at).count()
        there = colleagues.people(organisation_id=membership.organisation_id, at=at)
        self._people = {str(person.pk): person for person in there if person.pk != membership.user_id}
        self.fields["successor"] = forms.ChoiceField(
            label=gettext_lazy("引き継ぐ人"),
            choices=[
                ("", gettext_lazy("選んでください")),
                *((pk, person.display_name) for pk, person in self._people.items()),
            ],
            error_messages={"required": gettext_lazy("引き継ぐ人を選んでください。")},
        )

    @property
    def is_needed(self) -> bool:
        """Whether there are such cases."""
        return self.cases > 0

    def successor(self) -> User:
        """The chosen person."""
        return self._people[self.cleaned_data["successor"]]


@requires(MANAGE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Members, invitations that wait, and teams."""
    hat = worn_by(request)
    found = queries.people(hat, at=clock.actual_now())
    return render(request, "desk/people.html", {"hat": hat, "people": found})


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by mail."""
    hat = worn_by(request)
    form = InviteForm(request.POST or None, hat=hat)
    if form.is_valid() and hat.organisation_id is not None:
        unit = form.cleaned_data.get("unit")
        try:
            with transaction.atomic():
                made = invitations.invite(
                    email=form.cleaned_data["email"],
                    organisation_id=hat.organisation_id,
                    role=Role(form.cleaned_data["role"]),
                    unit_id=unit.pk if unit else None,
                    team=form.cleaned_data.get("team"),
                    at=clock.actual_now(),
                    by=hat.as_actor(),
                    invited_by=User.objects.get(pk=hat.user_id),
                )
                letters.send_invitation(made)
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _sent_to(made.invitation))
            return redirect("desk:people")
    return render(request, "desk/people_invite.html", {"hat": hat, "form": form})


@requires(MANAGE)
@require_POST
@recently_confirmed
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send a new link in place of the old one."""
    hat = worn_by(request)
    old = _waiting(hat, number)
    try:
        with transaction.atomic():
            made = invitations.invite_again(
                old,
                at=clock.actual_now(),
                by=hat.as_actor(),
                invited_by=User.objects.get(pk=hat.user_id),
            )
            letters.send_invitation(made)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _sent_to(made.invitation))
    return redirect("desk:people")


@requires(MANAGE)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an invitation back."""
    hat = worn_by(request)
    try:
        invitations.withdraw(_waiting(hat, number), at=clock.actual_now(), by=hat.as_actor())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("招待を取り消しました。"))
    return redirect("desk:people")


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Ask once more, then end a membership at this moment."""
    hat = worn_by(request)
    membership = _membership(hat, number)
    is_sent = request.method == "POST"
    form = SuccessorForm(request.POST if is_sent else None, membership=membership, at=hat.at)
    if not is_sent or (form.is_needed and not form.is_valid()):
        context = {"hat": hat, "membership": membership, "form": form}
        return render(request, "desk/people_end.html", context, status=INVALID if form.errors else 200)
    try:
        leaving.end_membership(
            membership,
            successor=form.successor() if form.is_needed else None,
            hat=hat,
            at=clock.now(),
            access_at=clock.actual_now(),
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        name = membership.user.display_name
        messages.success(request, gettext("%(name)sさんの所属を終えました。") % {"name": name})
    return redirect("desk:people")


@requires(MANAGE)
@require_POST
def join(request: HttpRequest, number: int) -> HttpResponse:
    """Put a member into a team, or into none."""
    hat = worn_by(request)
    wanted = whole(request.POST.get("team", ""))
    team = get_object_or_404(Team.objects.visible_to(hat), pk=wanted) if wanted else None
    memberships.join_team(_membership(hat, number), team, hat=hat, at=clock.actual_now())
    return redirect("desk:people")


@requires(MANAGE)
@require_POST
def make_team(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    hat = worn_by(request)
    try:
        memberships.make_team(
            name=request.POST.get("name", "")[:60],
            organisation_id=hat.organisation_id or 0,
            hat=hat,
            at=clock.actual_now(),
        )
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("desk:people")


@requires(MANAGE)
@require_POST
def remove_team(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a team."""
    hat = worn_by(request)
    team = get_object_or_404(Team.objects.visible_to(hat), pk=number)
    try:
        memberships.remove_team(team, hat=hat, at=clock.actual_now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("desk:people")


def _membership(hat: Hat, number: int) -> Membership:
    rows = Membership.objects.visible_to(hat).running(at=hat.at)
    return get_object_or_404(rows.select_related("user"), pk=number)


def _waiting(hat: Hat, number: int) -> Invitation:
    rows = Invitation.objects.visible_to(hat).filter(accepted_at=None, withdrawn_at=None)
    return get_object_or_404(rows, pk=number)


def _sent_to(invitation: Invitation) -> str:
    return gettext("%(email)s に招待を送りました。") % {"email": invitation.email}
