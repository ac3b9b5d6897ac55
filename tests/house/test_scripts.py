"""The scripts: what they say and how they end, without running what they run."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.house.places import ROOT


def tail_of_the_tests(skipped: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the last lines of script/test as if these suites had been skipped."""
    text = (ROOT / "script" / "test").read_text(encoding="utf-8")
    tail = text[text.index('if [ -n "$skipped" ]') :]
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        ["sh", "-euc", f"skipped={skipped!r}\n{tail}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_skipped_is_said_and_is_no_failure_on_a_bare_machine():
    done = tail_of_the_tests("PostgreSQL")
    assert done.returncode == 0
    assert "SKIPPED" in done.stdout.splitlines()[-1]
    assert "PostgreSQL" in done.stdout


def test_where_everything_must_run_a_skipped_suite_is_a_failure():
    assert tail_of_the_tests("PostgreSQL", MADOGUCHI_TEST_ALL="1").returncode == 1


def test_nothing_skipped_is_said_too():
    done = tail_of_the_tests("", MADOGUCHI_TEST_ALL="1")
    assert (done.returncode, "no suite was skipped" in done.stdout) == (0, True)


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "999999999"])
def test_an_impossible_port_is_refused_before_anything_starts(port, tmp_path):
    copied = tmp_path / "script"
    shutil.copytree(ROOT / "script", copied)
    done = subprocess.run(
        ["sh", str(copied / "run"), "--port", port], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_an_installed_package_brings_its_pack_pages_and_words(tmp_path):
    uv = Path(os.environ.get("VIRTUAL_ENV", ROOT / ".venv")) / "bin" / "uv"
    subprocess.run(
        [str(uv), "build", "--wheel", "--no-build-isolation", "--out-dir", str(tmp_path), str(ROOT)],
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "built_in_packs/aomori/region.yaml",
        "web/portal/templates/portal/home.html",
        "web/shared/static/shared/css/base.css",
        "locale/en/LC_MESSAGES/django.mo",
        "japan/data/areas.tsv",
    ):
        assert f"madoguchi/{name}" in names
