"""Accepting an invitation: with a new account, or with the one there is."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.errors import InvitationForAnother
from madoguchi.accounts.models import Invitation, User
from madoguchi.accounts.operations import invitations
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.foundation.errors import DomainError
from madoguchi.web.shared.hats import SESSION_KEY

# The secret goes from the link into the session: it must stand in no history, and be sent to no other site.
TOKEN = "invitation"  # noqa: S105 (the name of a key)


class NewMemberForm(forms.Form):
    """Name and password of somebody who has no account."""

    display_name = forms.CharField(
        label=gettext_lazy("お名前"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password1 = forms.CharField(
        label=gettext_lazy("パスワード"),
        strip=False,
        help_text=gettext_lazy("10文字以上。ほかで使っていない、長めのことばがおすすめです。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=gettext_lazy("パスワード（もう一度）"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        """Take the address that the password may not resemble."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._email = email

    def clean(self) -> dict[str, object]:
        """Both the same, and good enough."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext_lazy("2つのパスワードが違います。"))
        elif first:
            person = User(email=self._email, display_name=cleaned.get("display_name", ""))
            try:
                password_validation.validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


@public
@never_cache
@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address; looking at an invitation does not use it up."""
    request.session[TOKEN] = token
    return redirect("account_invitation")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest) -> HttpResponse:
    """Say who invites whom to what, and accept."""
    found = open_invitation(request)
    if found is None:
        return render(request, "account/invitation_gone.html", status=410)
    user = request.user if isinstance(request.user, User) else None
    has_account = User.objects.filter(email=found.email).exists()
    if user is None and has_account:
        return render(request, "account/invitation.html", {"invitation": found, "step": "sign_in"})
    if user is not None:
        return _accept(request, found, user)
    form = NewMemberForm(request.POST or None, email=found.email)
    if form.is_valid():
        return _accept_as_new(request, found, form)
    return render(request, "account/invitation.html", {"invitation": found, "step": "new", "form": form})


def open_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation whose link was opened in this browser, while it can be accepted."""
    token = request.session.get(TOKEN)
    if not isinstance(token, str):
        return None
    rows = Invitation.objects.open(at=clock.actual_now()).select_related("organisation", "unit", "invited_by")
    return rows.filter(token_hash=invitations.digest(token)).first()


def _accept(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    context: dict[str, object] = {"invitation": found, "step": "accept"}
    if request.method != "POST":
        return render(request, "account/invitation.html", context)
    try:
        membership = invitations.accept(found, user, at=clock.actual_now())
    except InvitationForAnother:
        return render(request, "account/invitation.html", context | {"step": "another"})
    except DomainError:
        return render(request, "account/invitation_gone.html", status=410)
    del request.session[TOKEN]
    request.session[SESSION_KEY] = membership.pk
    return redirect("desk:home")


def _accept_as_new(request: HttpRequest, found: Invitation, form: NewMemberForm) -> HttpResponse:
    try:
        user, membership = invitations.accept_as_new(
            found,
            display_name=form.cleaned_data["display_name"],
            password=form.cleaned_data["password1"],
            at=clock.actual_now(),
        )
    except DomainError:
        return render(request, "account/invitation_gone.html", status=410)
    del request.session[TOKEN]
    request.session[SESSION_KEY] = membership.pk
    login = Login(user=user, redirect_url="/desk/")
    return perform_login(request, login)
