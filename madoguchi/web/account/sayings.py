"""What is said on pages where allauth would use its own words; mails stand in letters.py.

The keys are allauth's names of templates; what is not named here is not said.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# Above the next page.
MESSAGES: dict[str, Words] = {
    "account/messages/email_confirmed.txt": _("メールアドレスを確認しました。"),
    "account/messages/email_confirmation_failed.txt": _("このメールアドレスは、使えませんでした。"),
    "account/messages/logged_out.txt": _("ログアウトしました。"),
    "account/messages/password_changed.txt": _("パスワードを変えました。"),
    "account/messages/password_set.txt": _("パスワードを決めました。"),
    "mfa/messages/totp_activated.txt": _("認証アプリを登録しました。"),
    "mfa/messages/totp_deactivated.txt": _("認証アプリの登録を外しました。"),
    "mfa/messages/recovery_codes_generated.txt": _("新しい予備コードを作りました。前のコードは使えません。"),
    "mfa/messages/webauthn_added.txt": _("パスキーを登録しました。"),
    "mfa/messages/webauthn_removed.txt": _("パスキーの登録を外しました。"),
    "socialaccount/messages/account_connected.txt": _("ほかのログイン方法をつなぎました。"),
    "socialaccount/messages/account_connected_other.txt": _(
        "このログイン方法は、ほかのアカウントで使われています。"
    ),
    "socialaccount/messages/account_disconnected.txt": _("ほかのログイン方法を外しました。"),
}

# What allauth's forms say of what was typed.
ERRORS: dict[str, Words] = {
    "account_inactive": _("このアカウントは、いま使えません。"),
    "duplicate_email": _("いまお使いのメールアドレスです。"),
    "email_password_mismatch": _(
        "メールアドレスかパスワードが違います。大文字と小文字、全角と半角をお確かめください。"
    ),
    "email_taken": _("このメールアドレスは、すでに登録されています。"),
    "enter_current_password": _("いまのパスワードが違います。"),
    "incorrect_code": _("コードが違います。もう一度お確かめください。"),
    "incorrect_password": _("パスワードが違います。"),
    "invalid_password_reset": _("このコードは、もう使えません。はじめからやり直してください。"),
    "rate_limited": _("短い間に何度も送られました。少し待ってから、もう一度お試しください。"),
    "same_as_current": _("いまと同じです。違うものを入力してください。"),
    "too_many_login_attempts": _(
        "まちがいが続いたので、しばらく止めています。5分ほど待つか、「パスワードを忘れたとき」からお進みください。"
    ),
}
SECOND_FACTOR_ERRORS: dict[str, Words] = {
    "cannot_delete_authenticator": _(
        "所属のある方は、二つ目の確認を外せません。先に、別の方法を登録してください。"
    ),
    "cannot_generate_recovery_codes": _("先に、認証アプリかパスキーを登録してください。"),
    "incorrect_code": _("コードが違います。もう一度お確かめください。"),
    "unverified_email": _("先に、メールアドレスを確認してください。"),
}
OTHER_LOGIN_ERRORS: dict[str, Words] = {
    "email_taken": _(
        "このメールアドレスのアカウントが、すでにあります。先にパスワードでログインして、%sをつないでください。"
    ),
    "invalid_token": _("確認できませんでした。"),
    "no_password": _("先に、パスワードを決めてください。"),
    "no_verified_email": _("先に、メールアドレスを確認してください。"),
    "disconnect_last": _("最後のログイン方法は外せません。"),
    "connected_other": _("このログイン方法は、ほかのアカウントで使われています。"),
}
