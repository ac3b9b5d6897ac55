"""The settings of a public installation pass Django's own check for deployment."""

import os
import re
import subprocess
import sys

from tests.house.places import ROOT

# Warnings that an operator decides about, not the code.
_LEFT_TO_OPERATORS = {
    "security.W005": "HSTS for subdomains concerns sites that are not ours",
    "security.W021": "preloading HSTS cannot be taken back",
}


def warnings(tmp_path, **variables) -> set[str]:
    """The codes that `check --deploy` names with these variables set."""
    environment = {**os.environ, "MADOGUCHI_DATA_DIR": str(tmp_path), **variables}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy"],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return set(re.findall(r"\((\w+\.[EW]\d+)\)", done.stderr))


def test_a_public_installation_is_safe(tmp_path):
    assert warnings(tmp_path, MADOGUCHI_HTTPS="1") <= set(_LEFT_TO_OPERATORS)


def test_an_open_door_is_noticed(tmp_path):
    assert {"security.W018", "security.W008"} <= warnings(tmp_path, MADOGUCHI_DEBUG="1", MADOGUCHI_HTTPS="0")


def status_behind_a_proxy(tmp_path, **variables) -> str:
    """What a visitor gets who came over HTTPS to the proxy in front."""
    code = (
        "import django; django.setup();"
        "from django.test import Client;"
        "headers = {'x-forwarded-proto': 'https', 'host': 'localhost'};"
        "print(Client().get('/api/v1/openapi.json', headers=headers).status_code)"
    )
    environment = {**os.environ, "MADOGUCHI_DATA_DIR": str(tmp_path), "MADOGUCHI_HTTPS": "1", **variables}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_behind_a_proxy_that_ends_https_pages_are_answered(tmp_path):
    assert status_behind_a_proxy(tmp_path, MADOGUCHI_BEHIND_PROXY="1") == "200"


def test_without_saying_so_the_header_is_not_believed(tmp_path):
    assert status_behind_a_proxy(tmp_path) == "301"
