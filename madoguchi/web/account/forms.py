"""allauth's forms in our words; each is named in ACCOUNT_FORMS, MFA_FORMS or SOCIALACCOUNT_FORMS."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words: TypeAlias = "StrOrPromise"

_MAIL: Words = _("メールアドレス")
_PASSWORD: Words = _("パスワード")
_PASSWORD_HELP: Words = _(
    "10文字以上。ほかで使っていない、長めのことばがおすすめです。ブラウザーやパスワード管理ソフトの自動作成も使えます。"
)
_CODE: Words = _("コード（数字）")


class Worded:
    """Labels and help of our own; no placeholders, which vanish while one types."""

    fields: dict[str, forms.Field]
    labels: Mapping[str, Words] = {}
    helps: Mapping[str, Words] = {}
    codes: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our words over what the form would say."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            if name in self.codes:
                field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class LoginForm(Worded, account.LoginForm):
    """Signing in."""

    labels = {
        "login": _MAIL,
        "password": _PASSWORD,
        "remember": _("このブラウザーを閉じても、ログインしたままにする"),
    }


class SignupForm(Worded, account.SignupForm):
    """Signing up."""

    labels = {"display_name": _("お名前"), "email": _MAIL, "password1": _PASSWORD}
    helps = {
        "display_name": _("窓口の人に見える名前です。あとから変えられます。"),
        "email": _("確認のコードを送ります。"),
        "password1": _PASSWORD_HELP,
    }


class EmailForm(Worded, account.AddEmailForm):
    """Changing the address."""

    labels = {"email": _("新しいメールアドレス")}
    helps = {"email": _("確認のコードを送ります。コードを入力するまで、いまのアドレスのままです。")}


class VerifyForm(Worded, account.ConfirmEmailVerificationCodeForm):
    """The code from the mail."""

    labels = {"code": _CODE}
    codes = ("code",)


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    """Changing the password."""

    labels = {
        "oldpassword": _("いまのパスワード"),
        "password1": _("新しいパスワード"),
        "password2": _("新しいパスワード（もう一度）"),
    }
    helps = {"password1": _PASSWORD_HELP}


class SetPasswordForm(Worded, account.SetPasswordForm):
    """A first password."""

    labels = {"password1": _PASSWORD, "password2": _("パスワード（もう一度）")}
    helps = {"password1": _PASSWORD_HELP}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Asking for a code to choose a new password."""

    labels = {"email": _MAIL}


class ResetCodeForm(Worded, account.ConfirmPasswordResetCodeForm):
    """The code from the mail."""

    labels = {"code": _CODE}
    codes = ("code",)


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    """The new password."""

    labels = {"password1": _("新しいパスワード"), "password2": _("新しいパスワード（もう一度）")}
    helps = {"password1": _PASSWORD_HELP}


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    """Confirming with the password."""

    labels = {"password": _PASSWORD}


class RequestCodeForm(Worded, account.RequestReauthenticationCodeForm):
    """Confirming with a code by mail: to which address."""

    labels = {"recipient": _("コードの送り先")}


class ConfirmCodeForm(Worded, account.ConfirmReauthenticationCodeForm):
    """Confirming with a code by mail."""

    labels = {"code": _CODE}
    codes = ("code",)


class SecondFactorForm(Worded, mfa.AuthenticateForm):
    """The code of the app, or a recovery code, when signing in."""

    labels = {"code": _CODE}
    helps = {"code": _("認証アプリの6桁、または予備コードの8桁")}
    codes = ("code",)


class ConfirmSecondFactorForm(Worded, mfa.ReauthenticateForm):
    """The code of the app, or a recovery code, to confirm."""

    labels = {"code": _CODE}
    helps = {"code": _("認証アプリの6桁、または予備コードの8桁")}
    codes = ("code",)


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    """The first code of an app."""

    labels = {"code": _("アプリに出た6桁の数字")}
    codes = ("code",)


class AddPasskeyForm(Worded, webauthn.AddWebAuthnForm):
    """A new passkey; always one that can sign in by itself."""

    labels = {"name": _("パスキーの名前")}
    helps = {"name": _("どの機器のものか、わかる名前にしておくと便利です。")}


class EditPasskeyForm(Worded, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    labels = {"name": _("パスキーの名前")}


class OtherSignupForm(Worded, social.SignupForm):
    """Signing up with another provider, where it did not say all that is needed."""

    labels = {"display_name": _("お名前"), "email": _MAIL}
    helps = {"email": _("確認のコードを送ります。")}
