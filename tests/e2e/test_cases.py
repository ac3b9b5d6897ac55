"""The adviser's screens in a browser: every page on a phone and on a desk, and a day's work by keyboard."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.site import Site
from tests.e2e.test_every_page import faults, keep_picture

pytestmark = pytest.mark.browser

CASE, NEW, ASKED = "CASE", "NEW", "ASKED"
PAGES = (
    "/desk/",
    "/desk/cases/",
    "/desk/cases/?view=dense",
    "/desk/trays/late/",
    f"/desk/cases/{CASE}/",
    f"/desk/cases/{NEW}/",
    f"/desk/cases/{CASE}/plan/",
    f"/desk/cases/{CASE}/first/",
    f"/desk/cases/{CASE}/situation/",
    f"/desk/cases/{CASE}/introduce/",
    f"/desk/cases/{CASE}/introduce/?what=desk",
    f"/desk/cases/{CASE}/appointments/new/",
    f"/desk/cases/{CASE}/appointments/1/change/",
    f"/desk/cases/{CASE}/appointments/1/cancel/",
    f"/desk/cases/{CASE}/page/",
    f"/desk/cases/{CASE}/similar/",
    f"/desk/cases/{CASE}/change/",
    f"/desk/cases/{CASE}/business/",
    f"/desk/cases/{CASE}/close/",
    f"/desk/cases/{CASE}/reopen/",
    f"/desk/cases/{CASE}/print/",
    "/desk/calendar/",
    "/desk/meetings/",
    "/desk/meetings/new/",
    "/desk/note-templates/",
    "/desk/team/",
    "/desk/dashboard/",
    "/desk/dashboard/?by=area",
    "/desk/dashboard/?by=policy",
    "/desk/dashboard/?by=unit",
    "/desk/dashboard/?by=indicator",
    "/desk/dashboard/?by=seeking",
    "/desk/report/trace/dx-tool-support/2023/",
    "/desk/statistics/",
    "/desk/statistics/?measure=consultations&by=channel&across=area",
    "/desk/statistics/rows/?measure=consultations&by=channel&code=visit",
    "/desk/monthly/",
    "/desk/monthly/template/",
    "/desk/audit/",
    f"/desk/cases/{CASE}/erase/",
    f"/desk/cases/{CASE}/experts/",
    "/desk/routing/absences/",
    "/desk/assigned/",
    f"/desk/assigned/{ASKED}/",
)
OF_A_MANAGER = (
    "/desk/routing/absences/",
    "/desk/team/",
    "/desk/audit/",
    "/desk/monthly/template/",
    "/erase/",
)
Visit = Callable[..., Page]


class Told:
    """What the filled database can be entered with."""

    def __init__(self, words: list[str]) -> None:
        self.adviser, self.manager, self.expert, self.case, self.new_case, self.asked = words

    def address(self, page: str) -> str:
        return page.replace(CASE, self.case).replace(NEW, self.new_case).replace(ASKED, self.asked)


@pytest.fixture(scope="module")
def told(site: Site) -> Told:
    """A believable desk in the site's database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.desk.fill"],
        env={
            **site.environment,
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
            "MADOGUCHI_TODAY": "actual",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Told(done.stdout.split())


@pytest.fixture
def enter(visit: Visit, told: Told, site: Site) -> Iterator[Visit]:
    """Open a page as the adviser, or as the manager."""

    def open_page(address: str, *, width: int = DESKTOP, session: str = "") -> Page:
        page = visit("/about/", width=width)
        cookie = {"name": "sessionid", "value": session or told.adviser, "url": site.address}
        page.context.add_cookies([cookie])
        page.goto(told.address(address))
        return page

    return open_page


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_desk_is_sound(address, width, enter, told):
    session = told.manager if address.endswith(OF_A_MANAGER) else told.adviser
    page = enter(address, width=width, session=told.expert if "/assigned/" in address else session)
    assert faults(page) == []
    keep_picture(page, re.sub(r"\W+", "-", address).strip("-").lower(), width)


def test_on_a_phone_what_is_next_stands_before_notes_history_and_the_business(enter):
    page = enter(f"/desk/cases/{CASE}/", width=PHONE)
    tops = [
        page.locator(selector).bounding_box()["y"]
        for selector in ("#todo", "#record", "#history", "aside.aside")
    ]
    assert tops == sorted(tops)


def test_a_note_with_a_talk_and_a_next_step_is_written_by_keyboard_alone(enter):
    page = enter(f"/desk/cases/{CASE}/")
    page.get_by_label("記録", exact=True).focus()
    page.keyboard.type("見積書を受け取りました。")
    page.get_by_text("相談として数える").press("Enter")
    page.get_by_label("どこで話したか").select_option("telephone")
    page.get_by_text("次にすることを決める", exact=True).press("Enter")
    page.get_by_label("次にすること", exact=False).last.focus()
    page.keyboard.type("見積書をくらべる")
    page.get_by_role("button", name="記録する").press("Enter")
    expect(page.get_by_text("記録しました。")).to_be_visible()
    expect(page.locator("#history")).to_contain_text("見積書を受け取りました。")
    expect(page.locator("#history")).to_contain_text("電話の相談")
    expect(page.locator("#todo")).to_contain_text("見積書をくらべる")


def test_a_task_is_ticked_without_leaving_the_page(enter):
    page = enter(f"/desk/cases/{CASE}/")
    page.evaluate("() => { window.isSamePage = true; }")
    task = page.get_by_role("button", name="補助金の計画書を読む")
    task.focus()
    task.press("Enter")
    expect(task).to_have_count(0)
    assert page.evaluate("() => window.isSamePage") is True


def test_what_is_typed_is_kept_with_the_time_and_stands_there_again(enter):
    page = enter(f"/desk/cases/{CASE}/")
    page.get_by_label("記録", exact=True).fill("書きかけの文")
    expect(page.locator("[data-autosave-status]")).to_contain_text("保存しました", timeout=10_000)
    page.goto("/desk/")
    page.go_back()
    page.reload()
    expect(page.get_by_label("記録", exact=True)).to_have_value(re.compile("書きかけの文"))


def test_a_new_request_is_taken_and_leaves_the_tray(enter, told):
    page = enter("/desk/trays/new/")
    page.get_by_role("link", name=re.compile("電気代を下げる")).click()
    page.get_by_role("button", name="自分が引き受ける").click()
    expect(page.get_by_text("引き受けました。")).to_be_visible()
    page.goto("/desk/trays/new/")
    expect(page.get_by_role("link", name=re.compile("電気代を下げる"))).to_have_count(0)
