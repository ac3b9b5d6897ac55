"""What is published is found within seconds, also after the worker was killed."""

import os
import shutil
from urllib.parse import quote

import pytest
import yaml

from tests.e2e.site import wait_for
from tests.house.places import ROOT

pytestmark = pytest.mark.browser

# Of a machine that has nothing else to do.
SECONDS = 3
SLUG = "business-support-station"


@pytest.fixture
def pack(tmp_path):
    """A copy of the real pack."""
    shutil.copytree(ROOT / "packs" / "aomori", tmp_path / "aomori")
    return tmp_path / "aomori"


def write_into_summary(pack, word: str) -> None:
    """Let the newest edition of a programme speak of something nobody spoke of."""
    path = pack / "programmes" / f"{SLUG}.yaml"
    programme = yaml.safe_load(path.read_text(encoding="utf-8"))
    edition = max(programme["editions"], key=lambda each: each["fiscal_year"])
    edition["summary"] += f"{word}も紹介します。"
    path.write_text(yaml.safe_dump(programme, allow_unicode=True, sort_keys=False), encoding="utf-8")


def seconds() -> float:
    """How long publishing may take on this machine as busy as it is."""
    return SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def finds(page, word: str) -> bool:
    """Whether the running site finds the programme by a word."""
    page.goto(f"/search/?q={quote(word)}")
    return page.locator(f".hit h3 a[href='/programmes/{SLUG}/']").count() > 0


def test_a_changed_pack_is_found_within_seconds(site, worker, pack, visit):
    page = visit("/favourites/")
    assert not finds(page, "エゾシカ")
    write_into_summary(pack, "エゾシカ")
    site.run("pack", "load", str(pack))
    wait_for(lambda: finds(page, "エゾシカ"), seconds=seconds(), what="the new word is found")


def test_what_was_published_while_the_worker_was_dead_is_found_once_another_works(site, worker, pack, visit):
    page = visit("/favourites/")
    worker[-1].kill()
    worker[-1].wait()
    write_into_summary(pack, "カモシカ")
    site.run("pack", "load", str(pack))
    assert not finds(page, "カモシカ")
    worker.append(site.work())
    wait_for(lambda: finds(page, "カモシカ"), seconds=seconds(), what="the new word is found")
