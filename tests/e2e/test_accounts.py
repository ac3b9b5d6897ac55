"""Coming in: invited staff with an app, a business with a passkey, a way back, and lost sessions."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.samples import SIGNED_IN
from tests.e2e.site import wait_for
from tests.e2e.test_every_page import faults, keep_picture

pytestmark = pytest.mark.browser

PASSWORD = "midori no madoguchi 7"
ORGANISATION = "aomori21"


def code_now(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), worked out without the library that the site uses."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def look_at(page: Page, name: str, width: int = PHONE) -> None:
    """Nothing is wrong with the page as it stands; keep its picture."""
    assert [f"{page.url}: {fault}" for fault in faults(page)] == []
    keep_picture(page, name, width)


def next_mail(site, before: int) -> str:
    """The mail that the worker hands over next, after so many."""
    wait_for(lambda: len(site.mails()) > before, seconds=30, what="a mail")
    return site.mails()[-1]


def code_in(mail: str) -> str:
    return re.search(r"：(\d{6})\s*$", mail, re.MULTILINE)[1]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


class Member:
    """An invited manager with an authenticator app and recovery codes."""

    def __init__(self, site, visit, email: str) -> None:
        self.email = email
        said = site.run("invite", email, "--organisation", ORGANISATION)
        self.page = page = visit(said.splitlines()[-1], width=PHONE)
        expect(page.get_by_role("heading", level=1)).to_have_text("招待を受ける")
        look_at(page, "account-invitation")
        page.get_by_label("お名前").fill("窓口 花子")
        page.get_by_label("パスワード").first.fill(PASSWORD)
        page.get_by_label("パスワード（もう一度）").fill(PASSWORD)
        press(page, "招待を受ける")
        expect(page).to_have_url(re.compile("/account/second-factor/"))
        look_at(page, "account-second-factor")
        page.get_by_role("link", name="認証アプリを登録する").click()
        self.secret = page.locator(".account__secret").inner_text().strip()
        look_at(page, "account-totp")
        page.get_by_label("アプリに出た6桁の数字").fill(code_now(self.secret))
        press(page, "登録する")
        expect(page.get_by_role("heading", level=1)).to_have_text("予備コード")
        self.codes = page.locator(".account__codes code").all_inner_texts()
        look_at(page, "account-codes")
        page.get_by_role("link", name="控えたので、先へ進む").click()
        expect(page).to_have_url(re.compile("/desk/$"))

    def enter_password(self, page: Page) -> None:
        page.get_by_label("メールアドレス").fill(self.email)
        page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
        press(page, "ログインする")
        expect(page.get_by_role("heading", level=1)).to_have_text("二つ目の確認")


def sign_out(page: Page, home: str = "") -> None:
    page.goto(home + "/account/logout/")
    press(page, "ログアウトする")


def test_an_invited_manager_comes_in_with_an_app_and_again_with_a_recovery_code(site, visit):
    member = Member(site, visit, "first@example.jp")
    page = member.page
    look_at(page, "desk-home")
    sign_out(page)

    page.goto("/account/")
    member.enter_password(page)
    look_at(page, "account-authenticate")
    page.get_by_label("コード（数字）").fill(code_now(member.secret, steps=1))
    press(page, "ログインする")
    expect(page.get_by_role("heading", level=1)).to_have_text("アカウント")
    sign_out(page)

    page.goto("/desk/")
    member.enter_password(page)
    page.get_by_label("コード（数字）").fill(member.codes[0])
    press(page, "ログインする")
    expect(page).to_have_url(re.compile("/desk/$"))
    sign_out(page)

    page.goto("/desk/")
    member.enter_password(page)
    page.get_by_label("コード（数字）").fill(member.codes[0])
    press(page, "ログインする")
    expect(page.get_by_text("コードが違います").first).to_be_visible()


def test_every_page_of_a_manager_can_be_used_by_everybody(site, visit):
    member = Member(site, visit, "second@example.jp")
    page, found = member.page, []
    page.goto("/account/reauthenticate/?next=/desk/people/")
    page.get_by_label("パスワード").fill(PASSWORD)
    press(page, "確かめる")
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 740})
        for name, address in SIGNED_IN.items():
            page.goto(address)
            assert page.url.endswith(address), f"{address} leads to {page.url}"
            found += [f"{width} {address}: {fault}" for fault in faults(page)]
            keep_picture(page, name.replace(":", "-"), width)
            page.set_viewport_size({"width": width, "height": 740})
    assert found == []


def test_a_manager_invites_and_ends_and_the_guest_needs_no_script(site, visit, worker):
    member = Member(site, visit, "third@example.jp")
    page = member.page
    page.goto("/desk/people/invite/")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("メールアドレス").fill("guest@example.jp")
    page.get_by_label("相談員").check()
    before = len(site.mails())
    press(page, "招待のメールを送る")
    expect(page.get_by_text("guest@example.jp に招待を送りました")).to_be_visible()
    link = re.search(r"http\S+/account/invitation/\S+", next_mail(site, before))[0]
    guest = visit(link, width=PHONE, java_script_enabled=False)
    guest.get_by_label("お名前").fill("招待 された人")
    guest.get_by_label("パスワード").first.fill(PASSWORD)
    guest.get_by_label("パスワード（もう一度）").fill(PASSWORD)
    press(guest, "招待を受ける")
    guest.get_by_role("link", name="認証アプリを登録する").click()
    secret = guest.locator(".account__secret").inner_text().strip()
    guest.get_by_label("アプリに出た6桁の数字").fill(code_now(secret))
    press(guest, "登録する")
    guest.goto("/desk/")
    expect(guest).to_have_url(re.compile("/desk/$"))

    page.goto("/desk/people/")
    page.get_by_role("link", name=re.compile("所属を終える.*招待 された人")).click()
    look_at(page, "desk-people-end")
    press(page, "所属を終える")
    expect(page.get_by_text("招待 された人さんの所属を終えました")).to_be_visible()
    guest.goto("/desk/")
    expect(guest).to_have_url(re.compile("/account/$"))


def test_a_business_signs_up_and_comes_back_with_a_passkey(site, visit, worker):
    # A passkey belongs to a name, not to a number; the home page is opened again under it.
    page = visit("/", width=PHONE)
    home = site.address.replace("127.0.0.1", "localhost")
    page.goto(home + "/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.locator("details.menu > summary").click()
    page.get_by_role("navigation", name="メニュー").get_by_role("link", name="ログイン").click()
    page.get_by_role("link", name="新しく登録する").click()
    page.get_by_label("お名前").fill("見本 太郎")
    page.get_by_label("メールアドレス").fill("taro@example.jp")
    page.get_by_label("パスワード").fill(PASSWORD)
    before = len(site.mails())
    press(page, "登録する")
    look_at(page, "account-confirm-email")
    page.get_by_label("コード（数字）").fill(code_in(next_mail(site, before)))
    press(page, "確かめる")
    expect(page.get_by_role("heading", level=1)).to_have_text("アカウント")

    page.get_by_role("link", name=re.compile("登録する.*二つ目の確認")).click()
    page.get_by_role("link", name="パスキーを登録する").click()
    look_at(page, "account-passkey")
    press(page, "パスキーを登録する")
    expect(page.get_by_role("heading", level=1)).to_have_text("予備コード")
    sign_out(page, home)

    page.goto(home + "/account/login/?next=/account/sessions/")
    press(page, "パスキーでログインする")
    expect(page.get_by_role("heading", level=1)).to_have_text("ログインしているブラウザー")
    page.goto(home + "/account/2fa/passkeys/")
    page.get_by_role("link", name=re.compile("^外す")).click()
    page.get_by_role("link", name="パスキーを使う").click()
    press(page, "パスキーを使う")
    expect(page.get_by_role("heading", level=1)).to_have_text("パスキーを外す")
    look_at(page, "account-passkey-remove")


def test_a_forgotten_password_is_chosen_anew(site, visit, worker):
    member = Member(site, visit, "fourth@example.jp")
    page = member.page
    sign_out(page)
    page.goto("/account/login/")
    page.get_by_role("link", name="パスワードを忘れたとき").click()
    page.get_by_label("メールアドレス").fill(member.email)
    before = len(site.mails())
    press(page, "コードを送る")
    look_at(page, "account-reset-code")
    page.get_by_label("コード（数字）").fill(code_in(next_mail(site, before)))
    press(page, "確かめる")
    look_at(page, "account-reset-password")
    page.get_by_label("新しいパスワード", exact=False).first.fill("aoi no madoguchi 12")
    page.get_by_label("新しいパスワード（もう一度）").fill("aoi no madoguchi 12")
    press(page, "パスワードを変える")
    expect(page.get_by_role("heading", level=1)).to_have_text("パスワードを変えました")
    look_at(page, "account-reset-done")


def test_what_was_typed_comes_back_after_the_session_was_lost(site, visit):
    member = Member(site, visit, "fifth@example.jp")
    page = member.page
    page.goto("/account/profile/")
    page.get_by_label("お名前").fill("時間をかけて書いた、長い名前")
    page.context.clear_cookies(name="sessionid")
    press(page, "保存する")
    expect(page.get_by_text("入力したところに戻ります")).to_be_visible()
    look_at(page, "account-login-kept")
    member.enter_password(page)
    page.get_by_label("コード（数字）").fill(member.codes[1])
    press(page, "ログインする")
    expect(page.get_by_role("heading", level=1)).to_have_text("入力は残っています")
    look_at(page, "account-kept")
    press(page, "この内容で送る")
    expect(page.get_by_text("時間をかけて書いた、長い名前").first).to_be_visible()
