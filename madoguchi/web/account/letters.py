"""The mails about accounts: codes, invitations, and notices of what was changed.

allauth names its mails by prefixes of templates; each has its letter here, in the recipient's language.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language, gettext

from madoguchi.accounts.models import Invitation, User
from madoguchi.accounts.operations.invitations import KEPT_OPEN, Invited
from madoguchi.mail.addresses import absolute
from madoguchi.mail.letters import Action, Letter
from madoguchi.mail.operations import sending

Context = Mapping[str, Any]


def send(prefix: str, address: str, context: Context) -> None:
    """Put the mail that allauth asks for on its way."""
    user = User.objects.filter(email=address.lower()).first()
    with transaction.atomic():
        sending.send(
            to=address,
            kind=f"accounts.{prefix.rpartition('/')[2]}",
            write=lambda: _LETTERS[prefix](context),
            language=user.language if user else get_language() or "ja",
            user_id=user.pk if user else None,
        )


def send_invitation(made: Invited) -> None:
    """Put an invitation on its way, in the transaction that made it."""
    invitation = made.invitation
    sending.send(
        to=invitation.email,
        kind="accounts.invitation",
        write=lambda: _invitation(invitation, made.token),
        subject_type="accounts.invitation",
        subject_id=invitation.pk,
    )


def _invitation(invitation: Invitation, token: str) -> Letter:
    about = {"organisation": invitation.organisation.name, "role": invitation.get_role_display()}
    link = absolute(reverse("account_invitation_link", args=[token]))
    return Letter(
        subject=gettext("%(organisation)sからの招待") % about,
        paragraphs=[
            gettext("%(organisation)sの%(role)sとして招待されました。") % about,
            gettext(
                "リンクを開いて、お名前とパスワードを決めてください。%(days)s日のあいだ、1回だけ使えます。"
            )
            % {"days": KEPT_OPEN.days},
        ],
        action=Action(gettext("招待を受ける"), link),
        closing=[_unasked()],
    )


def _unasked() -> str:
    return gettext("心あたりのないときは、このメールを捨ててください。")


def _code(subject: Callable[[], str]) -> Callable[[Context], Letter]:
    def letter(context: Context) -> Letter:
        return Letter(
            subject=subject(),
            paragraphs=[gettext("次のコードを、画面に入力してください。15分のあいだ使えます。")],
            facts=[(gettext("コード"), str(context["code"]))],
            closing=[
                gettext("だれにもコードを教えないでください。窓口がコードを聞くことはありません。"),
                _unasked(),
            ],
        )

    return letter


def _already_there(_context: Context) -> Letter:
    return Letter(
        subject=gettext("登録のお申し込みについて"),
        paragraphs=[
            gettext("このメールアドレスで、新しい登録のお申し込みがありました。"),
            gettext("このアドレスは、すでに登録されています。パスワードを忘れたときは、決め直せます。"),
        ],
        action=Action(gettext("パスワードを決め直す"), absolute(reverse("account_reset_password"))),
        closing=[_unasked()],
    )


def _unknown(_context: Context) -> Letter:
    return Letter(
        subject=gettext("パスワードの変更について"),
        paragraphs=[
            gettext("このメールアドレスのパスワードを変えるお申し込みがありました。"),
            gettext("このアドレスは、登録されていません。別のアドレスで登録していないか、お確かめください。"),
        ],
        action=Action(gettext("新しく登録する"), absolute(reverse("account_signup"))),
        closing=[_unasked()],
    )


def _notice(happened: Callable[[], str]) -> Callable[[Context], Letter]:
    def letter(_context: Context) -> Letter:
        return Letter(
            subject=gettext("アカウントの変更のお知らせ"),
            paragraphs=[happened()],
            action=Action(gettext("ログインしているブラウザーを見る"), absolute(reverse("account_sessions"))),
            closing=[
                gettext(
                    "ご自身でなければ、すぐにパスワードを変えて、ほかのブラウザーをログアウトしてください。"
                )
            ],
        )

    return letter


_LETTERS: dict[str, Callable[[Context], Letter]] = {
    "account/email/email_confirmation_signup": _code(lambda: gettext("メールアドレスの確認")),
    "account/email/email_confirmation": _code(lambda: gettext("メールアドレスの確認")),
    "account/email/password_reset_code": _code(lambda: gettext("パスワードの変更")),
    "account/email/login_code": _code(lambda: gettext("本人の確認")),
    "account/email/account_already_exists": _already_there,
    "account/email/unknown_account": _unknown,
    "account/email/email_changed": _notice(lambda: gettext("メールアドレスが変わりました。")),
    "account/email/password_changed": _notice(lambda: gettext("パスワードが変わりました。")),
    "account/email/password_reset": _notice(lambda: gettext("パスワードが変わりました。")),
    "account/email/password_set": _notice(lambda: gettext("パスワードが決められました。")),
    "mfa/email/totp_activated": _notice(lambda: gettext("認証アプリが登録されました。")),
    "mfa/email/totp_deactivated": _notice(lambda: gettext("認証アプリの登録が外されました。")),
    "mfa/email/recovery_codes_generated": _notice(lambda: gettext("新しい予備コードが作られました。")),
    "mfa/email/webauthn_added": _notice(lambda: gettext("パスキーが登録されました。")),
    "mfa/email/webauthn_removed": _notice(lambda: gettext("パスキーの登録が外されました。")),
    "socialaccount/email/account_connected": _notice(lambda: gettext("ほかのログイン方法がつながれました。")),
    "socialaccount/email/account_disconnected": _notice(
        lambda: gettext("ほかのログイン方法が外されました。")
    ),
}
