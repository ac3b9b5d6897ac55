"""Signing in and out, one's own account, and as whom one acts.

Only these pages of allauth are there; what is not mounted does not exist.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.urls import path

from madoguchi.web.account.mounting import for_everybody, for_oneself, leaving_nothing, on_the_way, recorded
from madoguchi.web.account.oidc import views as oidc
from madoguchi.web.account.views import (
    closing,
    hat,
    home,
    invitation,
    kept_form,
    operator,
    own_data,
    passkey,
    profile,
    second_factor,
    sessions,
)

_own = [
    path("", home.home, name="account_home"),
    path("profile/", profile.profile, name="account_profile"),
    path("hat/", hat.change, name="account_hat"),
    path("operator/", operator.begin, name="account_operator"),
    path("operator/end/", operator.end, name="account_operator_end"),
    path("data/", own_data.page, name="account_own_data"),
    path("data/person/", own_data.person, name="account_own_data_person"),
    path("data/business/<slug:key>/", own_data.business, name="account_own_data_business"),
    path("close/", closing.close, name="account_close"),
    path("sessions/", sessions.listed, name="account_sessions"),
    path("sessions/end/", sessions.end, name="account_sessions_end"),
    path("second-factor/", second_factor.needed, name="account_second_factor"),
    path("second-factor/then/", second_factor.go_on, name="account_go_on"),
    path("kept/<int:number>/", kept_form.kept, name="account_kept_form"),
    path("kept/<int:number>/forget/", kept_form.forget, name="account_kept_form_forget"),
    path("invitation/<str:token>/", invitation.opened, name="account_invitation_link"),
    path("invitation/", invitation.invited, name="account_invitation"),
]

_signing_in = [
    path("login/", for_everybody(account.login), name="account_login"),
    path("logout/", for_everybody(leaving_nothing(account.logout)), name="account_logout"),
    path("signup/", for_everybody(account.signup), name="account_signup"),
    path("inactive/", for_everybody(account.account_inactive), name="account_inactive"),
    path(
        "confirm-email/",
        for_everybody(account.email_verification_sent),
        name="account_email_verification_sent",
    ),
    path("password/reset/", for_everybody(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/confirm/",
        for_everybody(account.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/complete/",
        for_everybody(account.complete_password_reset),
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done/",
        for_everybody(account.password_reset_from_key_done),
        name="account_password_reset_completed",
    ),
    path("2fa/authenticate/", for_everybody(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/passkeys/login/", for_everybody(passkeys.login_webauthn), name="mfa_login_webauthn"),
]

_own_account = [
    path("email/", for_oneself(account.email), name="account_email"),
    path("password/change/", for_oneself(account.password_change), name="account_change_password"),
    path("password/set/", for_oneself(account.password_set), name="account_set_password"),
    path("reauthenticate/", on_the_way(account.reauthenticate), name="account_reauthenticate"),
    path(
        "reauthenticate/code/",
        on_the_way(account.request_reauthentication_code),
        name="account_request_reauthentication_code",
    ),
    path(
        "reauthenticate/code/confirm/",
        on_the_way(account.confirm_reauthentication_code),
        name="account_confirm_reauthentication_code",
    ),
    path("2fa/", for_oneself(mfa.index), name="mfa_index"),
    path("2fa/reauthenticate/", on_the_way(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", on_the_way(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", for_oneself(recorded(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("2fa/codes/", for_oneself(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/codes/generate/",
        for_oneself(recorded(codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/codes/download/", for_oneself(codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("2fa/passkeys/", for_oneself(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", on_the_way(recorded(passkeys.add_webauthn)), name="mfa_add_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        on_the_way(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/passkeys/<int:pk>/remove/", for_oneself(recorded(passkey.remove)), name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", for_oneself(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
]

_providers = [
    path("oidc/<slug:provider_id>/login/", for_everybody(oidc.login), name="oidc_login"),
    path("oidc/<slug:provider_id>/callback/", for_everybody(oidc.callback), name="oidc_callback"),
    path("others/signup/", for_everybody(social.signup), name="socialaccount_signup"),
    path("others/cancelled/", for_everybody(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("others/error/", for_everybody(social.login_error), name="socialaccount_login_error"),
    path("others/", for_oneself(social.connections), name="socialaccount_connections"),
]

urlpatterns = [*_own, *_signing_in, *_own_account, *_providers]
